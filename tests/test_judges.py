"""Judges from outside agree with the kit on the same certificates."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from captures import alerts, expert_warnings, fields, serials, sip
from faults import FAULTS
from judges import (
    Folder,
    needs_openssl,
    needs_tshark,
    openssl_client,
    openssl_server,
    openssl_verify,
    shift_of,
    standard_library,
)
from path_opinion import check_client_path
from test_engines import EC, SLOTS, faulty

from ekukit.certificates import make_ca, make_credential
from ekukit.connections import Cause, Handshake, Side, connection, handshakes
from ekukit.connections.rules import judge
from ekukit.expressway import Choices, Mode, build, condition
from ekukit.lab import capture, run

# The commands know no subject names; the name check is the kit's and stdlib ssl's on the server.
UNSEEN = {Cause.NAME}


def zone(choices: Choices) -> Handshake:
    """Return the zone's handshake."""
    return handshakes(build(choices), connection("uc-zone"))[0]


CASES: dict[str, Handshake] = {
    **{
        f"{client.issuer}-{client.eku}": zone(Choices(client, client, SLOTS[2], SLOTS[2], key=EC))
        for client in SLOTS
    },
    **{
        f"client-{name}": faulty("uc-zone", (fault, Side.CLIENT))
        for name, fault in FAULTS.items()
        if name != "no-certificate"
    },
}


@needs_openssl
@pytest.mark.parametrize("name", CASES)
def test_openssl_verify_agrees_on_the_clients_path(name: str, tmp_path: Path) -> None:
    """`openssl verify -purpose sslclient` accepts what the rules accept."""
    verdict = judge(CASES[name])
    expected = verdict.accepted or verdict.cause in UNSEEN
    assert openssl_verify(Folder(tmp_path, CASES[name])) == expected


@needs_openssl
@pytest.mark.parametrize("name", CASES)
def test_a_live_openssl_server_agrees(name: str, tmp_path: Path) -> None:
    """`openssl s_server -Verify` lets in whom the rules let in."""
    verdict = judge(CASES[name])
    expected = verdict.accepted or verdict.cause in UNSEEN
    assert openssl_server(Folder(tmp_path, CASES[name])) == expected


SERVERS: dict[str, Handshake] = {
    **{f"{slot.issuer}-{slot.eku}": zone(Choices(SLOTS[2], SLOTS[2], slot, SLOTS[2], key=EC))
       for slot in SLOTS},
    **{f"server-{name}": faulty("uc-zone", (fault, Side.SERVER))
       for name, fault in FAULTS.items() if name != "no-certificate"},
}  # fmt: skip


@needs_openssl
@pytest.mark.parametrize("name", SERVERS)
def test_a_live_openssl_client_agrees_on_the_server(name: str, tmp_path: Path) -> None:
    """`openssl s_client` refuses the servers that the rules refuse, names included."""
    verdict = judge(SERVERS[name])
    expected = verdict.accepted or verdict.judged is Side.CLIENT
    assert openssl_client(Folder(tmp_path, SERVERS[name])) == expected


@pytest.mark.parametrize("name", CASES)
def test_pythons_own_ssl_agrees(name: str, tmp_path: Path) -> None:
    """Two ends of the standard library come up when the rules say so."""
    verdict = judge(CASES[name])
    expected = verdict.accepted or verdict.cause in UNSEEN
    assert standard_library(Folder(tmp_path, CASES[name])) == expected


@pytest.mark.parametrize(("name", "mode"), list(itertools.product(CASES, Mode)))
def test_cryptographys_path_check_agrees(name: str, mode: Mode) -> None:
    """`cryptography.x509.verification` accepts what the rules accept, save where it is stricter."""
    handshake = CASES[name]
    certificate = handshake.client.certificate
    assert certificate is not None
    credential = make_credential(certificate)
    trusted = tuple(make_ca(ca, certificate.key) for ca in handshake.server.trusted)
    choices = build(condition("C3", edge_checking=mode, key=EC))
    check = handshakes(choices, connection("uc-zone"))[0].eku_check
    verdict = judge(replace(handshake, eku_check=check))
    expected = verdict.accepted or verdict.cause in UNSEEN
    found = check_client_path(
        credential.leaf, credential.chain, trusted, at=handshake.at,
        eku_checking=mode is Mode.ON,
    )  # fmt: skip
    assert found.accepted == expected, found.reason
    assert shift_of(handshake).days > 0


@needs_tshark
@pytest.mark.parametrize("name", ["C1", "C2", "C2.1", "C3", "C4"])
def test_tshark_reads_the_same_serials_and_alerts(name: str, tmp_path: Path) -> None:
    """Every capture opens without a warning and shows what the outcomes say was presented."""
    deployment = build(condition(name, key=EC))
    path = tmp_path / "all.pcapng"
    path.write_bytes(capture(deployment))
    zone_found = next(out for out in run(deployment) if out.connection == "uc-zone")
    assert expert_warnings(path) == []
    shown = serials(path, 7001)
    assert zone_found.presented_by_server is not None
    assert zone_found.presented_by_client is not None
    assert shown == [zone_found.presented_by_server.serial, zone_found.presented_by_client.serial]
    assert alerts(path, 7001) == ([zone_found.alert] if zone_found.alert else [])


@needs_tshark
def test_embedded_secrets_decrypt_the_sip_messages(tmp_path: Path) -> None:
    """Wireshark's engine shows OPTIONS and 200 OK in a capture of an Active zone."""
    path = tmp_path / "zone.pcapng"
    path.write_bytes(capture(build(condition("C3", key=EC))))
    assert sip(path, 7001) == [("OPTIONS", ""), ("", "200")]


@needs_tshark
def test_addresses_and_ports_are_those_of_the_source(tmp_path: Path) -> None:
    """The zone runs from 10.106.80.16 to 10.106.80.31:7001, the tunnel to port 2222."""
    path = tmp_path / "all.pcapng"
    path.write_bytes(capture(build(condition("C2", key=EC))))
    found = fields(path, "tcp.flags.syn==1 && tcp.flags.ack==0", "ip.src", "ip.dst", "tcp.dstport")
    assert found[:2] == [
        ("10.106.80.16", "10.106.80.31", "7001"),
        ("10.106.80.16", "10.106.80.31", "2222"),
    ]
