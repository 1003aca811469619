"""CUCM beside Core: its connections in the catalog, and told apart from a neighbor in archives."""

import re
from pathlib import Path

import pytest
from cases import (
    AT,
    KEY,
    WHOLE,
    Change,
    Recording,
    case_of,
    codes,
    deployment,
    files_of,
    finding,
    log_only,
)
from test_hard_cases import CORE, ends, more_log, refused

from ekukit.certificates import EkuProfile
from ekukit.connections import EkuCheck, State, connection, handshakes, predict
from ekukit.expressway import (
    Deployment,
    FarEndKind,
    Knowledge,
    Mode,
    Role,
    Slot,
    Store,
    Trust,
    build,
    condition,
)
from ekukit.facts import Status
from ekukit.views import show

CUCM, NEIGHBOR = "10.106.80.38", "10.106.80.15"
LINE, ZONE = "cucm-line-in.client-eku-missing", "neighbor-in.client-eku-missing"
PURPOSE = "unsuitable certificate purpose"
DOUBT = "the archive does not tell"


def with_server_auth_only(**changes: object) -> Deployment:
    """Return condition 3 with a CUCM whose one certificate has serverAuth only (F4)."""
    choices = condition("C3", at=AT, key=KEY, **changes)
    slot = Slot("internal", EkuProfile.SERVER)
    return build(choices.with_far_end(FarEndKind.CUCM, presents=slot))


@pytest.mark.parametrize(
    ("name", "initiator", "port"),
    [
        ("cucm-line-in", FarEndKind.CUCM, 5061),
        ("cucm-line-out", Role.CORE, 5061),
        ("cucm-oauth", Role.CORE, 5091),
        ("cucm-config", Role.CORE, 6971),
        ("cucm-tftp", Role.CORE, 6972),
        ("cucm-uds", Role.CORE, 8443),
    ],
)
def test_mra_has_connections_between_cucm_and_core_both_ways(
    name: str, initiator: Role | FarEndKind, port: int
) -> None:
    """N6 and N13: who calls, and on which port."""
    row = connection(name)
    assert (row.initiator, row.port) == (initiator, port)
    assert {row.initiator, row.responder} == {Role.CORE, FarEndKind.CUCM}


@pytest.mark.parametrize(("mode", "state"), [(Mode.ON, State.FAILED), (Mode.OFF, State.ACTIVE)])
def test_cores_mode_decides_for_what_cucm_opens(mode: Mode, state: State) -> None:
    """The line side is inbound SIP TLS of Core; that the mode applies is inferred (N13-mode)."""
    found = predict(with_server_auth_only(core_checking=mode))
    line = next(outcome for outcome in found if outcome.connection == "cucm-line-in")
    assert (line.state, line.basis) == (state, Status.INFERRED)
    assert "N13-mode" in line.facts


def test_cucm_asks_on_every_provisioning_port_but_8443() -> None:
    """F6: 8443 asks for nothing, so a trust that lacks Core's issuer fails the others alone."""
    choices = condition("C2.1", key=KEY).with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC)
    states = {outcome.connection: outcome for outcome in predict(build(choices))}
    assert states["cucm-uds"].state is State.ACTIVE
    assert states["cucm-uds"].presented_by_client is None
    assert "F6" in states["cucm-uds"].facts
    for name in ("cucm-tftp", "cucm-config", "cucm-line-out", "cucm-oauth"):
        assert states[name].code == f"{name}.client-untrusted"
        assert handshakes(build(choices), connection(name))[0].client.store is Store.CLIENT
    asks = choices.with_far_end(FarEndKind.CUCM, requests=Knowledge.YES)
    (shake,) = handshakes(build(asks), connection("cucm-uds"))
    assert shake.eku_check is EkuCheck.NOT_ASKED


def test_the_picture_says_where_cucm_asks_for_nothing() -> None:
    """Of all rows of CUCM one is of a port that asks for no certificate."""
    drawn = show.picture("C3", everything=True).html
    assert drawn.count("CUCM:8443 · asks for no certificate") == 1
    assert not re.search(r"CUCM:(?!8443)\d+ · asks for no certificate", drawn)


def test_services_need_none_of_the_new_connections() -> None:
    """No source says that a login needs the line side, so its failure fails no service."""
    found = {outcome.connection: outcome for outcome in predict(with_server_auth_only())}
    assert found["cucm-line-in"].state is State.FAILED
    assert found["mra-login"].state is State.ACTIVE


