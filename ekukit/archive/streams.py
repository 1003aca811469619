"""TCP as two streams of bytes: segments found in packets, put in order, gaps told."""

import struct
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

FIN, SYN, RST, ACK = 1, 2, 4, 16
# What may wait behind a gap in one direction: more than any handshake is long.
MOST_WAITING = 128 << 10
MOST_WAITING_PIECES = 1024

_ETHERNET, _COOKED, _COOKED2, _NULL, _LOOP = 1, 113, 276, 0, 108
_RAW = {12, 14, 101, 228, 229}
# Where the EtherType and the IP header stand by LINKTYPE; None where there is no EtherType.
IP_AT: dict[int, tuple[int | None, int]] = {
    _ETHERNET: (12, 14), _COOKED: (14, 16), _COOKED2: (0, 20), _NULL: (None, 4), _LOOP: (None, 4),
    **dict.fromkeys(_RAW, (None, 0)),
}  # fmt: skip
KNOWN_LINKS = frozenset(IP_AT)
_IPV4, _IPV6 = b"\x08\x00", b"\x86\xdd"
_TAGS = {b"\x81\x00", b"\x88\xa8", b"\x91\x00"}
_MOST_TAGS, _MOST_HEADERS = 4, 8
_TCP = 6
_EXTENSIONS = {0, 43, 60, 135}
_FRAGMENT, _AUTHENTICATION = 44, 51
_IPV4_SIZE, _IPV6_SIZE, _TCP_SIZE = 20, 40, 20
_HALF, _WHOLE = 1 << 31, (1 << 32) - 1


class Segment(NamedTuple):
    """One TCP segment; an end is the address's bytes followed by the port's two."""

    source: bytes
    target: bytes
    sequence: int
    flags: int
    payload: bytes


class Piece(NamedTuple):
    """Bytes of a stream, in order, and the packet with which they could be read.

    `missing` counts the bytes that the capture lacks before them; 0 without a gap.
    """

    data: bytes
    packet: int
    missing: int = 0


def segment(link: int, data: bytes) -> Segment | None:
    """Return the TCP segment in a packet of a LINKTYPE, None when there is none.

    Reads Ethernet with up to four VLAN tags, Linux cooked captures v1 and v2, BSD loopback and
    raw IP; IPv4 and IPv6 with extension headers. The payload of a packet cut by the snap length is
    what is there. Source: RFC 791, RFC 8200, RFC 9293. Not checked: checksums. Of fragmented
    IP packets only the first fragment is read. Tunnels are not opened.
    """
    # Most packets of a busy system are no TCP: these leave at once.
    if link == _ETHERNET and data[12:14] == _IPV4:
        return _ipv4(data, 14) if data[23:24] == b"\x06" else None
    kind, place = _payload_of(link, data)
    if kind == _IPV4:
        return _ipv4(data, place)
    return _ipv6(data, place) if kind == _IPV6 else None


def _payload_of(link: int, data: bytes) -> tuple[bytes, int]:
    """Return the EtherType and where the payload begins."""
    if link not in IP_AT:
        return b"", 0
    kind_at, place = IP_AT[link]
    if kind_at is None:
        version = data[place] >> 4 if len(data) > place else 0
        kind = {4: _IPV4, 6: _IPV6}.get(version, b"")
    else:
        kind = data[kind_at : kind_at + 2]
    for _ in range(_MOST_TAGS):
        if kind not in _TAGS:
            break
        kind, place = data[place + 2 : place + 4], place + 4
    return kind, place


def _ipv4(data: bytes, place: int) -> Segment | None:
    if len(data) < place + _IPV4_SIZE or data[place] >> 4 != 4 or data[place + 9] != _TCP:  # noqa: PLR2004
        return None
    size = (data[place] & 15) * 4
    total, fragment = struct.unpack_from("!HxxH", data, place + 2)
    if size < _IPV4_SIZE or fragment & 0x1FFF:
        return None
    # Zero stands in packets that the network card was to cut into pieces.
    end = place + total if total else len(data)
    return _tcp(data, place + size, end, place + 12, 4)


def _ipv6(data: bytes, place: int) -> Segment | None:
    if len(data) < place + _IPV6_SIZE or data[place] >> 4 != 6:  # noqa: PLR2004
        return None
    size, kind = struct.unpack_from("!HB", data, place + 4)
    start = place + _IPV6_SIZE
    end = start + size if size else len(data)
    for _ in range(_MOST_HEADERS):
        if kind == _TCP:
            return _tcp(data, start, end, place + 8, 16)
        if len(data) < start + 8:
            return None
        if kind in _EXTENSIONS:
            kind, start = data[start], start + (data[start + 1] + 1) * 8
        elif kind == _AUTHENTICATION:
            kind, start = data[start], start + (data[start + 1] + 2) * 4
        elif kind == _FRAGMENT and not struct.unpack_from("!H", data, start + 2)[0] & 0xFFF8:
            kind, start = data[start], start + 8
        else:
            return None
    return None


def _tcp(data: bytes, start: int, end: int, addresses: int, width: int) -> Segment | None:
    end = min(end, len(data))
    if end < start + _TCP_SIZE:
        return None
    size = (data[start + 12] >> 4) * 4
    if size < _TCP_SIZE:
        return None
    source, target = data[start : start + 2], data[start + 2 : start + 4]
    middle = addresses + width
    return Segment(
        data[addresses:middle] + source,
        data[middle : middle + width] + target,
        int.from_bytes(data[start + 4 : start + 8], "big"),
        data[start + 13],
        data[start + size : end],
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

    def begin(self, sequence: int) -> None:
        """Say where the data begins, as a SYN does."""
        self._next = sequence & _WHOLE

    def feed(self, sequence: int, data: bytes, packet: int) -> Iterator[Piece]:
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

    def give_up(self) -> Iterator[Piece]:
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

    def _ready(self, packet: int) -> Iterator[Piece]:
        """Yield what no longer waits; it could be read with `packet`, or later with its own."""
        while self._waiting and self._next is not None and self._waiting[0][0] <= self._next:
            place, own, data = self._waiting.pop(0)
            self.held -= len(data)
            packet = max(packet, own)
            if place + len(data) > self._next:
                yield self._piece(place, data, packet)

    def _piece(self, place: int, data: bytes, packet: int, missing: int = 0) -> Piece:
        fresh = data[(self._next or 0) - place :]
        self._next = place + len(data)
        return Piece(fresh, packet, missing)


def _place(waiting: tuple[int, int, bytes]) -> int:
    return waiting[0]


def _ahead(sequence: int, start: int) -> int:
    """Return how far `sequence` lies ahead of `start`; negative when behind."""
    distance = (sequence - start) & _WHOLE
    return distance - (1 << 32) if distance >= _HALF else distance
