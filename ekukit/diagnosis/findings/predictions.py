"""Findings that follow from certificates, trust, names and modes, hidden refusals included."""

from collections.abc import Iterable, Sequence

from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, eku_words
from ekukit.certificates.constraints import usage_words
from ekukit.connections import Cause, EkuCheck, Engine, Outcome, Protocol, Side, connection
from ekukit.connections.handshake import End
from ekukit.connections.predict import which_words
from ekukit.connections.reasons import LISTS, PAGES, REASONS, UNDOCUMENTED, is_listed, todo_template
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.refusal_sentences import node_words
from ekukit.diagnosis.findings.codes import CODES
from ekukit.diagnosis.findings.finding import Confidence, Draft, Severity
from ekukit.diagnosis.findings.finding_set import ASSUMED, Gathered
from ekukit.diagnosis.findings.foreseen_refusals import EKU_CAUSES, ForeseenRefusal, mode_decides
from ekukit.diagnosis.rebuild.case_nodes import Place
from ekukit.expressway.commandline import CHECKING_MODE
from ekukit.facts import Status, basis

_TUNNEL_REASON = "Status > Unified Communications > SSH tunnels status: is the tunnel Active?"
ASK_MODE = f"On Edge: {CHECKING_MODE}"
_MOST_NAMED = 20


def add_predictions(
    gathered: Gathered, found: Sequence[ForeseenRefusal], outcomes: Iterable[Outcome]
) -> None:
    """Add what is foreseen to fail between the nodes, as far as what it rests on is known."""
    engines = {(o.code, o.initiator, o.responder): o.engine for o in outcomes}
    in_zone = {(r.verdict.cause, r.verdict.judged) for r in found if r.connection == "uc-zone"}
    lacking = {_leaf(r) for r in found if r.verdict.cause is Cause.EKU}
    for refusal in found:
        if refusal.verdict.cause is Cause.CA_EKU and _leaf(refusal) in lacking:
            # The leaf itself lacks the usage; its finding tells of the issuing CA, too.
            continue
        handshake = refusal.handshake
        code = refusal.code
        # A zone's own refusal stands in `in_zone`, so this is a tunnel's.
        leaf_alone = (
            refusal.verdict.cause is Cause.UNTRUSTED
            and refusal.verdict.judged is Side.CLIENT
            and (Cause.UNTRUSTED, Side.CLIENT) not in in_zone
            and not is_listed(handshake, refusal.verdict)
        )
        gathered.add(
            Draft(
                "tunnel.untrusted-issuing-ca" if leaf_alone else code,
                _leaf_alone(refusal) if leaf_alone else _found(refusal),
                _evidence(refusal),
                confidence=_confidence(refusal, code),
                severity=Severity.WEAK if _name_over_ssh(refusal) else None,
                words=_words(refusal),
                facts=_facts(refusal),
                decide=_decide(refusal),
                todo=_todo(refusal),
                engine=engines.get(
                    (code, handshake.client.address, handshake.server.address), Engine.PATH
                ),
            )
        )


def add_standin_findings(gathered: Gathered, outcomes: Sequence[Outcome]) -> None:
    """Add a finding for every connection whose stand-ins end otherwise than the real path."""
    for outcome in outcomes:
        if outcome.standin:
            text = (
                f"{outcome.title}: OpenSSL's verdict on the certificates' own bytes is "
                f"{outcome.state.value}; a handshake with stand-ins ended with {outcome.standin}."
            )
            rule = Evidence(EvidenceKind.RULE, "", outcome.reason)
            gathered.add(Draft("prediction.stand-in-differs", text, [rule], engine=Engine.PATH))


def _leaf(refusal: ForeseenRefusal) -> tuple[str, str, Side | None]:
    return refusal.connection, refusal.shows.node.address, refusal.verdict.judged


def _ends(refusal: ForeseenRefusal) -> tuple[End, End]:
    """Return the end that shows the certificate and the one that judges it."""
    ends = refusal.handshake.client, refusal.handshake.server
    return ends[::-1] if refusal.verdict.judged is Side.SERVER else ends