def test_an_archive_tells_cucm_from_a_neighbor_by_the_zones_of_core(tmp_path: Path) -> None:
    """A zone that MRA made names CUCM, another zone the neighbor; both call Core on 5061."""
    lines = [
        refused("core", "Inbound", PURPOSE, ends(address, 40000, CORE, 5061))
        for address in (CUCM, NEIGHBOR)
    ]
    files = files_of(deployment("C3"), Recording(connections=("uc-zone", "neighbor-in")))
    case = case_of(tmp_path / "case", files, change=zones("CEtls-cucm", CUCM, lines))
    assert CUCM in finding(case, LINE).found
    assert NEIGHBOR in finding(case, ZONE).found
    assert CUCM not in finding(case, ZONE).found


def zones(name: str, address: str, lines: list[str]) -> Change:
    """Return a change that adds a neighbor zone to Core and lines to its log, text dumps alone."""
    zone = (
        f'*c xConfiguration Zones Zone 9 Name: "{name}"\n'
        '*c xConfiguration Zones Zone 9 Type: "Neighbor"\n'
        f'*c xConfiguration Zones Zone 9 Neighbor Peer 1 Address: "{address}"\n'
    ).encode()
    log = more_log("core", *lines)

    def change(file: str, data: bytes) -> bytes | None:
        if file.startswith("xconf_dump_core"):
            return data.removesuffix(b"OK\n") + zone if file.endswith(".txt") else None
        return log(file, data)

    return change


def test_who_answers_on_a_port_that_cucm_alone_has_is_cucm(tmp_path: Path) -> None:
    """Core called it on 6972, so its call to 5061 is the line side; nothing is in doubt."""
    made = with_server_auth_only()
    files = files_of(made, Recording(connections=("uc-zone", "cucm-tftp", "cucm-line-in")))
    case = case_of(tmp_path / "case", without_zone(files))
    assert LINE in codes(case)
    assert ZONE not in codes(case)
    assert DOUBT not in finding(case, LINE).found


def without_zone(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files whose dumps tell of no zone for CUCM."""
    texts = {name: data for name, data in files.items() if "xconf_dump_core" not in name}
    texts |= {
        name: b"\n".join(line for line in data.splitlines() if b"Zone 2" not in line)
        for name, data in files.items()
        if name.startswith("xconf_dump_core") and name.endswith(".txt")
    }
    return texts


def test_an_end_that_nothing_tells_is_in_doubt_and_says_so(tmp_path: Path) -> None:
    """Neither a zone nor a port tells who called Core on 5061: the finding says both."""
    line = refused("core", "Inbound", PURPOSE, ends("192.0.2.7", 40000, CORE, 5061))
    case = case_of(tmp_path / "a", files_of(deployment("C3")), change=more_log("core", line))
    assert "192.0.2.7 is the peer of a neighbor zone or CUCM" in finding(case, ZONE).found
    assert DOUBT in finding(case, ZONE).found


def test_a_configured_neighbor_is_in_no_doubt(tmp_path: Path) -> None:
    """Its address stands in a zone that somebody made."""
    line = refused("core", "Inbound", PURPOSE, ends("192.0.2.7", 40000, CORE, 5061))
    change = zones("partner", "192.0.2.7", [line])
    case = case_of(tmp_path / "case", files_of(deployment("C3")), change=change)
    assert DOUBT not in finding(case, ZONE).found


def test_a_cucm_that_is_a_neighbor_as_well_is_in_doubt(tmp_path: Path) -> None:
    """A trunk to CUCM is a neighbor zone, too (N4); one port then tells neither."""
    made = with_server_auth_only()
    line = refused("core", "Inbound", PURPOSE, ends(CUCM, 40000, CORE, 5061))
    files = files_of(made, Recording(connections=("uc-zone", "cucm-tftp")))
    case = case_of(tmp_path / "case", files, change=zones("trunk", CUCM, [line]))
    assert DOUBT in finding(case, ZONE).found


def test_the_zone_that_mra_makes_says_nothing_of_verify_of_neighbors(tmp_path: Path) -> None:
    """TLS verify Off on a neighbor zone counts although CUCM's own zone has On."""
    made = deployment("C3", neighbor_verify=Mode.OFF)
    case = case_of(tmp_path / "case", files_of(made, WHOLE))
    assert case.deployment is not None
    assert case.deployment.core[0].neighbor_verify is Mode.OFF


def test_a_log_without_core_tells_no_line_side(tmp_path: Path) -> None:
    """What Edge is called on stays a call from outside."""
    line = refused("edge1", "Inbound", PURPOSE, ends("192.0.2.7", 40000, "192.0.2.1", 5061))
    config = (
        b'*c xConfiguration Zones Zone 1 Type: "TraversalServer"\n'
        b'*c xConfiguration Zones Zone 1 TraversalServer Collaboration Edge: "On"\n'
    )
    case = log_only(tmp_path, line, config=config)
    assert [code for code in codes(case) if code.startswith("cucm-line")] == []
