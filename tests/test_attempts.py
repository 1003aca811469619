"""Which handshakes a deployment makes for a connection, and with what each end comes."""

from dataclasses import replace

import pytest

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate
from ekukit.connections import CATALOG, Cause, EkuCheck, connection
from ekukit.connections.attempts import (
    attempt_of,
    attempts,
    decision,
    handshakes,
    system_of,
    systems,
)
from ekukit.connections.handshake import Handshake
from ekukit.expressway import (
    Deployment,
    FarEndKind,
    Knowledge,
    Mode,
    Release,
    Role,
    Store,
    build,
    condition,
)
from ekukit.expressway.network import Network
from ekukit.stacks import KNOWN

YES, NO, UNKNOWN = Knowledge.YES, Knowledge.NO, Knowledge.UNKNOWN
STRICT, BYPASSED, IGNORED, NOT_ASKED, BY_STACK = (
    EkuCheck.CLIENT_AUTH, EkuCheck.BYPASSED, EkuCheck.IGNORED, EkuCheck.NOT_ASKED,
    EkuCheck.BY_STACK,
)  # fmt: skip
SOUND = build(condition("C1"))
CLUSTERS = build(replace(condition("C1"), core_peers=2, edge_peers=2))
OUT, IN = "neighbor-out", "neighbor-in"


def shake(name: str, deployment: Deployment = SOUND) -> Handshake:
    """Return the first handshake of a connection."""
    return handshakes(deployment, connection(name))[0]


def checks(name: str, deployment: Deployment = SOUND) -> list[EkuCheck]:
    """Return what the responder may look at, the strictest first."""
    return [one.eku_check for one in handshakes(deployment, connection(name))]


def far(kind: FarEndKind = FarEndKind.NEIGHBOR, **changes: object) -> Deployment:
    """Return the deployment with a changed far end."""
    return replace(SOUND, far_ends=tuple(
        replace(one, **changes) if one.kind is kind else one for one in SOUND.far_ends  # type: ignore[arg-type]
    ))  # fmt: skip


def test_every_pair_of_systems_makes_one_attempt() -> None:
    """Peers of two clusters each with each; of one cluster each with the other one."""
    assert [len(attempts(CLUSTERS, row)) for row in CATALOG if row.id in (
        "uc-zone", "cucm-tftp", "webex", "cluster")] == [4, 2, 2, 2]  # fmt: skip
    assert attempts(SOUND, connection("cluster")) == ()
    assert attempts(replace(SOUND, far_ends=()), connection("webex")) == ()
    pairs = [(one[0].client.address, one[0].server.address)
             for one in attempts(CLUSTERS, connection("cluster"))]  # fmt: skip
    first, second = (node.address for node in CLUSTERS.edge)
    assert pairs == [(first, second), (second, first)]


def test_the_attempt_of_a_pair_is_told_by_addresses() -> None:
    """In the order in which they start; another pair has none."""
    zone = connection("uc-zone")
    core, edge = CLUSTERS.core[1].address, CLUSTERS.edge[0].address
    (found,) = attempt_of(CLUSTERS, zone, (core, edge))
    assert (found.client.address, found.server.address) == (core, edge)
    for row, pair in ((zone, (edge, core)), (connection("cluster"), (edge, edge))):
        with pytest.raises(KeyError, match=row.id):
            attempt_of(CLUSTERS, row, pair)


def test_a_place_is_a_cluster_or_a_far_end() -> None:
    """And an end stands for the system of its address."""
    assert systems(CLUSTERS, Role.CORE) == CLUSTERS.core
    assert systems(CLUSTERS, Role.EDGE) == CLUSTERS.edge
    assert [one.kind for one in systems(SOUND, FarEndKind.WEBEX)] == [FarEndKind.WEBEX]
    zone = connection("uc-zone")
    for one in handshakes(CLUSTERS, zone):
        assert system_of(CLUSTERS, zone, one.client) in CLUSTERS.core
        assert system_of(CLUSTERS, zone, one.server) in CLUSTERS.edge


DECIDED = [
    # The connection, the release that answers, what is looked at there.
    ("uc-zone", "X15.5", STRICT), ("uc-zone", "X15.4", NOT_ASKED), ("uc-zone", "X14.3", STRICT),
    ("traversal-mtls", "X15.4", STRICT), ("ssh-tunnel", "X15.4", STRICT),
    ("ssh-tunnel", "X15.5", STRICT), ("b2b-in", "X15.5", STRICT), ("b2b-in", "X14.3", STRICT),
    ("mra-client", "X15.5", NOT_ASKED), (IN, "X15.5", STRICT),
]  # fmt: skip


