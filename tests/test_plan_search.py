"""Plans are the cheapest that there are: searched by rules, held against brute force."""

from dataclasses import replace
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ekukit.certificates import EkuProfile
from ekukit.connections import Outcome, State, predict
from ekukit.errors import InputError
from ekukit.expressway import Choices, Deployment, Mode, Release, Slot, Trust, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.facts import ledger
from ekukit.planning import (
    REMEDIES,
    ChangePlan,
    CostPart,
    DisagreementError,
    PlanLimit,
    PlanQuestion,
    make_plan,
    plan_search,
)
from ekukit.planning.conflict_sets import conflicts
from ekukit.planning.offers import offers
from ekukit.planning.plan_answer import by_handshakes
from ekukit.planning.plan_search import Search, Steps, plans
from ekukit.planning.state_space import START, StateSpace

SERVICES = ("mra-login", "webrtc-proxy")
SLOTS = st.builds(Slot, st.sampled_from(("internal", "public")),
                  st.sampled_from((EkuProfile.BOTH, EkuProfile.SERVER)))  # fmt: skip
CHOICES = st.builds(
    Choices, SLOTS, SLOTS, SLOTS, SLOTS,
    core_checking=st.sampled_from(Mode), edge_checking=st.sampled_from(Mode),
    release=st.sampled_from(Release),
)  # fmt: skip
WISHES = ("uc-zone", "ssh-tunnel", "cucm-tftp", "neighbor-in", "webex", "b2b-in", "mra-login")


def ids(plan: ChangePlan) -> list[str]:
    """Return the steps of a plan by id."""
    return [shown.step.id for shown in plan.steps]


def search_of(
    deployment: Deployment, wishes: tuple[str, ...] = (), never: frozenset[str] = frozenset()
) -> Search:
    """Return a search over all steps but the excluded ones; without wishes for everything."""
    steps = {step.id: step for step in offers(deployment)}
    space = StateSpace(deployment, steps)
    allowed = frozenset(name for name, step in steps.items() if not step.limits & never)
    return Search(space, wishes or tuple(space.states(START)), allowed)


def active(outcomes: tuple[Outcome, ...]) -> set[tuple[str, str, str]]:
    """Return what is Active, by pair of systems."""
    return {(o.connection, o.initiator, o.responder) for o in outcomes if o.state is State.ACTIVE}


def tried(search: Search, names: tuple[str, ...]) -> int | None:
    """Do steps one after another by the rules; return the losses, None if it does not do."""
    deployment = search.space.start
    start, losses = active(predict(deployment)), 0
    for name in names:
        step = search.space.steps[name]
        if step.refusal(deployment):
            return None
        deployment = step.change(deployment)
        losses += len({gone for gone, *_ in start - active(predict(deployment))})
    if any(search.space.steps[name].together - {*names} for name in names):
        return None
    told = predict(deployment)
    down = {o.connection for o in told if o.state is not State.ACTIVE}
    return None if down & {*search.wishes} else losses


def by_force(search: Search) -> dict[Steps, int]:
    """Return every set of allowed steps that does what is wished, with its fewest losses."""
    found: dict[Steps, int] = {}
    for size in range(len(search.allowed) + 1):
        for some in combinations(sorted(search.allowed), size):
            steps = [search.space.steps[name] for name in some]
            if any(a.collides(b) for a, b in combinations(steps, 2)):
                continue
            losses = [lost for order in permutations(some)
                      if (lost := tried(search, order)) is not None]  # fmt: skip
            if losses:
                found[frozenset(some)] = min(losses)
    return found


def expected_of(forced: dict[Steps, int]) -> dict[Steps, int]:
    """Return the sets that have no step too many: none of them loses as little with fewer."""
    return {
        one: lost for one, lost in forced.items()
        if not any(less < one and forced[less] <= lost for less in forced)
    }  # fmt: skip


def found_by(search: Search) -> dict[Steps, int]:
    """Return every set of steps that the search finds, with what it loses on the way."""
    return {frozenset(s.id for s in order.steps): order.losses for order in plans(search)}


R4 = ("edge.trusted-ca.other-public-ca", "core.trusted-ca.other-public-ca")
OLD = ("core.server-store.other-public-ca", *R4)


