"""Peers of a cluster and zones that the settings name and no file shows are told as not judged."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from cases import Change, case_of, codes, deployment, files_of, finding, replaced
from paths import Shape, make

from ekukit.certificates import EkuProfile
from ekukit.connections import Cause
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Held, Inventory
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.setting import Setting, Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.tries import Map, Peer, Try
from ekukit.diagnosis.findings.finding import Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.not_judged import NOT_JUDGED, add_not_judged
from ekukit.expressway import Role, Slot, Store
from ekukit.expressway.build import certificate_for
from ekukit.log.words import Fate

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


def node(host: str, *settings: str, zones: tuple[Zone, ...] = ()) -> NodeSettings:
    """Return what the dumps say of a node: peers of its cluster by name, or its zones."""
    rows = [Setting(f"Alternates Peer {n} Address", name, "dump", n)
            for n, name in enumerate(settings, 1)]  # fmt: skip
    return NodeSettings(host, tuple(rows), zones)


def saying(host: str, **settings: str) -> NodeSettings:
    """Return what the dumps say of a node: settings by path."""
    rows = [Setting(path.replace("_", " "), value, "dump", 1) for path, value in settings.items()]
    return NodeSettings(host, tuple(rows))


def told(
    *nodes: NodeSettings,
    held: Mapping[str, tuple[str, ...]] | None = None,
    tries: tuple[Try, ...] = (),
    known: Map | None = None,
) -> dict[str, Finding]:
    """Return what is told as not judged; `held` are names in a host's certificate."""
    own = {
        (host, Store.SERVER): Held(
            host, Store.SERVER, LEAF.moved(names=names), PARSED, (), "", "", None, sends_chain=True
        )
        for host, names in (held or {}).items()
    }
    seen = Seen(tries, (), Inventory(own, {}, {}, ()), known or ROLES)
    gathered = Gathered()
    add_not_judged(gathered, nodes, seen)
    return {found.code: found for found in gathered.all()}


ROLES = Map(
    roles={
        "core1": Role.CORE, "core2": Role.CORE, "core2.example.com": Role.CORE, "edge1": Role.EDGE,
    }
)  # fmt: skip
RULE = Evidence(EvidenceKind.RULE, "", "")
PARSED = make(Shape())[0]
LEAF = certificate_for("x.example.com", Slot("internal", EkuProfile.BOTH), key="EC-secp256r1")


def sentence(*nodes: NodeSettings, **changes: object) -> str:
    """Return what is said of peers that are missing, "" for nothing."""
    found = told(*nodes, **changes).get(PEERS)  # type: ignore[arg-type]
    return found.found if found else ""


IS, ARE = "is a peer of a cluster, and no file of it", "are peers of a cluster, and no file of them"


KNOWN_BY = [
    saying("core2.example.com"), saying("core2", Ethernet_1_IP_V4_Address="CORE2.example.com"),
    saying("core2", DNS_Host_Name="Core2", DNS_Domain_Name="example.com"),
]  # fmt: skip


def test_a_peer_is_known_by_any_of_its_names() -> None:
    """By host, address or name as the dump tells them, and by names of its own certificates."""
    core1 = node("core1", "core1", "core2.example.com", "p3")
    for core2 in KNOWN_BY:
        assert sentence(core1, core2).startswith(f"p3 {IS} was given")
    own = {"core2": ("other.example.com", "core2.example.com")}
    assert sentence(core1, node("core2"), held=own).startswith(f"p3 {IS} was given")
    others = {"edge1": ("core2.example.com",)}
    for edge in ((), (node("edge1"),)):
        told_ = sentence(core1, node("core2"), *edge, held=others)
        assert told_.startswith(f"core2.example.com and p3 {ARE} was given")


def test_what_is_not_judged_has_two_codes() -> None:
    """Whoever tells them apart from findings goes by these."""
    both = node("core1", "core1", "core2.example.com", zones=(made(),))
    assert set(told(both)) == set(NOT_JUDGED)


def test_a_node_that_no_name_fits_may_be_one_of_those_that_are_named() -> None:
    """Of more names than such nodes something is missing; all of them are told then."""
    unnamed = node("core1", "192.0.2.1")
    assert sentence(unnamed) == ""
    assert sentence(node("core1", "192.0.2.1", " ")) == ""
    two = node("core1", "192.0.2.1", "192.0.2.2")
    assert sentence(two).startswith(f"192.0.2.1 and 192.0.2.2 {ARE} was given")
    assert sentence(two, node("core2")) == ""
    assert sentence(two, node("edge1")) != ""
    assert sentence(node("core1", "core1", "192.0.2.1", " ", "")).startswith(f"192.0.2.1 {IS}")
    assert sentence(node("core1", " core1 ", "CORE1")) == ""


def test_peers_are_missing_once_and_each_with_its_line() -> None:
    """Whoever lists them, in any spelling; four are named."""
    one = node("core1", "core1", "p2.example.com", "p3.example.com")
    other = node("core2", "core2", "core1", "P2.example.com", "p3.example.com")
    found = told(one, other)[PEERS]
    assert found.found.startswith(f"P2.example.com and p3.example.com {ARE}")
    assert len(found.evidence) == 2
    many = node("core1", "core1", *(f"p{n}" for n in range(6)))
    assert sentence(many).startswith(f"p0, p1, p2, p3 and 2 more {ARE}")
    five = node("core1", "core1", *(f"p{n}" for n in range(5)))
    assert sentence(five).startswith(f"p0, p1, p2, p3 and 1 more {ARE}")
    four = node("core1", "core1", *(f"p{n}" for n in range(4)))
    assert sentence(four).startswith(f"p0, p1, p2 and p3 {ARE}")


