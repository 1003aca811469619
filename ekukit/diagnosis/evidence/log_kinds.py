"""What a record of a log can be about, by the first line in its bytes.

The product writes few shapes, so that one line told by the grammar tells of all that are alike:
the same process, module and level, with a time of the same layout between them.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ekukit.diagnosis.evidence.log_rows import (
    FREE,
    LEVELS,
    OPENSSL,
    SIP,
    SSH,
    TCP,
    TRAFFIC_SERVER,
    WARNINGS,
)
from ekukit.log.alarms import ALARM
from ekukit.log.alike import equal_rows
from ekukit.log.snapshot import Snapshot
from ekukit.log.stamps import EightBytes, SideBySide, places_of

Numbers = NDArray[np.int64]

# Without one of these in its first line, in whatever case, no record tells of a connection.
WORDS = tuple(
    word.encode()
    for word in (
        "negotiation error", "authentication failed", "communications failure", OPENSSL, TCP, SIP,
        "ssh", "portforwarding", TRAFFIC_SERVER, "trafficserver", "certificate", "ssl", "tls",
        "x509", "x.509", "handshake", "crl", "ocsp", "traversal", "tunnel", "developer.zone",
        "developer.clusterdb", "connect to host", "pkix", "certpath", "trust anchor",
        "verificationerror", "ldap server",
    )
)  # fmt: skip
# One figure in the place of all: of lines that are alike but for figures one tells of all.
FIGURES = bytes.maketrans(b"123456789", b"000000000")
_ALARM = ALARM.encode()
_WORDS = tuple(word.translate(FIGURES) for word in WORDS)
# The module shape; of two values with one name the first counts.
SHAPE = re.compile(
    rb'(?P<process>[A-Za-z_][\w./-]{0,60})(?:\[\d{1,9}\])?: UTCTime="(?P<time>[\d :.,-]{0,40})"'
    rb' Module="(?P<module>[^"]{0,80})" Level="(?P<level>[^"]{0,20})"(?=[ \t:,;)\]}]|\Z)'
)
_EVENT = b"Event="
# The layout of a UTCTime.
TIME = "dddd-dd-dd dd:dd:dd,ddd"
# Shapes that are looked for, and lines of none that are met, before the rest is told one by one.
_MOST_SHAPES, _MOST_ODD, _FEW = 128, 32, 64
# So many lines are looked at together, so far into each.
_TOGETHER, _WIDTH = 1 << 15, 128
# Behind the time, what tells modules apart; words of eight bytes.
_TO_MODULE, _WORD, _MIXED = len(TIME) + len('" Module'), 8, np.uint64(0x9E3779B97F4A7C15)


class RecordKind(IntEnum):
    """What is to be done with a record."""

    KEEP = 0
    DROP = 1
    OF_TCP = 2
    OF_SIP = 3
    UNTOLD = 4


def kinds_of(snapshot: Snapshot) -> NDArray[np.int8]:
    """Return the kind of the record at every place; UNTOLD where its words must be looked at."""
    data, spans = snapshot.data, snapshot.spans
    found = np.full(len(spans.starts), RecordKind.UNTOLD, np.int8)
    found[~spans.usual] = RecordKind.KEEP
    events = places_of(data, _EVENT)
    named = np.searchsorted(events, spans.bodies) < np.searchsorted(events, spans.heads)
    whole = spans.bodies + _WIDTH <= len(data)
    places = np.flatnonzero(spans.usual & ~named & whole)
    for at in range(0, len(places), _TOGETHER):
        own = places[at : at + _TOGETHER]
        # Side by side they are few bytes, which stay in the processor's cache.
        lines = SideBySide(data, spans.bodies[own], _WIDTH).joined()
        sizes = np.minimum(spans.heads[own] - spans.bodies[own], _WIDTH)
        found[own] = _Alike(lines, sizes).kinds()
    return found


class _Alike:
    """Tells lines that are alike from one of them; their begins stand side by side."""

    def __init__(self, data: bytes, sizes: Numbers) -> None:
        self._data, self._words = data, EightBytes(data)
        self._begins = np.arange(len(sizes)) * _WIDTH
        self._ends = self._begins + sizes
        self._found = np.full(len(sizes), RecordKind.UNTOLD, np.int8)
        self._shapes = self._odd = 0

    def kinds(self) -> NDArray[np.int8]:
        """Return the kinds of the lines, told of those of one process after the other."""
        for left in self._grouped(np.arange(len(self._begins)), 0):
            self._of_processes(left)
        return self._found

    def _of_processes(self, left: Numbers) -> None:
        while len(left) > _FEW and self._shapes < _MOST_SHAPES and self._odd < _MOST_ODD:
            text, shape = self._shape(int(left[0]))
            if shape is None:
                self._odd += 1
                left = left[1:]
                continue
            start, end = shape.span("time")
            begins = self._begins[left]
            fits = self._ends[left] - begins > shape.end()
            fits[fits] = self._words.are(begins[fits], text[:start])
            times = SideBySide(self._data, begins[fits] + start, len(TIME))
            fits[fits] = times.have(0, TIME)
            if end - start == len(TIME):
                for alike in self._grouped(left[fits], start + _TO_MODULE):
                    self._of_modules(alike, start)
            fits[0] = True
            left = left[~fits]

    def _of_modules(self, left: Numbers, start: int) -> None:
        """Set the kinds of lines that are alike up to the time, by what stands behind it."""
        while len(left) > _FEW and self._shapes < _MOST_SHAPES:
            self._shapes += 1
            text, shape = self._shape(int(left[0]))
            if shape is None or shape.span("time") != (start, start + len(TIME)):
                left = left[1:]
                continue
            behind = text[start + len(TIME) : shape.end() + 1]
            places = self._begins[left] + start + len(TIME)
            fits = self._ends[left] - places >= len(behind)
            fits[fits] = self._words.are(places[fits], behind)
            if shape.end() < len(text):
                self._found[left[fits]] = kind_of(*shape.group("process", "module", "level"))
            fits[0] = True
            left = left[~fits]

    def _grouped(self, given: Numbers, start: int) -> Iterator[Numbers]:
        """Yield lines by the sixteen bytes from some place on, the most of them first."""
        given = given[self._ends[given] - self._begins[given] >= start + 2 * _WORD]
        lines = SideBySide(self._data, self._begins[given] + start, 2 * _WORD)
        keys = lines.word(0) * _MIXED ^ lines.word(_WORD)
        for rows in equal_rows(keys.view(np.int64), _FEW):
            yield given[rows]

    def _shape(self, row: int) -> tuple[bytes, "re.Match[bytes] | None"]:
        text = self._data[self._begins[row] : self._ends[row]]
        return text, SHAPE.match(text)


def kind_of_line(text: bytes) -> RecordKind:
    """Return the kind of a usual record by its first line behind the host."""
    shape = SHAPE.match(text)
    if shape is not None and _EVENT not in text:
        kind = kind_of(*shape.group("process", "module", "level"))
        if kind != RecordKind.UNTOLD:
            return kind
    small = text.lower().translate(FIGURES)
    if small.lstrip(b" \t").startswith(_ALARM):
        return RecordKind.KEEP
    return RecordKind.KEEP if any(word in small for word in _WORDS) else RecordKind.DROP


@lru_cache(1024)
def kind_of(process: bytes, module: bytes, level: bytes) -> RecordKind:
    """Return the kind of a record by its process, module and level, which are ASCII."""
    says = process.decode().lower()
    of, how = module.decode().strip().lower(), level.decode().strip().lower()
    if says == ALARM or of == OPENSSL or (of in (TCP, SIP) and how in LEVELS):
        return RecordKind.KEEP
    if how in (*LEVELS, *WARNINGS) or says in (*FREE, *SSH, TRAFFIC_SERVER):
        return RecordKind.UNTOLD
    return {TCP: RecordKind.OF_TCP, SIP: RecordKind.OF_SIP}.get(of, RecordKind.DROP)
