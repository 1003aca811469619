"""A fleet in sentences."""

import datetime as dt
from typing import TYPE_CHECKING

from ekukit.fleets.fleet_tables import DARK, DOWN, FINE, UNJUDGED, UNREAD

if TYPE_CHECKING:
    import pandas as pd


_OTHERS = {"Not read": UNREAD, "Too little to judge": UNJUDGED, "Nothing found": FINE}


def fleet_headline(cases: "pd.DataFrame", on: dt.date) -> str:
    """Return how many cases are down, go dark and by when, and what of the others, in words.

    The numbers add up to that of the cases.
    """
    states = cases["state"]
    down = int((states == DOWN).sum())
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
    for title, state in _OTHERS.items():
        if count := int((states == state).sum()):
            told.append(f"{title}: {count:,}.")
    return " ".join(told)
