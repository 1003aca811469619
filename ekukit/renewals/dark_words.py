"""A calendar in a sentence: what is dark already, the first dark day, until when to act."""

import datetime as dt
from collections.abc import Iterable

from ekukit.causes.system_words import listed
from ekukit.planning.lead_times import LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates
from ekukit.renewals.worst_first import (
    act_by,
    dark_already,
    first_dark_day,
    first_untold_day,
    lead_of,
    titles,
    untold_already,
)

_FEW, _LEAST = 4, 2
_NOTHING = "No dark day is known: nothing goes down for want of clientAuth."


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
    return " ".join(told) or _NOTHING


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
    if untold_already(found) and not told:
        told.append("clientAuth is missing already, what is down is not told")
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
    found = tuple(rows)
    already, untold = dark_already(found), len(untold_already(found))
    if already:
        return [f"Down already for want of clientAuth: {_down(already)}."]
    if not untold:
        return []
    lack = f"{untold} certificate{'s have' if untold > 1 else ' has'} no clientAuth that counts"
    return [f"{lack}; what is down for want of it is not told."]


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
    days = (day - on).days
    return "today" if days == 0 else f"in {days} day{'' if days == 1 else 's'}"


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
