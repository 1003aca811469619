"""Where in a log SIP answers to OPTIONS stand, and which good ones follow a bad one."""

import re
from collections.abc import Iterable

import numpy as np

from ekukit.diagnosis.evidence.log_rows import SIP
from ekukit.diagnosis.evidence.quiet_lines import is_of
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot

_BEGINS = b"|SIP/2.0 "
_STATUS = re.compile(rb"\|SIP/2\.0 ([1-6])\d\d")
# So many characters of a record are looked at, each of at most four bytes.
_MOST_LOOKED = 4096
_PROVISIONAL, _FAILURES = 1, 4
_MANY = 64


def answers_in(snapshot: Snapshot) -> dict[int, bool]:
    """Return the places of records that may answer OPTIONS, and whether the answer is good."""
    data, spans = snapshot.data, snapshot.spans
    marks, mark = [], data.find(_BEGINS)
    while mark >= 0:
        marks.append(mark)
        mark = data.find(_BEGINS, mark + 1)
    places = np.unique(np.searchsorted(spans.starts, marks, "right") - 1) if marks else ()
    found = {}
    for place in map(int, places):
        start = int(spans.starts[place])
        text = data[start : min(spans.end(place), start + 4 * _MOST_LOOKED)]
        if not text.isascii():
            found[place] = False
        elif b"OPTIONS" in text or b"OPTIONS" in text.upper():
            status = _STATUS.search(text[:_MOST_LOOKED])
            if status is None or int(status[1]) != _PROVISIONAL:
                found[place] = status is not None and int(status[1]) < _FAILURES
    return found


def followers(fine: list[int], shown: Iterable[Record], snapshot: Snapshot) -> list[int]:
    """Return which of the good answers may follow a bad one that is shown: from the same source."""
    sources = {(record.head.src_ip or "").strip() for record in shown if is_of(record, SIP)}
    if not sources or not fine:
        return []
    if "" in sources or len(sources) > _MANY:
        return fine
    spans, wanted = snapshot.spans, [source.encode() for source in sources]
    heads = ((place, snapshot.data[spans.starts[place] : spans.heads[place]]) for place in fine)
    return [place for place, head in heads if any(source in head for source in wanted)]
