"""Each finding about a certificate or a list begins and ends where it says, to the second."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paths import AT, CODE, ISSUER, LEAF, Shape, make

from ekukit.believed import days_left
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.certificates.pemfile import ca_views, view_of
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Held, Inventory
from ekukit.diagnosis.findings.certificate_rules import (
    Looked,
    add_certificate_findings,
    add_trust_findings,
)
from ekukit.diagnosis.findings.finding import Confidence, Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.expressway import Role, Store

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PATH = make(Shape())
ENDS = PATH[0].not_valid_after_utc
BEGINS = PATH[0].not_valid_before_utc


def held(path: tuple[x509.Certificate, ...] = PATH, **changes: object) -> Held:
    """Return the leaf of a path as a client store of Core holds it."""
    views = ca_views(path[1:])
    view = replace(view_of(path[0], path[1:]), chain=tuple(views[ca] for ca in path[1:]))
    made = Held("core1", Store.CLIENT, view, path[0], path[1:], "", "a.pem", 1, sends_chain=True)
    return replace(made, **changes)


def looked(
    found: Held | None = None,
    at: datetime = AT,
    today: datetime | None = None,
    role: Role | None = Role.CORE,
) -> Looked:
    """Return a certificate as the rules see it."""
    return Looked(found or held(), "Core", role, at, today)


def findings(*seen: Looked) -> dict[str, Finding]:
    """Return the findings about certificates by code."""
    gathered = Gathered()
    add_certificate_findings(gathered, seen)
    return {finding.code: finding for finding in gathered.all()}


def test_a_sound_certificate_has_no_finding() -> None:
    """Nothing is told for the sake of telling."""
    assert findings(looked()) == {}


EXPIRED, SINCE, SOON, EARLY = (
    "certificate.expired", "certificate.expired-since", "certificate.expires-soon",
    "certificate.not-yet-valid",
)  # fmt: skip
MOMENTS: list[tuple[datetime, datetime | None, set[str]]] = [
    (ENDS - 60 * DAY - SECOND, None, set()),
    (ENDS - 60 * DAY, None, set()),
    (ENDS - 60 * DAY + SECOND, None, {SOON}),
    (ENDS - SECOND, None, {SOON}),
    (ENDS, None, {SOON}),
    (ENDS + SECOND, None, {EXPIRED}),
    (BEGINS, None, set()),
    (BEGINS - SECOND, None, {EARLY}),
    (ENDS - 400 * DAY, ENDS - 60 * DAY + SECOND, {SOON}),
    (ENDS - 400 * DAY, ENDS - 60 * DAY, set()),
    (ENDS - 400 * DAY, ENDS, {SOON}),
    (ENDS - 400 * DAY, ENDS + SECOND, {SINCE}),
    (ENDS, ENDS + SECOND, {SINCE}),
    (ENDS + SECOND, ENDS + DAY, {EXPIRED}),
    # A clock of today that stands before the archive's moment is not believed.
    (ENDS - SECOND, ENDS - 400 * DAY, {SOON}),
    (ENDS + SECOND, ENDS - 400 * DAY, {EXPIRED}),
]


@pytest.mark.parametrize(("at", "today", "expected"), MOMENTS)
def test_dates_are_told_from_their_first_second_to_their_last(
    at: datetime, today: datetime | None, expected: set[str]
) -> None:
    """Expired is after the last second, soon is within 60 days up to the last second."""
    assert set(findings(looked(at=at, today=today))) == expected


def test_days_left_are_counted_from_today_and_say_so() -> None:
    """As days of a calendar. Where today is the archive's day, no day is named."""
    late = ENDS - 400 * DAY
    told = findings(looked(at=late, today=ENDS - 10 * DAY))[SOON].found
    assert told.endswith(f"expires on 01 Jan 2030, in 10 days from {ENDS - 10 * DAY:%d %b %Y}.")
    same = findings(looked(at=ENDS - 10 * DAY, today=ENDS - 10 * DAY + SECOND))[SOON].found
    assert same.endswith("expires on 01 Jan 2030, in 10 days.")
    evening = ENDS.replace(hour=0) - DAY + timedelta(hours=23)
    assert findings(looked(at=evening))[SOON].found.endswith("01 Jan 2030, in 1 day.")
    assert days_left(ENDS, ENDS) == 0
    assert days_left(ENDS, ENDS + SECOND) == -1
    assert days_left(ENDS, ENDS + 3 * DAY) == -3


