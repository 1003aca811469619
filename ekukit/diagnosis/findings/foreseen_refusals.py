"""Refusals that certificates, trust, names and modes foresee between the nodes of a case.

The certificates' own bytes decide, by OpenSSL's path verification.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ekukit.connections import (
    Cause,
    Engine,
    Handshake,
    Outcome,
    Protocol,
    Side,
    State,
    Verdict,
    connection,
)
from ekukit.connections.attempts import attempts
from ekukit.connections.rules import verdicts
from ekukit.diagnosis.findings.codes import connection_code
from ekukit.diagnosis.rebuild.case_nodes import Place, Reconstruction
from ekukit.expressway import Store

_JUDGED = ("uc-zone", "ssh-tunnel")
EKU_CAUSES = (Cause.EKU, Cause.CA_EKU)


@dataclass(frozen=True, slots=True)
class ForeseenRefusal:
    """A refusal that is foreseen, with both ends as the case knows them."""

    connection: str
    handshake: Handshake
    verdict: Verdict
    shows: Place
    judges: Place

    @property
    def ends(self) -> tuple[Place, Place]:
        """Return the node that starts and the one that answers."""
        started = self.verdict.judged is not Side.SERVER
        return (self.shows, self.judges) if started else (self.judges, self.shows)

    @property
    def store(self) -> Store:
        """Return the store whose certificate is refused."""
        client = self.verdict.judged is not Side.SERVER
        return (self.handshake.client if client else self.handshake.server).store or Store.SERVER

    @property
    def code(self) -> str:
        """Return the finding's code."""
        return connection_code(self.connection, self.verdict.cause, self.verdict.judged)


def refusals_foreseen(
    case: Reconstruction, outcomes: Iterable[Outcome]
) -> Iterator[ForeseenRefusal]:
    """Yield the refusals on known ground; where a handshake was made and worked there is none.

    What stands hidden behind the first error, which no handshake shows, is told as well.
    """
    worked = {
        (o.connection, o.initiator, o.responder)
        for o in outcomes
        if o.engine is not Engine.RULES and o.state is State.ACTIVE
    }
    for refusal in _refusals(case):
        ends = refusal.handshake.client.address, refusal.handshake.server.address
        if _is_known(refusal) and (refusal.connection, *ends) not in worked:
            yield refusal


def paths_accepted(case: Reconstruction) -> Iterator[tuple[str, str, str, Side]]:
    """Yield paths that OpenSSL accepts, on known ground: connection, both hosts, whose path it is.

    Known are the store that shows the certificate and the list of the node that judges it.
    """
    for name, handshake in _handshakes(case):
        client, server = (case.places[end.address] for end in (handshake.client, handshake.server))
        refused = {verdict.judged for verdict in _verdicts(handshake)}
        for side, end, shows, judges in (
            (Side.CLIENT, handshake.client, client, server),
            (Side.SERVER, handshake.server, server, client),
        ):
            known = end.store in shows.held and judges.trust_known
            if known and not refused & {side, None}:
                yield name, client.host, server.host, side


def _refusals(case: Reconstruction) -> Iterator[ForeseenRefusal]:
    seen = set()
    for name, handshake in _handshakes(case):
        ends = (handshake.client.address, handshake.server.address)
        for verdict in _verdicts(handshake):
            key = (name, *ends, verdict.cause, verdict.judged)
            if key in seen:
                continue
            seen.add(key)
            client = verdict.judged is not Side.SERVER
            shows, judges = (case.places[end] for end in (ends if client else ends[::-1]))
            yield ForeseenRefusal(name, handshake, verdict, shows, judges)


def _handshakes(case: Reconstruction) -> Iterator[tuple[str, Handshake]]:
    for name in _JUDGED:
        for attempt in attempts(case.deployment, connection(name)):
            for handshake in attempt:
                if case.calls(handshake.client.address, handshake.server.address):
                    yield name, handshake


def _verdicts(handshake: Handshake) -> Iterable[Verdict]:
    """Return every refusal of the real paths, by OpenSSL; by rules where it cannot be asked."""
    from ekukit.lab import refusals

    try:
        return refusals(handshake)
    except Exception:  # noqa: BLE001 - a stranger's values break libraries in ways no list covers
        return verdicts(handshake)


def _is_known(refusal: ForeseenRefusal) -> bool:
    """Return whether what the refusal rests on was seen, so that it is no guess.

    A store that is not in the archive is unknown, not empty.
    """
    if refusal.store not in refusal.shows.held:
        return False
    return refusal.verdict.cause is not Cause.UNTRUSTED or refusal.judges.trust_known


def mode_decides(refusal: ForeseenRefusal) -> bool:
    """Return whether the EKU checking mode of the node that judges decides."""
    return (
        refusal.handshake.protocol is Protocol.TLS
        and refusal.judges.node.release.has_client_store
        and refusal.verdict.judged is Side.CLIENT
        and refusal.verdict.cause in EKU_CAUSES
    )
