"""A whole archive as typed tables with fixed columns, also when a part is missing."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ekukit.archive import capture, certificates, dump, log
from ekukit.archive.capture_rows import COLUMNS as CAPTURED
from ekukit.archive.container import Container
from ekukit.archive.member import Kind, Member
from ekukit.archive.memory import InMemory
from ekukit.archive.privatekeys import struck_out
from ekukit.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_STORES = {Kind.SERVER: "server", Kind.CLIENT: "client", Kind.CA: "ca"}
_OWNER = {"host": "string", "file": "string"}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "certificates": {**certificates.COLUMNS, "store": "string", "host": "string"},
    "log": {**log.COLUMNS, "file": "string"},
    "configuration": {**dump.COLUMNS, **_OWNER},
    "status": {**dump.COLUMNS, **_OWNER},
    "handshakes": {**CAPTURED, "time": "datetime64[ns, UTC]", "host": "string"},
    "members": {
        "file": "string", "kind": "string", "host": "string", "time": "datetime64[us, UTC]",
        "bytes": "int64",
    },
}  # fmt: skip
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """What an archive holds, by table; columns and dtypes are COLUMNS, also of empty tables.

    Each table has `host` and `file` beside the columns of its reader; `file` names the member
    inside what was sent. `certificates` has `store` besides ("server", "client", "ca", or "" when
    the file's name does not say). A dump that came as text and as XML is there twice; `setting`
    takes the XML. `members` lists every file with what it was taken for; `unread` what was not
    read and why; `keys` the files in which a private key lies, none of which is kept.
    """

    certificates: "pd.DataFrame"
    log: "pd.DataFrame"
    configuration: "pd.DataFrame"
    status: "pd.DataFrame"
    handshakes: "pd.DataFrame"
    members: "pd.DataFrame"
    unread: tuple[str, ...]
    keys: tuple[str, ...]


def open_archive(
    *paths: str | PathLike[str] | InMemory, progress: Progress | None = None
) -> Archive:
    """Return the tables of everything at the paths: folders, archives, loose files, several nodes.

    `progress` is called with bytes done, bytes in all (as they lie at the paths) and the name of
    the next file. Raises InputError when a path does not exist or nothing could be read; whatever
    else is wrong is listed in `unread`. Nothing is written and nothing leaves the machine.
    """
    container = Container(path if isinstance(path, InMemory) else Path(path) for path in paths)
    found = _Found(container.unread)
    for member in container:
        if progress is not None:
            progress(container.done, container.total, member.file)
        found.take(member)
    if not found.keys and not any(member.kind in _READERS for member in found.members):
        told = "; ".join(found.unread[:3]) or "there is nothing in it"
        names = ", ".join(map(str, paths)) or "no path"
        msg = (
            f"{names}: nothing could be read ({told}); expected a diagnostic archive of "
            "Expressway: a .tar.gz, a .zip, a folder or files of one"
        )
        raise InputError(msg)
    return found.archive()


def empty_archive() -> Archive:
    """Return an archive of no file, for a case of which only pasted text is known."""
    return _Found([]).archive()


@dataclass(slots=True)
class _Found:
    """What was read so far."""

    unread: list[str]
    keys: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    tables: dict[str, list["pd.DataFrame"]] = field(default_factory=dict)

    def take(self, given: Member) -> None:
        """Read one file into its table; its bytes are not kept."""
        data, private = struck_out(given.data)
        if private:
            self.keys.append(given.file)
        self.members.append(replace(given, data=b""))
        self.sizes.append(len(data))
        member = replace(given, data=data)
        reader = _READERS.get(member.kind)
        if reader is None:
            why = "a private key, not read" if private else "not a file that the kit knows"
            self.unread.append(f"{member.file}: {why}")
            return
        table, read = reader
        try:
            frame = read(member)
        except InputError as error:
            self.unread.append(f"{member.file}: {error}")
            return
        self.unread += [
            problem if problem.startswith(member.file) else f"{member.file}: {problem}"
            for problem in frame.attrs.get("problems", ())
        ]
        frame.attrs = {}
        if len(frame):
            owner = member.host or None
            if "host" not in frame:
                frame["host"] = owner
            elif owner:
                frame["host"] = frame["host"].fillna(owner)
            frame["file"] = member.file
            if table == "certificates":
                frame["store"] = _STORES.get(member.kind, "")
            self.tables.setdefault(table, []).append(frame)

    def archive(self) -> Archive:
        """Return the tables, each as one."""
        columns = {
            "file": [m.file for m in self.members],
            "kind": [m.kind.value for m in self.members],
            "host": [m.host or None for m in self.members],
            "time": [m.time for m in self.members],
            "bytes": self.sizes,
        }
        import pandas as pd

        self.tables["members"] = [pd.DataFrame(columns)]
        tables = {name: _joined(self.tables.get(name, []), COLUMNS[name]) for name in COLUMNS}
        return Archive(**tables, unread=tuple(self.unread), keys=tuple(self.keys))


def _capture(member: Member) -> "pd.DataFrame":
    return capture.read_capture(io.BytesIO(member.data), member.file)


_READERS: dict[Kind, tuple[str, Callable[[Member], "pd.DataFrame"]]] = {
    Kind.LOG: ("log", lambda m: log.read_log(m.data)),
    Kind.CONFIGURATION: ("configuration", lambda m: dump.read_configuration(m.data)),
    Kind.STATUS: ("status", lambda m: dump.read_status(m.data)),
    Kind.CAPTURE: ("handshakes", _capture),
    **dict.fromkeys(
        (Kind.CA, Kind.SERVER, Kind.CLIENT, Kind.CERTIFICATES),
        ("certificates", lambda m: certificates.read_certificates(m.data, m.file)),
    ),
}


def _joined(frames: list["pd.DataFrame"], columns: Mapping[str, str]) -> "pd.DataFrame":
    """Return the frames as one with these columns and dtypes, whichever of them are empty."""
    import pandas as pd

    found = [frame.astype(dict(columns))[list(columns)] for frame in frames if len(frame)]
    if found:
        return pd.concat(found, ignore_index=True)
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
