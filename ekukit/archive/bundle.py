"""A whole archive as typed tables with fixed columns, also when a part is missing."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import pandas as pd

from ekukit.archive import capture, certificates, dump, log
from ekukit.archive.capture_rows import COLUMNS as CAPTURED
from ekukit.archive.container import open_container
from ekukit.archive.member import Kind, Member
from ekukit.errors import InputError

_STORES = {Kind.SERVER: "server", Kind.CLIENT: "client", Kind.CA: "ca"}
_OWNER = {"host": "string", "file": "string"}
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """What an archive holds, by table; each has `host` and `file` beside its own columns.

    `certificates` has `store` besides ("server", "client", "ca", or "" when the file's name does
    not say). `members` lists every file with what it was taken for; `unread` what was not read
    and why; `keys` the files in which a private key lies.
    """

    certificates: pd.DataFrame
    log: pd.DataFrame
    configuration: pd.DataFrame
    status: pd.DataFrame
    handshakes: pd.DataFrame
    members: pd.DataFrame
    unread: tuple[str, ...]
    keys: tuple[str, ...]


def open_archive(*paths: str | PathLike[str], progress: Progress | None = None) -> Archive:
    """Return the tables of everything at the paths: folders, archives, loose files, several nodes.

    `progress` is called with files done, files in all and the next name. Raises InputError when a
    path does not exist or nothing could be read; whatever else is wrong is listed in `unread`.
    Columns are those of the single readers. Nothing is written and nothing leaves the machine.
    """
    contents = open_container([Path(path) for path in paths])
    unread = list(contents.unread)
    keys: list[str] = []
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in _EMPTY}
    for place, member in enumerate(contents.members):
        if progress is not None:
            progress(place, len(contents.members), member.file)
        _read(member, parts, unread, keys)
    members = pd.DataFrame(
        [(m.file, m.kind.value, m.host, m.time, len(m.data)) for m in contents.members],
        columns=["file", "kind", "host", "time", "bytes"],
    )
    tables = {name: _joined(found, _EMPTY[name]) for name, found in parts.items()}
    return Archive(**tables, members=members, unread=tuple(unread), keys=tuple(keys))


_EMPTY: dict[str, dict[str, str]] = {
    "certificates": {**certificates.COLUMNS, "store": "string", "host": "string"},
    "log": {**log.COLUMNS, "file": "string"},
    "configuration": {**dump.COLUMNS, **_OWNER},
    "status": {**dump.COLUMNS, **_OWNER},
    "handshakes": {**CAPTURED, "time": "datetime64[ns, UTC]", "host": "string"},
}


def _read(
    member: Member, parts: dict[str, list[pd.DataFrame]], unread: list[str], keys: list[str]
) -> None:
    table, read = _READERS.get(member.kind, ("", None))
    if read is None:
        unread.append(f"{member.file}: not a file that the kit knows")
        return
    try:
        frame = read(member)
    except InputError as error:
        unread.append(str(error))
        return
    unread += [f"{member.file}: {problem}" for problem in frame.attrs.get("problems", ())]
    if frame.attrs.get("has_private_key"):
        keys.append(member.file)
    frame["host"] = frame["host"].fillna(member.host) if "host" in frame else member.host
    frame["file"] = member.file
    if table == "certificates":
        frame["store"] = _STORES.get(member.kind, "")
    parts[table].append(frame)


def _capture(member: Member) -> pd.DataFrame:
    return capture.read_capture(io.BytesIO(member.data), member.file)


_READERS: dict[Kind, tuple[str, Callable[[Member], pd.DataFrame]]] = {
    Kind.LOG: ("log", lambda m: log.read_log(m.data)),
    Kind.CONFIGURATION: ("configuration", lambda m: dump.read_configuration(m.data)),
    Kind.STATUS: ("status", lambda m: dump.read_status(m.data)),
    Kind.CAPTURE: ("handshakes", _capture),
    **dict.fromkeys(
        (Kind.CA, Kind.SERVER, Kind.CLIENT, Kind.CERTIFICATES),
        ("certificates", lambda m: certificates.read_certificates(m.data, m.file)),
    ),
}


def _joined(frames: Iterable[pd.DataFrame], columns: dict[str, str]) -> pd.DataFrame:
    found = [frame for frame in frames if len(frame)]
    if not found:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    for frame in found:
        frame.attrs = {}
    return pd.concat(found, ignore_index=True)[list(columns)].astype(columns)
