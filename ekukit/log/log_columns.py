"""All records of a log as columns, made of its bytes; equal to the grammar's, row by row."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from ekukit.log.alike import AlikeLines, alike
from ekukit.log.grammar import MOST_READ, head
from ekukit.log.line_shapes import NEVER_EMPTY, TEXTS, shape_of, value_of
from ekukit.log.shared_texts import SharedPorts, SharedTexts
from ekukit.log.spans import Spans
from ekukit.log.stamps import Mask, Offsets

# Lines that are looked at together; behind each, so many bytes must be there.
_TOGETHER, _BEHIND = 1 << 15, 8
_MOST_KNOWN = 20_000
_OF_BODY = ("process", "pid", *TEXTS)


def _column(name: str, rows: int) -> SharedTexts:
    if name.endswith("_port"):
        return SharedPorts(rows)
    return SharedTexts(rows, partial(value_of, name))


class UsualLines:
    """What the usual records of a log say, one row for each of `places`."""

    def __init__(self, data: bytes, spans: Spans) -> None:
        """Read all of them; those of rare shapes are read by the grammar itself."""
        self.places = np.flatnonzero(spans.usual)
        self.columns = {name: _column(name, len(self.places)) for name in ("host", *_OF_BODY)}
        host = self.columns["host"]
        names = np.array([host.place(name) for name in spans.names], np.int64)
        host.codes[:] = names[spans.hosts[self.places]] if len(names) else -1
        self._data = data
        self._heads: dict[bytes, tuple[int, ...]] = {}
        self._begins, self._ends = spans.bodies[self.places], spans.heads[self.places]
        fits = (self._ends + _BEHIND <= len(data)) & (self._ends - self._begins <= MOST_READ)
        read = np.zeros(len(self.places), bool)
        rows = np.flatnonzero(fits)
        for at in range(0, len(rows), _TOGETHER):
            self._together(rows[at : at + _TOGETHER], read)
        for row in np.flatnonzero(~read).tolist():
            self._alone(row)

    def _together(self, rows: Offsets, read: Mask) -> None:
        spans = {name: (np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64))
                 for name in TEXTS}  # fmt: skip
        for lines in alike(self._data, self._begins[rows], self._ends[rows]):
            read[rows[self._take(lines, rows, spans)]] = True
        for name, (starts, ends) in spans.items():
            own = np.flatnonzero(starts)
            self.columns[name].put(rows[own], self._data, (starts[own], ends[own]))

    def _take(
        self, lines: AlikeLines, rows: Offsets, spans: Mapping[str, tuple[Offsets, Offsets]]
    ) -> Offsets:
        """Take what lines that are alike say; return those of which it could be taken."""
        shape = shape_of(lines.outside)
        if shape is None:
            return lines.rows[:0]
        good = np.ones(len(lines.rows), bool)
        for name in NEVER_EMPTY:
            if isinstance(at := shape.said.get(name), int):
                good &= lines.ends[at] > lines.starts[at]
        own = lines.rows[good]
        for name, said in {**shape.said, "process": shape.process}.items():
            if isinstance(said, int):
                starts, ends = spans[name]
                starts[own], ends[own] = lines.starts[said, good], lines.ends[said, good]
            elif said is not None:
                column = self.columns[name]
                column.codes[rows[own]] = column.place(value_of(name, said))
        self.columns["pid"].codes[rows[own]] = self.columns["pid"].place(shape.pid)
        return own

    def _alone(self, row: int) -> None:
        rest = self._data[self._begins[row] : self._ends[row]]
        codes = self._heads.get(rest)
        if codes is None:
            if len(self._heads) > _MOST_KNOWN:
                self._heads.clear()
            said = head(None, "", rest.decode().lstrip(" \t"))._asdict()
            codes = tuple(self.columns[name].place(said[name]) for name in _OF_BODY)
            self._heads[rest] = codes
        for name, code in zip(_OF_BODY, codes, strict=True):
            self.columns[name].codes[row] = code
