"""What certificates, trust, names and modes foresee, as findings: how sure, why, what to do."""

from dataclasses import replace
from typing import Any

import pytest
from paths import CODE, ISSUER, LEAF, Made, Shape, make
from test_certificate_rules import held
from test_finding_set import BROKEN, CERTAIN, LIKELY, POSSIBLE, WEAK
from test_store_rules import CODE_ONLY, DEPLOYMENT, NO_EKU, SERVER_ONLY, place

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.connections import (
    Cause,
    EkuCheck,
    Engine,
    Side,
    State,
    Verdict,
    connection,
    handshakes,
    predict,
)
from ekukit.connections.reasons import UNDOCUMENTED
from ekukit.diagnosis.evidence.evidence import EvidenceKind
from ekukit.diagnosis.evidence.inventory import Held
from ekukit.diagnosis.evidence.setting import Setting, Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.findings.finding import Confidence, Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.foreseen_refusals import ForeseenRefusal
from ekukit.diagnosis.findings.predictions import (
    ASK_MODE,
    add_predictions,
    add_standin_findings,
    place_name,
)
from ekukit.expressway import Mode, Role, Store

CLIENT, SERVER = Side.CLIENT, Side.SERVER
ZONE, TUNNEL = "uc-zone", "ssh-tunnel"
SHAKES = {name: handshakes(DEPLOYMENT, connection(name))[0] for name in (ZONE, TUNNEL)}
TRUSTED = SHAKES[ZONE].server.trusted
LIMITED_CA = replace(ISSUER, ekus=(SERVER_AUTH,))


def shown(leaf: Made = LEAF, issuing: Made = ISSUER, **changes: object) -> Held:
    """Return a held certificate under an issuing CA."""
    return held(make(Shape(leaf=leaf, issuing=issuing)), **changes)


LACKING = held(SERVER_ONLY)


def refusal(  # noqa: PLR0913 - a refusal is told by name
    cause: Cause,
    side: Side = CLIENT,
    name: str = ZONE,
    *,
    by: Held = LACKING,
    sends: bool = True,
    depth: int = 0,
    trusted: frozenset[Any] = TRUSTED,
    **judge: Any,  # noqa: ANN401 - as `place` takes them
) -> ForeseenRefusal:
    """Return a refusal of what one node of a pair shows; the other one judges."""
    shake = SHAKES[name]
    ends = shake.client, shake.server
    shows, judges = ends if side is CLIENT else ends[::-1]
    shows = replace(shows, certificate=by.certificate, sends_chain=sends)
    judges = replace(judges, trusted=trusted)
    client, server = (shows, judges) if side is CLIENT else (judges, shows)
    check = EkuCheck.BYPASSED if judge.get("mode") is Mode.OFF else EkuCheck.CLIENT_AUTH
    shake = replace(shake, client=client, server=server, eku_check=check)
    store = (client if side is CLIENT else server).store or Store.SERVER
    roles = (Role.CORE, Role.EDGE) if side is CLIENT else (Role.EDGE, Role.CORE)
    settings = judge.pop("settings", None)
    trust_file = judge.pop("trust_file", "ca.pem")
    mine = place(roles[0], **{store.value: by})
    other = place(roles[1], **judge)
    other = replace(other, settings=settings, trust_file=trust_file,
                    node=replace(other.node, trusted=trusted))  # fmt: skip
    return ForeseenRefusal(name, shake, Verdict(cause, side, 1, depth), mine, other)


def told(*refusals: ForeseenRefusal, outcomes: tuple[Any, ...] = ()) -> list[Finding]:
    """Return what is found of refusals that are foreseen."""
    gathered = Gathered()
    add_predictions(gathered, refusals, outcomes)
    return list(gathered.all())


def one(cause: Cause, side: Side = CLIENT, name: str = ZONE, **changes: object) -> Finding:
    """Return the finding of one refusal."""
    (found,) = told(refusal(cause, side, name, **changes))  # type: ignore[arg-type]
    return found


