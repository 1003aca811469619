"""What the certificate of a slot must have: names, EKUs and a subject, from what it follows."""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from ekukit.causes.mending import needed_names
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate
from ekukit.certificates.certificate import common_name
from ekukit.certificates.hostname import is_host_name
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Expressway, Release, Role, Store
from ekukit.nearest import nearest

Place = tuple[Role, Store]
SLOTS: dict[str, Place] = {
    f"{role.value.lower()}-{store.value}": (role, store) for role in Role for store in Store
}
# What is kept of the subject that is followed, by the short names that requests are written with.
_KEPT = {
    NameOID.COUNTRY_NAME: "C",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.LOCALITY_NAME: "L",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
}
# RFC 5280, upper bounds.
_LONGEST_COMMON_NAME = 64
_CORE_CLIENT = (Role.CORE, Store.CLIENT)


@dataclass(frozen=True, slots=True)
class SlotNeeds:
    """What is to be asked for: `subject` as (short name, value), the common name last.

    `public` says whether a public CA is asked. `follows` says in words which certificate names and
    subject come from, "" for none; `left_out` what of them is not asked for, and why; `why` what
    the EKUs rest on.
    """

    slot: str
    host: str
    subject: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    ekus: tuple[str, ...]
    why: str
    public: bool
    follows: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Return side and store."""
        return SLOTS[self.slot]


def slot_of(given: object) -> str:
    """Return the slot of that name, such as "core-client"; raises InputError for another."""
    name = str(given).lower().replace("_", "-").replace(" ", "-")
    if name not in SLOTS:
        msg = f"slot {str(given)!r} is unknown; use one of: {', '.join(SLOTS)}"
        raise InputError(msg + nearest(name, SLOTS))
    return name


def peers_of(deployment: Deployment, role: Role) -> tuple[Expressway, ...]:
    """Return the nodes of a side."""
    return deployment.core if role is Role.CORE else deployment.edge


def followed(node: Expressway, store: Store) -> tuple[Certificate, ...]:
    """Return the certificates whose names the new one must have: the slot's, the server's (E8)."""
    slots = (node.store(store).certificate, node.server.certificate)
    return tuple(dict.fromkeys(found for found in slots if found is not None))


def names_for(deployment: Deployment, node: Expressway, store: Store) -> tuple[str, ...]:
    """Return the names that a slot needs: the node's, those that it follows, the cluster's (E8)."""
    found = [node.fqdn]
    for certificate in followed(node, store):
        found += needed_names(deployment, node, certificate)
    return tuple(dict.fromkeys(found))


def needs_of(
    deployment: Deployment, node: Expressway, slot: str, *, public: bool, more: Iterable[str] = ()
) -> SlotNeeds:
    """Return what a slot of a node of a deployment needs, and `more` names.

    Wildcards are left out (T5), the subject keeps what every reader knows (T2), and there is a
    common name (T4).
    """
    _role, store = SLOTS[slot]
    held = followed(node, store)
    wanted = dict.fromkeys((*names_for(deployment, node, store), *more))
    names = tuple(filter(is_host_name, wanted))
    left = [_no_name(name) for name in wanted if not is_host_name(name)]
    subject, odd = _subject(held[0].subject if held else "", names)
    ekus, why = wanted_ekus(SLOTS[slot], node.release, public=public)
    return SlotNeeds(
        slot=slot,
        host=node.fqdn,
        subject=subject,
        names=names,
        ekus=ekus,
        why=why,
        public=public,
        follows=" and ".join(f"serial {found.serial_hex}" for found in held),
        left_out=(*left, *odd),
    )


def needs_by_name(slot: str, names: tuple[str, ...], *, public: bool) -> SlotNeeds:
    """Return what a slot needs of which nothing is known but the names, on X15.5."""
    ekus, why = wanted_ekus(SLOTS[slot], Release.X15_5, public=public)
    return SlotNeeds(slot, names[0], (("CN", names[0]),), names, ekus, why, public)


def wanted_ekus(place: Place, release: Release, *, public: bool) -> tuple[tuple[str, ...], str]:
    """Return the EKUs to ask for, and what that rests on."""
    both = (SERVER_AUTH, CLIENT_AUTH)
    if not release.has_client_store:
        return both, f"{release} has one store for both roles (S1)"
    if place[1] is Store.SERVER:
        return (SERVER_AUTH,), "the server store is shown by the TLS server alone (S2)"
    if not public:
        return both, "a private CA gives both EKUs, and mode Off looks at serverAuth (R1, E4)"
    return (CLIENT_AUTH,), "a public clientAuth-only issuer goes on giving it (R4)"


def goes_public(place: Place, node: Expressway | None) -> bool:
    """Return whether a public CA is the one to ask: Core's client store is for a private one (R1).

    Private PKI is for Core only (R6); a server store stays with the kind of CA that it has.
    """
    if place == _CORE_CLIENT:
        return False
    held = node.server.certificate if node else None
    return place[0] is Role.EDGE or bool(held and held.public)


def _no_name(name: str) -> str:
    if "*" in name:
        return f"{name}: wildcard names are not supported (T5)"
    return f"{name}: no host name"


def _subject(
    old: str, names: tuple[str, ...]
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    kept, left = [], []
    try:
        given = list(x509.Name.from_rfc4514_string(old)) if old else []
    except ValueError:
        given = []
    for attribute in given:
        if attribute.oid in _KEPT:
            kept.append((_KEPT[attribute.oid], str(attribute.value)))
        elif attribute.oid != NameOID.COMMON_NAME:
            name = attribute.oid.dotted_string
            left.append(f"{name} of the subject: an OID that a reader may not know (T2)")
    own = common_name(old)
    name = own if own and "*" not in own else next(iter(names), own)
    name = name[:_LONGEST_COMMON_NAME]
    return (*kept, ("CN", name)), tuple(left)
