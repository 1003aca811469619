"""Controls of a customer's own deployment: what the archive says, or something else instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import ipywidgets as w

from ekukit.certificates import SERVER_AUTH, CaCertificate, Certificate
from ekukit.diagnosis.case import Case
from ekukit.expressway import CertificateStore, Deployment, Expressway, Mode, Release, Role, Store
from ekukit.expressway.build import CA1, CA2
from ekukit.views.html import page, paragraphs
from ekukit.views.panels.controls import EKUS, ISSUERS, dropdown
from ekukit.views.tables.change import STORES

AS_ARCHIVED = "as in the archive"
UNKNOWN = "unknown"
# A replacement is issued shortly before the moment at which the archive is judged.
_BEFORE, _AFTER = timedelta(days=30), timedelta(days=365)
_TRUST = ((AS_ARCHIVED, ""), ("yes, root and issuing CA", "yes"), ("no issuing CA", "no"))
_NOTE = (
    "At first everything stands as the archive says it. What it does not say is marked unknown: "
    "set it by hand. A replaced certificate keeps subject and names, and is issued a month before "
    "the archive's moment."
)


class ArchivedStore(w.VBox):  # type: ignore[misc]
    """One store: the archive's certificate, or one with other EKUs or another issuer."""

    def __init__(
        self, title: str, role: Role, kind: Store, node: Expressway, changed: Callable[[], None]
    ) -> None:
        """Show what the archive says and call `changed` after each change."""
        self.role, self.kind = role, kind
        self._archived = (
            node.server.certificate if kind is Store.SERVER else node.client.certificate
        )
        kept = AS_ARCHIVED if self._archived else f"{UNKNOWN}: not in the archive"
        self.eku = dropdown("EKUs", [(kept, ""), *EKUS])
        as_now = [("as now", "")] if self._archived else []
        self.issuer = dropdown("Issuer", [*as_now, *ISSUERS])
        for control in (self.eku, self.issuer):
            control.observe(lambda _change: changed(), names="value")
        heading = w.HTML(page(paragraphs([title], strong=True)))
        layout = w.Layout(flex="1 1 200px", max_width="300px", padding="0 12px 4px 0")
        super().__init__([heading, self.eku, self.issuer], layout=layout)

    def certificate(self, node: Expressway, deployment: Deployment) -> Certificate | None:
        """Return what the node's store holds with these controls, None for unknown."""
        store = node.server if self.kind is Store.SERVER else node.client
        if not self.eku.value and (self._archived is None or not self.issuer.value):
            return store.certificate
        old = store.certificate or _blank(node, deployment)
        ekus = self.eku.value.ekus if self.eku.value else old.ekus
        chain, public = _chain(self.issuer.value, ekus) or (old.chain, old.public)
        nodes = (*deployment.core, *deployment.edge)
        # A CA of that name in a list is the one that is meant.
        listed = {ca.subject: ca for peer in nodes for ca in peer.trusted}
        return old.moved(
            ekus=ekus,
            chain=tuple(listed.get(ca.subject, ca) for ca in chain),
            public=public,
            not_before=deployment.at - _BEFORE,
            not_after=deployment.at + _AFTER,
        )


def _blank(node: Expressway, deployment: Deployment) -> Certificate:
    return Certificate(
        subject=f"CN={node.fqdn}" if node.fqdn.isascii() else "CN=stand-in",
        names=(node.fqdn,),
        ekus=None,
        serial=0,
        not_before=deployment.at - _BEFORE,
        not_after=deployment.at + _AFTER,
        chain=(),
    )


def _chain(
    issuer: str, ekus: tuple[str, ...] | None
) -> tuple[tuple[CaCertificate, ...], bool] | None:
    """Return chain and publicness of a stand-in authority, None to leave both as they are."""
    if not issuer:
        return None
    if issuer == "internal":
        return (CA1.issuing, CA1.root), False
    late = ekus == (SERVER_AUTH,) or CA2.before_cutoff is None
    return (CA2.issuing if late else CA2.before_cutoff, CA2.root), True  # type: ignore[return-value]


