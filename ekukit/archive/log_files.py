"""The log snapshots of an archive, kept as bytes; tables are made of what is asked for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ekukit.frames import joined_frames
from ekukit.log.record_times import moment_of
from ekukit.log.records import COLUMNS as RECORD
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {**RECORD, "file": "string"}


@dataclass(frozen=True, slots=True)
class LogFile:
    """One log: its name in the archive, the host that the name tells, and its records."""

    file: str
    host: str | None
    snapshot: Snapshot

    def frame(self) -> "pd.DataFrame":
        """Return its records; one without a host is of the file's."""
        frame = self.snapshot.table()
        if self.host:
            frame["host"] = frame["host"].fillna(self.host)
        frame["file"] = self.file
        return frame


@dataclass(slots=True)
class LogFiles:
    """The logs in the order of the archive."""

    files: list[LogFile] = field(default_factory=list)
    _whole: "pd.DataFrame | None" = None

    def whole(self) -> "pd.DataFrame":
        """Return all records of all logs as one table of COLUMNS, made once."""
        if self._whole is None:
            self._whole = joined_frames([one.frame() for one in self.files], COLUMNS)
        return self._whole

    def chosen(
        self, choice: Callable[[Snapshot], Iterable[Record]]
    ) -> Iterator[tuple[LogFile, Record]]:
        """Yield the records that a choice takes from each log, with the log."""
        for one in self.files:
            for record in one.snapshot.chosen(choice):
                yield one, record

    def times(self) -> Iterator[datetime]:
        """Yield the times of all records that tell one."""
        for one in self.files:
            yield from filter(
                None, (moment_of(found.head.time) for found in one.snapshot.records())
            )

    def ends(self) -> Iterator[str]:
        """Yield hosts, then sources, then targets of all records, each once, in order."""
        seen: tuple[dict[object, None], ...] = ({}, {}, {})
        for one in self.files:
            for record in one.snapshot.records():
                said = record.head
                host = one.host if said.host is None else said.host
                for found, value in zip(seen, (host, said.src_ip, said.dst_ip), strict=True):
                    found[value] = None
        for found in seen:
            yield from (str(value) for value in found if value is not None)
