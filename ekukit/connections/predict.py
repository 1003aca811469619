"""Outcomes of a whole deployment: verdicts put into words, with codes, facts and their basis."""

from collections.abc import Callable, Iterable

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, eku_words
from ekukit.connections import rules
from ekukit.connections.catalog import CATALOG, Connection, handshakes
from ekukit.connections.handshake import (
    Cause,
    EkuCheck,
    End,
    Handshake,
    Protocol,
    Side,
    Verdict,
)
from ekukit.connections.outcome import Engine, Outcome, Presented, State
from ekukit.connections.reasons import CHECKS, REASONS
from ekukit.connections.services import service_outcomes
from ekukit.connections.shown import shown_fact
from ekukit.expressway import Deployment, Expressway, Role, Store, client_store_origin
from ekukit.facts import basis

Judge = Callable[[Handshake], Verdict]


def predict(deployment: Deployment) -> tuple[Outcome, ...]:
    """Return the outcome of every connection and service by rules alone."""
    return outcomes(deployment, rules.judge, Engine.RULES)


def outcomes(
    deployment: Deployment,
    judge: Judge,
    engine: Engine,
    catalog: Iterable[Connection] = CATALOG,
) -> tuple[Outcome, ...]:
    """Return the outcome of every connection, one per pair of peers, then of every service.

    `judge` gives the verdict on one handshake; both engines come through here, so that they
    differ in nothing but the verdict.
    """
    connections = tuple(
        _outcome(deployment, row, handshake, judge(handshake), engine)
        for row in catalog
        for handshake in handshakes(deployment, row)
    )
    return (*connections, *service_outcomes(connections))


def _outcome(
    deployment: Deployment,
    row: Connection,
    handshake: Handshake,
    verdict: Verdict,
    engine: Engine,
) -> Outcome:
    judged = verdict.judged or Side.CLIENT
    shown = handshake.client if judged is Side.CLIENT else handshake.server
    judge = handshake.server if judged is Side.CLIENT else handshake.client
    reason = REASONS[verdict.cause, verdict.judged]
    words = _words(shown, judge, verdict)
    check = reason.check or CHECKS[handshake.protocol, handshake.eku_check].format(**words)
    facts = _facts(deployment, row, handshake, verdict)
    hidden = tuple(_hidden(handshake, verdict))
    return Outcome(
        connection=row.id,
        title=row.title,
        state=State.ACTIVE if verdict.accepted else State.FAILED,
        code=_code(row, verdict),
        reason=reason.found.format(**words) + ".",
        check=check,
        todo=reason.todo.format(**words),
        engine=engine,
        basis=basis(facts),
        facts=facts,
        initiator=handshake.client.address,
        responder=handshake.server.address,
        presented_by_client=_presented(deployment, handshake.client),
        presented_by_server=_presented(deployment, handshake.server),
        alert=verdict.alert,
        error=verdict.error,
        depth=verdict.depth,
        text=verdict.text,
        hidden=hidden,
        notes=tuple(_notes(handshake, verdict)),
    )


def _code(row: Connection, verdict: Verdict) -> str:
    side = f"{verdict.judged.value}-" if verdict.judged else ""
    return f"{row.id}.{side}{verdict.cause.value}"


def _words(shown: End, judge: End, verdict: Verdict) -> dict[str, str]:
    certificate = shown.certificate
    return {
        "who": shown.node,
        "judge": judge.node,
        "store": shown.store.value if shown.store else "",
        "ekus": eku_words(certificate.ekus) if certificate else "no certificate",
        "issuer": certificate.issuer_name if certificate else "the issuer",
        "name": judge.expects_name,
        "text": verdict.text,
    }


def _presented(deployment: Deployment, end: End) -> Presented | None:
    if end.certificate is None or end.store is None:
        return None
    node = _node(deployment, end)
    origin = client_store_origin(node).value if node and end.store is Store.CLIENT else ""
    return Presented(
        node=end.node,
        store=end.store.value,
        serial=end.certificate.serial_hex,
        issuer=end.certificate.issuer_name,
        ekus=end.certificate.ekus,
        origin=origin,
    )


def _node(deployment: Deployment, end: End) -> Expressway | None:
    peers = deployment.core if end.node == Role.CORE.value else deployment.edge
    return next((node for node in peers if node.address == end.address), None)


def _facts(
    deployment: Deployment, row: Connection, handshake: Handshake, verdict: Verdict
) -> tuple[str, ...]:
    """Return the ids that a verdict rests on, the connection's own first."""
    found = [*row.facts, *REASONS[verdict.cause, verdict.judged].facts]
    by_eku = verdict.cause in (Cause.EKU, Cause.CA_EKU, Cause.ACCEPTED)
    if verdict.judged is Side.SERVER or not by_eku:
        return tuple(found)
    found += row.rule_facts
    found += _eku_facts(handshake, verdict)
    core = _node(deployment, handshake.client)
    edge = _node(deployment, handshake.server)
    shown = shown_fact(row.id, core, edge) if core and edge else None
    if shown:
        found.append(shown)
    else:
        # What no source shows is inferred: for tunnels which store counts, for success the rest.
        found += ["K1"] if handshake.protocol is Protocol.SSH else []
        found += ["L1"] if verdict.accepted else []
    return tuple(dict.fromkeys(found))


def _eku_facts(handshake: Handshake, verdict: Verdict) -> list[str]:
    certificate = handshake.client.certificate
    ekus = certificate.ekus if certificate else None
    plain = ekus in ((SERVER_AUTH,), (CLIENT_AUTH,), (SERVER_AUTH, CLIENT_AUTH))
    if verdict.cause is Cause.CA_EKU:
        return ["E12"] if handshake.protocol is Protocol.SSH else []
    if handshake.protocol is Protocol.SSH:
        return [] if plain else ["E13"]
    if handshake.eku_check is EkuCheck.BYPASSED:
        if ekus == (SERVER_AUTH, CLIENT_AUTH):
            return ["E3"]
        # Our reading of Off matters only where the readings part (E4).
        return ["E5"] if ekus is None else ([] if ekus == (SERVER_AUTH,) else ["E4"])
    return ["E3"] if plain else ["E3", "E5"]


def _hidden(handshake: Handshake, verdict: Verdict) -> Iterable[str]:
    """Yield in words what else is wrong behind the first error, as the rules see it."""
    for further in rules.verdicts(handshake):
        same = (further.cause, further.judged, further.depth)
        if same == (verdict.cause, verdict.judged, verdict.depth):
            continue
        judged = further.judged or Side.CLIENT
        shown = handshake.client if judged is Side.CLIENT else handshake.server
        judge = handshake.server if judged is Side.CLIENT else handshake.client
        yield REASONS[further.cause, further.judged].found.format(**_words(shown, judge, further))


def _notes(handshake: Handshake, verdict: Verdict) -> Iterable[str]:
    certificate = handshake.client.certificate
    if certificate is None or not verdict.accepted:
        return
    if handshake.eku_check is EkuCheck.BYPASSED and not certificate.has_client_auth:
        yield "Only mode Off lets this certificate pass; clientAuth is still missing."
    if certificate.ekus is None:
        yield "Cisco does not say what Expressway does with a certificate without EKU extension."
