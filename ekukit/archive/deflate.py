"""Deflate and gzip, decompressed so that damage costs what is behind it and nothing before."""

import zlib
from typing import Protocol

try:
    from isal import isal_zlib
except ImportError:  # a machine for which it is not built
    isal_zlib = None  # type: ignore[assignment]

_LONGEST_HEAD = 1 << 20
_NOTHING = bytes(32 << 10)
_CHECKED = 8  # bytes behind gzip's data: check sum and size
_EXTRA, _NAME, _COMMENT, _HEAD_CHECK = 4, 8, 16, 2


class Inner(Protocol):
    """A decompressor that keeps inside what it did not use yet."""

    @property
    def eof(self) -> bool:
        """Return whether the end of the data was met."""

    @property
    def unused_data(self) -> bytes:
        """Return what stands behind the end."""

    @property
    def needs_input(self) -> bool:
        """Return whether it can give nothing more without new bytes."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most so many bytes."""


class Deflated:
    """Deflate without a frame, as in a zip; on an error gives what came before it first."""

    def __init__(self) -> None:
        """Begin."""
        # With a dictionary, a damaged distance leads to zeros and not to an error, as in gzip.
        self._inner = zlib.decompressobj(wbits=-15, zdict=_NOTHING)
        self._broken: zlib.error | None = None

    @property
    def eof(self) -> bool:
        """Return whether the last block was read."""
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        """Return what stands behind the last block."""
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        """Return whether new bytes are needed."""
        return not self._inner.unconsumed_tail and self._broken is None

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most so many bytes; raises zlib.error when nothing comes before the damage."""
        if self._broken is not None:
            raise self._broken
        data = self._inner.unconsumed_tail + data
        saved = self._inner.copy()
        try:
            return self._inner.decompress(data, max_length)
        except zlib.error as error:
            self._broken = error
            return _before_damage(saved, data)


def _before_damage(inner: "zlib._Decompress", data: bytes) -> bytes:
    """Return what stands before the place at which decompressing raises."""
    out = bytearray()
    for step in (1 << 12, 1 << 6, 1):
        while data:
            saved = inner.copy()
            try:
                out += inner.decompress(data[:step])
            except zlib.error:
                inner = saved
                break
            data = data[step:]
    try:
        while piece := inner.decompress(data, 1):
            out += piece
            data = inner.unconsumed_tail
    except zlib.error:
        pass
    return bytes(out)


class QuicklyDeflated:
    """Deflate by ISA-L, which is faster; of damage it says no more than that there is some."""

    def __init__(self, inner: "isal_zlib.Decompress") -> None:
        """Begin with a decompressor of ISA-L's."""
        self._inner = inner

    @property
    def eof(self) -> bool:
        """Return whether the last block was read."""
        return bool(self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        """Return what stands behind the last block."""
        return bytes(self._inner.unused_data)

    @property
    def needs_input(self) -> bool:
        """Return whether new bytes are needed."""
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most so many bytes; raises zlib.error for damage."""
        try:
            return bytes(self._inner.decompress(self._inner.unconsumed_tail + data, max_length))
        except isal_zlib.error as error:  # type: ignore[misc] # its stub says it is an instance
            raise zlib.error(str(error)) from None


def _quickly() -> QuicklyDeflated:
    return QuicklyDeflated(isal_zlib.decompressobj(wbits=-15))


class Gzip:
    """Gzip of which a wrong check sum costs nothing but a sentence in `doubt`.

    Where `quick` it is read by ISA-L, if that is installed: equal to zlib where nothing is wrong.
    """

    def __init__(self, *, quick: bool = False) -> None:
        """Begin in front of the head."""
        self.doubt = ""
        self._quick = quick and isal_zlib is not None
        self._head, self._tail = b"", b""
        self._body: Deflated | QuicklyDeflated | None = None
        self._sum = self._size = 0

    @property
    def eof(self) -> bool:
        """Return whether data and check sum were read."""
        return self._body is not None and self._body.eof and len(self._all_behind()) >= _CHECKED

    @property
    def unused_data(self) -> bytes:
        """Return what stands behind the check sum."""
        return self._all_behind()[_CHECKED:]

    @property
    def needs_input(self) -> bool:
        """Return whether new bytes are needed."""
        return self._body is None or self._body.eof or self._body.needs_input

    @property
    def has_all(self) -> bool:
        """Return whether the data is there to its end, the check sum or not."""
        return self._body is not None and self._body.eof

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return at most so many bytes; raises zlib.error for damage."""
        if self._body is None:
            self._head += data
            size = _head_size(self._head)
            if size is None:
                if len(self._head) > _LONGEST_HEAD:
                    msg = "no end of the gzip head"
                    raise zlib.error(msg)
                return b""
            self._body = _quickly() if self._quick else Deflated()
            data = self._head[size:]
        if self._body.eof:
            self._tail += data
            out = b""
        else:
            out = self._body.decompress(data, max_length)
            self._sum = (isal_zlib if self._quick else zlib).crc32(out, self._sum)
            self._size += len(out)
        if self.eof:
            told = self._all_behind()[:_CHECKED]
            if told != self._sum.to_bytes(4, "little") + (self._size % (1 << 32)).to_bytes(
                4, "little"
            ):
                self.doubt = "the gzip check sum is wrong"
        return out

    def _all_behind(self) -> bytes:
        return (self._body.unused_data if self._body else b"") + self._tail


def _head_size(data: bytes) -> int | None:
    """Return how long gzip's head is (RFC 1952 2.3), None when its end is not there yet."""
    if len(data) < 10:  # noqa: PLR2004 - the fixed part
        return None
    flags, place = data[3], 10
    if flags & _EXTRA:
        if len(data) < place + 2:
            return None
        place += 2 + int.from_bytes(data[place : place + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = data.find(b"\0", place)
            if end < 0:
                return None
            place = end + 1
    place += 2 * bool(flags & _HEAD_CHECK)
    return place if place <= len(data) else None