def sized(bits: int) -> Held:
    """Return a leaf whose key has so many bits, as a view of it says."""
    found = held()
    return replace(found, certificate=replace(found.certificate, key=f"RSA-{bits}"))


@pytest.mark.parametrize(("bits", "told"), [(8191, False), (8192, True), (8193, True)])
def test_a_key_of_8192_bits_is_large(bits: int, *, told: bool) -> None:
    """The notice names 8192 bits (T3); an EC key is never meant."""
    assert ("certificate.key-8192" in findings(looked(sized(bits)))) is told
    for key in ("EC-9999", "RSA-", "RSA-large"):
        other = replace(held(), certificate=replace(held().certificate, key=key))
        assert "certificate.key-8192" not in findings(looked(other))


LIMITED = make(Shape(issuing=replace(ISSUER, ekus=(SERVER_AUTH,))))
NO_EKU = make(Shape(leaf=replace(LEAF, ekus=None)))
FEWER = make(Shape(replace(LEAF, ekus=(SERVER_AUTH,)), replace(ISSUER, ekus=(SERVER_AUTH,))))
BARE = make(Shape(replace(LEAF, ekus=None), replace(ISSUER, ekus=(SERVER_AUTH,))))


@pytest.mark.parametrize(
    ("path", "store", "expected"),
    [
        (NO_EKU, Store.CLIENT, {"certificate.no-eku"}),
        (NO_EKU, Store.SERVER, set()),
        (LIMITED, Store.CLIENT, {"issuer.limited-to-server-auth"}),
        (LIMITED, Store.SERVER, set()),
        (FEWER, Store.CLIENT, set()),
        (BARE, Store.CLIENT, {"certificate.no-eku", "issuer.limited-to-server-auth"}),
        (make(Shape(issuing=replace(ISSUER, ekus=(CLIENT_AUTH,)))), Store.CLIENT, set()),
        (make(Shape(issuing=replace(ISSUER, ekus=(CODE,)))), Store.CLIENT,
         {"issuer.limited-to-server-auth"}),
    ],
)  # fmt: skip
def test_ekus_of_leaf_and_issuer_are_told_where_they_matter(
    path: tuple[x509.Certificate, ...], store: Store, expected: set[str]
) -> None:
    """In the client store, and an issuer's limit where the leaf itself has room for clientAuth."""
    assert set(findings(looked(held(path, store=store)))) == expected


@pytest.mark.parametrize(
    ("names", "told"),
    [(("core.example.com", "*.example.com"), "*.example.com"), (("a.*.example.com",), ""),
     (("*example.com",), "")],
)  # fmt: skip
def test_a_wildcard_is_told(names: tuple[str, ...], told: str) -> None:
    """A star and a dot at the beginning of a name."""
    found = findings(looked(held(make(Shape(leaf=replace(LEAF, names=names))))))
    assert set(found) == ({"certificate.wildcard"} if told else set())
    assert all(finding.found.endswith(f"wildcard name {told}.") for finding in found.values())


