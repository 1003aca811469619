"""An Expressway node: release, two certificate stores, trusted CA list, EKU checking mode."""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.certificates import CaCertificate, Certificate
from ekukit.errors import InputError
from ekukit.nearest import nearest


class Role(StrEnum):
    """Which side of the traversal a node stands on."""

    CORE = "Core"
    EDGE = "Edge"


class Store(StrEnum):
    """The two certificate stores of X15.5 (S1)."""

    SERVER = "server"
    CLIENT = "client"


class Mode(StrEnum):
    """The EKU checking mode as the command line prints it (E1)."""

    ON = "On"
    OFF = "Off"


class Release(StrEnum):
    """The releases whose behavior differs, the earliest first; what is between counts as earlier.

    What each checks is a row of `connections.catalog.DECISIONS`.
    """

    X14_3 = "X14.3"
    X15_4 = "X15.4"
    X15_5 = "X15.5"

    @property
    def has_client_store(self) -> bool:
        """Return whether the release has a client store beside the server store, as X15.5 (S1)."""
        return self not in (Release.X14_3, Release.X15_4)

    @property
    def version(self) -> tuple[int, int]:
        """Return its two numbers, which compare as releases do."""
        major, minor = self.value.removeprefix("X").split(".")
        return int(major), int(minor)


@dataclass(frozen=True, slots=True)
class CertificateStore:
    """One store of a node: a leaf with its chain, or nothing.

    `chain_uploaded` says whether the issuing CAs were uploaded with the leaf, so that TLS sends
    them, the root as well where `root_uploaded` is true; without, OpenSSL sends those that the
    node's own trusted CA list has. Cisco does not say what Expressway does then. The private key
    is made by the lab, never part of a deployment.
    """

    kind: Store
    certificate: Certificate | None
    chain_uploaded: bool = True
    root_uploaded: bool = False


@dataclass(frozen=True, slots=True)
class Expressway:
    """One peer of an Expressway-C (Core) or Expressway-E (Edge) cluster.

    `verify_subject_name` is what its UC traversal zone expects in the far node's certificate: on
    Edge it is typed into the zone (E8), on Core it is the peer address, so it stays empty there.
    `neighbor_verify` is TLS verify on its neighbor zones; Off asks for no certificate (E10).
    """

    role: Role
    fqdn: str
    address: str
    server: CertificateStore
    client: CertificateStore
    trusted: frozenset[CaCertificate]
    eku_checking: Mode = Mode.ON
    release: Release = Release.X15_5
    verify_subject_name: str = ""
    neighbor_verify: Mode = Mode.ON

    def store(self, kind: Store) -> CertificateStore:
        """Return the store that is read for a role in TLS; one store serves both before X15.5."""
        if kind is Store.SERVER or not self.release.has_client_store:
            return self.server
        return self.client


class ClientStoreOrigin(StrEnum):
    """How a client store's content can have come about."""

    EMPTY = "empty"
    COPY = "copy of the server store (upgrade or copy checkbox)"
    UPLOADED = "uploaded to the client store"
    UNREACHABLE = "an older copy: the server certificate was replaced later; no page takes this one"


ORIGIN_FACTS: dict[ClientStoreOrigin, tuple[str, ...]] = {
    ClientStoreOrigin.EMPTY: (),
    ClientStoreOrigin.COPY: ("S4", "S7"),
    ClientStoreOrigin.UPLOADED: ("S6",),
    ClientStoreOrigin.UNREACHABLE: ("S6", "S7", "S11"),
}


def client_store_origin(node: Expressway) -> ClientStoreOrigin:
    """Return how the node's client store can have come about (S4, S6, S7, S11).

    Two stores with the same certificate count as a copy. A certificate that lists other usages
    but not clientAuth is refused by the page, so no copy of it means no way through the pages
    but one: a copy that was left alone when the server certificate was replaced later. A
    certificate without an EKU extension counts as uploadable, as OpenSSL reads it (E5).
    """
    client = node.client.certificate
    if client is None:
        return ClientStoreOrigin.EMPTY
    if client == node.server.certificate:
        return ClientStoreOrigin.COPY
    if client.lacks_client_auth:
        return ClientStoreOrigin.UNREACHABLE
    return ClientStoreOrigin.UPLOADED


def release_of(text: str) -> Release:
    """Return the release of that name, such as "X15.5"; raises InputError for another."""
    try:
        return Release(text.upper())
    except ValueError:
        msg = f"release {text!r} is unknown; use one of: {', '.join(Release)}"
        raise InputError(msg + nearest(text, Release)) from None


def mode_of(text: str) -> Mode:
    """Return the mode named by "on" or "off" in any case.

    Raises InputError for anything else.
    """
    try:
        return Mode(text.capitalize())
    except ValueError:
        msg = f"EKU checking mode {text!r} is unknown; use on or off"
        raise InputError(msg + nearest(text, ("on", "off"))) from None
