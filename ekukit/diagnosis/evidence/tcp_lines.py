"""Lines of TCP in a log: what each is by its words, whatever its numbers are."""

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ekukit.diagnosis.evidence.log_joins import is_end
from ekukit.diagnosis.evidence.log_kinds import TIME, RecordKind
from ekukit.diagnosis.evidence.log_rows import TCP, Line
from ekukit.diagnosis.evidence.quiet_lines import QuietLines, words_of
from ekukit.log.alike import AlikeLines, alike
from ekukit.log.shared_texts import distinct, ports_at
from ekukit.log.snapshot import Snapshot
from ekukit.log.stamps import EightBytes, Mask, SideBySide
from ekukit.log.words import Fate

Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]
_PORT = rb'"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3})"'
_TCP_LINE = re.compile(
    rb'([A-Za-z_][\w./-]{0,60})(?:\[\d{1,9}\])?: UTCTime="[\d :.,-]{0,40}" Module="network\.tcp"'
    rb' Level="([^"]{0,20})":  Src-ip="([\d.]{7,15})" Src-port=(' + _PORT
    + rb') Dst-ip="[\d.]{7,15}" Dst-port=' + _PORT
    + rb' Detail="([^"]{1,80})"(?: Reason="([^"]{1,80})")?[ \t]*'
)  # fmt: skip
# What stands outside of quotes in such a line, and the places of values between them.
_OUTSIDE = re.compile(
    r"([A-Za-z_][\w./-]{0,60})(?:\[\d{1,9}\])?: UTCTime=\n Module=\n Level=\n:  Src-ip=\n Src-port="
    r"\n Dst-ip=\n Dst-port=\n Detail=\n(?: Reason=\n)?[ \t]*",
    re.ASCII,
)
_UTC, _MODULE, _LEVEL, _SOURCE, _FROM, _TARGET, _TO, _DETAIL, _REASON = range(9)
_LARGEST_PORT = 64_999  # of the pattern above
_LONGEST = {_LEVEL: 20, _DETAIL: 80, _REASON: 80}
# So many lines are looked at together, of so many bytes at most, with some behind each.
_TOGETHER, _WIDTH, _BEHIND = 1 << 13, 256, 16
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
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
            begins = np.arange(0, len(data), _WIDTH)
            for lines in alike(data, begins, begins + heads[own] - bodies[own]):
                outside = _OUTSIDE.fullmatch("\n".join(lines.outside))
                if outside is not None:
                    rows = own[lines.rows]
                    kinds[rows] = self._together(data, places[rows], lines, outside[1].encode())
        for row in np.flatnonzero(kinds == RecordKind.UNTOLD).tolist():
            kinds[row] = self._alone(int(places[row]))
        kept: Numbers = places[kinds == RecordKind.KEEP]
        return kept

    def _together(
        self, data: bytes, places: Numbers, lines: AlikeLines, process: bytes
    ) -> NDArray[np.int8]:
        """Return the kinds of lines, UNTOLD where one must be looked at alone."""
        values = _Values(data, lines)
        own, kinds = np.flatnonzero(values.fit()), np.full(len(places), RecordKind.UNTOLD, np.int8)
        codes = self._spans.hosts[places[own]]
        for at in values.said:
            one, _ = distinct(EightBytes(data), lines.starts[at, own], lines.ends[at, own])
            codes = np.unique(codes * (int(one.max(initial=0)) + 1) + one, return_inverse=True)[1]
        told = []
        for row in own[np.unique(codes, return_index=True)[1]].tolist():
            texts = [data[lines.starts[at, row] : lines.ends[at, row]] for at in values.said]
            host = self._spans.names[self._spans.hosts[places[row]]]
            told.append(_kind_of_words(host.encode(), process, *texts))
        kinds[own] = np.array(told, np.int8)[codes]
        quiet = kinds == RecordKind.OF_TCP
        self._quiet.add(places[quiet], values.sources[quiet], values.ports[quiet])
        return kinds

    def _alone(self, place: int) -> RecordKind:
        spans = self._spans
        text = self._data[spans.bodies[place] : spans.heads[place]]
        found = _TCP_LINE.fullmatch(text)
        if found is None:
            return RecordKind.KEEP
        process, level, source, port, detail, reason = found.groups()
        host = spans.names[spans.hosts[place]].encode()
        kind = _kind_of_words(host, process, level, detail, reason or b"")
        if kind == RecordKind.OF_TCP:
            self._quiet.add(np.array([place]), words_of([source]), np.array([int(port[1:-1])]))
        return kind


class _Values:
    """What stands between the quotes of lines; `said` are the places of words."""

    def __init__(self, data: bytes, lines: AlikeLines) -> None:
        self._data, self._lines, self._sizes = data, lines, lines.ends - lines.starts
        self.said = [at for at in _LONGEST if at < len(lines.starts)]
        self.ports = np.zeros(len(lines.rows), np.int64)
        self.sources = self._words(_SOURCE)

    def fit(self) -> Mask:
        """Return which lines are as the pattern has them, and learn their ports."""
        starts, sizes = self._lines.starts, self._sizes
        fits: Mask = (sizes[_UTC] == len(TIME)) & (sizes[_MODULE] == len(TCP))
        fits &= EightBytes(self._data).are(starts[_MODULE], TCP.encode())
        fits &= SideBySide(self._data, starts[_UTC], len(TIME)).have(0, TIME)
        for at in self.said:
            fits &= (sizes[at] <= _LONGEST[at]) & (sizes[at] >= (at != _LEVEL))
        for at in (_TO, _FROM):
            self.ports, plain = ports_at(self._data, starts[at], self._lines.ends[at])
            fits &= plain & (self.ports > 0) & (self.ports <= _LARGEST_PORT)
            fits &= np.frombuffer(self._data, np.uint8)[starts[at]] != ord("0")
        for at, words in ((_SOURCE, self.sources), (_TARGET, self._words(_TARGET))):
            fits &= self._are_addresses(words, at)
        return fits

    def _words(self, at: int) -> Words:
        """Return the first sixteen bytes of values as two numbers each."""
        lines = SideBySide(self._data, self._lines.starts[at], 16)
        masks = (_MASKS[np.clip(self._sizes[at] - more, 0, 8)] for more in (0, 8))
        words: Words = np.stack([lines.word(0), lines.word(8)], axis=1)
        words &= np.stack([*masks], axis=1)
        return words

    def _are_addresses(self, words: Words, at: int) -> Mask:
        """Return which are 7 to 15 figures and dots."""
        shown, sizes = words.view(np.uint8), self._sizes[at]
        plain = (shown - ord("0") < 10) | (shown == ord("."))  # noqa: PLR2004
        plain |= np.arange(16) >= sizes[:, None]
        fits: Mask = plain.all(axis=1) & (sizes >= 7) & (sizes <= 15)  # noqa: PLR2004
        return fits


@lru_cache(1024)
def _kind_of_words(
    host: bytes, process: bytes, level: bytes, detail: bytes, reason: bytes = b""
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
