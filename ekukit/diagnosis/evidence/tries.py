"""Tries to connect, as logs and captures show them: between whom, and what became of each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ekukit.connections import CATALOG, Cause, Connection, Side, connection
from ekukit.connections.catalog import ToldBy
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.expressway import Role
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate, WordRow

# "x.x.x.x", "10.x.x.5", "***", "[masked]": some part of it, or all, stands for what was there.
_MASK = r"(?:[xXyYzZ*#?]{1,3})"
_MASKED = re.compile(
    rf"(?=.*{_MASK})(?:\d{{1,3}}|{_MASK})(?:\.(?:\d{{1,3}}|{_MASK})){{3}}"
    r"|[xX*#?.-]{1,40}|\[[^\]:]{0,40}\]|<[^>]{0,40}>|[({][^)}]{0,40}[)}]"
)


@dataclass(frozen=True, slots=True)
class Peer:
    """One end of a try: address or name, port, and the node of the case that it is, if any.

    `guess` says that the port stands in no line: a program that writes none uses it the most.
    """

    address: str
    port: int | None
    host: str | None = None
    role: Role | None = None
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """One try to connect. `side` is whose certificate was refused, None when that is not told.

    `handshake` is the client's random, the same in every capture of a connection, "" where none
    was seen. `trouble` and `row` are what the table of words has of it; `inbound` whether the node
    that tells of it answered; `continues` that the refusing end let it go on all the same;
    `directory` that the answering end is a directory server (LDAP), which no zone depends on.
    """

    client: Peer
    server: Peer
    fate: Fate
    cause: Cause
    side: Side | None
    evidence: tuple[Evidence, ...]
    words: str = ""
    name: str = ""
    time: datetime | None = None
    client_serial: str | None = None
    server_serial: str | None = None
    handshake: str = ""
    trouble: Trouble | None = None
    row: WordRow | None = None
    inbound: bool | None = None
    continues: bool = False
    directory: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """Who is who: hosts and roles by IP address, and the ports and peers of zones as configured.

    `cucm` are addresses and names, in lower case, of systems that are CUCM, `neighbors` those of
    peers of neighbor zones that somebody made. `sip_ports` are those of SIP over TLS, the mTLS port
    among them; `traversal_ports` those of traversal zones that are no UC zones.
    """

    hosts: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    uc_ports: frozenset[int] = frozenset()
    configured: frozenset[str] = frozenset()
    cucm: frozenset[str] = frozenset()
    neighbors: frozenset[str] = frozenset()
    sip_ports: frozenset[int] = frozenset()
    traversal_ports: frozenset[int] = frozenset()

    def peer(self, address: str, port: int | None, own: str | None = None) -> Peer:
        """Return an end; `own` is the host whose log or capture this is, when it is that end.

        An address that somebody masked before passing the log on ("x.x.x.x") is not told.
        """
        address = "" if _MASKED.fullmatch(address) else address
        host = self.hosts.get(address) or own
        return Peer(address, port, host, self.roles.get(host) if host is not None else None)


def connection_of(found: Try, known: Map) -> str:
    """Return the catalog's id of what was tried, by port and roles; "" when it is not told."""
    port = found.server.port
    if port in known.uc_ports:
        return "uc-zone"
    if port in known.traversal_ports and (known.uc_ports or port not in _ZONE_PORTS):
        return "traversal-mtls"
    if port in known.sip_ports:
        port = min(_SIP)
    if port in _ZONE_PORTS:
        return "traversal-mtls" if known.uc_ports else "uc-zone"
    fitting = (row for row in _ORDERED if port in row.ports and _fits(row, found, known))
    return next((row.id for row in fitting), "")


def _fits(row: Connection, found: Try, known: Map) -> bool:
    """Return whether a try on a port of that row is it, as far as the row says what tells it."""
    starts = not isinstance(row.initiator, Role) or found.client.role is row.initiator
    answers = not isinstance(row.responder, Role) or found.server.role is row.responder
    match row.told_by:
        case ToldBy.PORT:
            return True
        case ToldBy.ANSWERER:
            return answers
        case ToldBy.NAME:
            return starts and answers and str(row.far_end) in found.name.lower()
        case ToldBy.PEER:
            return starts and answers and is_line_side(found, known)
        case _:
            return starts and answers