def test_what_engine_showed_a_refusal_is_told() -> None:
    """That of the outcome with its code between the same ends; else the path's verification."""
    asked = refusal(Cause.EKU)
    client, server = asked.handshake.client.address, asked.handshake.server.address
    seen = next(o for o in predict(DEPLOYMENT) if o.connection == ZONE)
    seen = replace(seen, code=asked.code, initiator=client, responder=server, engine=Engine.LAB)
    assert told(asked, outcomes=(seen,))[0].engine is Engine.LAB
    for other in (replace(seen, code="other"), replace(seen, initiator="192.0.2.1"),
                  replace(seen, responder="192.0.2.1")):  # fmt: skip
        assert told(asked, outcomes=(other,))[0].engine is Engine.PATH


def test_a_leaf_that_lacks_the_usage_tells_of_its_issuing_ca_too() -> None:
    """Over the same connection, of the same node and side; else the CA has its own finding."""
    leaf, above = refusal(Cause.EKU), refusal(Cause.CA_EKU, depth=1)
    assert [f.code for f in told(leaf, above)] == ["uc-zone.client-eku-missing"]
    assert [f.code for f in told(above)] == ["uc-zone.client-issuing-ca-eku"]
    tunnel = refusal(Cause.CA_EKU, name=TUNNEL, depth=1)
    server = refusal(Cause.CA_EKU, SERVER, depth=1)
    other = replace(above, shows=replace(above.shows, node=replace(
        above.shows.node, address="192.0.2.7")))  # fmt: skip
    for second in (tunnel, server, other):
        assert len(told(leaf, second)) == 2
    assert len(told(leaf, refusal(Cause.EXPIRED))) == 2


SURE: list[tuple[tuple[object, ...], dict[str, object], Confidence]] = [
    ((Cause.EKU,), {}, CERTAIN),
    ((Cause.EKU,), {"known": False}, LIKELY),
    ((Cause.EKU, CLIENT, TUNNEL), {"known": False}, CERTAIN),
    ((Cause.EKU, SERVER), {"known": False}, CERTAIN),
    ((Cause.EKU,), {"known": False, "release": "X14.3"}, CERTAIN),
    ((Cause.EKU,), {"by": held(CODE_ONLY)}, LIKELY),
    ((Cause.EKU, CLIENT, TUNNEL), {"by": held(CODE_ONLY)}, LIKELY),
    ((Cause.EKU, SERVER), {"by": held(CODE_ONLY)}, CERTAIN),
    ((Cause.EKU,), {"by": shown(replace(LEAF, ekus=()))}, CERTAIN),
    ((Cause.EXPIRED,), {"by": held(CODE_ONLY), "known": False}, CERTAIN),
    ((Cause.CA_EKU,), {}, LIKELY),
    ((Cause.CA_EKU, SERVER), {}, LIKELY),
    ((Cause.UNTRUSTED,), {}, CERTAIN),
    ((Cause.UNTRUSTED,), {"sends": False}, LIKELY),
    ((Cause.UNTRUSTED, SERVER), {"sends": False}, LIKELY),
    ((Cause.UNTRUSTED, SERVER), {}, CERTAIN),
    ((Cause.UNTRUSTED, CLIENT, TUNNEL), {"sends": False}, CERTAIN),
    ((Cause.EXPIRED,), {"sends": False}, CERTAIN),
    ((Cause.NAME,), {}, CERTAIN),
    ((Cause.NAME, CLIENT, TUNNEL), {}, POSSIBLE),
    ((Cause.EXPIRED, CLIENT, TUNNEL), {}, CERTAIN),
    ((Cause.EKU,), {"mode": Mode.OFF, "by": held(CODE_ONLY)}, LIKELY),
    ((Cause.EKU,), {"mode": Mode.OFF}, LIKELY),
]  # fmt: skip


