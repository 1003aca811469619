"""SIP answers to the OPTIONS of a zone: what keeps a zone down whose TLS is up."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from ekukit.connections import Cause, connection
from ekukit.diagnosis.evidence.evidence import EvidenceKind
from ekukit.diagnosis.evidence.log_rows import NEGOTIATION, OPENSSL, TCP, Line
from ekukit.diagnosis.evidence.tries import Map, Try
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate

_STATUS = re.compile(r"\|SIP/2\.0 ([1-6]\d\d)(?: ([^\r\n|]{0,80}))?")
_TOLD = re.compile(r"Response Code=([1-6]\d\d)\b")
_OPTIONS = re.compile(r"CSeq:\s*\d+\s+OPTIONS\b|\bMethod=\"?OPTIONS\b", re.IGNORECASE)
_MOST_LOOKED = 4096
_SUCCESS, _FAILURES = 200, 400
_CHALLENGES = (401, 407)
_TROUBLES = {401: Trouble.SIP_AUTHENTICATION, 407: Trouble.SIP_AUTHENTICATION,
             403: Trouble.SIP_FORBIDDEN, 408: Trouble.SIP_SILENT}  # fmt: skip
_SERVER_FAILURES = range(500, 600)
# Whoever calls there from outside is no zone, and asks for no OPTIONS that keep one up.
_OPEN_SIP = frozenset((5060, *connection("b2b-in").ports))

Ends = tuple[str, str, str, int | None]


@dataclass(slots=True)
class _Last:
    """The last answer between two ends."""

    status: int
    words: str
    line: Line


def tries_in_answers(
    lines: Iterable[Line],
    known: Map,
    kind: EvidenceKind = EvidenceKind.LOG,
    failed: Container[tuple[str, str, int | None]] = (),
) -> list[Try]:
    """Return a try for each pair of ends whose OPTIONS were answered otherwise than 2xx at last.

    The first request is often answered 401 and sent again with credentials: a challenge that is
    followed by 2xx is none. Where 2xx follows another failure, that is a try that worked; so is
    the last 2xx between ends whose TLS `failed`, by who asked, who answered and on which port.
    """
    last: dict[Ends, _Last] = {}
    good: dict[Ends, _Last] = {}
    found: list[Try] = []
    for line in lines:
        told = _status(line)
        if told is None:
            continue
        status, words = told
        key = _ends(line)
        before = last.get(key)
        if status < _FAILURES:
            if before is not None and before.status not in _CHALLENGES:
                both = (before, _Last(status, words, line))
                found += [_try(key, one, known, kind) for one in both]
            elif key[1:] in failed:
                good[key] = _Last(status, words, line)
            last.pop(key, None)
        elif before is None or before.status in _CHALLENGES or status not in _CHALLENGES:
            last[key] = _Last(status, words, line)
    at_last = (*good.items(), *last.items())
    return [*found, *(_try(key, one, known, kind) for key, one in at_last)]


def is_failure_below(event: str, module: str, detail: str, port: int | None) -> bool:
    """Return whether TLS or TCP failed on a port where OPTIONS that are answered keep a zone up."""
    if port is None or port in _OPEN_SIP:
        return False
    told = NEGOTIATION in event or module == OPENSSL
    return told or (module == TCP and "fail" in detail.lower())


def _status(line: Line) -> tuple[int, str] | None:
    body = line.body[:_MOST_LOOKED]
    found = _STATUS.search(body) or _TOLD.search(line.detail)
    if found is None or int(found[1]) < _SUCCESS or not _OPTIONS.search(body):
        return None
    phrase = (found[2] or "").strip() if found.re is _STATUS else ""
    return int(found[1]), f"SIP/2.0 {found[1]} {phrase}".strip()


def _ends(line: Line) -> Ends:
    """Return file, who asked, who answered and on which port: an answer goes to who asked."""
    source, source_port, target, _ = line.ends
    return line.file, target, source, source_port


def _try(key: Ends, last: _Last, known: Map, kind: EvidenceKind) -> Try:
    _, asked, answered, port = key
    received = 'Action="Received"' in last.line.body[:_MOST_LOOKED]
    own = last.line.host
    status = last.status
    trouble = _TROUBLES.get(status, Trouble.SIP_REFUSED)
    if status in _SERVER_FAILURES:
        trouble = Trouble.SIP_UNAVAILABLE
    worked = status < _FAILURES
    return Try(
        client=known.peer(asked, None, own if received else None),
        server=known.peer(answered, port, None if received else own),
        fate=Fate.WORKED if worked else Fate.FAILED,
        cause=Cause.ACCEPTED if worked else Cause.OTHER,
        side=None,
        evidence=(last.line.evidence(kind),),
        words=f"OPTIONS answered {last.words}",
        time=last.line.time,
        trouble=None if worked else trouble,
        inbound=not received,
    )
