"""Causation: which part of a deployment explains which failure, found by putting it right.

A part is the cause of a failure when putting it right, by the rules, brings the connection up or
brings up the next refusal behind it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ekukit.causes.hiding_order import hiding_first
from ekukit.causes.mending import mended, system_at
from ekukit.causes.part import CausePlace, Kind, Part, part_of
from ekukit.causes.root_cause import Fault, Pair, RootCause, code_of
from ekukit.connections import rules
from ekukit.connections.attempts import attempt_of
from ekukit.connections.catalog import ROWS, Connection
from ekukit.connections.handshake import Cause, Handshake, Side, Verdict
from ekukit.connections.outcome import Outcome, State
from ekukit.connections.predict import predict
from ekukit.connections.services import SERVICES
from ekukit.expressway import Deployment, FarEnd

# Refusals behind one another on one connection; more than this no deployment has.
_DEEPEST = 12
# What an outcome's code ends with where a far end decides of which that is not known.
_DOUBT = ".unknown"
# Stands for all far ends that lack one CA.
_FAR_ENDS = "far-ends"


@dataclass(frozen=True, slots=True)
class _Key:
    """What makes causes one: the part, whose peer it is, and what is wrong there."""

    part: Part
    codes: frozenset[str]


@dataclass(slots=True)
class _Found:
    """A cause while it is gathered; `first` are the pairs of systems whose first refusal it is."""

    parts: dict[Part, None] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    first: dict[tuple[str, Pair], None] = field(default_factory=dict)
    later: dict[tuple[str, Pair], None] = field(default_factory=dict)
    doubtful: dict[str, None] = field(default_factory=dict)
    behind: dict[Part, None] = field(default_factory=dict)
    tried: bool = True


def root_causes(deployment: Deployment, outcomes: Iterable[Outcome]) -> tuple[RootCause, ...]:
    """Return the causes of everything that failed, what brings back most services first.

    `outcomes` are those of the deployment by any engine. A failure that rules do not foresee has
    the cause that its own code tells, which cannot be tried. Raises nothing.
    """
    told = tuple(outcomes)
    found: dict[Part, _Found] = {}
    for outcome in told:
        # Of a store of which nothing was told nothing is to be changed.
        told_of = outcome.state is State.FAILED or outcome.code.endswith(_DOUBT)
        if outcome.connection in ROWS and told_of:
            _gather(deployment, outcome, found)
    grouped = _alike(deployment, found)
    ids = _ids(grouped)
    return _ordered(
        [_cause(deployment, _joined(parts, found), told, ids) for parts in grouped.values()]
    )


def _gather(deployment: Deployment, outcome: Outcome, found: dict[Part, _Found]) -> None:
    row = ROWS[outcome.connection]
    pair = outcome.initiator, outcome.responder
    failed = outcome.state is State.FAILED
    steps = _steps(deployment, row, pair, outcome, strict=not failed)
    before: Part | None = None
    for place, (part, faults, tried) in enumerate(steps):
        one = found.setdefault(part, _Found())
        one.parts[part] = None
        one.faults += faults
        one.tried = one.tried and tried
        if not failed:
            one.doubtful[outcome.connection] = None
        elif place:
            one.later[outcome.connection, pair] = None
        else:
            one.first[outcome.connection, pair] = None
        if before is not None:
            found[before].behind[part] = None
        before = part


def _steps(
    deployment: Deployment, row: Connection, pair: Pair, outcome: Outcome, *, strict: bool
) -> list[tuple[Part, list[Fault], bool]]:
    """Return part after part that must be put right until the connection comes up."""
    steps: list[tuple[Part, list[Fault], bool]] = []
    shake = _shake(deployment, row, pair, strict=strict)
    verdict = rules.judge(shake)
    if not strict and f"{row.id}.{code_of(verdict)}" != outcome.code:
        verdict = _told(outcome)
        return [(part_of(deployment, row, shake, verdict), [Fault(row.id, shake, verdict)], False)]
    while not verdict.accepted and len(steps) < _DEEPEST:
        part = part_of(deployment, row, shake, verdict)
        behind = [v for v in rules.verdicts(shake) if part_of(deployment, row, shake, v) == part]
        faults = [Fault(row.id, shake, v) for v in behind or [verdict]]
        after = mended(deployment, [part])
        new = _shake(after, row, pair, strict=strict)
        judged = rules.judge(new)
        after_it = None if judged.accepted else part_of(after, row, new, judged)
        tried = after_it not in [part, *(step[0] for step in steps)]
        steps.append((part, faults, tried))
        if not tried:
            break
        deployment, shake, verdict = after, new, judged
    return steps


def _shake(deployment: Deployment, row: Connection, pair: Pair, *, strict: bool) -> Handshake:
    return attempt_of(deployment, row, pair)[0 if strict else -1]


def _told(outcome: Outcome) -> Verdict:
    """Return the verdict that an outcome's code tells."""
    code = outcome.code.removeprefix(f"{outcome.connection}.")
    side = next((side for side in Side if code.startswith(f"{side.value}-")), None)
    name = code.removeprefix(f"{side.value}-") if side else code
    cause = next((cause for cause in Cause if cause.value == name), Cause.OTHER)
    return Verdict(cause, side, outcome.error, outcome.depth, outcome.alert, outcome.text)


