"""Tries to connect that a log tells of: lines of one connection joined by addresses and ports."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ekukit.connections import Cause, Side
from ekukit.diagnosis.finding import Evidence, EvidenceKind
from ekukit.diagnosis.refusals import Fate, Meaning, judged_side, meaning_of
from ekukit.diagnosis.tries import Map, Peer, Try

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("line", "time", "host", "process", "module", "event", "detail", "reason", "src_ip",
            "src_port", "dst_ip", "dst_port", "body", "file")  # fmt: skip
# Cheap test on the short columns before anything is looked at closely.
_WORTH = (
    r"(?i)handshake|timed? ?out|refused|unreachable|no route|resolve|certificate|alert"
    r"|negotiation|denied|ssl|established"
)
_MODULES = ("developer.ssl", "network.tcp")
_PROXIES = ("ssh", "portforwarding", "traffic_server")
_NEGOTIATION = "TLS Negotiation Error"
_CONNECT = re.compile(r"connect to (?:host|address) (\S{1,255}) port (\d{1,5})")
_FAILED_FOR = re.compile(r"connection failed for '([^']{1,255})'", re.IGNORECASE)
_COMMON_NAME = re.compile(r'Common-name="([^"]{1,255})"')
# Where a line of these names no port: tunnels alone, and provisioning by far the most.
_PORTS = {"ssh": 2222, "portforwarding": 2222, "traffic_server": 6972}
_TIME_OUT = re.compile(r"timed? ?out", re.IGNORECASE)
_ONE_TRY = timedelta(seconds=60)
_MOST_TEXT = 400


@dataclass(slots=True)
class _Row:
    """The columns of one record that matter here."""

    line: int
    time: datetime | None
    host: str
    process: str
    module: str
    event: str
    text: str
    ends: tuple[str, int | None, str, int | None]
    body: str
    file: str

    @property
    def inbound(self) -> bool | None:
        if self.event.startswith("Inbound") or 'bServer="true"' in self.body:
            return True
        if self.event.startswith("Outbound") or 'bServer="false"' in self.body:
            return False
        return None

    def evidence(self, kind: EvidenceKind) -> Evidence:
        text = self.body.partition("\n")[0][:_MOST_TEXT]
        return Evidence(kind, self.file, text, line=self.line)


@dataclass(slots=True)
class _Joined:
    """Lines of one connection."""

    rows: list[_Row] = field(default_factory=list)
    meanings: list[tuple[Meaning, _Row]] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Return whether the other end answered."""
        return any(meaning.fate in (Fate.REACHED, Fate.WORKED) for meaning, _ in self.meanings)

    @property
    def tells(self) -> bool:
        """Return whether a line tells how it ended; that it began says nothing."""
        return any(meaning.fate is not Fate.REACHED for meaning, _ in self.meanings)


def tries_in_log(
    log: "pd.DataFrame", known: Map, kind: EvidenceKind = EvidenceKind.LOG
) -> list[Try]:
    """Return every try of which a line tells a failure or a success, in the order of the lines."""
    joined: dict[tuple[object, ...], _Joined] = {}
    found: list[_Joined] = []
    for row in _rows(log):
        meaning = meaning_of(f"{row.text}\n{row.event}") if _tells(row) else None
        if meaning is None:
            continue
        key = (row.file, row.host, *row.ends)
        one = joined.get(key)
        late = meaning.fate is Fate.UNREACHED and one is not None and one.reached
        if one is None or not row.ends[3] or not (late or _close(one.rows[-1], row)):
            one = joined[key] = _Joined()
            found.append(one)
        one.rows.append(row)
        one.meanings.append((_of_reached(meaning) if one.reached else meaning, row))
    return [_try(one, known, kind) for one in found if one.tells]


def _of_reached(meaning: Meaning) -> Meaning:
    """Return what words of a time-out mean once the other end had answered: that it broke off."""
    return Meaning(Fate.REFUSED) if meaning.fate is Fate.UNREACHED else meaning


