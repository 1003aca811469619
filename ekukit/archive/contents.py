"""A whole archive as typed tables with fixed columns, also when a part is missing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekukit.account import Account, Ledger, PartFate, Piece, UnreadPart
from ekukit.archive import certificate_table as certificates
from ekukit.archive import dump, log_files
from ekukit.archive.apart import Apart, Choice
from ekukit.archive.container import Container
from ekukit.archive.log_files import LogFile, LogFiles
from ekukit.archive.member import Member, MemberKind, odd_time, why_unknown
from ekukit.archive.member_readers import READERS, captured_counts
from ekukit.archive.paths import InMemory
from ekukit.archive.tool_files import output_in
from ekukit.archive.watched import Progress, watching
from ekukit.capture.handshake_rows import COLUMNS as CAPTURED
from ekukit.errors import InputError
from ekukit.frames import Row, Rows
from ekukit.log.snapshot import COUNTS, Snapshot
from ekukit.log.tool_output import ToolOutput
from ekukit.printable import visible
from ekukit.private_keys import struck_out

if TYPE_CHECKING:
    import pandas as pd

_STORES = {MemberKind.SERVER: "server", MemberKind.CLIENT: "client", MemberKind.CA: "ca"}
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
    tools say in files.
    """

    rows: Mapping[str, Rows]
    unread: tuple[str, ...]
    keys: tuple[str, ...]
    logs: LogFiles
    account: Account = field(default_factory=Account)
    tools: tuple[ToolOutput, ...] = ()

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
            found = _Found(container.ledger, apart)
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
               "Expressway: a .tar.gz, a .zip, a folder or files of one")  # fmt: skip
        raise InputError(msg)
    return found.archive()


def empty_archive() -> Archive:
    """Return an archive of no file, for a case of which only pasted text is known."""
    return _Found(Ledger(), Apart((), 1, None)).archive()


@dataclass(slots=True)
class _Found:
    """What was read so far."""

    ledger: Ledger
    apart: Apart
    keys: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    logs: LogFiles = field(default_factory=LogFiles)
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    tools: list[ToolOutput] = field(default_factory=list)

    def take(self, given: Member) -> None:
        """Read one file into its table; its bytes are not kept."""
        ready = self.apart.of(given)
        data, private = struck_out(given.data) if ready is None else (given.data, False)
        if private:
            self.keys.append(given.file)
        self.members.append(replace(given, data=b""))
        self.sizes.append(len(data))
        if odd := odd_time(given.file):
            why = f"the time in its name, {odd}, is none that a clock shows here, and is left out"
            self.ledger.add(UnreadPart(given.file, PartFate.UNREADABLE, why, matters=False))
        reader = READERS.get(given.kind)
        told = output_in(given.kind, data, given.file)
        self.tools += told
        if reader is None and told:
            self.ledger.read(1, len(data))
            return
        if reader is None:
            why, foreign = why_unknown(given.file, private=private)
            fate = PartFate.UNREADABLE if foreign else PartFate.SKIPPED
            self._lost(given, why, fate, matters=foreign)
            return
        if not data:
            self._lost(given, "empty: 0 bytes", PartFate.UNREADABLE)
            return
        table, read = reader
        # A key store is struck out as a whole, and its certificates are wanted; its key is not
        # kept by the reader of certificates.
        member = given if table == "certificates" else replace(given, data=data)
        try:
            found = read(member) if ready is None else ready
        except InputError as error:
            self._lost(given, str(error).removeprefix(f"{given.file}: "), PartFate.UNREADABLE)
            return
        self._count(given, found)
        if isinstance(found, Snapshot):
            self.logs.files += [LogFile(given.file, given.host or None, found)] * bool(len(found))
        else:
            self._keep(given, table, found)

    @property
    def has_empty(self) -> bool:
        """Return whether an empty file of a name that the product gives is there: that is news."""
        sizes = zip(self.members, self.sizes, strict=True)
        return any(one.kind in READERS and not size for one, size in sizes)

    def _lost(self, given: Member, why: str, fate: PartFate, *, matters: bool = True) -> None:
        self.ledger.add(UnreadPart(given.file, fate, why, 0, len(given.data), 1, matters))

    def _count(self, given: Member, found: "Rows | Snapshot") -> None:
        """Count what a reader made of a file; a file of which it made nothing was not read."""
        attrs: Mapping[str, Any] = found.attrs
        told = attrs.get("parts")
        if told is None:
            told = [Piece(reason) for reason in attrs.get("problems", ())]
        names = f"{given.file}: "
        pieces = [replace(piece, reason=piece.reason.removeprefix(names)) for piece in told]
        for name, value in attrs.get("counts", {}).items():
            kind = "log" if given.kind is MemberKind.LOG else "captures"
            self.counts.setdefault(kind, Counter())[name] += value
        size = len(given.data)
        if pieces and attrs.get("nothing", not len(found)):
            why = "; ".join(dict.fromkeys(piece.reason for piece in pieces[:3]))
            self._lost(given, why, PartFate.UNREADABLE)
            return
        left = lost = min(size, sum(piece.size for piece in pieces))
        for piece in pieces:
            part = min(left, piece.size)
            left -= part
            self.ledger.add(UnreadPart(given.file, piece.fate, piece.reason, piece.offset, part,
                                 matters=piece.matters))  # fmt: skip
        self.ledger.read(1, size - lost)

    def _keep(self, given: Member, table: str, found: Rows) -> None:
        owner: Row = {"host": given.host or None, "file": given.file}
        if table == "certificates":
            owner["store"] = _STORES.get(given.kind, "")
        self.rows.setdefault(table, []).extend(row | owner for row in found.rows)

    def archive(self) -> Archive:
        """Return the tables, each as one."""
        for one, size in zip(self.members, self.sizes, strict=True):
            row: Row = {"file": one.file, "kind": one.kind.value, "host": one.host or None}
            self.rows.setdefault("members", []).append({**row, "time": one.time, "bytes": size})
        rows = {n: Rows(kinds, self.rows.get(n, [])) for n, kinds in COLUMNS.items() if n != "log"}
        unread = [part.words for part in self.ledger.parts]
        if more := self.ledger.all_parts - len(unread):
            unread.append(f"and {more:,} more parts were not read")
        account = self.ledger.closed(
            {name: self.counts.get("log", Counter())[name] for name in COUNTS},
            captured_counts(rows["handshakes"].rows, self.counts.get("captures")),
        )
        return Archive(rows, unread=tuple(unread), keys=tuple(self.keys), logs=self.logs,
                       account=account, tools=tuple(self.tools))  # fmt: skip