@pytest.mark.parametrize(
    ("release", "wish", "allowed", "losses"),
    [
        ("X15.5", "ssh-tunnel", ("core.client-store.private-ca", "edge.mode-off",
                                 "core.client-store.other-public-ca", *R4), [0, 0]),
        ("X15.5", "uc-zone", ("core.client-store.private-ca", "edge.mode-off",
                              "core.client-store.other-public-ca", *R4), [0, 0, 0]),
        ("X15.5", "mra-login", ("cucm.trusted-ca.other-public-ca", "edge.mode-off",
                                "core.client-store.other-public-ca", *R4), [0]),
        # One store for both roles: the neighbor must trust its new CA, or its zone goes down.
        ("X15.4", "ssh-tunnel", OLD, [2]),
        ("X15.4", "ssh-tunnel", ("neighbor.trusted-ca.other-public-ca", *OLD), [1, 2]),
        ("X15.4", "ssh-tunnel", ("core.upgrade", "edge.upgrade", "core.client-store.private-ca",
                                 "core.server-store.private-ca"), None),
    ],
)  # fmt: skip
def test_of_known_steps_every_set_that_does_it_is_found(
    release: str, wish: str, allowed: tuple[str, ...], losses: list[int] | None
) -> None:
    """Held against all orders of all sets, where there are several ways and some lose more."""
    start = build(condition("C2", release=release))
    search = replace(search_of(start, (wish,)), allowed=frozenset(allowed))
    expected = expected_of(by_force(search))
    assert found_by(search) == expected
    assert all(expected)
    assert losses is None or sorted(expected.values()) == losses


@settings(max_examples=15)
@given(CHOICES, st.sampled_from(WISHES), st.data())
def test_brute_force_finds_nothing_cheaper_and_nothing_of_the_same_cost(
    choices: Choices, wish: str, data: st.DataObject
) -> None:
    """Over all orders of all sets of five steps the search misses no set that is not idle."""
    search = search_of(build(choices), (wish,))
    offered = sorted(search.allowed)
    near = [
        name
        for name in offered
        if name.startswith(("core.client", "edge.mode", "core.up", "edge.up"))
    ]
    more = st.lists(st.sampled_from(offered), min_size=5, max_size=5, unique=True)
    some = frozenset([*near, *data.draw(more)][:5])
    search = replace(search, allowed=some)
    assert found_by(search) == expected_of(by_force(search))


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("wishes", [("mra-login",), ("uc-zone",), ("webex",), ()])
def test_removing_any_step_breaks_the_promise(name: str, wishes: tuple[str, ...]) -> None:
    """Without it a wish is not met, more is lost, or another step is refused."""
    search = search_of(build(condition(name)), wishes)
    for _, order in zip(range(3), plans(search), strict=False):
        names = [step.id for step in order.steps]
        assert tried(search, tuple(names)) == order.losses
        for place in range(len(names)):
            fewer = tuple(names[:place] + names[place + 1 :])
            lost = tried(search, fewer)
            assert lost is None or lost > order.losses


@pytest.mark.parametrize("name", CONDITIONS)
def test_applying_a_plan_to_its_start_gives_its_end(name: str) -> None:
    """Step by step the handshakes come to the states that are shown."""
    answer = make_plan(build(condition(name)), PlanQuestion(want=SERVICES))
    assert answer.plans
    for plan in answer.plans:
        deployment = answer.start.deployment
        for shown in plan.steps:
            assert shown.before.deployment == deployment
            deployment = shown.step.change(deployment)
            made = by_handshakes(deployment, PlanQuestion().rows)
            worst: dict[str, set[State]] = {}
            for outcome in made:
                worst.setdefault(outcome.connection, set()).add(outcome.state)
            told = {n: {s} for n, s in shown.after.states.items() if n not in SERVICES}
            assert told == worst
        assert plan.end.deployment == deployment
        assert all(plan.end.states[wish] is State.ACTIVE for wish in SERVICES)


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("wish", [*SERVICES, "ssh-tunnel", "webex", "b2b-out", ""])
def test_every_conflict_set_is_minimal(name: str, wish: str) -> None:
    """With it there is no plan, without any one of its limits there is one."""
    limits = frozenset(PlanLimit)
    deployment = build(condition(name))
    search = search_of(deployment, (wish,) if wish else (), limits)
    found = conflicts(search, limits)
    assert (next(plans(search), None) is None) == bool(found)
    for conflict in found:
        assert next(plans(search_of(deployment, search.wishes, conflict)), None) is None
        for limit in conflict:
            less = search_of(deployment, search.wishes, conflict - {limit})
            assert next(plans(less), None) is not None


