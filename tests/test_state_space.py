"""What steps lead to: states by rules, each judged once by what it may notice of them."""

from dataclasses import replace
from typing import Any

import pytest
from test_attempts import CLUSTERS, OUT, SOUND, far, with_ekus
from test_plan_order import step

from ekukit.certificates import SERVER_AUTH
from ekukit.connections import CATALOG, Cause, EkuCheck, Side, State, connection
from ekukit.expressway import Deployment, FarEndKind, Knowledge, Mode, Release, Role
from ekukit.expressway.network import Network
from ekukit.planning import state_space
from ekukit.planning.plan_step import Aspect, PlanStep
from ekukit.planning.state_space import START, Done, StateSpace

UP, NOT_UP, OPEN = State.ACTIVE, State.FAILED, State.UNKNOWN
ZONE, TUNNEL, TFTP = "uc-zone", "ssh-tunnel", "cucm-tftp"
CORE, EDGE = SOUND.core[0].address, SOUND.edge[0].address
ROWS = tuple(connection(name) for name in (ZONE, TUNNEL, TFTP, OUT))


def at(name: str, address: str, *aspects: Aspect, **changes: object) -> PlanStep:
    """Return a step that changes aspects of one system."""
    touches = frozenset((address, aspect) for aspect in aspects)
    addresses = (address,) if address else ()
    return step(name, addresses=addresses, touches=touches, **changes)


def of(*steps: PlanStep, start: Deployment = SOUND, rows: tuple[Any, ...] = ROWS) -> StateSpace:
    """Return a space of these steps."""
    return StateSpace(start, {one.id: one for one in steps}, rows)


def done(space: StateSpace, *names: str) -> Done:
    """Return the state after steps, in this order."""
    found = START
    for name in names:
        found = space.after(found, space.steps[name])
    return found


def lacking(deployment: Deployment) -> Deployment:
    """Return the deployment whose Core shows no clientAuth."""
    return with_ekus(deployment, SERVER_AUTH)


LOSE = at("lose", CORE, Aspect.CLIENT, change=lacking)
OFF = at("off", EDGE, Aspect.CHECK, change=lambda found: found.with_edge(eku_checking=Mode.OFF))


def test_rows_that_no_pair_of_systems_has_are_left_out() -> None:
    """Of one node there is no cluster, of no far end no call."""
    names = {row.id for row in of(rows=CATALOG).rows}
    assert names == {row.id for row in CATALOG} - {"cluster"}
    assert "cluster" in {row.id for row in of(start=CLUSTERS, rows=CATALOG).rows}


def test_a_state_is_the_steps_that_are_done() -> None:
    """In whatever order; its deployment is made once."""
    made = []
    one = at("a", CORE, Aspect.NAME, change=lambda found: made.append(1) or found)
    space = of(one, OFF)
    first, other = done(space, "a", "off"), done(space, "off", "a")
    assert first == other == Done(frozenset({"a", "off"}))
    assert space.after(START, one) == Done(frozenset({"a"}))
    assert len(made) == 1
    assert space.deployment(first).edge[0].eku_checking is Mode.OFF
    assert space.deployment(START) is SOUND


def test_an_upgrade_copies_server_stores_that_were_filled_before_it() -> None:
    """Those of its own side (S4); other steps before it are not told apart."""
    up = at("up", CORE, Aspect.RELEASE, remedy="upgrade")
    filled = at("filled", CORE, Aspect.TRUST, Aspect.SERVER)
    other = at("other", CORE, Aspect.CLIENT)
    edge = at("edge", EDGE, Aspect.SERVER, side=Role.EDGE)
    space = of(up, filled, other, edge)
    every = ("filled", "other", "edge")
    assert done(space, *every, "up").copied == frozenset({"filled"})
    assert done(space, "up", *every).copied == frozenset()
    assert done(space, *every).copied == frozenset()
    assert done(space, "filled", "up", "other").copied == frozenset({"filled"})


