"""The bench on which handshakes are made, each distinct one once, and turned into outcomes."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from ekukit.connections import Engine, Handshake, Outcome, Protocol, Verdict
from ekukit.connections.likeness import alike, renamed_back
from ekukit.connections.predict import outcomes
from ekukit.expressway import Deployment
from ekukit.lab.tape import Transcript
from ekukit.lab.tls import run_tls
from ekukit.lab.verification import verify


def engine_of(protocol: Protocol) -> Callable[[Handshake, Transcript | None], Verdict]:
    """Return what makes handshakes of a protocol.

    AsyncSSH takes half as long to load as pandas does, so it loads for the first tunnel.
    """
    if protocol is Protocol.TLS:
        return run_tls
    from ekukit.lab.ssh import run_ssh

    return run_ssh


@lru_cache(maxsize=4096)
def perform(handshake: Handshake) -> Verdict:
    """Return what the real handshake came to; an equal one is not made twice in a process."""
    return engine_of(handshake.protocol)(handshake, None)


def perform_alike(handshake: Handshake) -> Verdict:
    """Return what the real handshake came to, made once for all that differ in names alone."""
    made, called = alike(handshake)
    return renamed_back(perform(made), called)


def decide(handshake: Handshake) -> Verdict:
    """Return what OpenSSL says of the real path, with the handshake of stand-ins where it agrees.

    Stand-ins add what needs a key: alerts, words, and that a request is answered. Where they end
    otherwise, or cannot be made, the real path counts and the engine is PATH; what they came to
    stands beside it (`standin`).
    """
    path = verify(handshake)
    try:
        made = perform(handshake)
    except Exception:  # noqa: BLE001 - a stranger's values break libraries in ways no list covers
        return path
    same = (made.cause, made.judged, made.error, made.depth) == (
        path.cause, path.judged, path.error, path.depth)  # fmt: skip
    if same:
        return replace(made, engine=Engine.LAB, behind=path.behind, link=path.link)
    return replace(path, standin=made)


def run(deployment: Deployment) -> tuple[Outcome, ...]:
    """Return the outcome of every connection, by real handshakes, then of every service.

    Revocation, DNS, routing and everything else outside certificates is not checked.
    """
    return outcomes(deployment, perform, Engine.LAB)
