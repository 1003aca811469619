"""From choices to a deployment: nodes, far ends, and the certificates that fill their stores."""

from dataclasses import replace

from ekukit.certificates import CaCertificate, Certificate, utc
from ekukit.certificates.authority import Authority, internal_authority, public_authority
from ekukit.errors import InputError
from ekukit.expressway.conditions import Choices
from ekukit.expressway.deployment import MOST_PEERS, Deployment
from ekukit.expressway.farend import FarEnd
from ekukit.expressway.farkinds import FAR_ROWS, FarEndKind, Trust
from ekukit.expressway.farrelease import far_release, far_releases
from ekukit.expressway.node import CertificateStore, Expressway, Mode, Role, Store
from ekukit.expressway.slot import Slot
from ekukit.stacks import published

BEFORE_CUTOFF = utc("2026-03-14")
AFTER_CUTOFF = utc("2026-06-01")
DAYS_BEFORE_CUTOFF = 398

CA1 = internal_authority("CA 1")
CA2 = public_authority("CA 2")
AUTHORITIES: dict[str, Authority] = {"internal": CA1, "public": CA2}
BOTH_TRUSTED = frozenset((*CA1.ca_certificates, *CA2.ca_certificates))
TRUSTED: dict[Trust, frozenset[CaCertificate]] = {
    Trust.INTERNAL: frozenset(CA1.ca_certificates),
    Trust.PUBLIC: frozenset(CA2.ca_certificates),
    Trust.BOTH: BOTH_TRUSTED,
    Trust.NONE: frozenset(),
}

# Addresses of the published captures; further peers take the next free ones.
_CORE = ("10.106.80.16", "10.106.80.17", "10.106.80.18", "10.106.80.19", "10.106.80.20")
_EDGE = ("10.106.80.31", "10.106.80.32", "10.106.80.33", "10.106.80.34", "10.106.80.35")
ADDRESSES = {Role.CORE: (*_CORE, "10.106.80.21"), Role.EDGE: (*_EDGE, "10.106.80.36")}


def build(choices: Choices) -> Deployment:
    """Return the deployment that the choices describe, both authorities trusted by both nodes.

    Raises InputError for a number of peers that a cluster cannot have, without a SIP domain, and
    for a far end's release or stack that is not known, for both at once, and for a release that
    has no client store of its own.
    """
    for name, count in (("Core", choices.core_peers), ("Edge", choices.edge_peers)):
        if not 1 <= count <= MOST_PEERS:
            msg = f"{name} cannot have {count} peers; a cluster has 1 to {MOST_PEERS}"
            raise InputError(msg)
    if not choices.domains:
        msg = "a deployment needs at least one SIP domain, such as example.com"
        raise InputError(msg)
    core = tuple(_node(choices, Role.CORE, place) for place in range(choices.core_peers))
    edge = tuple(_node(choices, Role.EDGE, place) for place in range(choices.edge_peers))
    far = tuple(_far_end(choices, kind) for kind in FarEndKind)
    return Deployment(
        core=core,
        edge=edge,
        at=choices.at,
        far_ends=far,
        domains=choices.domains,
        network=choices.network,
    )


def certificate_for(
    fqdn: str, slot: Slot, *, key: str, kind: Store = Store.SERVER, names: tuple[str, ...] = ()
) -> Certificate:
    """Return the certificate that fills a slot.

    A public one with anything but serverAuth is one issued before the cut-off, since the policy
    refuses it afterwards. The certificates of the two stores differ by serial.
    """
    authority = AUTHORITIES[slot.issuer]
    late = authority.policy is None or slot.eku.value == "server"
    issued = AFTER_CUTOFF if late else BEFORE_CUTOFF
    days = None if late else DAYS_BEFORE_CUTOFF
    found = authority.issue(fqdn, eku=slot.eku, issued=issued, days=days, key=key, names=names)
    # The serial depends on what the certificate says; the store is no part of that.
    return found if kind is Store.SERVER else replace(found, serial=found.serial ^ 0xFFFF)


def cluster_name(role: Role) -> str:
    """Return the cluster's host name, which every peer's certificate carries."""
    return f"cluster-{role.value.lower()}.example.com"


def _node(choices: Choices, role: Role, place: int) -> Expressway:
    peers = choices.core_peers if role is Role.CORE else choices.edge_peers
    number = str(place + 1) if place else ""
    fqdn = f"{role.value.lower()}{number}.example.com"
    names = (cluster_name(role),) if peers > 1 else ()
    server_slot, client_slot = choices.slot(role, Store.SERVER), choices.slot(role, Store.CLIENT)
    server = certificate_for(fqdn, server_slot, key=choices.key, names=names)
    copy = client_slot == server_slot and (choices.copied or client_slot.eku.value == "server")
    client: Certificate | None = server
    if not choices.release.has_client_store:
        client = None
    elif not copy:
        # A serverAuth-only client certificate that equals no server certificate is an older copy,
        # so it keeps the serial that it had as a server certificate.
        kind = Store.SERVER if client_slot.eku.value == "server" else Store.CLIENT
        client = certificate_for(fqdn, client_slot, key=choices.key, kind=kind, names=names)
    return Expressway(
        role=role,
        fqdn=fqdn,
        address=ADDRESSES[role][place],
        server=CertificateStore(Store.SERVER, server),
        client=CertificateStore(Store.CLIENT, client),
        trusted=BOTH_TRUSTED,
        eku_checking=choices.core_checking if role is Role.CORE else choices.edge_checking,
        release=choices.release,
        verify_subject_name=_subject_name(choices, role),
        neighbor_verify=choices.neighbor_verify if role is Role.CORE else Mode.ON,
    )


def _subject_name(choices: Choices, role: Role) -> str:
    if role is Role.CORE:
        return ""
    return "core.example.com" if choices.core_peers == 1 else cluster_name(Role.CORE)


def _far_end(choices: Choices, kind: FarEndKind) -> FarEnd:
    chosen = choices.far_end(kind)
    fqdn = FAR_ROWS[kind].fqdn
    presents, as_client = chosen.presents, chosen.presents_client
    release = far_release(kind, chosen.release)
    if release and chosen.stack:
        msg = f"{kind.value} has a release and a stack, which both say what it checks; give one"
        raise InputError(msg)
    if as_client and not (release and release.has_client_store):
        has = ", ".join(row.name for row in far_releases(kind) if row.has_client_store) or "none"
        msg = (
            f"{kind.value} has one certificate for both roles here; a client certificate of its "
            f"own needs a release with a client store (of {kind.value}: {has}; F4)"
        )
        raise InputError(msg)
    return FarEnd(
        kind=kind,
        fqdn=fqdn,
        address=FAR_ROWS[kind].address,
        certificate=certificate_for(fqdn, presents, key=choices.key) if presents else None,
        trusts=TRUSTED[chosen.trusts],
        requests_certificate=chosen.requests,
        checks_client_eku=release.checks if release else chosen.checks,
        release=release,
        stack=published(chosen.stack).known if chosen.stack else None,
        client_certificate=(
            certificate_for(fqdn, as_client, key=choices.key, kind=Store.CLIENT)
            if as_client
            else None
        ),
    )
