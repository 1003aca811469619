"""A large file in the place of its bytes: read where somebody looks, never copied as a whole."""

import mmap
import os
from collections.abc import Iterator
from typing import BinaryIO, cast

from ekukit.errors import InputError

# What is smaller is read.
_WORTH = 32 << 20
_WINDOW = 1 << 20


class _Mapped(mmap.mmap):
    """What readers of a log ask of bytes. Slices are bytes."""

    def startswith(self, text: bytes | tuple[bytes, ...]) -> bool:
        longest = max(map(len, text if isinstance(text, tuple) else (text,)))
        return self[:longest].startswith(text)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, bytes) and self.find(text) >= 0

    def find(self, text: bytes, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        """Return where a text stands first; bytes are searched much faster than a map."""
        end = len(self) if end is None else min(end, len(self))
        for place, piece in self._pieces(start, end, len(text) - 1):
            if (found := piece.find(text)) >= 0:
                return place + found
        return -1

    def count(self, text: bytes, start: int = 0, end: int | None = None) -> int:
        """Return how often one byte stands there."""
        end = len(self) if end is None else min(end, len(self))
        return sum(piece.count(text) for _, piece in self._pieces(start, end, 0))

    def _pieces(self, start: int, end: int, more: int) -> Iterator[tuple[int, bytes]]:
        size = 1 << 12  # most often it is near
        while start < end:
            yield start, self[start : min(start + size + more, end)]
            start, size = start + size, min(2 * size, _WINDOW)


def mapped(file: BinaryIO) -> bytes | None:
    """Return what an open file holds as a map that is used like bytes; None where it is small.

    None as well where it cannot be mapped, and on Windows, where nobody could remove the file then.
    """
    try:
        if os.name == "nt" or os.fstat(file.fileno()).st_size < _WORTH:
            return None
        found = _Mapped(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    # It is none, but what is asked of it here it answers as bytes do.
    return cast("bytes", found)


def still_there(data: bytes) -> bytes:
    """Return bytes; raises InputError where they are a map whose file was cut since.

    To look behind the end of such a file ends the process.
    """
    if isinstance(data, _Mapped) and data.size() < len(data):
        msg = (f"the log was {len(data):,} bytes long when it was opened and has {data.size():,} "
               "now; open it again")  # fmt: skip
        raise InputError(msg)
    return data
