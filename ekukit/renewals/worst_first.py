"""The order of a calendar, its first dark day, and the last good day to act."""

import datetime as dt
from collections.abc import Iterable

from ekukit.causes.system_words import listed, title_of
from ekukit.connections.services import SERVICES
from ekukit.planning.lead_times import LeadKind, LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.stops import Stop

_ONE_DAY = dt.timedelta(days=1)
_FEW, _LEAST = 4, 2


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
    told = [*_already(found), *told, *_untold(found, on), *_until(found, leads, on)]
    return " ".join(told) or "No dark day is known: nothing goes down for want of clientAuth."


def in_sight(rows: Iterable[CertificateDates], on: dt.date, leads: LeadTimes) -> str:
    """Return the headline as a few words behind a colon, for a line that opens on the rest."""
    found = tuple(rows)
    day, already = first_dark_day(found), dark_already(found)
    told = [f"{_down(already, _LEAST)} already"] if already else []
    if day is not None:
        told.append(f"{_down(_due(found, day), _LEAST)} on {day:%d %b %Y}")
    acts = [act for row in _due(found, day) if (act := act_by(row, leads))]
    if acts:
        late = ", passed" if min(acts) < on else ""
        told.append(f"last good day to act {min(acts):%d %b %Y}{late}")
    untold = first_untold_day(found)
    if untold is not None and not told:
        told.append(f"clientAuth is gone from {untold:%d %b %Y} on, what goes down is not told")
    return "; ".join(told) or "nothing for want of clientAuth, as far as is known"


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


def _untold(rows: Iterable[CertificateDates], on: dt.date) -> list[str]:
    """Return from when on something may go down that nothing tells for sure, where no day is."""
    found = tuple(rows)
    day = first_untold_day(found)
    if day is None or first_dark_day(found) is not None:
        return []
    due = [row for row in found if row.gone.decided == day]
    perhaps = listed(titles(name for row in due for name in row.perhaps or ()), most=_FEW)
    told = f"perhaps down then: {perhaps}" if perhaps else "what goes down then is not told"
    return [f"clientAuth is gone for the first time on {day:%d %b %Y}, {_left(day, on)}; {told}."]


def _left(day: dt.date, on: dt.date) -> str:
    return f"in {(day - on).days} days"


def _until(rows: Iterable[CertificateDates], leads: LeadTimes, on: dt.date) -> list[str]:
    """Return the last good day to act for the first dark day, and one before it for a later day."""
    found = tuple(rows)
    day = first_dark_day(found)
    counted = found if day is None else tuple(row for row in found if row.dark)
    acts = [(act, row) for row in counted if (act := act_by(row, leads)) is not None]
    day = day or first_untold_day(found)
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


def _down(rows: Iterable[CertificateDates], most: int = _FEW) -> str:
    return listed(titles(name for row in rows for name in row.down or ()), most=most)


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
