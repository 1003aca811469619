"""Where in a log SIP answers to OPTIONS stand, and which good ones follow a bad one."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ekukit.diagnosis.evidence.log_rows import SIP
from ekukit.diagnosis.evidence.quiet_lines import is_of
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot
from ekukit.log.stamps import places_of

Numbers = NDArray[np.int64]
Pattern = re.Pattern[bytes]
_BEGINS = b"|SIP/2.0 "
_STATUS = re.compile(rb"\|SIP/2\.0 ([1-6])\d\d")
_TO_STATUS, _WHOLE = len(_BEGINS), len(b"|SIP/2.0 200")
_CODE = b"Response Code="
# So many characters of a record are looked at, each of at most four bytes.
_MOST_LOOKED = 4096
_PROVISIONAL, _FAILURES = 1, 4
_MANY = 64
_LEFT, _GOOD, _READ = range(3)


class Answers(NamedTuple):
    """Places of records: those to be read, and good answers, which count behind a bad one."""

    read: Numbers
    good: Numbers


def answers_in(snapshot: Snapshot, places: Numbers) -> Answers:
    """Return which of SIP's records, in order, may answer OPTIONS; of good ones not all do."""
    data, spans = snapshot.data, snapshot.spans
    starts, ends = spans.starts[places], _ends(snapshot, places)
    marks = _first(places_of(data, _BEGINS), starts)
    marked, odd = marks < ends, spans.odd.touch(starts, ends)
    status = np.zeros(len(places), np.int64)
    stops = np.minimum(ends, starts + _MOST_LOOKED)
    status[marked] = _known(data, marks[marked], stops[marked])
    good = ~odd & (status > _PROVISIONAL) & (status < _FAILURES)
    read = ~odd & ~marked
    read[read] = np.isin(places[read], _holding(snapshot, places[read], {_CODE: re.compile(_CODE)}))
    # Numbers and words of the others are looked at one by one.
    read |= odd | (marked & ~good & (status != _PROVISIONAL))
    some = np.flatnonzero(read)
    columns = (column[some].tolist() for column in (starts, ends, status, marked, odd))
    for at, start, end, told, answers, strange in zip(some.tolist(), *columns, strict=True):
        kind = _kind(data[start:end], told, answers=answers, odd=strange)
        read[at], good[at] = kind == _READ, kind == _GOOD
    return Answers(places[read], places[good])


def _kind(text: bytes, status: int, *, answers: bool, odd: bool) -> int:
    """Return what is to be done with a record, of whose status the first figure may be known.

    `answers` says that one may stand in it, `odd` that characters may be other than bytes.
    """
    if odd and not (text.isascii() and b"\0" not in text):
        return _READ
    if not answers:
        return _READ if _CODE in text and _is_of_options(text) else _LEFT
    if not status and (found := _STATUS.search(text, 0, _MOST_LOOKED)):
        status = int(found[1])
    if _PROVISIONAL < status < _FAILURES:
        return _GOOD
    return _READ if status != _PROVISIONAL and _is_of_options(text) else _LEFT


def followers(good: Numbers, shown: Iterable[Record], snapshot: Snapshot) -> list[int]:
    """Return which of the good answers may follow a bad one that is shown: from the same source."""
    sources = {(record.head.src_ip or "").strip() for record in shown if is_of(record, SIP)}
    if not sources or not len(good):
        return []
    places = good
    if "" not in sources and len(sources) <= _MANY:
        # It stands between quotes, or between its key and a blank; a port may follow it.
        whole = rb"(?<![\w.:])%s(?![\w.])"
        asked = {one.encode(): re.compile(whole % re.escape(one.encode())) for one in sources}
        places = _holding(snapshot, good, asked)
    texts = zip(snapshot.spans.starts[places].tolist(), _ends(snapshot, places).tolist(),
                strict=True)  # fmt: skip
    fits = [_is_of_options(snapshot.data[start:end]) for start, end in texts]
    return [place for place, fit in zip(places.tolist(), fits, strict=True) if fit]


def _holding(snapshot: Snapshot, places: Numbers, asked: Mapping[bytes, Pattern]) -> Numbers:
    """Return the places of records in whose first lines one of some texts stands as it is asked."""
    found = [places[:0]]
    for own, lines in snapshot.spans.first_lines(snapshot.data, places):
        together = b"\n".join(lines)  # most often none stands in any
        some = [(text, how) for text, how in asked.items() if text in together]
        if some:
            found.append(own[[any(text in line and how.search(line) is not None
                                  for text, how in some) for line in lines]])  # fmt: skip
    return np.concatenate(found)


def _ends(snapshot: Snapshot, places: Numbers) -> Numbers:
    """Return up to where records are looked at."""
    spans = snapshot.spans
    ends: Numbers = np.append(spans.starts[1:], spans.size)[places]
    looked: Numbers = np.minimum(ends, spans.starts[places] + 4 * _MOST_LOOKED)
    return looked


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
