"""The bench on which handshakes are made, each distinct one once, and turned into outcomes."""

from functools import lru_cache

from ekukit.connections import Engine, Handshake, Outcome, Protocol, Verdict, outcomes
from ekukit.expressway import Deployment
from ekukit.lab.ssh import run_ssh
from ekukit.lab.tls import run_tls

_ENGINES = {Protocol.TLS: run_tls, Protocol.SSH: run_ssh}


@lru_cache(maxsize=4096)
def perform(handshake: Handshake) -> Verdict:
    """Return what the real handshake came to; an equal one is not made twice in a process."""
    return _ENGINES[handshake.protocol](handshake)


def run(deployment: Deployment) -> tuple[Outcome, ...]:
    """Return the outcome of every connection, by real handshakes, then of every service.

    Revocation, DNS, routing and everything else outside certificates is not checked.
    """
    return outcomes(deployment, perform, Engine.LAB)