class CaseControls(w.VBox):  # type: ignore[misc]
    """Controls that start at a case's deployment; `deployments` is what they come to.

    `modes` has a dropdown for each role, `stores` an `ArchivedStore` for each store, `trust` one
    for each role whose list may or may not hold the other side's issuing CA, `subject_name` the
    zone's TLS verify subject name, `release` that of both nodes.
    """

    def __init__(self, case: Case, deployment: Deployment, changed: Callable[[], None]) -> None:
        """Show the case as the archive says it and call `changed` after each change."""
        self._base = deployment
        nodes = {Role.CORE: deployment.core[0], Role.EDGE: deployment.edge[0]}
        known = {node.role: node for node in case.nodes if node.role}
        modes = {role: node.mode for role, node in known.items()}
        self.modes = {role: _mode(role, modes.get(role)) for role in Role}
        told = known.get(Role.EDGE)
        self.release = _release(told.release if told else None)
        self.stores = {
            (role, kind): ArchivedStore(
                STORES[f"{role.value.lower()}_{kind.value}"], role, kind, nodes[role], changed
            )
            for role in Role
            for kind in Store
        }
        self.trust = {
            Role.EDGE: dropdown("Edge trusts the issuing CA of Core's client certificate", _TRUST),
            Role.CORE: dropdown("Core trusts the issuing CA of Edge's server certificate", _TRUST),
        }
        self.subject_name = _subject_name(nodes[Role.EDGE])
        plain = (*self.modes.values(), self.release, *self.trust.values(), self.subject_name)
        for control in plain:
            control.layout.max_width = "560px"
            control.observe(lambda _change: changed(), names="value")
        super().__init__(
            [
                w.HTML(page(paragraphs([_NOTE]))),
                _row(*self.modes.values(), self.release),
                _row(*self.stores.values()),
                *self.trust.values(),
                self.subject_name,
            ]
        )
        self.add_class("eku-controls")
        self._remember(plain)

    def _remember(self, plain: tuple[w.Widget, ...]) -> None:
        """Keep every control by name, with what it shows at first."""
        self._named = {control.description: control for control in plain}
        for (role, kind), store in self.stores.items():
            title = STORES[f"{role.value.lower()}_{kind.value}"]
            self._named[f"{title}: EKUs"] = store.eku
            self._named[f"{title}: issuer"] = store.issuer
        self._at_first = {name: control.value for name, control in self._named.items()}

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """Return what stands otherwise than in the archive: name, value before and after."""
        return tuple(
            (name, _shown(control, self._at_first[name]), _shown(control, control.value))
            for name, control in self._named.items()
            if control.value != self._at_first[name]
        )

    def reset(self) -> None:
        """Put every control back to what the archive says."""
        for name, control in self._named.items():
            control.value = self._at_first[name]

    @property
    def deployments(self) -> tuple[Deployment, ...]:
        """Return the deployment, or one for each mode that is not known of Edge or Core."""
        found = [self._with_stores()]
        for role, control in self.modes.items():
            modes = (control.value,) if control.value else tuple(Mode)
            found = [_with(one, role, eku_checking=mode) for one in found for mode in modes]
        return tuple(found)

    def _with_stores(self) -> Deployment:
        found = self._base
        if self.release.value:
            for role in Role:
                found = _with(found, role, release=self.release.value)
        core = tuple(self._filled(node, found) for node in found.core)
        edge = tuple(self._filled(node, found) for node in found.edge)
        found = replace(found, core=core, edge=edge)
        found = found.with_edge(verify_subject_name=self.subject_name.value.strip())
        clients = [node.store(Store.CLIENT).certificate for node in found.core]
        servers = [node.store(Store.SERVER).certificate for node in found.edge]
        edge = tuple(_trusting(n, self.trust[Role.EDGE].value, clients) for n in found.edge)
        core = tuple(_trusting(n, self.trust[Role.CORE].value, servers) for n in found.core)
        return replace(found, core=core, edge=edge)

    def _filled(self, node: Expressway, found: Deployment) -> Expressway:
        server = self.stores[node.role, Store.SERVER].certificate(node, found)
        client = self.stores[node.role, Store.CLIENT].certificate(node, found)
        return replace(
            node,
            server=CertificateStore(Store.SERVER, server, node.server.chain_uploaded),
            client=CertificateStore(Store.CLIENT, client, node.client.chain_uploaded),
        )


def _shown(control: w.Widget, value: object) -> str:
    """Return a value as the control shows it."""
    return next((label for label, one in getattr(control, "options", ()) if one == value),
                str(value) or "no name")  # fmt: skip


def _row(*groups: w.Widget) -> w.HBox:
    return w.HBox(list(groups), layout=w.Layout(flex_flow="row wrap", width="100%"))


def _mode(role: Role, mode: Mode | None) -> w.Dropdown:
    # An empty text stands for "not set": a dropdown shows nothing for None.
    offered: list[tuple[str, Mode | str]] = [(found.value, found) for found in Mode]
    if mode is None:
        offered = [(f"{UNKNOWN}: both are tried", ""), *offered]
    return dropdown(f"{role.value}: EKU checking mode", offered, mode)


def _release(release: Release | None) -> w.Dropdown:
    unsaid = "" if release else f" ({UNKNOWN}, assumed)"
    offered = [(f"{AS_ARCHIVED}{unsaid}", ""), *((found.value, found) for found in Release)]
    return dropdown("Release of both nodes", offered)


def _subject_name(edge: Expressway) -> w.Text:
    return w.Text(
        description="Edge: TLS verify subject name",
        value=edge.verify_subject_name,
        placeholder=f"{UNKNOWN}; empty: no name is checked",
        continuous_update=False,
        style={"description_width": "initial"},
        layout=w.Layout(width="auto", max_width="520px"),
    )


def _with(deployment: Deployment, role: Role, **changes: object) -> Deployment:
    change = deployment.with_core if role is Role.CORE else deployment.with_edge
    return change(**changes)


def _trusting(node: Expressway, said: str, presented: list[Certificate | None]) -> Expressway:
    """Return the node with the others' CAs added, or their issuing CAs taken away."""
    chains = [found.chain for found in presented if found]
    if said == "yes":
        return replace(node, trusted=node.trusted | {ca for chain in chains for ca in chain})
    if said == "no":
        gone = {chain[0].subject for chain in chains if chain}
        kept = frozenset(ca for ca in node.trusted if ca.subject not in gone)
        return replace(node, trusted=kept)
    return node
