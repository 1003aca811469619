"""What a capture shows of a TLS handshake: messages, certificates and alerts sent in clear."""

from contextlib import suppress
from dataclasses import dataclass, field

from ekukit.archive.capture_fields import Fields, ShortError, begins_record

CHANGE_CIPHER, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, REQUEST, HELLO_DONE = 1, 2, 11, 13, 14
# Filed under a number of its own: on the wire it is a ServerHello with a fixed random.
RETRY = 256
MOST_MESSAGE = 256 << 10
MOST_ALERTS = 64
FATAL = 2
# TLS 1.3 with its usual ciphers: an encrypted alert is 19 bytes, Finished at least 53.
SEALED_ALERT, SEALED_FINISHED = 19, 53

_RECORD, _MESSAGE = 5, 4
_KNOWN = {0, 1, 2, 3, 4, 8, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24}
_OF_CLIENT, _OF_SERVER = {1, 15, 16}, {2, 12, 13, 14}
_RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
_NAME, _RESUMES, _VERSIONS = 0, 41, 43
_VERSION_NAMES = {
    0x0300: "SSL 3.0",
    0x0301: "TLS 1.0",
    0x0302: "TLS 1.1",
    0x0303: "TLS 1.2",
    0x0304: "TLS 1.3",
}
_MOST_SEALED = 32
_IN_STEP = 3


@dataclass(slots=True)
class Side:
    """What one end sent.

    `packets` has the packet of each kind of message, `alerts` packet, level and number. `lost` is
    set after a gap until a whole message is found, `aligned` while record borders are known.
    """

    lost: bool = False
    aligned: bool = False
    encrypted: bool = False
    data: bool = False
    skip: int = 0
    missing: int = 0
    rest: bytearray = field(default_factory=bytearray)
    handshake: bytearray = field(default_factory=bytearray)
    packets: dict[int, int] = field(default_factory=dict)
    chain: tuple[bytes, ...] | None = None
    alerts: list[tuple[int, int, int]] = field(default_factory=list)


