"""Verdicts put into words: state, reason, check, what was presented, what is hidden, notes."""

from dataclasses import replace
from typing import Any

import pytest
from test_attempts import CLUSTERS, IN, OUT, SOUND, far, shake, with_ekus

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, eku_words
from ekukit.certificates.constraints import usage_words
from ekukit.connections import Cause, EkuCheck, Engine, Handshake, Side, State, Verdict, connection
from ekukit.connections.outcome import Outcome
from ekukit.connections.predict import (
    connection_outcomes,
    node_of,
    outcomes,
    predict,
    verdict_words,
    which_words,
)
from ekukit.connections.reasons import REASONS, UNDOCUMENTED
from ekukit.expressway import Deployment, Knowledge, Mode, Release
from ekukit.expressway.network import Network
from ekukit.facts import Status
from ekukit.stacks import KNOWN

CLIENT, SERVER = Side.CLIENT, Side.SERVER
ZONE = "uc-zone"
GOOD = Verdict(Cause.ACCEPTED)
EXPIRED = Verdict(Cause.EXPIRED, CLIENT, 10, 0, 45, "alert certificate expired", behind=())


def ends(
    verdict: Verdict, name: str = ZONE, deployment: Deployment = SOUND, engine: Engine = Engine.LAB
) -> Outcome:
    """Return the first outcome of a connection whose handshakes all end so."""
    return connection_outcomes(deployment, lambda _shake: verdict, engine, [connection(name)])[0]


def test_an_outcome_says_what_its_verdict_says() -> None:
    """State, code, error, alert and text; engine and facts; who called whom."""
    found = ends(EXPIRED)
    assert (found.state, found.code) == (State.FAILED, "uc-zone.client-expired")
    assert (found.error, found.depth, found.alert, found.text) == (
        10, 0, 45, "alert certificate expired")  # fmt: skip
    assert found.reason == "Core's client certificate has expired."
    assert found.todo.startswith("Renew it (Maintenance > Security > Client certificate)")
    assert (found.initiator, found.responder) == (SOUND.core[0].address, SOUND.edge[0].address)
    assert {"N1", "S2", "RFC-TIME"} <= set(found.facts)
    assert found.engine is Engine.LAB
    by_path = ends(replace(EXPIRED, engine=Engine.PATH))
    assert by_path.engine is Engine.PATH
    good = ends(GOOD)
    assert (good.state, good.code) == (State.ACTIVE, "uc-zone.active")
    assert good.reason.startswith("Edge accepted Core's client certificate (")
    assert ends(replace(EXPIRED, judged=SERVER)).code == "uc-zone.server-expired"


def test_services_follow_connections() -> None:
    """Both engines come through here; the rules alone where no other judge is asked."""
    told = {one.connection: one.state for one in predict(SOUND)}
    assert {"uc-zone", "mra-login", "webrtc-proxy"} <= set(told)
    assert {one.engine for one in predict(SOUND)} == {Engine.RULES}
    failed = {one.connection: one for one in outcomes(SOUND, lambda _s: EXPIRED, Engine.LAB)}
    assert failed["mra-login"].state is State.FAILED
    assert len(failed) == len(told)


def test_no_engine_makes_a_handshake_that_never_begins() -> None:
    """The rules say why; every other one is made."""
    network = Network(dropped=frozenset({7001}))
    deployment = replace(SOUND, network=network)
    assert ends(GOOD, deployment=deployment).code == "uc-zone.unreached"
    assert ends(GOOD, "ssh-tunnel", deployment).state is State.ACTIVE


def checked(handshake: Handshake) -> Verdict:
    """Return a verdict that refuses where the EKU is looked at."""
    strict = handshake.eku_check is EkuCheck.CLIENT_AUTH
    return Verdict(Cause.EKU, CLIENT, 26, 0, behind=()) if strict else GOOD


