"""The file that is meant for a store: which of its certificates counts, and what is odd in it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from cryptography import x509
from OpenSSL import crypto

from ekukit.account import folded
from ekukit.archive.container import Container
from ekukit.archive.unpacking import is_zip
from ekukit.certificates import eku_words, read_pem, read_x509
from ekukit.certificates.binary_blocks import DER, MAIL, PKCS7, PKCS7_DER, PKCS12, SETS, Block
from ekukit.certificates.certificate import common_name
from ekukit.certificates.extensions import value_of
from ekukit.certificates.other_files import NEITHER
from ekukit.certificates.pemfile import MOST_BYTES, PemFile, Read, ca_key, chain_of
from ekukit.diagnosis.evidence.inventory import leaf_first
from ekukit.errors import InputError
from ekukit.printable import visible

_MOST_NAMES = 3
_PEM = "Expressway takes PEM (T6-pem)"
# What makes PEM of each.
_TO_PEM = {
    DER: "openssl x509 -inform DER -in FILE -out NEW",
    PKCS7: "openssl pkcs7 -print_certs -in FILE -out NEW",
    PKCS7_DER: "openssl pkcs7 -inform DER -print_certs -in FILE -out NEW",
    PKCS12: "openssl pkcs12 -nokeys -in FILE -out NEW",
    MAIL: "save what is attached, and write one file of it",
}


def leaf_and_rest(path: Path, problems: list[str]) -> list[x509.Certificate]:
    """Return a store's certificates, the leaf first, each once; tell what is odd in its file.

    Raises InputError as `certificates_in`, and where only CAs of a damaged file could be read.
    """
    found = _packed(path) or read_pem(path)
    given, is_whole = _told(path, found, problems)
    ordered = leaf_first(list(dict.fromkeys(given)), is_ca)
    leaf = ordered[0]
    if is_ca(leaf) and not is_whole:
        msg = (
            f"{path}: {problems[-1]}; only CA certificates could be read, and none of them is "
            "judged in the leaf's place; give the leaf whole"
        )
        raise InputError(msg)
    told = [*_form(path, found.certificates, leaf), *_leaves(ordered), *_key(found, leaf)]
    if not _is_set(found.certificates):
        told += _order(given, ordered)
    problems += [f"{path}: {one}" for one in told]
    return ordered


def certificates_in(path: Path, problems: list[str]) -> tuple[list[x509.Certificate], bool]:
    """Return a file's certificates, and whether all of it could be read; a zip is looked into.

    What is odd is added to `problems`. Raises InputError for a file without any.
    """
    return _told(path, _packed(path) or read_pem(path), problems)


def is_ca(certificate: x509.Certificate) -> bool:
    """Return whether a certificate says that it is a CA's."""
    found = value_of(certificate, x509.BasicConstraints)
    return found is not None and found.ca


def _packed(path: Path) -> PemFile | None:
    """Return what the files of a zip hold together, None for another file or an empty one."""
    try:
        with path.open("rb") as stream:
            if not is_zip(stream.read(4)) or path.stat().st_size > MOST_BYTES:
                return None
    except (OSError, ValueError):
        return None  # which is told by who reads it next
    packed, own = Container([path]), f"{path.name}: "
    parts = [
        read_pem(bytes(one.data), f"{path}: {one.file.removeprefix(own)}")
        for one in packed
        if len(one.data) <= MOST_BYTES
    ]
    unread = [f"{path}: {told.removeprefix(own)}" for told in packed.unread]
    # A read-me beside the certificates is nothing that could not be read.
    lost = [b for part in parts for b in part.lost if b.problem != NEITHER]
    lost += [Block(1, problem=told) for told in unread]
    problems = [p for part in parts for p in part.problems if not p.endswith(NEITHER)]
    return PemFile(
        tuple(read for part in parts for read in part.certificates),
        (*problems, *unread),
        any(part.has_private_key for part in parts),
        tuple(lost),
        frozenset(key for part in parts for key in part.keys),
    )


def _told(path: Path, found: PemFile, problems: list[str]) -> tuple[list[x509.Certificate], bool]:
    problems += found.problems
    if found.has_private_key:
        problems.append(f"{path}: a private key is in this file; keep it out of what you pass on")
    if not found.certificates:
        none = "a private key and no certificate" if found.has_private_key else "no certificate"
        # Line 1 says nothing, and the path stands in front already.
        words = (one.removeprefix(f"{path}:").removeprefix("1: ") for one in found.problems)
        told = "; ".join(words).strip() or f"{none} in it"
        msg = f"{path}: {told}; give the certificate as the CA sent it, in PEM or DER"
        raise InputError(msg)
    return [read.certificate for read in found.certificates], not found.lost


