"""Failures for which no certificate is named, and lines that nobody understands, as findings."""

from dataclasses import replace

from ekukit.connections import State, connection
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.evidence.refusal_sentences import (
    end_words,
    filled,
    todo_of,
    told_of,
    words_of,
)
from ekukit.diagnosis.evidence.seen import Seen, is_stranger
from ekukit.diagnosis.evidence.tries import Try
from ekukit.diagnosis.evidence.tunnels import PastedRow
from ekukit.diagnosis.evidence.zones import configured
from ekukit.diagnosis.findings.finding import Confidence, Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.log.troubles import TROUBLES, UNREACHED, Trouble, trouble_code
from ekukit.log.words import Fate

_ZONE_SCREEN = "Configuration > Zones on both nodes"
_ZONE_LOGS = "The logs of both nodes at a moment when the zone tries to connect"
_TUNNEL_SCREEN = "Status > Unified Communications > SSH tunnels status on both nodes"
# By these words a finding is known to be about a caller whom nobody knows.
OF_STRANGER = "Nothing in the archive tells who"
_STRANGER = f" {OF_STRANGER} {{who}} is: a scanner of the Internet leaves the same lines."
_ASK_WHO = "Find out whether anybody misses a call or a login; if not, nothing."
_TUNNELS_FAILED = "SSH tunnels are Failed, and no certificate in the archive explains it."
_DENIED = (
    "SSH tunnel: Edge was reached and did not let Core in (Permission denied), and no certificate "
    "in the archive explains it."
)
# It was reached, so port, route and name are not why.
_ASK_DENIED = (
    "Look in Edge's log at that moment, whether a certificate or the trusted CA list was changed "
    "since without a restart, then at the authentication account."
)
# Which certificate the far end may have refused when it only closed or ended a handshake.
_FAR_JUDGES = {True: ".server-", False: ".client-"}


def text_of(name: str, told: str, found: Try | None = None) -> str:
    """Return a sentence with the connection's title before it, else with the port of a try."""
    title = connection(name).title if name else ""
    port = None if found is None or found.server.guess else found.server.port
    if not title and port is not None and f"port {port}" not in told:
        title = f"Port {port}"
    return f"{title}: {told}." if title else f"{told}."


def add_failure(
    gathered: Gathered, seen: Seen, found: Try, between: set[str], *, healed: str
) -> str:
    """Add a failure for which no certificate is named, and return its code.

    Where a refusal is foreseen or known between the same ends that would look like this from
    here, it is evidence of that.
    """
    name = seen.name(found)
    trouble = found.trouble or Trouble.INTERNAL
    for code in _fitting(seen, name, trouble, found, between):
        if gathered.has(code):
            gathered.add_evidence(code, found.evidence)
            return code
    code = trouble_code(name, trouble)
    told = text_of(name, told_of(found, found.cause, None), found)
    if gathered.tells(code, told.removesuffix(".")):
        gathered.add_evidence(code, found.evidence)  # the first were the worst
        return code
    words = words_of(found, None)
    settings = configured(found, name, seen.zones, words["near"])
    own_words = found.row is not None and "(alert" in found.row.said
    shown = f' ("{found.words[:200]}")' if found.words and not own_words else ""
    text = f"{told.removesuffix('.')}{shown}."
    draft = Draft(
        code,
        f"{text} {settings.text}" if settings.text else text,
        [*found.evidence, *settings.evidence],
        confidence=Confidence.POSSIBLE if _is_vague(found) else Confidence.CERTAIN,
        words=words,
        facts=found.row.facts if found.row is not None else (),
        todo=todo_of(found, None),
    )
    if healed:
        draft = draft.taken_back(healed)
    stranger = is_stranger(name, found, seen.known)
    gathered.add(of_stranger(draft, found, _ASK_WHO) if stranger else draft)
    return code


def of_stranger(draft: Draft, found: Try, todo: str) -> Draft:
    """Return a draft about a caller whom nothing in the archive names: possible and weak."""
    text = _STRANGER.format(who=end_words(found.client))
    return replace(draft.weak(text), confidence=Confidence.POSSIBLE, todo=todo)


def _is_vague(found: Try) -> bool:
    return found.row is not None and found.row.vague


def _fitting(seen: Seen, name: str, trouble: Trouble, found: Try, between: set[str]) -> list[str]:
    """Return codes of certificates that this may be another view of."""
    told = [*sorted(seen.foreseen.get(name, ())), *sorted(between)]
    if trouble is Trouble.HOST_KEY:
        return [code for code in told if ".server-" in code]
    if name == "ssh-tunnel" or trouble not in (Trouble.CLOSED, Trouble.HANDSHAKE):
        return []
    return [code for code in told if _FAR_JUDGES[bool(found.inbound)] in code]


