"""The file that a CA or a colleague hands over: which certificate counts, what is odd in it."""

import base64
import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

import ekukit
from ekukit.certificates import certificate_pem, make_credential, utc
from ekukit.certificates.authority import internal_authority
from ekukit.certificates.credential import FAST_KEY, Credential
from ekukit.diagnosis.store_files import leaf_and_rest
from ekukit.errors import InputError

NONE = NoEncryption()
DIFFERENT = "core2.example.com"


@cache
def made(name: str = "core.example.com", authority: str = "CA 1") -> Credential:
    """Return a leaf with issuing CA and root, and its key."""
    issued = internal_authority(authority).issue(
        name, eku="both", issued=utc("2026-01-01"), key=FAST_KEY
    )
    return make_credential(issued)


def pems(*found: x509.Certificate) -> bytes:
    """Return certificates as PEM."""
    return b"".join(map(certificate_pem, found))


def mail(*parts: bytes) -> bytes:
    """Return a mail with parts in base64, as mail programs write it."""
    told = [b"From: ca@example.com\r\nMIME-Version: 1.0\r\n\r\n--b\r\n\r\nYour order\r\n"]
    for part in parts:
        body = base64.encodebytes(part).replace(b"\n", b"\r\n")
        heads = b"Content-Type: application/pkix-cert\r\nContent-Transfer-Encoding: base64\r\n"
        told.append(b"--b\r\n" + heads + b"Content-Disposition: attachment\r\n\r\n" + body)
    return b"".join(told) + b"--b--\r\n"


