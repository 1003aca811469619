"""Recordings of handshakes: what crossed, as packets that Wireshark opens."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ekukit.connections import CATALOG, Cause, Connection, Handshake, Protocol, connection
from ekukit.connections.attempts import attempts
from ekukit.expressway import Deployment
from ekukit.lab.bench import engine_of
from ekukit.lab.packets import GIVES_UP, RecordedPacket, packets, pcapng, unanswered
from ekukit.lab.tape import Transcript
from ekukit.lab.tls import TLS_1_3, run_tls

# Core's outbound port ranges: SIP TLS 25000-29999, tunnels 30000-35999.
FIRST_PORT = {Protocol.TLS: 25011, Protocol.SSH: 30011}


@dataclass(frozen=True, slots=True, eq=False)
class RecordedConversation:
    """One recorded attempt of a connection: what was tried, what crossed, and when it began.

    `number` counts the conversations of a deployment from 0; the client's port and the start
    follow from it. `certain` is false when the handshake is one of several that a far end may
    answer with, because what it does is not known. `reached` is false when nobody answered; then
    nothing crossed and there is no verdict.
    """

    row: Connection
    handshake: Handshake
    transcript: Transcript
    number: int
    certain: bool = True
    reached: bool = True

    @property
    def connection(self) -> str:
        """Return the id of the catalog's row."""
        return self.row.id

    @property
    def client_port(self) -> int:
        """Return the TCP port of the initiator."""
        return FIRST_PORT[self.handshake.protocol] + self.number

    @property
    def start(self) -> datetime:
        """Return the moment of the first packet."""
        return self.handshake.at + timedelta(seconds=self.number)

    @property
    def end(self) -> datetime:
        """Return the moment of the last packet, of the time-out, or of the failed look-up."""
        if self.reached:
            return self.packets()[-1].at
        return self.start + GIVES_UP if self.resolved else self.start

    @property
    def resolved(self) -> bool:
        """Return whether the responder's name resolved; without that no packet is sent at all."""
        return self.handshake.unreached is not Cause.UNRESOLVED

    @property
    def accepted(self) -> bool:
        """Return whether the connection came up."""
        verdict = self.transcript.verdict
        return verdict is not None and verdict.accepted

    def has(self, address: str) -> bool:
        """Return whether a system with that address takes part."""
        return address in (self.handshake.client.address, self.handshake.server.address)

    def packets(self, *, closes: bool = True) -> tuple[RecordedPacket, ...]:
        """Return the conversation's packets; with `closes` false, without the FINs at the end."""
        if not self.resolved:
            return ()
        if not self.reached:
            return unanswered(self.handshake, client_port=self.client_port, number=self.number)
        return packets(
            self.handshake,
            self.transcript.flights,
            client_port=self.client_port,
            number=self.number,
            closes=closes,
        )


def record(handshake: Handshake) -> Transcript:
    """Make the handshake anew and return what crossed; nothing comes from the cache.

    Nothing crosses, and there is no verdict, where nothing is reached.
    """
    transcript = Transcript()
    if handshake.unreached is None:
        transcript.verdict = engine_of(handshake.protocol)(handshake, transcript)
    return transcript


def record_tls13(handshake: Handshake) -> Transcript:
    """Make a TLS handshake in TLS 1.3, which hides certificates, and return what crossed."""
    transcript = Transcript()
    transcript.verdict = run_tls(handshake, transcript, version=TLS_1_3)
    return transcript


def capture_tls13(handshake: Handshake, *, secrets: bool) -> bytes:
    """Return a pcapng file of a handshake in TLS 1.3, with the secrets that open it or without."""
    crossed = record_tls13(handshake)
    sent = packets(handshake, crossed.flights, client_port=FIRST_PORT[handshake.protocol])
    return pcapng(sent, crossed.secrets if secrets else ())


def conversations(
    deployment: Deployment,
    names: Iterable[str] | None = None,
    address: str | None = None,
    *,
    blocked: Collection[str] = (),
) -> tuple[RecordedConversation, ...]:
    """Return what crosses in every attempt of the deployment's connections, each made anew.

    `names` picks connections of the catalog, None all. With `address`, only those in which that
    system takes part are made; numbers, ports and times are the same as without. Nobody answers
    the connections named in `blocked`, as behind a firewall. Raises KeyError for an id that the
    catalog does not have.
    """
    rows = CATALOG if names is None else tuple(map(connection, names))
    closed = {connection(name).id for name in blocked}
    found = enumerate(_tried(deployment, rows))
    return tuple(
        _conversation(
            number,
            row,
            handshake,
            certain=certain,
            reached=row.id not in closed and handshake.unreached is None,
        )
        for number, (row, handshake, certain) in found
        if address is None or address in (handshake.client.address, handshake.server.address)
    )


def _tried(
    deployment: Deployment, rows: Iterable[Connection]
) -> Iterator[tuple[Connection, Handshake, bool]]:
    for row in rows:
        for attempt in attempts(deployment, row):
            for handshake in attempt:
                yield row, handshake, len(attempt) == 1


def _conversation(
    number: int, row: Connection, handshake: Handshake, *, certain: bool, reached: bool
) -> RecordedConversation:
    reached = reached and handshake.unreached is None
    crossed = record(handshake) if reached else Transcript()
    return RecordedConversation(row, handshake, crossed, number, certain, reached)


def capture(
    deployment: Deployment,
    names: Iterable[str] | None = None,
    *,
    made: Iterable[RecordedConversation] | None = None,
) -> bytes:
    """Return a pcapng file of the deployment's handshakes, TLS secrets embedded.

    Frames, ports and times are made around the bytes that crossed; the bytes are untouched.
    `names` picks connections of the catalog, None all; `made` gives conversations that were
    recorded before. SSH user authentication stays encrypted: no tool reads it from a capture.
    """
    found = tuple(conversations(deployment, names) if made is None else made)
    return pcapng(
        [packet for conversation in found for packet in conversation.packets()],
        [line for conversation in found for line in conversation.transcript.secrets],
    )
