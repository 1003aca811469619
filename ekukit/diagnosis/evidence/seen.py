"""What logs, captures and pasted pages show of a case, before it becomes findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ekukit.connections import CATALOG, Side
from ekukit.diagnosis.evidence.callers import is_public, is_unplaced_caller
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.logged import RaisedAlarm, Unknown
from ekukit.diagnosis.evidence.tries import Map, Try, connection_of
from ekukit.diagnosis.evidence.tunnels import PastedRow
from ekukit.diagnosis.evidence.zones import NodeZones
from ekukit.log.tool_output import ToolOutput


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """All that was seen: tries, pasted rows, who holds what, and what is foreseen by code.

    `zones` are those of each node by host; `unknown` the lines that nobody understands; `alarms`
    what the nodes warn of; `tests` what test tools say; `accepted` the paths between nodes of the
    case that OpenSSL accepts: the connection's id, who starts, who answers, whose path.
    """

    tries: tuple[Try, ...]
    rows: tuple[PastedRow, ...]
    inventory: Inventory
    known: Map
    foreseen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    zones: Mapping[str, NodeZones] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
    alarms: tuple[RaisedAlarm, ...] = ()
    tests: tuple[ToolOutput, ...] = ()
    accepted: frozenset[tuple[str, str, str, Side]] = frozenset()

    def name(self, found: Try) -> str:
        """Return the catalog's id of what was tried, "" when it is not told."""
        return connection_of(found, self.known)


# Ports that anybody on the Internet can reach: scanners leave the same lines as far ends.
_OPEN = frozenset(row.id for row in CATALOG if row.is_open)
_OPEN_PORTS = frozenset(port for row in CATALOG if row.is_open for port in row.ports)


def pair_of(found: Try) -> tuple[str, str]:
    """Return both ends by host, by address where no host is known."""
    return found.client.host or found.client.address, found.server.host or found.server.address


def named_pair(found: Try) -> tuple[str, str]:
    """Return both ends, the one that answers by name, since a proxy's lines tell no address."""
    client, server = pair_of(found)
    return client, found.server.host or found.name or server


def is_stranger(name: str, found: Try, known: Map) -> bool:
    """Return whether anybody on the Internet could have opened this connection.

    Where nothing tells which connection it is, by the port and a public address; on a port for
    Core alone, where `ekukit.diagnosis.evidence.callers` left the caller without a role.
    """
    client = found.client
    if client.host is not None or client.address in known.configured:
        return False
    if not name:
        asked = found.server.port in _OPEN_PORTS and bool(found.inbound)
        return asked and is_public(client.address)
    return name in _OPEN or is_unplaced_caller(name, client)
