"""Certificates in the bytes of a file: PEM wherever it stands, DER, PKCS 7 and PKCS 12.

Finding is generous, as the tools of the trade are, and more: a block may stand behind quotation
marks of a mail, in a web page, in UTF-16, in lines of any length. Reading is strict.
"""

import base64
import binascii
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7, pkcs12

from ekukit.certificates.certificate import read_x509
from ekukit.certificates.extensions import extensions_of
from ekukit.plaintext import plain_text

_DASHES = rb"(?:-|\xe2\x80[\x90-\x95]|\xe2\x88\x92|&#45;|&ndash;|&mdash;)"
_LABEL = rb"([A-Z0-9][A-Z0-9 #._/]{0,60}?)"
_BEGIN = re.compile(
    _DASHES + rb"{2,8}[ \t]*BEGIN[ \t]+" + _LABEL + rb"[ \t]*" + _DASHES + rb"{2,8}"
)
_END = re.compile(_DASHES + rb"{2,8}[ \t]*END[ \t]+[A-Z0-9]")
_CERTIFICATE = frozenset((b"CERTIFICATE", b"TRUSTED CERTIFICATE", b"X509 CERTIFICATE"))
_BUNDLE = frozenset((b"PKCS7", b"CMS", b"PKCS #7 SIGNED DATA", b"PKCS7 SIGNED DATA"))
_KEY_STORE = frozenset((b"PKCS12", b"PFX"))
# What is there, is no certificate, and is often taken for one.
_OTHER = {
    b"CERTIFICATE REQUEST": "a certificate request, not a certificate",
    b"NEW CERTIFICATE REQUEST": "a certificate request, not a certificate",
    b"X509 CRL": "a list of revoked certificates, not a certificate",
}
_TAG = re.compile(rb"<[^<>]{0,200}>")
_ENTITY = {
    b"&#43;": b"+", b"&#47;": b"/", b"&#61;": b"=", b"&#x2b;": b"+", b"&#x2f;": b"/",
    b"&#x3d;": b"=", b"&nbsp;": b" ", b"&gt;": b">", b"&#10;": b"\n", b"&#13;": b"",
}  # fmt: skip
_WRITTEN_END = re.compile(rb"\\+[rnt]")
# Marks that mail programs and editors put before a line, and line numbers.
_QUOTED = re.compile(rb"^(?:[>|#*;\s\"'`]|//(?=[ \t]))+|[\s\"'`,;\\|]+$")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9 -]{0,60}:")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BASE64_ALONE = re.compile(rb"\s*MI[A-Za-z0-9+/\s]{64,}={0,2}\s*")
_LONGEST = 4 << 20
_SEQUENCE = 0x30
_PKCS7_TYPE = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_PKCS12_VERSION = b"\x02\x01\x03\x30"


@dataclass(frozen=True, slots=True)
class Block:
    """Something found in a file: where its first line is (from 1), its certificates, or why not.

    `offset` and `size` are bytes of the file as plain text.

    `is_key` is true for a private key, of which nothing is kept; `is_other` for what is whole and
    no certificate.
    """

    line: int
    certificates: tuple[x509.Certificate, ...] = ()
    problem: str = ""
    is_key: bool = False
    is_other: bool = False
    offset: int = 0
    size: int = 0


def blocks(data: bytes) -> Iterator[Block]:
    """Yield what stands in the bytes of a certificate file, in order.

    Raises nothing for what they hold.
    """
    if data[:1] == b"\x30" and (der := _der_length(data)) and der <= len(data):
        yield _der(data[:der], len(data) - der)
        return
    text = plain_text(data)
    found = False
    for block in _pem(text):
        found = True
        yield block
    if found:
        return
    if _BASE64_ALONE.fullmatch(text):
        yield _block(b"CERTIFICATE", text, 1)
    elif data.strip():
        cut = data[:1] == b"\x30" and _der_length(data)
        told = "a DER file that is cut short" if cut else "neither PEM nor a DER certificate"
        yield Block(1, problem=told, size=len(data))


