"""Outcomes of a whole deployment: verdicts put into words, with codes, facts and their basis."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ekukit.certificates import Certificate, eku_words
from ekukit.certificates.constraints import usage_words
from ekukit.connections import rules
from ekukit.connections.attempts import attempts, decision, system_of
from ekukit.connections.catalog import CATALOG, Connection
from ekukit.connections.cited import cited
from ekukit.connections.farstack import KEPT_BACK, is_kept_back, stack_words
from ekukit.connections.handshake import (
    Cause,
    EkuCheck,
    End,
    Engine,
    Handshake,
    Side,
    Verdict,
)
from ekukit.connections.outcome import Outcome, Presented, State, undecided
from ekukit.connections.reasons import CHECKS, LISTS, PAGES, REASONS, UNDOCUMENTED, todo_template
from ekukit.connections.services import service_outcomes
from ekukit.expressway import Deployment, Expressway, Store
from ekukit.expressway.node import client_store_origin
from ekukit.facts import basis

Judge = Callable[[Handshake], Verdict]


def predict(deployment: Deployment) -> tuple[Outcome, ...]:
    """Return the outcome of every connection and service by rules alone."""
    return outcomes(deployment, rules.judge, Engine.RULES)


def outcomes(deployment: Deployment, judge: Judge, engine: Engine) -> tuple[Outcome, ...]:
    """Return the outcome of every connection, one per pair of systems, then of every service.

    `judge` gives the verdict on one handshake; both engines come through here, so that they
    differ in nothing but the verdict.
    """
    connections = connection_outcomes(deployment, judge, engine, CATALOG)
    return (*connections, *service_outcomes(connections))


def connection_outcomes(
    deployment: Deployment, judge: Judge, engine: Engine, catalog: Iterable[Connection]
) -> tuple[Outcome, ...]:
    """Return the outcome of the catalog's connections alone, one per pair of systems."""
    return tuple(
        _either(
            [_outcome(deployment, row, found, _judged(judge, found), engine) for found in attempt]
        )
        for row in catalog
        for attempt in attempts(deployment, row)
    )


def _judged(judge: Judge, handshake: Handshake) -> Verdict:
    """Return the verdict; no engine makes a handshake that never begins, so the rules say so."""
    return rules.judge(handshake) if handshake.unreached else judge(handshake)


def _either(found: list[Outcome]) -> Outcome:
    """Return the state that all possibilities share, or Unknown with each of them told."""
    strict, lenient = found[0], found[-1]
    if len(found) == 1:
        return strict
    if len({outcome.state for outcome in found}) == 1:
        note = "What is not known of the far end changes nothing: every possibility ends like this."
        return replace(lenient, notes=(*lenient.notes, note))
    return undecided(
        found,
        why="What the far end does is not known, and it decides.",
        check="not known: the far end decides",
        todo=f"Ask who runs the far end. If it checks: {strict.todo}",
    )


def _outcome(
    deployment: Deployment,
    row: Connection,
    handshake: Handshake,
    verdict: Verdict,
    engine: Engine,
) -> Outcome:
    reason = REASONS[verdict.cause, verdict.judged]
    words = verdict_words(handshake, verdict)
    found, todo = reason.found.format(**words), todo_template(handshake, verdict)
    check = reason.check or CHECKS[handshake.protocol, handshake.eku_check]
    if verdict.accepted and handshake.eku_check is EkuCheck.NOT_ASKED:
        found = "{judge} asks {who} for no certificate".format(**words)
    facts = cited(deployment, row, handshake, verdict)
    start, answer = (system_of(deployment, row, e) for e in (handshake.client, handshake.server))
    if is_kept_back(start, verdict):
        found, todo = KEPT_BACK.format(**words), REASONS[Cause.EKU, Side.CLIENT].todo
    return Outcome(
        connection=row.id,
        title=row.title,
        state=State.ACTIVE if verdict.accepted else State.FAILED,
        code=_code(row, verdict),
        reason=found[0].upper() + found[1:] + ".",
        check=check.format(**words, mode=_mode(deployment, row, handshake)),
        todo=todo.format(**words),
        engine=verdict.engine or engine,
        basis=basis(facts),
        facts=facts,
        initiator=handshake.client.address,
        responder=handshake.server.address,
        presented_by_client=_presented_by_client(deployment, handshake),
        presented_by_server=_presented(deployment, handshake.server),
        alert=verdict.alert,
        error=verdict.error,
        depth=verdict.depth,
        text=verdict.text,
        hidden=tuple(_hidden(handshake, verdict)),
        notes=(*_notes(handshake, verdict), *stack_words(answer, handshake, verdict)),
        standin=_standin(verdict),
    )


def _mode(deployment: Deployment, row: Connection, handshake: Handshake) -> str:
    """Return the responder's mode in words where it is what decides, else nothing."""
    answer = system_of(deployment, row, handshake.server)
    if not isinstance(answer, Expressway) or decision(row, answer).check is not None:
        return ""
    return f" (EKU checking mode {answer.eku_checking.value})"


