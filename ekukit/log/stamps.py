"""The times with which records usually begin, told by comparing eight bytes at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int64]
Mask = NDArray[np.bool_]
_WORD = 8
# What numpy holds at once: small, so that it stays in the processor's cache.
_CHUNK = 128 << 10
_SIX = 0x0606060606060606
_HIGH = 0xF0F0F0F0F0F0F0F0
_THREES = 0x3030303030303030
# Where the colon before the seconds stands, and what a zone is.
_TO_SECOND, _ZONE = 16, "+dd:dd++"
_FIRST_YEAR, _LAST_YEAR, _MONTHS, _FARTHEST = 1970, 2199, 12, 14
# The days since 1970 on which months begin, one more than are held.
_BEGINS = np.arange("1970-01", "2200-02", dtype="datetime64[M]").astype("M8[D]").astype(np.int64)


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


class SideBySide:
    """So many bytes of a log from each of some places on; all of them must be there."""

    def __init__(self, data: bytes, places: Offsets, size: int) -> None:
        """Copy them: to look once at each place is much faster than for every word."""
        self._rows, self._size = _texts(data, size)[places], size

    def joined(self) -> bytes:
        """Return all of them, one behind the other."""
        return self._rows.tobytes()

    def word(self, at: int) -> NDArray[np.uint64]:
        """Return eight bytes of each, the first of them lowest."""
        count = len(self._rows)  # of none, numpy would find `at` outside
        given = self._rows if count else bytes(self._size)
        return np.ndarray((count,), "<u8", given, at, (self._size,)).copy()

    def have(self, at: int, text: str) -> Mask:
        """Return where a text stands: "d" is any digit, "+" any byte."""
        found = np.ones(len(self._rows), bool)
        for start in [*range(0, len(text) - _WORD, _WORD), len(text) - _WORD]:
            piece, shown = text[start : start + _WORD], self.word(at + start)
            figures = _mask(piece, "d", 0xFF)
            exact = ~(figures | _mask(piece, "+", 0xFF)) & (2**64 - 1)
            known = int.from_bytes(piece.encode(), "little") & exact
            found &= (shown & np.uint64(exact)) == np.uint64(known)
            for one in (shown, shown + np.uint64(_SIX & figures)):
                found &= (one & np.uint64(_HIGH & figures)) == np.uint64(_THREES & figures)
        return found

    def runs(self, layout: Layout) -> tuple["SideBySide", Offsets]:
        """Return the first of each run that has one minute and zone, and the run of each."""
        begins = np.zeros(len(self._rows), bool)
        for at in (0, _WORD, layout.sign):
            shown = self.word(at)
            begins[1:] |= shown[1:] != shown[:-1]
        begins[:1] = True
        places = np.flatnonzero(begins)
        return self.some(places), np.cumsum(begins) - 1

    def some(self, rows: Offsets) -> "SideBySide":
        """Return those of some of the places."""
        return SideBySide(self._rows[rows].tobytes(), np.arange(len(rows)) * self._size, self._size)


class EightBytes:
    """The bytes of a log as numbers of eight bytes, one from each place."""

    def __init__(self, data: bytes) -> None:
        """Look at bytes; none is copied."""
        size = max(0, len(data) - _WORD + 1)
        self._data = data
        self._words = np.ndarray((size,), "<u8", data if size else b"", strides=(1,))

    def at(self, places: Offsets) -> NDArray[np.uint64]:
        """Return the eight bytes from each place, the first of them lowest."""
        return self._words[places]

    def are(self, places: Offsets, text: bytes) -> Mask:
        """Return at which places the text stands."""
        fits: Mask = places + len(text) <= len(self._data)
        if text and len(text) <= len(self._data):
            fits[fits] = _texts(self._data, len(text))[places[fits]] == np.void(text)
        return fits

    def begin_with(self, places: Offsets, words: Sequence[str]) -> Mask:
        """Return at which places one of some words of four letters stands; True near the end."""
        known = np.array([int.from_bytes(word.encode(), "little") for word in words], np.uint64)
        found = places >= len(self._words)
        inside = np.flatnonzero(~found)
        found[inside] = np.isin(self._words[places[inside]] & np.uint64(0xFFFFFFFF), known)
        return found


def places_of(data: bytes, text: bytes) -> Offsets:
    """Return where a text stands that begins with a capital letter or a sign, and is rare."""
    shown, words, found = np.frombuffer(data, np.uint8), EightBytes(data), [np.zeros(0, np.int64)]
    first = int.from_bytes(text[:2], "little")
    for at in range(0, len(data), _CHUNK):
        for odd in (0, 1):  # two bytes at once, at places of either sort
            piece = shown[at + odd : at + odd + _CHUNK]
            pairs = piece[: len(piece) // 2 * 2].view("<u2") == first
            if pairs.any():
                found.append(2 * np.flatnonzero(pairs) + (at + odd))
    places = np.sort(np.concatenate(found))
    return places[words.are(places, text)]


def _texts(data: bytes, size: int) -> NDArray[np.void]:
    """Return so many bytes from each place at which they are there, of which none is copied."""
    return np.ndarray((max(0, len(data) - size + 1),), f"V{size}", data, strides=(1,))


def _mask(piece: str, sign: str, byte: int) -> int:
    return sum(byte << 8 * at for at, found in enumerate(piece) if found == sign)


@dataclass(frozen=True, slots=True)
class Moments:
    """Times with which lines begin, as nanoseconds since 1970 UTC.

    `told` says of which lines a time of the layout is the begin, with hours and minutes that zones
    have, and `good` which of the times a clock shows and a table holds. A leap second is shown by
    none.
    """

    nanoseconds: Offsets
    told: Mask
    good: Mask


def moments(lines: SideBySide, layout: Layout) -> Moments:
    """Return the times of a layout; minute and zone are read once for all lines that share them."""
    minutes, run = lines.runs(layout)
    whole, told, good = _minutes(minutes, layout)
    third = lines.word(_TO_SECOND)
    moment = _number(third, 1)
    seconds = layout.text[_TO_SECOND : layout.sign]
    told = told[run] & lines.have(_TO_SECOND, seconds.ljust(_WORD, "+"))
    shown = (whole[run] * 60 + moment) * 10**9 + _fraction(lines, third, layout)
    return Moments(shown, told, good[run] & (moment < 60))  # noqa: PLR2004


def _minutes(lines: SideBySide, layout: Layout) -> tuple[Offsets, Mask, Mask]:
    """Return minutes since 1970 UTC, where minute and zone are as in the layout, and can be."""
    first, second, zone = map(lines.word, (0, _WORD, layout.sign))
    year = _number(first, 0) * 100 + _number(first, 2)
    month, day = _number(first, 5), _number(second, 0)
    hour, minute = _number(second, 3), _number(second, 6)
    good = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= _MONTHS)
    place = np.where(good, (year - _FIRST_YEAR) * _MONTHS + month - 1, 0)
    good &= (day >= 1) & (day <= _BEGINS[place + 1] - _BEGINS[place])
    good &= (hour < 24) & (minute < 60)  # noqa: PLR2004
    sign, hours, minutes = zone & np.uint64(0xFF), _number(zone, 1), _number(zone, 4)
    told = lines.have(0, layout.text[:_TO_SECOND]) & lines.have(layout.sign, _ZONE)
    told &= ((sign == ord("+")) | (sign == ord("-"))) & (hours <= _FARTHEST)
    told &= minutes < 60  # noqa: PLR2004
    away = hours * 60 + minutes
    whole = ((_BEGINS[place] + day - 1) * 24 + hour) * 60 + minute
    return whole + np.where(sign == ord("-"), away, -away), told, good


def _fraction(lines: SideBySide, third: NDArray[np.uint64], layout: Layout) -> Offsets | int:
    """Return the nanoseconds behind the second; `third` begins before it."""
    figures = layout.sign - 20
    if figures <= 0:
        return 0
    found = _number(third, 4) * 10 + _number(third, 6, 1)
    if figures > 3:  # noqa: PLR2004 - what `third` holds
        rest = lines.word(23)
        found = found * 1000 + _number(rest, 0) * 10 + _number(rest, 2, 1)
    scaled: Offsets = found * 10 ** (9 - figures)
    return scaled


def _number(words: NDArray[np.uint64], at: int, size: int = 2) -> Offsets:
    """Return the number that one digit or two write from a byte on."""
    tens = ((words >> np.uint64(_WORD * at)) & np.uint64(15)).astype(np.int64)
    if size == 1:
        return tens
    return tens * 10 + ((words >> np.uint64(_WORD * (at + 1))) & np.uint64(15)).astype(np.int64)
