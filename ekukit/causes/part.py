"""A part of a deployment that somebody can change, and which one a refusal is the fault of."""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.certificates import CaCertificate, Certificate
from ekukit.certificates.hostname import is_host_name
from ekukit.connections.attempts import System, system_of
from ekukit.connections.catalog import Connection
from ekukit.connections.handshake import Cause, End, Handshake, Side, Verdict
from ekukit.expressway import Deployment, Expressway, FarEnd, Role, Store


class CausePlace(StrEnum):
    """Where a cause can be put right."""

    SERVER_STORE = "server-store"
    CLIENT_STORE = "client-store"
    TRUSTED_CA = "trusted-ca"
    SETTING = "setting"
    FAR_END = "far-end"
    NETWORK = "network"


class Kind(StrEnum):
    """What is changed there."""

    CERTIFICATE = "certificate"
    TRUST = "trust"
    NAME = "name"
    PORT = "port"
    NAMES = "names"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of one system.

    `address` is the system's; `store` the certificate's, in a far end the role in which it
    presents it. `ca` is the name and key of the topmost CA that a list of trusted CAs lacks, `port`
    the one that something drops.
    """

    place: CausePlace
    kind: Kind
    address: str
    store: Store | None = None
    ca: tuple[str, str] = ("", "")
    port: int = 0


# Ends a CA's key, so that a sound CA in an old one's place is not taken for the old one.
NEW = "+"
_STORES = {Store.SERVER: CausePlace.SERVER_STORE, Store.CLIENT: CausePlace.CLIENT_STORE}
_DATES = frozenset({Cause.EXPIRED, Cause.NOT_YET_VALID})


def part_of(deployment: Deployment, row: Connection, shake: Handshake, verdict: Verdict) -> Part:
    """Return what is to be changed so that this refusal goes away.

    A path that ends in no trusted CA is the fault of who does not trust it, a name that is looked
    for and belongs to no peer that of who looks for it, and everything else that of the
    certificate and its CA. Not checked here: whether the change helps (`mended` shows that).
    """
    if verdict.judged is None:
        return _network_part(deployment, shake, verdict.cause)
    shows, judges = shake.client, shake.server
    if verdict.judged is Side.SERVER:
        shows, judges = judges, shows
    presenting, judging = (system_of(deployment, row, end) for end in (shows, judges))
    as_client = verdict.judged is Side.CLIENT
    if verdict.cause is Cause.REVOCATION:
        return Part(_own(judging, CausePlace.SETTING), Kind.NOT_KNOWN, judging.address)
    chain = shows.certificate.chain if shows.certificate else ()
    if _is_trust(verdict, shows, judges):
        place = _own(judging, CausePlace.TRUSTED_CA)
        return Part(place, Kind.TRUST, judging.address, ca=top_of(chain))
    if verdict.cause is Cause.NAME and _is_setting(deployment, judging, presenting, judges):
        return Part(CausePlace.SETTING, Kind.NAME, judging.address)
    return certificate_part(presenting, Store.CLIENT if as_client else Store.SERVER)


def _network_part(deployment: Deployment, shake: Handshake, cause: Cause) -> Part:
    if cause is Cause.UNRESOLVED:
        return Part(CausePlace.NETWORK, Kind.NAMES, deployment.core[0].address)
    if cause is Cause.UNREACHED:
        # Who drops it stands between all systems that use the port.
        return Part(CausePlace.NETWORK, Kind.PORT, deployment.core[0].address, port=shake.port)
    return Part(CausePlace.NETWORK, Kind.NOT_KNOWN, shake.server.address)


def certificate_part(system: System, wanted: Store) -> Part:
    """Return the certificate that a system presents in a role of TLS."""
    if isinstance(system, FarEnd):
        store = wanted if system.client_certificate else Store.SERVER
        return Part(CausePlace.FAR_END, Kind.CERTIFICATE, system.address, store)
    kind = system.store(wanted).kind
    return Part(_STORES[kind], Kind.CERTIFICATE, system.address, kind)


def certificate_at(system: System, store: Store | None) -> Certificate | None:
    """Return the certificate that stands in a part."""
    if isinstance(system, FarEnd):
        return system.presents(as_client=store is Store.CLIENT)
    return system.store(store or Store.SERVER).certificate


def top_of(chain: tuple[CaCertificate, ...]) -> tuple[str, str]:
    """Return name and key of the topmost CA, the same for one that was put in its place."""
    name, key = chain[-1].identity if chain else ("", "")
    return name, key.rstrip(NEW)


def _own(system: System, place: CausePlace) -> CausePlace:
    return CausePlace.FAR_END if isinstance(system, FarEnd) else place


def _is_trust(verdict: Verdict, shows: End, judges: End) -> bool:
    """Return whether a list lacks a CA, or holds a copy of it that is worse than the path's own."""
    chain = shows.certificate.chain if shows.certificate else ()
    if verdict.cause is Cause.UNTRUSTED:
        return bool(chain)
    depth = verdict.depth or 0
    if not 0 < depth <= len(chain):
        return False
    own = chain[depth - 1]
    listed = [ca for ca in judges.trusted if ca.identity == own.identity]
    return verdict.cause in _DATES and bool(listed) and _outlives(own, listed)


def _outlives(own: CaCertificate, listed: list[CaCertificate]) -> bool:
    return all(own.not_after > ca.not_after for ca in listed)


def _is_setting(deployment: Deployment, judging: System, presenting: System, judges: End) -> bool:
    """Return whether the name was typed at the judge and no peer of the other side bears it.

    Certificates without a host name, or with wildcards alone, have none to be typed instead.
    """
    typed = isinstance(judging, Expressway) and judging.verify_subject_name
    if not typed or not isinstance(presenting, Expressway) or judges.expects_name != typed:
        return False
    known = borne(deployment, presenting.role)
    held = held_names(deployment, presenting.role)
    return typed.lower() not in known and any(map(is_host_name, held))


def borne(deployment: Deployment, role: Role) -> frozenset[str]:
    """Return the names of a role's peers, by host name and by certificate, in lower case."""
    own = frozenset(peer.fqdn.lower() for peer in _peers(deployment, role))
    return own | held_names(deployment, role)


def held_names(deployment: Deployment, role: Role) -> frozenset[str]:
    """Return the names in the certificates of a role's peers, in lower case."""
    stores = (store for peer in _peers(deployment, role) for store in (peer.server, peer.client))
    shown = (store.certificate for store in stores if store.certificate)
    return frozenset(name.lower() for found in shown for name in found.answers_to)


def _peers(deployment: Deployment, role: Role) -> tuple[Expressway, ...]:
    return deployment.core if role is Role.CORE else deployment.edge
