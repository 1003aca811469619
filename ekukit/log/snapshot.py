"""A log snapshot that stays bytes: what is asked for is cut out and decoded, nothing else."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ekukit.account import Piece
from ekukit.errors import InputError
from ekukit.log.changed_lines import as_written
from ekukit.log.keyless_text import SMALL, without_keys
from ekukit.log.records import (
    Record,
    counted,
    record_frame,
    records_of_plain,
    row_of,
    too_long,
)
from ekukit.mapped import mapped, still_there
from ekukit.private_keys import struck_out

if TYPE_CHECKING:
    import pandas as pd

    from ekukit.log.spans import Spans

Source = str | PathLike[str] | bytes | BinaryIO
COUNTS = ("records", "lines_in_no_record", "times_not_readable")
_ROWS = 20_000
# Records that are decoded together.
_TOGETHER = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """What was found out about a log elsewhere, without its bytes: `choice` took `chosen`."""

    spans: "Spans"
    counts: dict[str, int]
    choice: Callable[["Snapshot"], Iterable[Record]] | None
    chosen: tuple[Record, ...]


class Snapshot:
    """The records of one log by place; equal, record by record, to `ekukit.log.records.records`.

    `data` is plain text without private keys, but for NULs inside of lines, which are left out
    where somebody looks: no second copy of a large log is made. `places` are indexes of `spans`:
    usually one record each, more where several stand on one line.
    """

    def __init__(self, given: bytes, *, struck: bool = False) -> None:
        """Look for the records; no byte is decoded that is not odd.

        `struck` says that keys were struck out of the bytes, which then are looked through again
        only where as text they are others.
        """
        self._ready: Ready | None = None
        data, private, odd = without_keys(given, struck=struck)
        self.data, self.has_private_key = as_written(data), private
        if self.data is not data:  # a key that was wrapped or quoted is one now
            self.data, more = struck_out(self.data)
            self.has_private_key = private or more
        self._is_given = self.data is given
        self._odd = odd if self.data is data else None

    @classmethod
    def made(cls, given: bytes, ready: Ready) -> "Snapshot":
        """Return the snapshot of bytes about which all is known."""
        found = cls.__new__(cls)
        found.data, found.has_private_key, found.spans = given, False, ready.spans
        found._ready, found._is_given, found.counts = ready, True, ready.counts  # noqa: SLF001
        return found

    @cached_property
    def spans(self) -> "Spans":
        """Return where its records stand."""
        from ekukit.log.spans import spans_of  # numpy loads when it is first asked

        return spans_of(still_there(self.data), self._odd)

    @property
    def is_small(self) -> bool:
        """Return whether to decode all of it costs less than to look where what stands."""
        return len(self.data) <= SMALL

    @cached_property
    def _decoded_once(self) -> tuple[Record, ...]:
        return tuple(records_of_plain(still_there(self.data)))

    def ready(self, choice: Callable[["Snapshot"], Iterable[Record]] | None) -> Ready | None:
        """Return what `made` needs in another process; None where the bytes are not those given."""
        if not self._is_given:
            return None
        return Ready(self.spans, self.counts, choice, tuple(choice(self)) if choice else ())

    def chosen(self, choice: Callable[["Snapshot"], Iterable[Record]]) -> Iterable[Record]:
        """Return what a choice takes, which may have been made already."""
        known = self._ready is not None and self._ready.choice == choice
        return self._ready.chosen if known and self._ready else choice(self)

    def __len__(self) -> int:
        """Return how many rows the whole table has."""
        return self.counts["records"] + bool(self.counts["lines_in_no_record"])

    def some(self, places: Iterable[int]) -> Iterator[Record]:
        """Yield the records at some places, which come in order."""
        group: list[int] = []
        size = 0
        for place in places:
            group.append(int(place))
            size += self.spans.end(place) - int(self.spans.starts[place])
            if size > _TOGETHER:
                yield from self._decoded(group)
                group, size = [], 0
        if group:
            yield from self._decoded(group)

    def _decoded(self, places: list[int]) -> Iterator[Record]:
        spans = self.spans
        data = still_there(self.data)
        data = b"".join([data[spans.starts[at] : spans.end(at)] for at in places])
        numbers = [int(spans.numbers[at]) for at in places]
        firsts, line = [], 1
        for at, number in zip(places, numbers, strict=True):
            firsts.append(line)
            last = at + 1 >= len(spans.numbers)
            line += 0 if last else int(spans.numbers[at + 1]) - number
        for found in records_of_plain(data):
            place = bisect_right(firsts, found.line) - 1
            yield found._replace(line=found.line - firsts[place] + numbers[place])

    def records(self) -> Iterator[Record]:
        """Yield all records; those of a small log are decoded once."""
        if self.is_small:
            return iter(self._decoded_once)
        return records_of_plain(still_there(self.data))

    def of_line(self, line: int) -> Iterator[Record]:
        """Yield the record in which a line stands, with its body; two that begin on it both."""
        place = bisect_right(self.spans.numbers, line) - 1
        return self.some([place] if place >= 0 and line <= self.spans.lines else [])

    def table(self, *, bodies: bool = True) -> "pd.DataFrame":
        """Return all records as a table of COLUMNS; without `bodies` but for the last of them."""
        from ekukit.log.log_table import table_of

        if any(too_long(self.data)):  # of which less is kept than stands there
            frame = log_frame(self.records())
            return frame if bodies else frame.drop(columns="body")
        others = list(self.some(self._unusual))
        return table_of(still_there(self.data), self.spans, others, bodies=bodies)

    @property
    def _unusual(self) -> list[int]:
        import numpy as np

        unusual: list[int] = np.flatnonzero(~self.spans.usual).tolist()
        return unusual

    @cached_property
    def attrs(self) -> dict[str, Any]:
        """Return what `read_log` says beside its table."""
        counts, parts = self.counts, tuple(too_long(self.data))
        nothing = not counts["records"]
        if nothing:
            size = len(self.data) - self.data.count(b"\0")
            parts = (*parts, Piece("no line of it begins a record", 0, size))
        return {"has_private_key": self.has_private_key, "parts": parts, "nothing": nothing,
                "counts": counts}  # fmt: skip

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return COUNTS; of a large log only what is not usual is decoded for it."""
        if self.is_small:
            return dict(zip(COUNTS, counted(self._decoded_once), strict=True))
        spans = self.spans
        found, _, unreadable = counted(self.some(self._unusual[bool(spans.outside) :]))
        found += int(spans.usual.sum())
        return dict(zip(COUNTS, (found, spans.outside, unreadable), strict=True))


def log_frame(records: Iterable[Record]) -> "pd.DataFrame":
    """Return records as a table of `ekukit.log.records.COLUMNS`."""
    import pandas as pd

    given, frames = map(row_of, records), []
    # Piece by piece, since rows take many times the memory of columns.
    while rows := list(islice(given, _ROWS)):
        frames.append(record_frame(rows))
    return pd.concat(frames, ignore_index=True) if frames else record_frame([])


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
    snapshot = Snapshot(_bytes(source))
    frame = snapshot.table()
    frame.attrs |= snapshot.attrs
    return frame


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes):
        return source
    if not isinstance(source, (str, PathLike)):
        return source.read()
    try:
        with Path(source).open("rb") as file:
            return mapped(file) or file.read()
    except OSError as error:
        msg = f"{source}: cannot be read ({error.strerror}); name a loggingsnapshot file"
        raise InputError(msg) from None
    except ValueError as error:
        msg = f"{str(source)!r}: {error}; name a loggingsnapshot file"
        raise InputError(msg) from None
