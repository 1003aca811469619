"""Certificate files are judged, issued and read; bad ones are told, never thrown."""

import json
import re
import stat
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from judges import needs_openssl
from paths import LEAF, ODDITIES, Shape, make

import ekukit
from ekukit.certificates import SERVER_AUTH, certificate_pem, credential, read_pem
from ekukit.certificates.pemfile import public_roots, why_public
from ekukit.cli import main
from ekukit.diagnosis.store_files import certificates_in
from ekukit.doctor import Check, Health, examine, is_ready
from ekukit.errors import InputError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with certificates of an internal and of a public authority."""
    root = tmp_path_factory.mktemp("issued")
    key = ["--key", "EC-secp256r1"]
    inside, outside = root / "ca1", root / "ca2"
    names = ["core.example.com=both", "narrow.example.com=server"]
    also = ["--also", "cluster.example.com"]
    assert main(["issue", *names, *also, "--folder", str(inside), *key]) == 0
    public = ["edge.example.com=server", "core.example.com=server"]
    more = ["--issuer", "public", "--also", "cluster.example.com", "--also", "old.example.com"]
    assert main(["issue", *public, *more, "--folder", str(outside), *key]) == 0
    return root


def check(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    """Return what `check --json` says."""
    capsys.readouterr()
    assert main(["check", *map(str, words), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def states(found: dict[str, object]) -> dict[str, str]:
    """Return state by connection."""
    return {row["connection"]: row["state"] for row in found["outcomes"]}  # type: ignore[attr-defined]


def files(folder: Path, client: str = "ca1/core.example.com.pem") -> list[object]:
    """Return the options of a renewal: public servers, a client certificate of choice."""
    cas = ["--ca", folder / "ca1/trusted-cas.pem", "--ca", folder / "ca2/trusted-cas.pem"]
    return [
        "--core-client", folder / client, "--core-server", folder / "ca2/core.example.com.pem",
        "--edge-server", folder / "ca2/edge.example.com.pem", *cas,
    ]  # fmt: skip


def test_a_private_client_certificate_repairs_zone_and_tunnels(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Condition 2.1 from files."""
    found = states(check(capsys, *files(folder)))
    assert (found["uc-zone"], found["ssh-tunnel"]) == ("Active", "Active")


def test_a_serverauth_only_client_certificate_fails_and_its_upload_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both states and the page's own message are foretold."""
    found = check(capsys, *files(folder, "ca2/core.example.com.pem"))
    assert states(found)["uc-zone"] == "Failed"
    client = next(row for row in found["certificates"] if row["store"] == "client")  # type: ignore[attr-defined]
    answer = next(row for row in client["uploads"] if row["store"] == "client")
    assert (answer["accepted"], answer["message_is_the_products"]) == (False, True)
    assert "does not have a client usage attribute" in answer["message"]


def test_mode_off_changes_the_zone_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The option for Edge's mode counts."""
    words = [*files(folder, "ca2/core.example.com.pem"), "--edge-checking", "off"]
    found = states(check(capsys, *words))
    assert (found["uc-zone"], found["ssh-tunnel"]) == ("Active", "Failed")


def test_what_was_not_given_stays_unknown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without Core's client certificate the zone is Unknown, not Failed."""
    found = states(check(capsys, "--edge-server", folder / "ca2/edge.example.com.pem"))
    assert (found["uc-zone"], found["mra-login"]) == ("Unknown", "Unknown")


