"""The calendar: when CAs, browsers and releases change what is issued and what is checked."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ekukit.facts.ledger import Status, text

# The day on which a CA stops is the first day without clientAuth (D1).
STOPS = "stops clientAuth"
# From these days on a CA gives clientAuth only to those who ask for it.
BY_REQUEST = ("serverAuth-only by default", "classic profile drops clientAuth")
LIMIT = "maximum validity "
FORUM = "CA/B Forum"
_ONE_DAY = dt.timedelta(days=1)
_YEAR = 365
# How a date is printed that a source gives less precisely than by day.
_WORDS = {"day": "{:%Y-%m-%d}", "week": "week of {:%Y-%m-%d}", "month": "{:%b %Y}"}


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date as one source gives it.

    `decides` is false where a newer or better source gives another date for the same event.
    `precision` is "day", "week" or "month"; a week or month stands on its first day. `as_of` is
    the source's own date, `read` the day on which it was read for this calendar.
    """

    subject: str
    event: str
    date: dt.date
    source: str
    as_of: dt.date
    read: dt.date
    precision: str = "day"
    decides: bool = True
    status: Status = Status.DOCUMENTED

    @property
    def words(self) -> str:
        """Return the date as precisely as the source gives it."""
        return _WORDS[self.precision].format(self.date)


@dataclass(frozen=True, slots=True)
class Limit:
    """For how many days a certificate issued from `start` on may be valid at most.

    `subject` is the CA that gives no more, or the CA/B Forum, which binds all public CAs. Before
    the calendar begins `start` is `date.min`.
    """

    subject: str
    days: int
    source: str
    as_of: dt.date
    read: dt.date
    start: dt.date = dt.date.min
    status: Status = Status.DOCUMENTED

    @property
    def words(self) -> str:
        """Return the days, and whether they are assumed."""
        return f"{self.days} days{'' if self.status is Status.DOCUMENTED else ' (assumed)'}"

    @property
    def per_year(self) -> int:
        """Return how many certificates a year takes at least, each as long as can be."""
        return -(-_YEAR // self.days)


@cache
def calendar() -> tuple[CalendarDate, ...]:
    """Return all dates, conflicting ones and the steps of validity included, earliest first."""
    rows = tomllib.loads(text("calendar.toml"))["dates"]
    steps = (
        CalendarDate(
            row.subject, f"{LIMIT}{row.days} days", row.start, row.source, row.as_of, row.read,
            status=row.status,
        )
        for row in limits()
        if row.start > dt.date.min
    )  # fmt: skip
    return tuple(sorted((*(CalendarDate(**row) for row in rows), *steps), key=_by_date))


@cache
def limits() -> tuple[Limit, ...]:
    """Return every limit of validity, the CAs' own included (D2, D3), in the order of the file."""
    return tuple(_limit(row) for row in tomllib.loads(text("calendar.toml"))["limits"])


def _limit(row: dict[str, object]) -> Limit:
    status = Status(str(row.get("status", Status.DOCUMENTED)))
    return Limit(**{**row, "status": status})  # type: ignore[arg-type]


def _by_date(row: CalendarDate) -> dt.date:
    return row.date


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

    The day on which it stops is the first on which it does not (D1).
    """
    stop, default = deciding(subject, STOPS), default_end(subject)
    if stop is not None and on >= stop.date:
        return Issuance.NO
    if default is not None and on >= default.date:
        return Issuance.ON_REQUEST if stop is not None else Issuance.NOT_SAID
    return Issuance.BY_DEFAULT if stop is not None or default is not None else Issuance.NOT_SAID


def last_day(subject: str) -> dt.date | None:
    """Return the last day on which a CA issues clientAuth, the one before it stops (D1).

    None when no source says when it stops.
    """
    stop = deciding(subject, STOPS)
    return stop.date - _ONE_DAY if stop else None


def issuers() -> tuple[str, ...]:
    """Return the CAs of the calendar, the one that stops first at the head, unknown ones last."""
    found = {row.subject for row in calendar() if row.event in (STOPS, *BY_REQUEST)}
    return tuple(sorted(found, key=lambda name: (_last(name), name)))


def _last(subject: str) -> dt.date:
    return last_day(subject) or dt.date.max


def validity_limits(subject: str = FORUM) -> tuple[Limit, ...]:
    """Return what the CA/B Forum allows, or what a CA itself gives, the earliest step first."""
    return tuple(sorted((r for r in limits() if r.subject == subject), key=lambda row: row.start))


def longest(issued: dt.date, subject: str = FORUM) -> Limit:
    """Return the limit that binds a public certificate issued on that day.

    By the CA/B Forum's ballot; where the CA (`subject`) itself gives less on that day, by that.
    """
    steps = (validity_limits(FORUM), validity_limits(subject))
    found = [[row for row in rows if row.start <= issued][-1:] for rows in steps]
    return min((row for rows in found for row in rows), key=lambda row: row.days)


def longest_validity(issued: dt.date, subject: str = FORUM) -> int:
    """Return for how many days a public certificate issued on that day may be valid at most."""
    return longest(issued, subject).days


def latest_renewal(issued: dt.date, subject: str = FORUM) -> dt.date:
    """Return the day on which a certificate with the longest validity of its CA ends."""
    days = dt.timedelta(days=longest_validity(issued, subject))
    return issued + min(days, dt.date.max - issued)


def renewals(first: dt.date, subject: str, stop: dt.date | None) -> tuple[dt.date, ...]:
    """Return the days of renewals, from the next one to the first that comes without clientAuth.

    Each certificate is renewed on its last day; how many there are hangs on the longest validity of
    each day of issue. Without a day on which the CA stops the next one counts as the first.
    """
    days = [first]
    while stop is not None and days[-1] < stop:
        days.append(latest_renewal(days[-1], subject))
    return tuple(days)
