"""Certificate files: PEM or DER, read without trusting them; what cannot be read is listed."""

import hashlib
import stat
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from ekukit.certificates.binary_blocks import Block, public_digest
from ekukit.certificates.certificate import CaCertificate, Certificate, read_ca, read_x509
from ekukit.certificates.constraints import UNKNOWN_DIGEST, read_limits
from ekukit.certificates.extensions import extensions_of
from ekukit.certificates.pemblocks import blocks
from ekukit.errors import InputError
from ekukit.printable import visible

MOST_BYTES, MOST_PROBLEMS = 4 << 20, 100
# Reserved by the CA/Browser Forum for certificates that browsers trust (T9).
_PUBLIC_POLICIES = "2.23.140.1.2."
# Stands for the key of a CA that is named and not in the files: no key of the lab's is its equal.
UNSEEN = "not seen"
_UNVERIFIED = ("sha1", "md5", UNKNOWN_DIGEST)
# A stranger's file may hold thousands of CAs of one name, and every signature costs time.
_LONGEST_CHAIN, _MOST_OF_A_NAME = 16, 64


@dataclass(frozen=True, slots=True)
class Read:
    """A certificate of a file: where its block begins (line from 1), and the parsed object.

    `form` is what it was packed in, as `Block` has it.
    """

    file: str
    line: int
    certificate: x509.Certificate
    form: str = ""


@dataclass(frozen=True, slots=True)
class PemFile:
    """A file's certificates in order, what could not be read, and whether a key was in it.

    `lost` are the blocks that could not be read, `keys` the digests of the public keys of private
    ones that have no password.
    """

    certificates: tuple[Read, ...]
    problems: tuple[str, ...] = ()
    has_private_key: bool = False
    lost: tuple[Block, ...] = ()
    keys: frozenset[str] = frozenset()


def read_pem(source: Path | bytes, name: str = "") -> PemFile:
    """Return the certificates of a PEM or DER file; a damaged block is listed, the rest is read.

    Raises InputError when the file cannot be opened or is larger than 4 MiB, not for its content.
    """
    data, shown = _bytes(source, name)
    found: list[Read] = []
    problems: list[str] = []
    lost: list[Block] = []
    private = False
    keys: set[str] = set()
    for block in blocks(data):
        private = private or block.is_key
        keys |= {block.public} - {""}
        found += [Read(shown, block.line, one, block.form) for one in block.certificates]
        if block.problem:
            # Of a flood the first hundred are told, and the last one.
            problems[MOST_PROBLEMS:] = [f"{shown}:{block.line}: {block.problem}"]
            lost.append(block)
    return PemFile(tuple(found), tuple(problems), private, tuple(lost), frozenset(keys))


