"""When sources were read: for every fact and date of the calendar, and which reading is old."""

import datetime as dt
from dataclasses import dataclass

from ekukit.facts.calendar import calendar, limits
from ekukit.facts.ledger import ledger

HALF_A_YEAR = 183


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that a source says, and the day on which it was read there.

    `id` is a fact's id, or "calendar" for a date or limit of the calendar.
    """

    id: str
    claim: str
    source: str
    read: dt.date


def readings() -> tuple[Reading, ...]:
    """Return the facts, then the calendar's dates and limits, one reading each."""
    facts = (Reading(row.id, row.claim, row.source, row.read) for row in ledger().values())
    dates = (
        Reading("calendar", f"{row.subject}: {row.event}, {row.words}", row.source, row.read)
        for row in calendar()
    )
    always = (
        Reading("calendar", f"{row.subject}: {row.words} at most", row.source, row.read)
        for row in limits()
        if row.start == dt.date.min
    )
    return (*facts, *dates, *always)


def old_readings(at: dt.date, days: int = HALF_A_YEAR) -> tuple[Reading, ...]:
    """Return what was read more than `days` days before a day, the oldest first."""
    found = (row for row in readings() if (at - row.read).days > days)
    return tuple(sorted(found, key=lambda row: row.read))
