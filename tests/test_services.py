"""What users notice follows from connections: the weakest need decides, the best peer counts."""

from dataclasses import replace

import pytest

from ekukit.connections.handshake import Engine
from ekukit.connections.outcome import Outcome, State
from ekukit.connections.services import BETWEEN_NODES, SERVICES, essential, service_outcomes
from ekukit.facts import Status, basis

ACTIVE, UNKNOWN, FAILED = State.ACTIVE, State.UNKNOWN, State.FAILED
ZONE, TUNNEL, TFTP = "uc-zone", "ssh-tunnel", "cucm-tftp"
# Facts that are documented, inferred and assumed.
DOCUMENTED, INFERRED, ASSUMED = "E1", "E9", "T9"


def of(name: str, state: State = ACTIVE, fact: str = DOCUMENTED, **changes: object) -> Outcome:
    """Return the outcome of a connection."""
    made = Outcome(
        connection=name, title=f"title of {name}", state=state, code=f"{name}.code",
        reason="reason", check="check", todo=f"mend {name}", engine=Engine.LAB,
        basis=basis((fact,)), facts=(fact,), initiator="Core",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def services(zone: State = ACTIVE, tunnel: State = ACTIVE, tftp: State = ACTIVE) -> list[Outcome]:
    """Return login and WebRTC proxy."""
    return list(service_outcomes([of(ZONE, zone), of(TUNNEL, tunnel), of(TFTP, tftp)]))


def test_a_login_needs_cucm_beside_zone_and_tunnels() -> None:
    """The WebRTC proxy does not (V1, V2)."""
    assert [(one.id, one.title, one.needs, one.facts) for one in SERVICES] == [
        ("mra-login", "MRA login", (ZONE, TUNNEL, TFTP), ("V1", "V2")),
        ("webrtc-proxy", "WebRTC proxy", (ZONE, TUNNEL), ("V1",)),
    ]
    assert BETWEEN_NODES == (ZONE, TUNNEL)
    assert [one.state for one in services(tftp=FAILED)] == [FAILED, ACTIVE]


STATES = [
    ((ACTIVE, ACTIVE), ACTIVE), ((FAILED, ACTIVE), FAILED), ((ACTIVE, FAILED), FAILED),
    ((UNKNOWN, ACTIVE), UNKNOWN), ((ACTIVE, UNKNOWN), UNKNOWN), ((UNKNOWN, FAILED), FAILED),
    ((FAILED, UNKNOWN), FAILED),
]  # fmt: skip


@pytest.mark.parametrize(("needs", "state"), STATES)
def test_the_worst_need_decides(needs: tuple[State, State], state: State) -> None:
    """Failed before unknown before active."""
    assert services(*needs)[1].state is state


def test_a_service_that_works_needs_nothing() -> None:
    """It rests on all that it needs."""
    found = services()[1]
    assert (found.connection, found.code, found.todo) == (
        "webrtc-proxy", "webrtc-proxy.active", "Nothing.")  # fmt: skip
    assert (
        found.reason == "It needs the title of uc-zone and the title of ssh-tunnel Active; all are."
    )
    told = service_outcomes([of(ZONE), of(TUNNEL, fact=INFERRED), of(TFTP)])
    assert [one.facts for one in told] == [("V1", "V2", "E1", "E9"), ("V1", "E1", "E9")]
    assert {one.basis for one in told} == {Status.INFERRED}
    assert {one.engine for one in told} == {Engine.LAB}


def test_a_service_that_fails_tells_the_first_need_that_is_down() -> None:
    """With what mends that one; the others are named."""
    found = services(FAILED, FAILED)[1]
    assert (found.code, found.todo) == ("webrtc-proxy.needs-uc-zone", "mend uc-zone")
    assert found.reason.endswith(
        "; the title of uc-zone is Failed and the title of ssh-tunnel is Failed."
    )
    one = services(ACTIVE, FAILED)[1]
    assert (one.code, one.todo) == ("webrtc-proxy.needs-ssh-tunnel", "mend ssh-tunnel")
    assert one.reason.endswith("; the title of ssh-tunnel is Failed.")
    unknown = services(UNKNOWN)[1]
    assert (unknown.code, unknown.todo) == ("webrtc-proxy.needs-uc-zone", "mend uc-zone")
    rules = service_outcomes([of(ZONE), of(TUNNEL, FAILED, engine=Engine.RULES), of(TFTP)])[1]
    assert rules.engine is Engine.RULES


def test_a_failure_is_as_sure_as_its_surest_need() -> None:
    """One that is not known is as unsure as the least sure of those that are not known."""
    pairs = [of(ZONE, FAILED, ASSUMED), of(TUNNEL, FAILED, INFERRED), of(TFTP)]
    failed = service_outcomes(pairs)[1]
    assert (failed.facts, failed.basis) == (("V1", INFERRED), Status.INFERRED)
    unknown = service_outcomes([replace(one, state=UNKNOWN) for one in pairs])[1]
    assert (unknown.facts, unknown.basis) == (("V1", ASSUMED, INFERRED), Status.ASSUMED)
    beside = service_outcomes([of(ZONE, FAILED), of(TUNNEL, UNKNOWN, ASSUMED), of(TFTP)])[1]
    assert beside.facts == ("V1", DOCUMENTED)


PEERS = [
    ((ACTIVE, FAILED), ACTIVE), ((FAILED, ACTIVE), ACTIVE), ((UNKNOWN, FAILED), UNKNOWN),
    ((FAILED, UNKNOWN), UNKNOWN), ((UNKNOWN, ACTIVE), ACTIVE), ((ACTIVE, UNKNOWN), ACTIVE),
    ((FAILED, FAILED), FAILED),
]  # fmt: skip


@pytest.mark.parametrize(("peers", "state"), PEERS)
def test_one_pair_of_peers_is_enough_for_a_service(
    peers: tuple[State, State], state: State
) -> None:
    """The best of a cluster counts."""
    rows = [of(ZONE, one, code=f"zone.{place}") for place, one in enumerate(peers)]
    found = service_outcomes([of(TUNNEL), *rows, of(TFTP)])[1]
    assert found.state is state


def test_conditions_speak_of_zone_tunnels_and_services() -> None:
    """A service has nobody who starts it."""
    zone, tunnel, other = of(ZONE), of(TUNNEL), of("webex")
    service = of("mra-login", initiator="")
    assert essential((other, service, tunnel, zone)) == (service, tunnel, zone)
    bare = of(ZONE, initiator="")
    assert essential((bare,)) == (bare,)
