"""What is done of a fleet, kept beside its table, so that a run that was stopped goes on."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ekukit.errors import InputError
from ekukit.fleets.case_reading import ReadCase, ReadingOptions
from ekukit.fleets.fleet_columns import SCHEMA_VERSION
from ekukit.fleets.kit_version import kit_version
from ekukit.fleets.together import CaseFiles
from ekukit.machine_faults import refused

_MODE = 0o600


@dataclass(slots=True)
class DoneCases:
    """A file with a line for each case that was read, only added to; in memory is where each lies.

    A line that was cut off, by a full disk or a loss of power, counts as not written. Lines of
    another kit, other options or another content stay and do not count.
    """

    path: Path
    options: ReadingOptions
    _places: dict[str, tuple[int, str]] = field(default_factory=dict)
    _end: int = 0

    def __post_init__(self) -> None:
        """Find what is there; raises InputError for a file that cannot be read or written."""
        try:
            self.path.touch(mode=_MODE)
            with self.path.open("rb") as stream:
                for line in stream:
                    if not line.endswith(b"\n"):
                        break
                    self._take(line)
                    self._end += len(line)
            os.truncate(self.path, self._end)
        except OSError as error:
            raise InputError(refused(self.path, error)) from None

    def _take(self, line: bytes) -> None:
        try:
            told = json.loads(line)
            self._places[told["key"]] = self._end, told["found"]["digest"]
        except (ValueError, KeyError, TypeError):
            return

    def key_of(self, work: CaseFiles) -> str:
        """Return what a row hangs on beside the content: names, kit, schema and options."""
        names = [file.name for file in work.files]
        said = [kit_version(), SCHEMA_VERSION, self.options.words, work.case, names]
        return sha256(json.dumps(said).encode()).hexdigest()[:32]

    def expected(self, work: CaseFiles) -> str:
        """Return the digest of the content that is done of a case, "" for none."""
        return self._places.get(self.key_of(work), (0, ""))[1]

    def add(self, work: CaseFiles, found: ReadCase) -> None:
        """Keep a case that was read; one that is the same as before stays."""
        key = self.key_of(work)
        if found.same and key in self._places:
            return
        told = {"key": key, "found": found.as_dict()}
        line = json.dumps(told, default=_plain, separators=(",", ":")).encode() + b"\n"
        try:
            with self.path.open("ab") as stream:
                stream.write(line)
        except OSError as error:
            raise InputError(refused(self.path, error)) from None
        self._places[key] = self._end, found.digest
        self._end += len(line)

    def read(self, works: list[CaseFiles]) -> Iterator[ReadCase]:
        """Yield what is done of these cases, in their order, one in memory at a time."""
        with self.path.open("rb") as stream:
            for work in works:
                place = self._places.get(self.key_of(work))
                if place is not None:
                    stream.seek(place[0])
                    yield ReadCase(**json.loads(stream.readline())["found"])


def _plain(value: object) -> Any:  # noqa: ANN401 - as json calls it
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    msg = f"{type(value).__name__} has no place in a row"
    raise TypeError(msg)
