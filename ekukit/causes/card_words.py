"""A root cause in words: what is wrong in one sentence, where, what to do, and how sure."""

from collections.abc import Iterable
from dataclasses import dataclass

from ekukit.causes.alternatives import BY_USAGE, alternatives
from ekukit.causes.issuer_words import from_whom
from ekukit.causes.mending import mended, system_at
from ekukit.causes.part import CausePlace, Kind, certificate_at, top_of
from ekukit.causes.root_cause import Fault, RootCause
from ekukit.causes.system_words import list_words, listed, node_words
from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.constraints import usage_words
from ekukit.connections.handshake import Cause, Side
from ekukit.connections.reasons import CAUSES, PAGES, TRUST_PAGE, ZONE_NAME_PAGE, is_listed
from ekukit.expressway import Deployment, Expressway, FarEnd

# A card says what is wrong in one sentence that is read at a glance.
_MOST_WORDS = 25
# Where a far end is put right.
BY_ITS_OWNER = "by whoever runs it"
_USAGES = {Side.CLIENT: "clientAuth", Side.SERVER: "serverAuth"}

_REISSUE = (
    "Re-issue that certificate: its authority key identifier or another extension does not fit its "
    "CA."
)


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
    step = f"Replace it by one with {usages}{named}{also} {from_whom(held, usages, cause.faults)}."
    other_ca = "clientAuth" in usages and (BY_USAGE & {*causes} or held.public)
    return what, step, _lists(deployment, cause) if other_ca else ()


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


def _trust(deployment: Deployment, cause: RootCause) -> tuple[str, str]:
    part = cause.parts[0]
    judge, shown = system_at(deployment, part.address), cause.faults[0].shows.certificate
    trusted = judge.trusts if isinstance(judge, FarEnd) else judge.trusted
    top = part.ca in {top_of((ca,)) for ca in trusted}
    names = [ca.name for ca in (shown.chain if shown else ())]
    lacks = names[0] if top and names else (names[-1] if names else "the CA")
    does = "do" if isinstance(judge, FarEnd) and len(cause.parts) > 1 else "does"
    verb, role = ("have", "issuing CA") if top and len(names) > 1 else ("trust", "CA")
    what = _short_enough(
        f"{who} {does} not {verb} {lacks}, the {role} of {whose}."
        for who, whose in (
            (node_words(deployment, cause.parts), _all_of(cause.faults)),
            (node_words(deployment, cause.parts), _all_of(cause.faults, stores=False)),
            (node_words(deployment, cause.parts, most=2), _all_of(cause.faults, stores=False)),
            (node_words(deployment, cause.parts, most=1), "what they are shown"),
        )
    )
    if is_listed(cause.faults[0].shake, cause.faults[0].verdict):
        who, whose = (
            node_words(deployment, cause.parts, most=2),
            _all_of(cause.faults, stores=False),
        )
        what = f"{who} {does} not take {names[0]} as the issuer of {whose}, though it is listed."
        return what, _REISSUE
    together = " and ".join(dict.fromkeys((*names[-1:], *names[:1])))
    whose = _all_of(cause.faults, stores=False)
    if not top and lacks in {ca.name for ca in trusted}:
        # Who looks finds the name in the list and would think that nothing is missing.
        trusts = f"{node_words(deployment, cause.parts, most=2)} trust{'s' * (does == 'does')}"
        what = f"{trusts} a {lacks} with another key than the one above {whose}."
        together = f"the {lacks} above {whose}, of the same name but with the other key,"
    lists = dict.fromkeys(list_words(system_at(deployment, part.address)) for part in cause.parts)
    return what, f"Put {together or 'its CAs'} into {listed(lists)}."


def _name(deployment: Deployment, cause: RootCause) -> tuple[str, str]:
    fault = cause.faults[0]
    expected, shown = fault.judge.expects_name, fault.shows.certificate
    new = system_at(mended(deployment, cause.parts), cause.parts[0].address)
    right = new.verify_subject_name if isinstance(new, Expressway) else ""
    what = f"{node_words(deployment, cause.parts)}'s zone looks for the name {expected}, which "
    what += f"{_all_of([fault])} does not hold."
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
    Kind.TRUST: _trust,
    Kind.NAME: _name,
    Kind.NOT_KNOWN: _not_known,
    Kind.CERTIFICATE: _not_known,
}


def _all_of(faults: Iterable[Fault], *, stores: bool = True) -> str:
    """Return whose certificates are refused, by node; with `stores` from which of its stores."""
    held: dict[str, dict[str, None]] = {}
    for fault in faults:
        end = fault.shows
        kinds = held.setdefault(end.node, {})
        kinds[end.store.value if end.store else ""] = None
    told = [
        f"{node}'s {' and '.join(filter(None, kinds)) if stores else ''}".strip()
        for node, kinds in held.items()
    ]
    one = len(held) == 1 and len(next(iter(held.values()))) == 1
    return f"{listed(told)} certificate{'' if one else 's'}"


def _short_enough(sentences: Iterable[str]) -> str:
    """Return the first sentence that a card has room for, else the last."""
    found = list(sentences)
    return next((said for said in found if len(said.split()) <= _MOST_WORDS), found[-1])


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
