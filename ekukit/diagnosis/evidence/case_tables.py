"""The tables of a case for looking further: timeline, settings that matter, handshakes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from ekukit.diagnosis.evidence.captured import Row, leaf_serial, whose
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.presented import LEAF_COLUMNS, leaf_words
from ekukit.diagnosis.evidence.setting import matters
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.tries import Map, Try, connection_of
from ekukit.frames import typed_frame

if TYPE_CHECKING:
    from ekukit.archive import Archive

TIMELINE_COLUMNS = {
    "time": "datetime64[us, UTC]", "host": "string", "event": "string", "connection": "string",
    "source": "string", "destination": "string", "detail": "string", "file": "string",
    "line": "Int64", "packet": "Int64",
}  # fmt: skip
CONFIGURATION_COLUMNS = {
    "host": "string", "setting": "string", "value": "string", "matters": "string",
    "file": "string", "line": "Int64",
}  # fmt: skip
WHOSE = {"server": "certificate_of_server", "client": "certificate_of_client"}


def timeline(tries: Iterable[Try], known: Map) -> pd.DataFrame:
    """Return one row for each try to connect, by time; columns TIMELINE_COLUMNS."""
    rows = []
    for found in tries:
        first = found.evidence[0]
        rows.append({
            "time": found.time, "host": found.client.host or found.server.host,
            "event": found.fate.value, "connection": connection_of(found, known) or None,
            "source": _end(found.client.address, found.client.port),
            "destination": _end(found.server.address, found.server.port),
            "detail": found.words, "file": first.file, "line": first.line, "packet": first.packet,
        })  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(TIMELINE_COLUMNS))
    frame["time"] = pd.to_datetime(frame["time"], utc=True, errors="coerce")
    return frame.astype(TIMELINE_COLUMNS).sort_values("time", kind="stable", ignore_index=True)


def _end(address: str, port: int | None) -> str:
    return address if port is None else f"{address}:{port}"


def configuration(nodes: Iterable[NodeSettings]) -> pd.DataFrame:
    """Return the settings that matter to certificates; columns CONFIGURATION_COLUMNS."""
    rows = [
        {
            "host": node.host, "setting": found.path, "value": found.value,
            "matters": matters(found), "file": found.file, "line": found.line,
        }
        for node in nodes
        for found in node.settings
        if matters(found)
    ]  # fmt: skip
    return typed_frame(rows, CONFIGURATION_COLUMNS)


def handshakes(archive: "Archive", rows: list[Row], inventory: Inventory) -> pd.DataFrame:
    """Return the archive's handshakes with whose certificate each end presented, in words.

    Columns are the archive's, those of WHOSE, and for each end its leaf's subject, EKUs and issuer
    in words ("client_subject", ...), NA where no certificate was seen; dtype string.
    """
    found = archive.handshakes.copy()
    for end in WHOSE:
        chains = [row[f"{end}_chain"] for row in rows]
        words = [leaf_words(c[0]) if isinstance(c, tuple) and c else (None,) * 3 for c in chains]
        for place, column in enumerate(LEAF_COLUMNS):
            told = [said[place] for said in words]
            found[f"{end}_{column}"] = pd.Series(told, index=found.index, dtype="string")
    for end, column in WHOSE.items():
        told = [whose(leaf_serial(row, end), end, inventory) for row in rows]
        found[column] = pd.Series(told, index=found.index, dtype="string")
    return found
