"""The files of a zip: by its directory, and where that is broken by the header before each."""

import bz2
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zlib import crc32

from ekukit.archive.compression import Unpacked
from ekukit.archive.deflate import Deflated
from ekukit.archive.size_limits import PIECE, Readable

LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_LOCAL_SIZE, _END_SIZE = 30, 22
_ENCRYPTED, _DESCRIBED_BEHIND, _UTF8 = 1, 8, 0x800
_UNKNOWN = 0xFFFFFFFF
_ERRORS = (
    zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError, OverflowError, MemoryError,
    NotImplementedError, struct.error,
)  # fmt: skip


@dataclass(slots=True)
class Zipped:
    """A file of a zip: its name, where its packed bytes are, and why it is not read, "" to read it.

    `crc` is None where the header does not tell it.
    """

    name: str
    start: int
    end: int
    size: int
    method: int
    crc: int | None
    is_folder: bool
    why_not: str = ""

    def opened(self, packed: bytes) -> "Readable":
        """Return the file's bytes as a stream, as far as they can be had."""
        inside = BytesIO(memoryview(packed)[self.start : self.end])
        if self.method == zipfile.ZIP_STORED:
            return inside
        make = Deflated if self.method == zipfile.ZIP_DEFLATED else bz2.BZ2Decompressor
        return Unpacked(inside, make, single=True)


def files_of(packed: bytes) -> tuple[list[Zipped], str]:
    """Return the files of a zip in the order of its directory, and what is wrong with it.

    Where the directory is cut, broken, or does not fit, the headers before the files count, too.
    """
    end = packed.rfind(END)
    known = packed if end < 0 else packed[: end + _END_SIZE + _comment(packed, end)]
    told = ""
    found: list[Zipped] = []
    try:
        with zipfile.ZipFile(BytesIO(known)) as archive:
            for info in archive.infolist():
                place = _data_place(packed, info.header_offset)
                if place is None:
                    told = "its directory names a place where no file is"
                else:
                    found.append(_of_directory(info, place))
    except _ERRORS as error:
        told = f"its directory cannot be read ({error})"
    if told:
        taken = sorted((one.start, one.end) for one in found)
        more = list(_by_headers(packed, taken))
        found += more
        told += f"; {len(more)} files were found by the headers before them"
    behind = len(packed) - len(known)
    if behind and not told:
        told = f"{behind} bytes stand behind its end, not read"
    return found, told


def _comment(packed: bytes, end: int) -> int:
    return int.from_bytes(packed[end + 20 : end + _END_SIZE], "little")


def _data_place(packed: bytes, header: int) -> int | None:
    if packed[header : header + 4] != LOCAL:
        return None
    name, extra = struct.unpack_from("<HH", packed, header + 26)
    return int(header + _LOCAL_SIZE + name + extra)


def _of_directory(info: zipfile.ZipInfo, place: int) -> Zipped:
    why = _why_not(info.flag_bits, info.compress_type)
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        why = "a link, a device or no plain file"
    return Zipped(
        info.filename, place, place + info.compress_size, info.file_size, info.compress_type,
        info.CRC, info.is_dir(), why,
    )  # fmt: skip


def _why_not(flags: int, method: int) -> str:
    if flags & _ENCRYPTED:
        return "encrypted"
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
    return "" if method in plain else "packed in an uncommon way"


def _by_headers(packed: bytes, taken: list[tuple[int, int]]) -> Iterator[Zipped]:
    """Yield files by the header before each, those that were found already left out."""
    place, ahead = packed.find(LOCAL), iter([*taken, (len(packed), len(packed))])
    start, end = next(ahead)
    while 0 <= place <= len(packed) - _LOCAL_SIZE:
        while place >= end and start < len(packed):
            start, end = next(ahead)
        if start <= place:
            place = packed.find(LOCAL, end)
            continue
        flags, method, _, _, crc, size, full, name_size, extra = struct.unpack_from(
            "<HHHHIIIHH", packed, place + 6
        )
        first = place + _LOCAL_SIZE + name_size + extra
        if first == start:  # a file of the directory
            place = packed.find(LOCAL, end)
            continue
        name = packed[place + _LOCAL_SIZE : place + _LOCAL_SIZE + name_size]
        shown = name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        why = _why_not(flags, method)
        behind = bool(flags & _DESCRIBED_BEHIND) or _UNKNOWN in (size, full)
        last = first + size
        if behind or last > len(packed):
            last, crc_told = _end_of(packed, first, method, why), None
        else:
            crc_told = crc
        yield Zipped(
            shown,
            first,
            last,
            full if not behind else 0,
            method,
            crc_told,
            shown.endswith("/"),
            why,
        )
        place = packed.find(LOCAL, max(last, first))


def _end_of(packed: bytes, first: int, method: int, why: str) -> int:
    """Return where packed bytes of unknown length end."""
    if method == zipfile.ZIP_DEFLATED and not why:
        stream = Unpacked(BytesIO(memoryview(packed)[first:]), Deflated, single=True)
        while stream.read(PIECE):
            pass
        if not stream.problem:
            return first + stream.consumed
    ends = [
        at for mark in (LOCAL, CENTRAL, b"PK\7\x08", END) if (at := packed.find(mark, first)) >= 0
    ]
    return min(ends, default=len(packed))


class Counted:
    """A stream that ends when it gave more than `most` bytes, and keeps their check sum."""

    def __init__(self, stream: Readable, most: int) -> None:
        """Begin; nothing is read yet."""
        self.stream, self.given, self.sum = stream, 0, 0
        self._most = most

    @property
    def cut(self) -> bool:
        """Return whether it ended for its length."""
        return self.given > self._most

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        data = b"" if self.cut else self.stream.read(size)
        self.given += len(data)
        self.sum = crc32(data, self.sum)
        return data

    def wrong(self, entry: Zipped) -> str:
        """Return what is wrong with the bytes of a file of a zip, "" for nothing."""
        if getattr(self.stream, "problem", ""):
            return ""
        if entry.crc is not None and self.sum != entry.crc:
            return "its check sum is wrong: it was read, and may have been changed"
        if entry.size and self.given != entry.size:
            return f"{self.given} bytes, where its header tells {entry.size}: wrong, or cut off"
        return ""