def test_what_an_upgrade_copied_is_judged_as_it_was_then() -> None:
    """A server store that is filled before it is in the client store after it."""

    def fill(found: Deployment) -> Deployment:
        core = found.core[0]
        store = replace(core.server, certificate=lacking(SOUND).core[0].client.certificate)
        return replace(found, core=(replace(core, server=store),))

    def copy(found: Deployment) -> Deployment:
        core = found.core[0]
        store = replace(core.client, certificate=core.server.certificate)
        return replace(found, core=(replace(core, client=store),))

    filled = at("filled", CORE, Aspect.SERVER, change=fill)
    up = at("up", CORE, Aspect.RELEASE, remedy="upgrade", change=copy)
    space = of(filled, up)
    assert space.states(done(space, "filled", "up"))[ZONE] is NOT_UP
    assert space.states(done(space, "up", "filled"))[ZONE] is UP


def test_of_states_the_worst_and_the_best_count() -> None:
    """Failed is worse than Unknown, Unknown than Active."""
    for order in ((UP, OPEN, NOT_UP), (NOT_UP, OPEN, UP)):
        assert [state_space._worst(order), state_space._best(order)] == [NOT_UP, UP]
        assert [state_space._worst(order[:2]), state_space._best(order[1:])] == [
            *((OPEN, OPEN) if order[0] is UP else (NOT_UP, UP))]  # fmt: skip
        assert [state_space._worst(order[1:]), state_space._best(order[:2])] == [
            *((NOT_UP, UP) if order[0] is UP else (OPEN, OPEN))]  # fmt: skip


def test_why_a_step_cannot_be_done_is_asked_once_for_what_it_may_notice() -> None:
    """Steps of its own systems, that is."""
    asked: list[int] = []

    def refusal(found: Deployment) -> str:
        asked.append(1)
        return "" if found.core[0].eku_checking is Mode.OFF else "first set it Off"

    here = at("here", CORE, Aspect.CLIENT, refusal=refusal)
    first = at("first", CORE, Aspect.CHECK,
               change=lambda found: found.with_core(eku_checking=Mode.OFF))  # fmt: skip
    space = of(here, first, OFF)
    assert space.refusal(START, here) == "first set it Off"
    assert space.refusal(done(space, "off"), here) == "first set it Off"
    assert len(asked) == 1
    assert space.refusal(done(space, "first"), here) == ""
    assert len(asked) == 2


def test_a_pair_is_told_by_its_strictest_handshake_that_counts() -> None:
    """Unknown where the far end decides: then the one that is refused is told."""
    space = of(LOSE)
    (good,) = space.pairs(START, ZONE)
    assert (good.state, good.verdict.accepted) == (UP, True)
    (bad,) = space.pairs(done(space, "lose"), ZONE)
    assert (bad.state, bad.verdict.cause) == (NOT_UP, Cause.EKU)
    asked = of(start=lacking(far(checks_client_eku=Knowledge.UNKNOWN)))
    (doubt,) = asked.pairs(START, OUT)
    assert (doubt.state, doubt.verdict.cause) == (OPEN, Cause.EKU)
    assert doubt.shake.eku_check is EkuCheck.CLIENT_AUTH
    loose = of(start=far(checks_client_eku=Knowledge.UNKNOWN))
    (both,) = loose.pairs(START, OUT)
    assert (both.state, both.shake.eku_check) == (UP, EkuCheck.CLIENT_AUTH)


