"""The calendar as an iCalendar file, which Outlook, Thunderbird and others take."""

import datetime as dt
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ekukit.believed import LATEST
from ekukit.causes.system_words import listed
from ekukit.planning.lead_times import LeadTimes
from ekukit.printable import visible
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.worst_first import act_by, lead_of, titles

if TYPE_CHECKING:
    from icalendar import Event

_ONE_DAY = dt.timedelta(days=1)
_MOST_LINES = 40


class Due(NamedTuple):
    """What is due on a day: its kind in words, and a line for each certificate."""

    day: dt.date
    kind: str
    line: str


def diary(rows: Iterable[CertificateDates], on: dt.date, leads: LeadTimes) -> bytes:
    """Return an iCalendar file (RFC 5545): whole days, one event for each day and kind.

    Events are the last day to act, the day on which clientAuth is gone, a CA's last day, and the
    expiry of what loses nothing. `on` is the stamp, so that the same rows give the same bytes.
    """
    return events((one for row in rows for one in _due(row, leads)), on)


def events(dues: Iterable[Due], on: dt.date) -> bytes:
    """Return an iCalendar file of what is due, one event for each day and kind."""
    from icalendar import Calendar

    due: dict[tuple[dt.date, str], list[str]] = {}
    for found in sorted(set(dues)):
        due.setdefault((found.day, found.kind), []).append(found.line)
    made = Calendar()
    made.add("prodid", "-//ekukit//renewals//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    for (day, kind), lines in due.items():
        made.add_component(_event(day, kind, lines, on))
    written: bytes = made.to_ical()
    return written


def _due(row: CertificateDates, leads: LeadTimes) -> Iterator[Due]:
    serial = f", serial {row.shown.serial}" if row.shown.serial else ""
    who = visible(f"{listed(row.where)}{serial}")
    if row.lapse is not Lapse.LOST:
        # "Never" (RFC 5280 4.1.2.5) is no appointment.
        if row.expires < LATEST.date():
            yield Due(row.expires, "certificate expires", who)
        return
    gone, act, last = row.gone.decided, act_by(row, leads), row.last_issue.decided
    down = listed(titles(row.down or ())) or "nothing that the kit knows of"
    told = f"{who}: {row.gone.words}. Goes down: {down}."
    if gone is not None:
        yield Due(gone, "clientAuth is gone", told)
    if act is not None:
        plan = f" Plan: {row.mending.words}." if row.mending else ""
        why = f"{told} Counted: {leads.words(lead_of(row, leads))}.{plan}"
        yield Due(act, "last good day to act before clientAuth is gone", why)
    if row.unless_asked is not None:
        yield Due(row.unless_asked, f"ask {row.ca} for clientAuth, else it is gone today", told)
    if last is not None and row.keeps_until is not None:
        until = f"issued then, it lasts until {row.keeps_until:%d %b %Y}."
        text = f"{who}: {row.last_issue.words}; {until}"
        yield Due(last, f"{row.ca}: last day with clientAuth", text)


def _event(day: dt.date, kind: str, lines: list[str], on: dt.date) -> "Event":
    from icalendar import Event

    more = len(lines) - _MOST_LINES
    shown = lines[:_MOST_LINES] + ([f"and {more:,} more"] if more > 0 else [])
    many = f" ({len(lines)} certificates)" if len(lines) > 1 else ""
    digest = sha256("\n".join((day.isoformat(), kind, *lines)).encode()).hexdigest()[:24]
    made = Event()
    made.add("uid", f"{digest}@ekukit")
    made.add("dtstamp", dt.datetime.combine(on, dt.time(tzinfo=dt.UTC)))
    made.add("dtstart", day)
    made.add("dtend", day + _ONE_DAY)
    made.add("summary", f"Expressway: {kind}{many}")
    made.add("description", "\n".join(shown))
    made.add("transp", "TRANSPARENT")
    return made
