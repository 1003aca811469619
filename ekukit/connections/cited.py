"""Which facts a verdict rests on: the connection's own, the check's, the certificate's."""

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Ekus
from ekukit.connections.attempts import decision, system_of
from ekukit.connections.catalog import Connection, EkuRule
from ekukit.connections.handshake import Cause, EkuCheck, Handshake, Protocol, Side, Verdict
from ekukit.connections.reasons import REASONS
from ekukit.connections.shown import shown_fact
from ekukit.expressway import Deployment, Expressway, FarEnd


def cited(
    deployment: Deployment, row: Connection, handshake: Handshake, verdict: Verdict
) -> tuple[str, ...]:
    """Return the ids that a verdict rests on, the connection's own first.

    What a published case shows is documented; what follows from rules alone also cites L1.
    """
    found = [*row.facts, *REASONS[verdict.cause, verdict.judged].facts]
    if verdict.cause is Cause.NAME and handshake.protocol is Protocol.SSH:
        found.append("L3")
    refused = dict(row.refusals).get(verdict.cause) if verdict.judged is Side.CLIENT else None
    found += [refused] if refused else []
    by_eku = verdict.cause in (Cause.EKU, Cause.CA_EKU, Cause.ACCEPTED)
    if verdict.judged is Side.SERVER or not by_eku:
        return tuple(dict.fromkeys(found))
    answer = system_of(deployment, row, handshake.server)
    found += decision(row, answer).facts
    if isinstance(answer, FarEnd) and handshake.eku_check is not EkuCheck.NOT_ASKED:
        # Whether it checks EKUs at all is a setting of the kit, or follows from its release.
        unsaid = () if verdict.accepted else ("F1",)
        found += answer.release.facts if answer.release else unsaid
    if handshake.eku_check is not EkuCheck.NOT_ASKED:
        found += _eku_facts(row, handshake, verdict)
    start = system_of(deployment, row, handshake.client)
    if isinstance(start, FarEnd) and start.release:
        found += [name for name in start.release.facts if start.release.has_client_store]
    shown = None
    if isinstance(start, Expressway) and isinstance(answer, Expressway):
        shown = shown_fact(row.id, start, answer)
    if shown:
        found.append(shown)
    else:
        # What no source shows is inferred: for tunnels which store counts, for success the rest.
        found += ["K1"] if handshake.protocol is Protocol.SSH else []
        found += ["L1"] if verdict.accepted else []
    return tuple(dict.fromkeys(found))


# Our reading of Off (E4) matters only where the readings part.
_BYPASSED: dict[Ekus, tuple[str, ...]] = {
    (SERVER_AUTH, CLIENT_AUTH): ("E3",),
    (SERVER_AUTH,): (),
    None: ("E5",),
}


def _eku_facts(row: Connection, handshake: Handshake, verdict: Verdict) -> list[str]:
    certificate = handshake.client.certificate
    ekus = certificate.ekus if certificate else None
    plain = ekus in ((SERVER_AUTH,), (CLIENT_AUTH,), (SERVER_AUTH, CLIENT_AUTH))
    if verdict.cause is Cause.CA_EKU:
        return ["E12"] if handshake.protocol is Protocol.SSH else []
    if handshake.eku_check is EkuCheck.IGNORED:
        return []
    if handshake.eku_check is EkuCheck.BYPASSED:
        return list(_BYPASSED.get(ekus, ("E4",)))
    odd = [] if plain else ["E13" if handshake.protocol is Protocol.SSH else "E5"]
    own_rule = handshake.protocol is Protocol.SSH or row.eku_rule is EkuRule.FAR_END
    return odd if own_rule else ["E3", *odd]
