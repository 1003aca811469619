"""The order in which causes must be put right: what hides another comes before it."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Hiding(Protocol):
    """What hides others until it is put right."""

    @property
    def id(self) -> str:
        """Return its name."""

    @property
    def behind(self) -> tuple[str, ...]:
        """Return the names of what it hides."""


_Cause = TypeVar("_Cause", bound=Hiding)


def hiding_first(causes: Sequence[_Cause]) -> tuple[_Cause, ...]:
    """Return causes in their order, but none before one that hides it."""
    waiting, found = list(causes), []
    while waiting:
        behind = {name for cause in waiting for name in cause.behind if name != cause.id}
        # Causes that hide each other on different connections stay in their order.
        first = next((cause for cause in waiting if cause.id not in behind), waiting[0])
        waiting.remove(first)
        found.append(first)
    return tuple(found)