def _is_set(found: Sequence[Read]) -> bool:
    """Return whether certificates come from where their order means nothing."""
    return any(read.form in SETS for read in found) or len({read.file for read in found}) > 1


def _form(path: Path, found: Sequence[Read], leaf: x509.Certificate) -> Iterator[str]:
    """Yield what is to be done to a file that is no PEM, or that OpenSSL reads in another way."""
    form = next((read.form for read in found if read.certificate == leaf), "")
    many = len({read.certificate for read in found}) > 1
    first = "; the leaf belongs first there, its issuing CA behind it, then the CA above that"
    if form:
        where = f"{form.removesuffix(' in DER')}{', where they have no order' * (form in SETS)}"
        yield f"certificates stand in {where}. {_PEM}: {_TO_PEM[form]}{first * many}"
    elif len({read.file for read in found}) > 1:
        yield f"several files are packed in it. {_PEM}: unpack it, and write one file{first}"
    elif (read := _read_by_openssl(path)) is None:
        yield (
            f"OpenSSL finds no certificate in this file as it is. {_PEM}: write it anew in plain "
            "ASCII, with BEGIN and END on lines of their own"
        )
    elif read not in (leaf, found[0].certificate):
        yield (
            f"OpenSSL passes over the first certificate of this file and takes {_name(read)} "
            "for it: write it anew as PEM, without anything in front of BEGIN"
        )


def _read_by_openssl(path: Path) -> x509.Certificate | None:
    """Return the first certificate that OpenSSL finds in a file of PEM."""
    try:
        data = path.read_bytes()
        return crypto.load_certificate(crypto.FILETYPE_PEM, data).to_cryptography()
    except Exception:  # noqa: BLE001 - a stranger's file breaks libraries in ways no list covers
        return None


def _leaves(found: Sequence[x509.Certificate]) -> Iterator[str]:
    leaf, *rest = found
    if is_ca(leaf):
        yield "the certificate is a CA; a store needs a leaf"
    others = [one for one in rest if not is_ca(one)]
    if others:
        told = "; ".join(folded([_described(one) for one in others[:50]], _MOST_NAMES))
        yield (
            f"{len(others) + 1} certificates of this file are no CAs; the first one was judged, "
            f"and a store needs it alone with its CAs; not judged: {told}"
        )


def _key(found: PemFile, leaf: x509.Certificate) -> Iterator[str]:
    """Yield that the keys of a file, as far as they can be read, are not the leaf's."""
    if found.keys and ca_key(leaf) not in found.keys:
        yield (
            f"the private key in this file does not belong to {_name(leaf)}: an upload needs the "
            "key with which the certificate was asked for"
        )


def _order(given: Sequence[x509.Certificate], found: Sequence[x509.Certificate]) -> Iterator[str]:
    """Yield what is wrong with the order of the certificates of a file in PEM."""
    leaf = found[0]
    if leaf is not given[0]:
        yield (
            "a CA stands before the leaf in this file; the leaf was judged, and the file needs "
            "it first"
        )
    if len(set(given)) < len(given):
        yield "certificates stand twice in this file; once is enough"
    sent = [one for one in dict.fromkeys(given) if is_ca(one) and one != leaf]
    above = [one for one in chain_of(leaf, tuple(sent)) if one in sent]
    if [one for one in sent if one in above] != above:
        yield (
            "the CAs in this file are out of order: the issuing CA belongs behind the leaf, then "
            f"the CA above it ({', '.join(map(_name, islice(above, 5)))}); OpenSSL takes them as "
            "they are, other programs may not (RFC 5246, 7.4.2)"
        )
    apart = [one for one in sent if one not in above]
    if apart and above:
        told = ", ".join(folded([_name(one) for one in apart[:50]], _MOST_NAMES))
        yield f"no CA of the leaf's path, and not needed in this file: {told}"


def _name(certificate: x509.Certificate) -> str:
    subject = certificate.subject.rfc4514_string()
    return visible(common_name(subject) or subject or "a certificate without a name")


def _described(certificate: x509.Certificate) -> str:
    found = read_x509(certificate)
    return f"{_name(certificate)} ({eku_words(found.ekus)}; serial {found.serial_hex})"
