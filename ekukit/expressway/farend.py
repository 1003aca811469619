"""The far ends that Expressway meets: what they trust, ask for, check and present."""

from dataclasses import dataclass

from ekukit.certificates import CaCertificate, Certificate
from ekukit.expressway.farkinds import FAR_END_TITLES, FarEndKind, Knowledge
from ekukit.stacks import KnownStack, published


@dataclass(frozen=True, slots=True)
class FarRelease:
    """A release and setting of a far end: whether it checks clientAuth, by which facts.

    `has_client_store` says that it presents a certificate of its own as TLS client (F4).
    """

    name: str
    kind: FarEndKind
    title: str
    checks: Knowledge
    facts: tuple[str, ...]
    has_client_store: bool = False


@dataclass(frozen=True, slots=True)
class FarEnd:
    """A system at the other end of a connection, outside our control.

    `trusts` is its list of CA certificates; `requests_certificate` says whether it asks a TLS
    client for one; `checks_client_eku` whether it then demands clientAuth. `release` is None
    where nobody said it; `stack` is the TLS stack that it is assumed to run, None for none, and
    then decides instead of `checks_client_eku`. `client_certificate` is what it presents as TLS
    client, None for one certificate in both roles.
    """

    kind: FarEndKind
    fqdn: str
    address: str
    certificate: Certificate | None
    trusts: frozenset[CaCertificate]
    requests_certificate: Knowledge = Knowledge.YES
    checks_client_eku: Knowledge = Knowledge.YES
    release: FarRelease | None = None
    stack: KnownStack | None = None
    client_certificate: Certificate | None = None

    @property
    def title(self) -> str:
        """Return the far end's name for people, with its release or stack where that is said."""
        if self.stack:
            return f"{FAR_END_TITLES[self.kind]} ({self.stack.title})"
        return self.release.title if self.release else FAR_END_TITLES[self.kind]

    def keeps_back(self, own: Certificate) -> bool:
        """Return whether its stack, as TLS client, does not send a certificate that it has."""
        if self.stack is None:
            return False
        return not published(self.stack.name).sends(own).good

    def presents(self, *, as_client: bool) -> Certificate | None:
        """Return the certificate that it presents in a role of TLS."""
        return self.client_certificate or self.certificate if as_client else self.certificate
