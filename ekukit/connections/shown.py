"""States that the source itself shows or names: which four certificates and mode they go with."""

from dataclasses import dataclass

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate, Ekus
from ekukit.expressway import Expressway, Mode

# What the source says of a certificate: is its CA public, and which EKUs does it have.
Kind = tuple[bool | None, Ekus]
_PUBLIC_SERVER: Kind = (True, (SERVER_AUTH,))
_PUBLIC_BOTH: Kind = (True, (SERVER_AUTH, CLIENT_AUTH))
_INTERNAL_BOTH: Kind = (False, (SERVER_AUTH, CLIENT_AUTH))
_EITHER = frozenset(Mode)
_ON, _OFF = frozenset({Mode.ON}), frozenset({Mode.OFF})


@dataclass(frozen=True, slots=True)
class Shown:
    """A row: the four certificates, Edge's mode, and the connections whose state it speaks of."""

    fact: str
    core_server: Kind
    core_client: Kind
    edge_server: Kind
    edge_client: Kind
    modes: frozenset[Mode]
    connections: tuple[str, ...] = ("uc-zone", "ssh-tunnel")


# Test case 1 shows the zone; its tunnels are not on any of its screens.
SHOWN: tuple[Shown, ...] = (
    Shown("C1", _PUBLIC_BOTH, _PUBLIC_BOTH, _PUBLIC_BOTH, _PUBLIC_BOTH, _ON),
    Shown("TC1", _PUBLIC_SERVER, _PUBLIC_SERVER, _PUBLIC_SERVER, _PUBLIC_SERVER, _ON, ("uc-zone",)),
    Shown("TC2", _PUBLIC_SERVER, _PUBLIC_SERVER, _PUBLIC_SERVER, _PUBLIC_SERVER, _OFF),
    Shown("C2.1", _PUBLIC_SERVER, _INTERNAL_BOTH, _PUBLIC_SERVER, _PUBLIC_SERVER, _EITHER),
    Shown("C3", _INTERNAL_BOTH, _INTERNAL_BOTH, _INTERNAL_BOTH, _INTERNAL_BOTH, _ON),
    Shown("C4", _INTERNAL_BOTH, _INTERNAL_BOTH, _PUBLIC_SERVER, _PUBLIC_SERVER, _ON),
)


def shown_fact(connection: str, core: Expressway, edge: Expressway) -> str | None:
    """Return the id of the published case that these two nodes equal, None when there is none.

    Only EKUs, kind of issuer and Edge's mode are compared; whether anything else is wrong with
    the certificates is for the verdict to say.
    """
    for row in SHOWN:
        same = (row.core_server, row.core_client, row.edge_server, row.edge_client) == (
            _kind(core.server.certificate),
            _kind(core.client.certificate),
            _kind(edge.server.certificate),
            _kind(edge.client.certificate),
        )
        if same and edge.eku_checking in row.modes and connection in row.connections:
            return row.fact
    return None


def _kind(certificate: Certificate | None) -> Kind | None:
    return (certificate.public, certificate.ekus) if certificate else None
