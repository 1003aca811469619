"""Who opened a connection on a port that only a node of the case should call."""

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address, ip_network

from ekukit.connections import Cause
from ekukit.connections.catalog import ROWS
from ekukit.diagnosis.evidence.tries import Map, Peer, Try, connection_of
from ekukit.expressway import Role
from ekukit.log.words import Fate

# RFC 1918, RFC 4193, link-local and loopback: nobody on the Internet calls from there. Python's
# `is_private` counts the addresses of documentation, too, which stand in lines that were masked.
_OWN = tuple(map(ip_network, (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7",
    "fe80::/10", "::1/128",
)))  # fmt: skip


def is_public(address: str) -> bool:
    """Return whether an address is one that somebody on the Internet may have."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return not any(plain in network for network in _OWN if network.version == plain.version)


def is_unplaced_caller(name: str, client: Peer) -> bool:
    """Return whether a caller on a port for one role alone was found to have none."""
    row = ROWS.get(name)
    alone = row is not None and isinstance(row.initiator, Role)
    return alone and client.role is None and bool(client.address)


def without_strangers(tries: Iterable[Try], known: Map) -> list[Try]:
    """Return the tries, those of strangers on a port for one role without that role.

    A stranger has a public address that is no node's, while a node of the role was seen to work
    there, and what failed is no check of a certificate that was shown. A node behind address
    translation could look the same: the port works for another one then.
    """
    found = list(tries)
    proven = {(connection_of(one, known), _answering(one)) for one in found
              if one.fate is Fate.WORKED and one.client.host is not None}  # fmt: skip
    return [_placed(one, proven, known) for one in found]


def _placed(found: Try, proven: set[tuple[str, str]], known: Map) -> Try:
    client, name = found.client, connection_of(found, known)
    row = ROWS.get(name)
    bare = found.fate is Fate.FAILED or found.cause is Cause.NO_CERTIFICATE
    if row is None or not isinstance(row.initiator, Role) or not (bare and found.inbound):
        return found
    known_one = client.host is not None or client.address in known.configured
    if known_one or not is_public(client.address) or (name, _answering(found)) not in proven:
        return found
    return replace(found, client=replace(client, role=None))


def _answering(found: Try) -> str:
    return found.server.host or found.server.address
