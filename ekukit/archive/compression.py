"""Compressed files as streams that never give more than is sane, and stop where they break."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from io import BytesIO

from ekukit.archive.limits import MOST_RATIO, SMALL, Readable

_MOST_MEMORY = 128 << 20
_IN = 64 << 10
_OUT = 256 << 10


class _Gzip:
    """Gzip with the manner of the other two: what was not used yet is kept inside."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


_Made = _Gzip | bz2.BZ2Decompressor | lzma.LZMADecompressor
HEADS: tuple[tuple[bytes, Callable[[], _Made]], ...] = (
    (b"\x1f\x8b\x08", _Gzip),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)),
)


class Unpacked:
    """The bytes inside a compressed stream, as far as they can be had.

    After the end `problem` says why the stream ended too early, "" when it did not. Stops at 200
    times the packed size where more than 64 MiB come out.
    """

    def __init__(self, packed: Readable, make: Callable[[], _Made]) -> None:
        """Begin; nothing is read yet."""
        self.problem = ""
        self._packed, self._make = packed, make
        self._inner = make()
        self._taken = self._given = 0
        self._ended = False
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        while len(self._rest) < size and not self._ended:
            self._rest += self._more()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _more(self) -> bytes:
        data = b""
        try:
            if self._inner.eof:
                # Another stream may follow, or padding.
                data = self._inner.unused_data.lstrip(b"\0") or self._packed.read(_IN).lstrip(b"\0")
                if not data:
                    self._ended = True
                    return b""
                self._inner = self._make()
            elif self._inner.needs_input:
                data = self._packed.read(_IN)
                if not data:
                    return self._end("cut short; what follows is missing")
            self._taken += len(data)
            out = self._inner.decompress(data, _OUT)
        except (OSError, zlib.error, lzma.LZMAError, EOFError, ValueError, MemoryError) as error:
            return self._end(f"damaged ({error}); what follows was not read")
        self._given += len(out)
        if self._given > max(SMALL, self._taken * MOST_RATIO):
            return self._end(f"unpacks to more than {MOST_RATIO} times its size; stopped there")
        return out

    def _end(self, why: str) -> bytes:
        self._ended = True
        self.problem = f"{why} (after {self._given} unpacked bytes)"
        return b""


class Counted:
    """A stream that ends when it gave more than `most` bytes."""

    def __init__(self, most: int) -> None:
        """Begin; `stream` is set when it is open."""
        self.stream: Readable = BytesIO()
        self.given, self._most = 0, most

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        data = self.stream.read(size) if self.given <= self._most else b""
        self.given += len(data)
        return data
