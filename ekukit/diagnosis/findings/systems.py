"""Whether the files of a case are of one system: nodes that nothing connects are told apart."""

from collections.abc import Iterable

from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.findings.finding import Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.expressway import Store

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
    gathered.add(
        Draft("archive.two-systems", text, [_shown(group[0], inventory) for group in groups])
    )


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
    return {name.lower() for name in found if name}


def _domains(node: NodeSettings, inventory: Inventory) -> set[str]:
    """Return the registered part of every domain of a node, as its last two or three labels."""
    names = [*_own_names(node, inventory), *node.domains]
    names = [name for name in names if not name.replace(".", "").isdigit() and ":" not in name]
    return {_registered(labels) for name in names
            if len(labels := name.lower().split(".")) >= _FEWEST_LABELS}  # fmt: skip


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


def _shown(node: NodeSettings, inventory: Inventory) -> Evidence:
    found = node.setting("dnsdomainname") or next(iter(node.settings), None)
    if found is not None:
        return found.evidence
    return next(held.evidence for (host, _), held in inventory.held.items() if host == node.host)
