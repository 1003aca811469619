"""The answer to what is wished: plans whose every state was confirmed, or why there is none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ekukit.connections.attempts import systems
from ekukit.connections.catalog import CATALOG, Connection
from ekukit.connections.handshake import Engine
from ekukit.connections.outcome import Outcome, State
from ekukit.connections.predict import connection_outcomes
from ekukit.connections.services import SERVICES, service_outcomes
from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.planning.conflict_sets import best_within, conflicts, lacking, really_different
from ekukit.planning.offers import offers
from ekukit.planning.plan_limits import CostPart, order_of
from ekukit.planning.plan_search import Search, plans
from ekukit.planning.plan_step import PlanStep
from ekukit.planning.remedy_table import Party
from ekukit.planning.state_space import START, Done, StateSpace
from ekukit.planning.step_order import StepOrder
from ekukit.planning.wish_list import known_ca, limited, wished

MOST_PLANS = 5
Confirm = Callable[[Deployment, tuple[Connection, ...]], tuple[Outcome, ...]]


class DisagreementError(InputError):
    """Rules and handshakes came to different states, so that no plan is shown."""


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What is wished, what is excluded, and what is preferred; empty means all, nothing, none.

    `rows` are the connections that count.
    """

    want: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    only_ca: str = ""
    prefer: tuple[CostPart, ...] = ()
    rows: tuple[Connection, ...] = CATALOG


@dataclass(frozen=True, slots=True)
class ShownState:
    """A state of a plan: the deployment, and what the handshakes in it came to."""

    deployment: Deployment
    states: Mapping[str, State]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with the states before and after; `loses` is what it takes down of what worked."""

    step: PlanStep
    before: ShownState
    after: ShownState
    loses: tuple[str, ...]

    @property
    def gains(self) -> tuple[str, ...]:
        """Return what comes up by it."""
        return tuple(name for name, state in self.after.states.items()
                     if state is State.ACTIVE is not self.before.states[name])  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Steps in their order, each with what is up and down after it; without steps where none are.

    `loses` is what worked at the start and is down at the end, `on_the_way` what is down between.
    """

    start: ShownState
    steps: tuple[ShownStep, ...]
    loses: tuple[str, ...]
    on_the_way: tuple[str, ...]

    @property
    def end(self) -> ShownState:
        """Return the state after the last step."""
        return self.steps[-1].after if self.steps else self.start

    @property
    def parties(self) -> tuple[Party, ...]:
        """Return who must act, in the order of the table."""
        told = {party for shown in self.steps for party in shown.step.parties}
        return tuple(party for party in Party if party in told)


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """The plans, best first; without one, which limits are in each other's way, and what is left.

    `conflicts` is None where there is a plan. `best` is then the plan that meets as many wishes as
    can be, `unmet` the wishes that it leaves, `lacking` the connections that stand behind these.
    With `is_cut` so many sets of steps came into question that dearer plans were not looked for.
    """

    wishes: tuple[str, ...]
    limits: frozenset[str]
    only_ca: str
    order: tuple[CostPart, ...]
    start: ShownState
    plans: tuple[ChangePlan, ...]
    conflicts: tuple[frozenset[str], ...] | None = None
    best: ChangePlan | None = None
    unmet: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    at: datetime | None = None
    is_cut: bool = False


def by_handshakes(deployment: Deployment, rows: tuple[Connection, ...]) -> tuple[Outcome, ...]:
    """Return what real handshakes of a deployment come to, those that are alike made once."""
    from ekukit.lab.bench import perform_alike

    return connection_outcomes(deployment, perform_alike, Engine.LAB, rows)


