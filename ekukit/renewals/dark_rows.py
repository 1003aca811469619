"""The renewal calendar as rows for people: certificates worst first, and what limits validity."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from ekukit.causes.system_words import listed
from ekukit.facts import validity_limits
from ekukit.facts.calendar import Limit
from ekukit.planning.lead_times import WAITING, LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.stops import Stop
from ekukit.renewals.worst_first import act_by, lead_of, titles

DARK_COLUMNS = (
    "Certificate", "Expires", "Last day with clientAuth", "What becomes of it", "Goes down then",
    "Last good day to act", "Dates rest on",
)  # fmt: skip
SOURCE_COLUMNS = ("First day without clientAuth", "Who says so", "As of", "Counts")
_FEW = 4


def dark_rows(
    rows: Iterable[CertificateDates], on: dt.date, leads: LeadTimes
) -> Iterator[tuple[object, ...]]:
    """Yield one row for each certificate in the order given; columns DARK_COLUMNS.

    Several lines in a cell are a tuple.
    """
    return (_row(row, on, leads) for row in rows)


def _row(row: CertificateDates, on: dt.date, leads: LeadTimes) -> tuple[object, ...]:
    found = row.shown
    left = (row.expires - on).days
    ends = f"{left} days left" if left >= 0 else "expired"
    issuer = f"{found.issuer}{f' ({row.ca})' if row.ca and row.ca != found.issuer else ''}"
    return (
        (*row.where, *((f"serial {found.serial}",) if found.serial else ()), issuer),
        (f"{row.expires:%d %b %Y}", ends),
        last_issue_words(row),
        gone_words(row),
        down_words(row),
        act_words(row, on, leads),
        f"{row.basis.value}: {', '.join(row.facts)}",
    )


def act_words(row: CertificateDates, on: dt.date, leads: LeadTimes) -> tuple[str, ...]:
    """Return the last good day to act, what is waited for until then, and the plan's steps."""
    act = act_by(row, leads)
    if act is None and not (row.lacks_it and row.missed):
        return ()
    day = "at once" if act is None else f"{act:%d %b %Y}{', passed' if act < on else ''}"
    plan = (f"plan: {row.mending.words}",) if row.mending else ()
    return (day, leads.words(lead_of(row, leads)), *plan)


def gone_words(row: CertificateDates) -> tuple[str, ...]:
    """Return when clientAuth is gone, the renewals before, and when if nobody asks the CA."""
    if row.lapse is not Lapse.LOST:
        return (row.lapse.value,)
    gone = f"gone on {row.gone.words}"
    told = [gone]
    if row.renewals:
        told.append(f"renewed with it on {listed(f'{day:%d %b %Y}' for day in row.renewals)}")
    if row.unless_asked:
        told.append(f"unless asked for: {row.unless_asked:%d %b %Y}")
    return tuple(told)


def last_issue_words(row: CertificateDates) -> tuple[str, ...]:
    """Return the CA's last day, what must be asked for, and how long such a certificate lasts."""
    if row.lapse is not Lapse.LOST:
        return ("",)
    told = [row.last_issue.words]
    told += ["only when asked for"] if row.on_request else []
    told += [f"issued then, it lasts until {row.keeps_until:%d %b %Y}"] if row.keeps_until else []
    return tuple(told)


def down_words(row: CertificateDates) -> str:
    """Return what goes down by title, the first few of many, and what may."""
    if row.down is None:
        asked = row.lapse is Lapse.LOST or row.lacks_it
        return "not told: which node and store hold it?" if asked else ""
    if row.lapse in (Lapse.KEPT, Lapse.NOT_AFFECTED):
        return "nothing"
    told = listed(titles(row.down), most=_FEW) or "nothing known"
    already = "down already: " if row.down and row.lacks_it else ""
    perhaps = listed(titles(row.perhaps or ()))
    return f"{already}{told}{f'; perhaps {perhaps}' if perhaps else ''}"


def source_rows(stops: Iterable[Stop]) -> Iterator[tuple[str, ...]]:
    """Yield the sources of the last days; columns SOURCE_COLUMNS."""
    for stop in stops:
        as_of = stop.as_of.isoformat() if stop.as_of else ""
        yield stop.words, stop.source, as_of, "yes" if stop.decides else "no, stays visible"


def validity_words(rows: Iterable[CertificateDates], on: dt.date) -> tuple[str, ...]:
    """Return how long public certificates may be valid from a day on, and how often that is.

    By the CA/B Forum, and by the CAs of the rows that give less themselves.
    """
    cas = sorted({row.ca for row in rows if validity_limits(row.ca)})
    own = (f"{ca} itself gives {_steps(validity_limits(ca), on)}" for ca in cas)
    return (f"A public certificate is valid for {_steps(validity_limits(), on)}", *own)


def _steps(steps: Sequence[Limit], on: dt.date) -> str:
    now = [step for step in steps if step.start <= on][-1:]
    told = [f"{step.words} ({step.per_year} a year)" for step in now]
    later = [step for step in steps if step.start > on]
    told += [f"{step.words} from {step.start:%d %b %Y} on ({step.per_year} a year)"
             for step in later]  # fmt: skip
    sources = dict.fromkeys(f"{step.source}, as of {step.as_of}" for step in (*now, *later))
    return f"at most {listed(told)} ({'; '.join(sources)})."


def lead_note(rows: Iterable[CertificateDates], leads: LeadTimes) -> str:
    """Return which days are counted for what remedies wait for, and whose number that is."""
    used = {lead_of(row, leads) for row in rows if row.missed or row.down is None}
    kinds = [kind for kind in WAITING if kind in used]
    if not kinds:
        return "No source tells how long a remedy takes; nothing here needs one that waits."
    counted = "; ".join(map(leads.words, kinds))
    own = ", ".join(f"{kind}=DAYS" for kind in kinds)
    return (
        f"No source tells how long a remedy takes. Counted before a dark day: {counted}. Your own "
        f"days count when they are given as lead ({own})."
    )