def _confidence(refusal: ForeseenRefusal, code: str) -> Confidence:
    if mode_decides(refusal) and not refusal.judges.mode_known:
        return Confidence.LIKELY
    if refusal.verdict.cause is Cause.UNTRUSTED and not _ends(refusal)[0].sends_chain:
        # Whether the issuing CAs are sent is read off the store's file alone.
        tunnel = refusal.connection == "ssh-tunnel"
        return Confidence.CERTAIN if tunnel else Confidence.LIKELY
    if refusal.verdict.cause is Cause.CA_EKU or refusal.verdict.cause in UNDOCUMENTED:
        # OpenSSL and PKIX-SSH refuse it; what Expressway does is not published (E6, E12, E14).
        return Confidence.LIKELY
    if refusal.verdict.cause is Cause.EKU and _is_odd(refusal):
        # OpenSSL refuses it; Cisco does not say (E5, E13).
        return Confidence.LIKELY
    if _name_over_ssh(refusal):
        # That names count over SSH as they do in the zone is published nowhere.
        return Confidence.POSSIBLE
    assumed = basis((*CODES[code].facts, *_facts(refusal))) is Status.ASSUMED
    return Confidence.LIKELY if assumed else Confidence.CERTAIN


def _name_over_ssh(refusal: ForeseenRefusal) -> bool:
    return refusal.handshake.protocol is Protocol.SSH and refusal.verdict.cause is Cause.NAME


def _decide(refusal: ForeseenRefusal) -> str:
    if mode_decides(refusal) and not refusal.judges.mode_known:
        return ASK_MODE
    return _TUNNEL_REASON if _name_over_ssh(refusal) else ""


def _facts(refusal: ForeseenRefusal) -> tuple[str, ...]:
    cause = refusal.verdict.cause
    ssh = refusal.handshake.protocol is Protocol.SSH
    if refusal.verdict.judged is Side.SERVER or cause not in EKU_CAUSES:
        return ()
    odd = ("E13" if ssh else "E5",) if cause is Cause.EKU and _is_odd(refusal) else ()
    if ssh:
        return ("E7", "K1", *odd)
    if not refusal.judges.node.release.has_client_store:
        return ("E1", "L1", *odd)
    bypassed = refusal.handshake.eku_check is EkuCheck.BYPASSED
    return ("E1", "E2", "E4") if bypassed else ("E1", "E2", "E3", *odd)


def _is_odd(refusal: ForeseenRefusal) -> bool:
    """Return whether a client's EKUs are others than serverAuth, of which no source speaks."""
    ekus = refusal.shows.held[refusal.store].certificate.ekus
    return refusal.verdict.judged is Side.CLIENT and ekus not in ((SERVER_AUTH,), ())


def _words(refusal: ForeseenRefusal) -> dict[str, str]:
    shows, judges, store = refusal.shows, refusal.judges, refusal.store
    certificate = shows.held[store].certificate
    who, judge = place_name(shows), place_name(judges)
    return {
        "who": who,
        "judge": judge,
        "store": store.value,
        "ekus": eku_words(certificate.ekus),
        "issuer": certificate.issuer_name,
        "name": _ends(refusal)[1].expects_name,
        "page": PAGES[store].format(who=who),
        "alternative": "",
        "list": LISTS[True].format(judge=judge),
        "text": "",
        "which": which_words(certificate, refusal.verdict, f"{who}'s {store.value} certificate"),
        "usage": usage_words(certificate.limits),
    }


def _todo(refusal: ForeseenRefusal) -> str:
    """Return what to do where the table's words would keep the fault, else ""."""
    if refusal.verdict.cause is Cause.EKU and _limited(refusal):
        words = _words(refusal)
        row = CODES[refusal.code].todo.format_map(words).removesuffix(".")
        return f"{row}, from another CA than {words['issuer']}, which is limited to other usages."
    parsed = refusal.shows.held[refusal.store].parsed
    if refusal.verdict.cause is not Cause.UNTRUSTED or parsed.issuer != parsed.subject:
        told = todo_template(refusal.handshake, refusal.verdict)
        usual = REASONS[refusal.verdict.cause, refusal.verdict.judged].todo
        return "" if told == usual else told.format_map(_words(refusal))
    return (
        "It is self-signed: replace it with one from a CA that {judge} trusts, or put it into "
        "{list} itself."
    ).format_map(_words(refusal))


