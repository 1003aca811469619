"""Text of a stranger, whatever wrote it, as plain UTF-8 with one kind of line end."""

import codecs
from collections.abc import Container

# A byte-order mark and what it says; the longer ones first, since one begins like another.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_LOOKED_AT = 4096
_MANY, _FEW = 0.35, 0.05
_INSIDE_MARKS = "\ufeff".encode()
_NEXT_LINE = ("\u0085".encode(), "\u2028".encode())
_LATIN_1 = 0xA0


def plain_text(data: bytes) -> bytes:
    r"""Return text as UTF-8 without marks and NULs, every line end as one "\n".

    Reads UTF-8, and UTF-16 and UTF-32 of both orders, with a mark or (UTF-16) without one. A byte
    that is no UTF-8 is taken as Latin-1 where that has a letter for it, else it is U+FFFD. "\r\n"
    and a lone "\r" are line ends, and where there is no other, NEL (U+0085) and U+2028. Nothing
    raises. Not known: other encodings, and which of them somebody meant.
    """
    data = _utf8(data)
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    if _INSIDE_MARKS[:1] in data and _INSIDE_MARKS in data:  # one byte is looked for much faster
        data = data.replace(_INSIDE_MARKS, b"")
    if b"\r" in data:
        # Twice, since some programs write "\r\r\n".
        data = data.replace(b"\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\n" not in data:
        for end in _NEXT_LINE:
            data = data.replace(end, b"\n")
    return data


def is_plain(data: bytes, seen: Container[bytes], *, ascii_only: bool) -> bool:
    """Return whether `plain_text` leaves out NULs at the most, none at the very end.

    No line end and no letter may come to be by that. `seen` tells whether NULs and carriage returns
    stand in the data.
    """
    start = data[:_LOOKED_AT]
    if _utf8(start) is not start or b"\r" in seen or b"\n" not in data:
        return False
    if b"\0" in seen and data[-1:] == b"\0":
        return False
    wanted = _INSIDE_MARKS[:1] if b"\0" in seen else _INSIDE_MARKS
    return ascii_only or _INSIDE_MARKS[:1] not in data or wanted not in data


def _utf8(data: bytes) -> bytes:
    for mark, name in _MARKS:
        if data.startswith(mark):
            data = data[len(mark) :]
            return data if name == "utf-8" else data.decode(name, "replace").encode()
    if name := _unmarked(data[:_LOOKED_AT]):
        return data.decode(name, "replace").encode()
    return data


def _unmarked(start: bytes) -> str:
    """Return UTF-16's name where every other byte is NUL, as with Latin letters, else ""."""
    half = len(start) // 2
    if half < 2:  # noqa: PLR2004 - too little to tell
        return ""
    even, odd = start[::2].count(0) / half, start[1::2].count(0) / half
    if odd > _MANY and even < _FEW:
        return "utf-16-le"
    return "utf-16-be" if even > _MANY and odd < _FEW else ""


def _latin(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - registered for decoding only
    wrong = error.object[error.start : error.end]
    return "".join(chr(b) if b >= _LATIN_1 else "\ufffd" for b in wrong), error.end


LATIN = "ekukit-latin"
codecs.register_error(LATIN, _latin)


def decoded(data: bytes) -> str:
    """Return bytes as text; what is no UTF-8 is taken as Latin-1 where that has a letter for it."""
    return data.decode("utf-8", LATIN)
