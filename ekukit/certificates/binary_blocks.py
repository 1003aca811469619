"""What stands in bytes that are one DER sequence: a certificate, a PKCS 7 or a PKCS 12 file."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    pkcs7,
    pkcs12,
)

from ekukit.certificates.certificate import read_x509
from ekukit.certificates.extensions import extensions_of

_SEQUENCE = 0x30
_PKCS7_TYPE = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_PKCS12_VERSION = b"\x02\x01\x03\x30"
DER, PKCS7, PKCS7_DER, PKCS12 = "DER", "PKCS 7", "PKCS 7 in DER", "PKCS 12"
MAIL = "a mail"
# Sets of certificates: in what order they stand there means nothing.
SETS = frozenset((PKCS7, PKCS7_DER, PKCS12, MAIL))


@dataclass(frozen=True, slots=True)
class Block:
    """Something found in a file: where its first line is (from 1), its certificates, or why not.

    `offset` and `size` are bytes of the file as plain text.

    `form` is DER, PKCS7, PKCS7_DER, PKCS12 or MAIL, "" for a certificate in PEM. `is_key` is true
    for a private key, of which nothing is kept but `public`, the digest of the public key that
    belongs to it ("" when it has a password); `is_other` for what is whole and no certificate.
    """

    line: int
    certificates: tuple[x509.Certificate, ...] = ()
    problem: str = ""
    is_key: bool = False
    is_other: bool = False
    offset: int = 0
    size: int = 0
    form: str = ""
    public: str = ""


def der_length(data: bytes) -> int:
    """Return how long a DER sequence says that it is with its head, 0 for no such head."""
    if len(data) < 2 or data[0] != _SEQUENCE:  # noqa: PLR2004
        return 0
    first = data[1]
    if first < 0x80:  # noqa: PLR2004 - X.690 8.1.3: short form
        return 2 + first
    count = first & 0x7F
    if not 1 <= count <= 4 or len(data) < 2 + count:  # noqa: PLR2004
        return 0
    return 2 + count + int.from_bytes(data[2 : 2 + count])


def der_block(der: bytes, behind: int) -> Block:
    """Return what a DER sequence is; so many bytes stand behind it."""
    size = len(der)
    try:
        if is_pkcs12(der):
            return key_store(der, 1)
        form = PKCS7_DER if is_pkcs7(der) else DER
        found = bundle(der) if is_pkcs7(der) else (whole(der),)
    except Exception:  # noqa: BLE001 - hostile bytes fail in many ways, none of which matters
        return Block(1, problem="neither PEM nor a DER certificate", size=size + behind)
    return Block(1, found, size=size, form=form)


def is_pkcs7(der: bytes) -> bool:
    """Return whether a DER sequence is a PKCS 7 file."""
    return _PKCS7_TYPE in der[:24]


def is_pkcs12(der: bytes) -> bool:
    """Return whether a DER sequence is a PKCS 12 file."""
    return _PKCS12_VERSION in der[:10]


def is_der(data: bytes) -> bool:
    """Return whether bytes are one DER sequence, as certificates, PKCS 7 and PKCS 12 files are."""
    return len(data) > 64 and der_length(data) == len(data)  # noqa: PLR2004


def bundle(der: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PKCS 7 file; raises what the library does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tuple(map(_read, pkcs7.load_der_pkcs7_certificates(der)))


def key_store(der: bytes, line: int) -> Block:
    """Return the certificates of a PKCS 12 file that has no password, or an empty one."""
    for password in (None, b""):
        try:
            found = pkcs12.load_pkcs12(der, password)
        except Exception:  # noqa: BLE001, S112 - a wrong password and damage look alike
            continue
        shown = tuple(
            whole(one.certificate.public_bytes(Encoding.DER))
            for one in (found.cert, *found.additional_certs)
            if one is not None
        )
        key = found.key
        return Block(line, shown, is_key=key is not None, size=len(der), form=PKCS12,
                     public=public_digest(key.public_key()) if key else "")  # fmt: skip
    told = (
        "a PKCS 12 file that needs a password, or is damaged; give its certificates as PEM "
        "(openssl pkcs12 -nokeys -in FILE -out NEW asks for the password)"
    )
    return Block(line, problem=told, is_key=True, size=len(der))


def public_digest(key: PublicKeyTypes) -> str:
    """Return what tells two public keys apart: a digest."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(spki).hexdigest()[:16]


def public_of(der: bytes) -> str:
    """Return the digest of the public key of a private one, "" when it cannot be read."""
    try:
        # Its numbers are not used, so whether they are sound is not looked at, which takes time.
        key = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
        return public_digest(key.public_key())
    except Exception:  # noqa: BLE001 - a password, damage, a kind that the library does not know
        return ""


def whole(der: bytes) -> x509.Certificate:
    """Return a certificate of which every part was read once: what is broken shows only then."""
    with warnings.catch_warnings():
        # Odd serials and the like are for the user to see, not for the library to warn of.
        warnings.simplefilter("ignore")
        return _read(x509.load_der_x509_certificate(der))


_PARTS: tuple[Callable[[x509.Certificate], object], ...] = (
    read_x509,
    lambda one: one.issuer.rfc4514_string(),
    extensions_of,
)


def _read(certificate: x509.Certificate) -> x509.Certificate:
    for part in _PARTS:
        part(certificate)
    return certificate