def _limited(refusal: ForeseenRefusal) -> bool:
    """Return whether a CA above may not issue for the purpose either."""
    purpose = SERVER_AUTH if refusal.verdict.judged is Side.SERVER else CLIENT_AUTH
    chain = refusal.shows.held[refusal.store].certificate.chain
    return any(ca.ekus is not None and purpose not in ca.ekus for ca in chain)


def _found(refusal: ForeseenRefusal) -> str:
    title = connection(refusal.connection).title
    cause, side = refusal.verdict.cause, refusal.verdict.judged
    told = REASONS[cause, side].found.format(**_words(refusal))
    serial = refusal.shows.held[refusal.store].certificate.serial_hex
    also = ""
    if cause is Cause.EKU and _limited(refusal):
        also = " The CA that issued it is limited, too: its next certificate would be no better."
    return f"{title}: {told} (serial {serial}){_check(refusal)}.{also}"


def _check(refusal: ForeseenRefusal) -> str:
    """Return in words why a client's EKUs are looked at, "" where they are not why."""
    judges = refusal.judges
    if mode_decides(refusal):
        sure = ")" if judges.mode_known else ASSUMED
        mode = f"EKU checking mode {judges.node.eku_checking.value}{sure}"
        return f"; {place_name(judges)} checks it ({mode}"
    if refusal.verdict.cause not in EKU_CAUSES or refusal.verdict.judged is Side.SERVER:
        return ""
    if refusal.handshake.protocol is Protocol.SSH:
        return "; the tunnel demands it in every mode"
    release = judges.node.release.value
    return f"; {place_name(judges)} checks it ({release} has no EKU checking mode)"


def _leaf_alone(refusal: ForeseenRefusal) -> str:
    words = _words(refusal)
    return (
        f"SSH tunnel: {words['judge']} does not have {words['issuer']} in its trusted CA list, "
        f"which issued {words['who']}'s {words['store']} certificate (serial "
        f"{refusal.shows.held[refusal.store].certificate.serial_hex}). Over SSH the certificate "
        "comes alone, over TLS with its chain, so the zone can be Active."
    )


def _evidence(refusal: ForeseenRefusal) -> list[Evidence]:
    found = [refusal.shows.held[refusal.store].evidence]
    judges = refusal.judges.settings
    if mode_decides(refusal) and judges is not None and judges.mode_setting is not None:
        found.append(judges.mode_setting.evidence)
    if refusal.verdict.cause is Cause.NAME and judges is not None:
        names = [zone.setting("tlsverifysubjectname") for zone in judges.uc_zones]
        expected = refusal.handshake.server.expects_name.lower()
        wanted = next((n for n in names if n and n.value.strip().lower() == expected), None)
        peers = [zone.setting("peeraddress") for zone in judges.uc_zones]
        chosen = [wanted] if refusal.verdict.judged is Side.CLIENT else peers
        found += [setting.evidence for setting in chosen if setting is not None]
    if refusal.verdict.cause is Cause.UNTRUSTED:
        listed = sorted(ca.name for ca in refusal.judges.node.trusted)
        more = [f"and {len(listed) - _MOST_NAMED} more"] if len(listed) > _MOST_NAMED else []
        told = ", ".join([*listed[:_MOST_NAMED], *more]) or "no CA"
        text = f"the trusted CA list of {place_name(refusal.judges)} holds: {told}"
        file = refusal.judges.trust_file
        found.append(Evidence(EvidenceKind.CERTIFICATE, file, text, store="ca"))
    return found


def place_name(place: Place) -> str:
    """Return a node's side and host in words."""
    return node_words(place.role, place.host or place.node.fqdn)
