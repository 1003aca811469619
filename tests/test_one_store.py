"""Archives of releases before X15.5, with one store, and files in them that are no PEM."""

from datetime import UTC, datetime
from functools import cache

import pytest
from archives import file_of, unpacked
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from ekukit.archive import InMemory, open_archive
from ekukit.certificates.credential import FAST_KEY
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.expressway import Release, build, condition
from ekukit.samples.writer import Recording, write_archive


@cache
def files(name: str = "C1", release: Release = Release.X15_5) -> dict[str, bytes]:
    """Return the files of an archive of a condition."""
    made = build(condition(name, key=FAST_KEY, release=release))
    return unpacked(write_archive(made, Recording(connections=("uc-zone",))))


def case_of(given: dict[str, bytes]) -> Case:
    """Return the case of files."""
    return investigate(open_archive(*(InMemory(name, data) for name, data in given.items())))


def codes(case: Case) -> set[str]:
    """Return the codes of a case's findings."""
    return {found.code for found in case.findings}


@pytest.mark.parametrize("release", [Release.X14_3, Release.X15_4])
def test_a_capture_of_the_only_certificate_makes_no_second_store(release: Release) -> None:
    """Core showed it as TLS client; two equal stores, as after an upgrade, had been told."""
    case = case_of(files("C1", release))
    assert "store.equal-after-upgrade" not in codes(case)
    assert {row["store"] for row in case.rows["certificates"].rows} == {"server"}
    (found,) = (one for one in case.findings if one.code == "store.public-client-auth")
    assert found.found.startswith("The server certificate of Core comes from a public CA; its ")
    assert "The server certificate of Edge comes from a public CA" in found.found


def test_a_capture_shows_the_only_certificate_of_a_node_without_files_of_it() -> None:
    """It is the server store's, which such a node shows in both roles (S1)."""
    given = {n: d for n, d in files("C1", Release.X14_3).items() if not n.startswith("server_core")}
    held = [row for row in case_of(given).rows["certificates"].rows if row["host"] == "core"]
    assert [row["store"] for row in held] == ["server"]


def test_both_stores_of_x15_5_are_still_told_to_be_equal() -> None:
    """Condition 1 after its upgrade."""
    assert "store.equal-after-upgrade" in codes(case_of(files()))


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_in_pkcs_7_no_order_is_wrong(encoding: Encoding) -> None:
    """Its certificates are a set; the leaf is judged wherever it stands."""
    given = dict(files())
    (name,) = (one for one in given if one.startswith("client_core"))
    cas = x509.load_pem_x509_certificates(file_of(given, "ca", "core", "pem"))
    chain = [*cas, *x509.load_pem_x509_certificates(given[name])]
    given[name] = pkcs7.serialize_certificates(chain, encoding)
    packed = case_of(given)
    assert "certificate.ca-first" not in codes(packed)
    given[name] = b"".join(one.public_bytes(Encoding.PEM) for one in chain)
    backwards = case_of(given)
    assert "certificate.ca-first" in codes(backwards)
    for case in (packed, backwards):
        assert [row["serial"] for row in case.rows["certificates"].rows] == [
            row["serial"] for row in case_of(files()).rows["certificates"].rows
        ]


def test_certificates_in_each_other_s_store_are_told() -> None:
    """A new certificate with clientAuth that went in on the server page."""
    given = dict(files("C2.1"))
    stores = [
        next(one for one in given if one.startswith(f"{kind}_core"))
        for kind in ("client", "server")
    ]
    given |= {stores[0]: given[stores[1]], stores[1]: given[stores[0]]}
    case = case_of(given)
    (found,) = (one for one in case.findings if one.code == "store.not-through-pages")
    assert "That of its server store has clientAuth (serial " in found.found
    assert "store.not-through-pages" not in codes(case_of(files("C2.1")))


def test_a_list_of_revoked_certificates_is_nothing_unread() -> None:
    """It is whole, and the certificate folder has one; a doubt had been told because of it."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CA")])
    listed = x509.CertificateRevocationListBuilder().issuer_name(name)
    made = (
        listed.last_update(start)
        .next_update(end)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    case = case_of({**files(), "client-ca.crl": made.public_bytes(Encoding.PEM)})
    assert case.headline.startswith("Nothing is broken in what this archive shows.")
    assert any("client-ca.crl" in told for told in case.unread)