@pytest.mark.parametrize(("which", "how", "expected"), SURE)
def test_how_sure_a_refusal_is_depends_on_what_it_rests_on(
    which: tuple[Any, ...], how: dict[str, Any], expected: Confidence
) -> None:
    """An unknown mode that decides, usages of which nobody speaks, chains read off a file."""
    assert one(*which, **how).confidence is expected


@pytest.mark.parametrize("cause", sorted(UNDOCUMENTED))
def test_what_openssl_alone_refuses_is_likely(cause: Cause) -> None:
    """What Expressway does with it is not published (E14)."""
    assert one(cause).confidence is LIKELY
    assert one(cause, SERVER).confidence is LIKELY


def test_a_name_over_ssh_is_weak_and_its_tunnel_is_to_be_looked_at() -> None:
    """That names count there as they do in the zone is published nowhere."""
    found = one(Cause.NAME, CLIENT, TUNNEL)
    assert (found.severity, found.decide[:29]) == (WEAK, "Status > Unified Communicatio")
    zone = one(Cause.NAME)
    assert (zone.severity, zone.decide) == (BROKEN, "")
    expired = one(Cause.EXPIRED, CLIENT, TUNNEL)
    assert (expired.severity, expired.decide) == (BROKEN, "")


def test_an_unknown_mode_that_decides_is_to_be_asked_for() -> None:
    """Where it is known, or does not decide, nothing is to be asked."""
    assert one(Cause.EKU, known=False).decide == ASK_MODE
    assert one(Cause.CA_EKU, known=False, depth=1).decide == ASK_MODE
    assert [one(Cause.EKU).decide, one(Cause.EXPIRED, known=False).decide,
            one(Cause.EKU, CLIENT, TUNNEL, known=False).decide] == ["", "", ""]  # fmt: skip


RESTS: list[tuple[tuple[object, ...], dict[str, object], set[str]]] = [
    ((Cause.EKU,), {}, {"E1", "E2", "E3"}),
    ((Cause.CA_EKU,), {}, {"E1", "E2", "E3", "E6"}),
    ((Cause.EKU,), {"by": held(CODE_ONLY)}, {"E1", "E2", "E3", "E5"}),
    ((Cause.CA_EKU,), {"by": held(CODE_ONLY)}, {"E1", "E2", "E3", "E6"}),
    ((Cause.EKU,), {"by": held(NO_EKU)}, {"E1", "E2", "E3", "E5"}),
    ((Cause.EKU,), {"mode": Mode.OFF}, {"E1", "E2", "E4"}),
    ((Cause.EKU,), {"release": "X14.3"}, {"E1", "L1"}),
    ((Cause.EKU,), {"release": "X14.3", "by": held(CODE_ONLY)}, {"E1", "L1", "E5"}),
    ((Cause.EKU, CLIENT, TUNNEL), {}, {"E7", "K1"}),
    ((Cause.EKU, CLIENT, TUNNEL), {"by": held(CODE_ONLY)}, {"E7", "K1", "E13"}),
    ((Cause.EKU, SERVER), {"by": held(CODE_ONLY)}, {"RFC-EKU"}),
    ((Cause.EXPIRED,), {}, {"RFC-TIME"}),
]  # fmt: skip


@pytest.mark.parametrize(("which", "how", "expected"), RESTS)
def test_a_refusal_for_usages_rests_on_who_demands_them(
    which: tuple[Any, ...], how: dict[str, Any], expected: set[str]
) -> None:
    """The node's mode, its release, or SSH, beside what the connection rests on."""
    found = set(one(*which, **how).facts) - set(connection(ZONE).facts)
    assert found - set(connection(TUNNEL).facts) == expected