def test_what_a_far_end_does_counts_where_it_decides() -> None:
    """Unknown where states differ; else the state that they share, with a note."""
    asked = far(checks_client_eku=Knowledge.UNKNOWN)
    (found,) = connection_outcomes(asked, checked, Engine.LAB, [connection(OUT)])
    assert found.state is State.UNKNOWN
    assert found.check == "not known: the far end decides"
    assert found.todo.startswith("Ask who runs the far end. If it checks: Give Core a client cert")
    assert "What the far end does is not known, and it decides." in found.reason
    same = ends(GOOD, OUT, asked)
    assert same.state is State.ACTIVE
    assert same.notes[-1] == (
        "What is not known of the far end changes nothing: every possibility ends like this."
    )
    assert same.check == "Neighbor does not look at EKUs"
    one = ends(GOOD, OUT)
    assert not any("every possibility" in note for note in one.notes)


CHECKS: list[tuple[str, Verdict, Deployment, str]] = [
    (ZONE, GOOD, SOUND, "Edge demands clientAuth (EKU checking mode On)"),
    (ZONE, Verdict(Cause.EKU, CLIENT), SOUND, "Edge demands clientAuth (EKU checking mode On)"),
    (ZONE, GOOD, SOUND.with_edge(eku_checking=Mode.OFF),
     "Edge takes serverAuth too (EKU checking mode Off)"),
    (ZONE, GOOD, SOUND.with_edge(release=Release.X14_3), "Edge demands clientAuth"),
    (ZONE, EXPIRED, SOUND, "validity"),
    ("ssh-tunnel", GOOD, SOUND, "SSH at Edge: clientAuth is demanded in every mode"),
    (OUT, GOOD, SOUND, "Neighbor demands clientAuth"),
    ("mra-client", GOOD, SOUND, "Edge asks for no certificate"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "verdict", "deployment", "expected"), CHECKS)
def test_the_check_that_decided_is_told(
    name: str, verdict: Verdict, deployment: Deployment, expected: str
) -> None:
    """With the mode where the mode decides."""
    assert ends(verdict, name, deployment).check.startswith(expected)
    if "mode" not in expected:
        assert "(EKU checking mode" not in ends(verdict, name, deployment).check


def test_nothing_is_presented_where_nothing_is_asked_for() -> None:
    """That it was accepted is not said then."""
    found = ends(GOOD, "mra-client")
    assert found.reason == "Edge asks MRA client for no certificate."
    assert found.presented_by_client is None
    assert found.presented_by_server is not None
    late = Verdict(Cause.EXPIRED, SERVER, behind=())
    assert ends(late, "mra-client").reason == "Edge's server certificate has expired."
    assert ends(EXPIRED).presented_by_client is not None
    assert ends(GOOD, "cucm-uds").presented_by_client is None


def test_what_was_presented_is_told_by_store_and_origin() -> None:
    """A far end has its own; where a client store's content came from is told of it alone."""
    zone = ends(GOOD)
    shown, answered = zone.presented_by_client, zone.presented_by_server
    held = SOUND.core[0].client.certificate
    assert shown is not None
    assert answered is not None
    assert held is not None
    assert (shown.node, shown.store, shown.serial, shown.issuer, shown.ekus) == (
        "Core", "client", held.serial_hex, held.issuer_name, held.ekus)  # fmt: skip
    assert (shown.origin != "", answered.store, answered.origin) == (True, "server", "")
    neighbor = ends(GOOD, IN).presented_by_client
    assert neighbor is not None
    assert (neighbor.store, neighbor.origin) == ("own", "")
    core = replace(SOUND.core[0], client=replace(SOUND.core[0].client, certificate=None))
    assert ends(EXPIRED, deployment=replace(SOUND, core=(core,))).presented_by_client is None


def test_an_end_is_an_expressway_or_a_far_end() -> None:
    """By address, in either cluster."""
    zone = shake(ZONE, CLUSTERS)
    assert node_of(CLUSTERS, zone.client) == CLUSTERS.core[0]
    assert node_of(CLUSTERS, zone.server) == CLUSTERS.edge[0]
    assert node_of(SOUND, shake(OUT).server) is None
    assert node_of(SOUND, replace(zone.client, address="192.0.2.1")) is None
    far_away = replace(shake(OUT).server, address=SOUND.core[0].address)
    assert node_of(SOUND, far_away) is None


