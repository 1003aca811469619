"""A TLS connection in a capture, record by record: in clear, encrypted, missing or wrong."""

from ekukit.capture.fields import Fields, begins_hello, begins_record
from ekukit.capture.sender import Sealed
from ekukit.capture.spoken import ALERT, DATA, HANDSHAKE, Spoken
from ekukit.capture.tls_messages import (
    CERTIFICATE,
    NAMES,
    begins_message,
    certificates,
)

FATAL = 2
# TLS 1.3 with its usual ciphers: an encrypted alert is 19 bytes, Finished at least 53.
SEALED_ALERT, SEALED_FINISHED = 19, 53
# How much of a connection is kept to be decrypted: more than any handshake is long.
MOST_KEPT = 256 << 10

_RECORD, _MESSAGE = 5, 4
_MOST_SEALED, _MOST_OPENED = 32, 512
_MOST_NESTED, _MOST_MENDED = 8, 16
_IN_STEP = 3


class Tls(Spoken):
    """Reads the two directions of one connection; what is encrypted is counted, or kept.

    With `keeps`, records of TLS 1.3 are kept, at most 256 KiB, so that `capture_sealed` can open
    them. What is not there as a whole, or lies about its length, is told in `faults`.
    Source: RFC 5246 clause 6.2, RFC 8446 clause 5.
    """

    def __init__(self, *lost: bool, keeps: bool = False) -> None:
        """Begin; `lost` says of each direction whether its beginning was not seen."""
        super().__init__(*lost)
        self.sealed: list[Sealed] = []
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
                self.take_clear(side, kind, bytes(rest[place + _RECORD : end]), packet)
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
                self.messages(side, body, [(len(body), packet)])
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
            self.messages(side, body, marks)
        elif kind == ALERT:
            level = "a fatal alert" if body[0] == FATAL else "an alert"
            side.fault(f"packet {marks[-1][1]}: {level}, whose number is cut off")
