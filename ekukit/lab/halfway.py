"""Half a handshake: it brings the end that judges to the Certificate message, and no further."""

import struct
from collections.abc import Iterable
from functools import lru_cache

from OpenSSL import SSL

from ekukit.certificates import FAST_KEY, Certificate, utc
from ekukit.lab.tls import words

_HANDSHAKE, _SERVER_HELLO, _CERTIFICATE, _TLS_1_2 = 22, 2, 11, 0x0303
_RECORD = 1 << 14
_ECDHE_RSA, _ECDHE_ECDSA = 0xC02F, 0xC02B
# Secure renegotiation and uncompressed points, without which OpenSSL takes no ServerHello.
_HELLO_EXTENSIONS = bytes.fromhex("ff01000100000b00020100")
_RSA_KEY = bytes.fromhex("2a864886f70d010101")
_READ = 1 << 16


def bring(connection: SSL.Connection, message: bytes, *, client: bool) -> str:
    """Bring the judging end to the Certificate message; return its words, "" for no refusal.

    `client` says that a client's certificates are judged, so that the judging end is a server.
    """
    if client:
        connection.set_accept_state()
        connection.bio_write(_client_hello())
        _step(connection)
        flight = message
    else:
        connection.set_connect_state()
        # A suite must fit the key; any kind but RSA is verified under the other one.
        suite = _ECDHE_RSA if _RSA_KEY in message else _ECDHE_ECDSA
        flight = _server_hello(suite) + message
    _step(connection)
    connection.bio_read(_READ)
    connection.bio_write(_records(flight))
    return _step(connection)


def _step(connection: SSL.Connection) -> str:
    try:
        connection.do_handshake()
    except SSL.WantReadError:
        return ""
    except SSL.Error as error:
        return words(error)
    return ""


@lru_cache(maxsize=1)
def _client_hello() -> bytes:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    connection = SSL.Connection(context, None)
    connection.set_connect_state()
    _step(connection)
    return connection.bio_read(_READ)


@lru_cache(maxsize=1)
def judge_certificate() -> Certificate:
    """Return the judging server's own certificate, at which nobody looks."""
    first, last = utc("2020-01-01"), utc("2045-01-01")
    return Certificate("CN=judge", (), None, 1, first, last, chain=(), key=FAST_KEY)


def _server_hello(suite: int) -> bytes:
    length = struct.pack("!H", len(_HELLO_EXTENSIONS))
    body = struct.pack("!H32sBHB", _TLS_1_2, b"ekukit", 0, suite, 0) + length + _HELLO_EXTENSIONS
    return bytes((_SERVER_HELLO,)) + len(body).to_bytes(3, "big") + body


def certificate_message(ders: Iterable[bytes]) -> bytes:
    """Return a TLS 1.2 Certificate message (RFC 5246 7.4.2), leaf first."""
    listed = b"".join(len(der).to_bytes(3, "big") + der for der in ders)
    body = len(listed).to_bytes(3, "big") + listed
    return bytes((_CERTIFICATE,)) + len(body).to_bytes(3, "big") + body


def _records(data: bytes) -> bytes:
    pieces = [data[place : place + _RECORD] for place in range(0, len(data), _RECORD)]
    return b"".join(struct.pack("!BHH", _HANDSHAKE, _TLS_1_2, len(p)) + p for p in pieces)