class Tls:
    """Reads the two directions of one connection; what is encrypted is only counted.

    Source: RFC 5246 clauses 6.2, 7.2 and 7.4, RFC 8446 clauses 4 and 5. Not checked:
    signatures, the order of messages, ciphers. A message of more than 256 KiB is skipped, and
    alerts after the 64th of an end.
    """

    def __init__(self, *lost: bool) -> None:
        """Begin; `lost` says of each direction whether its beginning was not seen."""
        self.sides = (Side(lost=lost[0]), Side(lost=lost[1]))
        self.version: str | None = None
        self.sni: str | None = None
        self.random = b""
        self.resumes = False
        self.sealed: list[tuple[int, int]] = []
        self._records = 0

    @property
    def confirmed(self) -> bool:
        """Return whether this is TLS beyond doubt."""
        return any(side.packets for side in self.sides) or self._records >= _IN_STEP

    @property
    def is_13(self) -> bool:
        """Return whether TLS 1.3 was chosen."""
        return self.version == _VERSION_NAMES[0x0304]

    @property
    def done(self) -> bool:
        """Return whether nothing more will come in clear."""
        if self.is_13:
            return len(self.sealed) >= _MOST_SEALED
        return all(side.encrypted for side in self.sides) or all(side.data for side in self.sides)

    @property
    def held(self) -> int:
        """Return how many bytes wait for the rest of a record or message."""
        return sum(len(side.rest) + len(side.handshake) for side in self.sides)

    @property
    def client(self) -> int | None:
        """Return the direction of the client by who sent what, None when nothing tells."""
        for way, side in enumerate(self.sides):
            if side.packets.keys() & _OF_CLIENT:
                return way
            if side.packets.keys() & _OF_SERVER:
                return 1 - way
        return None

    def gap(self, way: int, missing: int) -> None:
        """Take note that bytes of a direction are missing before what comes next."""
        side = self.sides[way]
        if not (side.encrypted or side.data):
            side.missing += missing
        left = side.skip
        if len(side.rest) >= _RECORD:  # its header says where the record ends
            left = _RECORD + int.from_bytes(side.rest[3:5], "big") - len(side.rest)
        side.aligned = left >= missing > 0
        side.skip = left - missing if side.aligned else 0
        side.rest.clear()
        side.handshake.clear()
        side.lost = True

    def feed(self, way: int, data: bytes, packet: int) -> bool:
        """Read the next bytes of a direction; return False where they cannot be TLS."""
        side = self.sides[way]
        if not side.aligned:
            if not begins_record(data):
                return True
            side.aligned = True
        used = min(side.skip, len(data))
        side.skip -= used
        rest, place = side.rest, 0
        rest += data[used:]
        while len(rest) - place >= _RECORD:
            kind, size = rest[place], int.from_bytes(rest[place + 3 : place + 5], "big")
            end = place + _RECORD + size
            if not begins_record(rest, place):
                self.gap(way, 0)
                return False
            if kind == DATA or side.encrypted:
                self._take_sealed(way, kind, size)
                side.skip = max(0, end - len(rest))
            elif end > len(rest):
                break
            else:
                self._take_clear(side, kind, bytes(rest[place + _RECORD : end]), packet)
            self._records += 1
            place = min(end, len(rest))
        del rest[:place]
        return True

    def _take_sealed(self, way: int, kind: int, size: int) -> None:
        self.sides[way].data |= kind == DATA
        if kind == DATA and len(self.sealed) < _MOST_SEALED:
            self.sealed.append((way, size))

    def _take_clear(self, side: Side, kind: int, body: bytes, packet: int) -> None:
        if kind == HANDSHAKE:
            if not side.lost or _is_whole(body):
                side.lost = False
                side.handshake += body
                self._messages(side, packet)
        elif kind == CHANGE_CIPHER:
            # In TLS 1.3 this record means nothing, and clear messages may follow it.
            side.encrypted = not self.is_13
        elif kind == ALERT and len(body) == 2 and len(side.alerts) < MOST_ALERTS:  # noqa: PLR2004
            side.alerts.append((packet, body[0], body[1]))

    def _messages(self, side: Side, packet: int) -> None:
        data = side.handshake
        while len(data) >= _MESSAGE:
            kind, end = data[0], _MESSAGE + int.from_bytes(data[1:4], "big")
            if kind not in _KNOWN or end > MOST_MESSAGE:
                data.clear()
                side.lost = True
                return
            if len(data) < end:
                return
            body = bytes(data[_MESSAGE:end])
            del data[:end]
            with suppress(ShortError):
                side.packets.setdefault(self._message(side, kind, Fields(body)), packet)

    def _message(self, side: Side, kind: int, body: Fields) -> int:
        """Read one message and return its kind, RETRY for a HelloRetryRequest."""
        if kind == CLIENT_HELLO:
            self._client_hello(body)
        elif kind == SERVER_HELLO:
            return self._server_hello(body)
        elif kind == CERTIFICATE and side.chain is None:
            certificates, chain = Fields(body.vector(3)), []
            while certificates:
                chain.append(certificates.vector(3))
            side.chain = tuple(chain)
        return kind

    def _client_hello(self, body: Fields) -> None:
        _, random = body.take(2), body.take(32)
        for size in (1, 2, 1):  # session, ciphers, compressions
            body.vector(size)
        names = Fields(_extensions(body).get(_NAME, b""))
        if not self.random:
            self.random = random
        if names and self.sni is None:
            entries = Fields(names.vector(2))
            entries.take(1)
            self.sni = entries.vector(2).decode("ascii", "backslashreplace")

    def _server_hello(self, body: Fields) -> int:
        version, random = body.number(2), body.take(32)
        body.vector(1)
        body.take(3)  # cipher, compression
        extensions = _extensions(body)
        version = int.from_bytes(extensions.get(_VERSIONS, b"")[:2], "big") or version
        self.version = _VERSION_NAMES.get(version, f"0x{version:04x}")
        self.resumes = _RESUMES in extensions
        return RETRY if random == _RETRY_RANDOM else SERVER_HELLO


def _extensions(body: Fields) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    extensions = Fields(body.vector(2) if body else b"")
    while extensions:
        found.setdefault(extensions.number(2), extensions.vector(2))
    return found


def _is_whole(body: bytes) -> bool:
    """Return whether a record begins a hello or holds nothing but whole messages."""
    if body[:1] in (b"\x01", b"\x02") and body[1:2] == b"\0" and body[4:5] == b"\x03":
        return True
    place = 0
    while place + _MESSAGE <= len(body) and body[place] in _KNOWN:
        place += _MESSAGE + int.from_bytes(body[place + 1 : place + 4], "big")
    return place == len(body) > 0
