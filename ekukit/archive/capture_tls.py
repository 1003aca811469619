"""What a capture shows of a TLS handshake: messages, certificates and alerts sent in clear."""

from ekukit.archive.capture_fields import Fields, ShortError, begins_hello, begins_record
from ekukit.archive.capture_messages import (
    CERTIFICATE,
    CLIENT_HELLO,
    COMPRESSED,
    MOST_MESSAGE,
    NAMES,
    SERVER_HELLO,
    VERSION_NAMES,
    begins_message,
    certificates,
    client_hello,
    is_whole,
    server_hello,
    unpacked,
)
from ekukit.archive.capture_side import Marks, Sealed, Side, packet_of

CHANGE_CIPHER, ALERT, HANDSHAKE, DATA, _LAST_KIND = 20, 21, 22, 23, 24
# Filed under a number of its own: on the wire it is a ServerHello with a fixed random.
RETRY = 256
MOST_ALERTS = 64
FATAL = 2
# TLS 1.3 with its usual ciphers: an encrypted alert is 19 bytes, Finished at least 53.
SEALED_ALERT, SEALED_FINISHED = 19, 53
# How much of a connection is kept to be decrypted: more than any handshake is long.
MOST_KEPT = 256 << 10

_RECORD, _MESSAGE, _ALERT_SIZE = 5, 4, 2
_OF_CLIENT, _OF_SERVER = {1, 15, 16}, {2, 12, 13, 14}
_MOST_SEALED, _MOST_OPENED = 32, 512
_MOST_NESTED, _MOST_MENDED = 8, 16
_IN_STEP = 3


