"""The times with which records usually begin, told by comparing eight bytes at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int64]
Mask = NDArray[np.bool_]
_WORD = 8
_SIX = 0x0606060606060606
_HIGH = 0xF0F0F0F0F0F0F0F0
_THREES = 0x3030303030303030
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FIRST_YEAR, _LAST_YEAR, _FARTHEST = 1970, 2199, 14


@dataclass(frozen=True, slots=True)
class Layout:
    """How a time is written: "d" stands for a digit; `sign` is where plus or minus stands."""

    text: str
    sign: int

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return len(self.text)

    @property
    def least(self) -> int:
        """Return how long a line must be for words of eight bytes to be read in it."""
        return self.size + _WORD


def _layout(fraction: str) -> Layout:
    text = f"dddd-dd-ddTdd:dd:dd{fraction}+dd:dd"
    return Layout(text, text.index("+"))


# With three digits behind the second, none and six, as syslog writes them.
LAYOUTS = tuple(map(_layout, (".ddd", "", ".dddddd")))


class EightBytes:
    """The bytes of a log as numbers of eight bytes, one from each place."""

    def __init__(self, data: bytes) -> None:
        """Look at bytes; none is copied."""
        size = max(0, len(data) - _WORD + 1)
        self._data = data
        self._words = np.ndarray((size,), "<u8", data if size else b"", strides=(1,))

    def have(self, places: Offsets, layout: Layout) -> Mask:
        """Return at which places a time of that layout stands; the bytes must be there."""
        return digits(self, places, layout.text) & self._has_zone(places + layout.sign)

    def at(self, places: Offsets) -> NDArray[np.uint64]:
        """Return the eight bytes from each place, the first of them lowest."""
        return self._words[places]

    def _has_zone(self, places: Offsets) -> Mask:
        """Return where plus or minus stands, and hours and minutes that zones have."""
        words = self._words[places]
        sign, hours = words & np.uint64(0xFF), (words >> np.uint64(8)) & np.uint64(0x0F0F)
        hours = (hours & np.uint64(0xFF)) * np.uint64(10) + (hours >> np.uint64(8))
        minutes = (words >> np.uint64(32)) & np.uint64(0xFF)
        plus_or_minus = (sign == ord("+")) | (sign == ord("-"))
        fits: Mask = plus_or_minus & (hours <= _FARTHEST) & (minutes < ord("6"))
        return fits

    def are(self, places: Offsets, text: bytes) -> Mask:
        """Return at which places the text stands."""
        last = max(len(text) - _WORD, 0)
        fits = places + max(len(text), _WORD) <= len(self._data)
        inside, near = np.flatnonzero(fits), np.flatnonzero(~fits)
        fits[:] = False
        # From the end, where texts that are unlike differ: what differs is not looked at again.
        for at in dict.fromkeys((last, *range(last - _WORD, 0, -_WORD), 0)):
            piece = text[at : at + _WORD]
            mask = np.uint64((1 << 8 * len(piece)) - 1)
            words = self._words[places[inside] + at] & mask
            inside = inside[words == int.from_bytes(piece, "little")]
        fits[inside] = True
        for at in near:
            fits[at] = self._data.startswith(text, int(places[at]))
        return fits

    def begin_with(self, places: Offsets, words: Sequence[str]) -> Mask:
        """Return at which places one of some words of four letters stands; True near the end."""
        known = np.array([int.from_bytes(word.encode(), "little") for word in words], np.uint64)
        found = places >= len(self._words)
        inside = np.flatnonzero(~found)
        found[inside] = np.isin(self._words[places[inside]] & np.uint64(0xFFFFFFFF), known)
        return found


def digits(words: EightBytes, places: Offsets, text: str) -> Mask:
    """Return at which places a text stands: "d" is any digit, "+" any byte; they must be there."""
    found = np.ones(len(places), bool)
    for at in [*range(0, len(text) - _WORD, _WORD), len(text) - _WORD]:
        piece, shown = text[at : at + _WORD], words.at(places + at)
        figures = _mask(piece, "d", 0xFF)
        exact = ~(figures | _mask(piece, "+", 0xFF)) & (2**64 - 1)
        known = int.from_bytes(piece.encode(), "little") & exact
        found &= (shown & np.uint64(exact)) == np.uint64(known)
        for one in (shown, shown + np.uint64(_SIX & figures)):
            found &= (one & np.uint64(_HIGH & figures)) == np.uint64(_THREES & figures)
    return found


def _mask(piece: str, sign: str, byte: int) -> int:
    return sum(byte << 8 * at for at, found in enumerate(piece) if found == sign)


def is_shown_by_a_clock(data: NDArray[np.uint8], starts: Offsets) -> Mask:
    """Return which times, of any layout, are of a day that is and can be held by a table.

    A leap second is none: no table holds it.
    """

    def number(at: int, size: int = 2) -> Offsets:
        value = np.zeros(len(starts), np.int64)
        for place in range(at, at + size):
            value = value * 10 + (data[starts + place].astype(np.int64) - ord("0"))
        return value

    year, month, day = number(0, 4), number(5), number(8)
    good = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= len(_DAYS) - 1)
    month = np.where(good, month, 1)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    most = _DAYS[month] - ((month == 2) & ~leap)  # noqa: PLR2004 - February
    good &= (day >= 1) & (day <= most)
    return good & (number(11) < 24) & (number(14) < 60) & (number(17) < 60)  # noqa: PLR2004
