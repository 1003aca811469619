"""What a customer sends: a folder, an archive or loose files, opened without trusting them."""

import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath

from ekukit.archive.compression import HEADS, Counted, Unpacked
from ekukit.archive.limits import MOST_BYTES, MOST_RATIO, SMALL, Budget, Readable
from ekukit.archive.member import Member, member
from ekukit.archive.memory import InMemory
from ekukit.errors import InputError

# A zip of every peer's .tar.gz is three layers.
DEEPEST = 6
_HEAD = 512
_LONGEST_NAME = 300
# Between two files of a tar stand headers; more than this is no header.
_MOST_HEADERS = 4 << 20
_ENCRYPTED = 1
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_DAMAGE = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError,
    OverflowError, MemoryError,
)  # fmt: skip
Found = Iterator[tuple[str, bytes]]


class Container:
    """The files at some paths, whatever they are packed in, one after the other.

    Everything stays in memory and one file at a time: nothing is written, no link is followed, no
    device is opened. After iteration `unread` has a sentence for each thing that was not read.
    Limits: 2000 entries, 512 MiB a file, 2 GiB in all, six layers of packing, and 200 times the
    packed size where more than 64 MiB come out. `done` and `total` count bytes of the paths.

    Raises InputError when a path does not exist or is neither a file nor a folder.
    """

    def __init__(self, paths: Iterable[Path | InMemory], limit: int = MOST_BYTES) -> None:
        """Look for the files at the paths; none is read yet."""
        self.unread: list[str] = []
        self.done = 0
        self._budget = Budget(limit, self.unread)
        self._names: dict[str, int] = {}
        self._files = [found for path in paths for found in self._at(path)]
        self.total = sum(size for _, _, size in self._files)

    def __iter__(self) -> Iterator[Member]:
        """Yield the files in order; a name that comes again gets a number."""
        for path, name, size in self._files:
            try:
                with path.open("rb") as stream:
                    for shown, data in self._stream(stream, name, 0):
                        self._names[shown] = count = self._names.get(shown, 0) + 1
                        yield member(shown, data, count)
            except OSError as error:
                self.unread.append(f"{name}: cannot be read ({error.strerror or error})")
            self.done += size

    def _at(self, path: Path | InMemory) -> Iterator[tuple[Path | InMemory, str, int]]:
        if isinstance(path, InMemory):
            yield path, clean(path.name), len(path.data)
            return
        try:
            found = path.stat()
        except (OSError, ValueError):
            msg = f"{path}: does not exist; name an archive, a folder or files of one"
            raise InputError(msg) from None
        if stat.S_ISREG(found.st_mode):
            yield path, clean(path.name), found.st_size
        elif stat.S_ISDIR(found.st_mode):
            yield from self._in_folder(path)
        else:
            msg = f"{path}: neither a file nor a folder; name an archive, a folder or files of one"
            raise InputError(msg)

    def _in_folder(self, path: Path) -> Iterator[tuple[Path, str, int]]:
        for folder, folders, names in os.walk(path):
            folders.sort()
            links = [name for name in folders if Path(folder, name).is_symlink()]
            for name in [*links, *sorted(names)]:
                at = Path(folder, name)
                shown = clean(at.relative_to(path).as_posix())
                if not self._budget.entry(shown):
                    return
                found = at.lstat()
                if stat.S_ISREG(found.st_mode):
                    yield at, shown, found.st_size
                else:
                    self.unread.append(f"{shown}: a link or device, not followed")

    def _stream(self, stream: Readable, name: str, depth: int) -> Found:
        head = b""
        while len(head) < _HEAD and (more := stream.read(_HEAD - len(head))):
            head += more
        rest = _Rejoined(head, stream)
        make = next((made for start, made in HEADS if head.startswith(start)), None)
        is_tar, is_zip = head[257:262] == b"ustar", head.startswith((b"PK\3\4", b"PK\5\6"))
        if (make or is_tar or is_zip) and depth >= DEEPEST:
            self.unread.append(f"{name}: packed more than {DEEPEST} times over, not opened")
        elif make:
            unpacked = Unpacked(rest, make)
            inside = name if name.endswith((".tar.gz", ".tar.bz2", ".tar.xz")) else _bare(name)
            yield from self._stream(unpacked, inside, depth + 1)
            if unpacked.problem:
                self.unread.append(f"{name}: {unpacked.problem}")
        elif is_tar:
            yield from self._tar(rest, name, depth)
        elif (data := self._budget.whole(rest, name, _DAMAGE)) is not None:
            yield from self._zip(data, name, depth) if is_zip else [(name, data)]

    def _tar(self, stream: Readable, name: str, depth: int) -> Found:
        guard = _Guard(stream)
        try:
            with _Tar.open(fileobj=guard, mode="r|", ignore_zeros=True) as archive:  # type: ignore[call-overload]
                for entry in archive:
                    shown = f"{name}: {clean(entry.name)}"
                    guard.expect(entry.offset_data + entry.size)
                    if not self._budget.entry(shown):
                        break
                    if entry.isdir():
                        continue
                    data = archive.extractfile(entry) if entry.isreg() else None
                    if data is None or entry.issparse():
                        self.unread.append(f"{shown}: a link, a device or no plain file, not read")
                    else:
                        yield from self._stream(data, shown, depth + 1)
                if archive.broken:
                    self.unread.append(f"{name}: damaged in the middle; some files may be lost")
        except _DAMAGE as error:
            self.unread.append(f"{name}: damaged ({error}); what follows was not read")
        if guard.stopped:
            self.unread.append(f"{name}: {_MOST_HEADERS >> 20} MiB without a file; stopped there")

    def _zip(self, packed: bytes, name: str, depth: int) -> Found:
        given, most = 0, max(SMALL, len(packed) * MOST_RATIO)
        try:
            archive = zipfile.ZipFile(BytesIO(packed))
        except (*_DAMAGE, NotImplementedError) as error:
            self.unread.append(f"{name}: damaged or cut short, not opened ({error})")
            return
        for entry in archive.infolist():
            shown = f"{name}: {clean(entry.filename)}"
            if not self._budget.entry(shown):
                return
            if entry.is_dir():
                continue
            if why := _why_not(entry):
                self.unread.append(f"{shown}: {why}, not read")
                continue
            counted, inside = Counted(most - given), 0
            try:
                with archive.open(entry) as stream:
                    counted.stream = stream
                    for found, data in self._stream(counted, shown, depth + 1):
                        inside += len(data)
                        yield found, data
            except _DAMAGE as error:
                self.unread.append(f"{shown}: damaged, not read ({error})")
            given += max(counted.given, inside)
            if given > most:
                self.unread.append(
                    f"{name}: unpacks to more than {MOST_RATIO} times its size; stopped there"
                )
                return


