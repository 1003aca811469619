"""What an administrator does to a deployment, and what can be wrong with one; used by tasks."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ekukit.certificates import CaCertificate, Certificate, EkuProfile
from ekukit.errors import InputError
from ekukit.expressway import (
    CertificateStore,
    Deployment,
    Expressway,
    FarEndKind,
    Knowledge,
    Mode,
    Role,
    Slot,
    Store,
    build,
    condition,
)
from ekukit.expressway.build import CA1, CA2, certificate_for

INTERNAL_BOTH = Slot("internal", EkuProfile.BOTH)


def edge_mode_off(found: Deployment) -> Deployment:
    """Set Edge's EKU checking mode to Off."""
    return found.with_edge(eku_checking=Mode.OFF)


def core_mode_off(found: Deployment) -> Deployment:
    """Set Core's EKU checking mode to Off."""
    return found.with_core(eku_checking=Mode.OFF)


def renewed(found: Deployment, role: Role, kind: Store, slot: Slot) -> Deployment:
    """Give every peer of a role a certificate of that slot, with the names that it had."""
    return _each(found, role, lambda node: _with(node, kind, _new(node, kind, slot)))


def core_client_internal(found: Deployment) -> Deployment:
    """Give Core's client store a certificate of CA 1 with both EKUs."""
    return renewed(found, Role.CORE, Store.CLIENT, INTERNAL_BOTH)


def core_client_of(found: Deployment) -> Certificate:
    """Return the certificate in the client store of the first Core peer.

    Raises InputError when that store is empty.
    """
    certificate = found.core[0].client.certificate
    if certificate is None:
        msg = "Core's client store is empty; start from a condition, which fills it"
        raise InputError(msg)
    return certificate


def core_peer_internal(found: Deployment, place: int) -> Deployment:
    """Give one Core peer's client store, counted from 0, a certificate of CA 1 with both EKUs."""
    renewed_all = core_client_internal(found).core
    return replace(
        found,
        core=tuple(renewed_all[at] if at == place else node for at, node in enumerate(found.core)),
    )


def peer_forgotten() -> Deployment:
    """Return condition 2.1 with two Core peers, the second one still with its old certificate."""
    found = build(condition("C2.1", core_peers=2))
    first, second = found.core
    old = replace(second.server, kind=Store.CLIENT)
    return replace(found, core=(first, replace(second, client=old)))


def core_server_internal(found: Deployment) -> Deployment:
    """Give Core's server store a certificate of CA 1 with both EKUs."""
    return renewed(found, Role.CORE, Store.SERVER, INTERNAL_BOTH)


def edge_client_internal(found: Deployment) -> Deployment:
    """Give Edge's client store a certificate of CA 1 with both EKUs."""
    return renewed(found, Role.EDGE, Store.CLIENT, INTERNAL_BOTH)


def named(found: Deployment, role: Role, kind: Store, names: tuple[str, ...]) -> Deployment:
    """Re-issue a role's certificate with other names and the same EKUs and issuer."""

    def other(node: Expressway) -> Expressway:
        before = node.store(kind).certificate
        return _with(node, kind, before.moved(names=names) if before else None)

    return _each(found, role, other)


def trusting(found: Deployment, role: Role, *more: CaCertificate) -> Deployment:
    """Put CAs into a role's trusted CA list."""
    return _each(found, role, lambda node: replace(node, trusted=node.trusted | set(more)))


def distrusting(found: Deployment, role: Role, *fewer: CaCertificate) -> Deployment:
    """Take CAs out of a role's trusted CA list."""
    return _each(found, role, lambda node: replace(node, trusted=node.trusted - set(fewer)))


def far_trusting(
    found: Deployment, kind: FarEndKind, trusted: Iterable[CaCertificate]
) -> Deployment:
    """Have a far end trust these CAs and no others."""
    return _far(found, kind, trusts=frozenset(trusted))


def far_checking(found: Deployment, kind: FarEndKind, checks: Knowledge) -> Deployment:
    """Have a far end check clientAuth, or not."""
    return _far(found, kind, checks_client_eku=checks)


def far_presenting(found: Deployment, kind: FarEndKind, certificate: Certificate) -> Deployment:
    """Give a far end another certificate."""
    return _far(found, kind, certificate=certificate)


def edge_trusts_issuing(found: Deployment) -> Deployment:
    """Put the issuing CA of CA 1 into Edge's trusted CA list."""
    return trusting(found, Role.EDGE, CA1.issuing)


def cucm_trusts_both(found: Deployment) -> Deployment:
    """Have CUCM trust root and issuing CA of CA 1 beside what it trusts."""
    return _far_trusting_more(found, FarEndKind.CUCM)


def partner_trusts_both(found: Deployment) -> Deployment:
    """Have the partner trust root and issuing CA of CA 1 beside what it trusts."""
    return _far_trusting_more(found, FarEndKind.PARTNER)


def cucm_trusts_public(found: Deployment) -> Deployment:
    """Have CUCM trust CA 2 alone, as before a private CA came into use."""
    return far_trusting(found, FarEndKind.CUCM, CA2.ca_certificates)


def port_opened(found: Deployment, port: int) -> Deployment:
    """Have a firewall let connections to that TCP port through."""
    network = replace(found.network, dropped=found.network.dropped - {port})
    return replace(found, network=network)


def _far_trusting_more(found: Deployment, kind: FarEndKind) -> Deployment:
    return far_trusting(found, kind, found.far_end(kind).trusts | set(CA1.ca_certificates))


def _each(found: Deployment, role: Role, change: Callable[[Expressway], Expressway]) -> Deployment:
    if role is Role.CORE:
        return replace(found, core=tuple(map(change, found.core)))
    return replace(found, edge=tuple(map(change, found.edge)))


def _far(found: Deployment, kind: FarEndKind, **changes: object) -> Deployment:
    ends = tuple(
        replace(end, **changes) if end.kind is kind else end  # type: ignore[arg-type]
        for end in found.far_ends
    )
    return replace(found, far_ends=ends)


def _new(node: Expressway, kind: Store, slot: Slot) -> Certificate:
    before = node.store(kind).certificate
    names = before.names if before else ()
    return certificate_for(node.fqdn, slot, key="RSA-2048", kind=kind, names=names)


def _with(node: Expressway, kind: Store, certificate: Certificate | None) -> Expressway:
    store = CertificateStore(kind, certificate)
    return replace(node, server=store) if kind is Store.SERVER else replace(node, client=store)
