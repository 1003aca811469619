"""Pieces of a log that are not plain: not ASCII, or with a NUL, an ampersand, a carriage return.

They are few in most logs, and what must be looked at byte by byte is looked for in them alone.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ekukit.log.stamps import Mask, Offsets

# Small, so that what is rare is in few of them.
PIECE = 16 << 10
_HIGH, _NUL, _AND, _CARRIAGE = 1, 2, 4, 8
_SIGNS = {b"\0": _NUL, b"&": _AND, b"\r": _CARRIAGE}
_LOOKED_AT = _HIGH | _NUL | _AND
_ASCII = 128


@dataclass(frozen=True, eq=False)
class OddPieces:
    """What stands in each piece of a log, all of `size` bytes but the last."""

    kinds: NDArray[np.uint8]
    size: int

    def __contains__(self, byte: object) -> bool:
        """Return whether a byte that is looked for stands in the log."""
        return isinstance(byte, bytes) and bool((self.kinds & _SIGNS[byte]).any())

    @property
    def is_ascii(self) -> bool:
        """Return whether the log is ASCII."""
        return not (self.kinds & _HIGH).any()

    def find_nul(self, data: bytes, start: int) -> int:
        """Return where the first NUL from a place on stands, -1 where there is none."""
        for at in self._with_nul[np.searchsorted(self._with_nul, start // self.size) :]:
            place = int(at) * self.size
            found = data[place : place + self.size].find(b"\0", max(0, start - place))
            if found >= 0:
                return place + found
        return -1

    @cached_property
    def _with_nul(self) -> Offsets:
        return np.flatnonzero(self.kinds & _NUL)

    def touch(self, starts: Offsets, ends: Offsets) -> Mask:
        """Return which texts reach into a piece that is not ASCII or has a NUL."""
        before = self._before
        last = np.minimum((ends + self.size - 1) // self.size, len(self.kinds))
        found: Mask = before[last] > before[np.minimum(starts // self.size, last)]
        return found

    @cached_property
    def _before(self) -> Offsets:
        return np.append(0, np.cumsum((self.kinds & (_HIGH | _NUL)) > 0))

    def where(self, data: bytes, start: int, end: int) -> Offsets:
        """Return where in a part of the log what is not ASCII stands, a NUL or an ampersand."""
        found = [np.zeros(0, np.int64)]
        first = start // self.size
        for at in np.flatnonzero(self.kinds[first : end // self.size + 1] & _LOOKED_AT).tolist():
            place = max(start, (first + at) * self.size)
            kind = int(self.kinds[first + at])
            shown = np.frombuffer(data[place : min(end, (first + at + 1) * self.size)], np.uint8)
            odd = shown >= _ASCII if kind & _HIGH else np.zeros(len(shown), bool)
            for byte in (b"\0", b"&"):
                if kind & _SIGNS[byte]:
                    odd |= shown == byte[0]
            found.append(np.flatnonzero(odd) + place)
        return np.concatenate(found)


def odd_pieces(data: bytes) -> OddPieces:
    """Return what stands in each piece of a log; one look for all that is asked for later."""
    kinds = bytearray(-(-len(data) // PIECE))
    for at in range(len(kinds)):
        piece = data[at * PIECE : (at + 1) * PIECE]
        kinds[at] = (
            (not piece.isascii()) * _HIGH + (b"\0" in piece) * _NUL
            + (b"&" in piece) * _AND + (b"\r" in piece) * _CARRIAGE
        )  # fmt: skip
    return OddPieces(np.frombuffer(bytes(kinds), np.uint8), PIECE)
