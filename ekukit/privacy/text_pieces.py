"""The pieces of a text that is rebuilt: what is shown, and what is left out, by its length."""

from collections.abc import Iterable
from typing import NamedTuple

# Between two pieces that are left out these belong to what is left out.
_JOINING = frozenset(" \t:/.,@;&-+*#%?!\\")
_CLASSES = ((4, "1-4"), (8, "5-8"), (16, "9-16"), (32, "17-32"), (64, "33-64"))


class TextPiece(NamedTuple):
    """A piece of text; one that is not `shown` is told by its length alone."""

    text: str
    shown: bool = True


def joined(pieces: Iterable[TextPiece]) -> str:
    """Return the text: [… 5-8] stands for a run of 5 to 8 characters that is left out.

    Runs that only blanks and signs part are one, so that the number of words is not told.
    """
    made: list[str] = []
    hidden = 0
    between = ""
    for text, shown in pieces:
        if not shown and text:
            hidden += len(between) + len(text) if hidden else len(text)
            between = ""
        elif hidden and _JOINING.issuperset(text):
            between += text
        else:
            made += [left_out(hidden), between, text]
            hidden, between = 0, ""
    return "".join((*made, left_out(hidden), between))


def left_out(length: int) -> str:
    """Return what stands for so many characters, "" for none."""
    if not length:
        return ""
    return f"[… {next((said for most, said in _CLASSES if length <= most), '65+')}]"
