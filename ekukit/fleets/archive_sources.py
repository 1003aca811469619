"""The files of a fleet by name: folders, globs and single files here, and addresses elsewhere."""

import glob
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ekukit.errors import InputError
from ekukit.fleets.fleet_notes import left_out
from ekukit.fleets.remote_sources import is_remote, remote_files
from ekukit.fleets.source_file import SourceFile, is_packed
from ekukit.printable import visible

_DO = "name folders, archives, patterns such as 'cases/*.tar.gz', or addresses such as s3://…"


@dataclass(frozen=True, slots=True)
class Listed:
    """What lies at the sources: files sorted by name, and what is to be told of the listing."""

    files: tuple[SourceFile, ...]
    notes: tuple[str, ...]


def listed_files(sources: Iterable[str | os.PathLike[str]], since: datetime | None) -> Listed:
    """Return the files at the sources; none is opened, and no link is followed.

    A folder gives everything below it but hidden files; what is named counts whatever it is. With
    `since` a file that was changed earlier is left out, and counted; where a source does not tell
    when, it is kept. Raises InputError for a source that is not there, is a link, or gives nothing.
    """
    found: dict[str, SourceFile] = {}
    notes: list[str] = []
    for source in map(str, sources):
        if is_remote(source):
            remote = remote_files(source)
            notes.append(f"Read from {remote.shown}, as it was named: this leaves the machine.")
            files: Iterable[SourceFile] = remote.files
        else:
            files = list(_local(source))
        found |= {file.address: file for file in files}
    kept = [f for f in found.values() if not (since and f.changed and f.changed < since)]
    if since and len(kept) < len(found):
        notes.append(left_out(f"older than {since:%d %b %Y}", len(found) - len(kept)))
    if not kept:
        msg = f"{visible(', '.join(map(str, sources)))}: no file there; {_DO}"
        raise InputError(msg)
    return Listed(tuple(sorted(_apart(kept), key=lambda file: file.name)), tuple(notes))


def _local(source: str) -> Iterator[SourceFile]:
    path = Path(source)
    if not os.path.lexists(path) and glob.has_magic(source):
        names = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - a whole pattern
        fixed = source[: source.index(next(filter(glob.has_magic, source)))]
        root = Path(os.path.dirname(fixed) or ".")  # noqa: PTH120 - of "cases/" it is "cases"
        yield from (one for name in names for one in _at(Path(name), root, given=False))
        return
    yield from _at(path, path if path.is_dir() else path.parent, given=True)


def _at(path: Path, root: Path, *, given: bool) -> Iterator[SourceFile]:
    try:
        found = path.lstat()
    except OSError:
        msg = f"{visible(str(path))}: does not exist; {_DO}"
        raise InputError(msg) from None
    if stat.S_ISDIR(found.st_mode):
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
            for file in inside:
                if stat.S_ISREG((told := file.lstat()).st_mode):
                    yield _file(file, root, told, named=False)
    elif stat.S_ISREG(found.st_mode):
        yield _file(path, root, found, named=True)
    elif given:
        msg = f"{visible(str(path))}: a link, or neither a file nor a folder; {_DO}"
        raise InputError(msg)


def _file(path: Path, root: Path, found: os.stat_result, *, named: bool) -> SourceFile:
    try:
        name = path.relative_to(root).as_posix()
    except ValueError:
        name = path.name
    changed = datetime.fromtimestamp(found.st_mtime, UTC)
    top = root.resolve().name
    return SourceFile(str(path.absolute()), name, found.st_size, changed, top, named=named)


def _apart(files: list[SourceFile]) -> list[SourceFile]:
    """Return files of equal names in several sources with the source's name before theirs."""
    names = Counter(file.name for file in files)
    told = [replace(file, name=f"{file.top}/{file.name}") if names[file.name] > 1 else file
            for file in files]  # fmt: skip
    twice = [name for name, count in Counter(file.name for file in told).items() if count > 1]
    if twice:
        msg = f"{visible(twice[0])}: two sources have a file of this name; give one folder above"
        raise InputError(msg)
    return told


__all__ = ["Listed", "SourceFile", "is_packed", "listed_files"]
