"""The search: sets of steps from the cheapest on, each grown only by what can mend its first flaw.

Uniform cost over sets of steps. A set whose end lacks a wish is followed by the sets with one step
more of those without which the refusal cannot change; so are sets that no order lets be done, and
sets that take something down on the way. Every part of the cost but the losses belongs to the set
and grows with it, and losses begin at none: the first that is complete is the cheapest, and none
of equal cost is missed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from ekukit.connections.catalog import ROWS
from ekukit.connections.outcome import State
from ekukit.connections.services import SERVICES
from ekukit.errors import InputError
from ekukit.planning.plan_limits import CostPart
from ekukit.planning.plan_step import PlanStep
from ekukit.planning.remedy_table import Party, SecurityPrice
from ekukit.planning.state_space import START, Done, StateSpace
from ekukit.planning.step_order import Explored, StepOrder, explored, losing_states
from ekukit.planning.trust_offers import FAR_PARTIES

# Beyond these the next plan would be dearer than anybody chooses.
MOST_SETS = 3000
Steps = frozenset[str]
Cost = tuple[object, ...]
_NEEDS = {service.id: service.needs for service in SERVICES}


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched: the space, what is wished, which steps may be used, what is cheap.

    `must` are parties without which no plan is: they count from the beginning.
    """

    space: StateSpace
    wishes: tuple[str, ...]
    allowed: Steps
    order: tuple[CostPart, ...] = tuple(CostPart)
    must: frozenset[Party] = frozenset()

    def unmet(self, done: Done) -> tuple[str, ...]:
        """Return the wishes that are not Active in a state."""
        states = self.space.states(done)
        return tuple(name for name in self.wishes if states[name] is not State.ACTIVE)

    def met(self, done: Done) -> bool:
        """Return whether every wish is Active, and no step lacks what belongs to it."""
        return not self.alone(done.steps) and not self.unmet(done)

    def alone(self, steps: Steps) -> Steps:
        """Return the steps that must be done, too, when these are."""
        return frozenset(
            other for name in steps for other in self.space.steps[name].together - steps
        )

    def cost(self, steps: Iterable[PlanStep], losses: int) -> Cost:
        """Return what is compared, the parts in their order; of prices the dearest counts first."""
        told = tuple(steps)
        prices = [step.row.price for step in told]
        parts: dict[CostPart, object] = {
            CostPart.LOSSES: losses,
            CostPart.PARTIES: len(self.must.union(*(step.parties for step in told))),
            CostPart.RESTARTS: sum(step.row.restarts for step in told),
            CostPart.PRICE: tuple(
                prices.count(price) for price in sorted(SecurityPrice, reverse=True) if price
            ),
            CostPart.STEPS: len(told),
        }
        return tuple(parts[part] for part in self.order)

    def flaws(self, steps: Steps, seen: Explored) -> frozenset[str]:
        """Return the steps of which every further set must have one."""
        if self.alone(steps):
            # One that is not allowed ends this way.
            some = sorted(self.alone(steps))[:1]
            return self._usable(steps, some)
        if not seen.ends:
            return self._usable(steps, self._providers(steps, seen.refused))
        return self._usable(steps, {s for end in seen.ends for s in self._wanting(end)})

    def softer(self, steps: Steps) -> frozenset[str]:
        """Return the steps of which a further set must have one to lose less on the way."""
        losing = losing_states(self.space, steps)
        return self._usable(steps, {s for done, name in losing for s in self._mending(done, name)})

    def _usable(self, steps: Steps, wanted: Iterable[str]) -> frozenset[str]:
        known = self.space.steps
        return frozenset(
            name for name in wanted
            if name in self.allowed and name not in steps
            and not any(known[name].collides(known[other]) for other in steps)
        )  # fmt: skip

    def _providers(self, steps: Steps, refused: Iterable[str]) -> set[str]:
        """Return what may let a page take what it refuses: its CAs in the list, a release."""
        found = set()
        for name in refused:
            late = self.space.steps[name]
            shown = {ca.identity for ca in late.shows}
            for other in self.space.steps.values():
                helps = other.row.id == "upgrade" and other.side is late.side
                helps |= bool(shown & {ca.identity for ca in other.trusts}) and bool(
                    {*late.addresses} & {*other.addresses}
                )
                if helps and other.id not in steps:
                    found.add(other.id)
        return found

    def _wanting(self, done: Done) -> frozenset[str]:
        choices = [self._mending(done, name) for name in self.unmet(done)]
        return min(choices, key=len, default=frozenset())

    def _mending(self, done: Done, name: str) -> frozenset[str]:
        needs = _NEEDS.get(name)
        if needs is None:
            return self.space.fixes(done, name)
        told = self.space.states(done)
        down = [need for need in needs if told[need] is not State.ACTIVE]
        return min((self.space.fixes(done, need) for need in down), key=len, default=frozenset())


