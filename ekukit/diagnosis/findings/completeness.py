"""What an archive lacks or should not hold: stores, a side, keys, damage, a second system."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ekukit.account import folded
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.findings.finding import Confidence, Draft
from ekukit.diagnosis.findings.finding_set import MOST_EVIDENCE, Gathered
from ekukit.diagnosis.findings.predictions import place_name
from ekukit.diagnosis.rebuild.case_nodes import Reconstruction
from ekukit.expressway import Role, Store

if TYPE_CHECKING:
    from ekukit.archive import Archive


_OTHER = {Role.CORE: Role.EDGE, Role.EDGE: Role.CORE}


def add_archive_findings(
    gathered: Gathered,
    archive: "Archive",
    nodes: list[NodeSettings],
    roles: Mapping[str, Role | None],
    inventory: Inventory,
) -> None:
    """Add what is not in the archive, what could not be read, and keys that do not belong there."""
    for name in archive.keys:
        text = f"A private key is in {name}; it is not shown here."
        gathered.add(Draft("archive.private-key", text, [_rule(name, "a private key block")]))
    if archive.unread:
        count = archive.account.all_parts or len(archive.unread)
        text = f"{count:,} file(s) or parts were not read; the first: {archive.unread[0]}"
        gathered.add(
            Draft("archive.unread", text, [_rule("", p) for p in archive.unread[:MOST_EVIDENCE]])
        )
    _add_loose(gathered, archive, inventory)
    for node in nodes:
        _add_missing(gathered, node, inventory, archive)
        if roles[node.host] is None:
            text = (
                f"Nothing in the archive tells whether {node.host or 'the node'} is Core or Edge."
            )
            shown = node.settings[0].evidence if node.settings else _rule("", "no configuration")
            gathered.add(Draft("archive.role-unknown", text, [shown]))
    sides = set(roles.values())
    side = sides.pop() if len(sides) == 1 else None
    if side is not None:
        text = f"Only {side.value} is in the archive; there is no archive of {_OTHER[side].value}."
        own = ", ".join(node.host for node in nodes)
        gathered.add(Draft("archive.one-side", text, [_rule("", f"hosts in it: {own}")]))


def _add_loose(gathered: Gathered, archive: "Archive", inventory: Inventory) -> None:
    """Add the leaf certificates in files whose names tell of no store; a copy of a held one not."""
    rows: Sequence[Mapping[str, Any]] = archive.rows["certificates"].rows
    found = [
        Evidence(EvidenceKind.CERTIFICATE, row["file"], _leaf_words(row), line=row["line"],
                 serial=row["serial"])
        for row in rows
        if not row["store"] and not row["is_ca"] and not inventory.of_serial(row["serial"])
    ]  # fmt: skip
    if not found:
        return
    told = "; ".join(folded([f"{one.file}: {one.text}" for one in found], _MOST_NAMED))
    count = "A certificate is" if len(found) == 1 else f"{len(found):,} certificates are"
    text = f"{count} not judged, as no file name tells of which node and store: {told}."
    gathered.add(Draft("archive.loose-certificates", text, found))


def _leaf_words(row: Mapping[Any, Any]) -> str:
    name = next(iter(row["names"]), "") or row["subject"] or "no name"
    return f"{name}, {row['eku']}, until {row['not_after']:%d %b %Y}"


def add_systems(gathered: Gathered, case: Reconstruction) -> None:
    """Add Core and Edge nodes that do not call each other, as of two systems in one archive."""
    for core in case.of(Role.CORE):
        apart = [edge for edge in case.of(Role.EDGE)
                 if not case.calls(core.node.address, edge.node.address)]  # fmt: skip
        zones = core.settings.uc_zones if core.settings is not None else ()
        peers = [zone.setting("peeraddress") for zone in zones]
        shown = [peer.evidence for peer in peers if peer is not None]
        if apart:
            others = ", ".join(place_name(edge) for edge in apart)
            called = ", ".join(name for zone in zones for name in zone.peers)
            text = (
                f"{place_name(core)} calls {called}, not {others}: not judged against each other."
            )
            gathered.add(Draft("archive.several-systems", text, shown))


def _unreadable(gathered: Gathered, host: str, store: Store, archive: "Archive") -> bool:
    """Add that a store's file is there and its leaf cannot be read; return whether it is there."""
    own = [row for row in archive.rows["members"].rows
           if row["kind"] == store.value and (row["host"] or "") == host]  # fmt: skip
    if not own:
        return False
    told = {part.file: part for part in archive.account.parts}
    file = str(own[0]["file"])
    part = told.get(file)
    why = part.reason if part is not None else "no certificate of a leaf is in it"
    gathered.add(
        Draft(
            "certificate.unreadable",
            f"The {store.value} certificate of {host or 'the node'} is in the archive and cannot "
            f"be read ({why}).",
            [Evidence(EvidenceKind.RULE, file, why, store=store.value)],
        )
    )
    return True


