"""TLS and SSH connections in a capture file, one row each: who showed which certificate.

Columns and dtypes, also of an empty table:

- file, client, server, protocol ("TLS" or "SSH"), note: string. client and server are
  addresses, by who sent which message, else by the SYN, else server is the lower port
- version: string; "TLS 1.2" as chosen by the server, NA without a ServerHello; for SSH the
  server's version line, or the client's where that is all
- sni: string, NA when not sent
- random: string; the client's random as hex, the same wherever the connection was captured
- first_packet, client_port, server_port, client_hello, server_hello, certificate_request,
  server_certificates_packet, client_certificates_packet: Int64, NA when not seen. For SSH the
  hellos are the version lines, server_certificates_packet is the key exchange reply with an
  X.509 host key. A HelloRetryRequest is no server_hello, the note has its packet
- server_serials, client_serials: object; a tuple of lower-case hex without leading zeros,
  leaf first, "" for a serial that cannot be read; () for a Certificate message without
  certificates; None when no such message was seen
- server_chain, client_chain: object; the same certificates as a tuple of DER bytes, which
  `chain_view` turns into a Certificate; None as above
- alerts: object; a tuple of (packet, "client" or "server" as sender, level, number) of
  alerts in clear or decrypted; level 1 is warning, 2 fatal. Who sends an alert about a
  certificate refuses that of the other end
- time: datetime64[ns, UTC] of the first packet, NaT where the file has none
- decrypted: bool; TLS 1.3 of which the file's own secrets opened records
- complete: bool; both ends sent ChangeCipherSpec (SSH: New Keys) or application data was
  seen, and no fatal alert. For TLS 1.3: both ends sent encrypted records, the client one of at
  least the size of Finished; a certificate refused after that is hidden. For TLS 1.3 that was
  decrypted: both ends sent Finished, and where the server asked for a certificate it went on
  after the client's
"""

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ekukit.capture.conversation import Conversation, Found, Start
from ekukit.capture.handshake_rows import COLUMNS, row
from ekukit.capture.layers import Layers
from ekukit.capture.packet_file import CaptureFile, Packet
from ekukit.capture.tcp_streams import SYN, Segment
from ekukit.errors import InputError
from ekukit.frames import Rows

if TYPE_CHECKING:
    import pandas as pd


def read_capture(source: str | PathLike[str] | BinaryIO, name: str | None = None) -> "pd.DataFrame":
    """Return one row for each TLS or SSH connection in a capture, ordered by first packet.

    TLS is known by its hello on any port, also after plaintext (STARTTLS), or by its records
    where the capture begins midway; SSH by its version line. Where packets are cut before either,
    known ports tell. `source` is a path or an open binary file, `name` stands in the column
    `file` (otherwise the path's last part). Tunnels are opened and fragments put together; what
    lies in a tunnel has so in its note.

    Packet numbers count from 1 over all packets of the file, as Wireshark does. A message's packet
    is the one with which the message could be read as a whole (Wireshark's number with
    "reassemble out-of-order segments" on). Columns and dtypes, also of an empty table,
    are listed at the top of this module.

    The note says what is not there as a whole, and which lengths are wrong.
    `attrs["counts"]` tells how many packets were not decoded; `attrs["problems"]` is a tuple of
    sentences about damage, limits, link types and packets that were not read, with the number of
    each kind and its first packet.

    Raises InputError when the file cannot be opened or is no capture; never for what a capture
    contains. Memory is bounded by 65,536 conversations and 64 MiB of bytes held at a time (beyond
    either the oldest conversation is closed early), 128 KiB waiting behind a gap, 256 KiB a
    message, 16 MiB of fragments; the table itself grows with what was found.

    Source: RFC 5246, RFC 8446, RFC 4253, RFC 6187. Not checked: signatures, checksums. Not read:
    TLS 1.2 after ChangeCipherSpec, tunnels that encrypt, DTLS, QUIC, hellos in SSL 2.0 format,
    connections that go on in another file.
    """
    return capture_rows(source, name).frame