def test_a_connection_is_judged_anew_only_for_steps_that_it_may_notice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those of its ends and of the network; equal handshakes are judged once."""
    judged: list[int] = []
    judge = state_space.judge
    monkeypatch.setattr(state_space, "judge", lambda s: judged.append(1) or judge(s))
    wire = at("wire", "", Aspect.NETWORK)
    space = of(LOSE, OFF, wire, rows=(connection(OUT),))
    space.pairs(START, OUT)
    assert len(judged) == 1
    assert space.pairs(done(space, "off"), OUT) is space.pairs(START, OUT)
    assert space.pairs(done(space, "wire"), OUT) is not space.pairs(START, OUT)
    assert len(judged) == 1
    space.pairs(done(space, "lose"), OUT)
    assert len(judged) == 2


def test_a_connection_is_up_when_every_pair_is_a_service_when_one_is() -> None:
    """Of a service all needs must be among the rows."""
    core = CLUSTERS.core[1]
    half = replace(
        CLUSTERS, core=(CLUSTERS.core[0], lacking(replace(CLUSTERS, core=(core,))).core[0])
    )
    space = of(start=half)
    assert space.states(START) == {
        ZONE: NOT_UP, TUNNEL: NOT_UP, TFTP: NOT_UP, OUT: NOT_UP, "mra-login": UP,
        "webrtc-proxy": UP,
    }  # fmt: skip
    assert space.states(START) is space.states(START)
    assert set(of(rows=(connection(ZONE), connection(TUNNEL))).states(START)) == {
        ZONE, TUNNEL, "webrtc-proxy"}  # fmt: skip
    assert set(of(rows=(connection(ZONE),)).states(START)) == {ZONE}
    asked = of(start=lacking(far(checks_client_eku=Knowledge.UNKNOWN)))
    assert asked.states(START)[OUT] is OPEN
    assert of(LOSE).states(START)["mra-login"] is UP
    gone = of(LOSE)
    assert gone.states(done(gone, "lose"))["mra-login"] is NOT_UP


def test_what_worked_at_the_start_and_is_down_is_lost() -> None:
    """Connections of which one pair is down, and services; what never worked is not lost."""
    space = of(LOSE, OFF)
    assert space.lost(START) == ()
    lost = (TFTP, "mra-login", OUT, TUNNEL, ZONE, "webrtc-proxy")
    assert space.lost(done(space, "lose")) == tuple(sorted(lost))
    assert space.lost(done(space, "lose", "off")) == tuple(sorted({*lost} - {ZONE}))
    assert space.lost(done(space, "lose")) is space.lost(done(space, "lose"))
    second = CLUSTERS.core[1]

    def one_peer(found: Deployment) -> Deployment:
        (bad,) = lacking(replace(found, core=(second,))).core
        return replace(found, core=(found.core[0], bad))

    half = of(at("half", second.address, Aspect.CLIENT, change=one_peer), start=CLUSTERS)
    assert ZONE in half.lost(done(half, "half"))
    never = of(OFF, start=lacking(SOUND))
    assert never.lost(done(never, "off")) == ()
    doubtful = at("doubt", "192.0.2.1", Aspect.CHECK,
                  change=lambda found: replace(found, far_ends=far(
                      checks_client_eku=Knowledge.UNKNOWN).far_ends))  # fmt: skip
    wide = replace(doubtful, addresses=(CORE,))
    open_ = of(LOSE, wide)
    assert OUT in open_.lost(done(open_, "lose", "doubt"))


def fixes(name: str, *steps: PlanStep, start: Deployment) -> set[str]:
    """Return the steps of which one must be done before a connection's verdict changes."""
    return set(of(*steps, start=start, rows=CATALOG).fixes(START, name))


KINDS = (*Aspect,)
AT_CORE = tuple(at(f"core.{one.name}", CORE, one) for one in KINDS)
AT_EDGE = tuple(at(f"edge.{one.name}", EDGE, one) for one in KINDS)
JUDGED = {"edge.TRUST", "edge.CHECK", "edge.NAME", "edge.RELEASE"}


