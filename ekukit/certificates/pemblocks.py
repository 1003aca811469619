"""Certificates in the bytes of a file: PEM wherever it stands, DER, PKCS 7 and PKCS 12.

Finding is generous, as the tools of the trade are, and more: a block may stand behind quotation
marks of a mail, in a web page, in UTF-16, in lines of any length. Reading is strict.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from ekukit.certificates.binary_blocks import (
    MAIL,
    PKCS7,
    Block,
    bundle,
    der_block,
    der_length,
    is_pkcs7,
    is_pkcs12,
    key_store,
    public_of,
    whole,
)
from ekukit.certificates.other_files import attached, other_file
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
_WRITTEN_END = re.compile(rb"(?<!\\)\\++[rnt]")
# Marks that mail programs and editors put before a line and behind it.
_QUOTED = re.compile(rb"^(?:[>|#*;\s\"'`]|//(?=[ \t]))+")
_BEHIND = b" \t\r\f\v\"'`,;\\|"
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9 -]{0,60}:")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_BASE64_ALONE = re.compile(rb"\s*MI[A-Za-z0-9+/\s]{64,}={0,2}\s*")


def blocks(data: bytes) -> Iterator[Block]:
    """Yield what stands in the bytes of a certificate file, in order.

    Raises nothing for what they hold.
    """
    if data[:1] == b"\x30" and (der := der_length(data)) and der <= len(data):
        yield der_block(data[:der], len(data) - der)
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
    elif inside := _attached(text):
        yield from inside
    elif data.strip():
        cut = data[:1] == b"\x30" and der_length(data)
        told = "a DER file that is cut short" if cut else other_file(data)
        yield Block(1, problem=told, size=len(data))


def _attached(text: bytes) -> list[Block]:
    """Return what the attachments of a mail hold, where one of them holds a certificate."""
    found = [
        replace(block, line=part.line, offset=part.offset, size=part.size, form=MAIL)
        for part in attached(text)
        for block in blocks(part.data)
    ]
    return [block for block in found if block.certificates or block.is_key]


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
        return Block(line, is_key=True, size=size, public=_public(body))
    if label not in _CERTIFICATE | _BUNDLE | _KEY_STORE:
        return Block(line, problem=_OTHER.get(label, ""), is_other=True, size=size)
    try:
        der = base64.b64decode(_base64_of(body), validate=True)
        if label in _KEY_STORE or is_pkcs12(der):
            return key_store(der, line)
        if label in _BUNDLE or is_pkcs7(der):
            return Block(line, bundle(der), size=size, form=PKCS7)
        return Block(line, (whole(der[: der_length(der) or len(der)]),), size=size)
    except Exception as error:  # noqa: BLE001 - hostile bytes fail in many ways
        told = " ".join(str(error).split())[:200] or type(error).__name__
        return Block(line, problem=f"a certificate that cannot be read ({told})", size=size)


def _public(body: bytes) -> str:
    try:
        return public_of(base64.b64decode(_base64_of(body), validate=True))
    except ValueError:
        return ""


def _base64_of(body: bytes) -> bytes:
    """Return the base64 text of a block: without quotation marks, tags, heads and line ends."""
    if b"<" in body:
        body = _TAG.sub(b"\n", body)
    if b"&" in body:
        for name, char in _ENTITY.items():
            body = body.replace(name, char)
    if b"=3D" in body:  # a mail's quoted-printable
        body = body.replace(b"=\n", b"").replace(b"=3D", b"=")
    if b"\\" in body:
        body = _WRITTEN_END.sub(b"\n", body)
    parts = []
    for line in body.split(b"\n"):
        bare = line.strip()
        if not _BASE64.fullmatch(bare):
            bare = b"".join(_QUOTED.sub(b"", bare).rstrip(_BEHIND).split())
        if bare and not _HEADER.match(bare):
            parts.append(bare)
    joined = b"".join(parts).replace(b"\xc2\xa0", b"")
    bare = joined.rstrip(b"=")
    if len(bare) % 4 == 1:
        msg = "its base64 text is cut, or has a character too many"
        raise binascii.Error(msg)
    return bare + b"=" * (-len(bare) % 4)
