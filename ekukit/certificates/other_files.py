"""Files in which no certificate stands as such: what each is, and what to give in its place."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

NEITHER = "neither PEM nor a DER certificate"
_SAVE = "save it as a file of its own and give that"
# By how a file begins, in lower case.
_HEADS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"pk\x03\x04", b"pk\x05\x06"), "a ZIP archive; unpack it and give the certificate"),
    ((b"\x1f\x8b", b"7z\xbc\xaf", b"rar!"), "a packed file; unpack it and give the certificate"),
    ((b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce"),
     "a Java key store; give what keytool -exportcert -rfc writes of it"),
    ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
     f"a mail or document of Microsoft's; where it has the certificate attached, {_SAVE}"),
    ((b"\0\0\0\0cert",), "a certificate store of Windows; export the certificate as Base-64"),
    ((b"%pdf-",), "a PDF; give the certificate's own file"),
    ((b"\x89png", b"\xff\xd8\xff", b"gif8"), "a picture; give the certificate's own file"),
    ((b"<!doctype html", b"<html"), "a web page; download the certificate again"),
    ((b"ssh-", b"ecdsa-sha2-", b"---- begin ssh2"), "a public key of SSH, not a certificate"),
    ((b"putty-user-key-file",), "a key of PuTTY, not a certificate"),
)  # fmt: skip
_MAIL = "a mail without a certificate that can be read; where it has one attached, "
_BASE64_PART = re.compile(
    rb"^content-transfer-encoding:[ \t]*base64[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_HEADS_END = b"\n\n"
_MOST_OF_HEADS, _MOST_PARTS = 4096, 100
_BODY = re.compile(rb"(?:[A-Za-z0-9+/]+={0,2}[ \t]*(?:\n|\Z))+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a mail in base64: its bytes, where it stands (line from 1, bytes), how long."""

    data: bytes
    line: int
    offset: int
    size: int


def attached(text: bytes) -> Iterator[Attachment]:
    """Yield the parts of a mail (RFC 2045) that are in base64, the first hundred.

    `text` has plain line ends. Other encodings are left out; nothing raises.
    """
    for count, part in enumerate(_BASE64_PART.finditer(text)):
        if count == _MOST_PARTS:
            return
        begin = text.find(_HEADS_END, part.start(), part.end() + _MOST_OF_HEADS)
        body = _BODY.match(text, begin + len(_HEADS_END)) if begin >= 0 else None
        if body is None:
            continue
        try:
            data = base64.b64decode(body[0])
        except ValueError:
            continue
        line = text.count(b"\n", 0, body.start()) + 1
        yield Attachment(data, line, body.start(), len(body[0]))


def other_file(data: bytes) -> str:
    """Return in words what a file is that holds no certificate, and what to do."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower() or data[:64]
    for heads, told in _HEADS:
        if head.startswith(heads) or data.startswith(heads):
            return told
    if re.search(
        rb"^(?:mime-version|content-type|received):", data[:65536], re.IGNORECASE | re.MULTILINE
    ):
        return f"{_MAIL}{_SAVE}"
    return NEITHER
