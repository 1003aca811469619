"""What a node's settings add to what was seen: zones by name, expected names, mTLS port, CRLs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ekukit.connections import CATALOG, Cause, Side
from ekukit.connections.handshake import Talk
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.evidence.setting import Setting, Zone
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.tries import Peer, Try
from ekukit.expressway import FarEndKind

_KINDS = {"dns": "DNS zone", "neighbor": "neighbor zone", "traversalclient": "traversal zone",
          "traversalserver": "traversal zone", "webex": "Webex zone"}  # fmt: skip
_MET = ("dns", "neighbor", "webex")
# SIP with whoever a zone meets, or a connection that is not told. Zones for CUCM MRA makes itself.
_FAR_SIP = {"", *(row.id for row in CATALOG if row.talk is Talk.SIP and row.far_end)} - {
    row.id for row in CATALOG if row.far_end is FarEndKind.CUCM
}
_BY_CERTIFICATE = (Cause.UNTRUSTED, Cause.NAME, Cause.NO_CERTIFICATE, Cause.OTHER, Cause.EKU)
_CRL = (Cause.REVOKED, Cause.REVOCATION)
_MOST_ZONES = 4
_UNMAPPED = "TLS verify inbound mapping of the {zone} is Off: no caller is taken for its peer."
_VERIFYING = "Zones of {who} that check whoever they meet: {zones}."


@dataclass(frozen=True, slots=True)
class Configured:
    """Sentences and evidence from the settings, and the name that was expected, "" if not told."""

    text: str = ""
    evidence: tuple[Evidence, ...] = ()
    name: str = ""


@dataclass(slots=True)
class _Told:
    texts: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def add(self, text: str, *settings: Setting | None) -> None:
        self.texts.append(text)
        self.evidence += [one.evidence for one in settings if one is not None]


@dataclass(frozen=True, slots=True, eq=False)
class NodeZones:
    """A node's settings, looked through once: its mTLS port, zones by peer, zones that verify."""

    node: NodeSettings
    mtls: Setting | None
    by_peer: Mapping[str, Zone]
    verifying: tuple[Zone, ...]


def zones_of(nodes: Iterable[NodeSettings]) -> dict[str, NodeZones]:
    """Return the zones of nodes that have settings, by host."""
    found = {}
    for node in nodes:
        by_peer: dict[str, Zone] = {}
        for zone in node.zones:
            for peer in zone.peers:
                by_peer.setdefault(peer.lower(), zone)
        verifying = tuple(zone for zone in node.zones if zone.kind in _MET and _verifies(zone))
        if node.settings:
            mtls = node.setting("sipmtlsport")
            found[node.host] = NodeZones(node, mtls, by_peer, verifying)
    return found


def configured(found: Try, name: str, zones: Mapping[str, NodeZones], who: str) -> Configured:
    """Return what the settings of the node that tells of a try say about it.

    `name` is the catalog's id; `who` is that node in words. Nothing is said of a node without
    settings. Which zone a call meets is not told by a log: zones are named, not chosen.
    """
    near, far = _sides(found)
    here = zones.get(near.host or "")
    if here is None:
        return Configured()
    node, told = here.node, _Told()
    _add_port(told, found, here, who)
    called = (end.lower() for end in (found.name, far.address, far.host or "") if end)
    peer = next((end for end in called if end in here.by_peer), "")
    zone = here.by_peer.get(peer)
    if zone is not None:
        told.add(f"{peer} is a peer of the {zone_words(zone)}.", zone.setting("zoneszonename"))
    judges = found.side is not None and (found.side is Side.CLIENT) == (near is found.server)
    verifying = here.verifying if zone is None else (zone,) if _verifies(zone) else ()
    expected = _expected(name, node, verifying) if judges else None
    if judges and name in _FAR_SIP and found.cause in _BY_CERTIFICATE and verifying:
        _add_verifying(told, verifying, who)
        if near is found.server:
            _add_unmapped(told, verifying)
    if judges and found.cause in _CRL:
        _add_revocation(told, node, who)
    if judges and found.cause is Cause.NAME:
        if expected is not None:
            text = f'The TLS verify subject name there is "{expected.value.strip()}".'
            told.add(text, expected)
        elif found.side is Side.SERVER and found.name:
            told.add(f"The name that was called is {found.name}.")
    wanted = expected.value.strip() if expected is not None else found.name
    text = " ".join(told.texts)
    return Configured(text, tuple(dict.fromkeys(told.evidence)), wanted if judges else "")


def zone_words(zone: Zone) -> str:
    """Return a zone in words, by its kind and its name or number."""
    title = f'"{zone.name}"' if zone.name else str(zone.number)
    return f"{_KINDS.get(zone.kind, 'zone')} {title}"


def _sides(found: Try) -> tuple[Peer, Peer]:
    """Return the end that tells of a try, and the other one."""
    inbound = found.inbound
    if inbound is None:
        inbound = found.client.host is None and found.server.host is not None
    return (found.server, found.client) if inbound else (found.client, found.server)


def _add_port(told: _Told, found: Try, here: NodeZones, who: str) -> None:
    value = here.mtls.value.strip() if here.mtls is not None else ""
    if value and found.server.host == here.node.host and value == str(found.server.port):
        text = f"Port {value} is the mTLS port of {who}: every caller there must show a "
        told.add(f"{text}certificate that {who} accepts.", here.mtls)


def _verifies(zone: Zone) -> bool:
    return zone.value("tlsverifymode").lower() == "on"


def _expected(name: str, node: NodeSettings, zones: Sequence[Zone]) -> Setting | None:
    """Return the TLS verify subject name that counted, None where none or several may have."""
    if name in ("uc-zone", "ssh-tunnel"):
        return node.verify_subject_name()
    found = [zone.setting("tlsverifysubjectname") for zone in zones[:_MOST_ZONES]]
    named = [one for one in found if one is not None and one.value.strip()]
    return named[0] if len(named) == 1 and len(zones) <= _MOST_ZONES else None


def _add_verifying(told: _Told, zones: Sequence[Zone], who: str) -> None:
    words = []
    settings: list[Setting | None] = []
    for zone in zones[:_MOST_ZONES]:
        subject = zone.value("tlsverifysubjectname")
        words.append(f"{zone_words(zone)} (TLS verify On{', ' * bool(subject)}{subject})")
        settings += [zone.setting("tlsverifymode"), zone.setting("tlsverifysubjectname")]
    more = len(zones) - _MOST_ZONES
    words += [f"and {more} more"] if more > 0 else []
    told.add(_VERIFYING.format(who=who, zones="; ".join(words)), *settings)


def _add_unmapped(told: _Told, zones: Sequence[Zone]) -> None:
    """Add zones to which no caller is mapped, since that is switched off."""
    for zone in zones[:_MOST_ZONES]:
        mapping = zone.setting("tlsverifyinboundclassification")
        if mapping is not None and mapping.value.strip().lower() == "off":
            told.add(_UNMAPPED.format(zone=zone_words(zone)), mapping)


def _add_revocation(told: _Told, node: NodeSettings, who: str) -> None:
    for setting in _revocation(node):
        told.add(f'{who} has "{_tail(setting.path)}: {setting.value.strip()}".', setting)


def _revocation(node: NodeSettings) -> Iterator[Setting]:
    found = node.setting("certificaterevocationcheckingmode")
    if found is not None:
        yield found
    for one in node.settings:
        if "certificaterevocationchecking" in one.key and one is not found and one.value.strip():
            yield one
            return


def _tail(path: str) -> str:
    return path.removeprefix("SIP TLS ").strip()
