"""A state that an archive or pasted text shows."""

from dataclasses import dataclass

from ekukit.connections import State
from ekukit.diagnosis.finding import Evidence


@dataclass(frozen=True, slots=True)
class Observed:
    """A state that the archive or pasted text shows, of a connection of the catalog."""

    connection: str
    state: State
    by: Evidence
    detail: str = ""