CHECKS: list[tuple[tuple[object, ...], dict[str, object], str]] = [
    ((Cause.EKU,), {}, "; Edge checks it (EKU checking mode On)."),
    ((Cause.CA_EKU,), {}, "; Edge checks it (EKU checking mode On)."),
    ((Cause.EKU,), {"mode": Mode.OFF}, "; Edge checks it (EKU checking mode Off)."),
    ((Cause.EKU,), {"known": False}, "; Edge checks it (EKU checking mode On, assumed)."),
    ((Cause.EKU,), {"release": "X14.3"}, "; Edge checks it (X14.3 has no EKU checking mode)."),
    ((Cause.EKU, CLIENT, TUNNEL), {}, "; the tunnel demands it in every mode."),
    ((Cause.CA_EKU, CLIENT, TUNNEL), {}, "; the tunnel demands it in every mode."),
    ((Cause.EKU, SERVER), {}, " (serial 7)."), ((Cause.EXPIRED,), {}, " (serial 7)."),
    ((Cause.CA_EKU, SERVER, TUNNEL), {}, " (serial 7)."),
]  # fmt: skip


@pytest.mark.parametrize(("which", "how", "expected"), CHECKS)
def test_who_demands_the_usage_is_said(
    which: tuple[Any, ...], how: dict[str, Any], expected: str
) -> None:
    """The mode where there is one, the release where there is none, SSH in any."""
    found = one(*which, **how).found
    assert found.endswith(f" (serial 7){expected.removeprefix(' (serial 7)')}")


def test_a_sentence_names_who_shows_what_to_whom() -> None:
    """With the store's page, the name looked for, and the CA that is at fault."""
    client, server = one(Cause.NAME), one(Cause.NAME, SERVER)
    names = SHAKES[ZONE].server.expects_name, SHAKES[ZONE].client.expects_name
    assert f"Core's client certificate does not hold the name {names[0]} " in client.found
    assert f"Edge's server certificate does not hold the name {names[1]} " in server.found
    assert "(Maintenance > Security > Server certificate)" in one(Cause.EKU, SERVER).todo
    assert one(Cause.EKU, SERVER).found.startswith(
        "UC traversal zone: Edge's server certificate has serverAuth; serverAuth is missing"
    )
    assert "(digitalSignature + keyEncipherment)" in one(Cause.KEY_USAGE).found
    assert "the CA certificate Issuing CA above Core's" in one(Cause.PATH_LENGTH, depth=1).found
    assert (one(Cause.EKU).required[:10], one(Cause.EKU, SERVER).required[:10]) == (
        "clientAuth", "serverAuth")  # fmt: skip
    known = refusal(Cause.EXPIRED)
    named = replace(known, shows=replace(known.shows, host="core7"))
    assert "Core core7's client certificate has expired" in told(named)[0].found
    nameless = replace(known.shows, host="")
    assert place_name(nameless) == f"Core {nameless.node.fqdn}"


PLAIN = ("Give Core a client certificate with clientAuth "
         "(Maintenance > Security > Client certificate)")  # fmt: skip
ONE_OF_SERVER = (
    "Give Edge a server certificate with serverAuth (Maintenance > Security > Server certificate)."
)
RENEWED = (
    "Renew it (Maintenance > Security > Client certificate), from a CA that still gives clientAuth."
)
TODOS: list[tuple[tuple[object, ...], dict[str, object], str]] = [
    ((Cause.EKU,), {}, f"{PLAIN}."),
    ((Cause.EKU,), {"by": shown(replace(LEAF, ekus=(SERVER_AUTH,)), LIMITED_CA)},
     f"{PLAIN}, from another CA than Issuing CA, which is limited to other usages."),
    ((Cause.EKU,), {"by": shown(replace(LEAF, ekus=(SERVER_AUTH,)),
                                replace(ISSUER, ekus=(CLIENT_AUTH,)))}, f"{PLAIN}."),
    ((Cause.EKU, SERVER), {"by": shown(replace(LEAF, ekus=(CODE,)), LIMITED_CA)},
     ONE_OF_SERVER),
    ((Cause.EXPIRED,), {"by": shown(LEAF, LIMITED_CA)},
     RENEWED),
]  # fmt: skip


@pytest.mark.parametrize(("which", "how", "expected"), TODOS)
def test_what_is_to_be_done_would_not_keep_the_fault(
    which: tuple[Any, ...], how: dict[str, Any], expected: str
) -> None:
    """From another CA where the one above is limited for that side."""
    found = one(*which, **how)
    assert found.todo == expected
    assert ("would be no better" in found.found) is ("another CA" in expected)