def test_words_name_who_showed_what_to_whom() -> None:
    """Of a server's certificate the other way round."""
    zone = shake(ZONE)
    client = verdict_words(zone, EXPIRED)
    assert (client["who"], client["judge"], client["store"]) == ("Core", "Edge", "client")
    assert client["name"] == zone.server.expects_name
    assert client["page"] == "Maintenance > Security > Client certificate"
    assert client["list"].startswith("Edge's trusted CA list (")
    assert (client["alternative"], client["port"]) == ("", "7001")
    assert client["text"] == "alert certificate expired"
    assert client["which"] == "Core's client certificate"
    held = zone.client.certificate
    assert held is not None
    assert client["usage"] == usage_words(held.limits) != ""
    assert (client["ekus"], client["issuer"]) == (eku_words(held.ekus), held.issuer_name)
    server = verdict_words(zone, replace(EXPIRED, judged=SERVER))
    assert (server["who"], server["judge"], server["store"]) == ("Edge", "Core", "server")
    assert server["name"] == zone.client.expects_name
    out = verdict_words(shake(OUT), EXPIRED)
    assert out["list"] == "the trust store of Neighbor"
    assert out["alternative"].startswith(" Or have the clientAuth check of Neighbor switched off")
    calling = verdict_words(shake(IN), EXPIRED)
    assert (calling["store"], calling["page"]) == ("own", "at Neighbor, by whoever runs it")
    none = replace(zone, client=replace(zone.client, certificate=None))
    bare = verdict_words(none, EXPIRED)
    assert (bare["ekus"], bare["issuer"], bare["usage"]) == (
        "no certificate", "the issuer", "")  # fmt: skip


def test_the_certificate_of_a_path_is_named_by_its_place() -> None:
    """The leaf; a CA by the verdict's own name of it, or by that of the chain."""
    held = SOUND.core[0].client.certificate
    assert held is not None
    names = [ca.name for ca in held.chain]

    def which(depth: int | None, link: str = "", *, known: bool = True) -> str:
        verdict = Verdict(Cause.EXPIRED, CLIENT, 10, depth, link=link)
        return which_words(held if known else None, verdict, "its")

    assert which(None) == which(0) == which(1, known=False) == "its"
    assert which(1) == f"the CA certificate {names[0]} above its"
    assert which(2) == f"the CA certificate {names[1]} above its"
    assert which(1, "Other CA") == "the CA certificate Other CA above its"
    assert which(9) == "the CA certificate above its"


def test_what_stands_behind_the_first_error_is_told() -> None:
    """As the verdict has it, or else as rules see it; neither the same again nor a prompt."""
    name = Verdict(Cause.NAME, CLIENT)
    deeper = replace(EXPIRED, depth=1, link="A CA")
    found = ends(replace(EXPIRED, behind=(EXPIRED, name, deeper)))
    assert len(found.hidden) == 2
    assert found.hidden[0].startswith("Core's client certificate does not hold the name")
    assert ends(EXPIRED).hidden == ()
    late = replace(SOUND, at=SOUND.at.replace(year=2099))
    rules = ends(replace(EXPIRED, behind=None), deployment=late)
    assert any("Edge's server certificate has expired" in one for one in rules.hidden)
    untrusted = Verdict(Cause.UNTRUSTED, SERVER, 20, 0)
    prompt = replace(EXPIRED, judged=SERVER, behind=(untrusted,))
    assert ends(prompt, "mra-client").hidden == ()
    assert len(ends(prompt).hidden) == 1


def test_a_stand_in_that_ended_otherwise_is_told() -> None:
    """With its error where it has one, and its text."""
    made = replace(EXPIRED, error=10, depth=1, text="")
    found = ends(replace(GOOD, standin=made))
    assert found.standin == "expired, error 10 at depth 1"
    assert (
        f"A handshake with stand-ins ended otherwise: {found.standin}. The path" in found.notes[0]
    )
    assert ends(replace(GOOD, standin=GOOD)).standin == "active"
    assert ends(replace(GOOD, standin=EXPIRED)).standin == (
        "expired, error 10 at depth 0 (alert certificate expired)"
    )
    assert ends(GOOD).standin == ""


def notes(verdict: Verdict, name: str = ZONE, deployment: Deployment = SOUND) -> str:
    """Return the notes of an outcome as one text."""
    return " ".join(ends(verdict, name, deployment).notes)


