"""A plan in sentences: what it comes to in one line, what it costs, why there is none."""

from collections.abc import Iterable, Iterator

from ekukit.causes.system_words import listed, title_of
from ekukit.connections.outcome import Outcome, State
from ekukit.planning.lead_times import LEAD_ROWS
from ekukit.planning.plan_answer import ChangePlan, PlanAnswer, ShownState, ShownStep
from ekukit.planning.plan_limits import CostPart, limit_words
from ekukit.planning.plan_search import MOST_SETS
from ekukit.planning.remedy_table import SecurityPrice

NOTHING_TO_DO = "Nothing is to be done: what is wished works."
NOTHING_ELSE = "Nothing else is to be done: by what can be planned for, what is wished works."
NOTHING_HELPS = "Nothing that is allowed brings up more of what is wished."
NOT_OFFICE_HOURS = "outside office hours"
_ORDER_WORDS = {
    CostPart.LOSSES: "nothing that works goes down",
    CostPart.PARTIES: "fewer parties",
    CostPart.RESTARTS: "fewer restarts",
    CostPart.PRICE: "lower security price",
    CostPart.STEPS: "fewer steps",
}
_MOST = 6


def titles(names: Iterable[str], most: int = _MOST) -> str:
    """Return connections and services by title, those beyond `most` counted."""
    return listed(map(title_of, names), most)


def order_words(order: Iterable[CostPart]) -> str:
    """Return by what plans were compared, the most important first."""
    return f"Plans are compared by: {'; then '.join(_ORDER_WORDS[part] for part in order)}."


def search_words(answer: PlanAnswer) -> tuple[str, ...]:
    """Return by what plans were compared where there are several, and whether any may be left."""
    told = [order_words(answer.order)] if len(answer.plans) > 1 else []
    if answer.is_cut:
        told.append(f"Beyond the {MOST_SETS} cheapest sets of steps no dearer plan was looked for.")
    return tuple(told)


def plan_line(plan: ChangePlan, unmet: Iterable[str] = (), *, unmended: bool = False) -> str:
    """Return a plan in one line; what goes down on the way comes first.

    `unmet` are wishes that it leaves; `unmended` says that something is wrong that no step mends.
    """
    if not plan.steps:
        return NOTHING_HELPS if tuple(unmet) else (NOTHING_ELSE if unmended else NOTHING_TO_DO)
    said = [
        f"Step {number} takes down {titles(shown.loses)}"
        for number, shown in enumerate(plan.steps, 1)
        if shown.loses
    ]
    told = f"{'; '.join(said)}, and no order of the known steps avoids it. " if said else ""
    back = f" {titles(plan.loses)} stay{'s' * (len(plan.loses) == 1)} down." if plan.loses else ""
    safe = "" if said else " Nothing that works goes down on the way."
    return f"{told}{cost_words(plan)}{safe}{back}"


def cost_words(plan: ChangePlan) -> str:
    """Return what a plan costs in words, never as one number."""
    rows = [shown.step.row for shown in plan.steps]
    steps = f"{len(rows)} step{'s' * (len(rows) != 1)}"
    must = f"{listed(party.value for party in plan.parties)} must act"
    restarts = sum(row.restarts for row in rows)
    about = f"plan for {restarts} restart{'s' * (restarts != 1)}" if restarts else (
        "no restart that is known"
    )  # fmt: skip
    dearest = max((row.price for row in rows), default=SecurityPrice.NONE)
    price = f"security price: {dearest.name.lower()}"
    return f"{steps}; {must}; {about}; {price}."


def step_lines(shown: ShownStep) -> Iterator[tuple[str, str]]:
    """Yield what is known of a step beside what is done and where, by name."""
    row = shown.step.row
    yield "Then", _then(shown)
    if shown.step.paste:
        yield "To paste", shown.step.paste
    yield "See that", row.verify
    yield "To undo", row.undo
    yield "Security price", f"{row.price.name.lower()}: {shown.step.price_words}"
    yield "Effort", row.effort
    yield "Lead time", LEAD_ROWS[row.lead].words
    yield "Restart", row.restart.removeprefix("Restart: ")
    yield "Rests on", ", ".join(shown.step.rests_on)


def _then(shown: ShownStep) -> str:
    up = f"up: {titles(shown.gains)}" if shown.gains else "nothing more is up"
    return f"{up}; down: {titles(shown.loses)}" if shown.loses else up


def still_down(shown: ShownState) -> tuple[str, ...]:
    """Return what is not Active in a state."""
    return tuple(name for name, state in shown.states.items() if state is not State.ACTIVE)


def impossible_words(answer: PlanAnswer) -> tuple[str, ...]:
    """Return why there is no plan: what each wish lacks, and which limits exclude all ways."""
    if answer.conflicts is None or answer.best is None:
        return ()
    found = [f"No plan meets what is wished; {titles(answer.unmet)} cannot be had."]
    for conflict in answer.conflicts:
        said = listed(limit_words(name) for name in sorted(conflict))
        if not conflict:
            found.append("No remedy that is known brings it up, whatever is allowed.")
        elif len(conflict) == 1:
            found.append(f"You excluded {said}: that alone makes it impossible.")
        else:
            found.append(f"You excluded {said}: together they make it impossible.")
    for name in answer.lacking:
        reason = _reason(answer.best.end.outcomes, name)
        if reason is not None:
            found.append(f"{reason.title} stays down: {reason.reason} ({', '.join(reason.facts)})")
    return tuple(dict.fromkeys(found))


def _reason(outcomes: Iterable[Outcome], name: str) -> Outcome | None:
    down = (o for o in outcomes if o.connection == name and o.initiator)
    return next((o for o in down if o.state is not State.ACTIVE), None)
