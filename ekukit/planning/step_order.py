"""The order in which given steps are done, so that as little as can be goes down on the way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from ekukit.causes.part import CausePlace
from ekukit.expressway import Role
from ekukit.planning.plan_step import PlanStep
from ekukit.planning.state_space import START, Done, StateSpace

Met = Callable[[Done], bool]


@dataclass(frozen=True, slots=True)
class StepOrder:
    """Steps in their order with the state after each; `losses` is counted after every step."""

    steps: tuple[PlanStep, ...]
    states: tuple[Done, ...]
    losses: int

    @property
    def end(self) -> Done:
        """Return the state after the last step."""
        return self.states[-1] if self.states else START


@dataclass(frozen=True, slots=True)
class Explored:
    """What orders of given steps come to: the best that is meant, every end, what was refused."""

    order: StepOrder | None
    ends: tuple[Done, ...]
    refused: frozenset[str]


def explored(space: StateSpace, steps: frozenset[str], met: Met) -> Explored:
    """Return the order with the fewest losses after which `met` holds, None for none.

    Of equal ones preparations come first: far ends, then lists of trusted CAs, then settings, then
    certificates.
    """
    most_ends = 1 << len(_copying(space, steps))
    best: dict[Done, StepOrder] = {}
    heap: list[tuple[int, int, tuple[int, ...], int, StepOrder]] = []
    heappush(heap, (0, 0, (), 0, StepOrder((), (), 0)))
    ends: list[Done] = []
    refused: set[str] = set()
    number = 0
    while heap:
        *_, order = heappop(heap)
        done = order.end
        if done in best:
            continue
        best[done] = order
        if done.steps == steps:
            if met(done):
                return Explored(order, (*ends, done), frozenset(refused))
            ends.append(done)
            if len(ends) == most_ends:
                break
        for step in _ranked(space, steps - done.steps):
            if space.refusal(done, step):
                refused.add(step.id)
                continue
            number += 1
            new = _longer(space, order, step)
            ranks = tuple(one.row.rank for one in new.steps)
            heappush(heap, (new.losses, -len(new.steps), ranks, number, new))
    return Explored(None, tuple(ends), frozenset(refused))


def _copying(space: StateSpace, steps: Iterable[str]) -> set[Role | None]:
    """Return the sides on which it depends on the order what an upgrade copies."""
    told = [space.steps[name] for name in steps]
    upgraded = {step.side for step in told if step.row.id == "upgrade"}
    filled = {step.side for step in told if step.place is CausePlace.SERVER_STORE}
    return upgraded & filled


def _ranked(space: StateSpace, names: Iterable[str]) -> list[PlanStep]:
    return sorted(map(space.steps.__getitem__, names), key=lambda step: (step.row.rank, step.id))


def _longer(space: StateSpace, order: StepOrder, step: PlanStep) -> StepOrder:
    new = space.after(order.end, step)
    losses = order.losses + len(space.lost(new))
    return StepOrder((*order.steps, step), (*order.states, new), losses)


def losing_states(space: StateSpace, steps: frozenset[str]) -> frozenset[tuple[Done, str]]:
    """Return every state on the way in which something is lost, by any order, with what it is."""
    seen, waiting = {START}, [START]
    found = set()
    while waiting:
        done = waiting.pop()
        found |= {(done, name) for name in space.lost(done)}
        for name in steps - done.steps:
            step = space.steps[name]
            if not space.refusal(done, step):
                new = space.after(done, step)
                if new not in seen:
                    seen.add(new)
                    waiting.append(new)
    return frozenset(found)
