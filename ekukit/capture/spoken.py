"""What the two ends of a TLS connection said, message by message."""

from ekukit.capture.fields import Fields, ShortError, begins_record
from ekukit.capture.sender import Marks, Sender, packet_of
from ekukit.capture.tls_messages import (
    CERTIFICATE,
    CLIENT_HELLO,
    COMPRESSED,
    MOST_MESSAGE,
    NAMES,
    SERVER_HELLO,
    VERSION_NAMES,
    certificates,
    client_hello,
    is_whole,
    server_hello,
    unpacked,
)

# Kinds of records (RFC 8446 clause 5.1); the last is of heartbeats.
CHANGE_CIPHER, ALERT, HANDSHAKE, DATA, _LAST_KIND = 20, 21, 22, 23, 24
# Filed under a number of its own: on the wire it is a ServerHello with a fixed random.
RETRY = 256
MOST_ALERTS = 64
_MESSAGE, _ALERT_SIZE = 4, 2
_OF_CLIENT, _OF_SERVER = {1, 15, 16}, {2, 12, 13, 14}


class Spoken:
    """Reads the content of records: handshake messages, alerts, and that ciphers change.

    Source: RFC 5246 clauses 7.2 and 7.4, RFC 8446 clauses 4 and 6. Not checked: signatures, the
    order of messages. A message of more than 256 KiB is skipped, and alerts after the 64th of an
    end.
    """

    def __init__(self, *lost: bool) -> None:
        """Begin; `lost` says of each direction whether its beginning was not seen."""
        self.sides = (Sender(lost=lost[0]), Sender(lost=lost[1]))
        self.version: str | None = None
        self.cipher = 0
        self.sni: str | None = None
        self.random = b""
        self.resumes = False
        self.opened = 0
        self.answered = False

    @property
    def is_13(self) -> bool:
        """Return whether TLS 1.3 was chosen."""
        return self.version == VERSION_NAMES[0x0304]

    @property
    def client(self) -> int | None:
        """Return the direction of the client by who sent what, None when nothing tells."""
        for way, side in enumerate(self.sides):
            kinds = side.packets.keys() | side.parts.keys()
            if kinds & _OF_CLIENT:
                return way
            if kinds & _OF_SERVER:
                return 1 - way
        return None

    def take_opened(self, way: int, kind: int, body: bytes, packet: int) -> None:
        """Read what was in an encrypted record, b"" where one could not be opened."""
        side = self.sides[way]
        if not body:
            side.handshake.clear()
            side.lost = True
            return
        self.opened += 1
        self.take_clear(side, kind, body, packet)

    def take_clear(self, side: Sender, kind: int, body: bytes, packet: int) -> None:
        """Read the content of a record."""
        if kind == HANDSHAKE:
            if not side.lost or is_whole(body):
                side.lost = False
                self.messages(side, body, [(len(body), packet)])
        elif kind == CHANGE_CIPHER:
            # In TLS 1.3 this record means nothing, and clear messages may follow it.
            side.encrypted = not self.is_13
        elif kind == ALERT and len(body) == _ALERT_SIZE and len(side.alerts) < MOST_ALERTS:
            side.alerts.append((packet, body[0], body[1]))

    def messages(self, side: Sender, body: bytes, marks: Marks) -> None:
        """Read the messages that are whole; `marks` has where in `body` each packet ends."""
        data, before, place = side.handshake, len(side.handshake), 0
        data += body
        while len(data) - place >= _MESSAGE:
            kind, size = data[place], int.from_bytes(data[place + 1 : place + 4], "big")
            end = place + _MESSAGE + size
            if end > len(data) and size <= MOST_MESSAGE:
                break
            # Messages of these kinds that look like a record would have 190 KiB and more.
            if CHANGE_CIPHER <= kind <= _LAST_KIND and begins_record(data, place):
                break
            packet = packet_of(marks, end - before)
            if kind not in NAMES or size > MOST_MESSAGE:
                side.fault(f"packet {packet}: a handshake message of type {kind} says {size} bytes")
                data.clear()
                side.lost = True
                return
            self._read(side, kind, bytes(data[place + _MESSAGE : end]), packet)
            place = end
        if place < len(data) and place >= before:
            side.begun = packet_of(marks, place + 1 - before)
        del data[:place]

    def _read(self, side: Sender, kind: int, body: bytes, packet: int) -> None:
        try:
            found = self._message(side, kind, Fields(body), packet)
        except ShortError:
            side.fault(f"packet {packet}: {NAMES[kind]} cannot be read, its lengths disagree")
        else:
            side.packets.setdefault(found, packet)

    def _message(self, side: Sender, kind: int, body: Fields, packet: int) -> int:
        """Read one message and return its kind, RETRY for a HelloRetryRequest."""
        if kind == CLIENT_HELLO:
            random, name = client_hello(body)
            self.random = self.random or random
            self.sni = name if self.sni is None else self.sni
        elif kind == SERVER_HELLO:
            hello = server_hello(body)
            self.version, self.cipher, self.resumes = hello.version, hello.cipher, hello.resumes
            return RETRY if hello.is_retry else kind
        elif kind in (CERTIFICATE, COMPRESSED):
            body = unpacked(body) if kind == COMPRESSED else body
            chain, whole = certificates(body, is_13=self.is_13)
            if side.chain is None and (whole or chain):
                side.chain = chain
            if not whole:
                side.fault(f"packet {packet}: Certificate cannot be read to its end")
            return CERTIFICATE
        return kind