@pytest.mark.parametrize(("name", "release", "expected"), DECIDED)
def test_the_release_that_answers_decides(name: str, release: str, expected: EkuCheck) -> None:
    """By the rule of the connection."""
    deployment = replace(
        SOUND,
        core=tuple(replace(n, release=Release(release)) for n in SOUND.core),
        edge=tuple(replace(n, release=Release(release)) for n in SOUND.edge),
    )
    assert checks(name, deployment) == [expected]


@pytest.mark.parametrize(
    ("release", "expected"), [("X15.5", IGNORED), ("X15.4", IGNORED), ("X14.3", STRICT)]
)
def test_peers_of_a_cluster_look_at_usages_before_x15_4_alone(
    release: str, expected: EkuCheck
) -> None:
    """Whatever their mode."""
    edge = tuple(replace(n, release=Release(release)) for n in CLUSTERS.edge)
    assert checks("cluster", replace(CLUSTERS, edge=edge)) == [expected] * 2


def test_mode_off_bypasses_where_the_mode_decides() -> None:
    """Not over SSH, and not where a far end answers."""
    off = SOUND.with_edge(eku_checking=Mode.OFF).with_core(eku_checking=Mode.OFF)
    told = {row.id: checks(row.id, off)[0] for row in CATALOG if row.id != "cluster"}
    assert {name for name, check in told.items() if check is BYPASSED} == {
        "uc-zone", "traversal-mtls", "cucm-line-in", IN, "b2b-in"}  # fmt: skip
    assert told["ssh-tunnel"] is STRICT
    assert checks(OUT, off) == [STRICT]


def test_a_neighbor_zone_that_does_not_verify_asks_for_nothing() -> None:
    """In either mode; other connections of the node are not touched by it."""
    loose = SOUND.with_core(neighbor_verify=Mode.OFF)
    assert (checks(IN, loose), checks("cucm-line-in", loose)) == ([NOT_ASKED], [STRICT])
    assert decision(connection(IN), loose.core[0]).facts == ("E10",)
    assert decision(connection(IN), SOUND.core[0]).facts == ("E1", "E2")
    assert decision(connection(OUT), loose.far_ends[0]).facts == ()


FAR = [
    # Whether the far end asks for a certificate, whether it checks its EKU, what may come of it.
    (YES, YES, [STRICT]), (YES, NO, [IGNORED]), (NO, YES, [NOT_ASKED]), (NO, NO, [NOT_ASKED]),
    (YES, UNKNOWN, [STRICT, IGNORED]), (UNKNOWN, YES, [STRICT, NOT_ASKED]),
    (UNKNOWN, NO, [IGNORED, NOT_ASKED]), (NO, UNKNOWN, [NOT_ASKED]),
    (UNKNOWN, UNKNOWN, [STRICT, IGNORED, NOT_ASKED]),
]  # fmt: skip


@pytest.mark.parametrize(("asks", "looks", "expected"), FAR)
def test_what_a_far_end_may_do_is_tried_the_strictest_first(
    asks: Knowledge, looks: Knowledge, expected: list[EkuCheck]
) -> None:
    """Each once; where a far end never asks it does not matter."""
    deployment = far(requests_certificate=asks, checks_client_eku=looks)
    assert checks(OUT, deployment) == expected
    cucm = far(FarEndKind.CUCM, requests_certificate=asks, checks_client_eku=looks)
    assert checks("cucm-uds", cucm) == [NOT_ASKED]


def with_ekus(deployment: Deployment, *ekus: str) -> Deployment:
    """Return the deployment in which Core's client certificate has these EKUs."""
    core = deployment.core[0]
    shown = core.client.certificate
    assert shown is not None
    changed = replace(core.client, certificate=shown.moved(ekus=ekus))
    return replace(deployment, core=(replace(core, client=changed),))


STACKS = [
    # The stack, the EKUs that Core shows, whether the far end asks, what may come of it.
    ("go", (SERVER_AUTH,), YES, [STRICT]), ("gnutls", (SERVER_AUTH,), YES, [BY_STACK]),
    ("gnutls", (SERVER_AUTH,), UNKNOWN, [BY_STACK, NOT_ASKED]),
    ("gnutls", (SERVER_AUTH,), NO, [NOT_ASKED]),
    ("gnutls", (SERVER_AUTH, CLIENT_AUTH), YES, [STRICT]),
]  # fmt: skip


@pytest.mark.parametrize(("stack", "ekus", "asks", "expected"), STACKS)
def test_a_stack_decides_instead_of_what_is_said_of_checks(
    stack: str, ekus: tuple[str, ...], asks: Knowledge, expected: list[EkuCheck]
) -> None:
    """By what it did with the like of such a certificate."""
    deployment = far(stack=KNOWN[stack], requests_certificate=asks, checks_client_eku=NO)
    assert checks(OUT, with_ekus(deployment, *ekus)) == expected


def test_a_stack_without_a_certificate_to_look_at_is_as_strict_as_openssl() -> None:
    """Nothing is shown, so nothing is taken."""
    core = replace(SOUND.core[0], client=replace(SOUND.core[0].client, certificate=None))
    deployment = replace(far(stack=KNOWN["gnutls"]), core=(core,))
    assert checks(OUT, deployment) == [STRICT]


