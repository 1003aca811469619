"""Which records of a log may tell of a connection, found in their bytes.

What is let through is judged by `ekukit.diagnosis.evidence.log_rows` as if the whole log were
there; what is held back would change nothing. Held back are records of the product's usual shape,
of which every part is looked at; any other line is let through unless none of the words that
`lines_of` asks for stands in it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from ekukit.diagnosis.evidence.log_joins import is_end
from ekukit.diagnosis.evidence.log_rows import LEVELS, OPENSSL, SIP, SSH, TCP, TRAFFIC_SERVER, Line
from ekukit.diagnosis.evidence.quiet_lines import Quiet
from ekukit.diagnosis.evidence.sip_answers import answer_at, followers
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot
from ekukit.log.words import Fate

# Without one of these in its first line, in whatever case, no record tells of a connection.
WORDS = tuple(
    word.encode()
    for word in (
        "negotiation error", "authentication failed", "communications failure", OPENSSL, TCP, SIP,
        "ssh", "portforwarding", TRAFFIC_SERVER, "trafficserver", "certificate", "ssl", "tls",
        "x509", "x.509", "handshake", "crl", "ocsp", "traversal", "tunnel", "developer.zone",
        "developer.clusterdb", "connect to host",
    )
)  # fmt: skip
# The module shape; of two values with one name the first counts.
_SHAPE = re.compile(
    rb'([A-Za-z_][\w./-]{0,60})(?:\[\d{1,9}\])?: UTCTime="[\d :.,-]{0,40}" Module="([^"]{0,80})"'
    rb' Level="([^"]{0,20})"(?=[ \t:,;)\]}]|\Z)'
)
_EVENT, _CODE = b"Event=", b"Response Code="
_PORT = rb'"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3})"'
_TCP_LINE = re.compile(
    rb':  Src-ip="([\d.]{7,15})" Src-port=(' + _PORT + rb') Dst-ip="[\d.]{7,15}" Dst-port='
    + _PORT + rb' Detail="([^"]{1,80})"(?: Reason="([^"]{1,80})")?[ \t]*'
)  # fmt: skip
# A line of TCP with other numbers: no word of the table is one.
_LIKE_IT = (
    '2026-01-01T00:00:00.000+00:00 {} {}: UTCTime="2026-01-01 00:00:00,000" Module="network.tcp" '
    'Level="{}":  Src-ip="192.0.2.1" Src-port="1" Dst-ip="192.0.2.2" Dst-port="2" Detail="{}"'
)
_KEEP, _ASK, _DROP, _OF_TCP, _OF_SIP = range(5)


def telling(snapshot: Snapshot) -> list[Record]:
    """Return the records that may change what a log tells, in order."""
    kept: list[int] = []
    quiet, fine, spans = Quiet(), [], snapshot.spans
    for place, kind, text in _kinds(snapshot):
        if kind == _OF_TCP:
            host = snapshot.data[spans.starts[place] : spans.bodies[place]].split()[1]
            kind = _of_tcp(host, text, quiet, place)  # noqa: PLW2901 - looked at closer
        elif kind == _OF_SIP and _CODE not in text:
            good = answer_at(snapshot, place)
            kind = _KEEP if good is False else _DROP  # noqa: PLW2901
            if good:
                fine.append(place)
        if kind != _DROP:
            kept.append(place)
    shown = list(snapshot.some(kept))
    more = sorted((*quiet.joined_to(shown, snapshot), *followers(fine, shown, snapshot)))
    return sorted((*shown, *snapshot.some(more)), key=lambda record: record.line)


def _kinds(snapshot: Snapshot) -> Iterator[tuple[int, int, bytes]]:
    """Yield place, kind, and the first line behind the host, of what is not dropped."""
    spans, data = snapshot.spans, snapshot.data
    columns = zip(spans.usual.tolist(), spans.bodies.tolist(), spans.heads.tolist(), strict=True)
    for place, (usual, body, head) in enumerate(columns):
        if not usual:
            yield place, _KEEP, b""
            continue
        text = data[body:head]
        shape = _SHAPE.match(text)
        kind = _ASK if shape is None or _EVENT in text else _kind(*shape.groups())
        if kind == _ASK:
            small = text.lower()
            kind = _KEEP if any(word in small for word in WORDS) else _DROP
        if kind != _DROP:
            yield place, kind, text


@lru_cache(1024)
def _kind(process: bytes, module: bytes, level: bytes) -> int:
    """Return what a record is by its process, module and level, which are ASCII."""
    says = process.decode().lower()
    of, how = module.decode().strip().lower(), level.decode().strip().lower()
    if says in (*SSH, TRAFFIC_SERVER) or of == OPENSSL or (of in (TCP, SIP) and how in LEVELS):
        return _KEEP
    if how in LEVELS:
        return _ASK
    return {TCP: _OF_TCP, SIP: _OF_SIP}.get(of, _DROP)


def _of_tcp(host: bytes, text: bytes, quiet: Quiet, place: int) -> int:
    """Return what is done with a line of TCP; what may count beside others is put to the quiet."""
    shape = _SHAPE.match(text)
    line = _TCP_LINE.fullmatch(text, shape.end()) if shape else None
    if shape is None or line is None:
        return _KEEP
    source, port, detail, reason = line.groups()
    kind = _kind_of_words(host, shape[1], shape[3], detail, reason or b"")
    if kind == _OF_TCP:
        quiet.add(place, source, int(port[1:-1]))
        return _DROP
    return kind


@lru_cache(1024)
def _kind_of_words(host: bytes, process: bytes, level: bytes, detail: bytes, reason: bytes) -> int:
    """Return what a line of TCP is by its words: alone it tells nothing where they say no more.

    Those that begin or end a connection count beside others of the same connection.
    """
    words = [one.decode() for one in (host, process, level, detail, reason)]
    body = _LIKE_IT.format(*words) + (f' Reason="{words[4]}"' if reason else "")
    line = Line(0, None, words[0], "", TCP, "", "", words[3].strip(), words[4].strip(),
                ("", None, "", None), body, "")  # fmt: skip
    meaning = line.meaning()
    if line.looks_bad:
        return _KEEP
    if meaning is None or meaning.fate is Fate.ELSEWHERE:
        return _DROP
    begins = meaning.fate is Fate.REACHED and "andshake" not in line.detail
    return _OF_TCP if begins or is_end(meaning, line) else _KEEP