def is_line_side(found: Try, known: Map) -> bool:
    """Return whether a try on a SIP port is between Core and what is known to be CUCM alone."""
    names = names_beside_core(found)
    return bool(names & known.cucm) and not names & known.neighbors


def doubt(found: Try, known: Map) -> str:
    """Return a sentence where CUCM's line side and a neighbor zone cannot be told apart, else "".

    Both use one port of Core (N4, N13). Told by zones and by ports that CUCM alone answers on.
    """
    if found.server.port not in _SIP or is_line_side(found, known):
        return ""
    names = names_beside_core(found)
    if not names or (names & known.neighbors and not names & known.cucm):
        return ""
    return _DOUBT.format(who=found.name or max(names))


def names_beside_core(found: Try) -> frozenset[str]:
    """Return address and names of the other end, in lower case, where one end is Core."""
    roles = (found.client.role, found.server.role)
    if roles == (None, Role.CORE):
        end, name = found.client, ""
    elif roles == (Role.CORE, None):
        end, name = found.server, found.name
    else:
        return frozenset()
    return frozenset(told.lower() for told in (end.address, end.host, name) if told)


_DOUBT = (
    " Whether {who} is the peer of a neighbor zone or CUCM on its line side (N13) the archive does "
    "not tell: both use this port of Core."
)
_ZONE_PORTS = connection("uc-zone").ports
# Every port of SIP over TLS that CUCM's line side shares with others.
_SIP = frozenset(port for row in CATALOG if row.told_by is ToldBy.PEER for port in row.ports)
# The surest first, of equals in the catalog's order. Zones are told by their configuration.
_SUREST = (ToldBy.NAME, ToldBy.PEER, ToldBy.PORT, ToldBy.ANSWERER, ToldBy.ENDS)
_ORDERED = sorted(
    (row for row in CATALOG if row.told_by in _SUREST), key=lambda row: _SUREST.index(row.told_by)
)


def with_sides(tries: Iterable[Try], known: Map) -> list[Try]:
    """Return the tries with hosts that other tries tell by address, and roles that follow.

    A line that says who answered tells whose address it is; other lines do not say it again. The
    kind of connection tells roles.
    """
    found = list(tries)
    ends = [end for one in found for end in (one.client, one.server) if end.host is not None]
    own = {end.address: end for end in ends if end.address}
    return [
        _with_sides(replace(one, client=_own(one.client, own), server=_own(one.server, own)), known)
        for one in found
    ]


def _own(end: Peer, own: Mapping[str, Peer]) -> Peer:
    told = own.get(end.address)
    if end.host is not None or told is None:
        return end
    return replace(end, host=told.host, role=told.role)


def _with_sides(found: Try, known: Map) -> Try:
    name = connection_of(found, known)
    if not name:
        return found
    row = connection(name)
    client, server = found.client, found.server
    if row.initiator is row.responder:  # peers of one cluster, Core's or Edge's
        role = client.role or server.role
        sides = [replace(end, role=end.role or role) if end.address else end
                 for end in (client, server)]  # fmt: skip
        return replace(found, client=sides[0], server=sides[1])
    if isinstance(row.initiator, Role):
        client = _of_role(client, row.initiator, known)
    if isinstance(row.responder, Role):
        server = _of_role(server, row.responder, known)
    return replace(found, client=client, server=server)


def _of_role(end: Peer, role: Role, known: Map) -> Peer:
    """Return an end with its role; of which no address is told, it is the only node of the role."""
    hosts = [host for host, held in known.roles.items() if held is role]
    told = end.host is not None or bool(end.address) or len(hosts) != 1
    return replace(end, role=end.role or role, host=end.host if told else hosts[0])
