"""The order of a calendar, its first dark day, and the last good day to act."""

import datetime as dt
from collections.abc import Iterable

from ekukit.causes.system_words import listed, title_of
from ekukit.connections.services import SERVICES
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


def headline(rows: Iterable[CertificateDates], on: dt.date, lead: int) -> str:
    """Return in a sentence what is down already, the first dark day to come, and until when to act.

    Days are counted from `on`, and `lead` of them are needed to act.
    """
    found = tuple(rows)
    day = first_dark_day(found)
    told = []
    if day is not None:
        due = [row for row in found if row.gone.decided == day]
        told.append(f"First dark day: {day:%d %b %Y}, {_left(day, on)}: {_down(due)}.")
    told = [*_already(found), *told, *_until(found, lead, on)]
    return " ".join(told) or "No dark day is known: nothing goes down for want of clientAuth."


def beside_figure(rows: Iterable[CertificateDates], on: dt.date, lead: int) -> str:
    """Return of the headline what the figure with its first dark day does not say."""
    found = tuple(rows)
    day = first_dark_day(found)
    if day is None:
        return headline(found, on, lead)
    left = _left(day, on)
    return " ".join((*_already(found), f"{left[:1].upper()}{left[1:]}.", *_until(found, lead, on)))


def _already(rows: Iterable[CertificateDates]) -> list[str]:
    already = dark_already(rows)
    return [f"Down already for want of clientAuth: {_down(already)}."] if already else []


def _left(day: dt.date, on: dt.date) -> str:
    return f"in {(day - on).days} days"


def _until(rows: Iterable[CertificateDates], lead: int, on: dt.date) -> list[str]:
    day = first_dark_day(rows)
    if day is None:
        return []
    act = _before(day, lead)
    late = " That day has passed." if act < on else ""
    return [f"Last good day to act: {act:%d %b %Y}.{late}"]


def _down(rows: Iterable[CertificateDates]) -> str:
    return listed(titles(name for row in rows for name in row.down or ()), most=_FEW)


def act_by(row: CertificateDates, lead: int) -> dt.date | None:
    """Return the last good day to act: the one before clientAuth is gone, `lead` days earlier.

    None where it is never gone. No source tells how long a remedy takes, so `lead` is the reader's.
    """
    gone = row.gone.decided
    return None if gone is None else _before(gone, lead)


def _before(day: dt.date, lead: int) -> dt.date:
    return day - _ONE_DAY - dt.timedelta(days=lead)
