"""A tar as a stream: every header is believed only as far as the bytes behind it go."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from ekukit.archive.size_limits import Readable, drained

BLOCK = 512
# Between two files stand headers; more than this without a file is none.
MOST_BETWEEN = 4 << 20
_MOST_NAMES = 1 << 20
_MAGIC, _MARK = slice(257, 262), b"ustar"
_LONG_NAME, _LONG_LINK = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_OF_THE_NEXT = frozenset((_LONG_NAME, _LONG_LINK, *_PAX, tarfile.XGLTYPE))
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_WITHOUT_DATA = (
    tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE,
    tarfile.DIRTYPE,
)  # fmt: skip


def is_header(block: bytes) -> bool:
    """Return whether 512 bytes are a tar header: its mark is there and its check sum is right."""
    return block[_MAGIC] == _MARK and parsed(block) is not None


def parsed(block: bytes) -> tarfile.TarInfo | None:
    """Return what a header says, None for a block that is none."""
    if not block.strip(b"\0"):
        return None
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, OverflowError):
        return None


@dataclass(slots=True)
class Entry:
    """A file of a tar: its name, kind, the size that its header tells, and its bytes.

    `place` is where its header begins. `read` gives the bytes; once all are read, `missing` says
    how many of the told size are not there.
    """

    name: str
    place: int
    size: int
    is_folder: bool
    is_plain: bool
    tape: "Tape"
    missing: int = 0
    _left: int = -1

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        if self._left < 0:
            self._left = self.size
        data = self.tape.take(min(size, self._left))
        if not data and size and self._left:
            self.missing, self._left = self._left, 0
        self._left -= len(data)
        return data

    def cut(self, data: bytes, place: int) -> None:
        """End the entry before a header that stands in its bytes; `data` are all of them."""
        self.tape.put_back(data[place:])
        self.size, self.missing, self._left = place, 0, 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes of a tar that belong to no file and are no header."""

    place: int
    size: int
    behind_the_end: bool = False


class Tape:
    """The entries of a tar, and what stands between them that is none."""

    def __init__(self, stream: Readable) -> None:
        """Begin; nothing is read yet."""
        self.place = 0
        self.stopped = self._ended = False
        self._gap = 0
        self._stream, self._back = stream, b""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes from here, whatever they are."""
        return self.take(size)

    def take(self, size: int) -> bytes:
        """Return up to `size` bytes from here."""
        found, self._back = self._back[:size], self._back[size:]
        found = found or (self._stream.read(size) if size else b"")
        self.place += len(found)
        return found

    def put_back(self, data: bytes) -> None:
        """Put bytes that were taken in front again."""
        self._back = data + self._back
        self.place -= len(data)

    def _block(self) -> bytes:
        block = b""
        while len(block) < BLOCK and (more := self.take(BLOCK - len(block))):
            block += more
        return block

    def __iter__(self) -> Iterator[Entry | Gap]:
        """Yield entries and gaps in order; what the caller left of an entry is passed over."""
        told: dict[str, str] = {}
        self._gap, self._ended, between = 0, False, 0
        while block := self._block():
            start = self.place - len(block)
            between += len(block)
            if between > MOST_BETWEEN:
                self.put_back(block)
                self.stopped = True
                break
            info = parsed(block) if len(block) == BLOCK else None
            zeros = not block.strip(b"\0")
            if info is None and not zeros:
                self._gap += len(block)
                continue
            yield from self._told_gap(start)
            # Blocks of zeros end a tar; another may follow.
            self._ended = zeros
            if info is None:
                continue
            if info.type in _OF_THE_NEXT:
                self._tell(info, told)
                continue
            entry = self._entry(info, told, start)
            told, between = {}, 0
            yield entry
            drained(entry)
            self.take(-entry.size % BLOCK if not entry.missing else 0)
        yield from self._told_gap(self.place)

    def _told_gap(self, end: int) -> Iterator[Gap]:
        if self._gap:
            yield Gap(end - self._gap, self._gap, self._ended)
        self._gap = 0

    def _tell(self, info: tarfile.TarInfo, told: dict[str, str]) -> None:
        """Take the name or the pairs that a header says of the next one."""
        size, data = max(info.size, 0), b""
        while len(data) < min(size, _MOST_NAMES) and (more := self.take(_MOST_NAMES)):
            data += more
        self.put_back(data[size:])
        data = data[:size]
        if size > _MOST_NAMES:
            return
        self.take(-size % BLOCK)
        if info.type == _LONG_NAME:
            told["path"] = data.split(b"\0")[0].decode("utf-8", "surrogateescape")
        elif info.type in _PAX:
            told.update(_pairs(data))

    def _entry(self, info: tarfile.TarInfo, told: dict[str, str], start: int) -> Entry:
        size = max(info.size, 0)
        if told.get("size", "").isdecimal() and len(told["size"]) < 20:  # noqa: PLR2004
            size = int(told["size"])
        name = told.get("GNU.sparse.name") or told.get("path") or info.name
        folder = info.type == tarfile.DIRTYPE or (info.type in _PLAIN and name.endswith("/"))
        sparse = any(key.startswith("GNU.sparse") for key in told)
        if info.type in _WITHOUT_DATA:
            size = 0
        return Entry(name, start, size, folder, info.type in _PLAIN and not sparse, self)


def _pairs(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a pax header: length, blank, key, "=", value, line end."""
    place = 0
    while place < len(data):
        length, blank, _ = data[place : place + 20].partition(b" ")
        if not blank or not length.isdigit() or not int(length):
            return
        line = data[place + len(length) + 1 : place + int(length) - 1]
        key, _, value = line.partition(b"=")
        yield key.decode("utf-8", "replace"), value.decode("utf-8", "surrogateescape")
        place += int(length)


def cut_at_header(data: bytes) -> int:
    """Return where, in the bytes of a file whose told size is a lie, the next header stands.

    The length of the bytes when there is none. Headers stand at every 512 bytes.
    """
    # A header's mark stands at one place of a block: only there is looked for its first letter.
    first = data[_MAGIC.start :: BLOCK]
    place = first.find(_MARK[:1])
    while place >= 0:
        block = data[place * BLOCK : (place + 1) * BLOCK]
        if block[_MAGIC] == _MARK and is_header(block):
            return place * BLOCK
        place = first.find(_MARK[:1], place + 1)
    return len(data)
