"""What a customer sends: a folder, an archive or loose files, opened without trusting them."""

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ekukit.archive.member import Member, member
from ekukit.errors import InputError

MOST_MEMBERS = 2000
MOST_BYTES = 2 << 30
MOST_BYTES_EACH = 512 << 20
DEEPEST = 2
# A text log shrinks to about a twentieth; more than this is a bomb, not a log.
MOST_RATIO = 200
_SMALL = 1 << 20
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Contents:
    """The members in order, and what was not read with the reason, one sentence each."""

    members: tuple[Member, ...]
    unread: tuple[str, ...]


class _Budget:
    """What may still be read; everything counts against one limit."""

    def __init__(self, limit: int) -> None:
        self.limit, self.left, self.members = limit, limit, 0
        self.unread: list[str] = []


def open_container(paths: Iterator[Path] | list[Path], limit: int = MOST_BYTES) -> Contents:
    """Return the members of folders, archives and files, whatever they are packed in.

    Everything stays in memory: nothing is written, no link is followed. Members beyond the limits
    (2000 members, 512 MiB each, `limit` bytes in all, packed twice, shrunk 200 times) are listed
    as unread. Raises InputError when a path does not exist or nothing at all could be read.
    """
    given = list(paths)
    budget = _Budget(limit)
    members: list[Member] = []
    for path in given:
        if not path.exists():
            msg = f"{path}: does not exist; name an archive, a folder or files of one"
            raise InputError(msg)
        members += _path(path, budget)
    if not members:
        told = "; ".join(budget.unread[:3]) or "there is nothing in it"
        names = ", ".join(map(str, given)) or "no path"
        msg = (
            f"{names}: nothing could be read ({told}); expected a diagnostic archive of Expressway"
        )
        raise InputError(msg)
    return Contents(tuple(members), tuple(budget.unread))


def _path(path: Path, budget: _Budget) -> Iterator[Member]:
    if not path.is_dir():
        yield from _file(path, path.name, budget)
        return
    for found in sorted(path.rglob("*")):
        name = found.relative_to(path).as_posix()
        if found.is_symlink():
            budget.unread.append(f"{name}: a link, not followed")
        elif found.is_file():
            yield from _file(found, name, budget)


def _file(path: Path, name: str, budget: _Budget) -> Iterator[Member]:
    try:
        with path.open("rb") as stream:
            yield from _stream(stream, name, path.stat().st_size, budget, 0)
    except OSError as error:
        budget.unread.append(f"{name}: cannot be read ({error.strerror})")


def _stream(
    stream: BinaryIO, name: str, packed: int, budget: _Budget, depth: int
) -> Iterator[Member]:
    head = stream.read(512)
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")) or head[257:262] == b"ustar":
        yield from _unpacked(_tar, _joined(head, stream, budget, name), name, budget, depth)
        return
    if head.startswith(b"PK\x03\x04"):
        yield from _unpacked(_zip, _joined(head, stream, budget, name), name, budget, depth)
        return
    data = _joined(head, stream, budget, name, packed=packed)
    if data is not None:
        yield member(name, data)


def _joined(
    head: bytes, stream: BinaryIO, budget: _Budget, name: str, packed: int = 0
) -> bytes | None:
    """Return all bytes of a stream, or None when a limit was met, which is then listed."""
    budget.members += 1
    if budget.members > MOST_MEMBERS:
        budget.unread.append(f"{name}: more than {MOST_MEMBERS} files, the rest is not read")
        return None
    pieces, size = [head], len(head)
    most = min(MOST_BYTES_EACH, budget.left)
    if packed:
        most = min(most, max(packed * MOST_RATIO, _SMALL))
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > most:
            budget.unread.append(f"{name}: larger than {most} bytes, which is the limit here")
            return None
        pieces.append(piece)
    budget.left -= size
    return b"".join(pieces)


Unpack = Callable[[bytes, str, _Budget, int], Iterator[Member]]


def _unpacked(
    unpack: Unpack, data: bytes | None, name: str, budget: _Budget, depth: int
) -> Iterator[Member]:
    if data is None:
        return
    if depth >= DEEPEST:
        budget.unread.append(f"{name}: an archive inside archives, not opened")
        return
    try:
        yield from unpack(data, name, budget, depth)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError,
            NotImplementedError) as error:  # fmt: skip
        budget.unread.append(f"{name}: damaged from here on ({error})")


def _tar(data: bytes, name: str, budget: _Budget, depth: int) -> Iterator[Member]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r|*") as archive:
        read = 0
        for entry in archive:
            shown = f"{name}: {_clean(entry.name)}"
            read += max(entry.size, 0)
            if read > max(len(data) * MOST_RATIO, _SMALL):
                budget.unread.append(f"{shown}: unpacks to far more than it should; stopped here")
                return
            if entry.isdir():
                continue
            stream = archive.extractfile(entry) if entry.isreg() else None
            if stream is None:
                budget.unread.append(f"{shown}: no plain file, not read")
                continue
            yield from _stream(stream, shown, 0, budget, depth + 1)  # type: ignore[arg-type]


def _zip(data: bytes, name: str, budget: _Budget, depth: int) -> Iterator[Member]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist()[: MOST_MEMBERS + 1]:
            shown = f"{name}: {_clean(entry.filename)}"
            if entry.is_dir():
                continue
            if entry.flag_bits & 1:
                budget.unread.append(f"{shown}: encrypted, not read")
                continue
            with archive.open(entry) as stream:
                packed = max(entry.compress_size, 1)
                yield from _stream(stream, shown, packed, budget, depth + 1)  # type: ignore[arg-type]


def _clean(name: str) -> str:
    """Return a member's name for people: no drive, no way up, no control characters."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in "/.."]
    return "".join(c if c.isprintable() else "?" for c in "/".join(parts))[:300] or "unnamed"
