"""Where in a log SIP answers to OPTIONS stand, and which good ones follow a bad one."""

import re
from collections.abc import Iterable

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


def answer_at(snapshot: Snapshot, place: int, start: int) -> bool | None:
    """Return whether the record at a place, which begins there, may answer OPTIONS well.

    None when it answers nothing.
    """
    text = snapshot.data[start : min(snapshot.spans.end(place), start + 4 * _MOST_LOOKED)]
    if _BEGINS not in text and b"\0" not in text:
        return None
    if not text.isascii() or b"\0" in text:
        return False
    status = _STATUS.search(text[:_MOST_LOOKED])
    if status is not None and int(status[1]) == _PROVISIONAL:
        return None
    if b"OPTIONS" not in text and b"OPTIONS" not in text.upper():
        return None
    return status is not None and int(status[1]) < _FAILURES


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
