"""The verb `handshakes`: who presented what to whom in captures."""

from os import PathLike
from typing import TYPE_CHECKING

from ekukit.errors import InputError
from ekukit.verbs.option import a_path

if TYPE_CHECKING:
    import pandas as pd

HANDSHAKE_COLUMNS = {
    "file": "string", "first_packet": "Int64", "time": "datetime64[ns, UTC]",
    "protocol": "string", "version": "string",
    "client": "string", "client_port": "Int64", "server": "string", "server_port": "Int64",
    "sni": "string",
    "server_certificate": "string", "server_ekus": "string", "server_issuer": "string",
    "server_serial": "string",
    "client_certificate": "string", "client_ekus": "string", "client_issuer": "string",
    "client_serial": "string",
    "alerts": "string", "complete": "boolean", "note": "string",
}  # fmt: skip
_LEAF = {"certificate": "subject", "ekus": "ekus", "issuer": "issuer", "serial": "serial"}


def handshakes(*paths: str | PathLike[str]) -> "pd.DataFrame":
    """Return one row for each TLS or SSH handshake of captures: who presented what to whom.

    `paths` are capture files, or archives and folders that hold some. Columns, also when empty:
    file, first_packet, time (UTC), protocol, version, client, client_port, server, server_port,
    sni; of the leaf of each end server_certificate (its subject), server_ekus, server_issuer,
    server_serial, client_certificate, client_ekus, client_issuer, client_serial, NA where none was
    seen; alerts (in words, one a line), complete (whether it was completed), note. Nothing is
    verified. Raises InputError when nothing is given or it cannot be read.
    """
    if not paths:
        msg = "no capture given; name a file such as trace.pcapng"
        raise InputError(msg)
    import pandas as pd

    from ekukit.archive import open_archive
    from ekukit.diagnosis.evidence.presented import handshake_values
    from ekukit.diagnosis.investigation import investigate

    rows = investigate(open_archive(*map(a_path, paths))).rows
    found, _left_out = handshake_values(rows["handshakes"].rows)
    frame = pd.DataFrame([_row(values) for values in found], columns=list(HANDSHAKE_COLUMNS))
    frame["time"] = pd.to_datetime(frame["time"], utc=True, format="ISO8601")
    return frame.astype(HANDSHAKE_COLUMNS)


def _row(values: dict[str, object]) -> dict[str, object]:
    row = dict(values)
    for end in ("server", "client"):
        leaf = values[f"{end}_certificate"]
        told = leaf if isinstance(leaf, dict) else {}
        row |= {f"{end}_{column}": told.get(name) for column, name in _LEAF.items()}
    alerts = values["alerts"] if isinstance(values["alerts"], list) else []
    row["alerts"] = "\n".join(f"packet {one['packet']}: {one['text']}" for one in alerts) or None
    return row