class Tls:
    """Reads the two directions of one connection; what is encrypted is counted, or kept.

    With `keeps`, records of TLS 1.3 are kept, at most 256 KiB, so that `capture_sealed` can open
    them. What is not there as a whole, or lies about its length, is told in `faults`.
    Source: RFC 5246 clauses 6.2, 7.2 and 7.4, RFC 8446 clauses 4 and 5. Not checked:
    signatures, the order of messages. A message of more than 256 KiB is skipped, and alerts
    after the 64th of an end.
    """

    def __init__(self, *lost: bool, keeps: bool = False) -> None:
        """Begin; `lost` says of each direction whether its beginning was not seen."""
        self.sides = (Side(lost=lost[0]), Side(lost=lost[1]))
        self.version: str | None = None
        self.cipher = 0
        self.sni: str | None = None
        self.random = b""
        self.resumes = False
        self.sealed: list[Sealed] = []
        self.opened = 0
        self.answered = False
        self._keeps = keeps
        self._kept = 0
        self._mended = 0
        self._greeted = False
        self._records = 0

    @property
    def confirmed(self) -> bool:
        """Return whether this is TLS beyond doubt."""
        told = any(side.packets or side.parts or side.faults for side in self.sides)
        return told or self._records >= _IN_STEP

    @property
    def is_13(self) -> bool:
        """Return whether TLS 1.3 was chosen."""
        return self.version == VERSION_NAMES[0x0304]

    @property
    def done(self) -> bool:
        """Return whether nothing more will come in clear, or can be kept."""
        if self.is_13:
            most = _MOST_OPENED if self._keeps and self._kept < MOST_KEPT else _MOST_SEALED
            return len(self.sealed) >= most
        return all(side.encrypted for side in self.sides) or all(side.data for side in self.sides)

    @property
    def held(self) -> int:
        """Return how many bytes are kept, or wait for the rest of a record or message."""
        waiting = sum(len(side.rest) + len(side.handshake) for side in self.sides)
        return waiting + self._kept

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

    def gap(self, way: int, missing: int) -> None:
        """Take note that bytes of a direction are missing before what comes next.

        What is there of a record and a message that were begun is read as far as it goes.
        """
        side = self.sides[way]
        if not (side.encrypted or side.data):
            side.missing += missing
        left = side.skip
        if len(side.rest) >= _RECORD:  # its header says where the record ends
            left = _RECORD + int.from_bytes(side.rest[3:5], "big") - len(side.rest)
        self._break_off(way)
        side.aligned = left >= missing > 0
        side.skip = left - missing if side.aligned else 0
        side.lost = True

    def end(self) -> None:
        """Read what is there of records and messages whose end did not come."""
        for way in (0, 1):
            self._break_off(way)

    def feed(self, way: int, data: bytes, packet: int) -> bool:
        """Read the next bytes of a direction; return False where they cannot be TLS."""
        side = self.sides[way]
        if not side.aligned:
            self._greeted |= begins_hello(data)
            if not begins_record(data):
                if self._is_sure() and data[:2] == b"\x16\x03":
                    self._mend(way, data, packet)
                return True
            side.aligned = True
        used = min(side.skip, len(data))
        side.skip -= used
        return self._take(way, data[used:], packet)

    def take_opened(self, way: int, kind: int, body: bytes, packet: int) -> None:
        """Read what was in an encrypted record, b"" where one could not be opened."""
        side = self.sides[way]
        if not body:
            side.handshake.clear()
            side.lost = True
            return
        self.opened += 1
        self._take_clear(side, kind, body, packet)

    def _take(self, way: int, data: bytes, packet: int) -> bool:
        side = self.sides[way]
        rest, place = side.rest, 0
        rest += data
        while len(rest) - place >= _RECORD:
            kind, size = rest[place], int.from_bytes(rest[place + 3 : place + 5], "big")
            end = place + _RECORD + size
            if not begins_record(rest, place):
                data = bytes(rest[place:])
                rest.clear()
                self._mend(way, data if self._is_sure() else b"", packet)
                return False
            sealed = kind == DATA or side.encrypted
            if sealed and not (kind == DATA and self._may_keep()):
                self._take_sealed(way, kind, size, packet)
                side.skip = max(0, end - len(rest))
            elif end > len(rest):
                break
            elif sealed:
                self._take_sealed(way, kind, size, packet, bytes(rest[place:end]))
            else:
                self._take_clear(side, kind, bytes(rest[place + _RECORD : end]), packet)
            self._records += 1
            place = min(end, len(rest))
        if place:
            del rest[:place]
            if side.marks:
                side.marks.clear()
        if rest:
            side.marks.append((len(rest), packet))
        return True

    def _is_sure(self) -> bool:
        return self._greeted or self.confirmed

    def _may_keep(self) -> bool:
        return self._keeps and self.is_13 and self._kept < MOST_KEPT

    def _take_sealed(
        self, way: int, kind: int, size: int, packet: int, record: bytes = b""
    ) -> None:
        self.sides[way].data |= kind == DATA
        if kind == DATA and len(self.sealed) < (_MOST_OPENED if self._keeps else _MOST_SEALED):
            self.sealed.append(Sealed(way, size, packet, record))
            self._kept += len(record)

    def _take_clear(self, side: Side, kind: int, body: bytes, packet: int) -> None:
        if kind == HANDSHAKE:
            if not side.lost or is_whole(body):
                side.lost = False
                self._messages(side, body, [(len(body), packet)])
        elif kind == CHANGE_CIPHER:
            # In TLS 1.3 this record means nothing, and clear messages may follow it.
            side.encrypted = not self.is_13
        elif kind == ALERT and len(body) == _ALERT_SIZE and len(side.alerts) < MOST_ALERTS:
            side.alerts.append((packet, body[0], body[1]))

    def _messages(self, side: Side, body: bytes, marks: Marks) -> None:
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

    def _read(self, side: Side, kind: int, body: bytes, packet: int) -> None:
        try:
            found = self._message(side, kind, Fields(body), packet)
        except ShortError:
            side.fault(f"packet {packet}: {NAMES[kind]} cannot be read, its lengths disagree")
        else:
            side.packets.setdefault(found, packet)

    def _message(self, side: Side, kind: int, body: Fields, packet: int) -> int:
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

    def _mend(self, way: int, data: bytes, packet: int) -> None:
        """Read messages where a record's length lies, so that no record begins where one should."""
        side = self.sides[way]
        side.marks = []
        self._mended += bool(data)
        if data and self._mended <= _MOST_MENDED and not side.encrypted:
            body = data
            if data[:2] == b"\x16\x03":
                size = int.from_bytes(data[3:5], "big")
                side.fault(f"packet {packet}: a record says {size} bytes, more than any may have")
                body = data[_RECORD:]
            elif side.handshake:
                side.fault(f"packet {packet}: a record ends before the message in it does")
            else:
                side.fault(f"packet {packet}: no record begins where one should")
            if side.handshake or begins_message(body):
                side.lost = False
                self._messages(side, body, [(len(body), packet)])
            self._break_off(way)
        side.handshake.clear()
        side.aligned, side.skip, side.lost = False, 0, True

    def _break_off(self, way: int) -> None:
        """Read what is there of a record, and of messages, that will not be completed."""
        side = self.sides[way]
        for _ in range(_MOST_NESTED):
            self._part(way)
            left = bytes(side.handshake)
            side.handshake.clear()
            if len(left) < _RECORD or not begins_record(left):
                if left and left[0] in NAMES:
                    side.parts.setdefault(left[0], side.begun)
                if left[:1] == bytes([CERTIFICATE]):
                    chain, _ = certificates(Fields(left[_MESSAGE:]), is_13=self.is_13)
                    side.leaf = side.leaf or next(iter(chain), b"")
                return
            side.fault(f"packet {side.begun}: a record begins before another ends")
            self._take(way, left, side.begun)

    def _part(self, way: int) -> None:
        """Read the part of a record that is there."""
        side = self.sides[way]
        rest, marks = bytes(side.rest), [(end - _RECORD, packet) for end, packet in side.marks]
        side.rest.clear()
        side.marks = []
        if len(rest) <= _RECORD:
            return
        kind, body = rest[0], rest[_RECORD:]
        if kind == DATA or side.encrypted:
            self._take_sealed(way, kind, int.from_bytes(rest[3:5], "big"), marks[-1][1])
        elif kind == HANDSHAKE and (not side.lost or begins_hello(rest)):
            side.lost = False
            self._messages(side, body, marks)
        elif kind == ALERT:
            level = "a fatal alert" if body[0] == FATAL else "an alert"
            side.fault(f"packet {marks[-1][1]}: {level}, whose number is cut off")