@dataclass(slots=True)
class Frontier:
    """What is still to be looked at, the cheapest first; of equal ones by their names."""

    heap: list[tuple[Cost, bool, tuple[str, ...], int, StepOrder | None]] = field(
        default_factory=list
    )
    number: int = 0

    def push(self, cost: Cost, steps: Steps, order: StepOrder | None = None) -> None:
        """Add a set of steps, with its order when that is known."""
        self.number += 1
        entry = (cost, order is not None, tuple(sorted(steps)), self.number, order)
        heappush(self.heap, entry)

    def pop(self) -> tuple[Steps, StepOrder | None]:
        """Return the cheapest set, which is taken out."""
        _cost, _known, names, _number, order = heappop(self.heap)
        return frozenset(names), order


def plans(search: Search, ended: Callable[[], None] | None = None) -> Iterator[StepOrder]:
    """Yield the orders that meet every wish, the cheapest first; none has a step too many.

    After the MOST_SETS cheapest sets nothing dearer is looked for, and `ended` is called; raises
    InputError where none of them is a plan.
    """
    search = replace(search, must=_needed_parties(search))
    frontier = Frontier()
    frontier.push(search.cost((), 0), frozenset())
    seen: set[Steps] = set()
    found: list[tuple[Steps, int]] = []
    while frontier.heap:
        steps, order = frontier.pop()
        if _has_idle(steps, found, 0 if order is None else order.losses):
            continue
        if order is not None:
            found.append((steps, order.losses))
            yield order
        elif steps not in seen:
            seen.add(steps)
            if len(seen) > MOST_SETS:
                _give_up(search, found)
                if ended is not None:
                    ended()
                return
            _grow(search, frontier, steps)


def _needed_parties(search: Search) -> frozenset[Party]:
    """Return far ends' owners without whom one of several wishes cannot be met, whatever else."""
    unmet = search.unmet(START)
    if len(unmet) == 1 == len(search.wishes):
        return frozenset()
    found: set[Party] = set()
    for name in unmet:
        far = ROWS[name].far_end if name in ROWS else None
        party = FAR_PARTIES.get(far) if far else None
        if party is None or party in found:
            continue
        others = frozenset(n for n in search.allowed if party not in search.space.steps[n].parties)
        alone = replace(search, wishes=(name,), allowed=others)
        if next(plans(alone), None) is None:
            found.add(party)
    return frozenset(found)


def _give_up(search: Search, found: Iterable[object]) -> None:
    if not [*found]:
        msg = (
            f"no plan was found among the {MOST_SETS} cheapest sets of steps for "
            f"{len(search.wishes)} wishes; wish fewer at a time (--want), or exclude more (--never)"
        )
        raise InputError(msg)


def _has_idle(steps: Steps, found: Iterable[tuple[Steps, int]], losses: int) -> bool:
    """Return whether fewer of the same steps are known to do it without losing more."""
    return any(less <= steps and lost <= losses for less, lost in found)


def _grow(search: Search, frontier: Frontier, steps: Steps) -> None:
    looked = explored(search.space, steps, search.met)
    if looked.order is None:
        wanted = search.flaws(steps, looked)
    else:
        losses = looked.order.losses
        frontier.push(search.cost(looked.order.steps, losses), steps, looked.order)
        wanted = search.softer(steps) if losses else frozenset()
    for name in wanted:
        more = steps | {name}
        told = map(search.space.steps.__getitem__, more)
        frontier.push(search.cost(told, 0), more)
