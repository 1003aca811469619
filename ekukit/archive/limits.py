"""How much of what a stranger sent is read; beyond a limit stands a sentence that says so."""

from typing import Protocol

MOST_ENTRIES = 2000
MOST_BYTES = 2 << 30
MOST_BYTES_EACH = 512 << 20
# A text log shrinks to about a twentieth; more than this is a bomb, not a log.
MOST_RATIO = 200
# What is smaller than this does no harm, however well it was packed.
SMALL = 64 << 20
# Small enough that little is lost where a damaged file breaks off.
PIECE = 16 << 10


class Readable(Protocol):
    """Anything that gives its bytes piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


class Budget:
    """What may still be read; every file and every layer of packing counts against it."""

    def __init__(self, limit: int, unread: list[str]) -> None:
        """Begin with all of `limit` bytes; refusals are added to `unread`."""
        self.limit, self.left, self.entries = limit, limit, 0
        self._unread = unread

    def entry(self, name: str) -> bool:
        """Count one more entry; return False, and say so once, when there are too many."""
        self.entries += 1
        if self.entries == MOST_ENTRIES + 1:
            self._unread.append(
                f"{name}: more than {MOST_ENTRIES} entries in what was given; from here on nothing "
                "is read: give fewer files at a time"
            )
        return self.entries <= MOST_ENTRIES

    def whole(
        self, stream: Readable, name: str, damage: tuple[type[Exception], ...]
    ) -> bytes | None:
        """Return all bytes of a stream, or those before it breaks off with one of `damage`.

        None when a limit was met. Both are told.
        """
        data = bytearray()
        try:
            while piece := stream.read(PIECE):
                data += piece
                if len(data) > MOST_BYTES_EACH:
                    self._refuse(name, f"larger than {MOST_BYTES_EACH >> 20} MiB, the most a file")
                    return None
                if len(data) > self.left:
                    self._refuse(name, f"more than {self.limit >> 20} MiB in all with this file")
                    return None
        except damage as error:
            told = str(error) or type(error).__name__
            self._unread.append(f"{name}: damaged after {len(data)} bytes ({told})")
        self.left -= len(data)
        return bytes(data)

    def _refuse(self, name: str, why: str) -> None:
        self._unread.append(f"{name}: {why} may have here, so it is not read: give it alone")
