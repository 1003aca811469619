"""The plan that mends what a renewal takes down, and what of it has to be waited for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ekukit.causes.system_words import listed, title_of
from ekukit.diagnosis.planned_case import PlanStart
from ekukit.errors import InputError
from ekukit.expressway import Role
from ekukit.planning.lead_times import LeadKind
from ekukit.planning.offers import offers
from ekukit.planning.plan_search import Search, plans
from ekukit.planning.state_space import START, StateSpace
from ekukit.planning.step_order import StepOrder


@dataclass(frozen=True, slots=True)
class MendingPlan:
    """The cheapest plan by rules: ids of its steps in order, and kinds of waiting that they need.

    `unmet` are ids of what no step that is known brings back.
    """

    steps: tuple[str, ...] = ()
    leads: frozenset[LeadKind] = frozenset()
    unmet: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return its steps, each by node, place and remedy, and what none brings back."""
        left = listed(map(title_of, self.unmet))
        told = f"nothing known brings back {left}" if left else ""
        return "; ".join(filter(None, (listed(map(_step_words, self.steps)), told)))


@dataclass(slots=True)
class Mender:
    """Plans for one deployment in which something is down; each wish is planned for once."""

    start: PlanStart
    _space: StateSpace = field(init=False)
    _found: dict[tuple[str, ...], MendingPlan | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look once what can be done in the deployment."""
        found = self.start.deployment
        steps = {step.id: step for step in offers(found)}
        self._space = StateSpace(found, steps, self.start.rows)

    def plan(self, wishes: Iterable[str]) -> MendingPlan | None:
        """Return the cheapest plan for what went down, None when nothing of it can be judged.

        Where no plan mends all of it at once, the steps are those that mend each by itself.
        """
        states = self._space.states(START)
        wanted = tuple(name for name in dict.fromkeys(wishes) if name in states)
        if wanted not in self._found:
            self._found[wanted] = self._searched(wanted) if wanted else None
        return self._found[wanted]

    def _searched(self, wanted: tuple[str, ...]) -> MendingPlan:
        whole = self._cheapest(wanted)
        if whole is not None:
            return _plan_of([whole], ())
        each = {name: self._cheapest((name,)) for name in wanted}
        unmet = tuple(name for name, order in each.items() if order is None)
        return _plan_of([order for order in each.values() if order is not None], unmet)

    def _cheapest(self, wanted: tuple[str, ...]) -> StepOrder | None:
        search = Search(self._space, wanted, frozenset(self._space.steps))
        try:
            return next(plans(search), None)
        except InputError:
            # So many sets of steps come into question that the search gave up.
            return None


def _plan_of(orders: Iterable[StepOrder], unmet: tuple[str, ...]) -> MendingPlan:
    steps = {step.id: step.row.lead for order in orders for step in order.steps}
    return MendingPlan(tuple(steps), frozenset(steps.values()), unmet)


def _step_words(name: str) -> str:
    """Return the id of a step in words: node and place, then the remedy; no name stands in it."""
    first, *rest = name.split(".")
    side = first.capitalize() if first.capitalize() in set(Role) else first
    told = [re.sub(r"\bca\b", "CA", part.replace("-", " ")) for part in (side, *rest)]
    return ": ".join(filter(None, (" ".join(told[:-1]), told[-1])))
