"""A plan as a change request: steps in order, who does what, states after each."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ekukit.causes.system_words import title_of
from ekukit.connections import HONESTY
from ekukit.connections.outcome import SYMBOLS
from ekukit.frames import frame_of
from ekukit.planning.plan_answer import ChangePlan, PlanAnswer, ShownStep
from ekukit.planning.plan_limits import PlanLimit
from ekukit.planning.plan_words import (
    NOT_OFFICE_HOURS,
    cost_words,
    impossible_words,
    plan_line,
    search_words,
    step_lines,
    titles,
)
from ekukit.planning.remedy_table import Party
from ekukit.views.html import Verbatim, safe
from ekukit.views.pages.document import Grid, Section, Words, part_html, section_html
from ekukit.views.pages.paper import Paper

if TYPE_CHECKING:
    from ekukit.diagnosis.planned_case import PlanStart

TITLE = "Change request"
STEP_COLUMNS = ("Step", "Who", "Do", "Where", "Then up", "Then down")
PARTY_COLUMNS = ("Step", "Do", "Where", "To paste", "See that", "To undo")
PRICE_COLUMNS = ("Step", "Security price", "Effort", "Lead time", "Restart", "Rests on")
OTHER_COLUMNS = ("Plan", "Steps", "What it costs")
_NOTHING = "–"
# What a panel shows at once.
_OPEN = ("impossible", "steps")


def request_of(answer: PlanAnswer, start: "PlanStart", name: str = "") -> Paper:
    """Return the change request of the first plan, or of the best that can be had; others beside.

    `name` is that of a condition. Text of a case is as it is given.
    """
    plan = answer.plans[0] if answer.plans else answer.best
    every = answer.wishes == tuple(answer.start.states)
    wished = "all connections and services" if every else titles(answer.wishes)
    line = (
        plan_line(plan, answer.unmet, unmended=start.has_unmended) if plan else "There is no plan."
    )
    if answer.conflicts is not None:
        line = f"Impossible within these limits. The best that can be had: {line}"
    found = [
        *_impossible(answer),
        *(_of_plan(plan, answer) if plan else ()),
        *_others(answer),
        Section("notes", "What this rests on", (Words(tuple(_notes(answer, start))),)),
    ]
    return Paper(f"{TITLE}{f' {name}' if name else ''}: {wished}", line, tuple(found))


def _impossible(answer: PlanAnswer) -> Iterator[Section]:
    words = impossible_words(answer)
    if words:
        yield Section("impossible", "Why there is no plan", (Words(words),))


def _of_plan(plan: ChangePlan, answer: PlanAnswer) -> Iterator[Section]:
    if plan.steps:
        yield Section(
            "steps",
            "Steps in their order",
            (Grid(_steps(plan, answer), "Each with what it brings up and takes down"),),
        )
        grids = [Grid(_of_party(plan, party), party.value) for party in plan.parties]
        yield Section("parties", "Who does what", tuple(grids))
    states = Grid(states_table(plan), "States: ✓ Active, ✗ Failed, ? Unknown")
    yield Section("states", "What works before, after each step, and at the end", (states,))
    if plan.steps:
        rows = [
            (str(number), *map(dict(step_lines(shown)).__getitem__, PRICE_COLUMNS[1:]))
            for number, shown in enumerate(plan.steps, 1)
        ]
        prices = Grid(frame_of(rows, PRICE_COLUMNS), "What a step costs, and its sources")
        yield Section("prices", "Price, lead time and restart of each step", (prices,))


def _steps(plan: ChangePlan, answer: PlanAnswer) -> pd.DataFrame:
    rows = [
        (str(number), ", ".join(party.value for party in shown.step.parties),
         shown.step.do + _when(shown, answer), shown.step.where, titles(shown.gains) or _NOTHING,
         titles(shown.loses) or _NOTHING)
        for number, shown in enumerate(plan.steps, 1)
    ]  # fmt: skip
    return frame_of(rows, STEP_COLUMNS)


def _when(shown: ShownStep, answer: PlanAnswer) -> str:
    late = PlanLimit.OFFICE_HOURS in answer.limits and shown.step.row.restarts
    return f" Do it {NOT_OFFICE_HOURS}." if late else ""


def _of_party(plan: ChangePlan, party: Party) -> pd.DataFrame:
    rows = [
        (str(number), *(_ordered(shown) if party is Party.PKI else _done(shown)))
        for number, shown in enumerate(plan.steps, 1) if party in shown.step.parties
    ]  # fmt: skip
    found = frame_of(rows, PARTY_COLUMNS)
    return found.drop(columns="To paste") if (found["To paste"] == _NOTHING).all() else found


def _done(shown: ShownStep) -> tuple[str, ...]:
    step = shown.step
    paste = Verbatim(step.paste) if step.paste else _NOTHING
    return step.do, step.where, paste, step.row.verify, step.row.undo


def _ordered(shown: ShownStep) -> tuple[str, ...]:
    """Return a certificate's step as it is for those who order it."""
    words = shown.step.words
    do = f"Issue a certificate with {words['ekus']} from {words['ca']}, names {words['names']}."
    see = f"It lists {words['ekus']} and these names, and its issuing CA is not limited (E6)."
    return do, f"for {words['whose']} {words['store']} store", _NOTHING, see, _NOTHING


def states_table(plan: ChangePlan) -> pd.DataFrame:
    """Return a row for each connection and service: the state before and after each step.

    Columns: What, Before, After 1 and so on; dtype object. Between, a sign stands
    for the state.
    """
    columns = ["What", "Before", *(f"After {number}" for number, _ in enumerate(plan.steps, 1))]
    rows = [
        (title_of(name), plan.start.states[name],
         *(shown.after.states[name] if shown is plan.steps[-1]
           else SYMBOLS[shown.after.states[name]] for shown in plan.steps))
        for name in plan.start.states
    ]  # fmt: skip
    return frame_of(rows, columns)


def _others(answer: PlanAnswer) -> Iterator[Section]:
    rows = [
        (str(number), tuple(shown.step.do for shown in plan.steps), cost_words(plan))
        for number, plan in enumerate(answer.plans[1:], 2)
    ]
    if rows:
        frame = frame_of(rows, OTHER_COLUMNS)
        words = Words(search_words(answer))
        yield Section(
            "others", "Other plans", (Grid(frame, "The next best, each of other remedies"), words)
        )


def _notes(answer: PlanAnswer, start: "PlanStart") -> Iterable[str]:
    yield from start.cautions
    yield from start.notes
    if answer.at is not None:
        yield f"Judged at {answer.at:%d %b %Y %H:%M} UTC."
    yield "Every state that is shown was confirmed by real handshakes."
    yield HONESTY


def request_html(made: Paper) -> str:
    """Return the document as a fragment for a panel: steps open, the rest folded."""
    opened = "".join(
        f"<h4>{safe(one.title)}</h4>{''.join(map(part_html, one.parts))}"
        for one in made.sections
        if one.name in _OPEN
    )
    folded = "".join(section_html(one) for one in made.sections if one.name not in _OPEN)
    return f'<p class="eku-summary">{safe(made.line)}</p>{opened}{folded}'
