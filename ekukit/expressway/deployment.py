"""A deployment: the nodes, their far ends, and the moment at which they are judged."""

from dataclasses import dataclass, replace
from datetime import datetime

from ekukit.errors import InputError
from ekukit.expressway.changes import named
from ekukit.expressway.farend import FarEnd
from ekukit.expressway.farkinds import FarEndKind
from ekukit.expressway.node import Expressway

MOST_PEERS = 6


@dataclass(frozen=True, slots=True)
class Deployment:
    """Core and Edge clusters of one to six peers, far ends, SIP domains, and a moment in time.

    Immutable: a change returns a new object. `at` is the moment at which validity is judged.
    """

    core: tuple[Expressway, ...]
    edge: tuple[Expressway, ...]
    at: datetime
    far_ends: tuple[FarEnd, ...] = ()
    domains: tuple[str, ...] = ("example.com", "example.org")

    def __post_init__(self) -> None:
        """Refuse clusters that Expressway does not have."""
        for name, peers in (("Core", self.core), ("Edge", self.edge)):
            if not 1 <= len(peers) <= MOST_PEERS:
                msg = f"{name} has {len(peers)} peers; a cluster has 1 to {MOST_PEERS}"
                raise InputError(msg)

    def with_core(self, **changes: object) -> "Deployment":
        """Return a deployment whose Core peers all have the changed values."""
        return replace(self, core=tuple(_changed(node, changes) for node in self.core))

    def with_edge(self, **changes: object) -> "Deployment":
        """Return a deployment whose Edge peers all have the changed values."""
        return replace(self, edge=tuple(_changed(node, changes) for node in self.edge))

    def far_end(self, kind: FarEndKind) -> FarEnd:
        """Return the far end of a kind; raises InputError when the deployment has none."""
        for far_end in self.far_ends:
            if far_end.kind is kind:
                return far_end
        msg = f"the deployment has no far end of kind {kind.value}"
        raise InputError(msg)


def _changed(node: Expressway, changes: dict[str, object]) -> Expressway:
    return replace(node, **named(Expressway, changes))