def test_what_is_to_be_done_about_trust_depends_on_the_list() -> None:
    """CAs that are not in it go into it; where all are there the certificate is at fault."""
    listed = frozenset(LACKING.certificate.chain)
    assert one(Cause.UNTRUSTED).todo.startswith("Put root and issuing CA of Issuing CA into Edge's")
    assert one(Cause.UNTRUSTED, trusted=listed).todo.startswith(
        "Re-issue it: its CAs are in Edge's"
    )
    own = make(Shape())[-1]
    alone = replace(LACKING, parsed=own)
    assert one(Cause.UNTRUSTED, by=alone).todo.startswith("It is self-signed: replace it with one")
    assert "that Edge trusts, or put it into Edge's trusted CA list" in one(
        Cause.UNTRUSTED, by=alone).todo  # fmt: skip
    assert one(Cause.EXPIRED, by=alone).todo.startswith("Renew it")
    deep = one(Cause.EXPIRED, depth=1)
    assert deep.todo != one(Cause.EXPIRED).todo
    assert "Edge's trusted CA list" in deep.todo


def test_a_tunnel_whose_leaf_comes_alone_has_a_finding_of_its_own() -> None:
    """Where the zone, to which the chain is sent, is not refused for it as well."""
    alone = refusal(Cause.UNTRUSTED, CLIENT, TUNNEL, sends=False)
    (found,) = told(alone)
    assert found.code == "tunnel.untrusted-issuing-ca"
    assert found.found == (
        "SSH tunnel: Edge does not have Issuing CA in its trusted CA list, which issued Core's "
        "client certificate (serial 7). Over SSH the certificate comes alone, over TLS with its "
        "chain, so the zone can be Active."
    )
    assert found.todo.startswith("Put the issuing CA into Edge's trusted CA list")
    zone = refusal(Cause.UNTRUSTED)
    usual = f"{TUNNEL}.client-untrusted"
    assert {f.code for f in told(alone, zone)} == {usual, f"{ZONE}.client-untrusted"}
    for other in (refusal(Cause.UNTRUSTED, SERVER), refusal(Cause.EXPIRED)):
        assert found.code in {f.code for f in told(alone, other)}
    listed = refusal(Cause.UNTRUSTED, CLIENT, TUNNEL, trusted=frozenset(LACKING.certificate.chain))
    assert [f.code for f in told(listed)] == [usual]
    server = refusal(Cause.UNTRUSTED, SERVER, TUNNEL)
    assert [f.code for f in told(server)] == [f"{TUNNEL}.server-untrusted"]
    assert [f.code for f in told(refusal(Cause.EXPIRED, name=TUNNEL))] == [
        f"{TUNNEL}.client-expired"
    ]


def setting(path: str, value: str, line: int) -> Setting:
    """Return a setting of Edge's dump."""
    return Setting(path, value, "xconf.txt", line)


def zone(number: int, *settings: tuple[str, str], kind: str = "TraversalServer") -> Zone:
    """Return a UC traversal zone; the line is the zone's number and the setting's place."""
    start = f"Zones Zone {number} {kind}"
    told_ = [("CollaborationEdge", "On"), *settings]
    return Zone(number, kind.lower(), tuple(
        setting(f"{start} {key}", value, number * 10 + at) for at, (key, value) in enumerate(told_)
    ))  # fmt: skip


def lines(found: Finding) -> list[int | None]:
    """Return the lines of the settings among the evidence."""
    return [e.line for e in found.evidence if e.kind is EvidenceKind.CONFIGURATION]


