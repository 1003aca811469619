"""The lines of a text dump with their places, and what of them was not understood."""

from collections.abc import Iterator

from ekukit.account import PartFate, Piece
from ekukit.plaintext import decoded

LONGEST_LINE = 64 << 10
MOST_PROBLEMS = 100


class Lines:
    """The lines of a dump with their places; what is beyond a length is left out of a line."""

    def __init__(self, data: bytes) -> None:
        """Part plain text at its line ends."""
        self._lines = data.split(b"\n")

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self._lines)

    def __getitem__(self, place: int) -> str:
        """Return a line, cut after LONGEST_LINE bytes."""
        return decoded(self._lines[place][:LONGEST_LINE])

    def size(self, place: int) -> int:
        """Return how many bytes a line has."""
        return len(self._lines[place])

    def too_long(self, place: int, offset: int) -> Iterator[Piece]:
        """Yield what is left out of a line."""
        size = self.size(place)
        if size > LONGEST_LINE:
            told = f"line {place + 1} has {size} bytes; the first {LONGEST_LINE} were read"
            yield Piece(told, offset + LONGEST_LINE, size - LONGEST_LINE, PartFate.SKIPPED)


def odd(number: int, offset: int, size: int, why: str) -> Piece:
    """Return a line that was not understood: by place and length, since it may hold a secret."""
    return Piece(f"line {number}: {why} ({size} bytes)", offset, size)


def few(problems: list[Piece]) -> tuple[Piece, ...]:
    """Return the pieces, of a flood the first hundred and one for the rest."""
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    rest = problems[MOST_PROBLEMS:]
    size = sum(piece.size for piece in rest)
    more = Piece(f"and {len(rest)} more lines", rest[0].offset, size)
    return (*problems[:MOST_PROBLEMS], more)
