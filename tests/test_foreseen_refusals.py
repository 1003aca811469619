"""Which refusals are foreseen between the nodes of a case: on known ground, each told once."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from test_certificate_rules import held
from test_store_rules import BOTH, DEPLOYMENT

from ekukit import lab
from ekukit.connections import Cause, Engine, Handshake, Protocol, Side, State, Verdict, predict
from ekukit.diagnosis.evidence.setting import Setting, Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.findings.foreseen_refusals import (
    ForeseenRefusal,
    mode_decides,
    paths_accepted,
    refusals_foreseen,
)
from ekukit.diagnosis.rebuild.case_nodes import Place, Reconstruction
from ekukit.expressway import Expressway, Release, Role, Store

CLIENT, SERVER = Side.CLIENT, Side.SERVER
CORE, EDGE = DEPLOYMENT.core[0], DEPLOYMENT.edge[0]
ZONE, TUNNEL = "uc-zone", "ssh-tunnel"
LEAF = held(BOTH)
STORES = {store: replace(LEAF, store=store) for store in Store}
EXPIRED, NAME = Verdict(Cause.EXPIRED, CLIENT), Verdict(Cause.NAME, SERVER)
UNTRUSTED = Verdict(Cause.UNTRUSTED, CLIENT), Verdict(Cause.UNTRUSTED, SERVER)
Told = tuple[str, Cause, Side | None]


def place(node: Expressway, stores: Iterable[Store] = Store, trust: str = "ca.pem") -> Place:
    """Return a node of a case with stores and a trusted CA list."""
    own = {store: STORES[store] for store in stores}
    return Place(node.role.value.lower(), node.role, node, own, trust_file=trust)


def case(*places: Place) -> Reconstruction:
    """Return a case of these nodes; of the whole pair without."""
    found = places or (place(CORE), place(EDGE))
    nodes = {role: tuple(p.node for p in found if p.role is role) for role in Role}
    deployment = replace(DEPLOYMENT, core=nodes[Role.CORE], edge=nodes[Role.EDGE])
    return Reconstruction(deployment, {one.node.address: one for one in found}, ())


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> dict[Protocol, list[Verdict]]:
    """Return what OpenSSL is made to say of a path, by protocol."""
    told: dict[Protocol, list[Verdict]] = {protocol: [] for protocol in Protocol}
    monkeypatch.setattr(lab, "refusals", lambda handshake: told[handshake.protocol])
    return told


def foreseen(found: Reconstruction, **outcome: object) -> list[ForeseenRefusal]:
    """Return what is foreseen, where the zone ended so."""
    zone = next(one for one in predict(found.deployment) if one.connection == ZONE)
    return list(refusals_foreseen(found, [replace(zone, **outcome)] if outcome else []))  # type: ignore[arg-type]


def told(found: Reconstruction, **outcome: object) -> list[Told]:
    """Return connection, cause and side of what is foreseen."""
    return [(one.connection, one.verdict.cause, one.verdict.judged)
            for one in foreseen(found, **outcome)]  # fmt: skip


def test_each_refusal_of_zone_and_tunnel_is_foreseen_once(
    refused: dict[Protocol, list[Verdict]],
) -> None:
    """With who shows and who judges; the same cause at another depth is the same."""
    deeper = replace(EXPIRED, depth=1)
    refused[Protocol.TLS] = [EXPIRED, deeper, NAME]
    refused[Protocol.SSH] = [EXPIRED]
    found = foreseen(case())
    assert [(one.connection, one.verdict) for one in found] == [
        (ZONE, EXPIRED), (ZONE, NAME), (TUNNEL, EXPIRED)]  # fmt: skip
    assert [(one.shows.role, one.judges.role) for one in found] == [
        (Role.CORE, Role.EDGE), (Role.EDGE, Role.CORE), (Role.CORE, Role.EDGE)]  # fmt: skip
    assert {tuple(end.role for end in one.ends) for one in found} == {(Role.CORE, Role.EDGE)}
    assert [one.store for one in found] == [Store.CLIENT, Store.SERVER, Store.CLIENT]
    assert [one.code for one in found] == [
        "uc-zone.client-expired", "uc-zone.server-name-mismatch", "ssh-tunnel.client-expired",
    ]  # fmt: skip
    far = replace(found[1].handshake, server=replace(found[1].handshake.server, store=None))
    assert replace(found[1], handshake=far).store is Store.SERVER


def test_what_another_peer_shows_is_foreseen_as_well(
    refused: dict[Protocol, list[Verdict]],
) -> None:
    """Each pair for itself, unless the zone calls another peer alone."""
    refused[Protocol.TLS] = [EXPIRED]
    second = replace(EDGE, address="192.0.2.9", fqdn="edge2.example.com")
    both = place(EDGE), replace(place(second), host="edge2")
    assert len(foreseen(case(place(CORE), *both))) == 2
    start = "Zones Zone 1 TraversalClient"
    peer = [Setting(f"{start} Peer 1 Address", "edge2.example.com", "xconf.txt", 1),
            Setting(f"{start} CollaborationEdge", "On", "xconf.txt", 2)]  # fmt: skip
    settings = NodeSettings("core", zones=(Zone(1, "traversalclient", tuple(peer)),))
    calling = replace(place(CORE), settings=settings)
    assert [one.judges.host for one in foreseen(case(calling, *both))] == ["edge2"]


def test_nothing_is_foreseen_of_a_store_that_is_not_in_the_archive(
    refused: dict[Protocol, list[Verdict]],
) -> None:
    """It is unknown, not empty; of a trusted CA list that is not there no refusal for trust."""
    refused[Protocol.TLS] = [EXPIRED, NAME, *UNTRUSTED]
    everything = [(ZONE, one.cause, one.judged) for one in refused[Protocol.TLS]]
    assert told(case()) == everything
    no_client = case(place(CORE, [Store.SERVER]), place(EDGE))
    assert told(no_client) == [one for one in everything if one[2] is SERVER]
    no_server = case(place(CORE), place(EDGE, [Store.CLIENT]))
    assert told(no_server) == [one for one in everything if one[2] is CLIENT]
    unlisted = case(place(CORE), place(EDGE, trust=""))
    assert told(unlisted) == [everything[0], everything[1], everything[3]]


@pytest.mark.parametrize(
    ("outcome", "remains"),
    [
        ({"engine": Engine.LAB, "state": State.ACTIVE}, False),
        ({"engine": Engine.PATH, "state": State.ACTIVE}, False),
        ({"engine": Engine.RULES, "state": State.ACTIVE}, True),
        ({"engine": Engine.LAB, "state": State.FAILED}, True),
        ({"engine": Engine.LAB, "state": State.ACTIVE, "connection": TUNNEL}, True),
        ({"engine": Engine.LAB, "state": State.ACTIVE, "initiator": "192.0.2.9"}, True),
        ({"engine": Engine.LAB, "state": State.ACTIVE, "responder": "192.0.2.9"}, True),
    ],
)
def test_a_handshake_that_was_made_and_worked_is_not_foreseen_to_fail(
    refused: dict[Protocol, list[Verdict]], outcome: dict[str, object], *, remains: bool
) -> None:
    """That of the same connection and ends; what rules alone say made none."""
    refused[Protocol.TLS] = [EXPIRED]
    assert bool(told(case(), **outcome)) is remains


def test_rules_foresee_what_openssl_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's values may break a library."""

    def broken(_handshake: Handshake) -> list[Verdict]:
        raise ValueError

    monkeypatch.setattr(lab, "refusals", broken)
    late = replace(DEPLOYMENT, at=DEPLOYMENT.at.replace(year=2099))
    found = replace(case(), deployment=replace(case().deployment, at=late.at))
    assert (ZONE, Cause.EXPIRED, CLIENT) in told(found)


