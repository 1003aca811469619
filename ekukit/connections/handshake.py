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
    """What the responder demands of the initiator's EKUs.

    BYPASSED is Expressway's mode Off as we read it (E4); IGNORED looks at no EKU at all; BY_STACK
    takes what OpenSSL would refuse, since a far end's stack took the like.
    """

    CLIENT_AUTH = "clientAuth"
    BYPASSED = "bypassed"
    IGNORED = "ignored"
    BY_STACK = "taken by its stack"
    NOT_ASKED = "not asked"


class Talk(StrEnum):
    """What crosses once the connection stands, so that it counts as Active.

    NONE is for what nobody has published: a handshake that both ends complete is Active then.
    """

    SIP = "SIP OPTIONS, answered 200"
    HTTP = "an HTTP request, answered 200"
    XMPP = "an XMPP stream header, answered"
    DATABASE = "a few bytes, answered"
    TUNNEL = "bytes to and fro through the tunnel"
    NONE = "nothing: the handshake alone counts"


class Engine(StrEnum):
    """Where a state comes from.

    LAB: a handshake made now. PATH: OpenSSL's path verification over a real certificate's bytes,
    where no handshake with a stand-in shows the same. RULES: the rules.
    """

    LAB = "lab"
    PATH = "path"
    RULES = "rules"


class Side(StrEnum):
    """The two ends of a handshake, by who speaks first."""

    CLIENT = "client"
    SERVER = "server"


class Cause(StrEnum):
    """Why a handshake ended as it did.

    KEY_USAGE and NETSCAPE_TYPE are OpenSSL's purpose error on a leaf that has the EKU (E14).
    REVOCATION means that revocation could not be checked, REVOKED that it was and the answer is
    no. UNREACHED and UNRESOLVED come before any certificate.
    """

    ACCEPTED = "active"
    EKU = "eku-missing"
    CA_EKU = "issuing-ca-eku"
    KEY_USAGE = "key-usage"
    NETSCAPE_TYPE = "netscape-type"
    UNTRUSTED = "untrusted"
    NOT_A_CA = "issuer-not-a-ca"
    PATH_LENGTH = "path-length"
    NAME_CONSTRAINTS = "name-constraints"
    CRITICAL_EXTENSION = "unknown-critical-extension"
    WEAK_KEY = "weak-key"
    WEAK_DIGEST = "weak-digest"
    SIGNATURE = "bad-signature"
    MALFORMED = "malformed"
    REVOKED = "revoked"
    REVOCATION = "revocation-not-checked"
    NAME = "name-mismatch"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    NO_CERTIFICATE = "no-certificate"
    UNREACHED = "unreached"
    UNRESOLVED = "name-not-resolved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class End:
    """One end of a handshake: who it is, what it presents and what it accepts.

    `expects_name` is the name wanted in the other end's certificate, "" for no name check.
    `sends_chain` is false when the issuing CAs are not sent along (always so over SSH, E11);
    `sends_root` is true where they are and the root is among them.
    `prompts` is true when a person decides about an untrusted certificate. `store` is None for
    a far end, which has one certificate for all purposes.
    """

    node: str
    address: str
    store: Store | None
    certificate: Certificate | None
    sends_chain: bool
    trusted: frozenset[CaCertificate]
    expects_name: str
    prompts: bool = False
    sends_root: bool = False


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a handshake's result depends on, and nothing else; equal ones are run once.

    `unreached` says why it never begins, None where it does. `server_check` is what the initiator
    demands of the responder's EKUs: CLIENT_AUTH stands for OpenSSL's own check, of serverAuth.
    """

    protocol: Protocol
    client: End
    server: End
    port: int
    eku_check: EkuCheck
    at: datetime
    talk: Talk
    unreached: Cause | None = None
    server_check: EkuCheck = EkuCheck.CLIENT_AUTH


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one handshake, from either engine.

    `judged` is the side whose certificate was found wanting, None when none was. `error` and
    `depth` are OpenSSL's verify error and the place in the chain (0 is the leaf); `alert` is the
    TLS alert number sent by the refusing side. `text` is what the refused side read. `link` is the
    name of the CA certificate at that depth where a path was verified. `prompted` says that it
    came up only because a person accepted an untrusted certificate. `engine` is None where it is
    the one that was asked. `behind` are the refusals behind this one, None where rules tell them;
    `standin` is what the handshake with stand-ins came to where that is something else.
    """

    cause: Cause
    judged: Side | None = None
    error: int | None = None
    depth: int | None = None
    alert: int | None = None
    text: str = ""
    prompted: bool = False
    link: str = ""
    engine: Engine | None = None
    behind: "tuple[Verdict, ...] | None" = None
    standin: "Verdict | None" = None

    @property
    def accepted(self) -> bool:
        """Return whether the connection came up."""
        return self.cause is Cause.ACCEPTED
