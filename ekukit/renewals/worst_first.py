"""The order of a calendar, its first dark day, and the last good day to act."""

import datetime as dt
from collections.abc import Iterable

from ekukit.causes.system_words import title_of
from ekukit.connections.services import SERVICES
from ekukit.planning.lead_times import LeadKind, LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.stops import Stop

_ONE_DAY = dt.timedelta(days=1)


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


def stops_among(rows: Iterable[CertificateDates]) -> tuple[Stop, ...]:
    """Return the days on which the CAs of the rows stop, a source each, what decides first."""
    found = dict.fromkeys(stop for row in rows for stop in row.stops)
    return tuple(sorted(found, key=lambda stop: not stop.decides))


def dark_already(rows: Iterable[CertificateDates]) -> tuple[CertificateDates, ...]:
    """Return the rows for want of whose clientAuth something is down already."""
    return tuple(row for row in rows if row.dark and row.lacks_it)


def first_dark_day(rows: Iterable[CertificateDates]) -> dt.date | None:
    """Return the first day to come on which something goes down, None when there is none."""
    days = [row.gone.decided for row in rows if row.dark and row.gone.decided is not None]
    return min(days, default=None)


def first_untold_day(rows: Iterable[CertificateDates]) -> dt.date | None:
    """Return the first day on which clientAuth is gone and nothing tells what goes down then.

    None when it is told of every certificate that nothing does.
    """
    days = [row.gone.decided for row in rows
            if row.lapse is Lapse.LOST and row.gone.decided and not row.dark
            and (row.down is None or row.perhaps)]  # fmt: skip
    return min(days, default=None)


def untold_already(rows: Iterable[CertificateDates]) -> tuple[CertificateDates, ...]:
    """Return the rows without clientAuth of which it is not told which node holds them."""
    return tuple(row for row in rows if row.lacks_it and row.down is None)


def titles(names: Iterable[str]) -> list[str]:
    """Return what goes down by title, once, the services that users notice first."""
    told = list(dict.fromkeys(names))
    services = [service.id for service in SERVICES if service.id in told]
    return [title_of(name) for name in (*services, *(n for n in told if n not in services))]


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
