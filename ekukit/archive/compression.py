"""Compressed files as streams that give all that can be had, never more than is sane."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from functools import partial

from ekukit.archive.deflate import Gzip, Inner
from ekukit.archive.size_limits import MOST_RATIO, SMALL, Readable

_MOST_MEMORY = 128 << 20
_IN = 64 << 10
# Small, since what one call of xz gives is lost when it ends in an error.
_OUT = {"xz": 8 << 10}
_MOST_OUT = 256 << 10


def _xz() -> Inner:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)


HEADS: tuple[tuple[bytes, Callable[[], Inner]], ...] = (
    (b"\x1f\x8b\x08", Gzip),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", _xz),
)
# By ISA-L where it is there. Whatever is not whole must be read again by HEADS.
QUICK_HEADS: tuple[tuple[bytes, Callable[[], Inner]], ...] = (
    (HEADS[0][0], partial(Gzip, quick=True)),
    *HEADS[1:],
)
ERRORS = (OSError, zlib.error, lzma.LZMAError, EOFError, ValueError, MemoryError)


class Unpacked:
    """The bytes inside a compressed stream, as far as they can be had.

    After the end `problem` says why the stream ended too early, "" when it did not; `doubt` what is
    wrong with bytes that were given all the same; `left` how many packed bytes were not unpacked.
    Stops at MOST_RATIO times the packed size where more than SMALL bytes come out.
    """

    def __init__(
        self,
        packed: Readable,
        make: Callable[[], Inner],
        *,
        head: bytes = b"",
        single: bool = False,
    ) -> None:
        """Begin; nothing is read yet. `head` is how another stream behind the first begins."""
        self.problem = self.doubt = ""
        self.left = self.given = 0
        self.limited = False
        self._packed, self._make, self._head, self._single = packed, make, head, single
        self._inner = make()
        self._most_out = _OUT["xz"] if make is _xz else _MOST_OUT
        self._taken = 0
        self._ended = False
        self._rest, self._at = b"", 0

    @property
    def consumed(self) -> int:
        """Return how many packed bytes were used."""
        return self._taken - (len(self._inner.unused_data) if self._inner.eof else 0)

    def read(self, size: int, /) -> bytes:
        """Return `size` bytes, fewer at the end alone: headers are read whole."""
        found = self._rest[self._at : self._at + size]
        self._at += len(found)
        if len(found) == size or self._ended:
            return found
        pieces, missing = [found], size - len(found)
        while missing and not self._ended:
            self._rest = self._more()
            piece = self._rest[:missing]
            self._at = len(piece)
            missing -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def _more(self) -> bytes:
        data = b""
        try:
            if self._inner.eof:
                self.doubt = self.doubt or getattr(self._inner, "doubt", "")
                if self._single:
                    return self._end("")
                # Another stream may follow, or padding.
                data = self._inner.unused_data.lstrip(b"\0") or self._packed.read(_IN).lstrip(b"\0")
                if not data:
                    return b"" if self._packed_goes_on() else self._end("")
                if not data.startswith(self._head):
                    self.left = len(data)
                    return self._end("something else stands behind the packed data, not read")
                self._inner = self._make()
            elif self._inner.needs_input:
                data = self._packed.read(_IN)
                if not data:
                    told = "cut short; what follows is missing"
                    whole = getattr(self._inner, "has_all", False)
                    return self._end("cut in the check sum, which is all that is missing"
                                     if whole else told)  # fmt: skip
            self._taken += len(data)
            out = self._inner.decompress(data, self._most_out)
        except ERRORS as error:
            self.left = len(data)
            return self._end(f"damaged ({error}); what follows was not read")
        self.given += len(out)
        if self.given > max(SMALL, self._taken * MOST_RATIO):
            self.limited = True
            self._end(f"unpacks to more than {MOST_RATIO} times its size; stopped there")
        return out

    def _packed_goes_on(self) -> bool:
        """Return whether bytes follow a piece that was padding alone."""
        piece = self._packed.read(_IN)
        while piece and not (data := piece.lstrip(b"\0")):
            piece = self._packed.read(_IN)
        if not piece:
            return False
        self._packed = Before(data, self._packed)
        return True

    def _end(self, why: str) -> bytes:
        self._ended = True
        if why:
            self.problem = f"{why} (after {self.given} unpacked bytes)"
            while piece := self._packed.read(_IN):
                self.left += len(piece)
        return b""


class Before:
    """A stream with bytes put back in front."""

    def __init__(self, head: bytes, stream: Readable) -> None:
        """Put `head` before what the stream has left."""
        self._head, self._stream = head, stream

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        found, self._head = self._head[:size], self._head[size:]
        return found or self._stream.read(size)
