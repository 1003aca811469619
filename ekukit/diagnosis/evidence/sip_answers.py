"""Where in a log SIP answers to OPTIONS stand, and which good ones follow a bad one."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ekukit.diagnosis.evidence.log_rows import SIP
from ekukit.diagnosis.evidence.quiet_lines import is_of
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot
from ekukit.log.stamps import EightBytes

Numbers = NDArray[np.int64]
_BEGINS = b"|SIP/2.0 "
_STATUS = re.compile(rb"\|SIP/2\.0 ([1-6])\d\d")
_TO_STATUS, _WHOLE = len(_BEGINS), len(b"|SIP/2.0 200")
_CODE = b"Response Code="
# So many characters of a record are looked at, each of at most four bytes.
_MOST_LOOKED = 4096
_PROVISIONAL, _FAILURES = 1, 4
_MANY, _PIECE, _CHUNK = 64, 16 << 10, 256 << 10


class Answers(NamedTuple):
    """Places of records: those to be read, and good answers, which count behind a bad one."""

    read: list[int]
    good: list[int]


def answers_in(snapshot: Snapshot, places: Numbers) -> Answers:
    """Return which of SIP's records, in order, may answer OPTIONS; of good ones not all do."""
    data, spans = snapshot.data, snapshot.spans
    starts, ends = spans.starts[places], _ends(snapshot, places)
    read = [place for place, start, end in
            zip(places.tolist(), starts.tolist(), spans.heads[places].tolist(), strict=True)
            if _CODE in data[start:end]]  # fmt: skip
    odd = _first(_nuls(data), starts) < ends
    read += places[odd].tolist()
    marks = _first(_answers(data), starts)
    some = np.flatnonzero((marks < ends) & ~odd)
    known = _known(data, marks[some], np.minimum(ends[some], starts[some] + _MOST_LOOKED))
    columns = (column[some].tolist() for column in (places, starts, ends))
    good = []
    for place, start, end, told in zip(*columns, known.tolist(), strict=True):
        text, status = data[start:end], told
        if not status and (found := _STATUS.search(text, 0, _MOST_LOOKED)):
            status = int(found[1])
        if not text.isascii():
            read.append(place)
        elif _PROVISIONAL < status < _FAILURES:
            good.append(place)
        elif status != _PROVISIONAL and _is_of_options(text):
            read.append(place)
    return Answers(sorted(set(read)), sorted(set(good) - set(read)))


def followers(good: list[int], shown: Iterable[Record], snapshot: Snapshot) -> list[int]:
    """Return which of the good answers may follow a bad one that is shown: from the same source."""
    sources = {(record.head.src_ip or "").strip() for record in shown if is_of(record, SIP)}
    if not sources or not good:
        return []
    spans, places = snapshot.spans, np.array(good)
    if "" not in sources and len(sources) <= _MANY:
        asked = [source.encode() for source in sources]
        heads = zip(spans.starts[places].tolist(), spans.heads[places].tolist(), strict=True)
        places = places[_hold([snapshot.data[start:end] for start, end in heads], asked)]
    texts = zip(spans.starts[places].tolist(), _ends(snapshot, places).tolist(), strict=True)
    fits = [_is_of_options(snapshot.data[start:end]) for start, end in texts]
    return [place for place, fit in zip(places.tolist(), fits, strict=True) if fit]


def _hold(texts: list[bytes], asked: list[bytes]) -> list[bool]:
    """Return which texts hold one of the values as a whole."""
    found = [False] * len(texts)
    for value in asked:
        # It stands between quotes, or between its key and a blank; a port may follow it.
        whole = re.compile(rb"(?<![\w.:])" + re.escape(value) + rb"(?![\w.])")
        found = [known or (value in text and whole.search(text) is not None)
                 for known, text in zip(found, texts, strict=True)]  # fmt: skip
    return found


def _ends(snapshot: Snapshot, places: Numbers) -> Numbers:
    """Return up to where records are looked at."""
    spans = snapshot.spans
    ends: Numbers = np.append(spans.starts[1:], spans.size)[places]
    looked: Numbers = np.minimum(ends, spans.starts[places] + 4 * _MOST_LOOKED)
    return looked


def _nuls(data: bytes) -> Numbers:
    found = [np.zeros(0, np.int64)]
    for at in range(0, len(data), _PIECE):
        piece = data[at : at + _PIECE]
        if b"\0" in piece:
            found.append(np.flatnonzero(np.frombuffer(piece, np.uint8) == 0) + at)
    return np.concatenate(found)


def _answers(data: bytes) -> Numbers:
    shown, words, found = np.frombuffer(data, np.uint8), EightBytes(data), [np.zeros(0, np.int64)]
    for at in range(0, len(data), _CHUNK):
        marks = np.flatnonzero(shown[at : at + _CHUNK] == _BEGINS[0]) + at
        found.append(marks[words.are(marks, _BEGINS)])
    return np.concatenate(found)


def _first(marks: Numbers, starts: Numbers) -> Numbers:
    """Return the first of some places from each start on, a place behind any end where none is."""
    found: Numbers = np.append(marks, np.iinfo(np.int64).max)[np.searchsorted(marks, starts)]
    return found


def _known(data: bytes, marks: Numbers, ends: Numbers) -> Numbers:
    """Return the first figure of the status behind a mark, 0 where it must be looked for."""
    shown = np.frombuffer(data, np.uint8)
    whole = marks + _WHOLE <= ends
    figures = [np.where(whole, shown[np.where(whole, marks + at, 0)] - ord("0"), 10)
               for at in range(_TO_STATUS, _WHOLE)]  # fmt: skip
    first = figures[0]
    plain = (first >= 1) & (first <= 6) & (figures[1] < 10) & (figures[2] < 10)  # noqa: PLR2004
    return np.where(plain, first, 0).astype(np.int64)


def _is_of_options(text: bytes) -> bool:
    return b"OPTIONS" in text.upper()
