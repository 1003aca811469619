"""Small parts for reading captures: fields of messages, marks of TLS records, serials."""

import re

_HELLO = re.compile(rb"\x16\x03[\x00-\x04]..[\x01\x02]\x00..\x03[\x00-\x04]", re.DOTALL)
_PIECE_OF_HELLO = re.compile(rb"\x16\x03[\x00-\x04]\x00[\x01-\x05][\x01\x02]", re.DOTALL)
_CUT_HELLO = re.compile(rb"\x16\x03[\x00-\x04][\x00-\x48].[\x01\x02]", re.DOTALL)
_RECORD_HEAD = re.compile(rb"[\x14-\x18]\x03[\x00-\x04][\x00-\x48].", re.DOTALL)
_HELLO_HEAD = 11


class ShortError(ValueError):
    """A field is longer than what holds it."""


class Fields:
    """Reads fields of a message one after the other; raises ShortError past the end."""

    __slots__ = ("_data", "_place", "_size")

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self._place = 0
        self._size = len(data)

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        place = self._place
        self._place = end = place + size
        if end > self._size:
            self._place = place
            raise ShortError
        return self._data[place:end]

    def number(self, size: int) -> int:
        """Return the next number of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        """Return the next field that has its length, of `size` bytes, before it."""
        place = self._place + size
        end = place + int.from_bytes(self._data[self._place : place], "big")
        if end > self._size or place > self._size:
            raise ShortError
        self._place = end
        return self._data[place:end]

    @property
    def left(self) -> int:
        """Return how many bytes are left."""
        return self._size - self._place

    def __bool__(self) -> bool:
        """Return whether bytes are left."""
        return self._place < self._size


def begins_hello(data: bytes) -> bool:
    """Return whether these bytes begin with a hello message in a record, of whatever length."""
    return _HELLO.match(data) is not None


def begins_cut_hello(data: bytes) -> bool:
    """Return whether these few bytes are the beginning of a record with a hello."""
    return _CUT_HELLO.match(data) is not None


def find_hello(data: bytes) -> int | None:
    """Return where a hello message begins in bytes of a stream, None where none does.

    A record header alone, or a hello cut into tiny records, counts at the start of `data` only.
    """
    # Looking for two bytes first is many times as quick as the pattern alone.
    place = data.find(b"\x16\x03")
    found = _HELLO.search(data, place) if place >= 0 else None
    if found:
        return found.start()
    return 0 if _PIECE_OF_HELLO.match(data) else None


def may_begin_hello(data: bytes) -> bytes:
    """Return the end of `data` that could be the beginning of a hello, b"" when none could."""
    place = data.find(b"\x16", max(0, len(data) - _HELLO_HEAD + 1))
    return data[place:] if place >= 0 else b""


def begins_record(data: bytes | bytearray, place: int = 0) -> bool:
    """Return whether a TLS record (RFC 8446 clause 5.1) can begin here, as far as bytes go."""
    if not 20 <= data[place] <= 24:  # noqa: PLR2004 - the content types
        return False
    head = bytes(data[place : place + 5])
    return _RECORD_HEAD.match(head + b"\x03\x03\0\0"[max(0, len(head) - 1) :]) is not None


_SEQUENCE, _VERSION, _INTEGER = 0x30, 0xA0, 0x02


def serial_of(der: bytes) -> str:
    """Return a certificate's serial as lower-case hex, "" when the bytes are no certificate."""
    try:
        _, certificate = _element(Fields(der))
        kind, body = _element(Fields(certificate))
        fields = Fields(body if kind == _SEQUENCE else b"")
        kind, value = _element(fields)
        if kind == _VERSION:
            kind, value = _element(fields)
    except ShortError:
        return ""
    return f"{int.from_bytes(value, 'big', signed=True):x}" if kind == _INTEGER and value else ""


def _element(fields: Fields) -> tuple[int, bytes]:
    kind, size = fields.number(1), fields.number(1)
    return kind, fields.take(fields.number(size & 0x7F) if size & 0x80 else size)
