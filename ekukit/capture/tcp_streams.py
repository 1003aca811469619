"""TCP as two streams of bytes: segments put in order, gaps told."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

FIN, SYN, RST, ACK = 1, 2, 4, 16
# What may wait behind a gap in one direction: more than any handshake is long.
MOST_WAITING = 128 << 10
MOST_WAITING_PIECES = 1024

TCP_SIZE = 20
_HALF, _WHOLE = 1 << 31, (1 << 32) - 1


class Segment(NamedTuple):
    """One TCP segment; an end is the address's bytes followed by the port's two.

    `cut` counts the bytes of the payload that the snap length left out.
    """

    source: bytes
    target: bytes
    sequence: int
    flags: int
    payload: bytes
    cut: int = 0


class StreamPiece(NamedTuple):
    """Bytes of a stream, in order, and the packet with which they could be read.

    `missing` counts the bytes that the capture lacks before them; 0 without a gap.
    """

    data: bytes
    packet: int
    missing: int = 0


def segment(data: bytes, start: int, end: int, source: bytes, target: bytes) -> Segment | None:
    """Return the TCP segment that begins at `start`, None when its header is not all there.

    `end` is where it ends on the wire, which may lie behind what was captured. `source` and
    `target` are addresses. Source: RFC 9293. Not checked: checksums.
    """
    there = len(data)
    if there < start + TCP_SIZE or end < start + TCP_SIZE:
        return None
    size = (data[start + 12] >> 4) * 4
    if size < TCP_SIZE:
        return None
    begins = start + size
    return Segment(
        source + data[start : start + 2],
        target + data[start + 2 : start + 4],
        int.from_bytes(data[start + 4 : start + 8], "big"),
        data[start + 13],
        data[begins:end],
        end - max(there, begins) if end > there and end > begins else 0,
    )


class Stream:
    """One direction of a conversation: takes segments in any order, gives bytes in order.

    Bytes that came first count where segments overlap. What follows a gap waits until the
    gap is filled; at more than 128 KiB or 1024 segments waiting, or on `give_up`, the gap is told
    and skipped. Without a SYN the stream begins at the first segment seen. Source: RFC 9293
    clause 3.4 (sequence numbers wrap).
    """

    __slots__ = ("_next", "_waiting", "held")

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.held = 0
        # Places count on over 2**32, so that what waits stays sorted when the numbers wrap.
        self._next: int | None = None
        self._waiting: list[tuple[int, int, bytes]] = []

    @property
    def first_waiting(self) -> int | None:
        """Return the packet of the first bytes behind a gap, None without one."""
        return self._waiting[0][1] if self._waiting else None

    def behind(self, sequence: int) -> int:
        """Return how many bytes before this number were neither read nor told as a gap."""
        return 0 if self._next is None else max(0, _ahead(sequence & _WHOLE, self._next))

    def begin(self, sequence: int) -> None:
        """Say where the data begins, as a SYN does."""
        self._next = sequence & _WHOLE

    def feed(self, sequence: int, data: bytes, packet: int) -> Iterator[StreamPiece]:
        """Yield the pieces that can be read once this segment has come."""
        if self._next is None:
            self._next = sequence
        place = self._next + _ahead(sequence, self._next)
        if place > self._next:
            self._wait(place, packet, data)
            if self.held > MOST_WAITING or len(self._waiting) > MOST_WAITING_PIECES:
                yield from self.give_up()
        elif place + len(data) > self._next:
            yield self._piece(place, data, packet)
            yield from self._ready(packet)

    def give_up(self) -> Iterator[StreamPiece]:
        """Yield what waits behind the first gap, which is taken as never to be filled."""
        if self._waiting and self._next is not None:
            place, packet, data = self._waiting.pop(0)
            self.held -= len(data)
            missing, self._next = place - self._next, place
            yield self._piece(place, data, packet, missing)
            yield from self._ready(packet)

    def _wait(self, place: int, packet: int, data: bytes) -> None:
        at = bisect_left(self._waiting, place, key=_place)
        if at < len(self._waiting) and self._waiting[at][0] == place:
            if len(self._waiting[at][2]) >= len(data):
                return
            at += 1
        self._waiting.insert(at, (place, packet, data))
        self.held += len(data)

    def _ready(self, packet: int) -> Iterator[StreamPiece]:
        """Yield what no longer waits; it could be read with `packet`, or later with its own."""
        while self._waiting and self._next is not None and self._waiting[0][0] <= self._next:
            place, own, data = self._waiting.pop(0)
            self.held -= len(data)
            packet = max(packet, own)
            if place + len(data) > self._next:
                yield self._piece(place, data, packet)

    def _piece(self, place: int, data: bytes, packet: int, missing: int = 0) -> StreamPiece:
        fresh = data[(self._next or 0) - place :]
        self._next = place + len(data)
        return StreamPiece(fresh, packet, missing)


def _place(waiting: tuple[int, int, bytes]) -> int:
    return waiting[0]


def _ahead(sequence: int, start: int) -> int:
    """Return how far `sequence` lies ahead of `start`; negative when behind."""
    distance = (sequence - start) & _WHOLE
    return distance - (1 << 32) if distance >= _HALF else distance
