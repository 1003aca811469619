"""The order of a calendar, its first dark day, and the last good day to act."""

import datetime as dt
from collections.abc import Iterable

from ekukit.causes.system_words import listed, title_of
from ekukit.connections.services import SERVICES
from ekukit.planning.lead_times import LeadKind, LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates, Lapse

_ONE_DAY = dt.timedelta(days=1)
_FEW = 4


def worst_first(rows: Iterable[CertificateDates]) -> tuple[CertificateDates, ...]:
    """Return the rows: what is down already, what goes down by day, the rest by expiry."""
    return tuple(sorted(rows, key=_badness))


def _badness(row: CertificateDates) -> tuple[int, dt.date, str]:
    day = row.gone.decided or row.expires
    name = row.where[0]
    if row.dark and row.lacks_it:
        return 0, row.expires, name
    if row.dark:
        return 1, day, name
    if row.lapse is Lapse.LOST and (row.perhaps or row.down is None):
        return 2, day, name
    return 3 + (row.lapse is not Lapse.LOST), day, name


def dark_already(rows: Iterable[CertificateDates]) -> tuple[CertificateDates, ...]:
    """Return the rows for want of whose clientAuth something is down already."""
    return tuple(row for row in rows if row.dark and row.lacks_it)


def first_dark_day(rows: Iterable[CertificateDates]) -> dt.date | None:
    """Return the first day to come on which something goes down, None when there is none."""
    days = [row.gone.decided for row in rows if row.dark and row.gone.decided is not None]
    return min(days, default=None)


def titles(names: Iterable[str]) -> list[str]:
    """Return what goes down by title, once, the services that users notice first."""
    told = list(dict.fromkeys(names))
    services = [service.id for service in SERVICES if service.id in told]
    return [title_of(name) for name in (*services, *(n for n in told if n not in services))]


def headline(rows: Iterable[CertificateDates], on: dt.date, leads: LeadTimes) -> str:
    """Return in a sentence what is down already, the first dark day to come, and until when to act.

    Days are counted from `on`; `leads` are those that remedies take.
    """
    found = tuple(rows)
    day = first_dark_day(found)
    told = []
    if day is not None:
        told.append(f"First dark day: {day:%d %b %Y}, {_left(day, on)}: {_down(_due(found, day))}.")
    told = [*_already(found), *told, *_until(found, leads, on)]
    return " ".join(told) or "No dark day is known: nothing goes down for want of clientAuth."


def beside_figure(rows: Iterable[CertificateDates], on: dt.date, leads: LeadTimes) -> str:
    """Return of the headline what the figure with its first dark day does not say."""
    found = tuple(rows)
    day = first_dark_day(found)
    if day is None:
        return headline(found, on, leads)
    left = _left(day, on)
    return " ".join((*_already(found), f"{left[:1].upper()}{left[1:]}.", *_until(found, leads, on)))


def _due(rows: Iterable[CertificateDates], day: dt.date | None) -> list[CertificateDates]:
    return [row for row in rows if day and row.dark and row.gone.decided == day]


def _already(rows: Iterable[CertificateDates]) -> list[str]:
    already = dark_already(rows)
    return [f"Down already for want of clientAuth: {_down(already)}."] if already else []


def _left(day: dt.date, on: dt.date) -> str:
    return f"in {(day - on).days} days"


def _until(rows: Iterable[CertificateDates], leads: LeadTimes, on: dt.date) -> list[str]:
    """Return the last good day to act for the first dark day, and one before it for a later day."""
    found = tuple(rows)
    acts = [(act, row) for row in found if row.dark and (act := act_by(row, leads)) is not None]
    day = first_dark_day(found)
    first = min((one for one in acts if one[1].gone.decided == day), key=_day_of, default=None)
    if first is None:
        return []
    told = [f"Last good day to act: {_act_words(*first, leads)}.{_late(first[0], on)}"]
    sooner = min(acts, key=_day_of)
    if sooner[0] < first[0]:
        what = f"for what goes down on {sooner[1].gone.decided:%d %b %Y}"
        told.append(f"Before it, {what}: {_act_words(*sooner, leads)}.{_late(sooner[0], on)}")
    return told


def _day_of(one: tuple[dt.date, CertificateDates]) -> dt.date:
    return one[0]


def _act_words(act: dt.date, row: CertificateDates, leads: LeadTimes) -> str:
    return f"{act:%d %b %Y} ({leads.words(lead_of(row, leads))})"


def _late(act: dt.date, on: dt.date) -> str:
    return " That day has passed." if act < on else ""


def _down(rows: Iterable[CertificateDates]) -> str:
    return listed(titles(name for row in rows for name in row.down or ()), most=_FEW)


def lead_of(row: CertificateDates, leads: LeadTimes) -> LeadKind:
    """Return what takes longest of the plan that mends what goes down.

    Where no plan is known, such as where it is not told which node holds the certificate, that is
    ordering another one.
    """
    return LeadKind.ORDER if row.mending is None else leads.longest(row.mending.leads)


def act_by(row: CertificateDates, leads: LeadTimes) -> dt.date | None:
    """Return the last good day to act: the one before clientAuth is gone, less the plan's lead.

    None where it is never gone, and where nothing goes down then. What several steps wait for is
    asked for on one day. No source tells how long a remedy takes: `leads` are the reader's, or
    assumed.
    """
    gone = row.gone.decided
    if gone is None or (row.down is not None and not row.missed):
        return None
    return gone - _ONE_DAY - dt.timedelta(days=leads.days(lead_of(row, leads)))
