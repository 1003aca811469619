"""Which records of a log may tell of a connection, found in their bytes.

What is let through is judged by `ekukit.diagnosis.evidence.log_rows` as if the whole log were
there; what is held back would change nothing. Held back are records of the product's usual shape,
of which every part is looked at; any other line is let through unless none of the words that
`lines_of` asks for stands in it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ekukit.diagnosis.evidence.log_joins import is_end
from ekukit.diagnosis.evidence.log_kinds import RecordKind, kinds_of
from ekukit.diagnosis.evidence.log_rows import TCP, Line
from ekukit.diagnosis.evidence.quiet_lines import QuietLines
from ekukit.diagnosis.evidence.silent_lines import SilentLines
from ekukit.diagnosis.evidence.sip_answers import answers_in, followers
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot
from ekukit.log.stamps import Mask
from ekukit.log.words import Fate

_PORT = rb'"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3})"'
_TCP_LINE = re.compile(
    rb'([A-Za-z_][\w./-]{0,60})(?:\[\d{1,9}\])?: UTCTime="[\d :.,-]{0,40}" Module="network\.tcp"'
    rb' Level="([^"]{0,20})":  Src-ip="([\d.]{7,15})" Src-port=(' + _PORT
    + rb') Dst-ip="[\d.]{7,15}" Dst-port=' + _PORT
    + rb' Detail="([^"]{1,80})"(?: Reason="([^"]{1,80})")?[ \t]*'
)  # fmt: skip
# A line of TCP with other numbers: no word of the table is one.
_LIKE_IT = (
    '2026-01-01T00:00:00.000+00:00 {} {}: UTCTime="2026-01-01 00:00:00,000" Module="network.tcp" '
    'Level="{}":  Src-ip="192.0.2.1" Src-port="1" Dst-ip="192.0.2.2" Dst-port="2" Detail="{}"'
)


def telling(snapshot: Snapshot) -> list[Record]:
    """Return the records that may change what a log tells, in order."""
    kinds = kinds_of(snapshot)
    sorts, quiet = SilentLines(), QuietLines()
    for place, start, body, head in _lines(snapshot, kinds == RecordKind.UNTOLD):
        kinds[place] = sorts.kind(snapshot.data[start:head], body - start)
    for place, start, body, head in _lines(snapshot, kinds == RecordKind.OF_TCP):
        kinds[place] = _of_tcp(snapshot.data[start:head], body - start, quiet, place)
    answers = answers_in(snapshot, np.flatnonzero(kinds == RecordKind.OF_SIP))
    kinds[answers.read] = RecordKind.KEEP
    shown = list(snapshot.some(np.flatnonzero(kinds == RecordKind.KEEP).tolist()))
    more = {*quiet.joined_to(shown, snapshot), *followers(answers.good, shown, snapshot)}
    return sorted((*shown, *snapshot.some(sorted(more))), key=lambda record: record.line)


def _lines(snapshot: Snapshot, chosen: Mask) -> Iterator[tuple[int, int, int, int]]:
    """Yield places, and where their first lines, bodies and line ends are."""
    spans, places = snapshot.spans, np.flatnonzero(chosen)
    columns = (column[places].tolist() for column in (spans.starts, spans.bodies, spans.heads))
    return zip(places.tolist(), *columns, strict=True)


def _of_tcp(line: bytes, body: int, quiet: QuietLines, place: int) -> int:
    """Return KEEP or DROP for a line of TCP; what may count beside others is put to the quiet."""
    found = _TCP_LINE.fullmatch(line, body)
    if found is None:
        return RecordKind.KEEP
    process, level, source, port, detail, reason = found.groups()
    kind = _kind_of_words(line[:body].split()[1], process, level, detail, reason or b"")
    if kind != RecordKind.OF_TCP:
        return kind
    quiet.add(place, source, int(port[1:-1]))
    return RecordKind.DROP


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