def make_plan(
    deployment: Deployment, question: PlanQuestion, confirm: Confirm = by_handshakes
) -> PlanAnswer:
    """Return what to do so that the wishes come true within the limits.

    Searched by rules; every state that is shown was confirmed by `confirm`. Raises InputError for
    a wish, limit or CA that is not known, and DisagreementError when rules and handshakes differ.
    Not checked: routing, licenses, accounts, and whether somebody else is willing to act.
    """
    steps = {step.id: step for step in offers(deployment, question.only_ca)}
    known_ca(question.only_ca, deployment, steps.values())
    space = StateSpace(deployment, steps, question.rows)
    limits = limited(question.never, steps, only_ca=bool(question.only_ca))
    search = Search(
        space,
        wished(question.want, space.states(START)),
        frozenset(name for name, step in steps.items() if not step.limits & limits),
        order_of(question.prefer),
    )
    shown = _Showing(space, confirm)
    cut: list[bool] = []
    orders = plans(search, lambda: cut.append(True))
    found = tuple(map(shown.plan, really_different(orders, MOST_PLANS)))
    answer = PlanAnswer(
        search.wishes, limits, question.only_ca, search.order, shown.state(START), found,
        at=deployment.at, is_cut=bool(cut),
    )  # fmt: skip
    if found:
        return answer
    order, unmet = best_within(search)
    return replace(
        answer,
        conflicts=conflicts(search, limits),
        best=shown.plan(order),
        unmet=unmet,
        lacking=lacking(search, unmet),
    )


def shown_state(
    deployment: Deployment, rows: tuple[Connection, ...], confirm: Confirm = by_handshakes
) -> ShownState:
    """Return a deployment's state, confirmed; raises DisagreementError when rules differ."""
    return _Showing(StateSpace(deployment, {}, rows), confirm).state(START)


@dataclass(frozen=True, slots=True)
class _Showing:
    """Confirms states before they are shown; what both ends of a connection kept is kept, too."""

    space: StateSpace
    confirm: Confirm
    _made: dict[tuple[object, ...], tuple[Outcome, ...]] = field(default_factory=dict)
    _shown: dict[Done, ShownState] = field(default_factory=dict)

    def state(self, done: Done) -> ShownState:
        """Return a state with its handshakes; raises DisagreementError when rules say otherwise."""
        if done not in self._shown:
            self._shown[done] = self._confirmed(done)
        return self._shown[done]

    def _confirmed(self, done: Done) -> ShownState:
        deployment = self.space.deployment(done)
        self._make(deployment)
        made: list[Outcome] = []
        for row in self.space.rows:
            found = self._made[_read_by(deployment, row)]
            states = [outcome.state for outcome in found]
            expected = [pair.state for pair in self.space.pairs(done, row.id)]
            if states != expected:
                _disagree(row, expected, states, done)
            made += found
        told = self.space.states(done)
        return ShownState(deployment, told, (*made, *_services(made)))

    def _make(self, deployment: Deployment) -> None:
        """Confirm the connections of which something differs from all that was confirmed."""
        keys = {row.id: _read_by(deployment, row) for row in self.space.rows}
        new = tuple(row for row in self.space.rows if keys[row.id] not in self._made)
        found: dict[str, list[Outcome]] = {row.id: [] for row in new}
        for outcome in self.confirm(deployment, new) if new else ():
            found[outcome.connection].append(outcome)
        self._made.update((keys[name], tuple(outcomes)) for name, outcomes in found.items())

    def plan(self, order: StepOrder) -> ChangePlan:
        """Return an order as a plan, every state confirmed."""
        start = before = self.state(START)
        steps: list[ShownStep] = []
        lost: tuple[str, ...] = ()
        way: dict[str, None] = {}
        for step, done in zip(order.steps, order.states, strict=True):
            after, down = self.state(done), self.space.lost(done)
            steps.append(ShownStep(step, before, after, tuple(n for n in down if n not in lost)))
            before, lost = after, down
            way |= dict.fromkeys(down)
        return ChangePlan(start, tuple(steps), lost, tuple(n for n in way if n not in lost))


def _read_by(deployment: Deployment, row: Connection) -> tuple[object, ...]:
    """Return everything that the handshakes of a connection are made from."""
    ends = systems(deployment, row.initiator), systems(deployment, row.responder)
    return row.id, *ends, deployment.at, deployment.network, deployment.domains


def _services(made: Iterable[Outcome]) -> Iterable[Outcome]:
    found = tuple(made)
    names = {outcome.connection for outcome in found}
    every = all(name in names for service in SERVICES for name in service.needs)
    return service_outcomes(found) if every else ()


def _disagree(
    row: Connection, expected: Iterable[State], made: Iterable[State], done: Done
) -> None:
    msg = (
        f"{row.title}: the rules say {', '.join(expected)}, the handshakes "
        f"{', '.join(made)}, after {', '.join(sorted(done.steps)) or 'no step'}; no plan is shown "
        "that was not confirmed. Look at this connection by itself, with ekukit simulate or inspect"
    )
    raise DisagreementError(msg)