def _alike(deployment: Deployment, found: dict[Part, _Found]) -> dict[_Key, list[Part]]:
    """Return the parts, those together that have the same fault."""
    joined: dict[_Key, list[Part]] = {}
    for part, one in found.items():
        codes = frozenset(code_of(fault.verdict) for fault in one.faults)
        general = _general(deployment, part)
        key = _Key(general, frozenset() if general.address == _FAR_ENDS else codes)
        joined.setdefault(key, []).append(part)
    return joined


def _general(deployment: Deployment, part: Part) -> Part:
    """Return the part without what tells alike ones apart: peers, or far ends of one mind."""
    if part.place is CausePlace.FAR_END and part.kind is Kind.TRUST:
        return replace(part, address=_FAR_ENDS)
    return replace(part, address=_side(deployment, part.address))


def _side(deployment: Deployment, address: str) -> str:
    """Return the role of a node or the kind of a far end."""
    system = system_at(deployment, address)
    return system.kind.value if isinstance(system, FarEnd) else system.role.value.lower()


def _joined(parts: Iterable[Part], found: dict[Part, _Found]) -> _Found:
    into = _Found()
    for part in parts:
        one = found[part]
        into.parts[part] = None
        into.faults += one.faults
        into.first |= one.first
        into.later |= one.later
        into.doubtful |= one.doubtful
        into.behind |= one.behind
        into.tried = into.tried and one.tried
    return into


def _cause(
    deployment: Deployment, one: _Found, told: Sequence[Outcome], ids: dict[Part, str]
) -> RootCause:
    failed = dict.fromkeys(name for name, _pair in (*one.first, *one.later))
    services = [service.id for service in SERVICES if failed.keys() & set(service.needs)]
    down = {found.connection for found in told if found.state is State.FAILED}
    own = ids[next(iter(one.parts))]
    return RootCause(
        id=own,
        parts=tuple(one.parts),
        faults=tuple(one.faults),
        effects=(*failed, *(name for name in services if name in down)),
        doubtful=tuple(name for name in one.doubtful if name not in failed),
        restores=_restored(deployment, one, told),
        behind=tuple(dict.fromkeys(ids[part] for part in one.behind if ids[part] != own)),
        pairs=frozenset((*one.first, *one.later)),
        outcomes=_shown(one, told),
        tried=one.tried,
    )


def _shown(one: _Found, told: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes whose first refusal this is; without any, those that it stands behind."""
    pairs = one.first or one.later
    found = [o for o in told if (o.connection, (o.initiator, o.responder)) in pairs]
    return tuple(found or (o for o in told if o.connection in one.doubtful))


def _restored(deployment: Deployment, one: _Found, told: Sequence[Outcome]) -> tuple[str, ...]:
    """Return what is Active when this alone is put right and is not now."""
    if not one.tried:
        return ()
    up: dict[str, bool] = {}
    for found in predict(mended(deployment, one.parts)):
        up[found.connection] = up.get(found.connection, True) and found.state is State.ACTIVE
    down = dict.fromkeys(found.connection for found in told if found.state is State.FAILED)
    return tuple(name for name in down if up.get(name))


def _ids(grouped: dict[_Key, list[Part]]) -> dict[Part, str]:
    """Return for each part the name of its cause; of two in one place the second has a number."""
    taken: dict[str, int] = {}
    ids: dict[Part, str] = {}
    for key, parts in grouped.items():
        between = key.part.place is CausePlace.NETWORK
        words = [*([] if between else [key.part.address]), key.part.place.value]
        kind = key.part.kind.value.replace(" ", "-")
        words += [] if key.part.kind is Kind.CERTIFICATE else [kind]
        words += [str(key.part.port)] if key.part.port else []
        name = ".".join(words)
        taken[name] = taken.get(name, 0) + 1
        number = f".{taken[name]}" if taken[name] > 1 else ""
        ids |= dict.fromkeys(parts, f"{name}{number}")
    return ids


def _ordered(causes: list[RootCause]) -> tuple[RootCause, ...]:
    services = {service.id for service in SERVICES}

    def back(found: RootCause) -> tuple[int, ...]:
        first = [name for name, _pair in found.pairs]
        return (
            -len(services & set(found.restores)),
            -len(services & set(found.effects)),
            -len(found.restores),
            -len(set(first)),
        )

    return hiding_first(sorted(causes, key=back))
