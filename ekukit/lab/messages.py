"""Names of the messages in a recorded handshake, read from the bytes that crossed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509

from ekukit.certificates import eku_words, read_x509
from ekukit.connections import Protocol, Side
from ekukit.connections.alert_names import ALERT_NAMES
from ekukit.lab.tape import Transcript

_CHANGE_CIPHER, _ALERT, _HANDSHAKE, _DATA = 20, 21, 22, 23
_CERTIFICATE = 11
_TLS_NAMES = {
    0: "Hello Request",
    1: "Client Hello",
    2: "Server Hello",
    4: "New Session Ticket",
    8: "Encrypted Extensions",
    11: "Certificate",
    12: "Server Key Exchange",
    13: "Certificate Request",
    14: "Server Hello Done",
    15: "Certificate Verify",
    16: "Client Key Exchange",
    20: "Finished",
    22: "Certificate Status",
}
_SSH_NEWKEYS = 21
_SSH_NAMES = {20: "Key Exchange Init", 21: "New Keys", 30: "ECDH Init", 31: "ECDH Reply"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message: who sent it, its name, and what it carried in words."""

    side: Side
    name: str
    detail: str = ""


def messages(transcript: Transcript, protocol: Protocol) -> tuple[Message, ...]:
    """Return the messages in the order in which they crossed.

    What is encrypted is named so: over TLS 1.2 the Finished messages and what follows, over SSH
    all that follows New Keys. An empty Certificate message is "no certificate".
    """
    read = _tls if protocol is Protocol.TLS else _ssh
    return tuple(read(transcript))


def _tls(transcript: Transcript) -> Iterator[Message]:
    encrypted: set[Side] = set()
    rest = {Side.CLIENT: b"", Side.SERVER: b""}
    handshake = {Side.CLIENT: b"", Side.SERVER: b""}
    for side, flight in transcript.flights:
        buffer = rest[side] + flight
        while len(buffer) >= 5:  # noqa: PLR2004 - a TLS record header
            kind, size = buffer[0], struct.unpack_from("!H", buffer, 3)[0]
            if len(buffer) < 5 + size:
                break
            body, buffer = buffer[5 : 5 + size], buffer[5 + size :]
            if kind == _CHANGE_CIPHER:
                encrypted.add(side)
                yield Message(side, "Change Cipher Spec")
            elif kind == _DATA:
                yield Message(side, "Application Data", "encrypted")
            elif side in encrypted:
                name = "Alert" if kind == _ALERT else "Finished"
                yield Message(side, name, "encrypted")
            elif kind == _ALERT:
                number = body[1]
                yield Message(side, "Alert", f"{number} {ALERT_NAMES.get(number, '')}".strip())
            elif kind == _HANDSHAKE:
                handshake[side] += body
                found, handshake[side] = _handshake(side, handshake[side])
                yield from found
        rest[side] = buffer


def _handshake(side: Side, data: bytes) -> tuple[list[Message], bytes]:
    found = []
    while len(data) >= 4:  # noqa: PLR2004 - a handshake message header
        kind, size = data[0], int.from_bytes(data[1:4], "big")
        if len(data) < 4 + size:
            break
        body, data = data[4 : 4 + size], data[4 + size :]
        detail = _certificates(body) if kind == _CERTIFICATE else ""
        found.append(Message(side, _TLS_NAMES.get(kind, f"message {kind}"), detail))
    return found, data


def _certificates(body: bytes) -> str:
    ders, place = [], 3
    while place + 3 <= len(body):
        size = int.from_bytes(body[place : place + 3], "big")
        ders.append(body[place + 3 : place + 3 + size])
        place += 3 + size
    if not ders:
        return "no certificate"
    leaf = read_x509(x509.load_der_x509_certificate(ders[0]))
    return f"{leaf.name}; {eku_words(leaf.ekus)}; serial {leaf.serial_hex}"


def _ssh(transcript: Transcript) -> Iterator[Message]:
    rest = {Side.CLIENT: b"", Side.SERVER: b""}
    greeted: set[Side] = set()
    encrypted: set[Side] = set()
    for side, flight in transcript.flights:
        buffer = rest[side] + flight
        if side not in greeted:
            banner, found, buffer = buffer.partition(b"\r\n")
            if not found:
                rest[side] = banner
                continue
            greeted.add(side)
            yield Message(side, "Version", banner.decode("ascii", "replace"))
        while len(buffer) >= 6 and side not in encrypted:  # noqa: PLR2004 - length, padding, kind
            size = struct.unpack_from("!I", buffer)[0]
            if len(buffer) < 4 + size:
                break
            kind, buffer = buffer[5], buffer[4 + size :]
            if kind == _SSH_NEWKEYS:
                encrypted.add(side)
            yield Message(side, _SSH_NAMES.get(kind, f"Key exchange message {kind}"))
        if side in encrypted and buffer:
            yield Message(side, "encrypted", f"{len(buffer)} bytes")
            buffer = b""
        rest[side] = buffer
