"""A log snapshot of recorded conversations: synthetic, in the grammar of published lines.

Every event in it happened in the lab, at the time of the packet that shows it. A refusal is told
in OpenSSL's words, since Expressway's are not published. What Expressway logs for a refused or a
working tunnel is not published either: a refused one leaves a line of ekukit's own, which says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from ekukit.connections import Cause, Handshake, Protocol, Side
from ekukit.connections.handshake import Talk
from ekukit.expressway import Deployment, Expressway, FarEndKind, Role
from ekukit.lab.record import RecordedConversation, conversations
from ekukit.lab.talk import DIALOGS
from ekukit.samples.refusal_texts import refusal

WRITER = "ekukit"
HEADER = "synthetic log: ekukit made it from handshakes in its lab; no Expressway wrote it"
NOT_PUBLISHED = "what Expressway logs for a refused tunnel is not published; the lab refused this"
_TIMED_OUT, _NO_NAME = "Connection timed out", "Name or service not known"
_SSL = 'CodeLocation="ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)" Method="::TTSSLErrorOutput" '
_MOST_IN_EXCERPT = 20
# Ethernet, IPv4 and TCP headers: a longer frame carries data.
_HEADERS = 54


@dataclass(frozen=True, slots=True)
class _Record:
    """A record: when, which process with what parts it from the body, and lines that continue."""

    at: datetime
    process: str
    body: str
    continued: tuple[str, ...] = ()

    def lines(self, host: str, zone: tzinfo) -> list[str]:
        stamp = self.at.astimezone(zone).isoformat(timespec="milliseconds")
        return [f"{stamp} {host} {self.process}{self.body}", *self.continued]


def log_lines(
    deployment: Deployment,
    node: Expressway,
    made: Iterable[RecordedConversation],
    *,
    zone: tzinfo = UTC,
) -> list[str]:
    """Return the lines of a node's log snapshot of the conversations in which it takes part.

    The first line says that the log is synthetic. Time stamps are the packets', in the node's time
    `zone`; UTCTime is UTC. SIP is told as far as it is published: connecting, handshake, refusal,
    OPTIONS, close. Of TLS to CUCM a refusal leaves a line, of SSH a time-out. Other connections
    leave none, because no published line is known.
    """
    records = _records(node, made)
    return _written(node, deployment.at, records, zone)


def excerpt(deployment: Deployment, connection_id: str, role: Role) -> list[str]:
    """Return what the log of a node of that role shows of one connection, about 20 lines at most.

    Of several attempts the first that failed is told, by the peer that made it; where all came up,
    the first. Made anew. The first line says that it is synthetic; it stays alone where nothing
    published is known, and where what the far end does is not known. Bodies of SIP requests are
    left out. Raises KeyError for an id that the catalog does not have.
    """
    nodes = deployment.core if role is Role.CORE else deployment.edge
    made = conversations(deployment, (connection_id,))
    told = [found for found in made if not found.accepted] or list(made)
    node = next((node for node in nodes if told and told[0].has(node.address)), nodes[0])
    records: list[_Record] = []
    for conversation in told[:1] if all(found.certain for found in made) else ():
        records += _records(node, (conversation,))
    if sum(1 + len(record.continued) for record in records) > _MOST_IN_EXCERPT:
        records = [_without_request(record) for record in records]
    return _written(node, deployment.at, records, UTC)


def host_name(node: Expressway) -> str:
    """Return the name that a node's files and records carry."""
    return node.fqdn.partition(".")[0]


def _written(node: Expressway, at: datetime, records: Iterable[_Record], zone: tzinfo) -> list[str]:
    host = host_name(node)
    first = _Record(at, f"{WRITER}: ", HEADER)
    ordered = [first, *sorted(records, key=lambda record: record.at)]
    return [line for record in ordered for line in record.lines(host, zone)]


def _without_request(record: _Record) -> _Record:
    asked = any(line.startswith(" |OPTIONS ") for line in record.continued)
    return _Record(record.at, record.process, record.body) if asked else record


def _records(node: Expressway, made: Iterable[RecordedConversation]) -> list[_Record]:
    records: list[_Record] = []
    for found in made:
        if found.has(node.address):
            own = found.handshake.client.address == node.address
            records += _told(found, Side.CLIENT if own else Side.SERVER)
    return records


def _told(found: RecordedConversation, side: Side) -> Iterator[_Record]:
    """Yield the records of one conversation at one of its ends."""
    if found.handshake.protocol is Protocol.SSH:
        return _ssh(found, side)
    if found.handshake.talk is Talk.SIP:
        return _sip(found, side)
    if found.row.responder is FarEndKind.CUCM:
        return _proxy(found)
    return iter(())


def _ssh(found: RecordedConversation, side: Side) -> Iterator[_Record]:
    if side is Side.SERVER or found.accepted:
        return
    host = found.handshake.client.expects_name
    if not found.resolved:
        detail = f"ssh: Could not resolve hostname {host}: {_NO_NAME}"
        yield _Record(found.end, "ssh: ", f'Detail="{detail}" Level="ERROR"')
        return
    if found.reached:
        detail = f"{NOT_PUBLISHED} (SSH to {host} port {found.handshake.port})"
        yield _Record(found.end, f"{WRITER}: ", f'Detail="{detail}"')
        return
    detail = f"ssh: connect to host {host} port {found.handshake.port}: {_TIMED_OUT}"
    yield _Record(found.end, "ssh: ", f'Detail="{detail}" Level="ERROR"')


