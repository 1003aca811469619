"""A whole archive as typed tables with fixed columns, also when a part is missing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekukit.account import Account, Ledger
from ekukit.archive import certificate_table as certificates
from ekukit.archive import dump, log_files
from ekukit.archive.apart import Apart, Choice
from ekukit.archive.container import Container
from ekukit.archive.log_files import LogFiles
from ekukit.archive.member_readers import captured_counts
from ekukit.archive.pasted_texts import PastedText
from ekukit.archive.paths import InMemory
from ekukit.archive.taken_files import TakenFiles
from ekukit.archive.watched import Progress, watching
from ekukit.capture.handshake_rows import COLUMNS as CAPTURED
from ekukit.errors import InputError
from ekukit.frames import Row, Rows
from ekukit.log.snapshot import COUNTS
from ekukit.log.tool_output import ToolOutput
from ekukit.printable import visible
from ekukit.private_keys import struck_out

if TYPE_CHECKING:
    import pandas as pd

_OWNER = {"host": "string", "file": "string"}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "certificates": {**certificates.COLUMNS, "store": "string", "host": "string"},
    "log": log_files.COLUMNS,
    "configuration": {**dump.COLUMNS, **_OWNER},
    "status": {**dump.COLUMNS, **_OWNER},
    "handshakes": {**CAPTURED, "host": "string"},
    "members": {
        "file": "string", "kind": "string", "host": "string", "time": "datetime64[us, UTC]",
        "bytes": "int64",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """What an archive holds, by table; columns and dtypes are COLUMNS, also of empty tables.

    Each table has `host` and `file` beside the columns of its reader; `file` names the member
    inside what was sent. `certificates` has `store` besides ("server", "client", "ca", or "" when
    the file's name does not say). A dump that came as text and as XML is there twice; `setting`
    takes the XML. `members` lists every file with what it was taken for; `unread` what was not
    read and why; `keys` the files in which a private key lies, none of which is kept. `account`
    says of every member and byte what became of it. `rows` has the tables as they were read, `logs`
    the logs as bytes; a table is made of them when somebody asks for it. `tools` has what test
    tools say in files, `pages` the files in which a page of the product's may stand.
    """

    rows: Mapping[str, Rows]
    unread: tuple[str, ...]
    keys: tuple[str, ...]
    logs: LogFiles
    account: Account = field(default_factory=Account)
    tools: tuple[ToolOutput, ...] = ()
    pages: tuple[PastedText, ...] = ()

    @property
    def certificates(self) -> "pd.DataFrame":
        """Return the certificates of all files."""
        return self.rows["certificates"].frame

    @property
    def configuration(self) -> "pd.DataFrame":
        """Return the settings of all nodes."""
        return self.rows["configuration"].frame

    @property
    def status(self) -> "pd.DataFrame":
        """Return the values of all nodes' status."""
        return self.rows["status"].frame

    @property
    def handshakes(self) -> "pd.DataFrame":
        """Return the connections of all captures."""
        return self.rows["handshakes"].frame

    @property
    def members(self) -> "pd.DataFrame":
        """Return every file, with what it was taken for."""
        return self.rows["members"].frame

    @property
    def log(self) -> "pd.DataFrame":
        """Return every record of every log, made when first asked for; `logs` cuts out some."""
        return self.logs.whole()


def open_archive(
    *paths: str | PathLike[str] | InMemory,
    progress: Progress | None = None,
    jobs: int = 1,
    choice: Choice | None = None,
) -> Archive:
    """Return the tables of everything at the paths: folders, archives, loose files, several nodes.

    `progress` is called with bytes done, bytes in all (as they lie at the paths) and the name of
    the next file. With `jobs`, so many large files of folders are read at once, in processes that
    ask `choice` of the logs, too. Raises InputError when a path does not exist or nothing could be
    read; whatever else is wrong is listed in `unread`. Nothing is written and nothing leaves the
    machine.
    """
    progress = progress or watching()
    given = [path if isinstance(path, InMemory) else Path(path) for path in paths]
    for quick in (True, False):  # what is not whole is read again: zlib gives all before damage
        container = Container(given, quick=quick)
        with Apart(container.files, jobs, choice) as apart:
            found = TakenFiles(container.ledger, apart)
            for member in container:
                if container.doubtful:
                    break
                if progress is not None:
                    progress(container.done, container.total, member.file)
                found.take(member)
        if not container.doubtful:
            break
    if not found.keys and not found.ledger.something_read and not found.has_empty:
        told = "; ".join(container.unread[:3]) or "there is nothing in it"
        names = visible(", ".join(map(str, paths)) or "no path")
        msg = (f"{names}: nothing could be read ({told}); expected a diagnostic archive of "
               "Expressway: a .tar.gz, a .zip, a folder or files of one, or a text with lines of "
               "its logs")  # fmt: skip
        raise InputError(msg)
    return _archive(found)


def empty_archive() -> Archive:
    """Return an archive of no file, for a case of which only pasted text is known."""
    return _archive(TakenFiles(Ledger(), Apart((), 1, None)))


def with_certificates(archive: Archive, text: str, file: str) -> Archive:
    """Return an archive with the certificates that stand in a pasted text, of no known store.

    A private key in it is told and not kept; what cannot be read is listed in `unread`.
    """
    if "-BEGIN " not in text:
        return archive
    data, private = struck_out(text.encode("utf-8", "replace"))
    known = archive.rows["certificates"]
    try:
        found = certificates.certificate_rows(data, file)
    except InputError as error:
        return replace(archive, unread=(*archive.unread, str(error)))
    more = [row | {"host": None, "file": file, "store": ""} for row in found.rows]
    rows = {**archive.rows, "certificates": Rows(known.kinds, [*known.rows, *more])}
    keys = (*archive.keys, file) if private else archive.keys
    attrs: Mapping[str, Any] = found.attrs
    unread = (*archive.unread, *(f"{file}: {part.reason}" for part in attrs.get("parts", ())))
    return replace(archive, rows=rows, keys=keys, unread=unread)


def _archive(found: TakenFiles) -> Archive:
    """Return the tables, each as one."""
    for one, size in zip(found.members, found.sizes, strict=True):
        row: Row = {"file": one.file, "kind": one.kind.value, "host": one.host or None}
        found.rows.setdefault("members", []).append({**row, "time": one.time, "bytes": size})
    rows = {n: Rows(kinds, found.rows.get(n, [])) for n, kinds in COLUMNS.items() if n != "log"}
    unread = [part.words for part in found.ledger.parts]
    if more := found.ledger.all_parts - len(unread):
        unread.append(f"and {more:,} more parts were not read")
    account = found.ledger.closed(
        {name: found.counts.get("log", Counter())[name] for name in COUNTS},
        captured_counts(rows["handshakes"].rows, found.counts.get("captures")),
    )
    return Archive(rows, unread=tuple(unread), keys=tuple(found.keys), logs=found.logs,
                   account=account, tools=tuple(found.tools), pages=tuple(found.pages))  # fmt: skip
