"""One handshake to be judged: all that its result depends on, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ekukit.certificates import CaCertificate, Certificate
from ekukit.expressway import Store


class Protocol(StrEnum):
    """The protocols that carry certificates here."""

    TLS = "TLS"
    SSH = "SSH"


class EkuCheck(StrEnum):
    """What the responder demands of the initiator's EKUs."""

    CLIENT_AUTH = "clientAuth"
    BYPASSED = "bypassed"
    NOT_ASKED = "not asked"


class Side(StrEnum):
    """The two ends of a handshake, by who speaks first."""

    CLIENT = "client"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class End:
    """One end of a handshake: who it is, what it presents and what it accepts.

    `expects_name` is the name wanted in the other end's certificate, "" for no name check.
    `sends_chain` is false when the issuing CAs are not sent along (always so over SSH, E11).
    """

    node: str
    address: str
    store: Store | None
    certificate: Certificate | None
    sends_chain: bool
    trusted: frozenset[CaCertificate]
    expects_name: str


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a handshake's result depends on, and nothing else; equal ones are run once."""

    protocol: Protocol
    client: End
    server: End
    port: int
    eku_check: EkuCheck
    at: datetime


class Cause(StrEnum):
    """Why a handshake ended as it did."""

    ACCEPTED = "active"
    EKU = "eku-missing"
    CA_EKU = "issuing-ca-eku"
    UNTRUSTED = "untrusted"
    NAME = "name-mismatch"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    NO_CERTIFICATE = "no-certificate"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one handshake, from either engine.

    `judged` is the side whose certificate was found wanting, None when none was. `error` and
    `depth` are OpenSSL's verify error and the place in the chain (0 is the leaf); `alert` is the
    TLS alert number sent by the refusing side. `text` is what the refused side read.
    """

    cause: Cause
    judged: Side | None = None
    error: int | None = None
    depth: int | None = None
    alert: int | None = None
    text: str = ""

    @property
    def accepted(self) -> bool:
        """Return whether the connection came up."""
        return self.cause is Cause.ACCEPTED
