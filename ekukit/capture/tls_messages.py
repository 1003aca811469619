"""Messages of a TLS handshake: what stands in each that tells who showed which certificate."""

import zlib
from typing import NamedTuple

from ekukit.capture.fields import Fields, ShortError

CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, REQUEST, HELLO_DONE = 1, 2, 11, 13, 14
FINISHED, COMPRESSED = 20, 25
MOST_MESSAGE = 256 << 10
# What each is called in RFC 5246 clause 7.4, RFC 8446 clause 4, RFC 4346, RFC 6066 and RFC 8879.
NAMES = {
    0: "HelloRequest", 1: "ClientHello", 2: "ServerHello", 3: "HelloVerifyRequest",
    4: "NewSessionTicket", 8: "EncryptedExtensions", 11: "Certificate", 12: "ServerKeyExchange",
    13: "CertificateRequest", 14: "ServerHelloDone", 15: "CertificateVerify",
    16: "ClientKeyExchange", 20: "Finished", 21: "CertificateURL", 22: "CertificateStatus",
    23: "SupplementalData", 24: "KeyUpdate", 25: "CompressedCertificate",
}  # fmt: skip
VERSION_NAMES = {
    0x0300: "SSL 3.0",
    0x0301: "TLS 1.0",
    0x0302: "TLS 1.1",
    0x0303: "TLS 1.2",
    0x0304: "TLS 1.3",
}
_HEAD = 4
_RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
_NAME, _RESUMES, _VERSIONS = 0, 41, 43
_ZLIB = 1


class ServerHello(NamedTuple):
    """What the server chose; `is_retry` for a HelloRetryRequest."""

    version: str
    cipher: int
    is_retry: bool
    resumes: bool


def client_hello(body: Fields) -> tuple[bytes, str | None]:
    """Return random and server name, None when none was sent; raises ShortError."""
    _, random = body.take(2), body.take(32)
    for size in (1, 2, 1):  # session, ciphers, compressions
        body.vector(size)
    names = Fields(_extensions(body).get(_NAME, b""))
    if not names:
        return random, None
    entries = Fields(names.vector(2))
    entries.take(1)
    return random, entries.vector(2).decode("ascii", "backslashreplace")


def server_hello(body: Fields) -> ServerHello:
    """Return what the server chose; raises ShortError."""
    version, random = body.number(2), body.take(32)
    body.vector(1)
    cipher = body.number(2)
    body.take(1)  # compression
    extensions = _extensions(body)
    version = int.from_bytes(extensions.get(_VERSIONS, b"")[:2], "big") or version
    name = VERSION_NAMES.get(version, f"0x{version:04x}")
    return ServerHello(name, cipher, random == _RETRY_RANDOM, _RESUMES in extensions)


def certificates(body: Fields, *, is_13: bool) -> tuple[tuple[bytes, ...], bool]:
    """Return the chain of a Certificate message, and whether all of it could be read."""
    chain: list[bytes] = []
    try:
        if is_13:
            body.vector(1)  # the context of the request
        size = body.number(3)
        whole = body.left >= size
        entries = Fields(body.take(min(size, body.left)))
        while entries:
            chain.append(entries.vector(3))
            if is_13:
                entries.vector(2)
    except ShortError:
        return tuple(chain), False
    return tuple(chain), whole


def unpacked(body: Fields) -> Fields:
    """Return a Certificate message out of a compressed one (RFC 8879).

    Raises ShortError for another method than zlib, and for what does not fit the size told.
    """
    method, size, packed = body.number(2), body.number(3), body.vector(3)
    if method != _ZLIB or size > MOST_MESSAGE:
        raise ShortError
    try:
        data = zlib.decompressobj().decompress(packed, size)
    except zlib.error:
        raise ShortError from None
    if len(data) != size:
        raise ShortError
    return Fields(data)


def begins_message(body: bytes) -> bool:
    """Return whether these bytes begin like a handshake message of a size that one may have."""
    sized = len(body) >= _HEAD and int.from_bytes(body[1:4], "big") <= MOST_MESSAGE
    return sized and body[0] in NAMES


def is_whole(body: bytes) -> bool:
    """Return whether a record begins a hello or holds nothing but whole messages."""
    if body[:1] in (b"\x01", b"\x02") and body[1:2] == b"\0" and body[4:5] == b"\x03":
        return True
    place = 0
    while place + _HEAD <= len(body) and body[place] in NAMES:
        place += _HEAD + int.from_bytes(body[place + 1 : place + 4], "big")
    return place == len(body) > 0


def _extensions(body: Fields) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    extensions = Fields(body.vector(2) if body else b"")
    while extensions:
        found.setdefault(extensions.number(2), extensions.vector(2))
    return found
