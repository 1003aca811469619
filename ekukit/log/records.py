"""The log snapshot of a diagnostic archive: one grammar, every line kept, nothing raised."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ekukit.account import PartFate, Piece
from ekukit.log.changed_lines import as_written
from ekukit.log.grammar import GLUED, MOST_READ, START, Head, head, with_plain_quotes
from ekukit.log.record_times import moment_of
from ekukit.plaintext import decoded, plain_text

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "line": "int64", "lines": "int64", "time": "datetime64[ns, UTC]", "host": "string",
    "process": "string", "pid": "Int64", "module": "string", "level": "string",
    "event": "string", "detail": "string", "reason": "string", "src_ip": "string",
    "src_port": "Int64", "dst_ip": "string", "dst_port": "Int64", "body": "string",
}  # fmt: skip

_PIECE = 1 << 20
LONGEST_LINE = 4 << 20


class Record(NamedTuple):
    """A record of a log: where it is, what its first line says, and its whole text."""

    line: int
    lines: int
    head: Head
    body: str


def row_of(record: Record) -> tuple[object, ...]:
    """Return a record as a row of COLUMNS."""
    return (record.line, record.lines, *record.head, record.body)


def record_frame(rows: Sequence[tuple[object, ...]]) -> "pd.DataFrame":
    """Return rows of COLUMNS as a table."""
    import pandas as pd

    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    series = {}
    for (name, kind), values in zip(COLUMNS.items(), columns, strict=True):
        if name == "time":
            times = pd.to_datetime(
                pd.Series(values, dtype="object"), utc=True, format="ISO8601", errors="coerce"
            )
            series[name] = times.dt.as_unit("ns")
        else:
            series[name] = pd.Series(_shared(values) if kind == "string" else values, dtype=kind)
    return pd.DataFrame(series)


def _shared(values: Iterable[object]) -> list[object]:
    """Return the values with one object for those that are equal."""
    seen: dict[object, object] = {}
    return [seen.setdefault(value, value) for value in values]


def records(data: bytes) -> Iterator[Record]:
    """Yield the records of a log in the order of the file; their lines follow without a hole."""
    return records_of_plain(as_written(plain_text(data)))


def records_of_plain(data: bytes) -> Iterator[Record]:
    """Yield the same of what is plain text but for NULs; whole lines may be left out of it."""
    number = 1
    last: Record | None = None
    more: list[str] = []
    for text in _pieces(data):
        # Each line of `text` follows a line end, the first one too.
        end, size = len(text), 0
        starts = list(START.finditer(text))
        ahead = starts[0].start() if starts else end
        if ahead:
            size = text.count("\n", 0, ahead)
            if last is None:
                last = Record(number, 0, _NOTHING, "")
            elif not more:
                more.append(last.body)
            more.append(text[1:ahead])
            last = last._replace(lines=last.lines + size)
        number += size
        ends = [*(found.start() for found in starts[1:]), end]
        for found, until in zip(starts, ends, strict=False):  # nothing starts, or as many end
            if last is not None:
                yield _closed(last, more)
            start, rest = found.span()
            size = text.count("\n", start, until)
            line_end = text.find("\n", rest, until) if size > 1 else until
            time, host, start = found[1], found[2], start + 1
            for glued in GLUED.finditer(text, rest, min(line_end, rest + MOST_READ)):
                if text[glued.start() - 1] in " \t":
                    cut = glued.start()
                    yield Record(number, 1, head(time, host, text[rest:cut]), text[start:cut])
                    start, rest, time, host = cut, glued.end(), glued[1], glued[2]
            said = head(time, host, text[rest : min(line_end, rest + MOST_READ)])
            last = Record(number, size, said, text[start:until])
            number += size
    if last is not None:
        yield _closed(last, more)


_NOTHING = Head(None, None)


def counted(records: Iterable[Record]) -> tuple[int, int, int]:
    """Return how many they are, the lines before the first, and the times that no clock shows."""
    found = outside = unreadable = 0
    for record in records:
        if record.head is _NOTHING:
            outside = record.lines
            continue
        found += 1
        time = record.head.time
        unreadable += time is not None and moment_of(time) is None
    return found, outside, unreadable


def _closed(last: Record, more: list[str]) -> Record:
    if more:
        last = last._replace(body="\n".join(more))
        more.clear()
    return last


def _pieces(data: bytes) -> Iterator[str]:
    """Yield the text in pieces of whole lines, each line after a line end instead of before."""
    place = 0
    while place < len(data):
        end = data.find(b"\n", min(place + _PIECE, len(data)))
        end = len(data) if end < 0 else end
        last = data.rfind(b"\n", place, min(place + _PIECE, end)) + 1 or place
        piece = data[place : min(end, last + LONGEST_LINE)]
        if end == len(data):
            piece = piece.removesuffix(b"\n")
        if b"\0" in piece:
            piece = piece.replace(b"\0", b"")
        yield "\n" + with_plain_quotes(decoded(piece))
        place = end + 1


def too_long(data: bytes) -> Iterator[Piece]:
    """Yield what is cut from lines that are too long to be kept whole."""
    place = 0
    while place + LONGEST_LINE < len(data):
        end = data.rfind(b"\n", place, place + LONGEST_LINE + 1)
        if end < 0:
            end = data.find(b"\n", place)
            end = len(data) if end < 0 else end
            size = end - place - LONGEST_LINE
            number = data.count(b"\n", 0, place) + 1
            told = f"line {number} has {end - place} bytes; the first {LONGEST_LINE} were read"
            yield Piece(told, place + LONGEST_LINE, size, PartFate.SKIPPED)
        place = end + 1