def test_of_many_names_and_oids_five_are_told() -> None:
    """A stranger's certificate may have thousands."""
    names = tuple(f"*.n{place}.example.com" for place in range(6))
    found = findings(looked(held(make(Shape(leaf=replace(LEAF, names=names))))))
    told = found["certificate.wildcard"].found
    assert ("*.n4." in told, "*.n5." in told, "1 more" in told) == (True, False, True)
    odd = [(x509.ObjectIdentifier(f"1.2.3.{place}"), "x") for place in range(1, 7)]
    found = findings(looked(held(parsed=named((NameOID.COMMON_NAME, "a"), *odd))))
    assert "has 1.2.3.1, 1.2.3.2, 1.2.3.3, 1.2.3.4, 1.2.3.5 in its subject" in (
        found["certificate.unknown-oid"].found
    )


def test_what_a_table_says_is_certain_unless_a_row_says_otherwise() -> None:
    """An expired certificate is certain; what the SSH side makes of an OID is likely."""
    assert findings(looked(at=ENDS + SECOND))[EXPIRED].confidence is Confidence.CERTAIN


def named(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Certificate:
    """Return a certificate with this subject."""
    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(PATH[1].subject)
    builder = builder.public_key(own.public_key()).serial_number(7)
    dated = builder.not_valid_before(BEGINS).not_valid_after(ENDS)
    return dated.sign(own, hashes.SHA256())


ODD_OID = x509.ObjectIdentifier("1.2.3.4")
WITH_OID = named((NameOID.COMMON_NAME, "a.example.com"), (ODD_OID, "x"))


@pytest.mark.parametrize(
    ("role", "store", "told"),
    [(Role.CORE, Store.CLIENT, True), (Role.CORE, Store.SERVER, False),
     (Role.EDGE, Store.SERVER, True), (Role.EDGE, Store.CLIENT, False),
     (None, Store.CLIENT, True), (None, Store.SERVER, True)],
)  # fmt: skip
def test_an_unknown_oid_matters_where_ssh_shows_the_certificate(
    role: Role | None, store: Store, *, told: bool
) -> None:
    """Core shows its client certificate, Edge its server certificate (T2); else either may be."""
    found = findings(looked(held(store=store, parsed=WITH_OID), role=role))
    assert ("certificate.unknown-oid" in found) is told
    if told:
        assert "has 1.2.3.4 in its subject" in found["certificate.unknown-oid"].found
        assert found["certificate.unknown-oid"].confidence is Confidence.LIKELY


def test_the_only_certificate_of_a_node_is_shown_over_ssh_and_as_a_client() -> None:
    """A release before X15.5 has one store (S1)."""
    server = looked(held(store=Store.SERVER, parsed=WITH_OID))
    only = replace(server, is_only=True)
    assert (server.is_client, only.is_client) == (False, True)
    assert "certificate.unknown-oid" in findings(only)


def test_names_that_have_a_word_are_no_unknown_oids() -> None:
    """An extended validation certificate has a serial number and a jurisdiction."""
    told = named((NameOID.COMMON_NAME, "a"), (NameOID.SERIAL_NUMBER, "7"),
                 (NameOID.JURISDICTION_COUNTRY_NAME, "DE"))  # fmt: skip
    assert findings(looked(held(parsed=told))) == {}


def test_a_subject_without_common_name_is_told() -> None:
    """MRA and the WebRTC proxy fail without one (T4)."""
    found = findings(looked(held(parsed=named((NameOID.ORGANIZATION_NAME, "Example")))))
    assert set(found) == {"certificate.no-common-name"}


def test_a_ca_in_front_of_a_store_s_file_is_told() -> None:
    """A leaf that stands behind it was judged; a CA alone is one itself."""
    behind = findings(looked(held(behind=PATH[1])))["certificate.ca-first"].found
    assert "stands in its file behind a CA (Issuing CA)" in behind
    nameless = named((NameOID.ORGANIZATION_NAME, "Example"))
    told = findings(looked(held(behind=nameless)))["certificate.ca-first"].found
    assert "behind a CA (another)" in told
    alone = findings(looked(held(is_ca=True)))["certificate.ca-first"].found
    assert "is a CA, and no other certificate is in its file" in alone


@pytest.mark.parametrize(
    ("why", "store", "path", "told"),
    [("told by its policy", Store.CLIENT, PATH, True), ("", Store.CLIENT, PATH, False),
     ("told by its policy", Store.SERVER, PATH, False),
     ("told by its policy", Store.CLIENT, FEWER, False)],
)  # fmt: skip
def test_a_renewal_that_would_take_clientauth_away_says_so(
    why: str, store: Store, path: tuple[x509.Certificate, ...], *, told: bool
) -> None:
    """A public CA, the client store, and a certificate that has it now (E9)."""
    asked = held(path, why_public=why, store=store)
    soon = findings(looked(asked, at=ENDS - 10 * DAY))[SOON]
    late = findings(looked(asked, at=ENDS + DAY))[EXPIRED]
    assert ("no longer gives clientAuth" in soon.todo) is told
    assert ("E9" in soon.facts) is told
    assert "E9" not in late.facts


def inventory(*listed: x509.Certificate, leaf: Held | None = None) -> Inventory:
    """Return an inventory of one node with a trusted CA list."""
    own = leaf or held()
    told = tuple(
        (ca, Evidence(EvidenceKind.CERTIFICATE, "ca.pem", ca.subject.rfc4514_string(), line=place,
                      serial=f"{ca.serial_number:x}", store="ca"))
        for place, ca in enumerate(listed, 1)
    )  # fmt: skip
    return Inventory({("core1", Store.CLIENT): own}, {}, {"core1": told}, tuple(listed))


def trust_findings(found: Inventory, at: datetime) -> dict[str, Finding]:
    """Return the findings about trusted CA lists by code."""
    gathered = Gathered()
    add_trust_findings(gathered, found, at)
    return {finding.code: finding for finding in gathered.all()}


@pytest.mark.parametrize(("late", "told"), [(-SECOND, False), (0 * SECOND, False), (SECOND, True)])
def test_a_trusted_ca_has_expired_after_its_last_second(late: timedelta, *, told: bool) -> None:
    """Only where a certificate of the case stands below it."""
    ends = PATH[1].not_valid_after_utc
    found = trust_findings(inventory(PATH[1]), ends + late)
    assert ("trust.ca-expired" in found) is told
    other = make(Shape(leaf=replace(LEAF, ekus=(CODE,))))
    stranger = replace(held(other), certificate=replace(held(other).certificate, chain=()))
    assert trust_findings(inventory(PATH[1], leaf=stranger), ends + DAY) == {}


def test_two_cas_of_one_name_are_told_by_key() -> None:
    """The same CA listed twice is one; what nothing of the case stands below can go."""
    again = make(Shape(leaf=replace(LEAF, names=("b.example.com",))))
    assert trust_findings(inventory(PATH[1], again[1]), AT) == {}
    assert trust_findings(inventory(PATH[1], PATH[2]), AT) == {}
    two = [named((NameOID.COMMON_NAME, name), (NameOID.COMMON_NAME, "b")) for name in ("a", "c")]
    assert trust_findings(inventory(*two), AT) == {}
    other = make(Shape(issuing=replace(ISSUER, key="secp224r1")))
    found = trust_findings(inventory(PATH[1], other[1]), AT)["trust.duplicate-common-name"]
    assert "2 CAs in the trusted CA list are called Issuing CA." in found.found
    assert "Certificates here stand below the one with serial 8." in found.found
    assert found.todo.startswith("Remove the one with serial 8 (")
    both = replace(held(), above=(*PATH[1:], other[1]))
    found = trust_findings(inventory(PATH[1], other[1], leaf=both), AT)[found.code]
    assert "Certificates here stand below the one with serial 8, the one with" in found.found
    assert found.todo.startswith("Remove the one that is not used")
    none = replace(held(), above=())
    found = trust_findings(inventory(PATH[1], other[1], leaf=none), AT)[found.code]
    assert "stand below" not in found.found
    assert found.todo.startswith("Remove the one that is not used")
