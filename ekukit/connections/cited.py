"""Which facts a verdict rests on: the connection's own, the check's, what a source itself shows."""

from dataclasses import dataclass

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate, Ekus
from ekukit.connections.attempts import decision, system_of
from ekukit.connections.catalog import Connection, EkuRule
from ekukit.connections.farstack import is_kept_back
from ekukit.connections.handshake import Cause, EkuCheck, Handshake, Protocol, Side, Verdict
from ekukit.connections.reasons import REASONS
from ekukit.expressway import Deployment, Expressway, FarEnd, Mode

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


def cited(
    deployment: Deployment, row: Connection, handshake: Handshake, verdict: Verdict
) -> tuple[str, ...]:
    """Return the ids that a verdict rests on, the connection's own first.

    What a published case shows is documented; what follows from rules alone also cites L1.
    """
    found = [*row.facts, *REASONS[verdict.cause, verdict.judged].facts]
    if verdict.cause is Cause.NAME and handshake.protocol is Protocol.SSH:
        found.append("L3")
    start, answer = (system_of(deployment, row, e) for e in (handshake.client, handshake.server))
    found += _refusal_facts(row, verdict, answer if verdict.judged is Side.CLIENT else start)
    if isinstance(start, FarEnd) and start.stack:
        told = verdict.accepted or is_kept_back(start, verdict)
        found += start.stack.facts if told else ()
    by_eku = verdict.cause in (Cause.EKU, Cause.CA_EKU, Cause.ACCEPTED)
    if verdict.judged is Side.SERVER or not by_eku:
        return tuple(dict.fromkeys(found))
    found += decision(row, answer).facts
    if isinstance(answer, FarEnd) and handshake.eku_check is not EkuCheck.NOT_ASKED:
        # Whether it checks EKUs at all is a setting of the kit, or follows from its release.
        unsaid = () if verdict.accepted else ("F1",)
        said = answer.release.facts if answer.release else unsaid
        found += answer.stack.facts if answer.stack else said
    if handshake.eku_check is not EkuCheck.NOT_ASKED:
        found += _eku_facts(row, handshake, verdict)
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


def _refusal_facts(
    row: Connection, verdict: Verdict, judge: Expressway | FarEnd
) -> tuple[str, ...]:
    refused = dict(row.refusals).get(verdict.cause) if verdict.judged is Side.CLIENT else None
    # Which CAs a far end trusts is a setting of the kit.
    is_set = verdict.cause is Cause.UNTRUSTED and isinstance(judge, FarEnd)
    return (*((refused,) if refused else ()), *(("F1",) if is_set else ()))


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
    if handshake.eku_check in (EkuCheck.IGNORED, EkuCheck.BY_STACK):
        return []
    if handshake.eku_check is EkuCheck.BYPASSED:
        return list(_BYPASSED.get(ekus, ("E4",)))
    odd = [] if plain else ["E13" if handshake.protocol is Protocol.SSH else "E5"]
    own_rule = handshake.protocol is Protocol.SSH or row.eku_rule is EkuRule.FAR_END
    return odd if own_rule else ["E3", *odd]
