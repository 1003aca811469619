"""What the settings name and no file judges: peers, zones nobody was seen on or that check none."""

from collections.abc import Iterable, Iterator

from ekukit.causes.system_words import listed
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.refusal_sentences import node_words
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.setting import Setting, Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.zones import zone_words
from ekukit.diagnosis.findings.finding import Draft
from ekukit.diagnosis.findings.finding_set import Gathered

PEER_MISSING, ZONES_NOT_JUDGED = "archive.peer-missing", "archive.zones-not-judged"
VERIFY_OFF = "zone.verify-off"
NOT_JUDGED = (PEER_MISSING, ZONES_NOT_JUDGED)
_PEER = "alternatespeeraddress"
_MOST_NAMED = 4


def add_not_judged(gathered: Gathered, nodes: Iterable[NodeSettings], seen: Seen) -> None:
    """Add cluster peers without files, zones over TLS with whose peers no try was seen.

    And UC traversal zones that check nobody.

    Not checked: DNS zones, which name no peer, and zones whose settings tell no transport and do
    not verify.
    """
    known = tuple(nodes)
    _add_peers(gathered, known, seen)
    met = frozenset(_met(seen))
    for node in known:
        _add_unverified(gathered, node, seen)
        apart = [zone for zone in node.zones if _is_apart(zone, met)]
        # Somebody met by address may be the peer that a zone has by name.
        if len(apart) > len(_strangers(node, seen)):
            _add_zones(gathered, node, apart, seen)


def _add_unverified(gathered: Gathered, node: NodeSettings, seen: Seen) -> None:
    """Add UC traversal zones whose TLS verify mode is Off: what is judged here may not be asked."""
    who = node_words(seen.known.roles.get(node.host), node.host)
    for zone in node.zones:
        mode = zone.setting("tlsverifymode")
        if zone.is_collaboration_edge and mode is not None and mode.value.strip().lower() == "off":
            text = (
                f"TLS verify mode of the {zone_words(zone)} of {who} is Off. Whether {who} then "
                "asks for a certificate at all is not documented; the states here assume that it "
                "does."
            )
            gathered.add(Draft(VERIFY_OFF, text, [mode.evidence]))


def _add_peers(gathered: Gathered, nodes: tuple[NodeSettings, ...], seen: Seen) -> None:
    """Add the peers of which no file was given; a cluster's list names the node itself, too."""
    names = {node.host: _own_names(node, seen.inventory) for node in nodes}
    missing: dict[str, Setting] = {}
    for node in nodes:
        named = [s for s in node.settings if s.key.endswith(_PEER) and s.value.strip()]
        listed_ = {setting.value.strip().lower() for setting in named}
        here = [n for n in nodes if seen.known.roles.get(n.host) is seen.known.roles.get(node.host)]
        own = frozenset().union(*(names[one.host] for one in here))
        # A node that no name fits may be any of the others: its address is not told.
        spare = sum(not names[one.host] & listed_ for one in here)
        absent = [setting for setting in named if setting.value.strip().lower() not in own]
        if len(absent) > spare:
            missing |= {setting.value.strip().lower(): setting for setting in absent}
    if missing:
        peers = [setting.value.strip() for setting in missing.values()]
        text = (
            f"{_named(peers)} are peers of a cluster, and no file of them was given: what they "
            "present is not judged."
            if len(peers) > 1
            else f"{_named(peers)} is a peer of a cluster, and no file of it was given: what it "
            "presents is not judged."
        )
        gathered.add(Draft(PEER_MISSING, text, [one.evidence for one in missing.values()]))


def _own_names(node: NodeSettings, inventory: Inventory) -> frozenset[str]:
    held = (held for (host, _), held in inventory.held.items() if host == node.host)
    names = {node.host, node.fqdn, node.address, *(n for h in held for n in h.certificate.names)}
    return frozenset(name.lower() for name in names)


def _met(seen: Seen) -> Iterator[str]:
    for found in seen.tries:
        for end in (found.client.address, found.client.host, found.server.address,
                    found.server.host, found.name):  # fmt: skip
            if end:
                yield end.lower()


def _strangers(node: NodeSettings, seen: Seen) -> frozenset[str]:
    """Return the addresses of systems that the node was seen with and that no zone names."""
    pairs = ((found.client, found.server) for found in seen.tries)
    ends = (far for one, two in pairs for near, far in ((one, two), (two, one))
            if near.host == node.host and far.host is None)  # fmt: skip
    return frozenset(far.address for far in ends) - seen.known.configured


def _is_apart(zone: Zone, met: frozenset[str]) -> bool:
    """Return whether a zone that is no UC zone uses TLS with peers whom no file shows."""
    told = (zone.value("siptransport") or zone.value("sipprotocol")).lower()
    tls = told == "tls" or (not told and zone.value("tlsverifymode").lower() == "on")
    peers = {peer.lower() for peer in zone.peers}
    return tls and bool(peers) and not zone.is_collaboration_edge and not peers & met


def _add_zones(gathered: Gathered, node: NodeSettings, zones: list[Zone], seen: Seen) -> None:
    who = node_words(seen.known.roles.get(node.host), node.host)
    words = [f"{zone_words(zone)} with {_named(zone.peers)}" for zone in zones]
    text = (
        f"{who} was not seen to connect in the {_named(words)}. Whoever is called there decides "
        f"whether the certificate that {who} presents needs clientAuth."
    )
    shown = [found.evidence for zone in zones if (found := zone.setting("peeraddress")) is not None]
    gathered.add(Draft(ZONES_NOT_JUDGED, text, shown))


def _named(names: Iterable[str]) -> str:
    """Return the first names joined, and how many more there are."""
    found = list(dict.fromkeys(names))
    more = len(found) - _MOST_NAMED
    return f"{', '.join(found[:_MOST_NAMED])} and {more} more" if more > 0 else listed(found)
