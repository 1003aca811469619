"""The rebuilt deployment with its nodes, what each holds, and how much of it is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from ekukit.connections import Outcome
from ekukit.diagnosis.inventory import Held
from ekukit.diagnosis.rebuild import judged
from ekukit.diagnosis.settings import NodeSettings
from ekukit.diagnosis.standin import FAST_KEY, stand_ins
from ekukit.expressway import Deployment, Expressway, Role, Store

_STORE_NEEDED = {Role.CORE: Store.CLIENT, Role.EDGE: Store.SERVER}


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A node of the rebuilt deployment: its host ("" when only named by the other side)."""

    host: str
    role: Role
    node: Expressway
    held: Mapping[Store, Held]
    mode_known: bool = False
    trust_file: str = ""
    settings: NodeSettings | None = None

    @property
    def trust_known(self) -> bool:
        """Return whether its trusted CA list is in the archive."""
        return bool(self.trust_file)


@dataclass(frozen=True, slots=True, eq=False)
class Reconstruction:
    """The rebuilt deployment, its nodes by address, and sentences on what was assumed."""

    deployment: Deployment
    places: Mapping[str, Place]
    unknown: tuple[str, ...]

    def of(self, role: Role) -> list[Place]:
        """Return the nodes of one side in order."""
        return [place for place in self.places.values() if place.role is role]

    def predict(self) -> tuple[Outcome, ...]:
        """Return what the lab's stand-ins came to; Unknown where a store is not known."""
        return judged(stand_ins(self.deployment, FAST_KEY), self._needs_missing)

    def _needs_missing(self, outcome: Outcome) -> bool:
        if outcome.connection == "mra-client":
            return Store.SERVER not in self.places[outcome.responder].held
        ends = (self.places[outcome.initiator], self.places[outcome.responder])
        # Before X15.5 the one store serves both roles.
        return any(
            (_STORE_NEEDED[end.role] if end.node.release.has_client_store else Store.SERVER)
            not in end.held
            for end in ends
        )