def test_what_may_mend_a_client_certificate() -> None:
    """Its store and list, and what its judge trusts, checks, looks for and runs."""
    every = (*AT_CORE, *AT_EDGE)
    assert fixes(ZONE, *every, start=SOUND) == set()
    bad = lacking(SOUND)
    assert fixes(ZONE, *every, start=bad) == {"core.CLIENT", "core.TRUST", *JUDGED}
    shown = bad.core[0].client.certificate
    store = replace(SOUND.core[0].server, certificate=shown)
    old = replace(SOUND, core=(replace(SOUND.core[0], release=Release.X15_4, server=store),))
    assert fixes(ZONE, *every, start=old) == {
        "core.CLIENT", "core.SERVER", "core.TRUST", *JUDGED}  # fmt: skip


def test_what_may_mend_what_is_not_there_and_a_far_ends_certificate() -> None:
    """Of a store without a certificate its own step; a far end has one store."""
    core = SOUND.core[0]
    none = replace(SOUND, core=(replace(core, client=replace(core.client, certificate=None)),))
    assert fixes(ZONE, *AT_CORE, *AT_EDGE, start=none) == {"core.CLIENT", "core.TRUST", *JUDGED}
    neighbor = next(one for one in SOUND.far_ends if one.kind is FarEndKind.NEIGHBOR)
    assert neighbor.certificate is not None
    odd = far(certificate=neighbor.certificate.moved(ekus=(SERVER_AUTH,)))
    steps = [at(f"far.{one.name}", neighbor.address, one) for one in KINDS]
    assert fixes("neighbor-in", *steps, start=odd) == {"far.CLIENT", "far.SERVER", "far.TRUST"}


def test_what_may_mend_a_server_certificate() -> None:
    """The other way round."""
    edge = SOUND.edge[0]
    shown = edge.server.certificate
    assert shown is not None
    server = replace(edge.server, certificate=shown.moved(names=("x.example.org",)))
    bad = replace(SOUND, edge=(replace(edge, server=server),))
    assert of(start=bad).pairs(START, ZONE)[0].verdict.judged is Side.SERVER
    assert fixes(ZONE, *AT_CORE, *AT_EDGE, start=bad) == {
        "edge.SERVER", "edge.TRUST", "core.TRUST", "core.CHECK", "core.NAME", "core.RELEASE",
    }  # fmt: skip


def test_what_may_mend_the_network() -> None:
    """Its own steps alone."""
    wire = at("wire", "", Aspect.NETWORK)
    lost = replace(SOUND, network=Network(dropped=frozenset({7001})))
    assert fixes(ZONE, wire, *AT_CORE, start=lost) == {"wire"}
    assert fixes(TUNNEL, wire, *AT_CORE, start=lost) == set()


def test_a_step_that_cannot_help_is_left_out() -> None:
    """What is done, an upgrade but for the cluster database, CAs that are not above it."""
    bad = lacking(SOUND)
    shown = SOUND.core[0].client.certificate
    assert shown is not None
    above = shown.chain[-1:]
    strange = (replace(above[0], key="other"),)
    trusting = at("trust", EDGE, Aspect.TRUST, trusts=above)
    useless = at("useless", EDGE, Aspect.TRUST, trusts=strange)
    up = at("up", EDGE, Aspect.RELEASE, remedy="upgrade")
    assert fixes(ZONE, trusting, useless, up, start=bad) == {"trust"}
    space = of(trusting, OFF, start=bad)
    assert space.fixes(done(space, "trust"), ZONE) == frozenset({"off"})
    first = CLUSTERS.edge[0]
    shown = bad.core[0].client.certificate
    edges = tuple(
        replace(node, release=Release.X14_3, server=replace(node.server, certificate=shown))
        for node in CLUSTERS.edge
    )
    cluster = replace(CLUSTERS, edge=edges)
    told = at("up", first.address, Aspect.RELEASE, remedy="upgrade")
    assert fixes("cluster", told, start=cluster) == {"up"}
    assert fixes(ZONE, told, start=replace(cluster, core=bad.core)) == set()
