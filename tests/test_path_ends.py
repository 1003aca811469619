"""A path that ends below a CA that is not at hand: which one, and what to do."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from paths import ISSUER, Shape, key, make, name
from test_check import CN, check, self_signed

from ekukit.certificates import utc
from ekukit.certificates.pemfile import ca_views, view_of
from ekukit.connections.path_ends import PathEnd, path_end

LEAF, ISSUING, ROOT = make(Shape())
SERVER_AUTH = x509.ExtendedKeyUsageOID.SERVER_AUTH


def crossed() -> x509.Certificate:
    """Return a certificate of the path's root that another root signed."""
    own, other = key("ec", "Root"), key("ec", "Old Root")
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    assert isinstance(other, ec.EllipticCurvePrivateKey)
    basic = x509.BasicConstraints(ca=True, path_length=None)
    return (
        x509.CertificateBuilder()
        .subject_name(name("Root"))
        .issuer_name(name("Old Root"))
        .public_key(own.public_key())
        .serial_number(77)
        .not_valid_before(utc("2018-01-01"))
        .not_valid_after(utc("2029-01-01"))
        .add_extension(basic, critical=True)
        .sign(other, hashes.SHA256())
    )


CROSSED = crossed()


def end(listed: list[x509.Certificate], *files: x509.Certificate) -> PathEnd | None:
    """Return where the leaf's path ends in a list; `files` are CAs that stand elsewhere."""
    pool = (*listed, *files)
    views = ca_views(pool)
    return path_end(view_of(LEAF, pool), [views[ca] for ca in listed])


def key_of(certificate: x509.Certificate) -> str:
    """Return the authority key identifier as openssl prints it."""
    found = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return found.key_identifier.hex(":").upper() if found.key_identifier else ""


def test_a_leaf_and_a_root_without_the_ca_between_name_that_ca() -> None:
    """By its name and by the key identifier that the leaf has of it."""
    assert end([ROOT]) == PathEnd("Issuing CA", key=key_of(LEAF))


def test_an_issuing_ca_without_its_root_names_the_root_and_what_the_list_lacks() -> None:
    """Both belong into the list: OpenSSL ends a path at a root alone."""
    assert end([], ISSUING) == PathEnd("Root", key=key_of(ISSUING), others=("Issuing CA",))


def test_a_cross_signed_root_without_its_issuer_is_where_the_path_ends() -> None:
    """The list has all names of the path, and none of them is to be put there again."""
    assert end([CROSSED, ISSUING]) == PathEnd("Old Root", "Root", crossed=True)


def test_a_cross_signed_root_beside_the_self_signed_one_is_to_be_removed() -> None:
    """OpenSSL may take the one that leads nowhere."""
    found = end([CROSSED, ROOT, ISSUING])
    assert found is not None
    assert (found.ca, found.twice) == ("Root", True)
    assert "Remove the Root that Old Root signed" in found.todo


@pytest.mark.parametrize("listed", [[ROOT, ISSUING], [ROOT]])
def test_a_path_whose_cas_are_all_at_hand_has_no_end(listed: list[x509.Certificate]) -> None:
    """What the list lacks is in the files, which say so themselves."""
    assert end(listed, ISSUING) is None


def test_a_root_that_issues_leaves_itself_is_asked_for_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no issuing CA to put into a list beside it."""
    own = key("ec", "Root")
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    leaf = (
        x509.CertificateBuilder()
        .subject_name(name("core.example.com"))
        .issuer_name(name("Root"))
        .public_key(key("ec", "leaf").public_key())  # type: ignore[arg-type]
        .serial_number(78)
        .not_valid_before(utc("2020-01-01"))
        .not_valid_after(utc("2029-01-01"))
        .sign(own, hashes.SHA256())
    )
    common = x509.NameAttribute(x509.ObjectIdentifier(CN), "edge.example.com")
    edge = self_signed([common], "edge.example.com", SERVER_AUTH)
    pems = [one.public_bytes(Encoding.PEM) for one in (leaf, ROOT)]
    for file, data in {"core": b"".join(pems), "edge": edge, "cas": edge}.items():
        (tmp_path / file).write_bytes(data)
    given = ["--core-client", tmp_path / "core", "--edge-server", tmp_path / "edge"]
    found = check(capsys, *given, "--ca", tmp_path / "cas", "--at", "2026-06-15")
    assert isinstance(found["outcomes"], list)
    zone = next(one for one in found["outcomes"] if one["connection"] == "uc-zone")
    assert zone["todo"].startswith("Put Root into Edge's trusted CA list")


def test_what_a_list_does_not_end_is_no_end_of_a_path() -> None:
    """Nothing shown, a certificate of the kit's own, one without a chain: no file tells of it."""
    pool = (ROOT,)
    view, listed = view_of(LEAF, pool), [ca_views(pool)[ROOT]]
    assert path_end(view, listed) is not None
    for shown in (None, replace(view, der=b""), replace(view, chain=())):
        assert path_end(shown, listed) is None
    views = ca_views((CROSSED, ISSUING))
    crossed_ = view_of(LEAF, (CROSSED, ISSUING)), [*views.values()]
    assert path_end(*crossed_) is not None
    assert path_end(replace(crossed_[0], der=b""), crossed_[1]) is None
    assert path_end(crossed_[0], [views[CROSSED]]) is None  # the issuing CA is what it lacks first
    top = view.chain[-1]
    namesake = replace(listed[0], subject=f"CN={top.name}")
    assert path_end(view, [namesake]) is None


def test_a_ca_of_which_nothing_else_is_known_has_no_end() -> None:
    """Without its bytes its issuer's key is not told, and the path names it."""
    pool = (ISSUING,)
    view = view_of(LEAF, pool)
    bare = replace(view, chain=(replace(view.chain[0], der=b""),))
    assert path_end(view, []) is not None
    assert path_end(bare, []) is None


