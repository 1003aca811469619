"""DER taken apart and put together, as far as certificates need it (X.690)."""

from collections.abc import Iterator

from ekukit.errors import InputError

SEQUENCE, OCTETS, BITS = 0x30, 0x04, 0x03
_LONG, _LONGEST_LENGTH = 0x80, 4
_NOT_DER = "a certificate whose bytes are no plain DER; the real path is verified instead"


def inside(whole: bytes) -> bytes:
    """Return the content of the first element."""
    return next(children(whole), (0, b"", b""))[2]


def children(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield tag, whole bytes and content of each element; raises InputError for no plain DER."""
    place = 0
    while place < len(data):
        start, tag = place, data[place]
        size = data[place + 1] if place + 1 < len(data) else _LONG
        place += 2
        if size >= _LONG:
            count = size - _LONG
            size = int.from_bytes(data[place : place + count], "big")
            place += count
            if not 0 < count <= _LONGEST_LENGTH:
                raise InputError(_NOT_DER)
        if place + size > len(data):
            raise InputError(_NOT_DER)
        yield tag, data[start : place + size], data[place : place + size]
        place += size


def element(tag: int, content: bytes) -> bytes:
    """Return an element: tag, length, content."""
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(length))) + length + content