def _bytes(source: Path | bytes, name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name
    try:
        found = source.lstat()
        if not stat.S_ISREG(found.st_mode):
            msg = f"{visible(str(source))}: no plain file, not opened; name a PEM or DER file"
            raise InputError(msg)
        size = found.st_size
        data = source.read_bytes() if size <= MOST_BYTES else b""
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        told = getattr(error, "strerror", None) or error
        msg = f"{visible(str(source))}: cannot be read ({told}); name a PEM or DER file"
        raise InputError(msg) from None
    if size > MOST_BYTES:
        msg = f"{source}: {size} bytes, more than {MOST_BYTES}; this is no certificate file"
        raise InputError(msg)
    return data, name or str(source)


def chain_of(
    leaf: x509.Certificate, pool: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...]:
    """Return the issuers above a certificate as far as the pool holds them, nearest first.

    Names and signatures must fit, tried for 64 of a name; validity and purposes are not looked at.
    """
    chain: list[x509.Certificate] = []
    below = leaf
    while below.subject != below.issuer and len(chain) < _LONGEST_CHAIN:
        named = _by_subject(pool).get(below.issuer, ())
        above = _signer(below, (ca for ca in named if ca not in chain))
        if above is None:
            break
        chain.append(above)
        below = above
    return tuple(chain)


# Of a pool of thousands one is looked at thousands of times.
@lru_cache(maxsize=8)
def _by_subject(
    pool: tuple[x509.Certificate, ...],
) -> dict[x509.Name, tuple[x509.Certificate, ...]]:
    """Return the certificates of a pool by subject, in their order."""
    found: dict[x509.Name, list[x509.Certificate]] = {}
    for ca in pool:
        found.setdefault(ca.subject, []).append(ca)
    return {name: tuple(cas) for name, cas in found.items()}


def _signer(below: x509.Certificate, pool: Iterable[x509.Certificate]) -> x509.Certificate | None:
    named = (ca for ca in pool if ca.subject == below.issuer)
    return next((ca for ca in islice(named, _MOST_OF_A_NAME) if issued(below, ca)), None)


def issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    """Return whether one certificate was signed by another: name and signature fit."""
    if below.issuer != above.subject:
        return False
    if read_limits(below).digest in _UNVERIFIED:
        return True  # the library verifies no such signature; OpenSSL does, with the path
    try:
        below.verify_directly_issued_by(above)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def why_public(leaf: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> str:
    """Return why a certificate counts as public, "" when it is not known to be (T9)."""
    for extension in extensions_of(leaf):
        value = extension.value
        if isinstance(value, x509.CertificatePolicies):
            oids = [policy.policy_identifier.dotted_string for policy in value]
            found = next((oid for oid in oids if oid.startswith(_PUBLIC_POLICIES)), None)
            if found:
                return f"it carries the CA/Browser Forum policy {found}"
        if isinstance(value, x509.PrecertificateSignedCertificateTimestamps):
            return "it carries a signed certificate timestamp"
    top = chain[-1] if chain else leaf
    if top in public_roots() or any(issued(top, root) for root in _roots_named(top)):
        return "it leads to a root that browsers trust"
    return ""


@cache
def public_roots() -> frozenset[x509.Certificate]:
    """Return the roots of the `certifi` list, as shipped with the kit."""
    pems = Path(certifi.where()).read_bytes()
    with warnings.catch_warnings():
        # Some old roots have a serial of zero; that is theirs to mend.
        warnings.simplefilter("ignore")
        return frozenset(x509.load_pem_x509_certificates(pems))


def _roots_named(top: x509.Certificate) -> list[x509.Certificate]:
    return [root for root in public_roots() if root.subject == top.issuer]


def ca_views(pool: Iterable[x509.Certificate]) -> dict[x509.Certificate, CaCertificate]:
    """Return a view of each CA certificate; CAs that share a name and no key are told apart."""
    found = tuple(dict.fromkeys(pool))
    return _views(found, found)


def _views(
    wanted: tuple[x509.Certificate, ...], pool: Iterable[x509.Certificate]
) -> dict[x509.Certificate, CaCertificate]:
    """Return a view of each wanted CA certificate, whose signers are among the pool."""
    keys: dict[x509.Name, dict[str, x509.Certificate]] = {}
    for ca in pool:
        keys.setdefault(ca.subject, {}).setdefault(ca_key(ca), ca)
    signers = {ca: _signer(ca, keys.get(ca.issuer, {}).values()) for ca in wanted}
    return {
        ca: replace(read_ca(ca), key=ca_key(ca), issuer_key=_key_of(signers[ca]), place=place)
        for place, ca in enumerate(wanted)
    }


def _key_of(ca: x509.Certificate | None) -> str:
    return UNSEEN if ca is None else ca_key(ca)


@lru_cache(maxsize=4096)
def ca_key(ca: x509.Certificate) -> str:
    """Return what tells two CAs of one name apart: a digest of the public key."""
    try:
        return public_digest(ca.public_key())
    except Exception:  # noqa: BLE001 - a key of a kind that the library does not know: itself alone
        return hashlib.sha256(ca.fingerprint(hashes.SHA256())).hexdigest()[:16]


def view_of(leaf: x509.Certificate, pool: tuple[x509.Certificate, ...]) -> Certificate:
    """Return the view of a real certificate with its chain from the pool, public or not (T9)."""
    chain = chain_of(leaf, pool)
    public = bool(why_public(leaf, chain)) or None
    found = read_x509(leaf)
    if not chain and leaf.subject != leaf.issuer:
        # The issuer's name is known, its certificate is not: an untrusted stand-in holds its place.
        return replace(found, public=public, chain=(_unknown_issuer(leaf),))
    named = _by_subject(pool)
    near = dict.fromkeys((*chain, *(ca for one in chain for ca in named.get(one.issuer, ()))))
    return replace(found, public=public, chain=tuple(_views(chain, near).values()))


def _unknown_issuer(leaf: x509.Certificate) -> CaCertificate:
    return CaCertificate(
        subject=leaf.issuer.rfc4514_string(),
        issuer="CN=not in the files",
        ekus=None,
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        key=UNSEEN,
        issuer_key=UNSEEN,
    )
