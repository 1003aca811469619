"""What lies between the systems: ports that something drops, and whether names resolve."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Network:
    """What keeps a connection from coming about before any certificate is shown.

    `dropped` are TCP ports of responders on which nothing answers, as behind a firewall; with
    `resolves` false no host name resolves, so that nothing reaches anything.
    """

    dropped: frozenset[int] = frozenset()
    resolves: bool = True


OPEN = Network()