def _add_missing(
    gathered: Gathered, node: NodeSettings, inventory: Inventory, archive: "Archive"
) -> None:
    old = node.release is not None and not node.release.has_client_store
    for store in Store:
        held = inventory.held.get((node.host, store))
        if (held is not None and not held.shown) or (old and store is Store.CLIENT):
            continue
        if _unreadable(gathered, node.host, store, archive):
            continue
        who = node.host or "the node"
        why = "" if node.release or store is Store.SERVER else \
            "; that may mean a release before X15.5"  # fmt: skip
        why += "; a capture shows it" if held is not None else ""
        gathered.add(
            Draft(
                "certificate.not-in-archive",
                f"The {store.value} certificate of {who} is not in the archive{why}.",
                [_rule("", f"no {store.value} file of {who} among the files")],
                confidence=Confidence.CERTAIN,
            )
        )


def _rule(file: str, text: str) -> Evidence:
    return Evidence(EvidenceKind.RULE, file, text)


_FEWEST_LABELS = 2
_MOST_NAMED = 4
# Labels below a country under which many register.
_COUNTRY, _SHARED = 2, frozenset(("ac", "co", "com", "edu", "gov", "net", "org"))


def add_two_systems(
    gathered: Gathered, nodes: Iterable[NodeSettings], inventory: Inventory
) -> None:
    """Add a warning where nodes fall into groups with no zone, name, domain or CA in common.

    A node without settings or domain stands with any group. Not checked: addresses that are
    translated on their way.
    """
    known = [node for node in nodes if node.settings and _domains(node, inventory)]
    groups: list[list[NodeSettings]] = []
    for node in known:
        near = [group for group in groups if any(_tied(node, one, inventory) for one in group)]
        groups = [group for group in groups if group not in near]
        groups.append([node, *(one for group in near for one in group)])
    if len(groups) < 2:  # noqa: PLR2004 - one system
        return
    groups.sort(key=lambda group: min(node.host for node in group))
    named = "; ".join(_words(group, inventory) for group in groups[:_MOST_NAMED])
    text = (
        f"The files are of {len(groups)} systems that have no zone, domain or issuing CA in "
        f"common: {named}. What is found of one says nothing of the other."
    )
    gathered.add(Draft("archive.two-systems", text, [_shown(group[0]) for group in groups]))


def _tied(one: NodeSettings, other: NodeSettings, inventory: Inventory) -> bool:
    if _domains(one, inventory) & _domains(other, inventory):
        return True
    if _called(one) & _own_names(other, inventory) or _called(other) & _own_names(one, inventory):
        return True
    return bool(_private_roots(one, inventory) & _private_roots(other, inventory))


def _own_names(node: NodeSettings, inventory: Inventory) -> set[str]:
    """Return the names and addresses by which others can call a node."""
    names = {node.address, node.fqdn}
    for store in Store:
        held = inventory.held.get((node.host, store))
        names |= set(held.certificate.names) if held is not None else set()
    return {name.lower() for name in names if name}


def _called(node: NodeSettings) -> set[str]:
    """Return whom a node's zones name: peers, and names that certificates must hold."""
    found = {peer for zone in node.zones for peer in zone.peers}
    found |= {zone.value("tlsverifysubjectname") for zone in node.zones}
    return {name.lower() for name in found}


def _domains(node: NodeSettings, inventory: Inventory) -> set[str]:
    """Return the registered part of every domain of a node: its last two or three labels.

    A domain of one label, as "corp", is one by itself.
    """
    names = [*_own_names(node, inventory), *node.domains]
    names = [name for name in names if not name.replace(".", "").isdigit() and ":" not in name]
    found = {_registered(labels) for name in names
             if len(labels := name.lower().split(".")) >= _FEWEST_LABELS}  # fmt: skip
    own = node.setting("dnsdomainname")
    label = own.value.strip().lower() if own is not None else ""
    return found | {label} if label and "." not in label else found


def _registered(labels: list[str]) -> str:
    """Return what somebody registered: "example.com", and "example.co.uk" below such a zone."""
    shared = len(labels[-1]) == _COUNTRY and labels[-2] in _SHARED
    return ".".join(labels[-3:] if shared else labels[-2:])


def _private_roots(node: NodeSettings, inventory: Inventory) -> set[bytes]:
    """Return the roots of a node's certificates that are not known to be public."""
    found = set()
    for store in Store:
        held = inventory.held.get((node.host, store))
        if held is not None and not held.why_public and held.above:
            found.add(held.above[-1].tbs_certificate_bytes)
    return found


def _words(group: list[NodeSettings], inventory: Inventory) -> str:
    hosts = ", ".join(sorted(node.host for node in group))
    domains = sorted({name for node in group for name in _domains(node, inventory)})
    return f"{hosts} ({', '.join(domains[:_MOST_NAMED])})"


def _shown(node: NodeSettings) -> Evidence:
    return (node.setting("dnsdomainname") or node.settings[0]).evidence