def made(
    kind: str = "neighbor", number: int = 2, peer_: str = "gw.example.net", **other: str
) -> Zone:
    """Return a zone with a peer and settings."""
    start = f"Zones Zone {number}"
    rows = {"Name": f"z{number}", f"{kind} Peer 1 Address": peer_, f"{kind} SIP Transport": "TLS"}
    rows |= {f"{kind} {key.replace('_', ' ')}": value for key, value in other.items()}
    settings = (Setting(f"{start} {key}", value, "dump", n) for n, (key, value) in
                enumerate(rows.items(), 1))  # fmt: skip
    return Zone(number, kind, tuple(settings))


APART = [
    (made(), True), (made(SIP_Transport="TCP"), False), (made(SIP_Transport="tls"), True),
    (made(SIP_Transport="TCP", TLS_Verify_Mode="On"), False),
    (made(SIP_Transport="", TLS_Verify_Mode="On"), True),
    (made(SIP_Transport="", TLS_Verify_Mode="Off"), False),
    (made(SIP_Transport="", SIP_Protocol="TLS"), True),
    (made(SIP_Transport="", SIP_Protocol="TCP", TLS_Verify_Mode="On"), False),
    (made(peer_=""), False), (made("traversalclient"), True),
    (made("traversalclient", CollaborationEdge="On"), False),
    (made("traversalclient", CollaborationEdge="Off"), True),
]  # fmt: skip


@pytest.mark.parametrize(("zone_", "apart"), APART)
def test_a_zone_over_tls_that_is_no_uc_zone_is_told(zone_: Zone, *, apart: bool) -> None:
    """By its transport, or where none is told by whether it verifies; without a peer it is not."""
    found = told(node("core1", zones=(zone_,)))
    assert (ZONES in found) is apart
    if apart:
        assert found[ZONES].evidence[0].text.endswith('Peer 1 Address: "gw.example.net"')


def met(client: Peer, server: Peer, name: str = "") -> Try:
    """Return a try between two ends."""
    return Try(client, server, Fate.WORKED, Cause.ACCEPTED, None, (RULE,), name=name)


OWN, GATEWAY = Peer("10.0.0.1", 5061, "core1"), Peer("192.0.2.7", 5061)
MET = [
    # Somebody was seen, whether the zone is still told.
    (met(Peer("GW.example.net", 1), OWN), False), (met(OWN, Peer("gw.example.net", 1)), False),
    (met(Peer("192.0.2.8", 1, "gw.example.net"), OWN), False),
    (met(OWN, Peer("192.0.2.8", 1, "GW.example.net")), False),
    (met(OWN, Peer("192.0.2.8", 1, "edge1"), "gw.example.net"), False),
    (met(OWN, Peer("192.0.2.8", 1, "edge1"), "other.example.net"), True),
    (met(OWN, GATEWAY), False), (met(GATEWAY, OWN), False),
    (met(Peer("10.0.0.2", 1, "core2"), GATEWAY), True), (met(GATEWAY, GATEWAY), True),
]  # fmt: skip


@pytest.mark.parametrize(("try_", "is_told"), MET)
def test_a_zone_is_not_told_where_its_peer_may_have_been_seen(try_: Try, *, is_told: bool) -> None:
    """By address, host or name; a stranger whom this very node met may be the peer."""
    assert (ZONES in told(node("core1", zones=(made(),)), tries=(try_,))) is is_told


def test_of_more_zones_than_strangers_each_is_told() -> None:
    """An address that some zone names is no stranger."""
    two = node("core1", zones=(made(number=2), made(number=3, peer_="b.example.net")))
    found = told(two, tries=(met(OWN, GATEWAY),))[ZONES].found
    assert 'neighbor zone "z2" with gw.example.net' in found
    assert 'neighbor zone "z3" with b.example.net.' in found
    both = (met(OWN, GATEWAY), met(OWN, Peer("192.0.2.9", 5061)))
    assert ZONES not in told(two, tries=both)
    again = (met(OWN, GATEWAY), met(GATEWAY, OWN))
    assert ZONES in told(two, tries=again)
    named = replace(ROLES, configured=frozenset({"192.0.2.9"}))
    assert ZONES in told(two, tries=both, known=named)


def test_zones_are_told_of_each_node_by_its_side_and_name() -> None:
    """A node without such zones is not named."""
    found = told(node("core1", zones=(made(),)), node("core2"), node("edge1", zones=(made(),)))
    assert "Core core1 was not seen to connect in the neighbor zone" in found[ZONES].found
    assert "Edge edge1 was not seen" in found[ZONES].found
    assert "core2" not in found[ZONES].found


def test_only_a_uc_zone_that_checks_nobody_is_told() -> None:
    """Whom another zone checks decides nothing here."""
    kind, off = "traversalclient", {"TLS_Verify_Mode": "Off"}
    zones = [made(**off), made(kind, **off), made(kind, CollaborationEdge="On", **off),
             made(kind, CollaborationEdge="On", TLS_Verify_Mode="On")]  # fmt: skip
    found = ["zone.verify-off" in told(node("core1", zones=(zone_,))) for zone_ in zones]
    assert found == [False, False, True, False]
