"""The bytes of a log as plain text without private keys; a large one is not copied for that."""

from functools import partial
from typing import TYPE_CHECKING, cast

from ekukit.errors import InputError
from ekukit.log.records import too_long
from ekukit.plaintext import is_plain, plain_text
from ekukit.private_keys import hides_a_key, struck_out

if TYPE_CHECKING:
    from collections.abc import Container

    from ekukit.log.odd_pieces import OddPieces

# Of so few bytes all records are decoded sooner than numpy is loaded, which finds them.
SMALL = 1 << 20
# What is not plain is held several times for a while.
MOST_PUT_RIGHT = 512 << 20


def without_keys(given: bytes, *, struck: bool) -> tuple[bytes, bool, "OddPieces | None"]:
    """Return plain text, NULs inside of lines aside, without keys, and whether one was there.

    With what stands in the pieces of a large one. Raises InputError for a stranger's log, of which
    keys were struck out before, that has more than 512 MiB and is not plain.
    """
    data, private = (given, False) if struck else struck_out(given)
    odd = _odd_pieces(data) if len(data) > SMALL else None
    seen = cast("Container[bytes]", data if odd is None else odd)
    nul = partial(data.find, b"\0") if odd is None else partial(odd.find_nul, data)
    if is_plain(data, seen, ascii_only=odd is not None and odd.is_ascii) and not (
        b"\0" in seen and (private or hides_a_key(data, nul) or any(too_long(data)))
    ):
        return data, private, odd
    if struck and len(given) > MOST_PUT_RIGHT:
        msg = (f"not plain UTF-8 with line ends alone (or with a NUL beside a line that is too "
               f"long), and larger than {MOST_PUT_RIGHT >> 20} MiB, the most of such a log that is "
               "read here: give it in pieces")  # fmt: skip
        raise InputError(msg)
    data = plain_text(given[:])
    if not (struck and data is given):
        data, private = struck_out(data)
    return data, private, None


def _odd_pieces(data: bytes) -> "OddPieces":
    from ekukit.log.odd_pieces import odd_pieces  # numpy

    return odd_pieces(data)
