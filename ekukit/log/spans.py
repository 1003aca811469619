"""Where the records of a log stand: offsets into its bytes, found without decoding them.

Bytes stay bytes here. What is usual is told by comparing numbers over many lines at once; every
other line that may begin a record is asked by the grammar itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ekukit.log.grammar import BEGIN, MOST_READ, START_IN_BYTES, with_plain_quotes
from ekukit.log.odd_pieces import OddPieces, odd_pieces
from ekukit.log.records import LONGEST_LINE
from ekukit.log.stamps import LAYOUTS, EightBytes, SideBySide, moments
from ekukit.plaintext import decoded

Offsets = NDArray[np.int64]
Mask = NDArray[np.bool_]
# What numpy holds at once: small, so that it stays in the processor's cache.
_CHUNK = 256 << 10
_WINDOW = 4 << 20
_END, _T, _DASH, _ZERO, _NINE, _ASCII = 10, 84, 45, 48, 57, 128
# In a time, where its T stands, and how far in front of that a dash does.
_TO_T, _TO_DASH = 10, 3
# Bytes with which a line that begins a record may begin; of the letters, so many together.
_FIRST = np.zeros(256, np.uint8)
_FIRST[np.frombuffer(b">0123456789", np.uint8)] = 1
_FIRST[_ASCII:] = 1
_LETTERS = ("Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ",
            "Dec ", "Line", "Leve", "Even", "tvcs", "edge", "port", "sshd", "ssh:", "alar", "traf",
            "XCP_")  # fmt: skip
_FIRST[[ord(word[0]) for word in _LETTERS]] = 2
_MOST_HOSTS = 8
# The columns of no line.
_NONE = [np.zeros(0, kind) for kind in ("i8", "i8", "i8", "i8", "?", "i8", "i1")]
_NUMBERS = 2
# Bytes of lines that are cut out together.
_TOGETHER = 256 << 10


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """The records of a log as arrays, one item for each line that begins records.

    `starts` and `heads` are where the line begins and ends, `numbers` its number from 1. `usual`
    says that it begins one record alone, in ASCII, with a time that a clock shows; `times` is then
    that time in nanoseconds since 1970, `hosts` the place of its host in `names`, and `bodies`
    where the text after them begins. Lines before the first record are an item of their own, which
    `outside` counts. `lines` are all. `odd` tells which pieces of the bytes are not plain.
    """

    starts: Offsets
    heads: Offsets
    numbers: Offsets
    bodies: Offsets
    usual: Mask
    times: Offsets
    hosts: NDArray[np.int8]
    names: tuple[str, ...]
    outside: int
    lines: int
    size: int
    odd: OddPieces

    def end(self, place: int) -> int:
        """Return where the item behind begins, the size of the log for the last."""
        return int(self.starts[place + 1]) if place + 1 < len(self.starts) else self.size

    def first_lines(self, data: bytes, places: Offsets) -> Iterator[tuple[Offsets, list[bytes]]]:
        """Yield the places, some at a time, with their first lines."""
        starts, heads = self.starts[places], self.heads[places]
        parts = np.cumsum(heads - starts) // _TOGETHER
        for own in np.split(np.arange(len(places)), np.flatnonzero(np.diff(parts)) + 1):
            spans = zip(starts[own].tolist(), heads[own].tolist(), strict=True)
            yield places[own], [data[start:end] for start, end in spans]


def spans_of(data: bytes, odd: OddPieces | None = None) -> Spans:
    """Return where the records of plain text (`plain_text`) stand, NULs inside of lines aside.

    `odd` are the pieces of these bytes, where they are known.
    """
    odd = odd_pieces(data) if odd is None else odd
    finder = _Finder(data, odd)
    found: list[list[NDArray[Any]]] = [[column] for column in _NONE]
    number = 1
    for place, end in _windows(data):
        ends = finder.line_ends(place, end)
        for kept, column in zip(found, finder.window(place, ends, number), strict=True):
            kept.append(column)
        number += len(ends)
    outside = next((int(column[0]) for column in found[_NUMBERS] if len(column)), number) - 1
    if outside:
        first = (0, data.find(b"\n") % (len(data) + 1), 1, 0, False, 0, 0)
        for kept, none, value in zip(found, _NONE, first, strict=True):
            kept[0] = np.array([value], none.dtype)
    # One column after the other, so that little is held twice.
    found.reverse()
    starts, heads, numbers, bodies, usual, times, hosts = (
        np.concatenate(found.pop()) for _ in _NONE
    )
    names = tuple(host.strip().decode() for host in finder.hosts)
    return Spans(starts, heads, numbers, bodies, usual, times, hosts, names,
                 outside, number - 1, len(data), odd)  # fmt: skip


def _windows(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where pieces of whole lines begin and end; the last may have no line end."""
    place = 0
    while place < len(data):
        end = data.rfind(b"\n", place, place + _WINDOW) + 1
        end = end or data.find(b"\n", place + _WINDOW) + 1 or len(data)
        if len(data) - place <= _WINDOW:
            end = len(data)
        yield place, end
        place = end


