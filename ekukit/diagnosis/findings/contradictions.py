"""Where what was seen is not what the certificates foresee, and what that leaves of a finding."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ekukit.connections import Outcome, State, connection
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind, Observed
from ekukit.diagnosis.evidence.refusal_sentences import end_words
from ekukit.diagnosis.evidence.seen import Seen, pair_of
from ekukit.diagnosis.evidence.tries import Try, connection_of
from ekukit.diagnosis.findings.finding import Draft, Severity
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.foreseen_refusals import ForeseenRefusal, mode_decides
from ekukit.diagnosis.findings.predictions import ASK_MODE
from ekukit.log.troubles import Trouble, trouble_code
from ekukit.log.words import Fate

if TYPE_CHECKING:
    from datetime import datetime

    from ekukit.diagnosis.evidence.tunnels import PastedRow

_WORKED = (
    " Yet it was last seen to work, so something changed while logging ran, or the archive does "
    "not show all of it."
)
_REFUSED = " Yet it was refused for its EKU while logging ran: the mode was not Off all the time."
_STATUS = "Its status now: Configuration > Zones, and the SSH tunnels status page"
_STATES = {
    Fate.WORKED: State.ACTIVE,
    Fate.REFUSED: State.FAILED,
    Fate.UNREACHED: State.FAILED,
    Fate.DENIED: State.FAILED,
    Fate.FAILED: State.FAILED,
}


def observed_states(seen: Seen) -> tuple[Observed, ...]:
    """Return the last state of each connection between two ends, by kind of evidence."""
    found: dict[tuple[object, ...], Observed] = {}
    last: dict[tuple[object, ...], datetime] = {}
    for one in seen.tries:
        name, state = connection_of(one, seen.known), _STATES.get(one.fate)
        if not name or state is None:
            continue
        key = (name, *pair_of(one), one.evidence[0].kind)
        if one.time is not None and one.time < last.get(key, one.time):
            continue
        if one.time is not None:
            last[key] = one.time
        detail = f"{end_words(one.client)} to {end_words(one.server, one.name)}: {one.words}"
        found[key] = Observed(name, state, one.evidence[0], detail)
    for row in seen.rows:
        found[row.connection, row.evidence.line] = Observed(
            row.connection, row.state, row.evidence, row.reason
        )
    return tuple(found.values())


def failing(observed: Iterable[Observed]) -> frozenset[str]:
    """Return the ids of connections that were seen to fail and by no evidence to be up."""
    states: dict[str, set[State]] = {}
    for one in observed:
        states.setdefault(one.connection, set()).add(one.state)
    return frozenset(name for name, found in states.items() if found == {State.FAILED})


def working(observed: Iterable[Observed]) -> frozenset[str]:
    """Return which of UC zone and SSH tunnels were seen to be up."""
    up = {one.connection for one in observed if one.state is State.ACTIVE}
    return frozenset(up & {"uc-zone", "ssh-tunnel"})


def add_differences(
    gathered: Gathered, observed: Iterable[Observed], predicted: Iterable[Outcome]
) -> None:
    """Add where what was observed is not what the certificates foresee, on known ground."""
    states: dict[str, set[State]] = {}
    for outcome in predicted:
        states.setdefault(outcome.connection, set()).add(outcome.state)
    for one in observed:
        foreseen = states.get(one.connection, set())
        if State.UNKNOWN in foreseen or not foreseen or one.state in foreseen:
            continue
        if one.state is State.FAILED and _has_trouble(gathered, one.connection):
            continue  # certificates foresee nothing of it
        words = f"{connection(one.connection).title}: observed {one.state.value}, foreseen "
        words += f"{' and '.join(sorted(state.value for state in foreseen))}."
        gathered.add(Draft("prediction.differs", words, [one.by]))


def _has_trouble(gathered: Gathered, connection_id: str) -> bool:
    """Return whether a failure was found for which no certificate is named."""
    others = (trouble for trouble in Trouble if trouble is not Trouble.REFUSED)
    return any(gathered.has(trouble_code(connection_id, trouble)) for trouble in others)


def add_contested(gathered: Gathered, foreseen: Iterable[ForeseenRefusal], seen: Seen) -> None:
    """Take back certainty where what is foreseen to fail was last seen to work, and tell so.

    A code is contested when all the ends that it is about were seen to work. A dump is of the
    start of logging, a store of its end: either may have changed between.
    """
    states, shown = _last_seen(seen)
    found: dict[str, list[Evidence | None]] = {}
    modes: set[str] = set()
    for refusal in foreseen:
        evidence = _seen_between(refusal, states) or shown.get(refusal.connection)
        found.setdefault(refusal.code, []).append(evidence)
        modes |= {refusal.code} if mode_decides(refusal) else set()
    for code, told in found.items():
        known = [one for one in told if one is not None]
        if len(known) == len(told):
            decide = ASK_MODE if code in modes else _STATUS
            gathered.contest(code, _WORKED, known, Severity.WILL_BREAK, decide)
    hidden = "mode.off-hides-missing-client-auth"
    refused = [one for one in gathered.evidence("uc-zone.client-eku-missing")
               if one.kind in (EvidenceKind.LOG, EvidenceKind.PACKET)]  # fmt: skip
    if refused:
        gathered.contest(hidden, _REFUSED, refused[:1], Severity.NOTE, ASK_MODE)


def _seen_between(
    refusal: ForeseenRefusal, works: Mapping[tuple[str, str, str], Evidence]
) -> Evidence | None:
    """Return what shows that the ends of a refusal met; an end without an archive fits anyone."""
    client, server = refusal.ends
    return next(
        (
            evidence
            for (connection_id, starts, answers), evidence in works.items()
            if connection_id == refusal.connection
            and starts in (client.host or starts, client.node.address)
            and answers in (server.host or answers, server.node.address)
        ),
        None,
    )


def _last_seen(
    seen: Seen,
) -> tuple[dict[tuple[str, str, str], Evidence], dict[str, Evidence]]:
    """Return evidence of what last worked: by connection and ends, and by pasted pages."""
    last: dict[tuple[str, str, str], Try] = {}
    for one in seen.tries:
        key = (connection_of(one, seen.known), *pair_of(one))
        old = last.get(key)
        if one.fate is not Fate.REACHED and (old is None or not _before(one, old)):
            last[key] = one
    pages: dict[str, list[PastedRow]] = {}
    for row in seen.rows:
        pages.setdefault(row.connection, []).append(row)
    works = {key: one.evidence[0] for key, one in last.items() if one.fate is Fate.WORKED}
    shown = {name: rows[0].evidence for name, rows in pages.items()
             if all(row.state is State.ACTIVE for row in rows)}  # fmt: skip
    return works, shown


def _before(one: Try, other: Try) -> bool:
    return one.time is not None and other.time is not None and one.time < other.time
