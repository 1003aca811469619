"""Which plan comes first, and in which order its steps are done: on states that a table tells."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest

from ekukit.causes.part import CausePlace
from ekukit.certificates import CaCertificate
from ekukit.connections import State
from ekukit.connections.services import SERVICES
from ekukit.errors import InputError
from ekukit.expressway import Role
from ekukit.expressway.build import CA1, CA2
from ekukit.planning import plan_search
from ekukit.planning.plan_limits import CostPart
from ekukit.planning.plan_search import Frontier, Search, plans
from ekukit.planning.plan_step import Aspect, PlanStep
from ekukit.planning.remedy_table import REMEDY_ROWS, Party, SecurityPrice
from ekukit.planning.state_space import START, Done
from ekukit.planning.step_order import explored, losing_states

NONE, LOW, MIDDLE, HIGH = SecurityPrice
UP, NOT_UP, OPEN = State.ACTIVE, State.FAILED, State.UNKNOWN
ZONE, TUNNEL, TFTP, LOGIN = "uc-zone", "ssh-tunnel", "cucm-tftp", "mra-login"
PLAIN = replace(REMEDY_ROWS["mode-off"], rank=0, price=NONE, restarts=False, orders=False)


def step(name: str, **changes: object) -> PlanStep:
    """Return a step of Expressway at Core that costs nothing but itself."""
    row = {key: changes.pop(key) for key in ("rank", "price", "restarts") if key in changes}
    kind = REMEDY_ROWS[str(changes.pop("remedy", "mode-off"))]
    made = PlanStep(
        id=name, row=replace(PLAIN, id=kind.id, **row), place=CausePlace.SETTING, side=Role.CORE,
        peers=(), addresses=("a",), touches=frozenset(), change=lambda found: found,
        refusal=lambda _found: "", words={}, where="", parties=(Party.EXPRESSWAY,),
    )  # fmt: skip
    fields = {key: value for key, value in changes.items() if value is not None}
    return replace(made, **fields)  # type: ignore[arg-type]


@dataclass
class Space:
    """States by what is done: what is up, what is lost, what mends what, what must come before."""

    steps: dict[str, PlanStep]
    up: Callable[[str, frozenset[str]], bool] = lambda _name, _done: True
    falls: dict[str, set[str]] = field(default_factory=dict)
    mends: dict[str, set[str]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)
    names: tuple[str, ...] = (ZONE, TUNNEL, TFTP, "webex", "b2b-out")

    def after(self, done: Done, one: PlanStep) -> Done:
        """Return the state after one more step; an upgrade copies what was filled before it."""
        copied = done.copied | (done.steps & {"s"} if one.row.id == "upgrade" else frozenset())
        return Done(done.steps | {one.id}, copied)

    def refusal(self, done: Done, one: PlanStep) -> str:
        """Return why a step cannot be done yet."""
        return "not yet" if self.before.get(one.id, set()) - done.steps else ""

    def lost(self, done: Done) -> tuple[str, ...]:
        """Return what is down for now: each name with the steps that it is down after exactly."""
        return tuple(name for name, when in self.falls.items() if done.steps == when)

    def states(self, done: Done) -> dict[str, State]:
        """Return what is up."""
        told = {name: UP if self.up(name, done.steps) else NOT_UP for name in self.names}
        for service in SERVICES:
            needs = [told[name] for name in service.needs]
            told[service.id] = UP if set(needs) == {UP} else NOT_UP
        return told

    def fixes(self, _done: Done, name: str) -> frozenset[str]:
        """Return the steps of which one mends a connection."""
        return frozenset(self.mends.get(name, set()))


def space(*steps: PlanStep, **rest: object) -> Space:
    """Return a space of these steps."""
    return Space({one.id: one for one in steps}, **rest)  # type: ignore[arg-type]


def order(found: Space, *names: str, met: Callable[[Done], bool] = lambda _done: True) -> object:
    """Return the ids of the best order and its losses, None where there is none."""
    best = explored(found, frozenset(names), met).order  # type: ignore[arg-type]
    return best and ("".join(one.id for one in best.steps), best.losses)


A, B, C = step("a"), step("b"), step("c")


def test_steps_are_done_so_that_the_least_goes_down() -> None:
    """Counted after every step; of equal orders by rank, then by name."""
    assert order(space(A, B), "a", "b") == ("ab", 0)
    assert order(space(A, B, falls={ZONE: {"a"}}), "a", "b") == ("ba", 0)
    assert order(space(A, B, falls={ZONE: {"a"}, TUNNEL: {"b"}, TFTP: {"a"}}), "a", "b") == (
        "ba", 1)  # fmt: skip
    assert order(space(A, B, falls={ZONE: {"a", "b"}}), "a", "b") == ("ab", 1)
    early = step("z", rank=-1)
    assert order(space(A, early, step("m", rank=3)), "a", "z", "m") == ("zam", 0)
    assert order(space(A, B), *()) == ("", 0)


def test_an_order_that_is_longer_is_looked_at_before_one_of_lower_rank() -> None:
    """So that an end is reached; ranks decide between ends of equal losses."""
    late = step("b", rank=5)
    assert order(space(step("a", rank=9), late, C), "a", "b", "c") == ("cba", 0)


def test_what_is_refused_comes_later_and_is_told() -> None:
    """Where no order is taken at all there is no end."""
    found = explored(space(A, B, before={"a": {"b"}}), frozenset("ab"), lambda _done: True)  # type: ignore[arg-type]
    assert found.order is not None
    assert [one.id for one in found.order.steps] == ["b", "a"]
    assert [len(done.steps) for done in found.order.states] == [1, 2]
    assert found.order.end == found.ends[-1] == Done(frozenset("ab"))
    assert found.refused == {"a"}
    never = explored(space(A, B, before={"a": {"x"}}), frozenset("ab"), lambda _done: True)  # type: ignore[arg-type]
    assert (never.order, never.ends, never.refused) == (None, (), {"a"})


UPGRADE = step("u", remedy="upgrade")
FILLED = step("s", place=CausePlace.SERVER_STORE)


def test_every_end_is_tried_where_an_upgrade_copies_what_was_filled_before_it() -> None:
    """Two of them for one side; without such a step of that side the first end is the only one."""
    copied = Done(frozenset("su"), frozenset("s"))
    bare = Done(frozenset("su"))
    both = space(UPGRADE, FILLED)
    assert order(both, "s", "u", met=lambda done: done == copied) == ("su", 0)
    assert order(both, "s", "u", met=lambda done: done == bare) == ("us", 0)
    none = explored(both, frozenset("su"), lambda _done: False)  # type: ignore[arg-type]
    assert (none.order, set(none.ends)) == (None, {copied, bare})
    early = step("s", place=CausePlace.SERVER_STORE, rank=-1)
    many = space(UPGRADE, early, C, A)
    found = order(many, *"scua", met=lambda done: not done.copied)
    assert found == ("acus", 0)
    for other in (replace(FILLED, side=Role.EDGE), replace(FILLED, place=CausePlace.CLIENT_STORE)):
        asked: list[Done] = []

        def met(done: Done, asked: list[Done] = asked) -> bool:
            asked.append(done)
            return False

        apart = explored(space(UPGRADE, other), frozenset("su"), met)  # type: ignore[arg-type]
        assert (len(apart.ends), len(asked)) == (1, 1)


def test_each_state_in_which_something_is_lost_is_told() -> None:
    """By whatever order that is taken, what is refused left out."""
    found = space(
        A, B, C, falls={ZONE: {"a"}, TUNNEL: {"a", "b"}, TFTP: {"c"}}, before={"c": {"a"}}
    )
    told = losing_states(found, frozenset("abc"))  # type: ignore[arg-type]
    assert told == {(Done(frozenset("a")), ZONE), (Done(frozenset("ab")), TUNNEL)}
    here = space(A, falls={ZONE: set()})
    assert losing_states(here, frozenset()) == {(START, ZONE)}  # type: ignore[arg-type]


def search(
    found: Space, *wishes: str, allowed: Iterable[str] | None = None, **rest: object
) -> Search:
    """Return a search over a space."""
    names = frozenset(found.steps if allowed is None else allowed)
    return Search(found, wishes or (ZONE,), names, **rest)  # type: ignore[arg-type]


def test_costs_are_losses_parties_restarts_prices_and_steps() -> None:
    """Of prices the dearest counts first; in the order that is preferred."""
    steps = [
        step("a", price=LOW), step("b", price=HIGH, restarts=True, parties=(Party.CUCM,)),
        step("c", price=LOW, restarts=True, parties=(Party.CUCM, Party.EXPRESSWAY)), A,
    ]  # fmt: skip
    found = search(space(A))
    assert found.cost(steps, 7) == (7, 2, 2, (1, 0, 2), 4)
    assert found.cost((), 0) == (0, 0, 0, (0, 0, 0), 0)
    assert search(space(A), must=frozenset({Party.WEBEX})).cost([A], 0)[1] == 2
    turned = search(space(A), order=(CostPart.STEPS, CostPart.LOSSES))
    assert turned.cost(steps, 7) == (4, 7)


def sets(asked: Search, **rest: object) -> list[str]:
    """Return the plans, each by the ids of its steps in their order."""
    return ["".join(one.id for one in found.steps) for found in plans(asked, **rest)]  # type: ignore[arg-type]


def needing(**needs: Iterable[str]) -> Callable[[str, frozenset[str]], bool]:
    """Return what is up: a connection by the sets of steps of which one must be done."""
    named = {name.replace("_", "-"): sets_ for name, sets_ in needs.items()}
    return lambda name, done: any(set(one) <= done for one in named.get(name, [""]))


def test_plans_come_from_the_cheapest_on_and_none_has_a_step_too_many() -> None:
    """Of equal cost by name; more steps that do no better are no plan."""
    dear = step("c", price=LOW)
    found = space(A, B, dear, up=needing(uc_zone=("a", "b", "c")), mends={ZONE: {*"abc"}})
    assert sets(search(found)) == ["a", "b", "c"]
    assert sets(search(found, allowed="bc")) == ["b", "c"]
    assert sets(search(found, allowed="")) == []
    assert sets(search(replace(found, up=lambda _name, _done: True))) == [""]


def test_more_steps_are_a_plan_where_they_lose_less_on_the_way() -> None:
    """Though they cost more otherwise; with as many losses they are not."""
    up = needing(uc_zone=("a",))
    found = space(A, B, up=up, falls={TUNNEL: {"a"}}, mends={ZONE: {"a"}, TUNNEL: {"b"}})
    assert sets(search(found)) == ["ba", "a"]
    first = search(found, order=(CostPart.STEPS, CostPart.LOSSES))
    assert sets(first) == ["a", "ba"]
    as_many = replace(found, falls={TUNNEL: {"a"}, TFTP: {"a", "b"}})
    assert sets(search(as_many)) == ["a"]


def test_a_step_is_done_with_those_that_belong_to_it() -> None:
    """Where one of them is not allowed there is no such plan."""
    both = step("a", together=frozenset("b"))
    found = space(both, B, C, up=needing(uc_zone=("a", "c")), mends={ZONE: {"a", "c"}})
    assert sets(search(found)) == ["c", "ab"]
    assert sets(search(found, allowed="ac")) == ["c"]


TOUCHES = frozenset({("core", Aspect.CLIENT)})
ORDERING = next(row for row in REMEDY_ROWS.values() if row.orders).id


def test_two_certificates_for_one_store_are_never_one_plan() -> None:
    """For two stores they may be."""
    one = step("a", remedy=ORDERING, touches=TOUCHES)
    other = step("b", remedy=ORDERING, touches=TOUCHES)
    found = space(one, other, up=needing(uc_zone=("ab",)), mends={ZONE: {*"ab"}})
    assert sets(search(found)) == []
    apart = replace(other, touches=frozenset({("core", Aspect.SERVER)}))
    assert sets(search(replace(found, steps={"a": one, "b": apart}))) == ["ab"]
    listed = replace(other, touches=frozenset({("core", Aspect.TRUST)}))
    trusts = replace(one, touches=listed.touches)
    assert sets(search(replace(found, steps={"a": trusts, "b": listed}))) == ["ab"]
    setting = step("b", touches=TOUCHES)
    assert sets(search(replace(found, steps={"a": one, "b": setting}))) == ["ab"]


def test_of_a_service_the_need_with_the_fewest_remedies_is_mended_first() -> None:
    """As of wishes; what is up needs none."""
    found = space(
        A, B, C, up=needing(uc_zone=("a", "b"), ssh_tunnel=("c",)),
        mends={ZONE: {*"ab"}, TUNNEL: {"c"}, TFTP: set()},
    )  # fmt: skip
    assert sets(search(found, LOGIN)) == ["ac", "bc"]
    assert search(found, LOGIN)._wanting(START) == {"c"}
    assert search(found, ZONE, TUNNEL)._wanting(START) == {"c"}
    assert search(found, ZONE)._wanting(START) == {*"ab"}
    assert search(found, TFTP)._wanting(START) == frozenset()
    assert search(found, TFTP, LOGIN).unmet(START) == (LOGIN,)


def test_what_a_page_refuses_may_be_taken_after_its_cas_or_an_upgrade() -> None:
    """The CAs of its certificate, at the same system; an upgrade of its side."""
    shown = CA1.ca_certificates
    late = step("a", shows=shown)

    def helps(other: PlanStep) -> bool:
        found = space(late, other, up=needing(uc_zone=("ab",)), mends={ZONE: {"a"}},
                      before={"a": {"b"}})  # fmt: skip
        return sets(search(found)) == ["ba"]

    def listing(cas: tuple[CaCertificate, ...], **rest: object) -> PlanStep:
        return step("b", trusts=cas, **rest)

    assert helps(listing(shown))
    assert not helps(listing(CA2.ca_certificates))
    assert not helps(listing(shown, addresses=("elsewhere",)))
    assert helps(step("b", remedy="upgrade"))
    assert not helps(step("b", remedy="upgrade", side=Role.EDGE))
    assert not helps(step("b"))


def test_beyond_the_most_sets_nothing_dearer_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is told that it ended; without any plan until then an error says so."""
    steps = [step(name) for name in "abcd"]
    found = space(*steps, up=needing(uc_zone=("a", "bcd")), mends={ZONE: {*"abcd"}})
    ended: list[str] = []
    assert sets(search(found), ended=lambda: ended.append("ended")) == ["a", "bcd"]
    assert ended == []
    monkeypatch.setattr(plan_search, "MOST_SETS", 5)
    assert sets(search(found), ended=lambda: ended.append("ended")) == ["a"]
    assert ended == ["ended"]
    assert sets(search(found)) == ["a"]
    monkeypatch.setattr(plan_search, "MOST_SETS", 1)
    with pytest.raises(InputError, match="among the 1 cheapest sets of steps for 1 wishes; wish"):
        sets(search(found))


