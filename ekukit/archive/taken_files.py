"""Files taken one by one into the tables of an archive; the bytes of none are kept but of logs."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ekukit.account import Ledger, PartFate, Piece, UnreadPart
from ekukit.archive.apart import Apart
from ekukit.archive.log_files import LogFile, LogFiles
from ekukit.archive.member import Member, MemberKind, odd_time, why_unknown
from ekukit.archive.member_readers import READERS
from ekukit.archive.pasted_texts import PastedText, beside, page_in
from ekukit.archive.tool_files import output_in
from ekukit.errors import InputError
from ekukit.frames import Row, Rows
from ekukit.log.snapshot import Snapshot
from ekukit.log.tool_output import ToolOutput
from ekukit.private_keys import struck_out

if TYPE_CHECKING:
    from collections.abc import Mapping

_STORES = {MemberKind.SERVER: "server", MemberKind.CLIENT: "client", MemberKind.CA: "ca"}


@dataclass(slots=True)
class TakenFiles:
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
    pages: list[PastedText] = field(default_factory=list)

    def take(self, given: Member) -> None:
        """Read one file into its table; its bytes are not kept."""
        ready = self.apart.of(given)
        data, private = struck_out(given.data) if ready is None else (given.data, False)
        if private:
            self.keys.append(given.file)
        self.members.append(replace(given, data=b""))
        self.sizes.append(len(data))
        self._tell_odd_time(given)
        reader = READERS.get(given.kind)
        told, page = output_in(given, data), page_in(given, data)
        self.tools += told
        self.pages += page
        if reader is None and (told or page):
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
        self._take_beside(given, data)

    def _tell_odd_time(self, given: Member) -> None:
        if odd := odd_time(given.file):
            why = f"the time in its name, {odd}, is none that a clock shows here, and is left out"
            self.ledger.add(UnreadPart(given.file, PartFate.UNREADABLE, why, matters=False))

    def _take_beside(self, given: Member, data: bytes) -> None:
        for table, more in beside(given, data):
            if isinstance(more, Snapshot):
                self.logs.files.append(LogFile(given.file, None, more))
            else:
                self._keep(given, table, more)

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
