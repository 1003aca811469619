"""Private keys in what was sent: found by their marks, and struck out before anything is read."""

import re
from collections.abc import Callable, Iterator

_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----")
_END = re.compile(rb"-----END [A-Z0-9 ]{0,40}PRIVATE KEY")
_DASHES = b"-----"
_LONGEST = 64 << 10
# A block that is cut short: lines of base64, and the headers that encrypted keys have.
_CUT = re.compile(
    rb"(?:(?:\s|\\[rn])+(?:[A-Z][A-Za-z-]{2,20}: [^\r\n]{0,100}|[A-Za-z0-9+/=]{16,}))*"
    rb"(?:(?:\s|\\[rn])+[A-Za-z0-9+/=]{1,15}(?=\s|\\|\Z))?"
)
_PUTTY = re.compile(rb"Private-Lines: *\d+((?:\s+[A-Za-z0-9+/=]{16,})*)")
_DER = re.compile(
    rb"\x30(?:\x82..|\x81.|[\x20-\x7f])"
    rb"(?:\x02\x01\x00(?:\x30[\x05-\x7f]\x06|\x02(?:\x82..|\x81.))"  # PKCS 8, PKCS 1
    rb"|\x02\x01\x01\x04[\x14-\x42]"  # RFC 5915
    rb"|\x02\x01\x03\x30(?:\x82..|\x81.|.)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07)",  # PKCS 12
    re.DOTALL,
)
# The begin of a mark, which is no longer than this.
_SIGNS, _NEAR = (b"-----BEGIN", b"-----END", b"Private-Lines:"), 128
# In whatever is large, only pieces are searched in which four bytes, at a place that is a multiple
# of four, are letters of "private": so they are wherever it stands, and numbers are compared fast.
_LARGE, _PIECE, _LOWER = 1 << 20, 1 << 18, 0x20202020
_LETTERS = tuple(int.from_bytes(four, "little") for four in (b"priv", b"riva", b"ivat", b"vate"))
STRUCK = b"*"
_STARS = bytes(byte if byte in b"\r\n" else STRUCK[0] for byte in range(256))


def struck_out(data: bytes) -> tuple[bytes, bool]:
    """Return the bytes with every private key overwritten by asterisks, and whether one was there.

    Length and line ends stay, so that offsets and line numbers hold. Finds PEM blocks of every
    kind, whole or cut short, with real or written-out line ends, PuTTY's files, and files that are
    a DER or PKCS 12 key. Not found: keys that are encoded or packed in another way.
    """
    if _DER.match(data[:40]):
        return STRUCK * len(data), True
    pieces = [(0, len(data))] if len(data) < _LARGE else list(_pieces(data))
    begins = [found.end() for piece in pieces for found in _BEGIN.finditer(data, *piece)]
    spans = [(begin, _end(data, begin)) for begin in begins]
    if any(data.find(b"Private-Lines:", *piece) >= 0 for piece in pieces):
        spans += [found.span(1) for found in _PUTTY.finditer(data)]
    if not spans:
        return data, False
    place, given = 0, memoryview(data)  # of which nothing is copied but once
    parts: list[bytes | memoryview[int]] = []
    for start, end in sorted(spans):
        begin = max(place, start)
        parts += (given[place:begin], data[begin:end].translate(_STARS))
        place = max(place, end)
    return b"".join([*parts, given[place:]]), True


def _pieces(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where pieces begin and end in which "private" may stand in whatever case, in order."""
    import numpy as np

    start = 0
    words = np.frombuffer(data, "<u4", len(data) // 4)
    small = np.empty(_PIECE // 4, "<u4")
    hits: dict[int, None] = {}
    for at in range(0, len(words), len(small)):
        piece = words[at : at + len(small)]
        shown = np.bitwise_or(piece, _LOWER, out=small[: len(piece)])
        if any((shown == four).any() for four in _LETTERS):
            hits[4 * at] = None
    for at in hits:
        start = at if at - _PIECE not in hits else start
        if at + _PIECE not in hits:
            yield max(0, start - _NEAR), at + _PIECE + _NEAR


def _end(data: bytes, start: int) -> int:
    """Return where a key's text ends: before the line that says so, or where it stops."""
    dashes = data.find(_DASHES, start, start + _LONGEST)
    if dashes >= 0 and _END.match(data, dashes):
        return dashes
    cut = _CUT.match(data, start)
    return cut.end() if cut else start


def hides_a_key(data: bytes, nul: Callable[[int], int]) -> bool:
    """Return whether NULs, once left out, may show a key's mark that is not there with them.

    `nul` returns where the next one from a place on stands, -1 where there is none.
    """
    place = nul(0)
    if 0 <= place < _NEAR and _DER.match(data[: 2 * _NEAR].replace(b"\0", b"")[:40]):
        return True
    while place >= 0:
        start = last = place
        while start and data[start - 1 : start] in (b" ", b"\0"):  # PuTTY's mark may have many
            start -= 1
        start = max(0, start - _NEAR)
        while (more := data.find(b"\0", last + 1, last + _NEAR)) >= 0:
            last = more
        piece = data[start : last + _NEAR].replace(b"\0", b"")
        if any(sign in piece for sign in _SIGNS):
            return True
        place = nul(last + _NEAR)
    return False
