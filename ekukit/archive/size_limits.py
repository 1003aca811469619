"""How much of what a stranger sent is read; beyond a limit stands a sentence that says so."""

from io import BufferedReader, BytesIO
from typing import Protocol

from ekukit.account import Ledger, PartFate, UnreadPart
from ekukit.mapped import mapped

# Files with a name that the product gives count apart, so that others cannot push them out.
MOST_ENTRIES = 2000
MOST_SEEN = 100_000
MOST_BYTES = 2 << 30
MOST_BYTES_EACH = 512 << 20
# A log is held once and in no other form; of one that has to be put right, see ekukit.log.
MOST_BYTES_OF_A_LOG = 1 << 30
# A text log shrinks to about a twentieth; more than this is a bomb, not a log.
MOST_RATIO = 200
# What is smaller than this is read in seconds and in a few hundred MB, however well it was packed.
SMALL = 32 << 20
# Small enough that little is lost where a damaged file breaks off.
PIECE = 16 << 10


class Readable(Protocol):
    """Anything that gives its bytes piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


def drained(stream: Readable) -> int:
    """Read a stream to its end and return how many bytes came."""
    size = 0
    while piece := stream.read(PIECE):
        size += len(piece)
    return size


class Budget:
    """What may still be read; every file and every layer of packing counts against it."""

    def __init__(self, limit: int, ledger: Ledger, damage: tuple[type[Exception], ...]) -> None:
        """Begin with all of `limit` bytes; refusals are added to the ledger.

        `damage` is what a stream raises that breaks off.
        """
        self.limit, self.left = limit, limit
        self._ledger, self._damage = ledger, damage
        self._seen = {True: 0, False: 0}
        self._spent = {True: 0, False: 0}

    def entry(self, *, known: bool) -> bool:
        """Count one more entry; return False when there are too many of its kind.

        `known` says whether the product gives files such names.
        """
        self._seen[known] += 1
        return self._seen[known] <= MOST_ENTRIES

    @property
    def full(self) -> bool:
        """Return whether so many entries came that the rest is not even listed."""
        return sum(self._seen.values()) >= MOST_SEEN

    def whole(self, stream: Readable, name: str, *, known: bool, log: bool) -> bytes | None:
        """Return all bytes of a stream, or those before it breaks off.

        None when a limit was met. Both are told. Files of unknown names may take half of what is
        left at most, and what has the name of a log may be larger than others.
        """
        each = MOST_BYTES_OF_A_LOG if log else MOST_BYTES_EACH
        most = self.left if known else min(self.left, self.limit // 2 - self._spent[False])
        data, taken = BytesIO(), 0  # which hands out its bytes without copying them
        try:
            while piece := stream.read(PIECE):
                data.write(piece)
                taken += len(piece)
                why = (
                    f"larger than {each >> 20} MiB, the most {'a log' if log else 'a file'} may "
                    "have here"
                    if taken > each
                    else f"more than {self.limit >> 20} MiB in all with this file, the most that "
                    "is read here (half of it for files of unknown names)"
                    if taken > most
                    else ""
                )
                if why:
                    size = taken + drained(stream)
                    self._ledger.given(1, size)
                    told = f"{why}, so it is not read: give it alone"
                    self._ledger.add(UnreadPart(name, PartFate.SKIPPED, told, 0, size, 1))
                    return None
        except self._damage as error:
            told = f"damaged after {taken} bytes ({str(error) or type(error).__name__})"
            self._ledger.add(UnreadPart(name, PartFate.UNREADABLE, told, taken))
        self.left -= taken
        self._spent[known] += taken
        return data.getvalue()

    def mapped(self, stream: Readable) -> bytes | None:
        """Return what a large log at a path holds, as a map; None for any other stream.

        None as well where it would go beyond a limit, which `whole` then tells.
        """
        data = mapped(stream) if isinstance(stream, BufferedReader) else None
        if data is None or len(data) > min(MOST_BYTES_OF_A_LOG, self.left):
            return None
        self.left -= len(data)
        self._spent[True] += len(data)
        return data