def add_unreached(gathered: Gathered, seen: Seen, found: Try, *, healed: str) -> None:
    """Add that the other end was not reached, beside what shows that it once was."""
    name = seen.name(found)
    trouble = found.trouble
    if not name and not found.name and trouble in (None, Trouble.TIMED_OUT):
        return  # anything may have timed out
    if trouble is None or trouble not in UNREACHED:
        trouble = Trouble.TIMED_OUT
    reached = [
        one.evidence[0]
        for one in seen.tries
        if one.fate in (Fate.REACHED, Fate.REFUSED, Fate.WORKED, Fate.DENIED)
        and name and seen.name(one) == name
    ]  # fmt: skip
    reached += [row.evidence for row in seen.rows if row.connection == name
                and (row.state is State.ACTIVE or _fate(row) is Fate.DENIED)]  # fmt: skip
    screen = _TUNNEL_SCREEN if name == "ssh-tunnel" else _ZONE_SCREEN
    words = words_of(found, None)
    told = filled(TROUBLES[trouble].said, words)
    text = f'{told} ("{found.words[:120]}").'
    if reached:
        text += " At another time it was reached, so this is not the whole story." * (not healed)
    settings = configured(found, name, seen.zones, words["near"])
    draft = Draft(
        trouble_code(name, trouble),
        f"{text} {settings.text}" if settings.text else text,
        [*found.evidence, *reached[:2], *settings.evidence],
        confidence=Confidence.POSSIBLE if reached else Confidence.CERTAIN,
        words=words,
        decide=f"{screen}; a connection to that port from the initiator's network",
        todo="" if trouble is Trouble.TIMED_OUT else TROUBLES[trouble].todo.format(**words),
    )
    gathered.add(draft.taken_back(healed) if healed else draft)


def _fate(row: PastedRow) -> Fate | None:
    meaning = row.meaning()
    return meaning.fate if meaning is not None else None


def add_rows(gathered: Gathered, seen: Seen) -> None:
    """Add what rows of pasted pages tell of zones and tunnels that failed."""
    for row in seen.rows:
        if row.state is State.FAILED:
            _add_row(gathered, seen, row)


def _add_row(gathered: Gathered, seen: Seen, row: PastedRow) -> None:
    if row.connection != "ssh-tunnel":
        known = [*seen.foreseen.get(row.connection, ()), "zone.unreached"]
        known = [code for code in known if gathered.has(code)]
        for code in known:
            gathered.add_evidence(code, [row.evidence])
        if not known and not gathered.codes(f"{row.connection}."):
            text = "The UC traversal zone is Failed, and nothing in the archive explains it."
            doubt = Confidence.POSSIBLE
            gathered.add(Draft("zone.unexplained", text, [row.evidence], doubt, decide=_ZONE_LOGS))
        return
    meaning = row.meaning()
    if meaning is None or meaning.fate is Fate.DENIED or meaning.trouble is None:
        denied = meaning is not None and meaning.fate is Fate.DENIED
        add_denied(gathered, seen, (row.evidence,), denied=denied)
        return
    told = TROUBLES[meaning.trouble].title
    text = f"The tunnel to {row.target} failed: {told} ({row.reason})."
    words = {"server": row.target or "Edge", "client": "Core", "far": row.target or "Edge",
             "near": "Core", "port": str(connection("ssh-tunnel").port)}  # fmt: skip
    code = trouble_code("ssh-tunnel", meaning.trouble)
    gathered.add(Draft(code, text, [row.evidence], confidence=Confidence.LIKELY, words=words))


def add_denied(
    gathered: Gathered,
    seen: Seen,
    evidence: tuple[Evidence, ...],
    found: Try | None = None,
    *,
    denied: bool,
) -> None:
    """Add a tunnel that was refused as evidence of each cause that fits, else as unexplained.

    `denied` says that Edge was reached and did not let Core in.
    """
    codes = [*seen.foreseen.get("ssh-tunnel", ()), "tunnel.untrusted-issuing-ca",
             "certificate.unknown-oid", "certificate.no-common-name"]  # fmt: skip
    fitting = [code for code in dict.fromkeys(codes) if gathered.has(code)]
    for code in fitting:
        gathered.add_evidence(code, evidence)
    if fitting:
        return
    decide = f"{_TUNNEL_SCREEN}; DNS forward and reverse; NTP; the authentication account"
    if found is not None and found.trouble is Trouble.TOO_MANY:
        text = text_of("ssh-tunnel", told_of(found, found.cause, None))
        code, words = trouble_code("ssh-tunnel", found.trouble), words_of(found, None)
        gathered.add(
            Draft(code, text, evidence, confidence=Confidence.POSSIBLE, words=words, decide=decide)
        )
        return
    text, todo = (_DENIED, _ASK_DENIED) if denied else (_TUNNELS_FAILED, "")
    doubt = Confidence.POSSIBLE
    gathered.add(Draft("tunnel.unexplained", text, evidence, doubt, decide=decide, todo=todo))
