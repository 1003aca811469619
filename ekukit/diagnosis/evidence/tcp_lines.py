"""Lines of TCP in a log: what each is by its words, whatever its numbers are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ekukit.diagnosis.evidence.log_joins import is_end
from ekukit.diagnosis.evidence.log_kinds import TIME, RecordKind
from ekukit.diagnosis.evidence.log_rows import TCP, Line
from ekukit.diagnosis.evidence.quiet_lines import QuietLines, words_of
from ekukit.log.shared_texts import ports_at
from ekukit.log.snapshot import Snapshot
from ekukit.log.stamps import EightBytes, Mask, SideBySide
from ekukit.log.words import Fate

Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]
_PORT = rb"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3})"
_TO_PORT, _TO_TARGET, _TO_ITS_PORT = b'" Src-port="', b'" Dst-ip="', b'" Dst-port="'
_TCP_LINE = re.compile(
    rb'(?P<process>[A-Za-z_][\w./-]{0,60})(?:\[\d{1,9}\])?: UTCTime="(?P<time>[\d :.,-]{0,40})"'
    rb' Module="network\.tcp" Level="(?P<level>[^"]{0,20})":  Src-ip="(?P<source>[\d.]{7,15})'
    + _TO_PORT + rb"(?P<port>" + _PORT + rb")" + _TO_TARGET + rb"[\d.]{7,15}" + _TO_ITS_PORT
    + _PORT + rb'(?P<rest>" Detail="(?P<detail>[^"]{1,80})"(?: Reason="(?P<reason>[^"]{1,80})")?'
    rb"[ \t]*)"
)  # fmt: skip
_LARGEST_PORT = 64_999  # of the pattern above
# So many lines are looked at together, of so many bytes at most, with some behind each.
_TOGETHER, _WIDTH, _BEHIND = 1 << 13, 256, 16
# Lines that differ in more than numbers, of so many looked at together.
_MOST_SHAPES = 32
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
_ONES, _QUOTES, _TOPS = (np.uint64(0x0101010101010101 * byte) for byte in (1, ord('"'), 0x80))
# A line of TCP with other numbers: no word of the table is one.
_LIKE_IT = (
    '2026-01-01T00:00:00.000+00:00 {} {}: UTCTime="2026-01-01 00:00:00,000" Module="network.tcp" '
    'Level="{}":  Src-ip="192.0.2.1" Src-port="1" Dst-ip="192.0.2.2" Dst-port="2" Detail="{}"'
)


class TcpLines:
    """The lines of TCP of one log; what may count beside others is put to the quiet."""

    def __init__(self, snapshot: Snapshot, quiet: QuietLines) -> None:
        """Look at nothing yet."""
        self._data, self._spans, self._quiet = snapshot.data, snapshot.spans, quiet

    def kept(self, places: Numbers) -> Numbers:
        """Return which places, in order, tell something alone."""
        bodies, heads = self._spans.bodies[places], self._spans.heads[places]
        fits = (bodies + _WIDTH <= len(self._data)) & (heads - bodies <= _WIDTH - _BEHIND)
        whole, kinds = np.flatnonzero(fits), np.full(len(places), RecordKind.UNTOLD, np.int8)
        for at in range(0, len(whole), _TOGETHER):
            own = whole[at : at + _TOGETHER]
            # Side by side they are few bytes, which stay in the processor's cache.
            data = SideBySide(self._data, bodies[own], _WIDTH).joined()
            for lines in _alike(data, heads[own] - bodies[own]):
                rows = own[lines.rows]
                kinds[rows] = self._together(places[rows], lines)
        for row in np.flatnonzero(kinds == RecordKind.UNTOLD).tolist():
            kinds[row] = self._alone(int(places[row]))
        kept: Numbers = places[kinds == RecordKind.KEEP]
        return kept

    def _together(self, places: Numbers, lines: "_TcpLines") -> NDArray[np.int8]:
        """Return the kinds of lines that are alike."""
        hosts = self._spans.hosts[places]
        kinds = np.zeros(len(places), np.int8)
        for host in np.unique(hosts).tolist():
            name = self._spans.names[host].encode()
            kinds[hosts == host] = _kind_of_words(name, *_words_of(lines.one))
        quiet = kinds == RecordKind.OF_TCP
        self._quiet.add(places[quiet], lines.sources[quiet], lines.ports[quiet])
        return kinds

    def _alone(self, place: int) -> RecordKind:
        spans = self._spans
        text = self._data[spans.bodies[place] : spans.heads[place]]
        found = _TCP_LINE.fullmatch(text)
        if found is None:
            return RecordKind.KEEP
        host = spans.names[spans.hosts[place]].encode()
        kind = _kind_of_words(host, *_words_of(found))
        if kind == RecordKind.OF_TCP:
            source, port = found.group("source", "port")
            self._quiet.add(np.array([place]), words_of([source]), np.array([int(port)]))
        return kind


def _words_of(found: "re.Match[bytes]") -> tuple[bytes, ...]:
    return tuple(text or b"" for text in found.group("process", "level", "detail", "reason"))


@dataclass(frozen=True, slots=True, eq=False)
class _TcpLines:
    """Lines that differ in times, addresses and ports alone, with one of them.

    `rows` are their places among those that were looked at; of each source, `sources` are the first
    sixteen bytes as two numbers.
    """

    rows: Numbers
    one: "re.Match[bytes]"
    sources: Words
    ports: Numbers


def _alike(data: bytes, sizes: Numbers) -> Iterator[_TcpLines]:
    """Yield lines, which begin side by side, by likeness; some may be left out."""
    begins, words = np.arange(len(sizes)) * _WIDTH, EightBytes(data)
    ends, left = begins + sizes, np.arange(len(sizes))
    for _ in range(_MOST_SHAPES):
        if not len(left):
            return
        first, place = data[begins[left[0]] : ends[left[0]]], begins[left]
        found = _TCP_LINE.fullmatch(first)
        fits = np.arange(len(left)) == 0
        if found is not None and len(found["time"]) == len(TIME):
            time, source, rest = found.start("time"), found.start("source"), found["rest"]
            fits = words.are(place, first[:time])
            fits &= words.are(place + time + len(TIME), first[time + len(TIME) : source])
            stops = ends[left] - len(rest)
            fits &= words.are(np.maximum(stops, 0), rest) & (stops > place + source)
            fits &= SideBySide(data, place + time, len(TIME)).have(0, TIME)
            values = _Values(data, place[fits] + source)
            fits[fits] = good = values.fits & (values.ends == stops[fits])
            yield _TcpLines(left[fits], found, values.sources[good], values.ports[good])
            fits[0] = True
        left = left[~fits]


class _Values:
    """Addresses and ports of lines, from where the first value begins; `fits` says of which."""

    def __init__(self, data: bytes, starts: Numbers) -> None:
        self._data, self._eight, self.ends = data, EightBytes(data), starts
        # What goes on to there is longer than a line.
        self._last = max(0, len(data) - _BEHIND)
        self.fits: Mask = np.ones(len(starts), bool)
        self.sources = self._address()
        self._past(_TO_PORT)
        self.ports = self._port()
        self._past(_TO_TARGET)
        self._address()
        self._past(_TO_ITS_PORT)
        self._port()

    def _past(self, text: bytes) -> None:
        self.fits &= self._eight.are(self.ends, text)
        self.ends = np.where(self.fits, np.minimum(self.ends + len(text), self._last), 0)

    def _address(self) -> Words:
        """Return the first sixteen bytes of addresses as two numbers each."""
        words = np.stack([self._eight.at(self.ends + at) for at in (0, 8)], axis=1)
        sizes = _to_quote(words[:, 0])
        sizes += np.where(sizes < 8, 0, _to_quote(words[:, 1]))  # noqa: PLR2004 - bytes of a word
        words &= np.stack([_MASKS[np.clip(sizes - at, 0, 8)] for at in (0, 8)], axis=1)
        shown = words.view(np.uint8)
        # Figures and dots, and what was masked.
        plain = (shown - ord("0") < 10) | (shown == ord(".")) | (shown == 0)  # noqa: PLR2004
        self.fits &= plain.all(axis=1) & (sizes >= 7) & (sizes <= 15)  # noqa: PLR2004
        self.ends = self.ends + sizes
        return words

    def _port(self) -> Numbers:
        starts = self.ends
        self.ends = starts + _to_quote(self._eight.at(starts))
        ports, plain = ports_at(self._data, starts, self.ends)
        self.fits &= plain & (ports > 0) & (ports <= _LARGEST_PORT)
        self.fits &= np.frombuffer(self._data, np.uint8)[starts] != ord("0")
        return ports


def _to_quote(words: Words) -> Numbers:
    """Return how many bytes stand before the first quote, of eight at most."""
    others = words ^ _QUOTES
    marks = (others - _ONES) & ~others & _TOPS  # the lowest bit is of the first quote
    before: Words = (marks & (~marks + np.uint64(1))) - np.uint64(1)
    return np.bitwise_count(before).astype(np.int64) >> 3


@lru_cache(1024)
def _kind_of_words(
    host: bytes, process: bytes, level: bytes, detail: bytes, reason: bytes
) -> RecordKind:
    """Return what a line of TCP is by its words: alone it tells nothing where they say no more.

    Those that begin or end a connection count beside others of the same connection.
    """
    words = [one.decode() for one in (host, process, level, detail, reason)]
    body = _LIKE_IT.format(*words) + (f' Reason="{words[4]}"' if reason else "")
    line = Line(0, None, words[0], "", TCP, "", "", words[3].strip(), words[4].strip(),
                ("", None, "", None), body, "")  # fmt: skip
    meaning = line.meaning()
    if line.looks_bad:
        return RecordKind.KEEP
    if meaning is None or meaning.fate is Fate.ELSEWHERE:
        return RecordKind.DROP
    # Between the begin and the end of a handshake, a line that ends it tells.
    routine = meaning.fate is Fate.REACHED or is_end(meaning, line)
    return RecordKind.OF_TCP if routine and "andshake" not in line.detail else RecordKind.KEEP
