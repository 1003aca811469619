"""Tries to connect that a log tells of: lines of one connection joined by addresses and ports.

Beside them the lines that look like trouble and are not understood.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekukit.connections import Cause, Side
from ekukit.diagnosis.evidence.answers import is_failure_below, tries_in_answers
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.log_joins import Joined, before, is_end, join, key_of
from ekukit.diagnosis.evidence.log_rows import (
    AUTHENTICATION,
    TRAFFIC_SERVER,
    Line,
    lines_of,
)
from ekukit.diagnosis.evidence.named_ends import BY, directory_named, ends_of, who_is_named
from ekukit.diagnosis.evidence.tries import Map, Try
from ekukit.log.alarms import ALARM, ELSEWHERE, AlarmRow, alarm_of
from ekukit.log.meanings import Meaning, judged_side, meaning_of
from ekukit.log.records import Record
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate

if TYPE_CHECKING:
    from ekukit.archive.log_files import LogFile

_CONTINUES = re.compile(r"\bAction=Continue\b", re.IGNORECASE)
_MOST_TEXT, _MOST_LOOKED = 400, 8192


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line that looks like trouble and is not understood: where it is, and its words."""

    evidence: Evidence
    words: str


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """An alarm that was raised and not lowered since: by which host, and what is known of it."""

    host: str
    row: AlarmRow
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Logged:
    """What a log tells: tries, alarms, and lines of trouble that are not understood."""

    tries: tuple[Try, ...]
    unknown: tuple[Unknown, ...]
    alarms: tuple[RaisedAlarm, ...] = ()


def what_log_tells(
    log: Iterable[tuple["LogFile", Record]], known: Map, kind: EvidenceKind = EvidenceKind.LOG
) -> Logged:
    """Return every try of which a line tells a failure or a success, and what is not understood.

    Both in the order of the lines; tries that SIP answers tell of come last.
    """
    found: list[Joined] = []
    open_: dict[tuple[object, ...], Joined] = {}
    unknown: list[tuple[Line, Joined | None]] = []
    answers: list[Line] = []
    alarms: dict[tuple[str, AlarmRow | None, str], Line] = {}
    for row in lines_of(log):
        if row.is_sip:
            answers.append(row)
            continue
        if row.is_alarm:
            # The last of each tells how it stands.
            alarms[row.host, alarm_of(row.body, row.process), row.told] = row
            continue
        meaning = row.meaning()
        if meaning is not None and _is_elsewhere(meaning, row, known):
            continue
        one = join(open_, found, row, meaning) if meaning is not None else None
        if row.looks_bad and _is_unknown(row, meaning):
            unknown.append((row, one or open_.get(key_of(row)) or before(found, row)))
    raised = [row for row in alarms.values() if not row.is_lowered]
    unknown += [(row, None) for row in raised if alarm_of(row.body, row.process) is None]
    tries = [_try(one, known, kind) for one in found if one.tells]
    puzzling = [Unknown(row.evidence(kind), _said(row)) for row, one in unknown
                if one is None or not one.explained]  # fmt: skip
    tries += tries_in_answers(answers, known, kind, _failed_ends(found))
    return Logged(tuple(tries), tuple(puzzling), tuple(_alarms(raised, kind)))


def _failed_ends(found: Iterable[Joined]) -> frozenset[tuple[str, str, int | None]]:
    """Return who asked whom on which port, of lines that tell that TLS or TCP failed."""
    rows = (row for one in found for row in one.rows)
    return frozenset((row.ends[0], *row.ends[2:]) for row in rows
                     if is_failure_below(row.event, row.module, row.detail, row.ends[3])
    )  # fmt: skip


def _alarms(raised: Iterable[Line], kind: EvidenceKind) -> Iterator[RaisedAlarm]:
    """Yield the alarms that the table knows and that tell something here."""
    for line in raised:
        row = alarm_of(line.body, line.process)
        if row is not None and row.severity != ELSEWHERE:
            yield RaisedAlarm(line.host, row, line.evidence(kind))