def accepted(found: Reconstruction) -> set[tuple[str, str, str, Side]]:
    """Return the paths that are accepted."""
    return set(paths_accepted(found))


PATHS = {(name, "core", "edge", side) for name in (ZONE, TUNNEL) for side in Side}


def test_a_path_that_is_not_refused_is_accepted_on_known_ground(
    refused: dict[Protocol, list[Verdict]],
) -> None:
    """By connection and side; a refusal that names no side refuses both."""
    assert accepted(case()) == PATHS
    refused[Protocol.TLS] = [EXPIRED]
    assert accepted(case()) == PATHS - {(ZONE, "core", "edge", CLIENT)}
    refused[Protocol.TLS] = [NAME]
    assert accepted(case()) == PATHS - {(ZONE, "core", "edge", SERVER)}
    refused[Protocol.TLS] = [Verdict(Cause.OTHER, None)]
    assert accepted(case()) == {one for one in PATHS if one[0] == TUNNEL}
    refused[Protocol.TLS] = []
    for unknown, side in (
        (case(place(CORE, [Store.SERVER]), place(EDGE)), CLIENT),
        (case(place(CORE), place(EDGE, trust="")), CLIENT),
        (case(place(CORE), place(EDGE, [Store.CLIENT])), SERVER),
        (case(place(CORE, trust=""), place(EDGE)), SERVER),
    ):
        assert accepted(unknown) == {one for one in PATHS if one[3] is not side}


def test_the_mode_decides_on_a_clients_usages_over_tls_alone(
    refused: dict[Protocol, list[Verdict]],
) -> None:
    """From X15.5 on, of the client, for its EKUs."""
    wanted = [Verdict(Cause.EKU, CLIENT), Verdict(Cause.CA_EKU, CLIENT)]
    rest = [Verdict(Cause.EKU, SERVER), Verdict(Cause.CA_EKU, SERVER), EXPIRED]
    refused[Protocol.TLS] = [*wanted, *rest]
    refused[Protocol.SSH] = wanted
    found = foreseen(case())
    assert [one.verdict for one in found if mode_decides(one)] == wanted
    assert not any(mode_decides(one) for one in found if one.connection == TUNNEL)
    old = case(place(CORE), place(replace(EDGE, release=Release.X14_3)))
    assert not any(map(mode_decides, foreseen(old)))
