"""The calendar: when CAs, browsers and releases change what is issued and what is checked."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache

from ekukit.facts.ledger import text


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date as one source gives it.

    `decides` is false where a newer or better source gives another date for the same event.
    `precision` is "day" or "month"; a month stands on its first day.
    """

    subject: str
    event: str
    date: dt.date
    source: str
    as_of: dt.date
    precision: str = "day"
    decides: bool = True

    @property
    def words(self) -> str:
        """Return the date as precisely as the source gives it."""
        return f"{self.date:%b %Y}" if self.precision == "month" else self.date.isoformat()


@cache
def calendar() -> tuple[CalendarDate, ...]:
    """Return all dates, conflicting ones included, earliest first."""
    rows = tomllib.loads(text("calendar.toml"))["dates"]
    return tuple(sorted((CalendarDate(**row) for row in rows), key=lambda row: row.date))
