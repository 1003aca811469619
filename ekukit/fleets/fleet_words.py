"""A fleet in sentences."""

import datetime as dt
from typing import TYPE_CHECKING

from ekukit.fleets.fleet_tables import DARK, DOWN, UNREAD

if TYPE_CHECKING:
    import pandas as pd


def fleet_headline(cases: "pd.DataFrame", on: dt.date) -> str:
    """Return how many cases are down, go dark and by when, and could not be read, in a sentence."""
    states = cases["state"]
    down, unread = int((states == DOWN).sum()), int((states == UNREAD).sum())
    dark = cases[states == DARK]
    coming = dark[dark["dark_day"].dt.date >= on] if len(dark) else dark
    passed = len(dark) - len(coming)
    told = [f"{_many(len(cases))}: {down:,} with something down in the archive"]
    if len(coming):
        first = coming["dark_day"].min()
        told.append(f"{len(coming):,} that go dark, the first on {first:%d %b %Y}")
    if passed:
        told.append(f"{passed:,} whose dark day has passed since the archive was made")
    if unread:
        told.append(f"{unread:,} that could not be read")
    return f"{', '.join(told)}."


def _many(count: int) -> str:
    return "1 case" if count == 1 else f"{count:,} cases"