def test_an_untrusted_issuer_fails_tunnels_by_name_of_the_list(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without CA 1 in the list the reason is the chain, and the to-do names the menu."""
    words = [*files(folder)[:-4], "--ca", folder / "ca2/trusted-cas.pem"]
    found = check(capsys, *words)
    zone = found["outcomes"][0]  # type: ignore[index]
    assert zone["code"] == "uc-zone.client-untrusted"
    assert "Trusted CA certificate" in zone["todo"]


def test_another_nodes_file_does_not_lend_its_issuing_ca(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What Core sends along is in Core's own file; that Edge's file holds its issuer is no help."""
    core = x509.load_pem_x509_certificates((folder / "ca1/core.example.com.pem").read_bytes())
    roots = x509.load_pem_x509_certificates((folder / "ca1/trusted-cas.pem").read_bytes())
    edge = (folder / "ca2/edge.example.com.pem").read_bytes() + b"".join(
        map(certificate_pem, core[1:])
    )
    root = b"".join(certificate_pem(ca) for ca in roots if ca.subject == ca.issuer)
    written = {"core": certificate_pem(core[0]), "edge": edge, "root": root}
    for name, text in written.items():
        (tmp_path / name).write_bytes(text)
    found = check(capsys, "--core-client", tmp_path / "core", "--edge-server", tmp_path / "edge",
                  "--ca", tmp_path / "root", "--ca", folder / "ca2/trusted-cas.pem")  # fmt: skip
    zone = next(row for row in found["outcomes"] if row["connection"] == "uc-zone")  # type: ignore[attr-defined]
    assert (zone["state"], zone["error"], zone["depth"]) == ("Failed", 20, 0)


def test_a_leaf_that_cannot_be_read_is_not_replaced_by_its_ca(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A verdict on the issuing CA would be one on the wrong certificate."""
    lines = (folder / "ca1/core.example.com.pem").read_text().splitlines()
    (tmp_path / "core").write_text("\n".join([lines[0], "AAAA", *lines[2:]]))
    assert main(["check", "--core-client", str(tmp_path / "core")]) == 2
    assert "none of them is judged in the leaf's place" in " ".join(capsys.readouterr().err.split())


def test_a_name_that_only_the_server_certificate_has_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """E8: the name trap is named before it bites, and bites when the zone asks for it."""
    found = check(capsys, *files(folder))
    assert any("old.example.com" in note and "E8" in note for note in found["notes"])  # type: ignore[attr-defined]
    found = check(capsys, *files(folder), "--verify-name", "old.example.com")
    assert found["outcomes"][0]["code"] == "uc-zone.client-name-mismatch"  # type: ignore[index]


def test_expiry_is_judged_at_the_moment_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In thirty years everything has expired."""
    found = check(capsys, *files(folder), "--at", "2040-01-01")
    assert states(found)["uc-zone"] == "Failed"
    assert found["certificates"][0]["days_left"] < 0  # type: ignore[index]


def test_the_table_for_people_has_both_parts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --json the same stands in words."""
    assert main(["check", *map(str, files(folder))]) == 0
    shown = capsys.readouterr().out
    assert "stand-ins" in shown
    assert "Active" in shown


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"\x30\x82"],
)
def test_a_file_without_certificate_is_bad_input(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line names the file and what was expected."""
    path = tmp_path / "a.pem"
    path.write_bytes(content)
    assert main(["check", "--core-client", str(path)]) == 2
    assert f"{path}:" in capsys.readouterr().err


def test_a_missing_file_and_no_file_are_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    """Both give one line and status 2."""
    assert main(["check", "--core-client", "/nowhere.pem"]) == 2
    assert main(["check"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_damaged_block_is_listed_and_the_rest_is_read(folder: Path) -> None:
    """Nothing is lost: one problem with its line, one certificate."""
    good = (folder / "ca1/root-ca.pem").read_bytes()
    bad = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    found = read_pem(bad + good, "list.pem")
    assert len(found.certificates) == 1
    assert [problem.startswith("list.pem:1:") for problem in found.problems] == [True]


def test_a_private_key_is_noticed_and_not_kept(folder: Path) -> None:
    """The remark is there, the key is not."""
    data = (folder / "ca1/core.example.com-key-TEST-ONLY.pem").read_bytes()
    found = read_pem(data, "key.pem")
    assert (found.has_private_key, found.certificates) == (True, ())


def test_a_second_leaf_in_a_file_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first one is judged; a store holds one leaf with its CAs."""
    both = (folder / "ca1/core.example.com.pem").read_bytes()
    both += (folder / "ca1/narrow.example.com.pem").read_bytes()
    (tmp_path / "two.pem").write_bytes(both)
    found = check(capsys, "--core-client", tmp_path / "two.pem", "--at", "2026-06-15")
    assert "2 certificates of this file are no CAs" in str(found["notes"])


def test_a_key_without_its_certificate_is_told_as_that(folder: Path) -> None:
    """Who gives the wrong one of two files is told which one it is."""
    with pytest.raises(InputError, match="a private key and no certificate in it"):
        certificates_in(folder / "ca1/core.example.com-key-TEST-ONLY.pem", [])


def test_keys_are_written_for_the_owner_alone(folder: Path) -> None:
    """Mode 0600 and TEST ONLY in the subject."""
    path = folder / "ca1/core.example.com-key-TEST-ONLY.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    leaf = read_pem(folder / "ca1/core.example.com-leaf.pem").certificates[0].certificate
    assert "TEST ONLY" in leaf.subject.rfc4514_string()


def test_nothing_is_overwritten_when_issuing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A second run in the same folder is refused."""
    assert main(["issue", "core.example.com", "--folder", str(folder / "ca1")]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../evil", "a/b", "-x", ""])
def test_a_name_that_is_no_host_name_writes_nothing(name: str, tmp_path: Path) -> None:
    """No path can be smuggled in through a name."""
    target = tmp_path / "out"
    assert main(["issue", "--folder", str(target), "--", name]) == 2
    assert not target.exists()


def test_the_public_authority_refuses_clientauth_after_its_cutoff(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line names policy and date; before the cut-off it is issued."""
    words = ["issue", "core.example.com=both", "--issuer", "public", "--folder"]
    assert main([*words, str(tmp_path / "a"), "--issued", "2026-06-01"]) == 2
    assert "01 May 2026" in capsys.readouterr().err
    assert main([*words, str(tmp_path / "b"), "--issued", "2026-04-01"]) == 0


def test_a_root_that_browsers_trust_counts_as_public() -> None:
    """T9 by the shipped list of roots; a lab root does not count."""
    root = next(iter(public_roots()))
    assert why_public(root, ()) == "it leads to a root that browsers trust"
    assert certificate_pem(root).startswith(b"-----BEGIN")


def test_doctor_finds_this_environment_ready(capsys: pytest.CaptureFixture[str]) -> None:
    """Every check that must be good is good, with real handshakes among them."""
    assert main(["doctor"]) == 0
    assert "Ready." in capsys.readouterr().out
    assert {check.name for check in examine()} >= {"Python", "TLS handshake", "SSH tunnel"}


def test_one_bad_check_makes_the_machine_not_ready() -> None:
    """Optional tools do not."""
    bad, optional = Check("a", Health.BAD, ""), Check("b", Health.OPTIONAL, "")
    assert (is_ready((optional,)), is_ready((optional, bad))) == (True, False)


@needs_openssl
@pytest.mark.parametrize("sent", ["core.example.com.pem", "core.example.com-leaf.pem"])
def test_a_ca_of_the_same_name_and_another_key_is_not_the_issuer(
    sent: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `openssl verify` says: a re-keyed CA in the list does not vouch for the old one's leaf."""
    other = tmp_path / "rekeyed"
    words = ["issue", "edge.example.com=both", "--folder", str(other), "--key", "EC-secp256r1"]
    # Another process has other keys; in this one the kit keeps them by name, so they are dropped.
    credential.forget_keys()
    assert main(words) == 0
    client, server = folder / "ca1" / sent, other / "edge.example.com.pem"
    judged = subprocess.run(
        ["openssl", "verify", "-CAfile", other / "root-ca.pem", "-untrusted",
         other / "issuing-ca.pem", folder / "ca1/core.example.com-leaf.pem"],
        capture_output=True, check=False,
    )  # fmt: skip
    cas = ["--ca", other / "trusted-cas.pem"]
    found = states(check(capsys, "--core-client", client, "--edge-server", server, *cas))
    both = states(
        check(capsys, "--core-client", client, "--edge-server", server, *cas,
              "--ca", folder / "ca1/trusted-cas.pem")
    )  # fmt: skip
    assert judged.returncode != 0
    assert (found["uc-zone"], found["ssh-tunnel"]) == ("Failed", "Failed")
    assert (both["uc-zone"], both["ssh-tunnel"]) == ("Active", "Active")


def test_a_flood_of_broken_blocks_is_told_once_it_is_clear() -> None:
    """The first hundred are listed and the last one, and what can be read is read."""
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    good = certificate_pem(next(iter(public_roots())))
    found = read_pem(broken * 250 + good, "flood.pem")
    assert len(found.problems) == 101
    assert found.problems[0].startswith("flood.pem:1: ")
    assert found.problems[-1].startswith(f"flood.pem:{249 * 3 + 1}: ")
    assert len(found.certificates) == 1


def self_signed(parts: list[x509.NameAttribute], name: str, usage: x509.ObjectIdentifier) -> bytes:
    """Return a certificate for one usage that is signed by itself, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder(x509.Name(parts), x509.Name(parts), key.public_key(), 7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


CN = "2.5.4.3"
UNSHOWN = {
    "an OID that the SSH side does not know": ("1.3.6.1.4.1.99999.1", "a.example.com", "(T2)"),
    "no common name": ("", "a.example.com", "(T4)"),
    "a wildcard": (CN, "*.example.com", "(T5)"),
    "nothing odd": (CN, "a.example.com", ""),
}


@pytest.mark.parametrize("name", UNSHOWN)
def test_what_cisco_documents_and_no_handshake_shows_is_told_beside_the_states(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The states are OpenSSL's, which knows nothing of it; an Active beside it would mislead."""
    oid, told, fact = UNSHOWN[name]
    parts = [x509.NameAttribute(x509.ObjectIdentifier(oid), told)] if oid else []
    path = tmp_path / "new.pem"
    path.write_bytes(self_signed(parts, told, ExtendedKeyUsageOID.CLIENT_AUTH))
    notes = check(capsys, "--core-client", path, "--ca", path, "--at", "2026-06-15")["notes"]
    assert isinstance(notes, list)
    unshown = [one for one in notes if "The states do not show" in one]
    assert len(unshown) == bool(fact)
    assert all(fact in one and "Core's client certificate" in one for one in unshown)


def odd_path(folder: Path, shape: Shape, trusted: int) -> list[object]:
    """Return the options for a client certificate of a path; the list has the last CAs of it.

    Edge's server certificate is signed by itself and trusted.
    """
    pems = [one.public_bytes(Encoding.PEM) for one in make(shape)]
    (folder / "client.pem").write_bytes(b"".join(pems[:-1]))
    edge = self_signed([x509.NameAttribute(x509.ObjectIdentifier(CN), "edge")], "edge.example.com",
                       ExtendedKeyUsageOID.SERVER_AUTH)  # fmt: skip
    (folder / "edge.pem").write_bytes(edge)
    (folder / "cas.pem").write_bytes(b"".join([*(pems[-trusted:] if trusted else []), edge]))
    return ["--core-client", folder / "client.pem", "--edge-server", folder / "edge.pem",
            "--ca", folder / "cas.pem", "--at", "2026-06-15"]  # fmt: skip


def test_a_wildcard_is_no_name_that_a_zone_could_look_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The certificate is replaced by one with the name, or the zone told another host name."""
    alone, mixed = ("*.example.com",), ("*.example.com", "other.example.com")
    for names, todo in (
        (alone, "Replace it by one with clientAuth and the name core.example.com"),
        (mixed, "Set the zone's TLS verify subject name to other.example.com"),
    ):
        words = odd_path(tmp_path, Shape(leaf=replace(LEAF, names=names)), 2)
        found = check(capsys, *words, "--verify-name", "core.example.com")["causes"]
        assert [one["todo"].startswith(todo) for one in found] == [True], found


def test_a_wildcard_is_no_peer_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of Edge's names only host names can be it; with none of them the zone fails (T5)."""
    for names, state, said in (
        (("*.example.com",), "Failed", "edge.example.com stands for it. No name of Edge's server"),
        (("*.example.com", "edge.example.com"), "Active", "one of: edge.example.com."),
    ):
        odd_path(tmp_path, Shape(leaf=replace(LEAF, names=names)), 2)
        leaf = tmp_path / "client.pem"
        words = ["--edge-server", leaf, "--core-client", leaf, "--ca", tmp_path / "cas.pem"]
        found = check(capsys, *words, "--at", "2026-06-15")
        states = {one["connection"]: one["state"] for one in found["outcomes"]}
        (note,) = (one for one in found["notes"] if "peer address" in one)
        assert (states["uc-zone"], said in note) == (state, True)
        assert "one of: *" not in note


def test_what_stands_behind_a_remedy_that_cannot_be_tried_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a CA whose root nobody gave, the leaf's own faults are told at once."""
    shape = Shape(leaf=replace(LEAF, ekus=(SERVER_AUTH,), last="2026-01-01"))
    (cause,) = check(capsys, *odd_path(tmp_path, shape, 0))["causes"]
    assert "cannot be tried here. Also wrong: " in cause["todo"]
    assert "clientAuth is missing" in cause["todo"]
    assert "has expired" in cause["todo"]


# What is odd in a path, what the cause's card and the outcome must say, and what they must not.
ABOVE = {
    "issuing CA expired": (
        r"[Tt]he CA certificate Issuing CA above Core's client certificate has expired",
        r"a CA other than Issuing CA, or put that CA's renewed certificate of the same key into",
        r"Renew it|clientAuth from Issuing CA",
    ),
    "issuing CA SHA-1": (
        r"Use a certificate from another issuing CA",
        r"from a CA other than Issuing CA",
        r"Re-issue it, signed",
    ),
    "issuing CA RSA-1024": (
        r"Use a certificate from another issuing CA",
        r"from a CA other than Issuing CA",
        r"Re-issue it with",
    ),
    "issuing CA critical extension": (
        r"Use a certificate from another issuing CA",
        r"from a CA other than Issuing CA",
        r"Re-issue it without",
    ),
    "leaf of a strange issuer": (
        r"Re-issue it: its CAs are in Edge's trusted CA list",
        r"does not take Issuing CA as the issuer of Core's certificate, though it is listed",
        r"Put (root|Root)|does not have",
    ),
    "leaf expired": (
        r"Core's client certificate has expired",
        r"clientAuth from Issuing CA",
        r"[Tt]he CA certif",
    ),
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_fault_of_a_ca_above_is_not_cured_by_another_certificate_of_that_ca(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is a CA asked for that stands in the list: the answer names what must change."""
    strange = replace(Shape(), leaf=replace(Shape().leaf, strange_issuer=True))
    path = make(ODDITIES[name](Shape()) if name in ODDITIES else strange)
    pems = [one.public_bytes(Encoding.PEM) for one in path]
    leaf, cas, edge = tmp_path / "core.pem", tmp_path / "cas.pem", tmp_path / "edge.pem"
    leaf.write_bytes(pems[0])
    own = x509.NameAttribute(x509.ObjectIdentifier(CN), "edge.example.com")
    edge.write_bytes(self_signed([own], "edge.example.com", ExtendedKeyUsageOID.SERVER_AUTH))
    cas.write_bytes(b"".join(pems[1:]) + edge.read_bytes())
    given = ("--core-client", leaf, "--edge-server", edge, "--ca", cas, "--at", "2026-06-15")
    found = check(capsys, *given)
    assert isinstance(found["outcomes"], list)
    zone = next(one for one in found["outcomes"] if one["connection"] == "uc-zone")
    shown = f"{zone['reason']} {zone['todo']} {json.dumps(found['causes'])}"
    outcome, card, never = ABOVE[name]
    assert re.search(outcome, shown), shown
    assert re.search(card, shown), shown
    assert not re.search(never, shown), shown


@pytest.mark.parametrize(("sent", "error", "depth"), [(2, 20, 1), (3, 19, 2)])
def test_a_root_in_the_file_is_sent_and_told_as_what_openssl_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sent: int, error: int, depth: int
) -> None:
    """A root that came along and is not trusted is error 19, one that did not is error 20."""
    words = odd_path(tmp_path, Shape(), 0)
    pems = [one.public_bytes(Encoding.PEM) for one in make(Shape())]
    (tmp_path / "client.pem").write_bytes(b"".join(pems[:sent]))
    zone = next(o for o in check(capsys, *words)["outcomes"] if o["connection"] == "uc-zone")
    assert (zone["error"], zone["depth"]) == (error, depth)


@pytest.mark.parametrize(("second", "state"), [(0, "Active"), (1, "Failed")])
def test_the_second_of_not_after_is_inside_the_validity(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], second: int, state: str
) -> None:
    """RFC 5280 4.1.2.5 counts it, and OpenSSL 4 does; OpenSSL 3 did not."""
    words = odd_path(tmp_path, Shape(leaf=replace(LEAF, last="2026-06-15")), 2)[:-1]
    found = check(capsys, *words, f"2026-06-15 00:00:0{second}")
    assert {states(found)[name] for name in ("uc-zone", "ssh-tunnel")} == {state}


def test_files_that_are_the_wrong_way_round_are_told(folder: Path) -> None:
    """The one with clientAuth was given for the server store, the other for the client store."""
    fit, poor = folder / "ca1/core.example.com.pem", folder / "ca1/narrow.example.com.pem"
    told = "✗ Core's files may be the wrong way round"
    swapped = ekukit.check(core_client=poor, core_server=fit)
    assert any(note.startswith(told) for note in swapped.notes)
    for files in ({"core_client": fit, "core_server": poor}, {"core_client": poor}):
        assert not any(note.startswith(told) for note in ekukit.check(**files).notes)  # type: ignore[arg-type]
