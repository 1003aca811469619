"""When a CA stops clientAuth, source by source, and which renewal is the first without it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from ekukit.facts import STOPS, Status, calendar
from ekukit.facts.calendar import CalendarDate, renewals

_ONE_DAY = dt.timedelta(days=1)
# What binds every public CA of which the calendar has no date of its own (K4, D5).
_FOR_ALL = (
    ("Public CAs", "the last of them stop clientAuth"),
    ("Chrome", "newly issued leaves serverAuth-only"),
)
NOT_TOLD = "no source says when this CA stops; it may have stopped already"


@dataclass(frozen=True, slots=True)
class Stop:
    """The first day without clientAuth as one source gives it; no date: it may be over already."""

    date: dt.date | None
    source: str
    as_of: dt.date | None
    decides: bool
    words: str
    status: Status = Status.DOCUMENTED

    @property
    def last_day(self) -> dt.date | None:
        """Return the last day on which clientAuth is issued, the one before (D1)."""
        return None if self.date is None else self.date - _ONE_DAY


@dataclass(frozen=True, slots=True)
class Span:
    """A day as the source that decides has it, and the earliest and latest of all sources.

    None where that source gives no day.
    """

    decided: dt.date | None
    earliest: dt.date | None
    latest: dt.date | None

    @property
    def words(self) -> str:
        """Return the day, and between which days other sources put it."""
        if self.decided is None:
            return (
                "not told"
                if self.latest is None
                else f"not told; {_day(self.latest)} at the latest"
            )
        if self.earliest == self.latest or self.latest is None:
            return _day(self.decided)
        first = _day(self.earliest) if self.earliest else "earlier"
        return f"{_day(self.decided)} (sources: {first} to {_day(self.latest)})"


def _day(day: dt.date) -> str:
    return f"{day:%d %b %Y}"


def stops_of(subject: str) -> tuple[Stop, ...]:
    """Return when a CA of the calendar stops, the source that decides first (D1, K7).

    For another CA, and where the calendar has no day of it ("" for either), what decides is that it
    may have stopped already; behind it stand the days by which all public CAs stop (K4, D5).
    """
    own = [_stop(row) for row in calendar() if (row.subject, row.event) == (subject, STOPS)]
    if own:
        return tuple(sorted(own, key=lambda stop: not stop.decides))
    rows = [row for row in calendar() if (row.subject, row.event) in _FOR_ALL and row.decides]
    unknown = Stop(None, NOT_TOLD, None, decides=True, words="not told", status=Status.ASSUMED)
    return (unknown, *(_stop(row, decides=False) for row in rows))


def _stop(row: CalendarDate, *, decides: bool | None = None) -> Stop:
    chosen = row.decides if decides is None else decides
    return Stop(row.date, f"{row.subject}: {row.source}", row.as_of, chosen, row.words, row.status)


def last_days(stops: Iterable[Stop]) -> Span:
    """Return the last day on which clientAuth is issued, as a span over the sources."""
    return _span([(stop.decides, stop.last_day) for stop in stops])


def losing(first: dt.date, subject: str, stops: Iterable[Stop]) -> Span:
    """Return the renewal that is the first without clientAuth, as a span over the sources.

    `first` is the next renewal; every certificate is renewed on its last day, for as long as its CA
    gives. Not counted: who renews earlier than that after the CA has stopped loses it earlier.
    """
    return _span([(stop.decides, renewals(first, subject, stop.date)[-1]) for stop in stops])


def _span(days: list[tuple[bool, dt.date | None]]) -> Span:
    told = [day for _decides, day in days if day is not None]
    open_start = any(day is None for _decides, day in days)
    return Span(
        decided=next((day for decides, day in days if decides), None),
        earliest=None if open_start else min(told, default=None),
        latest=max(told, default=None),
    )
