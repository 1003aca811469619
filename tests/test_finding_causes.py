"""Which cause a finding is told under: what is to be changed, where, and how sure that is."""

from dataclasses import replace

import pytest
from test_causes import expired, server_only, with_certificate
from test_headline import BROKEN, CERTAIN, LIKELY, LOG, POSSIBLE, RULE, WEAK
from test_headline import finding as found_
from test_root_causes import CORE, INTERNAL, NAMELESS, SOUND

from ekukit.causes import CauseCard
from ekukit.connections import predict
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.findings.case_causes import causes_of_case
from ekukit.diagnosis.findings.failures import OF_STRANGER
from ekukit.diagnosis.findings.finding import Confidence, Finding, Severity
from ekukit.expressway import Deployment, Knowledge, Store, build, condition
from ekukit.facts import Status
from ekukit.log.troubles import OF_SIP, UNREACHED, Trouble

LOGINS = ("mra-login", "webrtc-proxy")
LACKING = build(condition("C2"))


def finding(code: str, severity: Severity = BROKEN, **changes: object) -> Finding:
    """Return a finding that rests on a fact."""
    told = {"found": "It fails. More.", "todo": "Mend it.", "facts": ("E1",), **changes}
    return found_(code, severity, **told)


def causes(*findings: Finding, deployment: Deployment | None = None) -> tuple[CauseCard, ...]:
    """Return the causes of findings; the deployment's by rules."""
    return causes_of_case(findings, deployment, predict(deployment) if deployment else ())


def cause(code: str, **changes: object) -> CauseCard:
    """Return the cause of one broken finding."""
    (card,) = causes(finding(code, **changes))
    return card


