"""The log snapshot of a diagnostic archive: one grammar, every line kept, nothing raised."""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from ekukit.archive.log_grammar import GLUED, MOST_READ, START, Head, head
from ekukit.archive.privatekeys import struck_out
from ekukit.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "line": "int64", "lines": "int64", "time": "datetime64[ns, UTC]", "host": "string",
    "process": "string", "pid": "Int64", "module": "string", "level": "string",
    "event": "string", "detail": "string", "reason": "string", "src_ip": "string",
    "src_port": "Int64", "dst_ip": "string", "dst_port": "Int64", "body": "string",
}  # fmt: skip

Source = str | PathLike[str] | bytes | BinaryIO
_PIECE = 4 << 20


class Record(NamedTuple):
    """A record of a log: where it is, what its first line says, and its whole text."""

    line: int
    lines: int
    head: Head
    body: str


def read_log(source: Source) -> "pd.DataFrame":
    """Return one row for each record of a log snapshot, continuation lines in its body.

    `source` is a path, an open binary file, or bytes such as pasted lines. Columns and dtypes are
    COLUMNS, also of an empty table: `line` is the number of the first line (from 1), `lines` how
    many the record has, so that every line of the file belongs to a record; `time` is UTC, NaT
    when not told; `body` is the record's whole text. The others are those of `log_grammar.head`.
    Lines before the first record form a record without time. Two records on one line share its
    number. Private keys are struck out; `attrs["has_private_key"]` says whether there was one.

    Raises InputError when the file cannot be opened; never for what it contains. Invalid UTF-8
    becomes U+FFFD. Not checked: the order of the times, and whether any value is true.
    """
    import pandas as pd

    data, private = struck_out(_bytes(source))
    rows = [(line, lines, *said, body) for line, lines, said, body in records(data)]
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    series = {}
    for (name, kind), values in zip(COLUMNS.items(), columns, strict=True):
        if name == "time":
            times = pd.to_datetime(
                pd.Series(values, dtype="object"), utc=True, format="ISO8601", errors="coerce"
            )
            series[name] = times.dt.as_unit("ns")
        else:
            series[name] = pd.Series(values, dtype=kind)
    frame = pd.DataFrame(series)
    frame.attrs["has_private_key"] = private
    return frame


def records(data: bytes) -> Iterator[Record]:
    """Yield the records of a log in the order of the file; their lines follow without a hole."""
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


def _closed(last: Record, more: list[str]) -> Record:
    if more:
        last = last._replace(body="\n".join(more))
        more.clear()
    return last


def _pieces(data: bytes) -> Iterator[str]:
    """Yield the text in pieces of whole lines, each line after a line end instead of before."""
    place = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while place < len(data):
        end = data.find(b"\n", min(place + _PIECE, len(data)))
        end = len(data) if end < 0 else end
        piece = data[place:end].removesuffix(b"\r")
        if end == len(data):
            piece = piece.removesuffix(b"\n").removesuffix(b"\r")
        yield "\n" + piece.decode("utf-8", "replace").replace("\r\n", "\n")
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