def test_a_deployment_that_does_what_is_wished_gives_one_plan_without_steps() -> None:
    """Condition 1 works as it is."""
    answer = make_plan(build(condition("C1")), PlanQuestion())
    assert [ids(plan) for plan in answer.plans] == [[]]
    assert answer.conflicts is None


def test_mra_in_condition_2_takes_one_private_certificate_for_core() -> None:
    """It is condition 2.1 (R1); another public issuer takes four steps and CUCM."""
    answer = make_plan(build(condition("C2")), PlanQuestion(want=SERVICES))
    assert [ids(plan) for plan in answer.plans] == [
        ["core.client-store.private-ca"],
        ["cucm.trusted-ca.other-public-ca", "core.trusted-ca.other-public-ca",
         "edge.trusted-ca.other-public-ca", "core.client-store.other-public-ca"],
    ]  # fmt: skip


def test_tunnels_are_impossible_without_private_and_new_public_issuers() -> None:
    """They need clientAuth in Core's client store (E7); mode Off does not help (TC2)."""
    never = ("private-ca", "new-public-issuer", "upgrade")
    answer = make_plan(build(condition("C2")), PlanQuestion(want=("ssh-tunnel",), never=never))
    assert answer.conflicts == ({"private-ca", "new-public-issuer"},)
    assert answer.best is not None
    assert (ids(answer.best), answer.unmet) == ([], ("ssh-tunnel",))


def test_the_best_within_limits_brings_up_what_can_be() -> None:
    """Mode Off brings up both zones of condition 2, and the tunnels stay failed."""
    never = ("private-ca", "new-public-issuer")
    question = PlanQuestion(want=("uc-zone", "ssh-tunnel", "traversal-mtls"), never=never)
    answer = make_plan(build(condition("C2")), question)
    assert answer.best is not None
    assert (ids(answer.best), answer.unmet) == (["edge.mode-off"], ("ssh-tunnel",))


def test_a_preferred_price_comes_before_parties() -> None:
    """Without it mode Off, which needs one party, is the first plan for the zone."""
    start, zone = build(condition("C2")), ("uc-zone",)
    plain = make_plan(start, PlanQuestion(want=zone))
    dear = make_plan(start, PlanQuestion(want=zone, prefer=(CostPart.PRICE,)))
    assert ids(plain.plans[0]) == ["edge.mode-off"]
    assert ids(dear.plans[0]) == ["core.client-store.private-ca"]


def test_a_list_gets_its_ca_before_the_page_is_asked() -> None:
    """The page refuses a certificate whose chain is not in the list (T6)."""
    answer = make_plan(
        build(condition("C2")), PlanQuestion(want=("ssh-tunnel",), never=("private-ca",))
    )
    places = [shown.step.place.value for shown in answer.plans[0].steps]
    assert places == ["trusted-ca", "trusted-ca", "client-store"]


def test_nothing_that_works_goes_down_when_cucm_trusts_the_new_ca_first() -> None:
    """MRA works; a tunnel is wished of which Edge lacks the CA, with CUCM trusting CA 2 alone."""
    choices = condition("C1").with_far_end("cucm", trusts=Trust.PUBLIC)
    start = build(replace(choices, core_client=Slot("public", EkuProfile.BOTH)))
    name = "core.client-store.private-ca"
    search = search_of(start, ("mra-login",))
    assert tried(search, (name,)) is None
    assert tried(search, ("cucm.trusted-ca.private-ca", name)) == 0