STORE = "Maintenance > Security > "
PLACES = [
    # The finding, the id of its cause, and where it is put right.
    ("uc-zone.client-eku-missing", "core.client-store", f"Core: {STORE}Client certificate"),
    ("uc-zone.server-expired", "edge.server-store", f"Edge: {STORE}Server certificate"),
    ("b2b-out.client-expired", "edge.client-store", f"Edge: {STORE}Client certificate"),
    ("cucm-tftp.server-expired", "cucm.far-end", "CUCM: by whoever runs it"),
    ("uc-zone.client-untrusted", "edge.trusted-ca.core-client",
     f"Edge: {STORE}Trusted CA certificate"),
    ("uc-zone.server-untrusted", "core.trusted-ca.edge-server",
     f"Core: {STORE}Trusted CA certificate"),
    ("cucm-tftp.client-untrusted", "cucm.far-end.core-client", "CUCM: by whoever runs it"),
    ("tunnel.untrusted-issuing-ca", "edge.trusted-ca.core-client",
     f"Edge: {STORE}Trusted CA certificate"),
    ("uc-zone.client-name-mismatch", "edge.setting.client-name-mismatch",
     "Edge: Configuration > Zones > Zones, TLS verify subject name"),
    ("cucm-tftp.client-name-mismatch", "core.client-store", f"Core: {STORE}Client certificate"),
    ("b2b-out.server-name-mismatch", "b2b-partner.far-end", "B2B partner: by whoever runs it"),
    ("uc-zone.client-revocation-not-checked", "edge.setting.client-revocation-not-checked",
     "Edge: its settings"),
    ("uc-zone.server-revocation-not-checked", "core.setting.server-revocation-not-checked",
     "Core: its settings"),
    ("cucm-tftp.client-revocation-not-checked",
     "cucm.far-end.client-revocation-not-checked", "CUCM: by whoever runs it"),
    ("uc-zone.unreached", "core-and-edge.network.unreached", "between Core and Edge"),
    *((f"uc-zone.{one.value}", "core-and-edge.network.unreached", "between Core and Edge")
      for one in sorted(UNREACHED)),
    ("uc-zone.handshake-failure", "core-and-edge.network.uc-zone.handshake-failure",
     "between Core and Edge"),
    ("zone.unexplained", "core-and-edge.network.uc-zone.unexplained", "between Core and Edge"),
    ("zone.unreached", "core-and-edge.network.unreached", "between Core and Edge"),
    ("tunnel.unexplained", "core-and-edge.network.ssh-tunnel.unexplained",
     "between Core and Edge"),
    *((f"uc-zone.{one.value}", f"core-and-edge.setting.uc-zone.{one.value}",
       "Core and Edge: its settings") for one in (
        *sorted(OF_SIP), Trouble.VERSION, Trouble.CIPHER, Trouble.OWN_CERTIFICATE,
        Trouble.OWN_FILES, Trouble.ACCOUNT, Trouble.TOO_MANY, Trouble.ALGORITHM)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name", "where"), PLACES)
def test_a_finding_has_its_cause_where_something_is_to_be_changed(
    code: str, name: str, where: str
) -> None:
    """A certificate in its store, trust and revocation at who judges, a network between both."""
    found = cause(code)
    assert (found.id, found.where, found.number) == (name, where, 1)
    assert found.codes == (code,)


STORES = [
    ("The client certificate of Core core1 has expired. More.", "core.client-store"),
    ("The server certificate of Edge has expired. More.", "edge.server-store"),
    ("The server certificate of Edges has expired. More.", "certificate.expired.setting"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "start"), STORES)
def test_a_finding_of_a_certificate_is_told_under_its_store(text: str, start: str) -> None:
    """As its first words name it; no connection is said to be down by it."""
    found = cause("certificate.expired", found=text)
    assert found.id.startswith(start)
    assert found.effects == ()


def test_what_brings_down_most_services_comes_first() -> None:
    """Then what brings down most connections; of equal ones as they were found."""
    told = [card.id for card in causes(
        finding("b2b-out.client-expired"), finding("cucm-tftp.server-expired"),
        finding("uc-zone.client-expired"), finding("neighbor-in.client-expired"),
        finding("webex.client-expired"),
    )]  # fmt: skip
    assert told == ["core.client-store", "cucm.far-end", "edge.client-store", "neighbor.far-end"]
    equal = causes(finding("webex.unreached"), finding("zone.unexplained"))
    assert [card.number for card in equal] == [1, 2]


def test_one_thing_to_be_changed_is_one_cause_of_all_that_it_brings_down() -> None:
    """Each code, connection and fact once, services behind connections."""
    (card,) = causes(
        finding("uc-zone.client-eku-missing", evidence=(LOG, RULE)),
        finding("ssh-tunnel.client-expired", facts=("E1", "S3"), evidence=(LOG,)),
        finding("tunnel.client-expired"),
    )
    assert card.effects == ("uc-zone", "ssh-tunnel", *LOGINS)
    zone, tunnel, own = card.codes
    assert (zone, tunnel) == ("uc-zone.client-eku-missing", "ssh-tunnel.client-expired")
    assert own == "tunnel.client-expired"
    assert (card.facts, card.evidence) == (("E1", "S3"), (LOG, RULE))
    assert (card.what, cause("cucm-tftp.client-eku-missing").lists) == ("It fails.", ())
    assert (card.code, card.step, card.instead) == ("client-eku-missing", "Mend it.", ())


def test_what_may_break_is_no_cause_but_a_caller_who_was_refused_is_the_last() -> None:
    """However much it would bring down."""
    assert causes(finding("uc-zone.client-expired", WEAK)) == ()
    caller = finding(
        "uc-zone.client-untrusted", WEAK, confidence=POSSIBLE, found=f"Refused. {OF_STRANGER}"
    )
    broken = finding("b2b-out.client-expired")
    assert [card.id for card in causes(caller, broken)] == [
        "edge.client-store", "edge.trusted-ca.core-client"]  # fmt: skip
    both = causes(
        finding(
            "uc-zone.client-expired", WEAK, confidence=POSSIBLE, found=f"Refused. {OF_STRANGER}"
        ),
        finding("ssh-tunnel.client-expired"), finding("cucm-tftp.server-expired"),
    )  # fmt: skip
    assert [card.id for card in both] == ["core.client-store", "cucm.far-end"]


SURE = [
    (CERTAIN, LOG, "certain: it was seen, and what is known of the case explains it"),
    (LIKELY, LOG, "likely: it was seen, and from there other causes look alike"),
    (POSSIBLE, LOG, "possible: it was seen, and several causes fit"),
    (CERTAIN, RULE, "not seen: it follows from the certificates and settings"),
    (LIKELY, RULE, "not seen: it follows from certificates, settings, an assumption"),
    (POSSIBLE, RULE, "not seen, and it follows from assumptions"),
]  # fmt: skip


@pytest.mark.parametrize(("confidence", "shown", "words"), SURE)
def test_how_sure_a_cause_is(confidence: Confidence, shown: Evidence, words: str) -> None:
    """By its surest finding, and by whether anything shows it."""
    found = cause("uc-zone.client-expired", confidence=confidence, evidence=(shown,))
    assert found.sure == f"{words} (documented)"
    assert found.seen is (shown is LOG)
    (both,) = causes(
        finding("ssh-tunnel.client-expired", confidence=POSSIBLE, evidence=(RULE,)),
        finding("uc-zone.client-expired", confidence=confidence, evidence=(shown,)),
    )
    assert both.sure == f"{words} (documented)"


@pytest.mark.parametrize("kind", EvidenceKind)
def test_what_shows_a_failure_was_seen(kind: EvidenceKind) -> None:
    """In logs, captures, pages and status; not in certificates and settings."""
    seen = {EvidenceKind.LOG, EvidenceKind.PACKET, EvidenceKind.PASTED, EvidenceKind.STATUS}
    found = cause("uc-zone.client-expired", evidence=(Evidence(kind, "f", "line"),))
    assert found.seen is (kind in seen)


def test_what_was_seen_stands_before_what_follows_and_each_file_has_its_turn() -> None:
    """The first of every file, then the second; the serial that is told first is told."""
    lines = [replace(LOG, file=name, text=f"{name}{n}") for name in "ab" for n in (1, 2)]
    held = replace(RULE, kind=EvidenceKind.CERTIFICATE, file="c", serial="ab12")
    other = replace(held, serial="cd34")
    found = cause("uc-zone.client-expired", evidence=(held, other, *lines, lines[0]))
    assert [one.text for one in found.evidence if one.kind is EvidenceKind.LOG] == [
        "a1", "b1", "a2", "b2"]  # fmt: skip
    assert found.evidence[-2:] == (held, other)
    assert found.serials == ("ab12",)
    assert cause("uc-zone.client-expired").serials == ()


WHAT = [
    ("uc-zone.client-expired", "UC traversal zone: it has expired. More.", "It has expired."),
    ("uc-zone.client-expired", "SSH tunnel: it has expired.", "SSH tunnel: it has expired."),
    ("uc-zone.client-expired", "core (serial ab12) has expired; and more. X", "Core has expired."),
    ("uc-zone.client-expired", "core.example.com has expired", "core.example.com has expired."),
    ("zone.unexplained", "UC traversal zone: it fails.", "It fails."),
    ("uc-zone.unreached", "Core gets no answer.", "Core gets no answer."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "expected"), WHAT)
def test_what_is_wrong_is_the_first_sentence(code: str, text: str, expected: str) -> None:
    """Without title and serial; a host name keeps its letters."""
    assert cause(code, found=text).what == expected


def test_what_is_not_reached_on_several_ports_is_told_once() -> None:
    """By both ends, with all that is not reached."""
    (card,) = causes(finding("uc-zone.unreached"), finding("ssh-tunnel.port-closed"))
    assert card.what == "Core does not reach Edge: UC traversal zone and SSH tunnel."
    assert card.effects == ("uc-zone", "ssh-tunnel", *LOGINS)


def test_the_step_has_no_page_twice_and_a_decision_is_told_instead() -> None:
    """The page stands beside it."""
    page = f"{STORE}Client certificate"
    found = cause("uc-zone.client-expired", todo=f"Renew it ({page}). Then.", decide="Look there.")
    assert (found.step, found.instead) == ("Renew it. Then.", ("Look there.",))


def test_a_cause_that_rules_show_is_told_in_their_words() -> None:
    """With what it restores of what was found, and the lists that must get the new CA."""
    (card,) = causes(finding("uc-zone.client-eku-missing"), deployment=LACKING)
    assert card.what == "Core's client certificate lacks clientAuth."
    assert card.effects == ("uc-zone", *LOGINS)
    assert set(card.restores) == {"uc-zone", *LOGINS}
    assert card.lists[0] == "Edge's trusted CA list"
    (more,) = causes(
        finding("uc-zone.client-eku-missing"), finding("cucm-tftp.client-eku-missing"),
        deployment=LACKING,
    )  # fmt: skip
    assert more.id == card.id == "core.client-store"
    assert len(more.lists) == len(set(more.lists))


def test_another_fault_of_the_same_store_is_the_same_cause() -> None:
    """Of another place or of a list it is not."""
    (card,) = causes(finding("ssh-tunnel.client-expired"), deployment=LACKING)
    assert (card.id, card.what) == (
        "core.client-store",
        "Core's client certificate lacks clientAuth.",
    )
    (other,) = causes(finding("uc-zone.client-untrusted"), deployment=LACKING)
    assert (other.id, other.what) == ("edge.trusted-ca.core-client", "It fails.")
    (far,) = causes(finding("b2b-out.server-expired"), deployment=LACKING)
    assert (far.id, far.what) == ("b2b-partner.far-end", "It fails.")


def test_far_ends_that_lack_one_ca_are_one_cause() -> None:
    """Those of which it is not known that they refuse it as well."""
    both = finding("webex.client-untrusted"), finding("b2b-out.client-untrusted")
    (card,) = causes(*both, deployment=INTERNAL)
    assert (card.id, card.effects) == ("far-ends.far-end.trust", ("webex", "b2b-out"))
    asking = condition("C3").with_far_end("webex", requests=Knowledge.UNKNOWN)
    (doubt,) = causes(*both, deployment=build(asking))
    assert (doubt.id, doubt.effects) == ("far-ends.far-end.trust", ("webex", "b2b-out"))
    assert [card.id for card in causes(*both)] == ["webex.far-end.edge-client",
                                                   "b2b-partner.far-end.edge-client"]  # fmt: skip


def test_a_computed_cause_of_another_place_is_not_taken() -> None:
    """Nor one of another setting of the same node."""
    bad = with_certificate(SOUND, CORE, Store.CLIENT, expired)
    both = causes(
        finding("uc-zone.client-expired"), finding("b2b-out.client-expired"), deployment=bad
    )
    assert [card.id for card in both] == ["core.client-store", "edge.client-store"]
    (card,) = causes(finding("uc-zone.client-revocation-not-checked"), deployment=NAMELESS)
    assert card.id == "edge.setting.client-revocation-not-checked"


def test_only_what_was_found_is_hidden_behind_a_cause() -> None:
    """Of what rules know behind it, that is."""
    bad = with_certificate(NAMELESS, CORE, Store.CLIENT, server_only)
    first = finding("uc-zone.client-eku-missing")
    (card,) = causes(first, deployment=bad)
    assert card.behind == ()
    shows, hidden = causes(finding("uc-zone.client-name-mismatch"), first, deployment=bad)
    assert (shows.id, shows.behind) == ("core.client-store", (hidden.id,))
    assert [shows.number, hidden.number] == [1, 2]


def test_what_rules_hold_for_possible_is_certain_where_it_was_found() -> None:
    """It leaves the doubtful; a computed cause of other connections keeps none of its words."""
    (card,) = causes(
        finding("webex.client-eku-missing"), finding("b2b-out.client-eku-missing"),
        deployment=LACKING,
    )  # fmt: skip
    assert (card.id, card.doubtful) == ("edge.client-store", ())
    assert card.what == "Edge's client certificate lacks clientAuth."
    (own,) = causes(
        finding("certificate.expired", found="The client certificate of Core is bad. X"),
        deployment=LACKING,
    )
    assert (own.id, own.what, own.lists) == (
        "core.client-store", "The client certificate of Core is bad.", ())  # fmt: skip


def test_a_cause_is_as_sure_as_its_facts() -> None:
    """The weakest counts."""
    assert cause("uc-zone.client-expired", facts=("E1",)).basis is Status.DOCUMENTED
