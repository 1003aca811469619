"""The calendar: when CAs, browsers and releases change what is issued and what is checked."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ekukit.facts.ledger import text

LAST_DAY = "last day for clientAuth"
# From these days on a CA gives clientAuth only to those who ask for it.
BY_REQUEST = ("serverAuth-only by default", "classic profile drops clientAuth")
# The longest validity before the first step of ballot SC-081v3.
_LONGEST_BEFORE = 398
_LIMIT = "maximum validity "


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


class Issuance(StrEnum):
    """Whether a CA issues clientAuth on a day."""

    BY_DEFAULT = "yes"
    ON_REQUEST = "yes, but only when asked for"
    NO = "no"
    NOT_SAID = "no source says"


def deciding(subject: str, event: str) -> CalendarDate | None:
    """Return the date that counts for an event, None when no source gives one."""
    found = (row for row in calendar() if row.decides)
    return next((row for row in found if (row.subject, row.event) == (subject, event)), None)


def default_end(subject: str) -> CalendarDate | None:
    """Return when a CA stopped giving clientAuth unasked, None when no source says."""
    found = (deciding(subject, event) for event in BY_REQUEST)
    return next((row for row in found if row is not None), None)


def issuance(subject: str, on: dt.date) -> Issuance:
    """Return whether a CA issues certificates with clientAuth on a day, by the dates that count.

    The last day itself still counts as a day on which it does.
    """
    last, default = deciding(subject, LAST_DAY), default_end(subject)
    if last is not None and on > last.date:
        return Issuance.NO
    if default is not None and on >= default.date:
        return Issuance.ON_REQUEST if last is not None else Issuance.NOT_SAID
    return Issuance.BY_DEFAULT if last is not None or default is not None else Issuance.NOT_SAID


def issuers() -> tuple[str, ...]:
    """Return the CAs of the calendar, the one that stops first at the head, unknown ones last."""
    found = {row.subject for row in calendar() if row.event in (LAST_DAY, *BY_REQUEST)}
    return tuple(sorted(found, key=lambda name: (_last(name), name)))


def _last(subject: str) -> dt.date:
    row = deciding(subject, LAST_DAY)
    return row.date if row else dt.date.max


def validity_limits() -> tuple[tuple[dt.date, int], ...]:
    """Return from which day on how many days a public certificate may be valid at most.

    The first row stands for everything before the first step.
    """
    steps = [
        (row.date, int(row.event.removeprefix(_LIMIT).split()[0]))
        for row in calendar()
        if row.event.startswith(_LIMIT)
    ]
    return ((dt.date.min, _LONGEST_BEFORE), *steps)


def longest_validity(issued: dt.date, subject: str = "") -> int:
    """Return for how many days a public certificate issued on that day may be valid at most.

    By the CA/B Forum's ballot; for a CA that is known to give less (`subject`), by that.
    """
    limit = [days for start, days in validity_limits() if start <= issued][-1]
    return min(limit, _own_limits().get(subject, limit))


@cache
def _own_limits() -> dict[str, int]:
    rows = tomllib.loads(text("calendar.toml"))["own_limits"]
    return {row["subject"]: row["days"] for row in rows}


def latest_renewal(issued: dt.date, subject: str = "") -> dt.date:
    """Return the last day of a public certificate with the longest validity of its CA."""
    return issued + dt.timedelta(days=longest_validity(issued, subject))