def alarms_in_page(text: str, file: str) -> tuple[RaisedAlarm, ...]:
    """Return the alarms whose words stand in pasted text, as the alarms page shows them."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        row = alarm_of(line) if f" {ALARM}:" not in line else None
        if row is not None and row.severity != ELSEWHERE and "lowered" not in line.lower():
            shown = Evidence(EvidenceKind.PASTED, file, line.strip()[:_MOST_TEXT], line=number)
            found.append(RaisedAlarm("", row, shown))
    return tuple(found)


def _is_elsewhere(meaning: Meaning, row: Line, known: Map) -> bool:
    """Return whether a line is about something else than a connection of the case.

    Whoever guesses passwords of calls or of the node's own login leaves lines, too.
    """
    if meaning.fate is Fate.ELSEWHERE or not row.is_kind:
        return True
    if row.is_loose:
        return meaning.vague
    if row.event == AUTHENTICATION:
        return 'Method="OPTIONS"' not in row.body[:_MOST_LOOKED]
    if row.process == "sshd":
        by = BY.search(row.body[:_MOST_LOOKED])
        if by is None:  # whoever guesses passwords shows no certificate
            return meaning.cause is Cause.OTHER and "x509" not in row.body[:_MOST_LOOKED]
        return by[1] not in known.hosts and by[1] not in known.configured
    return False


def _is_unknown(row: Line, meaning: Meaning | None) -> bool:
    """Return whether the words that tell why are in no row; a bare event tells nothing more."""
    if row.is_loose:
        return False
    if meaning is None:
        return bool(row.told or row.event)
    if not meaning.vague or not row.told or meaning.trouble is not None:
        return False
    return meaning_of(row.told, ssh=row.is_ssh) is None


def _said(row: Line) -> str:
    return " ".join((row.told or row.event).split())[:_MOST_TEXT]


def _try(one: Joined, known: Map, kind: EvidenceKind) -> Try:
    meaning, told = _most_telling(one.meanings)
    inbound = next((row.inbound for row in one.rows if row.inbound is not None), None)
    whole = max(one.rows, key=lambda row: sum(end not in ("", None) for end in row.ends))
    first = one.rows[0]
    directory = directory_named(one.rows)
    named = (directory, "") if directory else who_is_named(one.rows)
    client, server = ends_of(whole, told, named, known, inbound=inbound)
    if inbound is None:
        inbound = server.host == first.host if server.host is not None else False
    side = judged_side(meaning, inbound=inbound) if meaning.fate is Fate.REFUSED else None
    if meaning.cause is Cause.NO_CERTIFICATE:
        side = Side.CLIENT
    if meaning.trouble is None and meaning.cause is Cause.OTHER and not meaning.received:
        side = None  # nobody is told to have judged a certificate
    # What tells how it ended stands before what tells that it began.
    rest = [pair for pair in one.meanings if pair[1] is not told]
    rest.sort(key=lambda pair: pair[0].fate is Fate.REACHED)
    ordered = [told, *(row for _, row in rest)]
    return Try(
        client=client,
        server=server,
        fate=meaning.fate,
        cause=meaning.cause,
        side=side,
        evidence=tuple(row.evidence(kind) for row in ordered[:3]),
        words=_words(told, meaning),
        name=named[0],
        time=first.time,
        trouble=meaning.trouble,
        row=meaning.row,
        inbound=inbound,
        directory=bool(directory),
        continues=bool(_CONTINUES.search(told.body[:_MOST_LOOKED])),
    )


def _words(row: Line, meaning: Meaning) -> str:
    if row.is_ssh or row.process == TRAFFIC_SERVER:
        return _said(row)
    told = " ".join(f"{row.reason} {row.detail}".split())[:_MOST_TEXT]
    if meaning.row is None or any(text in told.lower() for text in meaning.row.texts):
        return told
    # Words may stand in a pair that the grammar does not know.
    whole = row.whole.lower()
    return " ".join((told, *(text for text in meaning.row.texts[:99] if text in whole)))


def _most_telling(found: Iterable[tuple[Meaning, Line]]) -> tuple[Meaning, Line]:
    """Return the line that names a cause, else what tells most of the failure, else the last.

    What is closed after a handshake succeeded is the end of a connection that worked.
    """
    rows = list(found)
    worked = [pair for pair in rows if pair[0].fate is Fate.WORKED]
    failed = [pair for pair in rows if pair[0].fate not in (Fate.WORKED, Fate.REACHED)]
    if worked and all(meaning.trouble is Trouble.CLOSED for meaning, _ in failed):
        return worked[0]
    return min(failed, key=lambda pair: _rank(*pair)) if failed else rows[-1]


def _rank(meaning: Meaning, row: Line) -> int:
    if meaning.cause is not Cause.OTHER:
        return 0
    if not meaning.vague:
        return 1
    if meaning.trouble is Trouble.REFUSED:
        return 2
    return 3 if meaning.trouble is not None and not is_end(meaning, row) else 4