def _code(row: Connection, verdict: Verdict) -> str:
    side = f"{verdict.judged.value}-" if verdict.judged else ""
    return f"{row.id}.{side}{verdict.cause.value}"


def verdict_words(handshake: Handshake, verdict: Verdict) -> dict[str, str]:
    """Return the words that fill a reason: who, by whom, which certificate, where it is mended."""
    client_judged = verdict.judged is not Side.SERVER
    shown, judge = handshake.client, handshake.server
    if not client_judged:
        shown, judge = judge, shown
    certificate = shown.certificate
    store = shown.store.value if shown.store else "own"
    return {
        "who": shown.node,
        "judge": judge.node,
        "store": store,
        "ekus": eku_words(certificate.ekus) if certificate else "no certificate",
        "issuer": certificate.issuer_name if certificate else "the issuer",
        "name": judge.expects_name,
        "text": verdict.text,
        "port": str(handshake.port),
        "which": which_words(certificate, verdict, f"{shown.node}'s {store} certificate"),
        "usage": usage_words(certificate.limits) if certificate else "",
        "page": PAGES[shown.store].format(who=shown.node),
        "alternative": "" if judge.store else FAR_REMEDY.format(judge=judge.node),
        "list": LISTS[judge.store is not None].format(judge=judge.node),
    }


def which_words(certificate: Certificate | None, verdict: Verdict, whose: str) -> str:
    """Return which certificate of a path a verdict stands at: `whose` leaf, or a CA above it."""
    if not verdict.depth or certificate is None:
        return whose
    names = [ca.name for ca in certificate.chain]
    told = verdict.link or next(iter(names[verdict.depth - 1 :]), "")
    return f"the CA certificate{' ' if told else ''}{told} above {whose}"


def _presented_by_client(deployment: Deployment, handshake: Handshake) -> Presented | None:
    if handshake.eku_check is EkuCheck.NOT_ASKED:
        return None
    return _presented(deployment, handshake.client)


def _presented(deployment: Deployment, end: End) -> Presented | None:
    if end.certificate is None:
        return None
    node = node_of(deployment, end)
    origin = client_store_origin(node).value if node and end.store is Store.CLIENT else ""
    return Presented(
        node=end.node,
        store=end.store.value if end.store else "own",
        serial=end.certificate.serial_hex,
        issuer=end.certificate.issuer_name,
        ekus=end.certificate.ekus,
        origin=origin,
    )


def node_of(deployment: Deployment, end: End) -> Expressway | None:
    """Return the Expressway that an end of a handshake is, None for a far end."""
    peers = (*deployment.core, *deployment.edge)
    return next((node for node in peers if end.store and node.address == end.address), None)


def _hidden(handshake: Handshake, verdict: Verdict) -> Iterable[str]:
    """Yield in words what else is wrong behind the first error, as the rules see it."""
    behind = rules.verdicts(handshake) if verdict.behind is None else verdict.behind
    for further in behind:
        same = (further.cause, further.judged, further.depth)
        if same == (verdict.cause, verdict.judged, verdict.depth):
            continue
        if rules.prompts(handshake, further):
            continue
        words = verdict_words(handshake, further)
        yield REASONS[further.cause, further.judged].found.format(**words)


def _standin(verdict: Verdict) -> str:
    made = verdict.standin
    if made is None:
        return ""
    error = "" if made.error is None else f", error {made.error} at depth {made.depth}"
    return f"{made.cause.value}{error}" + (f" ({made.text})" if made.text else "")


def _notes(handshake: Handshake, verdict: Verdict) -> Iterable[str]:
    if verdict.prompted:
        yield (
            "Certificate prompt: the user is asked whether to accept the certificate, because "
            f"{handshake.client.node} does not trust its issuer; install the issuer's root there."
        )
    if verdict.standin is not None:
        yield f"A handshake with stand-ins ended otherwise: {_standin(verdict)}. The path counts."
    if verdict.cause in UNDOCUMENTED:
        yield "OpenSSL refuses this; what Expressway does with it is not documented (E14)."
    certificate = handshake.client.certificate
    if certificate is None or not verdict.accepted:
        return
    if handshake.eku_check in LENIENT and not certificate.has_client_auth:
        yield LENIENT[handshake.eku_check].format(judge=handshake.server.node)
    if certificate.ekus is None and handshake.eku_check is not EkuCheck.NOT_ASKED:
        yield "Cisco does not say what Expressway does with a certificate without EKU extension."


FAR_REMEDY = " Or have the clientAuth check of {judge} switched off, by whoever runs it (R3)."
LENIENT = {
    EkuCheck.BYPASSED: "Only mode Off lets this certificate pass; clientAuth is still missing.",
    EkuCheck.BY_STACK: "Only {judge}'s stack lets this certificate pass; clientAuth is missing.",
    EkuCheck.IGNORED: "Only because {judge} checks no EKU does this pass; clientAuth is missing.",
}