def zipped(**files: bytes) -> bytes:
    """Return a zip of files with a read-me beside them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr("README.txt", "Install both files.")
    return packed.getvalue()


def locked(packed: bytes) -> bytes:
    """Return a zip that says of its files that a password is needed."""
    for head, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = -1
        while (begin := packed.find(head, begin + 1)) >= 0:
            at = begin + place
            packed = packed[:at] + bytes([packed[at] | 1]) + packed[at + 1 :]
    return packed


def files() -> dict[str, bytes]:
    """Return the ways in which leaf, issuing CA and root are handed over."""
    one = made()
    leaf, (issuing, root) = one.leaf, one.chain
    key = one.key_pem()
    der = leaf.public_bytes(Encoding.DER)
    back = [root, issuing, leaf]
    bare = base64.encodebytes(der)
    return {
        "whole": pems(leaf, issuing, root),
        "leaf alone": pems(leaf),
        "backwards": pems(root, issuing, leaf),
        "root in between": pems(leaf, root, issuing),
        "twice": pems(leaf, issuing) * 2,
        "with another CA": pems(leaf, issuing, made(DIFFERENT, "CA 9").chain[0]),
        "der": der,
        "p7b": pkcs7.serialize_certificates(back, Encoding.DER),
        "p7b in PEM": pkcs7.serialize_certificates(back, Encoding.PEM),
        "pfx": pkcs12.serialize_key_and_certificates(b"c", one.key, leaf, [root, issuing], NONE),  # type: ignore[arg-type]
        "mail": mail(pems(root, issuing), pems(leaf)),
        "mail with DER": mail(der),
        "mail of quoted-printable": pems(leaf).replace(b"=", b"=3D"),
        "zip": zipped(**{"ca-bundle.crt": pems(root, issuing), "core.crt": pems(leaf)}),
        "UTF-16": pems(leaf).decode().encode("utf-16"),
        "one line": pems(leaf).replace(b"\n", b" "),
        "no BEGIN": bare,
        "its key": pems(leaf) + key,
        "another's key": pems(leaf) + made(DIFFERENT).key_pem(),
        "two leaves": pems(leaf, made(DIFFERENT).leaf, issuing),
        "locked key": pems(leaf) + one.key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")),
    }  # fmt: skip


def told_of(data: bytes, tmp_path: Path) -> tuple[list[x509.Certificate], str]:
    """Return the certificates of a file, and what is told of it."""
    path = tmp_path / "given"
    path.write_bytes(data)
    problems: list[str] = []
    found = leaf_and_rest(path, problems)
    return found, "\n".join(problems)


@pytest.mark.parametrize("name", sorted(files()))
def test_the_leaf_is_found_in_whatever_it_is_handed_over(name: str, tmp_path: Path) -> None:
    """Its CAs come behind it, each once, and nothing of a key is told."""
    found, told = told_of(files()[name], tmp_path)
    assert found[0] == made().leaf
    assert len(found) == len(set(found))
    for key in (made().key_pem(), made(DIFFERENT).key_pem()):
        assert key.decode().splitlines()[1] not in told


@pytest.mark.parametrize("name", ["whole", "leaf alone"])
def test_nothing_is_told_of_a_file_that_is_in_order(name: str, tmp_path: Path) -> None:
    """PEM, the leaf first, each CA behind the one below it."""
    assert told_of(files()[name], tmp_path)[1] == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("der", "openssl x509 -inform DER -in"),
        ("p7b", "openssl pkcs7 -inform DER -print_certs"),
        ("p7b in PEM", "openssl pkcs7 -print_certs"),
        ("pfx", "openssl pkcs12 -nokeys"),
        ("mail", "save what is attached"),
        ("mail with DER", "save what is attached"),
        ("zip", "unpack it"),
        ("UTF-16", "write it anew"),
        ("one line", "write it anew"),
        ("no BEGIN", "write it anew"),
    ],
)
def test_what_is_no_pem_is_judged_and_told_how_to_make_pem_of_it(
    name: str, words: str, tmp_path: Path
) -> None:
    """Expressway takes PEM; where certificates have no order, none is called wrong."""
    told = told_of(files()[name], tmp_path)[1]
    assert "Expressway takes PEM (T6-pem): " in told
    assert words in told
    assert "stands before the leaf" not in told
    assert "out of order" not in told


@pytest.mark.parametrize("name", ["p7b", "p7b in PEM", "pfx", "zip", "mail"])
def test_where_certificates_have_no_order_the_order_of_the_new_file_is_told(
    name: str, tmp_path: Path
) -> None:
    """The leaf first, its issuing CA behind it."""
    assert (
        "leaf belongs first there, its issuing CA behind it" in told_of(files()[name], tmp_path)[1]
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("backwards", "a CA stands before the leaf in this file"),
        ("backwards", "the CAs in this file are out of order"),
        ("root in between", "the CAs in this file are out of order"),
        ("twice", "certificates stand twice in this file"),
        ("with another CA", "no CA of the leaf's path, and not needed in this file"),
        ("two leaves", "2 certificates of this file are no CAs; the first one was judged"),
        ("two leaves", f"not judged: {DIFFERENT} (serverAuth + clientAuth; serial "),
        ("another's key", "the private key in this file does not belong to core.example.com"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told(name: str, words: str, tmp_path: Path) -> None:
    """Each with what is expected."""
    assert words in told_of(files()[name], tmp_path)[1]


@pytest.mark.parametrize("name", ["its key", "locked key"])
def test_a_key_that_fits_or_cannot_be_read_is_not_called_wrong(name: str, tmp_path: Path) -> None:
    """It is told to be there, and no more."""
    told = told_of(files()[name], tmp_path)[1]
    assert "a private key is in this file" in told
    assert "belong" not in told


def test_a_chain_that_stands_twice_has_one_leaf(tmp_path: Path) -> None:
    """As openssl s_client shows it; it had been told as two leaves."""
    assert "no CAs" not in told_of(files()["twice"], tmp_path)[1]


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "pfx with a password": (lambda: pkcs12.serialize_key_and_certificates(
        b"c", made().key, made().leaf, None, BestAvailableEncryption(b"x")),  # type: ignore[arg-type]
        "openssl pkcs12 -nokeys"),
    "mail without one": (lambda: mail(b"%PDF-1.7 an offer"), "save it as a file of its own"),
    "Java key store": (lambda: b"\xfe\xed\xfe\xed\0\0\0\2" + bytes(90), "keytool -exportcert"),
    "page": (lambda: b"<!DOCTYPE html><p>Session expired", "a web page; download"),
    "Outlook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90), "of its own"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(90), "a picture; give"),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(90), "unpack it"),
    "empty zip": (zipped, "no certificate in it"),
    "zip that unpacks to too much": (lambda: zipped(**{"a.crt": bytes(40 << 20)}),
        "unpacks to more than 200 times its size"),
    "zip with a password": (lambda: locked(zipped(**{"core.crt": pems(made().leaf)})),
        "encrypted"),
    "SSH": (lambda: b"ssh-rsa AAAAB3NzaC1yc2EAAA core", "a public key of SSH"),
    "no file of ours": (lambda: b"lorem ipsum dolor", "neither PEM nor a DER certificate"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_without_certificate_says_what_it_is(name: str, tmp_path: Path) -> None:
    """And what to give in its place; its path is named once."""
    data, words = UNREADABLE[name]
    with pytest.raises(InputError) as raised:
        told_of(data(), tmp_path)
    told = str(raised.value)
    assert words in told
    assert told.count("given") == 1


def test_how_to_make_pem_of_a_file_is_told_in_what_is_passed_on(tmp_path: Path) -> None:
    """Its commands are nobody's secret; the names beside them are."""
    path = tmp_path / "given"
    path.write_bytes(files()["p7b"])
    case = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
    found = ekukit.check(path, slot="core-client", case=case, redact=True)
    command = "openssl pkcs7 -inform DER -print_certs -in FILE -out NEW;"
    assert any(command in note for note in found.notes)
    assert "core.example.com" not in found.json()
