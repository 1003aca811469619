"""The configuration and status of a node as the dumps of a diagnostic archive print them.

Only what the kit knows of a node is in them. Zone and tunnel states are not: how xStatus names
them is not published.
"""

from collections.abc import Collection, Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ekukit.connections import CATALOG, connection
from ekukit.connections.catalog import ToldBy
from ekukit.connections.handshake import Talk
from ekukit.expressway import Deployment, Expressway, FarEnd, FarEndKind, Role

NAMESPACE = "http://www.tandberg.no/XML/CUIL/1.0"
SERIAL = "EKUKIT-SYNTHETIC"
UC_ZONE = "uczone.MRA"
_MODE = "SIP TLS Certificate ExtendedKeyUsage Checking Mode"
_KINDS = {Role.CORE: "TraversalClient", Role.EDGE: "TraversalServer"}
# Which far ends a node reaches by a SIP zone of its own, and the zone's type. SIP with OAuth, alone
# on its port, has another zone.
_FAR_ZONES = {
    Role.CORE: ((FarEndKind.NEIGHBOR, "Neighbor"), (FarEndKind.CUCM, "Neighbor")),
    Role.EDGE: ((FarEndKind.WEBEX, "DNS"), (FarEndKind.PARTNER, "DNS")),
}
_OF_ZONES = [row for row in CATALOG if row.talk is Talk.SIP and row.told_by is not ToldBy.PORT]
_SIP_PORT = connection("neighbor-out").port
Setting = tuple[str, str]


def settings(
    deployment: Deployment, node: Expressway, connections: Collection[str] | None = None
) -> tuple[Setting, ...]:
    """Return the paths and values of a node's configuration, in the order of the dump.

    Words of a path are parted by blanks, indexes are words of their own. `connections` are those
    in use, None all; zones that none of them needs are not configured.
    """
    used = {row.id for row in CATALOG} if connections is None else set(connections)
    host, _, domain = node.fqdn.partition(".")
    found = [
        ("SystemUnit Name", host),
        ("Ethernet 1 IP V4 Address", node.address),
        ("IP DNS Hostname", host),
        ("IP DNS Domain Name", domain),
    ]
    if node.release.has_client_store:
        found.append((_MODE, node.eku_checking.value))
    found += _cluster(deployment, node)
    found += [
        (f"SIP Domains Domain {place} Name", name)
        for place, name in enumerate(deployment.domains, 1)
    ]
    for number, zone in enumerate(_zones(deployment, node, used), 1):
        found += [(f"Zones Zone {number} {path}", value) for path, value in zone]
    return tuple(found)


def _cluster(deployment: Deployment, node: Expressway) -> Iterator[Setting]:
    peers = deployment.core if node.role is Role.CORE else deployment.edge
    if len(peers) > 1:
        for place, peer in enumerate(peers, 1):
            yield f"Alternates Peer {place} Address", peer.fqdn


def _zones(
    deployment: Deployment, node: Expressway, used: set[str]
) -> Iterator[tuple[Setting, ...]]:
    yield _traversal(deployment, node, UC_ZONE, connection("uc-zone").port, "On")
    if "traversal-mtls" in used:
        port = connection("traversal-mtls").port
        yield _traversal(deployment, node, "traversal.mTLS", port, "Off")
    far_ends = {far.kind: far for far in deployment.far_ends}
    for kind, zone in _FAR_ZONES[node.role]:
        if kind in far_ends and any(row.id in used for row in _OF_ZONES if row.far_end is kind):
            yield _far_zone(far_ends[kind], zone, node)


def _traversal(
    deployment: Deployment, node: Expressway, name: str, port: int, edge: str
) -> tuple[Setting, ...]:
    kind = _KINDS[node.role]
    zone = [
        ("Name", name),
        ("Type", kind),
        (f"{kind} Collaboration Edge", edge),
        (f"{kind} SIP Port", str(port)),
        (f"{kind} SIP Protocol", "TLS"),
        (f"{kind} SIP TLS Verify Mode", "On"),
    ]
    if node.role is Role.EDGE:
        zone.append((f"{kind} SIP TLS Verify Subject Name", node.verify_subject_name))
        return tuple(zone)
    peers = enumerate(deployment.edge, 1)
    return (*zone, *((f"{kind} Peer {place} Address", peer.fqdn) for place, peer in peers))


def _far_zone(far: FarEnd, kind: str, node: Expressway) -> tuple[Setting, ...]:
    made = far.kind is FarEndKind.CUCM
    verify = node.neighbor_verify.value if kind == "Neighbor" and not made else "On"
    zone = [
        # MRA names the zones that it makes for CUCM by itself (N13-zones).
        ("Name", f"CEtls-{far.fqdn}" if made else f"{far.kind.value}.zone"),
        ("Type", kind),
        (f"{kind} SIP TLS Verify Mode", verify),
    ]
    if kind == "Neighbor":
        zone += [(f"{kind} SIP Port", str(_SIP_PORT)), (f"{kind} Peer 1 Address", far.fqdn)]
    else:
        zone.append((f"{kind} SIP TLS Verify Subject Name", far.fqdn))
    return tuple(zone)


def status(node: Expressway) -> tuple[Setting, ...]:
    """Return the paths and values of a node's status: what it is, and nothing of zones."""
    return (
        ("SystemUnit Product", "Cisco Expressway"),
        ("SystemUnit Software Version", node.release.value),
        ("SystemUnit SerialNumber", SERIAL),
    )


def configuration_text(found: Iterable[Setting]) -> bytes:
    """Return settings as the text dump prints them; an empty value is nothing after the colon."""
    lines = [f"*c xConfiguration {path}: {_quoted(value)}" for path, value in found]
    return "\n".join([*lines, "OK", ""]).encode()


def status_text(found: Iterable[Setting]) -> bytes:
    """Return a status as the text dump prints it: one section, its values indented by two."""
    lines = ["*s SystemUnit: /"]
    lines += [f"  {path.partition(' ')[2]}: {_quoted(value)}" for path, value in found]
    return "\n".join([*lines, "*s/end", "OK", ""]).encode()


def as_xml(root: str, found: Iterable[Setting]) -> bytes:
    """Return settings or a status as XML: a word is an element, an index its attribute `item`.

    As in published files, elements that have no index carry `item="1"`, too.
    """
    top = Element(root, {"xmlns": NAMESPACE})
    places: dict[tuple[str, ...], Element] = {(): top}
    for path, value in found:
        place: tuple[str, ...] = ()
        words = path.split(" ")
        for word, following in zip(words, [*words[1:], ""], strict=True):
            if word.isdigit():
                continue
            item = following if following.isdigit() else "1"
            inner = (*place, word, item)
            if inner not in places:
                places[inner] = SubElement(places[place], word, {"item": item})
            place = inner
        places[place].text = value
    indent(top)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top) + b"\n"


def _quoted(value: str) -> str:
    return f'"{value}"' if value else ""
