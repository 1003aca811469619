"""From an archive to a deployment: every peer of both sides, and what had to be assumed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ekukit.diagnosis.evidence.inventory import Held, Inventory
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.rebuild.case_nodes import Place, Reconstruction
from ekukit.diagnosis.rebuild.given_deployment import STAND_IN, far_ends
from ekukit.expressway import (
    CertificateStore,
    Deployment,
    Expressway,
    Mode,
    Release,
    Role,
    Store,
)

_MOST_PEERS = 6


@dataclass(slots=True)
class _Draft:
    """The nodes while they are gathered, with what had to be assumed."""

    inventory: Inventory
    at: datetime
    addresses: Mapping[str, str]
    unknown: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


def reconstruct(
    nodes: Iterable[tuple[NodeSettings, Role]],
    inventory: Inventory,
    at: datetime,
    *,
    addresses: Mapping[str, str],
    absent: Mapping[str, Role],
) -> Reconstruction | None:
    """Return the deployment of the nodes whose role is known, None when there is none.

    `addresses` are IP addresses by host, as far as captures tell; `absent` are nodes without an
    archive that only the other side's captures show. What is not known gets the product's default
    or the weakest assumption, and a sentence says so.
    """
    known = list(nodes)
    if not known:
        return None
    draft = _Draft(inventory, at, addresses)
    core = [_place(draft, s, Role.CORE) for s, role in known if role is Role.CORE][:_MOST_PEERS]
    edge = _edges(draft, [s for s, role in known if role is Role.EDGE], core)[:_MOST_PEERS]
    if not core:
        seen = [name for name, role in absent.items() if role is Role.CORE][:_MOST_PEERS]
        core = [_absent(draft, Role.CORE, name) for name in seen or ["core"]]
    lists = [place.node.trusted for place in (*core, *edge) if place.trust_known]
    trusted = frozenset().union(*lists)
    core_trusts = next((p.node.trusted for p in core if p.trust_known), trusted)
    deployment = Deployment(
        core=tuple(place.node for place in core),
        edge=tuple(place.node for place in edge),
        at=at,
        far_ends=far_ends(core_trusts, trusted),
        domains=_domains(draft, known),
    )
    draft.unknown.append(STAND_IN)
    places = {place.node.address: place for place in (*core, *edge)}
    return Reconstruction(deployment, places, tuple(dict.fromkeys(draft.unknown)))


def _edges(draft: _Draft, told: list[NodeSettings], core: list[Place]) -> list[Place]:
    """Return the Edge peers: those with an archive, then those that only Core's zone names."""
    called = [
        name
        for place in core
        for zone in (place.settings.uc_zones if place.settings else ())
        for name in zone.peers
    ]
    wanted = list(dict.fromkeys(called))
    zones = [z for p in core if p.settings is not None for z in p.settings.uc_zones]
    ports = frozenset(zone.port for zone in zones if zone.port is not None)
    found = []
    for settings in told:
        place = _place(draft, settings, Role.EDGE, wanted, ports)
        wanted = [name for name in wanted if name.lower() != place.node.fqdn.lower()]
        found.append(place)
    if len(found) == len(wanted) == 1 and len(set(called)) == 1:
        # One node and one peer address that fits no name of it: that is how Core calls it.
        return [replace(found[0], node=replace(found[0].node, fqdn=wanted[0]))]
    found += [_absent(draft, Role.EDGE, name) for name in wanted]
    return found or [_absent(draft, Role.EDGE, "edge")]


def _place(
    draft: _Draft,
    settings: NodeSettings,
    role: Role,
    called: Iterable[str] = (),
    ports: frozenset[int] = frozenset(),
) -> Place:
    host, who = settings.host, settings.host or "the node"
    held = {kind: draft.inventory.held[host, kind] for kind in Store
            if (host, kind) in draft.inventory.held}  # fmt: skip
    release = _release(draft, settings, who, held)
    mode = settings.mode
    if mode is None and release.has_client_store:
        draft.unknown.append(f"{who}: the EKU checking mode is not told; On, the default, "
                             "is assumed (E1).")  # fmt: skip
    _tell_stores(draft, who, held, release)
    trusted = draft.inventory.trusted.get(host)
    if trusted is None:
        draft.unknown.append(f"{who}: the trusted CA list is not in the archive; every CA "
                             "seen is assumed to be trusted.")  # fmt: skip
    edge = role is Role.EDGE
    fqdn = _fqdn(settings, held, called)
    fqdn = _uncalled(draft, who, held, fqdn) if edge and not [*called] else fqdn
    node = Expressway(
        role=role,
        fqdn=fqdn,
        address=_address(draft, settings.address or draft.addresses.get(host, "") or fqdn),
        server=_store(Store.SERVER, held),
        client=_store(Store.CLIENT, held if release.has_client_store else {}),
        trusted=_everything(draft) if trusted is None else trusted,
        eku_checking=mode or Mode.ON,
        release=release,
        verify_subject_name=_subject_name(draft, settings, who, ports) if edge else "",
        neighbor_verify=settings.neighbor_verify,
    )
    listed = draft.inventory.listed.get(host, ())
    return Place(
        host, role, node, held, mode is not None, listed[0][1].file if listed else "", settings
    )