def test_what_the_list_has_of_a_path_is_not_asked_for() -> None:
    """The others are, beside the issuer."""
    upper = make(Shape(upper=ISSUER))
    pool = upper[1:3]
    views = ca_views(pool)
    shown = view_of(upper[0], pool)
    found = [path_end(shown, some) for some in ([], [views[pool[0]]])]
    assert [end.others for end in found if end] == [("Issuing CA", "Upper CA"), ("Upper CA",)]
    assert [end.issuer for end in found if end] == ["Root", "Root"]


def test_an_issuer_without_a_common_name_is_told_by_its_whole_name() -> None:
    """In a list and beside it."""
    for listed, files in (([CROSSED, ISSUING], ()), ([], (ISSUING,))):
        pool = (*listed, *files)
        at = CROSSED if listed else ISSUING
        views = ca_views(pool)
        nameless = {**views, at: replace(views[at], issuer="O=Old")}
        view = view_of(LEAF, pool)
        chain = tuple(nameless[at] if ca == views[at] else ca for ca in view.chain)
        found = path_end(replace(view, chain=chain), [nameless[ca] for ca in listed])
        assert found is not None
        assert found.issuer == "O=Old"


def test_a_path_goes_on_in_the_list_from_the_issuing_ca() -> None:
    """What else stands in the list ends no path; CAs that signed each other end none either."""
    views = ca_views((ISSUING, ROOT, CROSSED))
    view = view_of(LEAF, (ISSUING, ROOT))
    stranger = replace(views[CROSSED], subject="CN=Other CA", key="other")
    assert path_end(view, [views[ISSUING], views[ROOT], stranger]) is None
    one, other = (replace(views[CROSSED], subject=f"CN={own}", issuer=f"CN={by}")
                  for own, by in (("Root", "Twin"), ("Twin", "Root")))  # fmt: skip
    ring = replace(view, chain=(views[ISSUING], one))
    assert path_end(ring, [views[ISSUING], one, other]) is None


def test_a_ca_without_a_key_identifier_is_told_by_name_alone() -> None:
    """So is one whose identifier names a serial number instead."""
    without = PathEnd("Root").todo
    assert without == (
        "Get the certificate of Root from whoever runs that CA, and put it into {list}."
    )
    own = key("ec", "Root")
    assert isinstance(own, ec.EllipticCurvePrivateKey)
    by_serial = x509.AuthorityKeyIdentifier(None, [x509.DirectoryName(name("Top"))], 5)
    for told in (None, by_serial):
        builder = (
            x509.CertificateBuilder()
            .subject_name(name("core.example.com"))
            .issuer_name(name("Nobody"))
            .public_key(own.public_key())
            .serial_number(79)
            .not_valid_before(utc("2020-01-01"))
            .not_valid_after(utc("2029-01-01"))
        )
        if told is not None:
            builder = builder.add_extension(told, critical=False)
        leaf = builder.sign(own, hashes.SHA256())
        assert path_end(view_of(leaf, ()), []) == PathEnd("Nobody")


def test_what_may_be_elsewhere_is_told_where_the_ca_is_the_topmost() -> None:
    """A self-signed one of a CA below another is none to look for."""
    todo = PathEnd("Old Root", "Root").todo
    assert todo == "Put Old Root into {list}."
    crossed = PathEnd("Old Root", "Root", crossed=True).todo
    assert crossed == "Put Old Root, or a self-signed Root if there is one, into {list}."


def test_a_name_with_braces_is_a_name() -> None:
    """A stranger's CA may be called as it likes."""
    assert PathEnd("{x}").todo.format(list="L").startswith("Get the certificate of {x} from")


LISTS: dict[str, tuple[list[x509.Certificate], str, str]] = {
    "no issuing CA": (
        [ROOT],
        "Issuing CA, a CA above Core's client certificate, is in none",
        f"Get the certificate of Issuing CA with the key identifier {key_of(LEAF)}",
    ),
    "cross-signed alone": (
        [CROSSED, ISSUING],
        "has Root as Old Root signed it, and not Old Root",
        "Put Old Root, or a self-signed Root if there is one, into",
    ),
    "both": (
        [CROSSED, ROOT, ISSUING],
        "has Root as Old Root signed it",
        "Remove the Root that Old Root signed from",
    ),
}


@pytest.mark.parametrize("case", LISTS)
def test_outcome_and_cause_say_the_same_of_a_ca_that_is_missing(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `openssl verify` has it, the path is refused; what is listed is not asked for."""
    listed, what, todo = LISTS[case]
    common = x509.NameAttribute(x509.ObjectIdentifier(CN), "edge.example.com")
    edge = self_signed([common], "edge.example.com", SERVER_AUTH)
    cas = b"".join(ca.public_bytes(Encoding.PEM) for ca in listed)
    files = {"core": LEAF.public_bytes(Encoding.PEM), "edge": edge, "cas": cas + edge}
    for file, data in files.items():
        (tmp_path / file).write_bytes(data)
    given = ["--core-client", tmp_path / "core", "--edge-server", tmp_path / "edge"]
    found = check(capsys, *given, "--ca", tmp_path / "cas", "--at", "2026-06-15")
    outcomes, causes = found["outcomes"], found["causes"]
    assert isinstance(outcomes, list)
    assert isinstance(causes, list)
    zone = next(one for one in outcomes if one["connection"] == "uc-zone")
    assert (zone["state"], zone["todo"][: len(todo)]) == ("Failed", todo)
    assert (what in causes[0]["what"], causes[0]["todo"][: len(todo)]) == (True, todo), causes[0]
    assert "root and issuing CA" not in f"{zone['todo']} {causes[0]['todo']}"