def _why_not(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
        return "a link, a device or no plain file"
    return "" if entry.compress_type in _ZIP_METHODS else "packed in an uncommon way"


class _Rejoined:
    """A stream whose first bytes were looked at."""

    def __init__(self, head: bytes, stream: Readable) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int, /) -> bytes:
        found, self._head = self._head[:size], self._head[size:]
        return found or self._stream.read(size)


class _Guard:
    """A stream that ends where a tar holds nothing but headers, or zeros, for too long."""

    def __init__(self, stream: Readable) -> None:
        self.stopped = False
        self._stream, self._place, self._end = stream, 0, _MOST_HEADERS

    def expect(self, end: int) -> None:
        self._end = end + _MOST_HEADERS

    def read(self, size: int, /) -> bytes:
        self.stopped = self.stopped or self._place > self._end
        data = b"" if self.stopped else self._stream.read(size)
        self._place += len(data)
        return data


class _Entry(tarfile.TarInfo):
    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> "_Entry":
        try:
            return super().fromtarfile(tarfile)
        except Exception as error:
            # The library skips what is no header and says nothing.
            if type(error).__name__ == "InvalidHeaderError" and isinstance(tarfile, _Tar):
                tarfile.broken = True
            raise


class _Tar(tarfile.TarFile):
    tarinfo = _Entry
    broken = False


def _bare(name: str) -> str:
    for ending in (".gz", ".bz2", ".xz"):
        name = name.removesuffix(ending)
    return name


def clean(name: str) -> str:
    """Return a file's name for people: no drive, no way up, no control characters, not long."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in "/.."]
    shown = "".join(c if c.isprintable() else "?" for c in "/".join(parts))
    return shown[-_LONGEST_NAME:] or "unnamed"
