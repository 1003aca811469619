"""The tables of a case for looking further: timeline, settings that matter, handshakes."""

from collections.abc import Iterable
from datetime import UTC, datetime

from ekukit.diagnosis.evidence.captured import leaf_serial, whose
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.presented import LEAF_COLUMNS, leaf_words
from ekukit.diagnosis.evidence.setting import matters
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.tries import Map, Try, connection_of
from ekukit.frames import Row, Rows

TIMELINE_COLUMNS = {
    "time": "datetime64[us, UTC]", "host": "string", "event": "string", "connection": "string",
    "source": "string", "destination": "string", "detail": "string", "file": "string",
    "line": "Int64", "packet": "Int64",
}  # fmt: skip
CONFIGURATION_COLUMNS = {
    "host": "string", "setting": "string", "value": "string", "matters": "string",
    "file": "string", "line": "Int64",
}  # fmt: skip
_FIRST = datetime.min.replace(tzinfo=UTC)
WHOSE = {"server": "certificate_of_server", "client": "certificate_of_client"}


def timeline(tries: Iterable[Try], known: Map) -> Rows:
    """Return one row for each try to connect, by time; columns TIMELINE_COLUMNS."""
    rows: list[Row] = []
    for found in tries:
        first = found.evidence[0]
        rows.append({
            "time": found.time, "host": found.client.host or found.server.host,
            "event": found.fate.value, "connection": connection_of(found, known) or None,
            "source": _end(found.client.address, found.client.port),
            "destination": _end(found.server.address, found.server.port),
            "detail": found.words, "file": first.file, "line": first.line, "packet": first.packet,
        })  # fmt: skip
    rows.sort(key=lambda row: (row["time"] is None, row["time"] or _FIRST))
    return Rows(TIMELINE_COLUMNS, rows)


def _end(address: str, port: int | None) -> str:
    return address if port is None else f"{address}:{port}"


def configuration(nodes: Iterable[NodeSettings]) -> Rows:
    """Return the settings that matter to certificates; columns CONFIGURATION_COLUMNS."""
    rows: list[Row] = [
        {
            "host": node.host, "setting": found.path, "value": found.value,
            "matters": matters(found), "file": found.file, "line": found.line,
        }
        for node in nodes
        for found in node.settings
        if matters(found)
    ]  # fmt: skip
    return Rows(CONFIGURATION_COLUMNS, rows)


def handshakes(found: Rows, inventory: Inventory) -> Rows:
    """Return the archive's handshakes with whose certificate each end presented, in words.

    Columns are the archive's, those of WHOSE, and for each end its leaf's subject, EKUs and issuer
    in words ("client_subject", ...), NA where no certificate was seen; dtype string.
    """
    words = [f"{end}_{column}" for end in WHOSE for column in LEAF_COLUMNS]
    kinds = {**found.kinds, **dict.fromkeys([*words, *WHOSE.values()], "string")}
    return Rows(kinds, [_with_leaves(row, inventory) for row in found.rows])


def _with_leaves(row: Row, inventory: Inventory) -> Row:
    told = dict(row)
    for end, column in WHOSE.items():
        chain = row[f"{end}_chain"]
        words = leaf_words(chain[0]) if isinstance(chain, tuple) and chain else (None,) * 3
        told |= {f"{end}_{name}": said for name, said in zip(LEAF_COLUMNS, words, strict=True)}
        told[column] = whose(leaf_serial(row, end), end, inventory)
    return told
