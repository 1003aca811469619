"""The values of a column of a log: each text once, and a number for every row."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ekukit.log.grammar import port_of
from ekukit.log.numbered_keys import numbered
from ekukit.log.stamps import EightBytes, Mask, Offsets

Codes = NDArray[np.int64]
Value = str | int | None
_WORD = 8
_LONGEST = 256
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], np.uint64)
_PORTS, _LONGEST_PORT = 1 << 16, 5
_ZEROS, _SIXES, _HIGH = (np.uint64(0x0101010101010101 * byte) for byte in (0x30, 6, 0xF0))
_ODD, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


class SharedTexts:
    """The values of one column of a log; `codes` are their places in `kept`, -1 for none.

    `value` makes one of a text.
    """

    def __init__(self, rows: int, value: Callable[[str], Value]) -> None:
        """Begin with no value in any row."""
        self.codes: NDArray[np.int32] = np.full(rows, -1, np.int32)
        self.kept: list[Value] = []
        self._value = value
        self._places: dict[Value, int] = {None: -1}
        self._texts: dict[bytes, int] = {}

    def place(self, value: Value) -> int:
        """Return the place of a value, which has one from now on."""
        found = self._places.get(value)
        if found is None:
            found = self._places[value] = len(self.kept)
            self.kept.append(value)
        return found

    def put(self, rows: Offsets, data: bytes, spans: tuple[Offsets, Offsets]) -> None:
        """Set rows to the texts that stand, in ASCII, between places; eight bytes follow each."""
        starts, ends = spans
        codes, first = distinct(EightBytes(data), starts, ends)
        known = zip(starts[first].tolist(), ends[first].tolist(), strict=True)
        places = [self._of(data[start:end]) for start, end in known]
        self.codes[rows] = np.array(places, np.int64)[codes] if places else -1

    def _of(self, text: bytes) -> int:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self.place(self._value(text.decode()))
        return found


class SharedPorts(SharedTexts):
    """Ports, of which the number is the place as well; nearly all are read without a text."""

    def __init__(self, rows: int) -> None:
        """Begin with no port in any row."""
        super().__init__(rows, port_of)
        self.kept = list(range(_PORTS))

    def place(self, value: Value) -> int:
        """Return the place of a port."""
        return -1 if value is None else int(value)

    def put(self, rows: Offsets, data: bytes, spans: tuple[Offsets, Offsets]) -> None:
        """Set rows to the ports that stand between places."""
        starts, ends = spans
        ports, plain = ports_at(data, starts, ends)
        self.codes[rows[plain]] = ports[plain]
        super().put(rows[~plain], data, (starts[~plain], ends[~plain]))


def ports_at(data: bytes, starts: Offsets, ends: Offsets) -> tuple[Offsets, Mask]:
    """Return the ports that stand between places, and of which it is a port in plain figures.

    Eight bytes must be there behind each.
    """
    sizes = ends - starts
    missing = np.uint64(8) * (_WORD - np.clip(sizes, 1, _LONGEST_PORT)).astype(np.uint64)
    figures = (EightBytes(data).at(starts) ^ _ZEROS) << missing
    plain = ((figures | (figures + (_SIXES << missing))) & _HIGH) == 0
    ports = np.zeros(len(starts), np.int64)
    for at in range(_WORD - _LONGEST_PORT, _WORD):
        ports = ports * 10 + ((figures >> np.uint64(8 * at)) & np.uint64(15)).astype(np.int64)
    return ports, plain & (ports < _PORTS) & (sizes > 0) & (sizes <= _LONGEST_PORT)


def distinct(words: EightBytes, starts: Offsets, ends: Offsets) -> tuple[Codes, Offsets]:
    """Return a number for each text between places, and where the first one of each number is.

    Texts that are unlike have other numbers; equal ones of more than 256 bytes may have, too. Eight
    bytes must be there behind each.
    """
    sizes = ends - starts
    key = sizes.astype(np.uint64) * _ODD
    seen = []
    for at in range(0, min(int(sizes.max(initial=0)), _LONGEST), _WORD):
        own = np.flatnonzero(sizes > at)
        found = words.at(starts[own] + at) & _MASKS[np.minimum(sizes[own] - at, _WORD)]
        mixed = (key[own] ^ found) * _ODD
        key[own] = mixed ^ (mixed >> _HALF)
        seen.append((own, found))
    codes, count = numbered(key)
    first = _first(codes, count)
    alone = np.flatnonzero(~_alike(sizes, seen, first[codes]))
    codes[alone] = len(first) + np.arange(len(alone))
    return codes, np.concatenate([first, alone])


def _first(codes: Codes, count: int) -> Offsets:
    found = np.zeros(count, np.int64)
    found[codes[::-1]] = np.arange(len(codes))[::-1]
    return found


def _alike(sizes: Offsets, seen: list[tuple[Offsets, NDArray[np.uint64]]], others: Offsets) -> Mask:
    """Return which texts are the one that stands for them, word by word."""
    fits: Mask = (sizes == sizes[others]) & (
        (sizes <= _LONGEST) | (others == np.arange(len(sizes)))
    )
    shown = np.zeros(len(sizes), np.uint64)
    for own, found in seen:
        shown[own] = found
        fits[own] &= shown[others[own]] == found
    return fits
