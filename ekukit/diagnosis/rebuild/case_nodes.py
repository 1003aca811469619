"""The rebuilt deployment with its nodes, what each holds, and how much of it is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ekukit.certificates import FAST_KEY
from ekukit.connections import Outcome
from ekukit.diagnosis.evidence.inventory import Held
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.rebuild.given_deployment import judged
from ekukit.diagnosis.rebuild.stand_ins import stand_ins
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
    def called(self) -> frozenset[str]:
        """Return the names and addresses by which it may be called, in lower case."""
        own = self.settings.address if self.settings is not None else ""
        names = (self.node.fqdn, self.node.address, own)
        return frozenset(name.lower() for name in names if name)

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
    # Kept, since a stranger's dump has tens of thousands of zones and each pair of nodes asks.
    _named: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False)

    def of(self, role: Role) -> list[Place]:
        """Return the nodes of one side in order."""
        return [place for place in self.places.values() if place.role is role]

    def calls(self, initiator: str, responder: str) -> bool:
        """Return whether one node may call the other, as far as Core's UC zone names peers.

        A node is not called when every peer that is named is another node of the case.
        """
        ends = self.places.get(initiator), self.places.get(responder)
        core = next((end for end in ends if end is not None and end.role is Role.CORE), None)
        edge = next((end for end in ends if end is not None and end.role is Role.EDGE), None)
        if core is None or edge is None or core.settings is None:
            return True
        named = self._named.get(core.node.address)
        if named is None:
            zones = core.settings.uc_zones
            named = frozenset(name.lower() for zone in zones for name in zone.peers)
            self._named[core.node.address] = named
        others = [place for place in self.of(Role.EDGE) if place is not edge]
        elsewhere = frozenset().union(*(place.called for place in others))
        return not named or bool(named & edge.called) or not named <= elsewhere

    def predict(self) -> tuple[Outcome, ...]:
        """Return what the lab's stand-ins came to; Unknown where a store is not known."""
        found = judged(stand_ins(self.deployment, FAST_KEY), self._needs_missing)
        return tuple(one for one in found if self.calls(one.initiator, one.responder))

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
