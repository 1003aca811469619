"""The log snapshot of a diagnostic archive: one grammar, every line kept, nothing raised."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from ekukit.account import PartFate, Piece
from ekukit.errors import InputError
from ekukit.log.grammar import GLUED, MOST_READ, START, Head, head, with_plain_quotes
from ekukit.plaintext import decoded, plain_text
from ekukit.private_keys import struck_out

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "line": "int64", "lines": "int64", "time": "datetime64[ns, UTC]", "host": "string",
    "process": "string", "pid": "Int64", "module": "string", "level": "string",
    "event": "string", "detail": "string", "reason": "string", "src_ip": "string",
    "src_port": "Int64", "dst_ip": "string", "dst_port": "Int64", "body": "string",
}  # fmt: skip

Source = str | PathLike[str] | bytes | BinaryIO
COUNTS = ("records", "lines_in_no_record", "times_not_readable")
_PIECE = 1 << 20
_ROWS = 20_000
_LONGEST_LINE = 4 << 20


class Record(NamedTuple):
    """A record of a log: where it is, what its first line says, and its whole text."""

    line: int
    lines: int
    head: Head
    body: str


def read_log(source: Source) -> "pd.DataFrame":
    """Return one row for each record of a log snapshot, continuation lines in its body.

    `source` is a path, an open binary file, or bytes such as pasted lines; any encoding and line
    end of `plain_text`. Columns and dtypes are COLUMNS, also of an empty table: `line` is the
    number of the first line (from 1), `lines` how many the record has, so that every line of the
    file belongs to a record; `time` is UTC, NaT when not told or not to be read, such as a leap
    second; `body` is the record's whole text. The others are those of `log_grammar.head`. Lines
    before the first record form a record without time. Two records on one line share its number.
    Private keys are struck out; `attrs["has_private_key"]` says whether there was one,
    `attrs["counts"]` has COUNTS, `attrs["parts"]` what was cut from lines of more than 4 MiB, and
    `attrs["nothing"]` whether no line begins a record.

    Raises InputError when the file cannot be opened; never for what it contains. Not checked: the
    order of the times, and whether any value is true.
    """
    import pandas as pd

    data, private = struck_out(plain_text(_bytes(source)))
    parts = tuple(_too_long(data))
    given = ((line, lines, *said, body) for line, lines, said, body in records(data))
    frames: list[pd.DataFrame] = []
    outside = told = 0
    # Piece by piece, since rows take many times the memory of columns.
    while rows := list(islice(given, _ROWS)):
        if not frames and rows[0][2:-1] == _NOTHING:
            outside = rows[0][1]
        told += sum(row[2] is not None for row in rows)
        frames.append(_frame(rows))
    frame = pd.concat(frames, ignore_index=True) if frames else _frame([])
    nothing = len(frame) == bool(outside)
    if nothing:
        parts = (*parts, Piece("no line of it begins a record", 0, len(data)))
    counts = len(frame) - bool(outside), outside, int(told - frame["time"].notna().sum())
    frame.attrs |= {
        "has_private_key": private, "parts": parts, "nothing": nothing,
        "counts": dict(zip(COUNTS, counts, strict=True)),
    }  # fmt: skip
    return frame


def _frame(rows: Sequence[tuple[object, ...]]) -> "pd.DataFrame":
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
    number = 1
    last: Record | None = None
    more: list[str] = []
    for text in _pieces(plain_text(data)):
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
        piece = data[place : min(end, last + _LONGEST_LINE)]
        if end == len(data):
            piece = piece.removesuffix(b"\n")
        yield "\n" + with_plain_quotes(decoded(piece))
        place = end + 1


def _too_long(data: bytes) -> Iterator[Piece]:
    """Yield what is cut from lines that are too long to be kept whole."""
    place, number = 0, 1
    while place + _LONGEST_LINE < len(data):
        end = data.rfind(b"\n", place, place + _LONGEST_LINE + 1)
        if end < 0:
            end = data.find(b"\n", place)
            end = len(data) if end < 0 else end
            size = end - place - _LONGEST_LINE
            told = f"line {number} has {end - place} bytes; the first {_LONGEST_LINE} were read"
            yield Piece(told, place + _LONGEST_LINE, size, PartFate.SKIPPED)
        number += data.count(b"\n", place, end + 1)
        place = end + 1


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes):
        return source
    if not isinstance(source, (str, PathLike)):
        return source.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        msg = f"{source}: cannot be read ({error.strerror}); name a loggingsnapshot file"
        raise InputError(msg) from None
    except ValueError as error:
        msg = f"{str(source)!r}: {error}; name a loggingsnapshot file"
        raise InputError(msg) from None
