"""What somebody may have meant: the known name or value that is nearest to the one given."""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from ekukit.errors import InputError

_Member = TypeVar("_Member", bound=StrEnum)
# "C9" is to lead to "C1", and "yesterday" to nothing.
_ALIKE = 0.5


def nearest(given: object, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" with the known word that is most alike, "" when none is."""
    words = {word.lower(): word for word in known}
    found = get_close_matches(str(given).lower(), words, n=1, cutoff=_ALIKE)
    return f"; did you mean {words[found[0]]}?" if found else ""


def member(kind: type[_Member], given: object, what: str) -> _Member:
    """Return the member whose value is given, in any case of letters, or the member itself.

    Raises InputError, which says `what` it was, for another value.
    """
    if isinstance(given, kind):
        return given
    found = {one.value.lower(): one for one in kind}
    try:
        return found[str(given).lower()]
    except KeyError:
        known = ", ".join(one.value for one in kind)
        near = nearest(given, [one.value for one in kind])
        msg = f"{what} {str(given)!r} is unknown; use one of: {known}{near}"
        raise InputError(msg) from None