def _rows(log: "pd.DataFrame") -> Iterator[_Row]:
    short = log[["detail", "reason", "event"]].fillna("")
    worth = short["detail"].str.slice(0, 1000).str.contains(_WORTH)
    worth |= short["reason"].str.contains(_WORTH) | short["event"].str.contains(_WORTH)
    chosen = log.loc[worth.astype(bool), list(_COLUMNS)].astype(object)
    chosen = chosen.where(chosen.notna(), None)
    for values in chosen.itertuples(index=False):
        row = dict(zip(_COLUMNS, values, strict=True))
        yield _Row(
            line=int(row["line"]),
            time=row["time"],
            host=row["host"] or "",
            process=row["process"] or "",
            module=(row["module"] or "").lower(),
            event=row["event"] or "",
            text=f"{row['reason'] or ''}\n{row['detail'] or ''}",
            ends=(row["src_ip"] or "", row["src_port"], row["dst_ip"] or "", row["dst_port"]),
            body=row["body"] or "",
            file=row["file"] or "",
        )


def _tells(row: _Row) -> bool:
    """Return whether the record is of a kind that tells how a connection ended."""
    return (
        row.event.endswith(_NEGOTIATION)
        or row.module in _MODULES
        or row.process.lower() in _PROXIES
    )


def _close(before: _Row, after: _Row) -> bool:
    if before.time is None or after.time is None:
        return after.line - before.line < 50  # noqa: PLR2004 - lines of one connection stand close
    return abs(after.time - before.time) <= _ONE_TRY


def _try(one: _Joined, known: Map, kind: EvidenceKind) -> Try:
    meaning, told = _most_telling(one.meanings)
    inbound = next((row.inbound for row in one.rows if row.inbound is not None), None)
    first = one.rows[0]
    name = _name(one.rows)
    client, server = _ends(first, told, name, known, inbound=inbound)
    if inbound is None:
        inbound = server.host == first.host if server.host is not None else False
    refused = meaning.fate is Fate.REFUSED
    side = judged_side(told.text, inbound=inbound) if refused else None
    if _TIME_OUT.search(told.text):
        side = None  # silence is nobody's judgment of a certificate
    if meaning.cause is Cause.NO_CERTIFICATE:
        side = Side.CLIENT
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
        words=" ".join(told.text.split())[:_MOST_TEXT],
        name=name,
        time=first.time,
    )


def _most_telling(found: Iterable[tuple[Meaning, _Row]]) -> tuple[Meaning, _Row]:
    """Return the line that names a cause, else one that tells of failure, else the last.

    What times out after a handshake succeeded is the end of a connection that worked.
    """
    rows = list(found)
    named = [pair for pair in rows if pair[0].cause is not Cause.OTHER]
    worked = [pair for pair in rows if pair[0].fate is Fate.WORKED]
    failed = [pair for pair in rows if pair[0].fate not in (Fate.WORKED, Fate.REACHED)]
    ended = bool(worked) and all(_TIME_OUT.search(row.text) for _, row in failed)
    return (named or (worked if ended else failed) or rows[-1:])[0]


def _name(rows: Iterable[_Row]) -> str:
    for row in rows:
        for pattern in (_CONNECT, _FAILED_FOR, _COMMON_NAME):
            found = pattern.search(row.body[:8192])
            if found:
                return found[1]
    return ""


def _ends(
    first: _Row, told: _Row, name: str, known: Map, *, inbound: bool | None
) -> tuple[Peer, Peer]:
    src, src_port, dst, dst_port = first.ends
    if dst_port is not None:
        own_is_server = inbound is True
        client = known.peer(src, src_port, None if own_is_server else _own(inbound, first))
        return client, known.peer(dst, dst_port, first.host if own_is_server else None)
    asked = _CONNECT.search(told.body[:8192])
    port = int(asked[2]) if asked else _PORTS.get(told.process.lower())
    return known.peer(first.host, None, first.host), known.peer(name, port)


def _own(inbound: bool | None, row: _Row) -> str | None:  # noqa: FBT001 - None is a third answer
    return row.host if inbound is False else None
