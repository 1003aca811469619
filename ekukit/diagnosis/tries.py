"""Tries to connect, as logs and captures show them: between whom, and what became of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ekukit.connections import Cause, Side, connection
from ekukit.diagnosis.finding import Evidence
from ekukit.diagnosis.troubles import Trouble
from ekukit.diagnosis.words import Fate
from ekukit.diagnosis.words import Row as Words
from ekukit.expressway import Role

_ZONE_PORTS = range(7001, 7011)


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

    `trouble` and `row` are what the table of words has of it; `inbound` whether the node that tells
    of it answered; `continues` that the refusing end let it go on all the same.
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
    trouble: Trouble | None = None
    row: Words | None = None
    inbound: bool | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """Who is who: hosts and roles by IP address, and the ports and peers of zones as configured.

    `sip_ports` are those of SIP over TLS, the mTLS port among them; `traversal_ports` those of
    traversal zones that are no UC zones.
    """

    hosts: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    uc_ports: frozenset[int] = frozenset()
    configured: frozenset[str] = frozenset()
    sip_ports: frozenset[int] = frozenset()
    traversal_ports: frozenset[int] = frozenset()

    def peer(self, address: str, port: int | None, own: str | None = None) -> Peer:
        """Return an end; `own` is the host whose log or capture this is, when it is that end."""
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
    if port in _SIP and starts is Role.EDGE and "webex" in found.name.lower():
        return "webex"
    for ports, start, answer, name in _PLACES:
        if port in ports and start in (None, starts) and answer in (None, answers):
            return name
    return ""


# Ports, the initiator's and the responder's role (None: any), and what it is; first match counts.
_SIP = (5061, 5062)
_PLACES: tuple[tuple[tuple[int, ...], Role | None, Role | None, str], ...] = (
    ((2222,), None, None, "ssh-tunnel"),
    ((6971, 6972), None, None, "cucm-tftp"),
    ((8443,), None, Role.EDGE, "mra-client"),
    ((8443,), Role.CORE, None, "cucm-tftp"),
    (_SIP, None, Role.CORE, "neighbor-in"),
    (_SIP, Role.CORE, None, "neighbor-out"),
    (_SIP, Role.EDGE, None, "b2b-out"),
    (_SIP, None, Role.EDGE, "b2b-in"),
    ((5269,), Role.EDGE, None, "xmpp-federation"),
    ((443,), Role.EDGE, None, "cloud-onboarding"),
    ((4371, 4372), None, None, "cluster"),
)


# The clocks of two nodes may differ by this much; a client's port is not used again so soon.
_SAME = timedelta(minutes=10)
_RANKS = {fate: rank for rank, fate in enumerate((
    Fate.REFUSED, Fate.DENIED, Fate.FAILED, Fate.UNREACHED, Fate.WORKED, Fate.REACHED,
    Fate.ELSEWHERE))}  # fmt: skip


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
    if client.role is None and isinstance(row.initiator, Role):
        client = replace(client, role=row.initiator)
    if server.role is None and isinstance(row.responder, Role):
        server = replace(server, role=row.responder)
    return replace(found, client=client, server=server)


def joined(tries: Iterable[Try]) -> tuple[Try, ...]:
    """Return the tries with what several logs and captures tell of one connection made one.

    Addresses and ports tell that it is one. What names a cause counts before what does not.
    """
    kept: list[Try] = []
    places: dict[tuple[str, int, str, int], int] = {}
    for found in tries:
        start, answer = found.client, found.server
        if start.port is None or answer.port is None:
            kept.append(found)
            continue
        key = (start.address, start.port, answer.address, answer.port)
        place = places.get(key)
        if place is None or not _near(kept[place], found):
            places[key] = len(kept)
            kept.append(found)
        else:
            kept[place] = _one(kept[place], found)
    return tuple(kept)


def _near(one: Try, other: Try) -> bool:
    return one.time is None or other.time is None or abs(one.time - other.time) <= _SAME


def _one(one: Try, other: Try) -> Try:
    first, second = sorted((one, other), key=_tells_most)
    return replace(
        first,
        side=first.side or (second.side if second.fate is first.fate else None),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
        name=first.name or second.name,
        client=first.client if first.client.host is not None else second.client,
        server=first.server if first.server.host is not None else second.server,
        trouble=first.trouble or (second.trouble if first.row is None else None),
        row=first.row or second.row,
        inbound=second.inbound if first.inbound is None else first.inbound,
        client_serial=_either(first.client_serial, second.client_serial),
        server_serial=_either(first.server_serial, second.server_serial),
    )


def _tells_most(found: Try) -> tuple[bool, bool, int]:
    unnamed = found.cause in (Cause.OTHER, Cause.ACCEPTED)
    return unnamed, found.row is not None and found.row.vague, _RANKS[found.fate]


def _either(one: str | None, other: str | None) -> str | None:
    return other if one is None else one