def test_a_stack_that_calls_demands_of_the_server_what_it_demanded_when_tried() -> None:
    """A server without serverAuth; without a stack, or of Expressway, OpenSSL's check counts."""
    core = SOUND.core[0]
    shown = core.server.certificate
    assert shown is not None
    odd = replace(core, server=replace(core.server, certificate=shown.moved(ekus=(CLIENT_AUTH,))))
    told = {}
    for name in KNOWN:
        deployment = replace(far(stack=KNOWN[name]), core=(odd,))
        told[name] = shake(IN, deployment).server_check
    assert [name for name, check in told.items() if check is BY_STACK] == ["gnutls"]
    plain = replace(SOUND, core=(odd,))
    assert shake(IN, plain).server_check is STRICT
    none = replace(core, server=replace(core.server, certificate=None))
    bare = replace(far(stack=KNOWN["gnutls"]), core=(none,))
    assert shake(IN, bare).server_check is STRICT
    out = replace(far(stack=KNOWN["gnutls"], certificate=shown.moved(ekus=(CLIENT_AUTH,))))
    assert shake(OUT, out).server_check is STRICT


def test_what_keeps_a_connection_from_beginning_is_told() -> None:
    """That no name resolves comes before a port that is dropped."""
    dropped = Network(dropped=frozenset({7001}))
    assert shake("uc-zone").unreached is None
    assert shake("uc-zone", replace(SOUND, network=dropped)).unreached is Cause.UNREACHED
    assert shake("ssh-tunnel", replace(SOUND, network=dropped)).unreached is None
    lost = replace(dropped, resolves=False)
    assert shake("uc-zone", replace(SOUND, network=lost)).unreached is Cause.UNRESOLVED


def test_each_end_looks_for_the_name_of_the_other() -> None:
    """A caller for the name it calls; who answers for the zone's name, the peer's, or none."""
    edge = SOUND.edge[0]
    zone = shake("uc-zone")
    assert (zone.client.expects_name, zone.server.expects_name) == (
        edge.fqdn, edge.verify_subject_name)  # fmt: skip
    assert shake(IN).server.expects_name == "neighbor.example.com"
    assert shake(OUT).server.expects_name == ""
    assert shake("b2b-in").server.expects_name == ""
    assert shake("cluster", CLUSTERS).server.expects_name == CLUSTERS.edge[0].fqdn


def test_a_node_shows_the_store_of_its_role_and_what_its_file_holds() -> None:
    """The chain where it was uploaded, the root with a chain alone; over SSH neither."""
    core = SOUND.core[0]
    zone = shake("uc-zone")
    assert (zone.client.store, zone.server.store) == (Store.CLIENT, Store.SERVER)
    assert (zone.client.node, zone.client.trusted) == ("Core", core.trusted)
    old = replace(SOUND, core=(replace(core, release=Release.X15_4),))
    assert shake("uc-zone", old).client.store is Store.SERVER
    sent = {}
    for chain, root in ((True, True), (True, False), (False, True), (False, False)):
        store = replace(core.client, chain_uploaded=chain, root_uploaded=root)
        deployment = replace(SOUND, core=(replace(core, client=store),))
        for name in ("uc-zone", "ssh-tunnel"):
            end = shake(name, deployment).client
            sent[name, chain, root] = end.sends_chain, end.sends_root
    assert sent == {
        ("uc-zone", True, True): (True, True), ("uc-zone", True, False): (True, False),
        ("uc-zone", False, True): (False, False), ("uc-zone", False, False): (False, False),
        **{("ssh-tunnel", chain, root): (False, False)
           for chain in (True, False) for root in (True, False)},
    }  # fmt: skip


def test_a_far_end_shows_what_it_has_for_the_role() -> None:
    """Its chain with it; as a client what its stack does not keep back (L7)."""
    called, calling = shake(OUT).server, shake(IN).client
    assert (called.store, called.sends_chain, called.prompts) == (None, True, False)
    assert shake("mra-client").client.prompts
    server = called.certificate
    assert server is not None
    own = server.moved(ekus=(SERVER_AUTH,), names=("client.example.net",))
    assert isinstance(own, Certificate)
    two = far(client_certificate=own)
    assert (shake(OUT, two).server.certificate, shake(IN, two).client.certificate) == (server, own)
    assert calling.certificate == server
    kept = far(stack=KNOWN["nss"], certificate=own)
    assert shake(IN, kept).client.certificate is None
    assert shake(OUT, kept).server.certificate == own
    assert shake(IN, far(stack=KNOWN["go"], certificate=own)).client.certificate == own
    assert shake(IN, far(certificate=None, stack=KNOWN["nss"])).client.certificate is None
