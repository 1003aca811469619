"""A file of a fleet: where it lies, and by which name it is known in the tables."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

_ENDINGS = (
    ".tar.gz", ".tgz", ".tar", ".zip", ".gz", ".tar.bz2", ".tbz2", ".bz2", ".tar.xz", ".txz", ".xz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file: its path or address, its name below the source, size, and when it was changed.

    `top` is the source's own name. `named` says that the user named the file and not a folder
    above it, so that it counts whatever its ending is. The name never holds a user or password.
    """

    address: str
    name: str
    size: int
    changed: datetime | None = None
    top: str = ""
    named: bool = False

    @property
    def folder(self) -> str:
        """Return the folder below the source, "" for none."""
        parent = PurePosixPath(self.name).parent.as_posix()
        return "" if parent == "." else parent

    @property
    def last(self) -> str:
        """Return the name's last part."""
        return PurePosixPath(self.name).name


def is_packed(file: SourceFile) -> bool:
    """Return whether a file counts as an archive: by its ending, or because it was named."""
    return file.named or file.name.lower().endswith(_ENDINGS)
