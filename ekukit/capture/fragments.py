"""Pieces of IP packets put together again, within bounds whatever a stranger sends."""

from collections.abc import Iterator
from typing import NamedTuple

from ekukit.capture.tally import Tally
from ekukit.capture.tunnel_headers import CARRIER_PORTS, UDP

MOST_HELD = 16 << 20
MOST_WAITING = 4096
# How long pieces wait for one another (RFC 8200 clause 4.5); identifications come again later.
_PATIENCE = 60 * 1_000_000_000
_LONGEST = 65_535
_UNIT = 8
_HELD_EACH = 512

_INCOMPLETE = "IP packets came in pieces of which some are missing"
_OVERLAPS = "IP packets came in pieces that overlap and differ; what came first was read"

# Source, target, kind of content, identification.
Key = tuple[bytes, bytes, int, int]


class Fragment(NamedTuple):
    """A fragment: where it belongs in the packet, whether others follow, its length on the wire.

    `data` has what was captured of it.
    """

    place: int
    more: bool
    size: int
    data: bytes


class Beginning(NamedTuple):
    """What stands in an IP packet before the first missing piece, and the last piece's number."""

    data: bytes
    kind: int
    source: bytes
    target: bytes
    number: int
    time: int | None


class _Waiting:
    """The pieces of one packet so far; `size` is known with its last piece."""

    __slots__ = ("data", "done", "filled", "first", "last", "overlaps", "size", "time")

    def __init__(self, number: int, time: int | None) -> None:
        self.data = bytearray()
        self.filled = bytearray()  # one byte for each unit of eight
        self.size: int | None = None
        self.first, self.last, self.time = number, number, time
        self.overlaps = self.done = False

    @property
    def held(self) -> int:
        return len(self.data) + len(self.filled) + _HELD_EACH

    def put(self, place: int, piece: bytes) -> None:
        """Take a piece; bytes that came first stay, as in streams of TCP."""
        end = place + len(piece)
        units = place // _UNIT, -(-end // _UNIT)
        if len(self.filled) < units[1]:
            self.filled.extend(bytes(units[1] - len(self.filled)))
            self.data.extend(bytes(units[1] * _UNIT - len(self.data)))
        if not self.filled.count(1, *units):
            self.data[place:end] = piece
        elif self.data[place:end] != piece:
            self.overlaps = True
            for unit in range(*units):
                if not self.filled[unit]:
                    at = unit * _UNIT
                    part = piece[at - place : at - place + _UNIT]
                    self.data[at : at + len(part)] = part
        self.filled[slice(*units)] = b"\1" * (units[1] - units[0])

    def is_whole(self) -> bool:
        return self.size is not None and self._reach() * _UNIT >= self.size

    def has(self, place: int, piece: bytes) -> bool:
        """Return whether this very piece came before."""
        return self.data[place : place + len(piece)] == piece

    def start(self) -> bytes:
        """Return the bytes before the first that is missing."""
        end = self._reach() * _UNIT
        return bytes(self.data[: end if self.size is None else min(end, self.size)])

    def _reach(self) -> int:
        gap = self.filled.find(0)
        return len(self.filled) if gap < 0 else gap


class Fragments:
    """Collects pieces by packet. What is never completed is counted, and its beginning kept.

    Memory: 4096 packets and 16 MiB; beyond either the oldest is given up. Pieces wait for 60
    seconds of the capture's time. A piece that came before, as captures of two interfaces have
    it, is passed over. Source: RFC 791 clause 3.2, RFC 8200 clause 4.5. Not checked: checksums.
    """

    def __init__(self, tally: Tally) -> None:
        """Begin with no piece; what is not put together is counted in `tally`."""
        self._tally = tally
        self._waiting: dict[Key, _Waiting] = {}
        self.held = 0
        self.given_up: list[Beginning] = []

    def take(self, key: Key, given: Fragment, number: int, time: int | None) -> bytes | None:
        """Return the payload once all pieces of a packet are there, None before."""
        place, piece = given.place, given.data
        if place + given.size > _LONGEST:
            self._tally.add("pieces of IP packets belong behind the end of any packet", number)
            return None
        if given.more or len(piece) < given.size:
            piece = piece[: len(piece) - len(piece) % _UNIT]
        found = self._waiting.get(key)
        if found is not None and self._is_past(found, place, piece, time):
            self._give_up(key)
            found = None
        if found is None:
            found = self._waiting[key] = _Waiting(number, time)
            self.held += found.held
        if found.done:
            return None
        before = found.held
        found.put(place, piece)
        found.last = number
        if not given.more and found.size is None:
            found.size = place + given.size
        self.held += found.held - before
        # Looking is worth it only where the last piece is there.
        whole = found.start() if found.is_whole() else None
        if whole is not None:
            found.done = True
            if found.overlaps:
                self._tally.add(_OVERLAPS, found.first)
        while self.held > MOST_HELD or len(self._waiting) > MOST_WAITING:
            self._give_up(next(iter(self._waiting)))
        return whole

    def _is_past(self, found: _Waiting, place: int, piece: bytes, time: int | None) -> bool:
        """Return whether this piece is of another packet with the same identification."""
        if found.done:
            return not found.has(place, piece)
        return time is not None and found.time is not None and time - found.time > _PATIENCE

    def _give_up(self, key: Key) -> None:
        found = self._waiting.pop(key)
        self.held -= found.held
        if found.done:
            return
        source, target, kind, _ = key
        start = found.start()
        if kind == UDP and len(start) >= _UNIT and (start[2] << 8 | start[3]) not in CARRIER_PORTS:
            return
        self._tally.add(_INCOMPLETE, found.first)
        if start:
            self.given_up.append(Beginning(start, kind, source, target, found.last, found.time))

    def left(self) -> Iterator[Beginning]:
        """Yield the beginnings of the packets given up since the last call."""
        given = self.given_up[:]
        self.given_up.clear()
        yield from given

    def end(self) -> Iterator[Beginning]:
        """Give up what still waits and yield its beginnings."""
        for key in list(self._waiting):
            self._give_up(key)
        yield from self.left()