def test_rules_and_handshakes_that_differ_are_an_error() -> None:
    """No plan is shown of which a state was not confirmed."""

    def lying(deployment: Deployment, rows: tuple) -> tuple[Outcome, ...]:  # type: ignore[type-arg]
        made = by_handshakes(deployment, rows)
        return (replace(made[0], state=State.UNKNOWN), *made[1:])

    with pytest.raises(DisagreementError, match="UC traversal zone: the rules say Failed"):
        make_plan(build(condition("C2")), PlanQuestion(want=("uc-zone",)), lying)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (PlanQuestion(want=("mra-logni",)), "mra-login"),
        (PlanQuestion(never=("private",)), "private-ca"),
        (PlanQuestion(only_ca="Nobody's CA"), "known are: CA 1"),
    ],
)
def test_a_word_that_is_not_known_is_answered_with_those_that_are(
    question: PlanQuestion, words: str
) -> None:
    """Wishes, limits and CAs alike."""
    with pytest.raises(InputError, match=words):
        make_plan(build(condition("C2")), question)


def broken() -> tuple[Deployment, ...]:
    """Return deployments in which every remedy has something to mend."""
    far = condition("C2").with_far_end("partner", presents=Slot("public", EkuProfile.SERVER))
    named = build(condition("C2.1")).with_edge(verify_subject_name="no.one")
    expired = named.edge[0].server
    assert expired.certificate is not None
    old = replace(expired.certificate, not_after=expired.certificate.not_before)
    unreached = replace(named.network, dropped=frozenset({7001}), resolves=False)
    return (
        build(far),
        build(condition("C2", release="X15.4")),
        named,
        named.with_edge(server=replace(expired, certificate=old)),
        replace(named, network=unreached),
    )


def test_every_remedy_of_the_table_is_offered_where_it_mends_something() -> None:
    """A row that nothing offers would be idle; a step that changes nothing would be, too."""
    offered = [(start, step) for start in broken() for step in offers(start)]
    assert {step.row.id for _, step in offered} == {row.id for row in REMEDIES}
    idle = [step.id for start, step in offered
            if not step.refusal(start) and step.change(start) == start]  # fmt: skip
    assert idle == []
    assert [step.id for _, step in offered if "{" in step.do] == []


def test_facts_of_the_table_are_in_the_ledger() -> None:
    """Every remedy rests on a source or says that it is general practice."""
    known = ledger()
    assert {name for row in REMEDIES for name in row.facts if name not in known} == set()


def test_of_a_cluster_only_the_peers_at_fault_get_a_new_certificate() -> None:
    """Each has its own host name, and the cluster's beside it (E8)."""
    whole = build(condition("C2", core_peers=2))
    second = replace(whole, core=(build(condition("C2.1", core_peers=2)).core[0], whole.core[1]))
    every = make_plan(whole, PlanQuestion(want=("ssh-tunnel",))).plans[0].steps[0].step
    one = make_plan(second, PlanQuestion(want=("ssh-tunnel",))).plans[0].steps[0].step
    assert every.peers == ("core.example.com", "core2.example.com")
    assert "each Core peer's client certificate" in every.do
    assert "its own host name and cluster-core.example.com" in every.do
    assert one.peers == ("core2.example.com",)


def test_an_upgrade_is_one_of_both_sides() -> None:
    """Both nodes get the same release (R7); where one may not be upgraded, none is."""
    start = build(condition("C2", release="X15.4"))
    wish, never = ("ssh-tunnel",), ("core.server-store.private-ca", "new-public-issuer")
    plan = make_plan(start, PlanQuestion(want=wish, never=never)).plans[0]
    assert {node.release for node in (*plan.end.deployment.core, *plan.end.deployment.edge)} == {
        Release.X15_5
    }
    none = make_plan(start, PlanQuestion(want=wish, never=(*never, "edge.upgrade")))
    assert none.plans == ()
    assert none.conflicts == (frozenset((*never, "edge.upgrade")),)


def test_a_search_that_was_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found by then is the cheapest; where nothing was found, it is told to wish less."""
    start, wish = build(condition("C2")), ("mra-login",)
    assert not make_plan(start, PlanQuestion(want=wish)).is_cut
    monkeypatch.setattr(plan_search, "MOST_SETS", 3)
    cut = make_plan(start, PlanQuestion(want=wish))
    assert cut.is_cut
    assert [ids(plan) for plan in cut.plans] == [["core.client-store.private-ca"]]
    monkeypatch.setattr(plan_search, "MOST_SETS", 0)
    with pytest.raises(InputError, match="wish fewer at a time"):
        make_plan(start, PlanQuestion(want=wish))
