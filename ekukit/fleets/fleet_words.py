"""A fleet in sentences."""

import datetime as dt
from typing import TYPE_CHECKING

from ekukit.fleets.fleet_tables import DARK, DOWN, UNREAD

if TYPE_CHECKING:
    import pandas as pd


def fleet_headline(cases: "pd.DataFrame", on: dt.date) -> str:
    """Return how many cases are down, go dark and by when, and could not be read, in words."""
    states = cases["state"]
    down, unread = int((states == DOWN).sum()), int((states == UNREAD).sum())
    dark = cases[states == DARK]
    coming = dark[dark["dark_day"].dt.date >= on] if len(dark) else dark
    passed = len(dark) - len(coming)
    told = [
        f"{len(cases):,} {'case' if len(cases) == 1 else 'cases'}.",
        f"Down in the archive: {down:,}.",
    ]
    if len(coming):
        first = coming["dark_day"].min()
        told.append(f"Going dark: {len(coming):,}, the first on {first:%d %b %Y}.")
    if passed:
        told.append(f"Dark day passed since the archive was made: {passed:,}.")
    if unread:
        told.append(f"Not read: {unread:,}.")
    return " ".join(told)
