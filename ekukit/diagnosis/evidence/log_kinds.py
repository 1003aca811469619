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
from ekukit.log.stamps import EightBytes, SideBySide

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
_EVENT = re.compile(b"Event=")
# The layout of a UTCTime.
TIME = "dddd-dd-dd dd:dd:dd,ddd"
# Shapes that are looked for, and lines of none that are met, before the rest is told one by one.
_MOST_SHAPES, _MOST_ODD, _FEW = 128, 32, 64
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
    spans = snapshot.spans
    found = np.full(len(spans.starts), RecordKind.UNTOLD, np.int8)
    found[~spans.usual] = RecordKind.KEEP
    events = np.fromiter((mark.start() for mark in _EVENT.finditer(snapshot.data)), np.int64)
    named = np.searchsorted(events, spans.bodies) < np.searchsorted(events, spans.heads)
    _Alike(snapshot, found).tell(np.flatnonzero(spans.usual & ~named))
    return found


class _Alike:
    """Tells places of lines that are alike from one of them."""

    def __init__(self, snapshot: Snapshot, found: NDArray[np.int8]) -> None:
        self._data, self._spans, self._found = snapshot.data, snapshot.spans, found
        self._words = EightBytes(snapshot.data)
        self._shapes = self._odd = 0

    def tell(self, given: Numbers) -> None:
        """Set the kinds of places, those of one process after the other."""
        for left in self._grouped(given, self._spans.bodies[given]):
            self._of_processes(left)

    def _of_processes(self, left: Numbers) -> None:
        while len(left) > _FEW and self._shapes < _MOST_SHAPES and self._odd < _MOST_ODD:
            text, shape = self._shape(int(left[0]))
            if shape is None:
                self._odd += 1
                left = left[1:]
                continue
            start, end = shape.span("time")
            bodies = self._spans.bodies[left]
            fits = self._spans.heads[left] - bodies > shape.end()
            fits[fits] = self._words.are(bodies[fits], text[:start])
            times = SideBySide(self._data, bodies[fits] + start, len(TIME))
            fits[fits] = times.have(0, TIME)
            if end - start == len(TIME):
                own = left[fits]
                for alike in self._grouped(own, self._spans.bodies[own] + start + _TO_MODULE):
                    self._of_modules(alike, start)
            fits[0] = True
            left = left[~fits]

    def _of_modules(self, left: Numbers, start: int) -> None:
        """Set the kinds of places whose lines are alike up to the time, by what stands behind."""
        while len(left) > _FEW and self._shapes < _MOST_SHAPES:
            self._shapes += 1
            text, shape = self._shape(int(left[0]))
            if shape is None or shape.span("time") != (start, start + len(TIME)):
                left = left[1:]
                continue
            behind = text[start + len(TIME) : shape.end() + 1]
            places = self._spans.bodies[left] + start + len(TIME)
            fits = self._spans.heads[left] - places >= len(behind)
            fits[fits] = self._words.are(places[fits], behind)
            if shape.end() < len(text):
                self._found[left[fits]] = kind_of(*shape.group("process", "module", "level"))
            fits[0] = True
            left = left[~fits]

    def _grouped(self, given: Numbers, starts: Numbers) -> Iterator[Numbers]:
        """Yield places by the sixteen bytes from each start, the most of them first."""
        whole = self._spans.heads[given] - starts >= 2 * _WORD
        given, starts = given[whole], starts[whole]
        lines = SideBySide(self._data, starts, 2 * _WORD)
        keys = lines.word(0) * _MIXED ^ lines.word(_WORD)
        for rows in equal_rows(keys.view(np.int64), _FEW):
            yield given[rows]

    def _shape(self, place: int) -> tuple[bytes, "re.Match[bytes] | None"]:
        text = self._data[self._spans.bodies[place] : self._spans.heads[place]]
        return text, SHAPE.match(text)


def kind_of_line(text: bytes) -> RecordKind:
    """Return the kind of a usual record by its first line behind the host."""
    shape = SHAPE.match(text)
    if shape is not None and _EVENT.search(text) is None:
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
