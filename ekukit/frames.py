"""Tables with fixed columns, which are the same when no row is in them; and as CSV."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ekukit.printable import visible

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet takes a text that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