def _pem(text: bytes) -> Iterator[Block]:
    begins = list(_BEGIN.finditer(text))
    line, counted = 1, 0
    for found, following in zip_longest(begins, begins[1:]):
        line += text.count(b"\n", counted, found.start())
        counted = found.start()
        until = following.start() if following else len(text)
        end = _END.search(text, found.end(), until)
        label = b" ".join(found[1].split())
        if end is None:
            told = ("a block without an end" if following
                    else "the block's end is missing; the file is cut short")  # fmt: skip
            # What came before the cut may be a whole certificate all the same.
            block = _block(label, text[found.end() : until], line)
            if not block.certificates and not block.is_key:
                block = Block(line, problem=told, size=until - found.start())
        else:
            block = _block(label, text[found.end() : end.start()], line)
        yield replace(block, offset=found.start())


def _block(label: bytes, body: bytes, line: int) -> Block:
    size = len(body)
    if b"PRIVATE KEY" in label:
        return Block(line, is_key=True, size=size)
    if label not in _CERTIFICATE | _BUNDLE | _KEY_STORE:
        return Block(line, problem=_OTHER.get(label, ""), is_other=True, size=size)
    try:
        der = base64.b64decode(_base64_of(body), validate=True)
        if label in _KEY_STORE or _is_pkcs12(der):
            return _key_store(der, line)
        if label in _BUNDLE or _is_pkcs7(der):
            return Block(line, _bundle(der), size=size)
        return Block(line, (whole(der[: _der_length(der) or len(der)]),), size=size)
    except Exception as error:  # noqa: BLE001 - hostile bytes fail in many ways
        told = " ".join(str(error).split())[:200] or type(error).__name__
        return Block(line, problem=f"a certificate that cannot be read ({told})", size=size)


def _base64_of(body: bytes) -> bytes:
    """Return the base64 text of a block: without quotation marks, tags, heads and line ends."""
    if b"<" in body:
        body = _TAG.sub(b"\n", body)
    if b"&" in body:
        for name, char in _ENTITY.items():
            body = body.replace(name, char)
    if b"\\" in body:
        body = _WRITTEN_END.sub(b"\n", body)
    parts = []
    for line in body.split(b"\n"):
        bare = line.strip()
        if not _BASE64.fullmatch(bare):
            bare = b"".join(_QUOTED.sub(b"", bare).split())
        if bare and not _HEADER.match(bare):
            parts.append(bare)
    joined = b"".join(parts).replace(b"\xc2\xa0", b"")
    bare = joined.rstrip(b"=")
    if len(bare) % 4 == 1:
        msg = "its base64 text is cut, or has a character too many"
        raise binascii.Error(msg)
    return bare + b"=" * (-len(bare) % 4)


def _der_length(data: bytes) -> int:
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


def _der(der: bytes, behind: int) -> Block:
    size = len(der)
    try:
        if _is_pkcs12(der):
            return _key_store(der, 1)
        found = _bundle(der) if _is_pkcs7(der) else (whole(der),)
    except Exception:  # noqa: BLE001 - hostile bytes fail in many ways, none of which matters
        return Block(1, problem="neither PEM nor a DER certificate", size=size + behind)
    return Block(1, found, size=size)


def _is_pkcs7(der: bytes) -> bool:
    return _PKCS7_TYPE in der[:24]


def _is_pkcs12(der: bytes) -> bool:
    return _PKCS12_VERSION in der[:10]


def is_der(data: bytes) -> bool:
    """Return whether bytes are one DER sequence, as certificates, PKCS 7 and PKCS 12 files are."""
    return len(data) > 64 and _der_length(data) == len(data)  # noqa: PLR2004


def _bundle(der: bytes) -> tuple[x509.Certificate, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tuple(map(_read, pkcs7.load_der_pkcs7_certificates(der)))


def _key_store(der: bytes, line: int) -> Block:
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
        return Block(line, shown, is_key=found.key is not None, size=len(der))
    told = "a PKCS 12 file that needs a password, or is damaged; give the certificates as PEM"
    return Block(line, problem=told, is_key=True, size=len(der))


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
