"""The files that somebody gave, at a path or in memory: none is opened that leads elsewhere."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

from ekukit.account import Ledger, PartFate, UnreadPart
from ekukit.archive.size_limits import MOST_SEEN
from ekukit.errors import InputError
from ekukit.printable import visible


@dataclass(frozen=True, slots=True)
class InMemory:
    """A name for people and the bytes; `open_archive` takes it in a path's place."""

    name: str
    data: bytes = field(repr=False)

    def open(self, _mode: str = "rb") -> BytesIO:
        """Return a stream over the bytes."""
        return BytesIO(self.data)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


_LONGEST_NAME = 300
# Text is packed to a hundredth by no file system: a file with less on the disk has holes.
_HOLES, _SMALL, _SECTOR = 100, 1 << 20, 512
_DO = "name an archive, a folder or files of one"
Found = tuple[Path | InMemory, str, int]


def files_at(path: Path | InMemory, ledger: Ledger) -> Iterator[Found]:
    """Yield path, name for people and size of each file; what is none is told in the ledger.

    Raises InputError when the path itself is not there, is a link, a device, a pipe, or mostly
    holes: it is refused before it is opened.
    """
    if isinstance(path, InMemory):
        yield path, clean(path.name), len(path.data)
        return
    found = looked_at(path, _DO)
    if stat.S_ISDIR(found.st_mode):
        yield from _in_folder(path, ledger)
    else:
        yield path, clean(path.name), found.st_size


def looked_at(path: Path, do: str) -> os.stat_result:
    """Return what the system tells of a file or folder without opening it.

    `do` says what to name instead. Raises InputError as `files_at`.
    """
    shown = visible(str(path))
    try:
        found = path.lstat()
    except (OSError, ValueError):
        msg = f"{shown}: does not exist; {do}"
        raise InputError(msg) from None
    if stat.S_ISDIR(found.st_mode):
        return found
    if why := _why_not(found):
        msg = f"{shown}: {why}; {do}"
        raise InputError(msg)
    return found


def _why_not(found: os.stat_result) -> str:
    if stat.S_ISLNK(found.st_mode):
        return "a link, not followed"
    if not stat.S_ISREG(found.st_mode):
        return "neither a file nor a folder"
    there = getattr(found, "st_blocks", None)
    if there is not None and found.st_size > max(_SMALL, there * _SECTOR * _HOLES):
        return f"{found.st_size} bytes of which {there * _SECTOR} are on the disk: holes, not read"
    return ""


def _in_folder(path: Path, ledger: Ledger) -> Iterator[Found]:
    count = 0

    def told(error: OSError) -> None:
        shown = clean(Path(error.filename or path).relative_to(path).as_posix())
        why = f"a folder that cannot be read ({error.strerror})"
        ledger.given(1, 0)
        ledger.add(UnreadPart(shown, PartFate.UNREADABLE, why, members=1))

    for folder, folders, names in os.walk(path, onerror=told):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in [*links, *sorted(names)]:
            at = Path(folder, name)
            shown = clean(at.relative_to(path).as_posix())
            count += 1
            if count > MOST_SEEN:
                why = f"more than {MOST_SEEN} files in the folder; from here on none is read"
                ledger.add(UnreadPart(shown, PartFate.SKIPPED, why))
                return
            try:
                found = at.lstat()
            except OSError:
                continue  # gone while the folder was walked
            if not stat.S_ISREG(found.st_mode):
                ledger.given(1, 0)
                why = "a link or device, not followed"
                ledger.add(UnreadPart(shown, PartFate.SKIPPED, why, members=1))
            elif why := _why_not(found):
                ledger.given(1, found.st_size)
                ledger.add(UnreadPart(shown, PartFate.SKIPPED, why, 0, found.st_size, 1))
            else:
                yield at, shown, found.st_size


def clean(name: str) -> str:
    """Return a file's name for people: no drive, no way up, no control characters, not long."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in "/.."]
    shown = "".join(c if c.isprintable() else "?" for c in "/".join(parts))
    return shown[-_LONGEST_NAME:] or "unnamed"
