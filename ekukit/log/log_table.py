"""All records of a log as one table, made of columns."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ekukit.log.grammar import with_plain_quotes
from ekukit.log.log_columns import UsualLines
from ekukit.log.records import COLUMNS, Record, record_frame, row_of
from ekukit.log.spans import Spans
from ekukit.log.stamps import Offsets
from ekukit.plaintext import decoded

if TYPE_CHECKING:
    import pandas as pd

# Records whose text is cut out of a common one.
_TOGETHER = 1024


def table_of(
    data: bytes, spans: Spans, others: Sequence[Record], *, bodies: bool = True
) -> "pd.DataFrame":
    """Return every record as a row of COLUMNS, without the last of them where not `bodies`.

    `others` are the records at places that are not usual, in order.
    """
    import pandas as pd

    usual = UsualLines(data, spans)
    table = _Rows(spans, others)
    told = record_frame([row_of(record) for record in others])
    numbers = np.append(spans.numbers, spans.lines + 1)
    times = table.merged(spans.times.view("M8[ns]"), told["time"].dt.tz_localize(None))
    series: dict[str, Any] = {
        "line": table.merged(spans.numbers, told["line"]),
        "lines": table.merged(np.diff(numbers), told["lines"]),
        "time": pd.Series(times).dt.tz_localize("UTC"),
    }
    for name in list(usual.columns):
        shared = usual.columns.pop(name)
        codes = np.empty(len(table), np.int32)
        codes[table.usual] = shared.codes
        codes[table.rest] = [shared.place(getattr(record.head, name)) for record in others]
        known: Any = pd.Series(shared.kept or [None], dtype=COLUMNS[name]).array
        series[name] = known.take(codes, allow_fill=True)
    if bodies:
        series["body"] = pd.Series(table.bodies(data, spans), dtype=COLUMNS["body"])
    return pd.DataFrame({name: series[name] for name in COLUMNS if name in series}, copy=False)


class _Rows:
    """Which rows are of the usual places, and which of the other records."""

    def __init__(self, spans: Spans, others: Sequence[Record]) -> None:
        lines = np.array([record.line for record in others], np.int64)
        beside = np.searchsorted(spans.numbers, lines, "right") - 1
        counts = spans.usual + np.bincount(beside, minlength=len(spans.starts))
        self._size, self._others = int(counts.sum()), others
        self._places = np.flatnonzero(spans.usual)
        self.usual: Offsets = (np.cumsum(counts) - counts)[self._places]
        free = np.ones(self._size, bool)
        free[self.usual] = False
        self.rest: Offsets = np.flatnonzero(free)

    def __len__(self) -> int:
        return self._size

    def merged(self, values: NDArray[Any], others: "pd.Series[Any]") -> NDArray[Any]:
        """Return a column: of each place its value, and those of the other records."""
        column = np.empty(self._size, values.dtype)
        column[self.usual], column[self.rest] = values[self._places], others
        return column

    def bodies(self, data: bytes, spans: Spans) -> NDArray[np.object_]:
        """Return the text of every record."""
        column = np.empty(self._size, object)
        column[self.rest] = [record.body for record in self._others]
        starts = spans.starts[self._places]
        ends = np.append(spans.starts[1:], spans.size)[self._places]
        # The last line of a log may have no end.
        ends -= np.frombuffer(data, np.uint8)[ends - 1] == ord("\n")
        for at in range(0, len(starts), _TOGETHER):
            own = slice(at, at + _TOGETHER)
            column[self.usual[own]] = list(_texts(data, starts[own], ends[own]))
        return column


def _texts(data: bytes, starts: Offsets, ends: Offsets) -> Iterator[str]:
    first = int(starts[0])
    piece = data[first : ends[-1]]
    spans = zip((starts - first).tolist(), (ends - first).tolist(), strict=True)
    if piece.isascii() and b"&" not in piece and b"\0" not in piece:
        text = piece.decode()
        yield from (text[start:end] for start, end in spans)
    else:
        yield from (with_plain_quotes(decoded(piece[start:end].replace(b"\0", b"")))
                    for start, end in spans)  # fmt: skip
