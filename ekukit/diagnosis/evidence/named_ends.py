"""The ends of a connection that lines name: by addresses, by ports, by words."""

import re
from collections.abc import Iterable
from dataclasses import replace

from ekukit.connections import connection
from ekukit.diagnosis.evidence.log_rows import (
    AUTHENTICATION,
    CLUSTER,
    HTTPD,
    NEGOTIATION,
    SERVER_FAILURE,
    TRAFFIC_SERVER,
    Line,
)
from ekukit.diagnosis.evidence.tries import Map, Peer
from ekukit.expressway import Role

# Who is named in a line without addresses: by SSH, by the traffic server, by an event.
_CONNECT = re.compile(
    r"connect to (?:host|address) '?([^\s']{1,255}?)'?,? port (\d{1,5})", re.IGNORECASE
)
BY = re.compile(
    r"\b(?:by|for|from|with|to) (?:\w+ user \S{1,64} )?([0-9A-Fa-f.:]{7,45}) port (\d{1,5})"
)
_URL = re.compile(r"\bhttps://([\w.-]{1,255}):(\d{1,5})\b", re.IGNORECASE)
_RESOLVE = re.compile(r"resolve (?:hostname |host )?'?([\w.-]{1,255})'?", re.IGNORECASE)
_SERVER = re.compile(r"\bName:?\s?([\w.-]{1,255}):(\d{1,5})\b", re.IGNORECASE)
_NAMES = (
    re.compile(r"\(([^\s()]{1,255})\)\.? Action=", re.IGNORECASE),
    re.compile(r"SNI \(([^\s()]{1,255})\)"),
    re.compile(r"certificate check for ([^\s()]{1,255}?)\.?\s"),
    re.compile(r"connection failed for '([^']{1,255})'", re.IGNORECASE),
    re.compile(r'Common-name="\s*([^"]{1,255}?)\s*"'),
    # Programs of the product that call others, by key or in words.
    re.compile(r"(?:\b(?:Host|Server|Hostname|Peer)=\"\s*|\bof host ')([\w.:-]{3,255}?)\s*[\"']"),
)
_PROXIED = re.compile(r"\bserver=([^\s()]{0,255})\(([0-9A-Fa-f.:]{2,45})\)")
# The traffic server's words, and Apache's.
_CALLER = re.compile(
    r"\bpeer address is ([0-9A-Fa-f.:]{2,45})|\[client ([0-9A-Fa-f.:]{2,45}?):\d{1,5}\]"
)
# Where a line of these names no port: tunnels alone, and provisioning by far the most.
_TUNNEL, _CLIENTS = connection("ssh-tunnel").port, connection("mra-client").port
_PORTS = {
    **dict.fromkeys(("ssh", "sshd", "portforwarding"), _TUNNEL),
    TRAFFIC_SERVER: connection("cucm-tftp").port,
    CLUSTER: connection("cluster").port,
}
_MOST_LOOKED = 8192
# LDAP by its ports, or by its name in a line that tells no ports.
_LDAP_PORTS = frozenset((389, 636, 3268, 3269))
_LDAP = re.compile(r"\bldaps?(?:\b|_)", re.IGNORECASE)
_LDAP_NAMES = (
    re.compile(r"\bldaps?://([\w.-]{1,255})", re.IGNORECASE),
    re.compile(
        r"\b(?:server|host|name|address)[\"'=: ]{1,4}([\w-]{1,63}(?:\.[\w-]{1,63}){1,9})",
        re.IGNORECASE,
    ),
)
DIRECTORY = "the directory server"


def directory_named(rows: Iterable[Line]) -> str:
    """Return how lines call the directory server (LDAP) that they are about, "" for no directory.

    A server that is a peer of SIP, SSH or the traffic server is none, whatever its name is.
    """
    for row in rows:
        if row.is_ssh or row.process == TRAFFIC_SERVER or NEGOTIATION in row.event:
            continue
        body, port = row.body[:_MOST_LOOKED], row.ends[3]
        if port in _LDAP_PORTS or (port is None and _LDAP.search(body)):
            named = (found[1] for one in _LDAP_NAMES if (found := one.search(body)))
            return next(named, row.ends[2] or DIRECTORY)
    return ""


def who_is_named(rows: Iterable[Line]) -> tuple[str, str]:
    """Return the name that lines give the answering end, and its address, "" where none does."""
    for row in rows:
        body = row.body[:_MOST_LOOKED]
        proxied = _PROXIED.search(body)
        for pattern in (_CONNECT, *_NAMES, _RESOLVE if row.is_ssh else _URL):
            found = pattern.search(body)
            if found:
                return found[1], proxied[2] if proxied else ""
        if row.process in (TRAFFIC_SERVER, HTTPD) and (caller := _CALLER.search(body)):
            return (called := caller[1] or caller[2]), called
        if row.is_ssh and row.process != "sshd" and (by := BY.search(body)):
            return by[1], by[1]
        if row.event == SERVER_FAILURE and (server := _SERVER.search(body)):
            return server[1], server[1]
    return "", ""


def ends_of(
    whole: Line, told: Line, named: tuple[str, str], known: Map, *, inbound: bool | None
) -> tuple[Peer, Peer]:
    """Return who opened the connection and who answered, as far as its lines tell.

    `whole` is the line that shows most of the addresses, `told` the one that tells most, `named`
    what `who_is_named` found. A port that only the process tells is marked as a guess.
    """
    src, src_port, dst, dst_port = whole.ends
    own_is_server = inbound is True
    if dst_port is not None:
        client = known.peer(src, src_port, whole.host if inbound is False else None)
        return client, known.peer(dst, dst_port, whole.host if own_is_server else None)
    if told.event == AUTHENTICATION:
        return known.peer(src, src_port), known.peer("", _only(known), told.host)
    body = told.body[:_MOST_LOOKED]
    if told.process == "sshd":
        by = BY.search(body)
        client = known.peer(by[1], int(by[2])) if by else known.peer("", None)
        return client, known.peer("", _TUNNEL, told.host)
    asked = _CONNECT.search(body) or _URL.search(body)
    if told.event == SERVER_FAILURE:
        asked = asked or _SERVER.search(body)
    port = int(asked[2]) if asked else _port(told, known)
    address, guess = named[1] or named[0], asked is None and not told.is_ssh
    if own_is_server:
        own = known.peer(src, src_port or port, whole.host)
        return known.peer(address, None), replace(own, guess=guess and src_port is None)
    return known.peer(src, src_port, whole.host), replace(known.peer(address, port), guess=guess)


def _port(told: Line, known: Map) -> int | None:
    """Return the port that a process calls or answers on by far the most."""
    if told.process == TRAFFIC_SERVER and known.roles.get(told.host) is Role.EDGE:
        return _CLIENTS if told.inbound else None  # it calls others than CUCM
    return _PORTS.get(told.process)


def _only(known: Map) -> int | None:
    return min(known.uc_ports) if len(known.uc_ports) == 1 else None
