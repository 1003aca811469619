"""A file that is in memory only, such as an upload: read like one at a path, never written."""

from dataclasses import dataclass, field
from io import BytesIO


@dataclass(frozen=True, slots=True)
class InMemory:
    """A name for people and the bytes; `open_archive` takes it in a path's place."""

    name: str
    data: bytes = field(repr=False)

    def open(self, _mode: str = "rb") -> BytesIO:
        """Return a stream over the bytes."""
        return BytesIO(self.data)

    def __str__(self) -> str:
        """Return the name."""
        return self.name