ASKED = step("w", parties=(Party.WEBEX,))


def test_who_must_act_in_any_case_costs_nothing_more() -> None:
    """Without Webex no plan meets its wish; a plan that asks it for both is no dearer for that."""
    up = needing(webex=("w",), uc_zone=("w", "a"))
    found = space(ASKED, A, up=up, mends={"webex": {"w"}, ZONE: {"w", "a"}})
    assert plan_search._needed_parties(search(found, "webex", ZONE)) == {Party.WEBEX}
    assert plan_search._needed_parties(search(found, "webex")) == frozenset()
    either = replace(found, up=needing(webex=("w", "a"), uc_zone=("w", "a")),
                     mends={"webex": {"w", "a"}, ZONE: {"w", "a"}})  # fmt: skip
    assert plan_search._needed_parties(search(either, "webex", ZONE)) == frozenset()
    met = replace(found, up=needing(webex=("",), uc_zone=("a",)))
    assert plan_search._needed_parties(search(met, "webex", ZONE)) == frozenset()
    one_unmet = replace(found, up=needing(webex=("w",), uc_zone=("",)))
    assert plan_search._needed_parties(search(one_unmet, "webex", ZONE)) == {Party.WEBEX}
    never = replace(found, up=needing(webex=("w",), uc_zone=("x",)))
    assert plan_search._needed_parties(search(never, "webex", ZONE)) == {Party.WEBEX}
    assert plan_search._needed_parties(search(never, "webex", LOGIN)) == {Party.WEBEX}
    both = search(found, "webex", "b2b-out")
    assert plan_search._needed_parties(both) == {Party.WEBEX}


def test_a_frontier_gives_the_cheapest_and_of_equal_ones_what_is_not_yet_done() -> None:
    """Then by names."""
    found = Frontier()
    known = explored(space(B), frozenset("b"), lambda _done: True).order  # type: ignore[arg-type]
    found.push((1,), frozenset("b"), known)
    found.push((1,), frozenset("d"))
    found.push((1,), frozenset("c"))
    found.push((0,), frozenset("e"))
    found.push((0,), frozenset("e"))
    assert known is not None
    later = replace(known, losses=9)
    found.push((2,), frozenset("b"), known)
    found.push((2,), frozenset("b"), later)
    popped = [found.pop() for _ in range(7)]
    assert ["".join(names) for names, _order in popped] == ["e", "e", "c", "d", "b", "b", "b"]
    assert [one for _names, one in popped] == [None, None, None, None, known, known, later]
