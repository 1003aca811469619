"""How an archive begins, also where something else stands in front of it."""

from io import BytesIO

from ekukit.archive.compression import HEADS, Unpacked
from ekukit.archive.tarball import BLOCK, is_header, parsed
from ekukit.archive.zipped import END, LOCAL

_MARK = b"ustar"
_MARK_AT = 257
# Something in front of an archive is a mail's head or a page, not megabytes.
_MOST_BEFORE = 1 << 20
_MOST_TRIES = 32
_ENOUGH = 512
_UNCOMMON = {
    b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\x04\x22\x4d\x18": "LZ4", b"MSCF": "CAB", b"\x1f\x9d": "compress", b"\x1f\xa0": "compress",
}  # fmt: skip


def is_tar(head: bytes) -> bool:
    """Return whether 512 bytes begin a tar."""
    return head[_MARK_AT : _MARK_AT + 5] == _MARK or (len(head) >= BLOCK and _old_tar(head[:BLOCK]))


def _old_tar(head: bytes) -> bool:
    """Return whether a head without the mark is one all the same: its check sum is right."""
    return head[:1] not in b"\0" and b"\0" in head[:100] and parsed(head) is not None


def is_zip(head: bytes) -> bool:
    """Return whether bytes begin a zip."""
    return head.startswith((LOCAL, END))


def uncommon(head: bytes) -> str:
    """Return the name of a packing that is not opened here, "" for another file."""
    return next((name for mark, name in _UNCOMMON.items() if head.startswith(mark)), "")


def archive_in(data: bytes) -> int | None:
    """Return where an archive begins behind something else, None when there is none."""
    found = [place for place in (_tar_in(data), _zip_in(data), _packed_in(data)) if place]
    return min(found, default=None)


def _tar_in(data: bytes) -> int | None:
    place = data.find(_MARK, _MARK_AT, _MOST_BEFORE)
    for _ in range(_MOST_TRIES):
        if place < 0:
            return None
        if is_header(data[place - _MARK_AT : place - _MARK_AT + BLOCK]):
            return place - _MARK_AT
        place = data.find(_MARK, place + 1, _MOST_BEFORE)
    return None


def _zip_in(data: bytes) -> int | None:
    place = data.find(LOCAL, 0, _MOST_BEFORE)
    return place if place > 0 and END in data[place:] else None


def _packed_in(data: bytes) -> int | None:
    for start, make in HEADS:
        place = data.find(start, 1, _MOST_BEFORE)
        for _ in range(_MOST_TRIES):
            if place < 0:
                break
            tried = Unpacked(BytesIO(data[place : place + (1 << 16)]), make, head=start)
            if len(tried.read(_ENOUGH)) == _ENOUGH or not tried.problem:
                return place
            place = data.find(start, place + 1, _MOST_BEFORE)
    return None
