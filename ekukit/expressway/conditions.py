"""The named conditions as choices that controls can reach, and the deployments they make."""

from dataclasses import dataclass, replace
from datetime import datetime

from ekukit.certificates import (
    Authority,
    Certificate,
    EkuProfile,
    internal_authority,
    public_authority,
    utc,
)
from ekukit.errors import InputError
from ekukit.expressway.deployment import Deployment
from ekukit.expressway.node import CertificateStore, Expressway, Mode, Role, Store

# Between the cut-off of the public stand-in (1 May 2026) and the expiry of what it issued since.
AS_OF = utc("2026-06-15")
BEFORE_CUTOFF = utc("2026-03-14")
AFTER_CUTOFF = utc("2026-06-01")
DAYS_BEFORE_CUTOFF = 398

CA1 = internal_authority("CA 1")
CA2 = public_authority("CA 2")
AUTHORITIES: dict[str, Authority] = {"internal": CA1, "public": CA2}
BOTH_TRUSTED = frozenset((*CA1.ca_certificates, *CA2.ca_certificates))

NODES = {
    Role.CORE: ("core.example.com", "10.106.80.16"),
    Role.EDGE: ("edge.example.com", "10.106.80.31"),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """What a store holds: the issuer ("internal" or "public") and the EKU profile."""

    issuer: str
    eku: EkuProfile


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the controls for two nodes can set.

    `copied` says that client stores equal to their server slot hold the same certificate, as
    after an upgrade (S4). A serverAuth-only client slot equal to its server slot is always a
    copy, since it cannot come about otherwise (S6, S7).
    """

    core_server: Slot
    core_client: Slot
    edge_server: Slot
    edge_client: Slot
    core_checking: Mode = Mode.ON
    edge_checking: Mode = Mode.ON
    copied: bool = False
    key: str = "RSA-2048"
    at: datetime = AS_OF

    def slot(self, role: Role, kind: Store) -> Slot:
        """Return the slot of a node's store."""
        slots = {
            (Role.CORE, Store.SERVER): self.core_server,
            (Role.CORE, Store.CLIENT): self.core_client,
            (Role.EDGE, Store.SERVER): self.edge_server,
            (Role.EDGE, Store.CLIENT): self.edge_client,
        }
        return slots[role, kind]


_INTERNAL_BOTH = Slot("internal", EkuProfile.BOTH)
_PUBLIC_BOTH = Slot("public", EkuProfile.BOTH)
_PUBLIC_SERVER = Slot("public", EkuProfile.SERVER)

CONDITIONS: dict[str, Choices] = {
    "C1": Choices(_PUBLIC_BOTH, _PUBLIC_BOTH, _PUBLIC_BOTH, _PUBLIC_BOTH, copied=True),
    "C2": Choices(_PUBLIC_SERVER, _PUBLIC_SERVER, _PUBLIC_SERVER, _PUBLIC_SERVER),
    "C2.1": Choices(_PUBLIC_SERVER, _INTERNAL_BOTH, _PUBLIC_SERVER, _PUBLIC_SERVER),
    "C3": Choices(_INTERNAL_BOTH, _INTERNAL_BOTH, _INTERNAL_BOTH, _INTERNAL_BOTH),
    "C4": Choices(_INTERNAL_BOTH, _INTERNAL_BOTH, _PUBLIC_SERVER, _PUBLIC_SERVER),
}
CONDITION_TITLES = {
    "C1": "Upgrade to X15.5: public certificates with both EKUs in both stores",
    "C2": "Public CA everywhere, serverAuth only (test cases 1 and 2)",
    "C2.1": "Core client certificate from an internal CA, the rest public",
    "C3": "Internal CA everywhere",
    "C4": "Core internal, Edge public with serverAuth only",
}


def condition(name: str, **changes: object) -> Choices:
    """Return a named condition ("C1", "C2", "C2.1", "C3", "C4") with changes.

    Raises InputError for an unknown name.
    """
    try:
        found = CONDITIONS[name.upper()]
    except KeyError:
        msg = f"condition {name!r} is unknown; use one of {', '.join(CONDITIONS)}"
        raise InputError(msg) from None
    return replace(found, **changes)  # type: ignore[arg-type]


def certificate_for(role: Role, slot: Slot, kind: Store, key: str) -> Certificate:
    """Return the certificate that fills a slot.

    A public one with anything but serverAuth is one issued before the cut-off, since the policy
    refuses it afterwards. Server and client certificates differ by a day, so by serial.
    """
    authority = AUTHORITIES[slot.issuer]
    late = authority.policy is None or slot.eku is EkuProfile.SERVER
    issued = AFTER_CUTOFF if late else BEFORE_CUTOFF
    fqdn, _address = NODES[role]
    days = None if late else DAYS_BEFORE_CUTOFF
    certificate = authority.issue(fqdn, eku=slot.eku, issued=issued, days=days, key=key)
    # The serial depends on what the certificate says; the store is no part of that.
    return (
        certificate
        if kind is Store.SERVER
        else replace(certificate, serial=certificate.serial ^ 0xFFFF)
    )


def build(choices: Choices) -> Deployment:
    """Return the deployment that the choices describe, both authorities trusted by both nodes."""
    core = _node(choices, Role.CORE, choices.core_checking, "")
    edge = _node(choices, Role.EDGE, choices.edge_checking, core.fqdn)
    return Deployment(core=(core,), edge=(edge,), at=choices.at)


def _node(choices: Choices, role: Role, mode: Mode, verify: str) -> Expressway:
    server_slot = choices.slot(role, Store.SERVER)
    client_slot = choices.slot(role, Store.CLIENT)
    server = certificate_for(role, server_slot, Store.SERVER, choices.key)
    copy = client_slot == server_slot and (choices.copied or client_slot.eku is EkuProfile.SERVER)
    client = server if copy else certificate_for(role, client_slot, Store.CLIENT, choices.key)
    fqdn, address = NODES[role]
    return Expressway(
        role=role,
        fqdn=fqdn,
        address=address,
        server=CertificateStore(Store.SERVER, server),
        client=CertificateStore(Store.CLIENT, client),
        trusted=BOTH_TRUSTED,
        eku_checking=mode,
        verify_subject_name=verify,
    )
