"""Tries to connect, as logs and captures show them: between whom, and what became of each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ekukit.connections import Cause, Side, connection
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.expressway import Role
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate, WordRow

_ZONE_PORTS = range(7001, 7011)
# "x.x.x.x", "10.x.x.5", "***", "[masked]": some part of it, or all, stands for what was there.
_MASK = r"(?:[xXyYzZ*#?]{1,3})"
_MASKED = re.compile(
    rf"(?=.*{_MASK})(?:\d{{1,3}}|{_MASK})(?:\.(?:\d{{1,3}}|{_MASK})){{3}}"
    r"|[xX*#?.-]{1,40}|\[[^\]:]{0,40}\]|<[^>]{0,40}>|[({][^)}]{0,40}[)}]"
)


@dataclass(frozen=True, slots=True)
class Peer:
    """One end of a try: address or name, port, and the node of the case that it is, if any."""

    address: str
    port: int | None
    host: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One try to connect. `side` is whose certificate was refused, None when that is not told.

    `handshake` is the client's random, the same in every capture of a connection, "" where none
    was seen. `trouble` and `row` are what the table of words has of it; `inbound` whether the node
    that tells of it answered; `continues` that the refusing end let it go on all the same.
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
        port = _SIP[0]
    if port in _ZONE_PORTS:
        return "traversal-mtls" if known.uc_ports else "uc-zone"
    starts, answers = found.client.role, found.server.role
    if port in _SIP and (told := _told_apart(found, known)):
        return told
    for ports, start, answer, name in _PLACES:
        if port in ports and start in (None, starts) and answer in (None, answers):
            return name
    return ""


def _told_apart(found: Try, known: Map) -> str:
    """Return what a try on a SIP port is where a name or a zone tells it, "" where none does."""
    if found.client.role is Role.EDGE and "webex" in found.name.lower():
        return "webex"
    if is_line_side(found, known):
        return "cucm-line-in" if found.server.role is Role.CORE else "cucm-line-out"
    return ""


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
# Ports, the initiator's and the responder's role (None: any), and what it is; first match counts.
_SIP = (5061, 5062)
_PLACES: tuple[tuple[tuple[int, ...], Role | None, Role | None, str], ...] = (
    ((2222,), None, None, "ssh-tunnel"),
    ((6972,), None, None, "cucm-tftp"),
    ((6971,), None, None, "cucm-config"),
    ((5091,), None, None, "cucm-oauth"),
    ((8443,), None, Role.EDGE, "mra-client"),
    ((8443,), Role.CORE, None, "cucm-uds"),
    (_SIP, None, Role.CORE, "neighbor-in"),
    (_SIP, Role.CORE, None, "neighbor-out"),
    (_SIP, Role.EDGE, None, "b2b-out"),
    (_SIP, None, Role.EDGE, "b2b-in"),
    ((5269,), Role.EDGE, None, "xmpp-federation"),
    ((443,), Role.EDGE, None, "cloud-onboarding"),
    ((4371, 4372), None, None, "cluster"),
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
