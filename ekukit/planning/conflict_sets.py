"""Which limits together make a wish impossible, the smallest sets of them, and what is left."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import combinations

from ekukit.connections.services import SERVICES
from ekukit.planning.plan_search import Search, Steps, plans
from ekukit.planning.step_order import StepOrder, explored

Limits = frozenset[str]


def conflicts(search: Search, limits: Limits) -> tuple[Limits, ...]:
    """Return the smallest sets of limits that exclude every way, none when there is one.

    One empty set means that no step that is known meets the wishes, whatever is allowed. Raises
    nothing.
    """
    ways = _ways(search, limits)
    if frozenset() in ways:
        return ()
    return tuple(_hitting(ways))


def _ways(search: Search, limits: Limits) -> list[Limits]:
    """Return of every way the limits that exclude it, none that others are a part of."""
    known = search.space.steps
    every = replace(search, allowed=frozenset(known))
    heap: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
    seen: set[Steps] = set()
    found: list[Limits] = []
    while heap:
        *_, names = heappop(heap)
        steps = frozenset(names)
        against = _against(every, steps, limits)
        if steps in seen or any(less <= against for less in found):
            continue
        seen.add(steps)
        looked = explored(every.space, steps, every.met)
        if looked.order is not None:
            found.append(against)
            continue
        for name in every.flaws(steps, looked):
            more = steps | {name}
            size = len(_against(every, more, limits))
            heappush(heap, (size, len(more), tuple(sorted(more))))
    return found


def _against(search: Search, steps: Steps, limits: Limits) -> Limits:
    return frozenset(limit for name in steps for limit in search.space.steps[name].limits & limits)


def _hitting(ways: list[Limits]) -> Iterator[Limits]:
    """Yield the smallest sets that have a member of each way, none that holds another."""
    every = sorted(frozenset().union(*ways))
    found: list[Limits] = []
    for size in range(len(every) + 1):
        for some in map(frozenset, combinations(every, size)):
            if all(some & way for way in ways) and not any(less <= some for less in found):
                found.append(some)
                yield some


def best_within(search: Search) -> tuple[StepOrder, tuple[str, ...]]:
    """Return the cheapest order that meets as many wishes as can be, and those that it leaves."""
    alone = [name for name in search.wishes if _first(replace(search, wishes=(name,)))]
    for size in range(len(alone), 0, -1):
        orders = []
        for some in combinations(alone, size):
            order = _first(replace(search, wishes=some))
            if order is not None:
                orders.append((search.cost(order.steps, order.losses), some, order))
        if orders:
            _cost, some, order = min(orders, key=lambda one: one[:2])
            return order, tuple(name for name in search.wishes if name not in some)
    return StepOrder((), (), 0), search.wishes


def lacking(search: Search, unmet: Iterable[str]) -> tuple[str, ...]:
    """Return the connections for which nothing is left; of what a service needs those alone."""
    found: dict[str, None] = {}
    for name in unmet:
        needs = next((one.needs for one in SERVICES if one.id == name), (name,))
        without = [need for need in needs if _first(replace(search, wishes=(need,))) is None]
        found |= dict.fromkeys(without or needs)
    return tuple(found)


def _first(search: Search) -> StepOrder | None:
    return next(iter(plans(search)), None)


def really_different(orders: Iterable[StepOrder], most: int) -> tuple[StepOrder, ...]:
    """Return orders of which no two take the same remedies on the same sides, the first of each."""
    found: dict[frozenset[tuple[str, object]], StepOrder] = {}
    for order in orders:
        found.setdefault(frozenset((step.row.id, step.side) for step in order.steps), order)
        if len(found) == most:
            break
    return tuple(found.values())