def _proxy(found: RecordedConversation) -> Iterator[_Record]:
    verdict = found.transcript.verdict
    if verdict is None or verdict.accepted or verdict.cause is Cause.OTHER:
        return
    host = found.handshake.client.expects_name
    error = refusal(verdict, Side.CLIENT).error
    body = f"[ET_NET 1]ERROR:SSL connection failed for '{host}':{error}"
    # The published line has no blank between the process and what follows it.
    yield _Record(_spoken(found)[-1], "traffic_server[2030]:", body)


def _sip(found: RecordedConversation, side: Side) -> Iterator[_Record]:
    if not found.resolved:
        # What Expressway logs of a zone whose peer has no address is not published.
        return
    ends = _Ends(found)
    if side is Side.CLIENT:
        yield ends.tcp(found.start, "TCP Connecting")
    if not found.reached:
        if side is Side.CLIENT:
            yield ends.tcp(found.end, "TCP Connection Closed", _TIMED_OUT)
        return
    opened, spoken = found.packets()[2].at, _spoken(found)
    yield ends.tcp(opened, "TCP Connection Established")
    yield ends.ssl(spoken[0], "Handshake in progress")
    if found.accepted:
        # The last two flights are the request and its answer, one packet each.
        asked, answered = spoken[-2:]
        yield ends.ssl(asked, "Handshake succeeded")
        dialog = DIALOGS[Talk.SIP]
        request = dialog.request(found.handshake)
        yield ends.message(asked, request, side, sent=side is Side.CLIENT)
        yield ends.message(answered, dialog.answer(request), side, sent=side is Side.SERVER)
        return
    yield from ends.refused(spoken[-1], found.end, side)


def _spoken(found: RecordedConversation) -> list[datetime]:
    """Return the moments of the packets that carry data."""
    opening = 3
    return [p.at for p in found.packets()[opening:] if len(p.frame) > _HEADERS]


class _Ends:
    """Writes records about one connection, which carry its addresses and ports."""

    def __init__(self, found: RecordedConversation) -> None:
        self._found = found
        self._handshake: Handshake = found.handshake
        self._client = found.handshake.client.address, found.client_port
        self._server = found.handshake.server.address, found.handshake.port
        self._pairs = f"{_end('Src', *self._client)} {_end('Dst', *self._server)}"

    def tcp(self, at: datetime, detail: str, reason: str = "") -> _Record:
        tail = f' Reason="{reason}"' if reason else ""
        body = f'{_head(at, "network.tcp", "DEBUG")}:  {self._pairs} Detail="{detail}"{tail}'
        return _Record(at, "tvcs: ", body)

    def ssl(self, at: datetime, detail: str) -> _Record:
        body = f'{_head(at, "developer.ssl", "DEBUG")}:  {self._pairs} Detail="{detail}"'
        return _Record(at, "tvcs: ", body)

    def message(self, at: datetime, message: bytes, side: Side, *, sent: bool) -> _Record:
        local, remote = (self._client, self._server)[:: 1 if side is Side.CLIENT else -1]
        pairs = f"{_end('Local', *local)} {_end('Dst' if sent else 'Src', *remote)}"
        first, *rest = message.decode().removesuffix("\r\n\r\n").split("\r\n")
        lines = (" SIPMSG:", f" |{first}", *(f" {line}" for line in rest), " ", " |")
        action = "Sent" if sent else "Received"
        body = f'{_head(at, "network.sip", "DEBUG")}:  Action="{action}" {pairs}'
        return _Record(at, "tvcs: ", body, lines)

    def refused(self, at: datetime, closed: datetime, side: Side) -> Iterator[_Record]:
        verdict = self._found.transcript.verdict
        if verdict is None:
            return
        told = refusal(verdict, side)
        serves = side is Side.SERVER
        local, remote = (self._server, self._client)[:: 1 if serves else -1]
        way = "Inbound" if serves else "Outbound"
        name = "" if serves else f' Common-name="{self._handshake.client.expects_name}"'
        yield _Record(
            at,
            "tvcs: ",
            f'Event="{way} TLS Negotiation Error" Service="SIP" {self._pairs} '
            f'Detail="{told.words}" Protocol="TLS"{name} Level="1" UTCTime="{_utc(at)}"',
        )
        yield _Record(
            at,
            "tvcs: ",
            f'{_head(at, "developer.ssl", "ERROR")} {_SSL}Thread="0x7f00": '
            "TTSSL_continueHandshake: Failed to establish SSL connection "
            f'iResult="-1" error="1" bServer="{str(serves).lower()}" '
            f'localAddress="{_address(*local)}" remoteAddress="{_address(*remote)}" '
            f'ssl_error_reason="{told.error}"',
        )
        yield self.ssl(at, "Handshake Failed")
        yield self.tcp(closed, "TCP Connection Closed", told.words)


def _end(name: str, address: str, port: int) -> str:
    return f'{name}-ip="{address}" {name}-port="{port}"'


def _head(at: datetime, module: str, level: str) -> str:
    return f'UTCTime="{_utc(at)}" Module="{module}" Level="{level}"'


def _utc(at: datetime) -> str:
    moment = at.astimezone(UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S},{moment.microsecond // 1000:03}"


def _address(ip: str, port: int) -> str:
    return f"['IPv4''TCP''{ip}:{port}']"
