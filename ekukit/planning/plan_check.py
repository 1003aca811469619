"""Is this what the plan promised: each step done, not done, or something else; states beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from ekukit.causes.part import certificate_at
from ekukit.causes.system_words import listed
from ekukit.certificates import Certificate, eku_words
from ekukit.certificates.authority import not_listed
from ekukit.connections.outcome import State
from ekukit.expressway import Deployment, Expressway, Store
from ekukit.planning.plan_answer import ChangePlan, ShownState
from ekukit.planning.plan_step import Aspect, PlanStep


class StepFate(StrEnum):
    """What became of a step; NOT_SEEN where the files do not show its place."""

    DONE = "done"
    NOT_DONE = "not done"
    OTHER = "something else"
    NOT_SEEN = "not seen"


FATE_SIGNS = {
    StepFate.DONE: "✓", StepFate.NOT_DONE: "✗", StepFate.OTHER: "✗", StepFate.NOT_SEEN: "?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedStep:
    """A step, what became of it, and in words what was found instead."""

    step: PlanStep
    fate: StepFate
    words: str


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """A plan held against what is there now.

    `states` are connections and services whose state is not the one that the plan promised, each
    with the promised state and that of now.
    """

    steps: tuple[CheckedStep, ...]
    states: tuple[tuple[str, State, State], ...]

    @property
    def line(self) -> str:
        """Return in one sentence whether this is what the plan promised."""
        done = sum(found.fate is StepFate.DONE for found in self.steps)
        told = f"Steps done: {done} of {len(self.steps)}"
        if not self.states:
            return f"{told}; every state is the one that the plan promised."
        return f"{told}; {len(self.states)} states are not those that the plan promised."


def checked(plan: ChangePlan, now: ShownState) -> PlanCheck:
    """Return what of a plan is done in a deployment.

    Nodes are those of the same name, else of the same place in their cluster. A certificate counts
    by usages, names and kind of CA, since nobody knows its serial before. Raises nothing.
    """
    steps = []
    for shown in plan.steps:
        looked = _LOOKS.get(shown.step.row.id)
        pairs = tuple(_pairs(shown.step, shown.before.deployment, plan, now.deployment))
        if looked is None or not pairs:
            steps.append(CheckedStep(shown.step, StepFate.NOT_SEEN, "The files do not show it."))
        else:
            steps.append(CheckedStep(shown.step, *_worst(looked(shown.step, *p) for p in pairs)))
    states = tuple(
        (name, promised, now.states[name])
        for name, promised in plan.end.states.items()
        if name in now.states and now.states[name] is not promised
    )
    return PlanCheck(tuple(steps), states)


_Nodes = tuple[Expressway, Expressway, Expressway]
_Fate = tuple[StepFate, str]


def _pairs(
    step: PlanStep, before: Deployment, plan: ChangePlan, now: Deployment
) -> Iterable[_Nodes]:
    """Yield each node that a step changes: as it was, as it was to be, as it is."""
    for old, new, there in (
        (before.core, plan.end.deployment.core, now.core),
        (before.edge, plan.end.deployment.edge, now.edge),
    ):
        named = {node.fqdn.lower(): node for node in there}
        for place, (was, wanted) in enumerate(zip(old, new, strict=True)):
            found = named.get(was.fqdn.lower()) or next(iter(there[place:]), None)
            if was.address in step.addresses and found is not None:
                yield was, wanted, found


def _worst(fates: Iterable[_Fate]) -> _Fate:
    order = (StepFate.DONE, StepFate.NOT_DONE, StepFate.OTHER)
    return max(fates, key=lambda fate: order.index(fate[0]))


def _certificate(step: PlanStep, was: Expressway, wanted: Expressway, found: Expressway) -> _Fate:
    as_server = any(aspect is Aspect.SERVER for _, aspect in step.touches)
    kind = Store.SERVER if as_server else Store.CLIENT
    old, new, now = (certificate_at(node, kind) for node in (was, wanted, found))
    if now is None or new is None:
        return StepFate.NOT_SEEN, "The files do not show this store."
    if old is not None and (old.serial, old.issuer) == (now.serial, now.issuer):
        return StepFate.NOT_DONE, f"The old certificate is there, serial {now.serial_hex}."
    lacks = tuple(_lacking(new, now))
    if lacks:
        return StepFate.OTHER, f"Another certificate is there, but {listed(lacks)}."
    return StepFate.DONE, f"There is a new certificate, serial {now.serial_hex}."


def _lacking(new: Certificate, now: Certificate) -> Iterable[str]:
    if now.ekus is not None and not {*(new.ekus or ())} <= {*now.ekus}:
        yield f"it has {eku_words(now.ekus)} instead of {eku_words(new.ekus)}"
    known = {name.lower() for name in now.answers_to}
    names = [name for name in new.names if name.lower() not in known]
    if names:
        yield f"it lacks the name {listed(names)}"
    if bool(now.public) is not bool(new.public):
        yield f"it comes from a {'public' if now.public else 'private'} CA"


def _trust(step: PlanStep, _was: Expressway, _wanted: Expressway, found: Expressway) -> _Fate:
    missing = [ca.name for ca in not_listed(step.trusts, found.trusted)]
    if not missing:
        return StepFate.DONE, "Its root and issuing CA are in the list."
    return StepFate.NOT_DONE, f"The list lacks {listed(missing)}."


def _value(name: str) -> Callable[..., _Fate]:
    def look(_step: PlanStep, was: Expressway, wanted: Expressway, found: Expressway) -> _Fate:
        old, new, now = (getattr(node, name) for node in (was, wanted, found))
        if now == new:
            return StepFate.DONE, f"It is {now}."
        fate = StepFate.NOT_DONE if now == old else StepFate.OTHER
        return fate, f"It is {now or 'empty'} instead of {new}."

    return look


_LOOKS: dict[str, Callable[..., _Fate]] = {
    "private-ca": _certificate,
    "same-ca": _certificate,
    "other-public-ca": _certificate,
    "trust": _trust,
    "mode-off": _value("eku_checking"),
    "upgrade": _value("release"),
    "verify-name": _value("verify_subject_name"),
    "verify-off": _value("neighbor_verify"),
}
