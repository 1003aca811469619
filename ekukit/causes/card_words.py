"""A root cause in words: what is wrong in one sentence, where, what to do, and how sure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ekukit.causes.alternatives import BY_USAGE, alternatives
from ekukit.causes.issuer_words import from_whom
from ekukit.causes.mending import mended, system_at
from ekukit.causes.part import CausePlace, Kind, certificate_at
from ekukit.causes.root_cause import Fault, RootCause
from ekukit.causes.system_words import list_words, listed, node_words
from ekukit.causes.trust_words import all_of, trust_words
from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.constraints import usage_words
from ekukit.connections.handshake import Cause, Side
from ekukit.connections.reasons import CAUSES, PAGES, TRUST_PAGE, ZONE_NAME_PAGE, is_listed
from ekukit.expressway import Deployment, Expressway, FarEnd

# Where a far end is put right.
BY_ITS_OWNER = "by whoever runs it"
_WAIT = (
    "Keep the one before it until {first}, or order one that is valid now. If that day is past, "
    "set the clocks right (NTP)."
)
_USAGES = {Side.CLIENT: "clientAuth", Side.SERVER: "serverAuth"}


@dataclass(frozen=True, slots=True)
class CauseWords:
    """What a cause is in words: what is wrong, where, and the step that puts it right.

    `lists` are those into which the CA of a new certificate belongs; `instead` are other remedies,
    each with what it brings back.
    """

    what: str
    where: str
    step: str
    lists: tuple[str, ...]
    instead: tuple[str, ...]


def cause_words(deployment: Deployment, cause: RootCause) -> CauseWords:
    """Return a cause in words, without ids of facts."""
    part = cause.parts[0]
    if part.kind is Kind.CERTIFICATE and cause.faults[0].verdict.cause is not Cause.OTHER:
        what, step, lists = _certificate(deployment, cause)
    else:
        (what, step), lists = _OTHERS[part.kind](deployment, cause), ()
    if not cause.tried:
        step += " Whether that is enough cannot be tried here."
        behind = dict.fromkeys(words for found in cause.outcomes for words in found.hidden)
        step += f" Also wrong: {listed(behind)}." if behind else ""
    return CauseWords(
        what=what if "." in what.split()[0] else what[0].upper() + what[1:],
        where=_where(deployment, cause),
        step=step,
        lists=lists,
        instead=tuple(alternatives(deployment, cause)),
    )


def _certificate(deployment: Deployment, cause: RootCause) -> tuple[str, str, tuple[str, ...]]:
    part, causes = cause.parts[0], [fault.verdict.cause for fault in cause.faults]
    system = system_at(deployment, part.address)
    held = certificate_at(system, part.store)
    usages = " and ".join(dict.fromkeys(_usage(fault) for fault in cause.faults))
    if held is None:
        own = isinstance(system, Expressway) and part.store
        store = f" in its {part.store.value} store" if own and part.store else ""
        what = f"{node_words(deployment, cause.parts)} has no certificate{store}."
        return what, f"Upload one with {usages}.", ()
    said = dict.fromkeys(_said(fault, held) for fault in _by_weight(cause.faults))
    what = f"{_whose(deployment, cause)} {listed(said)}."
    name = next((f.judge.expects_name for f in cause.faults if f.verdict.cause is Cause.NAME), "")
    named = f" and the name {name}" if name else ""
    needs = dict.fromkeys(CAUSES[found].needs for found in causes)
    also = "".join(f" and {words}" for words in needs if words)
    if {*causes} == {Cause.NOT_YET_VALID}:
        return what, _WAIT.format(first=f"{_first_day(held):%d %b %Y}"), ()
    step = f"Replace it by one with {usages}{named}{also} {from_whom(held, usages, cause.faults)}."
    other_ca = "clientAuth" in usages and (BY_USAGE & {*causes} or held.public)
    return what, step, _lists(deployment, cause) if other_ca else ()


def _first_day(held: Certificate) -> datetime:
    """Return from when on a certificate and all CAs above it are valid."""
    return max([held.not_before, *(ca.not_before for ca in held.chain)])


def _said(fault: Fault, held: Certificate) -> str:
    verdict = fault.verdict
    path: tuple[Certificate | CaCertificate, ...] = (held, *held.chain)
    at = path[min(verdict.depth or 0, len(path) - 1)]
    row = CAUSES[verdict.cause]
    words = row.fault_of_ca if verdict.depth and row.fault_of_ca else row.fault
    return words.format(
        until=f"{at.not_after:%d %b %Y}",
        since=f"{at.not_before:%d %b %Y}",
        usage=_usage(fault),
        bits=usage_words(held.limits),
        name=fault.judge.expects_name,
    )


def _by_weight(faults: Iterable[Fault]) -> list[Fault]:
    order = list(Cause)
    found = sorted(faults, key=lambda fault: order.index(fault.verdict.cause))
    lacking = {f.verdict.judged for f in found if f.verdict.cause is Cause.EKU}
    # Who issues without the usage is said once, of the leaf.
    return [
        f for f in found if f.verdict.cause is not Cause.CA_EKU or f.verdict.judged not in lacking
    ]


def _name(deployment: Deployment, cause: RootCause) -> tuple[str, str]:
    fault = cause.faults[0]
    expected, shown = fault.judge.expects_name, fault.shows.certificate
    new = system_at(mended(deployment, cause.parts), cause.parts[0].address)
    right = new.verify_subject_name if isinstance(new, Expressway) else ""
    what = f"{node_words(deployment, cause.parts)}'s zone looks for the name {expected}, which "
    what += f"{all_of([fault])} does not hold."
    holds = ", a name that it holds" if shown else ""
    return what, f"Set the zone's TLS verify subject name to {right}{holds}."


def _not_known(_deployment: Deployment, cause: RootCause) -> tuple[str, str]:
    found = cause.outcomes[0] if cause.outcomes else None
    if found is None:
        return "The handshake fails for a reason that is not known.", "Look at the capture."
    return found.reason.splitlines()[0], found.todo


def _port(_deployment: Deployment, cause: RootCause) -> tuple[str, str]:
    port, between = cause.parts[0].port, _between(cause)
    what = f"Port {port} does not answer: something between {between} drops it."
    return what, f"Let port {port} through (firewalls between them). No certificate is at fault."


def _between(cause: RootCause) -> str:
    """Return whose connections do not come about."""
    ends = [end.node for fault in cause.faults for end in (fault.shake.client, fault.shake.server)]
    return listed(dict.fromkeys(ends))


def _names(_deployment: Deployment, _cause: RootCause) -> tuple[str, str]:
    what = "Host names do not resolve, so no connection comes about."
    return what, "Mend DNS (System > DNS). No certificate is at fault."


_OTHERS = {
    Kind.PORT: _port,
    Kind.NAMES: _names,
    Kind.TRUST: trust_words,
    Kind.NAME: _name,
    Kind.NOT_KNOWN: _not_known,
    Kind.CERTIFICATE: _not_known,
}


def _usage(fault: Fault) -> str:
    return _USAGES[fault.verdict.judged or Side.CLIENT]


def _whose(deployment: Deployment, cause: RootCause) -> str:
    part = cause.parts[0]
    store = f"{part.store.value} " if part.place is not CausePlace.FAR_END and part.store else ""
    several = "s" if len(cause.parts) > 1 else ""
    if several:
        return f"each {store}certificate of {node_words(deployment, cause.parts)}"
    return f"{node_words(deployment, cause.parts)}'s {store}certificate"


def _where(deployment: Deployment, cause: RootCause) -> str:
    part = cause.parts[0]
    system = system_at(deployment, part.address)
    if isinstance(system, FarEnd):
        return f"{node_words(deployment, cause.parts)}: {BY_ITS_OWNER}"
    if part.place is CausePlace.NETWORK:
        return f"between {_between(cause)}"
    first = cause.faults[0]
    if is_listed(first.shake, first.verdict):
        return f"{first.shows.node}: {PAGES[first.shows.store].format(who=first.shows.node)}"
    page = {
        Kind.CERTIFICATE: PAGES[part.store],
        Kind.TRUST: TRUST_PAGE,
        Kind.NAME: ZONE_NAME_PAGE,
        Kind.NOT_KNOWN: "its settings",
    }[part.kind]
    return f"{node_words(deployment, cause.parts)}: {page}"


def _lists(deployment: Deployment, cause: RootCause) -> tuple[str, ...]:
    """Return the lists of those who refuse the certificate now."""
    judges = dict.fromkeys(
        fault.shake.server.address for fault in cause.faults if fault.verdict.judged is Side.CLIENT
    )
    return tuple(dict.fromkeys(list_words(system_at(deployment, a)) for a in judges))
