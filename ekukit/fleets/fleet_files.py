"""The tables of a fleet as Parquet: written beside and renamed, equal bytes for equal rows."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ekukit.errors import InputError
from ekukit.fleets.case_reading import ReadCase, ReadingOptions
from ekukit.fleets.fleet_columns import (
    CAUSE_COLUMNS,
    KINDS,
    ROW_COLUMNS,
    RUN_COLUMNS,
    SCHEMA_VERSION,
    FleetColumn,
    dtypes,
)
from ekukit.fleets.fleet_tables import FleetTables
from ekukit.fleets.kit_version import kit_version
from ekukit.machine_faults import refused
from ekukit.printable import visible

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_GROUP = 2000
_SCHEMA, _KIT = b"ekukit.schema", b"ekukit.kit"


@dataclass(frozen=True, slots=True)
class FleetFiles:
    """The files of a fleet: rows, causes, what the run took, and what is done."""

    rows: Path

    def _beside(self, ending: str) -> Path:
        return self.rows.with_name(f"{self.rows.stem}.{ending}")

    @property
    def causes(self) -> Path:
        """Return the table of causes."""
        return self._beside("causes.parquet")

    @property
    def runs(self) -> Path:
        """Return the table of what each case took."""
        return self._beside("runs.parquet")

    @property
    def done(self) -> Path:
        """Return the file of what is done."""
        return self._beside("done.jsonl")


def write_tables(files: FleetFiles, found: Iterable[ReadCase], options: ReadingOptions) -> None:
    """Write the three tables of cases, which are given in order; raises InputError when it cannot.

    Rows and causes hold nothing that another run would measure differently. Names, kinds and
    meaning of the columns, schema and kit stand in each file's metadata. Mode 0600.
    """
    try:
        with ExitStack() as stack:
            tables = [
                stack.enter_context(_Table(path, columns, options))
                for path, columns in ((files.rows, ROW_COLUMNS), (files.causes, CAUSE_COLUMNS),
                                      (files.runs, RUN_COLUMNS))
            ]  # fmt: skip
            for case in found:
                for table, rows in zip(tables, (case.rows, case.causes, [case.run]), strict=True):
                    table.add(rows)
    except OSError as error:
        raise InputError(refused(files.rows, error)) from None


class _Table:
    """A Parquet file while it is written, a group of rows at a time."""

    def __init__(
        self, path: Path, columns: Mapping[str, FleetColumn], options: ReadingOptions
    ) -> None:
        self._path, self._new = path, path.with_name(f".{path.name}.new")
        self._columns, self._schema = columns, _schema(columns, options)
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        from pyarrow.parquet import ParquetWriter

        self._new.unlink(missing_ok=True)
        self._file = os.fdopen(
            os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        )
        self._writer: Any = ParquetWriter(self._file, self._schema, compression="zstd")
        return self

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            self._rows.append({name: _value(row.get(name), column.kind)
                               for name, column in self._columns.items()})  # fmt: skip
        if len(self._rows) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows.clear()

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None and self._rows:
            self._flush()
        self._writer.close()
        self._file.close()
        if kind is None:
            self._new.replace(self._path)
        else:
            self._new.unlink(missing_ok=True)


def _value(value: object, kind: str) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, str) and kind == "day":
        return date.fromisoformat(value)
    if isinstance(value, str) and kind == "moment":
        return datetime.fromisoformat(value)
    # What a stranger's name holds may be no text that UTF-8 has.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _schema(columns: Mapping[str, FleetColumn], options: ReadingOptions) -> "pa.Schema":
    import pyarrow as pa

    types = {"date32[day]": pa.date32(), "timestamp[us, tz=UTC]": pa.timestamp("us", "UTC"),
             "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_(),
             "string": pa.string()}  # fmt: skip
    fields = [
        pa.field(name, types[KINDS[column.kind][1]], metadata={"holds": column.holds})
        for name, column in columns.items()
    ]
    at, renewed_by, leads = options.words
    told = {
        _SCHEMA: str(SCHEMA_VERSION),
        _KIT: kit_version(),
        b"ekukit.judged": at or "each archive at its own time",
        b"ekukit.renewed_by": renewed_by,
        b"ekukit.lead": leads,
        b"ekukit.columns": json.dumps({name: column.holds for name, column in columns.items()}),
    }
    return pa.schema(fields, metadata=told)


def read_tables(path: Path) -> FleetTables:
    """Return the tables of a fleet that was written before.

    Raises InputError for a file that is not there, is no table of a fleet, or has another schema.
    """
    files = FleetFiles(path)
    return FleetTables(
        _read(files.rows, ROW_COLUMNS),
        _read(files.causes, CAUSE_COLUMNS),
        _read(files.runs, RUN_COLUMNS),
    )


def _read(path: Path, columns: Mapping[str, FleetColumn]) -> "pd.DataFrame":
    import pyarrow as pa
    from pyarrow import parquet

    shown = visible(str(path))
    try:
        table = parquet.read_table(path)
    except (OSError, pa.ArrowException) as error:
        msg = f"{shown}: cannot be read ({type(error).__name__}); name what ekukit fleet wrote"
        raise InputError(msg) from None
    found = (table.schema.metadata or {}).get(_SCHEMA, b"none").decode("utf-8", "replace")
    if found != str(SCHEMA_VERSION):
        msg = (
            f"{shown}: schema {visible(found)}, and this kit reads {SCHEMA_VERSION}; run ekukit "
            "fleet on the archives again"
        )
        raise InputError(msg)
    frame: pd.DataFrame = table.select(list(columns)).to_pandas(date_as_object=False)
    return frame.astype(dtypes(columns))