def test_the_setting_of_a_mode_that_decides_is_evidence() -> None:
    """Where the dump has it; not of what the mode does not decide."""
    mode = setting("SIP TLS Certificate ExtendedKeyUsage CheckingMode", "On", 5)
    dumped = NodeSettings("edge", (mode,))
    assert lines(one(Cause.EKU, settings=dumped)) == [5]
    assert [lines(one(Cause.EXPIRED, settings=dumped)), lines(one(Cause.EKU)),
            lines(one(Cause.EKU, settings=NodeSettings("edge")))] == [[], [], []]  # fmt: skip
    assert [e.kind.value for e in one(Cause.EKU, settings=dumped).evidence] == [
        "certificate", "configuration"]  # fmt: skip


def test_the_zone_that_looks_for_a_name_is_evidence() -> None:
    """The one whose name is the one that counted; of a server's name the peers that are called."""
    wanted = SHAKES[ZONE].server.expects_name
    subject = "SIP TLS Verify Subject Name"
    other, right = (subject, "other.example.com"), (subject, f" {wanted.upper()} ")
    dumped = NodeSettings("edge", zones=(zone(1), zone(2, other), zone(3, right), zone(4, right)))
    assert lines(one(Cause.NAME, settings=dumped)) == [31]
    assert (
        lines(one(Cause.NAME, settings=NodeSettings("edge", zones=(zone(1), zone(2, other))))) == []
    )
    assert lines(one(Cause.EXPIRED, settings=dumped)) == []
    assert lines(one(Cause.NAME)) == []
    peers = [zone(n, (f"Peer {n} Address", "edge.example.com"), kind="TraversalClient")
             for n in (1, 2)]  # fmt: skip
    called = NodeSettings("core", zones=(*peers, zone(3, kind="TraversalClient")))
    assert lines(one(Cause.NAME, SERVER, settings=called)) == [11, 21]


def test_the_trusted_ca_list_that_lacks_a_ca_is_evidence() -> None:
    """By names in order, the first twenty; of what is not about trust it is none."""

    def list_of(found: Finding) -> list[tuple[str, str]]:
        return [(e.file, e.text) for e in found.evidence if e.store == "ca"]

    cas = sorted(LACKING.certificate.chain, key=lambda ca: ca.name)
    text = "the trusted CA list of Edge holds: "
    assert list_of(one(Cause.UNTRUSTED, trusted=frozenset(cas))) == [
        ("ca.pem", f"{text}Issuing CA, Root")]  # fmt: skip
    assert list_of(one(Cause.UNTRUSTED, trusted=frozenset(), trust_file="x")) == [
        ("x", f"{text}no CA")]  # fmt: skip
    assert list_of(one(Cause.EXPIRED)) == []
    assert {e.kind for e in one(Cause.UNTRUSTED).evidence} == {EvidenceKind.CERTIFICATE}
    many = [replace(cas[0], subject=f"CN=CA {n:02}", key=str(n)) for n in range(22)]
    names = ", ".join(f"CA {n:02}" for n in range(20))
    assert list_of(one(Cause.UNTRUSTED, trusted=frozenset(many[:20]))) == [
        ("ca.pem", f"{text}{names}")]  # fmt: skip
    assert list_of(one(Cause.UNTRUSTED, trusted=frozenset(many))) == [
        ("ca.pem", f"{text}{names}, and 2 more")]  # fmt: skip


def test_a_stand_in_that_ends_otherwise_than_the_path_is_told() -> None:
    """One finding for all of them; where none does there is none."""
    seen = [replace(o, standin="") for o in predict(DEPLOYMENT) if o.connection == ZONE]
    differs = replace(seen[0], state=State.FAILED, standin="untrusted, error 20 at depth 0")
    gathered = Gathered()
    add_standin_findings(gathered, seen)
    assert gathered.all() == ()
    add_standin_findings(gathered, [*seen, differs])
    (found,) = gathered.all()
    assert (found.code, found.engine) == ("prediction.stand-in-differs", Engine.PATH)
    assert [e.kind for e in found.evidence] == [EvidenceKind.RULE]
    assert found.found == (
        "UC traversal zone: OpenSSL's verdict on the certificates' own bytes is Failed; a "
        "handshake with stand-ins ended with untrusted, error 20 at depth 0."
    )
