"""Where in a log SIP answers to OPTIONS stand, and which good ones follow a bad one."""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ekukit.diagnosis.evidence.answers import is_failure_below
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
_IS_CODE = re.compile(_CODE)
# So many characters of a record are looked at, each of at most four bytes.
_MOST_LOOKED = 4096
_PROVISIONAL, _FAILURES = 1, 4
_MANY, _TOGETHER = 64, 64
# A zone asks at least every minute.
_LATE = 1024


class Answers(NamedTuple):
    """Places of records: those to be read, and good answers, which count behind a bad one."""

    read: Numbers
    good: Numbers


def answers_in(snapshot: Snapshot, places: Numbers) -> Answers:
    """Return which of SIP's records, in order, may answer OPTIONS; of good ones not all do."""
    data, spans = snapshot.data, snapshot.spans
    starts, ends = spans.starts[places], _ends(snapshot, places)
    odd = np.zeros(len(places), bool)  # whose characters may be other than bytes
    some = np.flatnonzero(spans.odd.touch(starts, ends))
    odd[some] = [b"\0" in text or not text.isascii() for text in _texts(snapshot, places[some])]
    marks = _first(places_of(data, _BEGINS), starts)
    marked = marks < ends
    status = _statuses(data, starts, np.where(marked, marks, -1), ends)
    good = ~odd & (status > _PROVISIONAL) & (status < _FAILURES)
    asked = ~odd & ~marked
    asked[asked] = np.isin(places[asked], _holding(snapshot, places[asked], {_CODE: _IS_CODE}))
    asked |= ~odd & marked & ~good & (status != _PROVISIONAL)
    return Answers(np.union1d(places[odd], _of_options(snapshot, places[asked])), places[good])


def _statuses(data: bytes, starts: Numbers, marks: Numbers, ends: Numbers) -> Numbers:
    """Return the first figures of the statuses of records that have marks, 0 where there is none.

    No mark is -1.
    """
    stops = np.minimum(ends, starts + _MOST_LOOKED)
    known = np.zeros(len(starts), np.int64)
    marked = marks >= 0
    known[marked] = _known(data, marks[marked], stops[marked])
    for at in np.flatnonzero(marked & (known == 0)).tolist():
        if found := _STATUS.search(data[starts[at] : stops[at]]):
            known[at] = int(found[1])
    return known


def followers(good: Numbers, shown: Iterable[Record], snapshot: Snapshot) -> Numbers:
    """Return which of the good answers may follow a bad one that is shown: from the same source.

    Or TLS that failed with that source as the answering end; for these the last answers of the log
    are looked at, since it is asked whether it works at last.
    """
    records = list(shown)
    bad = {(one.head.src_ip or "").strip() for one in records if is_of(one, SIP)}
    below = {(one.head.dst_ip or "").strip() for one in records if _failed_below(one)}
    late = _from(below - bad, good[-_LATE:], snapshot)
    return np.union1d(_from(bad, good, snapshot), late)


def _failed_below(record: Record) -> bool:
    said = record.head
    texts = said.event or "", (said.module or "").strip().lower(), said.detail or ""
    return is_failure_below(*texts, said.dst_port)


def _from(sources: AbstractSet[str], good: Numbers, snapshot: Snapshot) -> Numbers:
    """Return which good answers, to OPTIONS, are from one of some sources."""
    if not sources or not len(good):
        return good[:0]
    places = good
    if "" not in sources and len(sources) <= _MANY:
        # It stands between quotes, or between its key and a blank; a port may follow it.
        whole = rb"(?<![\w.:])%s(?![\w.])"
        asked = {one.encode(): re.compile(whole % re.escape(one.encode())) for one in sources}
        places = _holding(snapshot, good, asked)
    return _of_options(snapshot, places)


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


def _of_options(snapshot: Snapshot, places: Numbers) -> Numbers:
    """Return which records, looked at so far, name OPTIONS, in whatever case."""
    found = [places[:0]]
    for at in range(0, len(places), _TOGETHER):
        own = places[at : at + _TOGETHER]
        texts = _texts(snapshot, own)
        # Letters become small ones, and nothing else a letter; most often none names it.
        small = np.frombuffer(b"\n".join(texts), np.uint8) | ord(" ")
        if b"options" in small.tobytes():
            found.append(own[[b"OPTIONS" in text.upper() for text in texts]])
    return np.concatenate(found)


def _texts(snapshot: Snapshot, places: Numbers) -> list[bytes]:
    """Return records as far as they are looked at."""
    spans = zip(snapshot.spans.starts[places].tolist(), _ends(snapshot, places).tolist(),
                strict=True)  # fmt: skip
    return [snapshot.data[start:end] for start, end in spans]
