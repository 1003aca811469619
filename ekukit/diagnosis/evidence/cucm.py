"""Which systems beside Core are CUCM, and which are peers of neighbor zones that somebody made."""

from collections.abc import Iterable
from dataclasses import replace

from ekukit.connections import CATALOG
from ekukit.connections.catalog import ToldBy
from ekukit.diagnosis.evidence.setting import Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.tries import Map, Try, names_beside_core
from ekukit.expressway import FarEndKind

# Ports of Core's connections that CUCM alone answers on (N6, N13).
_CUCM_PORTS = frozenset(
    port
    for row in CATALOG
    if row.responder is FarEndKind.CUCM and row.told_by is ToldBy.PORT
    for port in row.ports
)


def with_zones(known: Map, nodes: Iterable[NodeSettings]) -> Map:
    """Return the map with what zones tell: peers of those that MRA made, and of all others."""
    zones = [zone for node in nodes for zone in node.zones]
    made = _peers(zone for zone in zones if zone.is_made_for_cucm)
    others = _peers(zone for zone in zones if zone.is_neighbor)
    return replace(known, cucm=known.cucm | made, neighbors=known.neighbors | others)


def with_tries(known: Map, tries: Iterable[Try]) -> Map:
    """Return the map with what tries tell: who answers Core on a port that only CUCM has."""
    found = (names_beside_core(one) for one in tries if one.server.port in _CUCM_PORTS)
    return replace(known, cucm=known.cucm.union(*found))


def _peers(zones: Iterable[Zone]) -> frozenset[str]:
    return frozenset(name.lower() for zone in zones for name in zone.peers)
