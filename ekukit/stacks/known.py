"""The stacks that were tried: their names on the command line, for people, and their facts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownStack:
    """A TLS stack with handshakes of its own in the published rows.

    `facts` say in words what the rows come to.
    """

    name: str
    title: str
    facts: tuple[str, ...]


KNOWN: dict[str, KnownStack] = {
    stack.name: stack
    for stack in (
        KnownStack("openssl", "OpenSSL", ("L8",)),
        KnownStack("go", "Go", ("L5",)),
        KnownStack("java", "Java", ("L6",)),
        KnownStack("node", "Node.js", ("L8", "L9")),
        KnownStack("gnutls", "GnuTLS", ("L2",)),
        KnownStack("nss", "NSS", ("L7",)),
        KnownStack("mbedtls", "Mbed TLS", ("L6",)),
        KnownStack("wolfssl", "wolfSSL", ("L6",)),
        KnownStack("rustls", "rustls", ("L8",)),
    )
}