def capture_rows(source: str | PathLike[str] | BinaryIO, name: str | None = None) -> Rows:
    """Return the rows of `read_capture`, `time` in nanoseconds; raises as it does."""
    if isinstance(source, (str, PathLike)):
        path = Path(source)
        try:
            with path.open("rb") as handle:
                return _read(handle, name or path.name)
        except OSError as error:
            msg = f"{path} cannot be read: {error.strerror or error}; give the path of a capture"
            raise InputError(msg) from None
    return _read(source, name or str(getattr(source, "name", "")))


def _read(handle: BinaryIO, name: str) -> Rows:
    capture = CaptureFile(handle, name)
    conversations = Conversations(keeps=capture.may_have_secrets)
    rows = [row(found, name, capture.secrets) for found in conversations.of(capture)]
    rows.sort(key=_first_packet)
    # A node shows the same chain in connection after connection: one copy is enough.
    chains: dict[tuple[bytes, ...], tuple[bytes, ...]] = {}
    for values in rows:
        for column in ("server_chain", "client_chain"):
            if values[column]:
                values[column] = chains.setdefault(values[column], values[column])
    if capture.problems:
        for values in rows:
            if not values["complete"]:
                values["note"] = "; ".join(filter(None, (values["note"], *capture.problems)))
    attrs = {
        "problems": (*capture.problems, *conversations.problems),
        "counts": {"packets_not_decoded": conversations.not_decoded},
    }
    return Rows(COLUMNS, rows, attrs)


def _first_packet(values: dict[str, Any]) -> int:
    return int(values["first_packet"])


MOST_CONVERSATIONS = 65_536
MOST_HELD = 64 << 20
_BARE = "connections are cut before anything tells whether they are TLS or SSH"
_EARLY = "conversations were closed early to bound memory"


class Conversations:
    """Sorts packets into TCP conversations and gives those that are TLS or SSH.

    A conversation is given once nothing more of it can be read, at the latest at the end of the
    file; `problems` then says what was not read. A SYN with another sequence number begins another
    conversation of the same ends. Memory: 65,536 conversations and 64 MiB of bytes that wait for
    others; beyond either the oldest conversation is closed early.
    """

    def __init__(self, *, keeps: bool = False) -> None:
        """Begin with no conversation; with `keeps`, encrypted records are kept to be opened."""
        self._layers = Layers()
        self._keeps = keeps
        self._going: dict[bytes, Conversation] = {}
        self._held = 0
        self._early = 0

    @property
    def problems(self) -> list[str]:
        """Return in sentences what was not read."""
        early = [f"{self._early} {_EARLY}"] * (self._early > 0)
        return [*self._layers.tally.sentences(), *early]

    @property
    def not_decoded(self) -> int:
        """Return how many packets, or pieces of packets, were not read."""
        return self._layers.tally.total

    def of(self, packets: Iterable[Packet]) -> Iterator[Found]:
        """Yield the TLS and SSH connections in the packets."""
        segment, given_up = self._layers.segment, self._layers.given_up
        for packet in packets:
            found = segment(packet)
            if found is not None:
                yield from self._take(found, packet.number, packet.time)
            if given_up:
                for part in self._layers.late():
                    yield from self._take(*part)
            while self._held > MOST_HELD or len(self._going) > MOST_CONVERSATIONS:
                oldest = next(iter(self._going))
                self._early += not self._going[oldest].done
                yield from self._close(oldest)
        for part in self._layers.late(end=True):
            yield from self._take(*part)
        for key in list(self._going):
            yield from self._close(key)

    def _take(self, found: Segment, number: int, time: int | None) -> Iterator[Found]:
        way = int(found.source > found.target)
        ends = (found.target, found.source) if way else (found.source, found.target)
        key = ends[0] + ends[1]
        conversation = self._going.get(key)
        if conversation and found.flags & SYN and conversation.is_other(way, found.sequence):
            yield from self._close(key)
            conversation = None
        if conversation is None:
            start = Start(ends, number, time, self._layers.within)
            conversation = self._going[key] = Conversation(start, keeps=self._keeps)
        if not conversation.done:
            self._held += conversation.take(way, found, number)

    def _close(self, key: bytes) -> Iterator[Found]:
        conversation = self._going.pop(key)
        self._held -= conversation.held
        found = conversation.finish()
        if found is not None:
            yield found
        elif conversation.is_bare:
            self._layers.tally.add(_BARE, conversation.start.first)
