"""Evidence: what was read where, and the states that it shows."""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.connections import State


class EvidenceKind(StrEnum):
    """Where a piece of evidence was read."""

    LOG = "log"
    PACKET = "packet"
    CERTIFICATE = "certificate"
    CONFIGURATION = "configuration"
    STATUS = "status"
    PASTED = "pasted text"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was read: where, and the words that stand there.

    `line` and `packet` count from 1 in `file`; `serial` is lower-case hex without prefix.
    `store` names the store of a certificate ("server", "client"), "" elsewhere.
    """

    kind: EvidenceKind
    file: str
    text: str
    line: int | None = None
    packet: int | None = None
    serial: str = ""
    store: str = ""

    @property
    def where(self) -> str:
        """Return the place in words: file with line or packet, and the certificate's serial."""
        return self._place(self.file)

    @property
    def short(self) -> str:
        """Return the place with the file's own name, without the archive and folders around it."""
        return self._place(self.file.rpartition(": ")[2].rpartition("/")[2])

    def _place(self, file: str) -> str:
        parts = [file] if file else []
        parts += [f"line {self.line}"] if self.line is not None else []
        parts += [f"packet {self.packet}"] if self.packet is not None else []
        parts += [f"serial {self.serial}"] if self.serial else []
        return ", ".join(parts) or self.kind.value


@dataclass(frozen=True, slots=True)
class Observed:
    """A state that the archive or pasted text shows, of a connection of the catalog."""

    connection: str
    state: State
    by: Evidence
    detail: str = ""
