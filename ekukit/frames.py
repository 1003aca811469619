"""Tables with fixed columns, which are the same when no row is in them; and as CSV.

What is read is rows (`Rows`); a DataFrame is made of them here, when somebody asks for one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ekukit.printable import visible

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet takes a text that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a table as plain values by column, None where nothing is told.

    `kinds` are the columns and their dtypes, `attrs` what its reader says beside it. A moment is a
    datetime, or whole nanoseconds since 1970.
    """

    kinds: Mapping[str, str]
    rows: Sequence[Row] = ()
    attrs: Mapping[str, object] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """Return the rows as a DataFrame, made once."""
        frame = typed_frame(self.rows, self.kinds)
        frame.attrs.update(self.attrs)
        return frame

    def each(self, *columns: str) -> list[str]:
        """Return the values of columns as texts, each once for a column, None left out."""
        found = [dict.fromkeys(row.get(name) for row in self.rows) for name in columns]
        return [str(value) for values in found for value in values if value is not None]


def text_rows(rows: Iterable[Sequence[str]], columns: Sequence[str]) -> Rows:
    """Return rows whose values, all of them texts, stand in the order of the columns."""
    kinds = dict.fromkeys(columns, "string")
    return Rows(kinds, [dict(zip(columns, row, strict=True)) for row in rows])


def frame_of(rows: Iterable[Sequence[object]], columns: Iterable[str]) -> "pd.DataFrame":
    """Return a table for people to read: each row in the order of the columns, dtype object."""
    import pandas as pd

    return pd.DataFrame([tuple(row) for row in rows], columns=list(columns), dtype=object)


def typed_frame(rows: Iterable[Mapping[str, object]], kinds: Mapping[str, str]) -> "pd.DataFrame":
    """Return a table for programs: columns and their dtypes are `kinds`.

    Integers keep all of their digits, beside a missing one too. A column that a row does not have
    is missing there, which a dtype such as bool cannot hold.
    """
    import pandas as pd

    found = list(rows)
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name) for row in found], dtype=kind)
            for name, kind in kinds.items()
        }
    )


def joined_frames(frames: Iterable["pd.DataFrame"], kinds: Mapping[str, str]) -> "pd.DataFrame":
    """Return tables as one with these columns and dtypes, whichever of them are empty."""
    import pandas as pd

    found = [frame for frame in frames if len(frame)]
    if found:
        return pd.concat(found, ignore_index=True)[list(kinds)].astype(dict(kinds))
    return typed_frame((), kinds)


def csv_of(frame: "pd.DataFrame", kinds: Mapping[str, str]) -> bytes:
    """Return a table as CSV in UTF-8; texts are the columns whose dtype in `kinds` is "string"."""
    shown = frame.copy()
    for name, kind in kinds.items():
        if kind == "string":
            shown[name] = shown[name].map(_cell, na_action="ignore")
    return shown.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n").encode()


def _cell(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
