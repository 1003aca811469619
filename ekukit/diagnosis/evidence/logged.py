"""Tries to connect that a log tells of: lines of one connection joined by addresses and ports.

Beside them the lines that look like trouble and are not understood.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekukit.connections import Cause, Side, connection
from ekukit.diagnosis.evidence.answers import tries_in_answers
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.log_joins import Joined, before, is_end, join, key_of
from ekukit.diagnosis.evidence.log_rows import (
    AUTHENTICATION,
    SERVER_FAILURE,
    TRAFFIC_SERVER,
    Line,
    lines_of,
)
from ekukit.diagnosis.evidence.tries import Map, Peer, Try
from ekukit.expressway import Role
from ekukit.log.meanings import Meaning, judged_side, meaning_of
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate

if TYPE_CHECKING:
    import pandas as pd

# Who is named in a line without addresses: by SSH, by the traffic server, by an event.
_CONNECT = re.compile(
    r"connect to (?:host|address) '?([^\s']{1,255}?)'?,? port (\d{1,5})", re.IGNORECASE
)
_BY = re.compile(
    r"\b(?:by|from|with|to) (?:\w+ user \S{1,64} )?([0-9A-Fa-f.:]{7,45}) port (\d{1,5})"
)
_RESOLVE = re.compile(r"resolve (?:hostname |host )?'?([\w.-]{1,255})'?", re.IGNORECASE)
_SERVER = re.compile(r"\bName:?\s?([\w.-]{1,255}):(\d{1,5})\b", re.IGNORECASE)
_NAMES = (
    re.compile(r"\(([^\s()]{1,255})\)\.? Action=", re.IGNORECASE),
    re.compile(r"SNI \(([^\s()]{1,255})\)"),
    re.compile(r"certificate check for ([^\s()]{1,255}?)\.?\s"),
    re.compile(r"connection failed for '([^']{1,255})'", re.IGNORECASE),
    re.compile(r'Common-name="\s*([^"]{1,255}?)\s*"'),
)
_PROXIED = re.compile(r"\bserver=([^\s()]{0,255})\(([0-9A-Fa-f.:]{2,45})\)")
_CONTINUES = re.compile(r"\bAction=Continue\b", re.IGNORECASE)
# Where a line of these names no port: tunnels alone, and provisioning by far the most.
_TUNNEL = connection("ssh-tunnel").port
_PORTS = {
    **dict.fromkeys(("ssh", "sshd", "portforwarding"), _TUNNEL),
    TRAFFIC_SERVER: connection("cucm-tftp").port,
}
_MOST_TEXT, _MOST_LOOKED = 400, 8192


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line that looks like trouble and is not understood: where it is, and its words."""

    evidence: Evidence
    words: str


@dataclass(frozen=True, slots=True)
class Logged:
    """What a log tells: tries, and lines that look like trouble and are not understood."""

    tries: tuple[Try, ...]
    unknown: tuple[Unknown, ...]


def what_log_tells(
    log: "pd.DataFrame", known: Map, kind: EvidenceKind = EvidenceKind.LOG
) -> Logged:
    """Return every try of which a line tells a failure or a success, and what is not understood.

    Both in the order of the lines; tries that SIP answers tell of come last.
    """
    found: list[Joined] = []
    open_: dict[tuple[object, ...], Joined] = {}
    unknown: list[tuple[Line, Joined | None]] = []
    answers: list[Line] = []
    for row in lines_of(log):
        if row.is_sip:
            answers.append(row)
            continue
        meaning = row.meaning()
        if meaning is not None and _is_elsewhere(meaning, row, known):
            continue
        one = join(open_, found, row, meaning) if meaning is not None else None
        if row.looks_bad and _is_unknown(row, meaning):
            unknown.append((row, one or open_.get(key_of(row)) or before(found, row)))
    tries = [_try(one, known, kind) for one in found if one.tells]
    puzzling = [Unknown(row.evidence(kind), _said(row)) for row, one in unknown
                if one is None or not one.explained]  # fmt: skip
    return Logged((*tries, *tries_in_answers(answers, known, kind)), tuple(puzzling))


def _is_elsewhere(meaning: Meaning, row: Line, known: Map) -> bool:
    """Return whether a line is about something else than a connection of the case.

    Whoever guesses passwords of calls or of the node's own login leaves lines, too.
    """
    if meaning.fate is Fate.ELSEWHERE or not row.is_kind:
        return True
    if row.event == AUTHENTICATION:
        return 'Method="OPTIONS"' not in row.body[:_MOST_LOOKED]
    if row.process == "sshd":
        by = _BY.search(row.body[:_MOST_LOOKED])
        if by is None:  # whoever guesses passwords shows no certificate
            return meaning.cause is Cause.OTHER
        return by[1] not in known.hosts and by[1] not in known.configured
    return False


def _is_unknown(row: Line, meaning: Meaning | None) -> bool:
    """Return whether the words that tell why are in no row; a bare event tells nothing more."""
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
    name, address = _name(one.rows)
    client, server = _ends(whole, told, (name, address), known, inbound=inbound)
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
        name=name,
        time=first.time,
        trouble=meaning.trouble,
        row=meaning.row,
        inbound=inbound,
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


def _name(rows: Iterable[Line]) -> tuple[str, str]:
    """Return the name that lines give the answering end, and its address, "" where none does."""
    for row in rows:
        body = row.body[:_MOST_LOOKED]
        proxied = _PROXIED.search(body)
        for pattern in (_CONNECT, *_NAMES, _RESOLVE if row.is_ssh else _CONNECT):
            found = pattern.search(body)
            if found:
                return found[1], proxied[2] if proxied else ""
        if row.is_ssh and row.process != "sshd" and (by := _BY.search(body)):
            return by[1], by[1]
        if row.event == SERVER_FAILURE and (server := _SERVER.search(body)):
            return server[1], server[1]
    return "", ""


def _ends(
    whole: Line, told: Line, named: tuple[str, str], known: Map, *, inbound: bool | None
) -> tuple[Peer, Peer]:
    src, src_port, dst, dst_port = whole.ends
    own_is_server = inbound is True
    if dst_port is not None:
        client = known.peer(src, src_port, whole.host if inbound is False else None)
        return client, known.peer(dst, dst_port, whole.host if own_is_server else None)
    if told.event == AUTHENTICATION:
        return known.peer(src, src_port), known.peer("", _only(known), told.host)
    body = told.body[:_MOST_LOOKED]
    if told.process == "sshd":
        by = _BY.search(body)
        client = known.peer(by[1], int(by[2])) if by else known.peer("", None)
        return client, known.peer("", _TUNNEL, told.host)
    asked = _CONNECT.search(body)
    if told.event == SERVER_FAILURE:
        asked = asked or _SERVER.search(body)
    port = int(asked[2]) if asked else _PORTS.get(told.process)
    if told.process == TRAFFIC_SERVER and known.roles.get(told.host) is Role.EDGE:
        port = None  # Edge's traffic server calls others than CUCM
    name, address = named
    client = known.peer(src, src_port, whole.host)
    far = known.peer(address or name, port)
    return (far, client) if own_is_server else (client, far)


def _only(known: Map) -> int | None:
    return min(known.uc_ports) if len(known.uc_ports) == 1 else None
