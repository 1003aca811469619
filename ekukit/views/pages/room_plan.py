"""The cheapest plan for a room: a card for each step, with the states after it in large type."""

from collections.abc import Iterable
from dataclasses import dataclass

from ekukit.causes.system_words import title_of
from ekukit.connections import State
from ekukit.connections.services import BETWEEN_NODES, SERVICES
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.planned_case import PlanStart, confirmed, start_of_case
from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.planning import PlanQuestion, make_plan
from ekukit.planning.plan_answer import ChangePlan, Confirm, ShownStep, by_handshakes
from ekukit.planning.plan_words import impossible_words, plan_line, step_lines, titles
from ekukit.views.html import safe, state_html
from ekukit.views.pages.room_cards import large_card
from ekukit.views.tables.change import change_word

# What the conditions of the source speak of, and what is told after every step.
ESSENTIAL = (*BETWEEN_NODES, *(service.id for service in SERVICES))
_FEW = 3
_UNDO = "How to see it, how to undo it, price, sources"
_FOLDED = frozenset(("See that", "To undo", "Security price", "Lead time", "Restart", "Rests on"))


@dataclass(frozen=True, slots=True)
class RoomCard:
    """A card of a plan: what it is called where cards are counted, and its fragment."""

    title: str
    html: str


def room_plan(
    start: Deployment | PlanStart, wishes: Iterable[str] = (), confirm: Confirm = by_handshakes
) -> tuple[RoomCard, ...]:
    """Return what to do so that what is wished works, everything without a wish, card by card.

    Every state was confirmed by handshakes; where there is no plan a card says why. Not in it:
    dearer plans and who is to be asked, which `ekukit plan` tells.
    """
    begun = start if isinstance(start, PlanStart) else PlanStart(start)
    question = PlanQuestion(want=tuple(wishes), rows=begun.rows)
    try:
        answer = make_plan(begun.deployment, question, confirm)
    except InputError as error:
        return (_said("No plan", str(error)),)
    plan = answer.plans[0] if answer.plans else answer.best
    why_not = impossible_words(answer)
    if plan is None or why_not:
        return tuple(_said("No plan", told) for told in why_not or ("There is no plan.",))
    line = plan_line(plan, unmended=begun.has_unmended)
    if len(plan.steps) == 1:
        return (_step(plan, 1, line),)
    steps = (_step(plan, number) for number, _ in enumerate(plan.steps, 1))
    return (_said("The plan", line), *steps)


def case_plan(case: Case) -> tuple[RoomCard, ...]:
    """Return the same for a customer's case, and a card for whatever no step of it mends.

    Names are those of the case that is given.
    """
    try:
        start = start_of_case(case)
    except InputError as error:
        return (_said("No plan", str(error)),)
    beside = (_said("Beside the plan", told) for told in start.cautions)
    return (*room_plan(start, (), confirmed), *beside)


def _said(title: str, text: str) -> RoomCard:
    """Return a card of one text."""
    return RoomCard(title, large_card(safe(text)))


def _step(plan: ChangePlan, number: int, line: str = "") -> RoomCard:
    """Return what is done where, and what is up and down after it; `line` is what it comes to."""
    shown = plan.steps[number - 1]
    rest = "".join(
        f"<dt>{name}</dt><dd>{safe(said)}</dd>"
        for name, said in step_lines(shown) if name in _FOLDED
    )  # fmt: skip
    lines = [("Where", shown.step.where), ("To paste", shown.step.paste), ("It takes", line)]
    told = "".join(f"<p><b>{name}</b> {safe(said)}</p>" for name, said in lines if said)
    what = f'<span class="eku-number">{number}</span> {safe(shown.step.do)}'
    states = f"<p><b>Then</b> {_states(shown)}</p>"
    return RoomCard(
        f"Step {number} of {len(plan.steps)}",
        large_card(what, told, states, f"<dl>{rest}</dl>", _UNDO),
    )


def _states(shown: ShownStep) -> str:
    """Return the essential states, what changed marked, and what else changed in words."""
    before, after = shown.before.states, shown.after.states
    told = " ".join(
        f'<span class="eku-then">{_sign(before[name], after[name])}{safe(title_of(name))} '
        f"{state_html(after[name])}</span>"
        for name in ESSENTIAL if name in after
    )  # fmt: skip
    for word, names in (("up", shown.gains), ("down", shown.loses)):
        others = [name for name in names if name not in ESSENTIAL]
        told += f" and {word}: {safe(titles(others, _FEW))}" if others else ""
    return told


def _sign(before: State, after: State) -> str:
    return "" if before is after else f"{change_word(before, after)[0]} "
