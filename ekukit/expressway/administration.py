"""What an administrator asks of a node, and what the node answers."""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.certificates import SERVER_AUTH, Certificate
from ekukit.certificates.authority import allows_client, not_listed
from ekukit.expressway.node import Expressway, Release, Role, Store
from ekukit.facts import Status, basis

UNKNOWN_MESSAGE = "the product's own message is not known"


class Door(StrEnum):
    """The ways by which a certificate can reach a store."""

    PAGE = "web page"
    SCP = "SCP into the certificate folder"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings that only one release has: EnableServerEkuUpload of X15.4 (S8), Off unless set.

    That Off is the state before anyone sets it is our reading; no source prints the default.
    """

    server_eku_upload: bool = False


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Request:
    """An upload as it is asked for, and what rules need to know about it."""

    node: Expressway
    kind: Store
    certificate: Certificate
    copy: bool
    via: Door
    settings: Settings

    @property
    def on_server_page(self) -> Release | None:
        """Return the release when the upload is for the server store."""
        return self.node.release if self.kind is Store.SERVER else None

    @property
    def lacks_client_auth(self) -> bool:
        """Return whether usages are listed and clientAuth is not among them."""
        # No EKU extension is no lack: `client_store_origin` reads it the same way (E5).
        return self.certificate.lacks_client_auth

    @property
    def lacks_server_auth(self) -> bool:
        """Return whether usages are listed and serverAuth is not among them."""
        return self.certificate.ekus is not None and SERVER_AUTH not in self.certificate.ekus

    @property
    def issuer_is_limited(self) -> bool:
        """Return whether an issuing CA leaves no room for TLS clients (E6)."""
        return not all(allows_client(ca) for ca in self.certificate.chain)

    @property
    def lists_neither(self) -> bool:
        """Return whether usages are listed, but neither clientAuth nor serverAuth."""
        return self.lacks_client_auth and not self.certificate.is_server_only

    @property
    def fills_client_store(self) -> bool:
        """Return whether the client store would hold the certificate."""
        return self.kind is Store.CLIENT or self.copy

    @property
    def untrusted(self) -> tuple[str, ...]:
        """Return the names of the CAs above that the trusted CA list does not have."""
        return tuple(ca.name for ca in not_listed(self.certificate.chain, self.node.trusted))

    @property
    def setting_counts(self) -> bool:
        """Return whether EnableServerEkuUpload is On where it can run (S8)."""
        return self.settings.server_eku_upload and self.node.role is Role.EDGE


@dataclass(frozen=True, slots=True)
class Answer:
    """What an administrator is told, and the node and its settings afterwards.

    `quoted` is true when `message` is the product's own text from a source, false when it is
    this kit's. `reason` explains in the kit's words, `facts` are what the verdict rests on, and
    each of `warnings` ends with its own fact. `menu` is empty where no source names one. A refusal
    leaves node and settings as they were.
    """

    accepted: bool
    message: str
    quoted: bool
    node: Expressway
    facts: tuple[str, ...]
    menu: str
    reason: str
    warnings: tuple[str, ...] = ()
    settings: Settings = DEFAULTS

    @property
    def basis(self) -> Status:
        """Return how sure the verdict is: the weakest status among its facts."""
        return basis(self.facts)