def test_notes_tell_what_a_state_hides() -> None:
    """A prompt, what is not documented, what only a lenient check lets pass, an absent EKU."""
    assert notes(GOOD) == ""
    assert "Certificate prompt" in notes(replace(GOOD, prompted=True), "mra-client")
    assert "MRA client does not trust its issuer" in notes(replace(GOOD, prompted=True),
                                                           "mra-client")  # fmt: skip
    for cause in sorted(UNDOCUMENTED):
        assert "is not documented (E14)" in notes(Verdict(cause, CLIENT, behind=()))
    assert notes(EXPIRED) == ""
    off = with_ekus(SOUND.with_edge(eku_checking=Mode.OFF), SERVER_AUTH)
    assert notes(GOOD, deployment=off) == (
        "Only mode Off lets this certificate pass; clientAuth is still missing."
    )
    assert notes(EXPIRED, deployment=off) == ""
    assert notes(GOOD, deployment=with_ekus(off, SERVER_AUTH, CLIENT_AUTH)) == ""
    assert notes(GOOD, deployment=with_ekus(SOUND, SERVER_AUTH)) == ""
    loose = with_ekus(far(checks_client_eku=Knowledge.NO), SERVER_AUTH)
    assert notes(GOOD, OUT, loose) == (
        "Only because Neighbor checks no EKU does this pass; clientAuth is missing."
    )
    taken = with_ekus(far(stack=KNOWN["gnutls"]), SERVER_AUTH)
    assert "'s stack lets this certificate pass; clientAuth is missing." in notes(GOOD, OUT, taken)


def test_a_certificate_without_an_eku_extension_is_noted() -> None:
    """Where it was asked for and accepted; Cisco does not say."""
    held = SOUND.core[0].client.certificate
    assert held is not None
    core = replace(SOUND.core[0], client=replace(SOUND.core[0].client,
                                                 certificate=held.moved(ekus=None)))  # fmt: skip
    bare = replace(SOUND, core=(core,))
    said = "Cisco does not say what Expressway does with a certificate without EKU extension."
    assert notes(GOOD, deployment=bare) == said
    assert notes(EXPIRED, deployment=bare) == ""
    assert notes(GOOD, "cucm-uds", bare) == ""


def test_a_far_ends_refusal_for_want_of_trust_rests_on_a_setting() -> None:
    """That the CA is needed is documented (C3-far); that this far end lacks it nobody says (F1)."""
    by_far_end = ends(Verdict(Cause.UNTRUSTED, CLIENT, 20, 0, behind=()), OUT)
    assert "F1" in by_far_end.facts
    assert by_far_end.basis is Status.ASSUMED
    assert "F1" not in ends(Verdict(Cause.UNTRUSTED, CLIENT, 20, 0, behind=()), IN).facts


def test_what_a_stack_keeps_back_and_says_is_told() -> None:
    """NSS sends nothing that lacks clientAuth (L7); what another stack said is quoted."""
    server = shake(OUT).server.certificate
    assert server is not None
    own = server.moved(ekus=(SERVER_AUTH,))
    none = Verdict(Cause.NO_CERTIFICATE, CLIENT, behind=())
    kept = ends(none, IN, far(stack=KNOWN["nss"], certificate=own))
    assert kept.reason == (
        "Neighbor (NSS) has a certificate and its stack does not send it, for want of clientAuth."
    )
    assert kept.todo.startswith("Give Neighbor (NSS) a client certificate with clientAuth")
    assert "does not send it" not in ends(none, IN, far(certificate=None)).reason
    lacks = Verdict(Cause.EKU, CLIENT, 26, 0, behind=())
    assert "itself said: " in notes(lacks, OUT, far(stack=KNOWN["go"]))


REFUSALS = [one for one in REASONS if one[0] is not Cause.ACCEPTED]


@pytest.mark.parametrize(("cause", "side"), REFUSALS)
def test_every_reason_can_be_filled_in(cause: Cause, side: Side | None) -> None:
    """Of a leaf and of a CA above it, between nodes and with a far end."""
    for name in (ZONE, OUT, IN):
        for depth in (0, 1):
            found: Any = ends(Verdict(cause, side, 1, depth, behind=()), name)
            assert "{" not in f"{found.reason}{found.todo}{found.check}"
            assert found.reason[0] == found.reason[0].upper()
            assert found.reason.endswith(".")
