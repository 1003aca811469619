"""The columns of a fleet's tables: what each holds, and as which kind it is kept."""

from collections.abc import Mapping
from typing import NamedTuple

# Raised when a column is added, taken away, renamed, or means something else.
SCHEMA_VERSION = 1


class FleetColumn(NamedTuple):
    """A column: its kind (a key of KINDS) and what it holds, in words."""

    kind: str
    holds: str


# Kind: dtype of pandas and type of Arrow. A day has no time zone and is UTC's.
KINDS: Mapping[str, tuple[str, str]] = {
    "text": ("string", "string"),
    "count": ("Int64", "int64"),
    "flag": ("boolean", "bool"),
    "number": ("Float64", "float64"),
    "day": ("datetime64[s]", "date32[day]"),
    "moment": ("datetime64[us, UTC]", "timestamp[us, tz=UTC]"),
}
_IDS = "ids with commas"


def _store(name: str) -> dict[str, FleetColumn]:
    which = f"of the {name} store"
    return {
        f"{name}_issuer": FleetColumn(
            "text", f"issuer {which}'s leaf, missing where none is known"
        ),
        f"{name}_public": FleetColumn("text", f"whether the issuer {which} is known to be public"),
        f"{name}_eku": FleetColumn("text", f"EKUs {which}'s leaf in words"),
        f"{name}_serial": FleetColumn("text", f"serial {which}'s leaf, hex"),
        f"{name}_expires": FleetColumn("day", f"last day {which}'s leaf"),
    }


ROW_COLUMNS: Mapping[str, FleetColumn] = {
    "case": FleetColumn("text", "the case, named by the rule that puts archives together"),
    "host": FleetColumn("text", "the node; missing where no node is known"),
    "role": FleetColumn("text", "Core or Edge"),
    "release": FleetColumn("text", "the release whose rules count"),
    "eku_checking": FleetColumn("text", "the node's EKU checking mode, On or Off"),
    **_store("server"),
    **_store("client"),
    "ca": FleetColumn("text", "CAs of the calendar that issued its leaves, with commas"),
    "causes": FleetColumn("text", "codes of causes at this node, with commas"),
    "active": FleetColumn("text", f"its connections, and services, that are Active; {_IDS}"),
    "failed": FleetColumn("text", f"those that are Failed; {_IDS}"),
    "unknown": FleetColumn("text", f"those of which it is not known; {_IDS}"),
    "seen_failing": FleetColumn("text", f"connections of the case that were seen to fail; {_IDS}"),
    "down": FleetColumn("text", f"what a cause of the case brings down now; {_IDS}"),
    "client_auth_gone": FleetColumn("day", "the first renewal of its leaves without clientAuth"),
    "client_auth_gone_earliest": FleetColumn("day", "that day by the earliest source"),
    "client_auth_gone_latest": FleetColumn("day", "that day by the latest source"),
    "dark_day": FleetColumn("day", "the first renewal of its leaves by which something goes down"),
    "goes_down": FleetColumn("text", f"what goes down on that day; {_IDS}"),
    "act_by": FleetColumn("day", "the last good day to act for that day, lead time taken off"),
    "not_understood": FleetColumn("count", "lines of the case's logs that are not understood"),
    "unread": FleetColumn("count", "parts of the case that were not read and could matter"),
    "headline": FleetColumn("text", "the case in a sentence"),
    "at": FleetColumn(
        "moment", "the archive's own time, at which it is judged; missing where none is told"
    ),
    "files": FleetColumn("count", "files of the case as they lie at the source"),
    "bytes": FleetColumn("count", "their bytes as they lie there"),
    "hash": FleetColumn("text", "SHA-256 of the file; of several, of their sorted digests in hex"),
    "error": FleetColumn("text", "why the case could not be read; missing where it was"),
}
CAUSE_COLUMNS: Mapping[str, FleetColumn] = {
    "case": FleetColumn("text", "the case, as in the rows"),
    "kind": FleetColumn("text", "now: brings something down; renewal: clientAuth disappears"),
    "id": FleetColumn("text", "the cause's id; of a renewal renewal.SERIAL"),
    "code": FleetColumn("text", "what is wrong, a code; of a renewal client-auth-gone"),
    "day": FleetColumn("day", "of a renewal the day; missing for now"),
    "act_by": FleetColumn("day", "of a renewal the last good day to act"),
    "where": FleetColumn("text", "node, page or list in words"),
    "hosts": FleetColumn("text", "host names, with commas"),
    "serials": FleetColumn("text", "serials of the certificates, hex, with commas"),
    "issuer": FleetColumn("text", "of a renewal the issuer's name"),
    "ca": FleetColumn("text", "of a renewal the CA of the calendar"),
    "what": FleetColumn("text", "the cause in a sentence"),
    "todo": FleetColumn("text", "what to do"),
    "effects": FleetColumn("text", f"what is or goes down; {_IDS}"),
    "doubtful": FleetColumn("text", f"what may be down; {_IDS}"),
    "basis": FleetColumn("text", "documented, inferred or assumed: the weakest of its facts"),
    "facts": FleetColumn("text", "ids of facts, with commas"),
    "seen": FleetColumn("flag", "whether logs, captures or pages show it"),
    "evidence": FleetColumn("text", "up to three lines that show it"),
}
# Measured, so no two runs are alike: kept apart from what was found.
RUN_COLUMNS: Mapping[str, FleetColumn] = {
    "case": FleetColumn("text", "the case, as in the rows"),
    "seconds": FleetColumn("number", "seconds on the worker, reading included"),
    "bytes": FleetColumn("count", "bytes of the case as they lie at the source"),
    "tries": FleetColumn("count", "1, or 2 after the worker was lost"),
    "memory": FleetColumn("count", "resident bytes of the worker after the case"),
    "worker": FleetColumn("text", "the worker's name"),
}


def dtypes(columns: Mapping[str, FleetColumn]) -> dict[str, str]:
    """Return the dtypes of pandas by column."""
    return {name: KINDS[column.kind][0] for name, column in columns.items()}
