"""The far ends that Expressway meets: what they trust, ask for and check."""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.certificates import CaCertificate, Certificate


class FarEndKind(StrEnum):
    """The far ends of the catalog."""

    WEBEX = "webex"
    CUCM = "cucm"
    NEIGHBOR = "neighbor"
    CMS = "cms"
    MRA_CLIENT = "mra-client"


class Knowledge(StrEnum):
    """Whether a far end does something, as far as anyone has said."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FarEnd:
    """A system at the other end of a connection, outside our control.

    `trusts` is its list of CA certificates; `requests_certificate` says whether it asks a TLS
    client for one; `checks_client_eku` whether it then demands clientAuth.
    """

    kind: FarEndKind
    fqdn: str
    address: str
    certificate: Certificate | None
    trusts: frozenset[CaCertificate]
    requests_certificate: Knowledge = Knowledge.YES
    checks_client_eku: Knowledge = Knowledge.YES
