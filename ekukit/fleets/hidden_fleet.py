"""A fleet without what names its customers: only what is known to be harmless is left."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ekukit.fleets.case_rows import ids
from ekukit.fleets.fleet_columns import CAUSE_COLUMNS, ROW_COLUMNS, RUN_COLUMNS, FleetColumn, dtypes
from ekukit.fleets.fleet_tables import FleetTables, split
from ekukit.frames import typed_frame
from ekukit.renewals.ca_words import calendar_ca

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[Any, Any]
_OID = re.compile(r"\b\d+(?:\.\d+)+\b")
Change = Callable[[Row, str], object]
# Columns that hold the kit's own words, numbers and days. Every other column is emptied unless
# something is written in its place: a column that is added is hidden until somebody looks at it.
_KEPT = frozenset((
    "role", "release", "eku_checking", "server_public", "client_public", "server_expires",
    "client_expires", "ca", "causes", "active", "failed", "unknown", "seen_failing", "down",
    "client_auth_gone", "client_auth_gone_earliest", "client_auth_gone_latest", "dark_day",
    "goes_down", "act_by", "not_understood", "unread", "files", "kind", "code", "day", "effects",
    "doubtful", "basis", "facts", "seen", "seconds", "tries", "memory",
))  # fmt: skip


def hidden(tables: FleetTables) -> FleetTables:
    """Return the tables under pseudonyms: cases by number in their order, nodes by side.

    Issuers are told by the CA of the calendar alone; serials, digests, names, sentences and
    evidence are left out, of moments the day is left.
    """
    names = list(dict.fromkeys([*tables.rows["case"], *tables.causes["case"]]))
    cases = {name: f"case {number}" for number, name in enumerate(names, 1)}
    hosts = _hosts(tables.rows)
    short = {(case, _label(host)): told for (case, host), told in hosts.items()}
    changes: dict[str, Change] = {
        "case": lambda row, _column: cases.get(row["case"]),
        "host": lambda row, _column: hosts.get((row["case"], row["host"])),
        "hosts": lambda row, _column: _told_hosts(row, short),
        "server_issuer": _issuer, "client_issuer": _issuer, "issuer": _issuer,
        "server_eku": _eku, "client_eku": _eku,
        "at": lambda row, column: row[column].normalize() if _there(row[column]) else None,
        "what": lambda row, _column: str(row["code"]).replace("-", " "),
        "error": lambda row, _column: "could not be read" if _there(row["error"]) else None,
    }  # fmt: skip
    frames = (
        (tables.rows, ROW_COLUMNS),
        (tables.causes, CAUSE_COLUMNS),
        (tables.runs, RUN_COLUMNS),
    )
    return FleetTables(*(_changed(frame, columns, changes) for frame, columns in frames))


def _changed(
    frame: "pd.DataFrame", columns: Mapping[str, FleetColumn], changes: Mapping[str, Change]
) -> "pd.DataFrame":
    def told(row: Row, name: str) -> object:
        if name in changes:
            return changes[name](row, name)
        return row[name] if name in _KEPT else None

    rows = frame.to_dict("records")
    return typed_frame(({n: told(row, n) for n in columns} for row in rows), dtypes(columns))


def _there(value: object) -> bool:
    return value is not None and value == value  # noqa: PLR0124 - what is missing equals nothing


def _hosts(rows: "pd.DataFrame") -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    counted: dict[tuple[str, str], int] = {}
    for row in rows.to_dict("records"):
        if isinstance(row["host"], str):
            side = row["role"] if isinstance(row["role"], str) else "node"
            count = counted[row["case"], side] = counted.get((row["case"], side), 0) + 1
            found[row["case"], row["host"]] = f"{side.lower()} {count}"
    return found


def _told_hosts(row: Row, short: Mapping[tuple[str, str], str]) -> str | None:
    named = split(row["hosts"])
    return ids(filter(None, (short.get((row["case"], _label(one)), "") for one in named))) or None


def _label(host: str) -> str:
    return host.partition(".")[0].lower()


def _issuer(row: Row, column: str) -> str | None:
    if not isinstance(row[column], str):
        return None
    return calendar_ca(row[column]) or "another CA"


def _eku(row: Row, column: str) -> str | None:
    if not isinstance(row[column], str):
        return None
    return _OID.sub("another OID", row[column])
