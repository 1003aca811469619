"""Peers of a cluster and zones that the settings name and no file shows are told as not judged."""

import re
from pathlib import Path

import pytest
from cases import Change, case_of, codes, deployment, files_of, finding, replaced

PEERS, ZONES = "archive.peer-missing", "archive.zones-not-judged"
_MODE = "*c xConfiguration SIP TLS Certificate"


def with_settings(host: str, *lines: str) -> Change:
    """Return a change that adds settings to the dump of a host."""

    def change(name: str, data: bytes) -> bytes:
        if not re.match(f"xconf_dump_{host}_.*txt", name):
            return data
        added = "".join(f"*c xConfiguration {line}\n" for line in lines)
        return data.decode().replace(_MODE, f"{added}{_MODE}").encode()

    return change


def zone(number: int, kind: str, *settings: str) -> list[str]:
    """Return the settings of a zone."""
    start = f"Zones Zone {number}"
    named = [f'{start} Name: "zone {number}"', f'{start} Type: "{kind}"']
    return [*named, *(f"{start} {kind} {setting}" for setting in settings)]


TLS = 'SIP Transport: "TLS"'


def peer(name: str) -> str:
    """Return the setting of a zone's first peer."""
    return f'Peer 1 Address: "{name}"'


def test_a_cluster_peer_without_files_is_named(tmp_path: Path) -> None:
    """By the name that the node's own list has; the node itself is not missed."""
    told = with_settings(
        "core",
        'Alternates Peer 1 Address: "core.example.com"',
        'Alternates Peer 2 Address: "core2.example.com"',
    )
    case = case_of(tmp_path / "case", files_of(deployment("C2")), change=told)
    found = finding(case, PEERS)
    assert "core2.example.com is a peer of a cluster, and no file" in found.found
    assert 'Address: "core2.example.com"' in found.evidence[0].text


@pytest.mark.parametrize(
    "listed",
    [
        ("core.example.com",),
        ("10.106.80.16",),
        ("CORE.example.com", "core.example.com"),
        ("192.0.2.1",),
    ],
)
def test_no_peer_is_missed_where_the_list_may_name_the_node_alone(
    tmp_path: Path, listed: tuple[str, ...]
) -> None:
    """By name, by address, in any spelling; an address that no node has may be its own."""
    lines = [f'Alternates Peer {n} Address: "{name}"' for n, name in enumerate(listed, 1)]
    told = with_settings("core", *lines)
    case = case_of(tmp_path / "case", files_of(deployment("C2")), change=told)
    assert PEERS not in codes(case)


def test_a_zone_over_tls_whose_peer_nobody_saw_is_named(tmp_path: Path) -> None:
    """With its peer, the line of the settings, and who decides; other zones are not named."""
    told = with_settings(
        "core",
        *zone(2, "Neighbor", TLS, peer("gateway.example.net")),
        *zone(3, "Neighbor", 'SIP Transport: "TCP"', peer("plain.example.net")),
        *zone(4, "DNS", 'SIP TLS Verify Mode: "On"'),
    )
    case = case_of(tmp_path / "case", files_of(deployment("C1")), change=told)
    found = finding(case, ZONES)
    assert 'neighbor zone "zone 2" with gateway.example.net' in found.found
    assert "zone 3" not in found.found
    assert "zone 4" not in found.found
    assert "Whoever is called there decides" in found.found
    assert "gateway.example.net" in found.evidence[0].text


def test_of_many_zones_four_are_named_and_the_others_counted(tmp_path: Path) -> None:
    """Each still stands in the evidence, as far as that goes."""
    lines = [line for n in range(2, 9) for line in zone(n, "Neighbor", TLS, peer(f"p{n}.net"))]
    told = with_settings("core", *lines)
    case = case_of(tmp_path / "case", files_of(deployment("C1")), change=told)
    assert "and 3 more." in finding(case, ZONES).found


def test_a_zone_whose_peer_was_seen_is_judged_by_what_was_seen(tmp_path: Path) -> None:
    """Its peer stands in a line of the log, by address."""
    told = with_settings("core", *zone(2, "Neighbor", TLS, peer("10.106.80.31")))
    case = case_of(tmp_path / "case", files_of(deployment("C1")), change=told)
    assert ZONES not in codes(case)


def test_a_stranger_met_by_address_may_be_the_peer_of_a_zone(tmp_path: Path) -> None:
    """One stranger and one zone: nothing is claimed of it."""
    told = with_settings("core", *zone(2, "Neighbor", TLS, peer("gateway.example.net")))

    def change(name: str, data: bytes) -> bytes:
        line = (
            '2026-06-15T09:41:07.011+00:00 core tvcs: Event="Inbound TLS Negotiation Error" '
            'Service="SIP" Src-ip="192.0.2.7" Src-port="25011" Dst-ip="10.106.80.16" '
            'Dst-port="5061" Detail="unsuitable certificate purpose" Protocol="TLS"\n'
        )
        is_log = name.startswith("loggingsnapshot_core")
        return data + line.encode() if is_log else told(name, data) or b""

    case = case_of(tmp_path / "case", files_of(deployment("C1")), change=change)
    assert ZONES not in codes(case)


@pytest.mark.parametrize(("node", "told"), [("edge", True), ("core", True), ("none", False)])
def test_a_uc_zone_that_checks_nobody_is_told(tmp_path: Path, node: str, *, told: bool) -> None:
    """The product's own alarm says that it must be On; what follows else is not documented."""
    off = replaced(f"xconf_dump_{node}", 'TLS Verify Mode: "On"', 'TLS Verify Mode: "Off"')
    files = {name: data for name, data in files_of(deployment("C2.1")).items()
             if not re.match("xconf.*xml", name)}  # fmt: skip
    case = case_of(tmp_path / "case", files, change=off)
    assert ("zone.verify-off" in codes(case)) is told
    if told:
        assert "the states here assume that it does" in finding(case, "zone.verify-off").found