def _release(
    draft: _Draft, settings: NodeSettings, who: str, held: Mapping[Store, Held]
) -> Release:
    """Return the release that is told, else X15.5, and say that it was assumed."""
    if settings.release is not None:
        return settings.release
    newest = Store.CLIENT in held or settings.mode_setting is not None
    why = "its client certificate or mode shows it" if newest else "nothing tells"
    draft.unknown.append(f"{who}: the release is not told; X15.5 is assumed ({why}).")
    return Release.X15_5


def _tell_stores(draft: _Draft, who: str, held: Mapping[Store, Held], release: Release) -> None:
    """Say of each store if its certificate is known from elsewhere, or not at all."""
    for kind in Store:
        if kind in held and held[kind].shown:
            draft.unknown.append(f"{who}: the {kind.value} certificate is the one in "
                                 f"{held[kind].evidence.where}.")  # fmt: skip
        elif kind not in held and (kind is Store.SERVER or release.has_client_store):
            draft.unknown.append(f"{who}: the {kind.value} certificate is not in the "
                                 "archive.")  # fmt: skip


def _subject_name(draft: _Draft, settings: NodeSettings, who: str, ports: frozenset[int]) -> str:
    """Return Edge's TLS verify subject name; "" checks none, and it is said that none is told."""
    wanted = settings.verify_subject_name(ports)
    if wanted is None:
        draft.unknown.append(f"{who}: no TLS verify subject name is told, or its UC zones differ "
                             "in it, so the name is not checked.")  # fmt: skip
        return ""
    return wanted.value.strip()


# A capture of the other side may show one certificate of such a node.
def _absent(draft: _Draft, role: Role, name: str) -> Place:
    held = {kind: draft.inventory.held[name, kind] for kind in Store
            if (name, kind) in draft.inventory.held}  # fmt: skip
    told = [f"its {kind.value} certificate is the one in {found.file}, packet {found.packet}"
            for kind, found in held.items()]  # fmt: skip
    words = " and ".join(told) or "nothing is known of it"
    draft.unknown.append(
        f"{role.value} {name}: no archive of it; {words}. Mode On, release X15.5 and trust in "
        "every CA seen are assumed."
    )
    names = [own for found in held.values() for own in found.certificate.answers_to]
    node = Expressway(
        role=role,
        fqdn=name if role is Role.EDGE else next(iter(names), name),
        address=_address(draft, draft.addresses.get(name, "") or name),
        server=_store(Store.SERVER, held),
        client=_store(Store.CLIENT, held),
        trusted=_everything(draft),
    )
    return Place(name if held else "", role, node, held)


def _store(kind: Store, held: Mapping[Store, Held]) -> CertificateStore:
    found = held.get(kind)
    if found is None:
        return CertificateStore(kind, None)
    return CertificateStore(
        kind, found.certificate, found.sends_chain, root_uploaded=found.sends_root
    )


def _everything(draft: _Draft) -> frozenset:  # type: ignore[type-arg]
    lists = [*draft.inventory.trusted.values()]
    leaves = draft.inventory.held.values()
    return frozenset().union(*lists, *(held.certificate.chain for held in leaves))


def _fqdn(settings: NodeSettings, held: Mapping[Store, Held], called: Iterable[str]) -> str:
    """Return the node's full name: as the other side calls it, its DNS settings, a certificate."""
    host = settings.host.lower()
    stores = [held[kind] for kind in Store if kind in held]
    names = [name for found in stores for name in found.certificate.answers_to]
    first = [name for name in names if name.lower().partition(".")[0] == host]
    for name in called:
        same = name.lower().partition(".")[0] == host or name in (settings.fqdn, settings.address)
        if same or name.lower() in map(str.lower, names):
            return name
    return settings.fqdn or next(iter((*first, *names)), "") or settings.host or "unnamed"


def _uncalled(draft: _Draft, who: str, held: Mapping[Store, Held], own: str) -> str:
    """Return a name for a node of which nobody tells how it is called: no check may fail by it."""
    draft.unknown.append(f"{who}: the peer address of Core's zone is not in the archive; a name of "
                         "its certificate is assumed to be it.")  # fmt: skip
    found = held.get(Store.SERVER)
    names = found.certificate.answers_to if found is not None else ()
    return own if own.lower() in map(str.lower, names) or not names else names[0]


def _address(draft: _Draft, wanted: str) -> str:
    """Return an address that no other node has, since nodes are told apart by it."""
    found, number = wanted, 2
    while found in draft.used:
        found, number = f"{wanted} ({number})", number + 1
    draft.used.add(found)
    return found


def _domains(draft: _Draft, known: list[tuple[NodeSettings, Role]]) -> tuple[str, ...]:
    # Core holds the SIP domains; Edge learns them from it.
    found = [settings.domains for settings, role in known if role is Role.CORE]
    found += [settings.domains for settings, role in known if role is Role.EDGE]
    told = next((domains for domains in found if domains), ())
    if not told:
        draft.unknown.append("The SIP domains are not told; one tunnel for each peer is assumed.")
        return ("example.com",)
    return told