class _Finder:
    """Looks through one log; learns the hosts that it names."""

    def __init__(self, data: bytes, odd: OddPieces) -> None:
        self._data, self._pieces = data, odd
        self._bytes = np.frombuffer(data, np.uint8)
        self._words = EightBytes(data)
        self.hosts: list[bytes] = []

    def line_ends(self, place: int, end: int) -> Offsets:
        """Return where the lines of a window end."""
        found = [self._where(place, end, _END)]
        if end == len(self._data) and self._data[-1] != _END:
            found.append(np.array([end]))
        return np.concatenate(found)

    def _where(self, place: int, end: int, byte: int) -> Offsets:
        chunks = range(place, end, _CHUNK)
        found = [np.flatnonzero(self._bytes[at : min(at + _CHUNK, end)] == byte) + at
                 for at in chunks]  # fmt: skip
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def window(self, place: int, ends: Offsets, number: int) -> tuple[NDArray[Any], ...]:
        """Return starts, heads, numbers, bodies and what is usual of the lines of a window."""
        begins = np.concatenate([[place], ends[:-1] + 1])
        odd = self._pieces.where(self._data, place, int(ends[-1]))
        # An empty line at the very end of the file has no first byte.
        kinds = _FIRST[self._bytes[np.minimum(begins, len(self._bytes) - 1)]]
        letters = np.flatnonzero(kinds == 2)  # noqa: PLR2004 - as set above
        kinds[letters] = self._words.begin_with(begins[letters], _LETTERS)
        # A NUL may stand where a record begins.
        kinds[np.searchsorted(ends, odd[self._bytes[odd] == 0])] = 1
        some = np.flatnonzero(kinds)
        starts, heads = begins[some], ends[some]
        strange = _among(starts, heads, odd)
        bodies, times = (np.zeros(len(starts), np.int64) for _ in range(2))
        hosts = np.zeros(len(starts), np.int8)
        usual, clock = (np.zeros(len(starts), bool) for _ in range(2))
        for layout in LAYOUTS:
            left = np.flatnonzero(~usual & ~strange & (heads - starts >= layout.least))
            lines = SideBySide(self._data, starts[left], layout.least)
            shown = moments(lines, layout)
            stamped = left[shown.told]
            usual[stamped] = True
            bodies[stamped] = starts[stamped] + layout.size
            times[stamped], clock[stamped] = shown.nanoseconds[shown.told], shown.good[shown.told]
        self._behind_hosts(starts, heads, (bodies, hosts), usual)
        keep = usual.copy()
        for at in np.flatnonzero(~usual):
            keep[at] = self._begins(int(starts[at]), int(heads[at]))
        usual &= clock & ~self._glued(starts, heads, place, int(ends[-1]))
        bodies[~usual] = 0
        columns = starts, heads, some + number, bodies, usual, times, hosts
        return tuple(column[keep] for column in columns)

    def _behind_hosts(
        self, starts: Offsets, heads: Offsets, known: tuple[Offsets, NDArray[np.int8]], usual: Mask
    ) -> None:
        """Set `hosts` and move `bodies` behind them; without a plain host none is usual."""
        left = np.flatnonzero(usual)
        for place in range(len(self.hosts)):
            left = self._past(place, left, *known)
        while len(left):
            at = int(left[0])
            host = b""
            found = START_IN_BYTES.match(self._data, int(starts[at]), int(heads[at]))
            if found is not None and found[2] is not None and len(self.hosts) < _MOST_HOSTS:
                host = b" " + found[2] + b" "
            if not host or self._data[known[0][at] : known[0][at] + len(host)] != host:
                usual[at], left = False, left[1:]
                continue
            self.hosts.append(host)
            left = self._past(len(self.hosts) - 1, left, *known)

    def _past(self, place: int, left: Offsets, bodies: Offsets, hosts: NDArray[np.int8]) -> Offsets:
        fits = self._words.are(bodies[left], self.hosts[place])
        bodies[left[fits]] += len(self.hosts[place])
        hosts[left[fits]] = place
        return left[~fits]

    def _begins(self, start: int, head: int) -> bool:
        line = self._data[start : min(head, start + LONGEST_LINE)].replace(b"\0", b"")
        if line.isascii() and b"&" not in line:
            return START_IN_BYTES.match(line) is not None
        return BEGIN.match(with_plain_quotes(decoded(line))) is not None

    def _glued(self, starts: Offsets, heads: Offsets, place: int, end: int) -> Mask:
        """Return which lines may begin more than one record: another time stands in them."""
        place, end = place + _TO_DASH, end - 1
        # A piece that has as many as lines begin with has no others.
        begun = starts[heads - starts > _TO_T + 1] + _TO_T
        begun = begun[(self._bytes[begun] == _T) & (self._bytes[begun - _TO_DASH] == _DASH)]
        known = np.searchsorted(begun, np.append(np.arange(place, end, _CHUNK), end))
        found = [np.zeros(0, np.int64)]
        for at, count in zip(range(place, end, _CHUNK), np.diff(known).tolist(), strict=True):
            stop = min(at + _CHUNK, end)
            marks = self._bytes[at:stop] == _T
            marks &= self._bytes[at - _TO_DASH : stop - _TO_DASH] == _DASH
            if np.count_nonzero(marks) != count:
                found.append(np.flatnonzero(marks) + at)
        marks = np.concatenate(found)
        marks = marks[_is_digit(self._bytes[marks - 1]) & _is_digit(self._bytes[marks + 1])]
        return _among(starts + _TO_T + 1, np.minimum(heads, starts + 2 * MOST_READ), marks)


def _is_digit(found: NDArray[np.uint8]) -> Mask:
    return (found >= _ZERO) & (found <= _NINE)


def _among(starts: Offsets, ends: Offsets, places: Offsets) -> Mask:
    """Return which spans hold one of the places, which are in order."""
    return np.searchsorted(places, starts) < np.searchsorted(places, ends)
