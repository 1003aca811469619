"""One conversation in a capture: two streams, until they are known to be TLS, SSH or neither."""

from typing import NamedTuple

from ekukit.capture.fields import (
    begins_cut_hello,
    begins_record,
    find_hello,
    may_begin_hello,
)
from ekukit.capture.ssh_stream import Ssh
from ekukit.capture.tcp_streams import ACK, RST, SYN, Segment, Stream
from ekukit.capture.tls_messages import SERVER_HELLO
from ekukit.capture.tls_stream import Tls
from ekukit.connections import CATALOG, Protocol

_SSH = b"SSH-"
# What these ports carry is known without a look: where packets are cut there is nothing to see.
# XMPP between nodes, which the catalog does not have.
_FURTHER = (7400,)
_PORTS = {kind: {p for row in CATALOG if row.protocol is kind for p in row.ports}
          for kind in Protocol}  # fmt: skip
_SSH_PORTS, _TLS_PORTS = _PORTS[Protocol.SSH], _PORTS[Protocol.TLS].union(_FURTHER)
_WHOLE = 0xFFFFFFFF


class Start(NamedTuple):
    """Where a conversation begins, and between whom; `within` names the tunnels around it.

    An end is the address's bytes followed by the port's two.
    """

    ends: tuple[bytes, bytes]
    first: int
    time: int | None
    within: str


class Found(NamedTuple):
    """A TLS or SSH connection in a capture; `client` is 0 when the first of the ends is it.

    `opened` says whether a SYN was seen, `by_port` whether nothing but the port tells what it is.
    """

    talk: Tls | Ssh
    client: int
    start: Start
    opened: bool
    by_port: bool


class Conversation:
    """Two streams between two ends, until they are known to be TLS, SSH or neither."""

    __slots__ = (
        "_begins", "_cut_to", "_keeps", "_opener", "_other", "_pending", "_streams", "_talk",
        "done", "held", "start",
    )  # fmt: skip

    def __init__(self, start: Start, *, keeps: bool) -> None:
        """Begin with nothing read; with `keeps`, encrypted records are kept to be opened."""
        self.start, self.done, self.held = start, False, 0
        self._keeps = keeps
        self._talk: Tls | Ssh | None = None
        self._opener: int | None = None
        self._begins: list[int | None] = [None, None]
        self._pending = _NOTHING
        self._streams: tuple[Stream, Stream] | None = None
        self._cut_to: dict[int, int] = {}
        self._other = False

    @property
    def is_bare(self) -> bool:
        """Return whether packets are cut so that nothing tells what this is."""
        return bool(self._cut_to) and not self._other

    def is_other(self, way: int, sequence: int) -> bool:
        """Return whether a SYN with this number opens another conversation of the same ends."""
        begins = self._begins[way]
        return self._talk is not None if begins is None else begins != sequence + 1 & _WHOLE

    def take(self, way: int, found: Segment, packet: int) -> int:
        """Take one segment of a direction; return by how many bytes more (or fewer) wait."""
        sequence = found.sequence
        if found.flags & SYN:
            sequence = sequence + 1 & _WHOLE
            self._opener = 1 - way if found.flags & ACK else way
        elif not (found.payload or found.cut) or found.flags & RST:
            return 0
        if self._streams is None:
            self._streams = Stream(), Stream()
        stream = self._streams[way]
        if self._begins[way] is None:
            self._begins[way] = sequence
            stream.begin(sequence)
        if found.payload:
            for data, number, missing in stream.feed(sequence, found.payload, packet):
                self._read(way, data, number, missing)
        if found.cut:
            end = sequence + len(found.payload) + found.cut
            if stream.behind(end) >= stream.behind(self._cut_to.get(way, end)):
                self._cut_to[way] = end
        waiting = self._streams[0].held + self._streams[1].held
        return self._holds(waiting)

    def _holds(self, waiting: int) -> int:
        """Take note of how many bytes are held, and return how many more these are."""
        if self._talk is not None:
            if self._talk.done and self._talk.confirmed:
                self.done, self._streams, waiting = True, None, 0
            waiting += self._talk.held
        grown, self.held = waiting - self.held, waiting
        return grown

    def finish(self) -> Found | None:
        """Read what still waits behind gaps that no packet filled; return what was found."""
        streams = self._streams or ()
        while waiting := [(s.first_waiting, way) for way, s in enumerate(streams) if s.held]:
            way = min(waiting)[1]
            for data, number, missing in streams[way].give_up():
                self._read(way, data, number, missing)
        for way, end in self._cut_to.items() if streams else ():
            if missing := streams[way].behind(end):
                self._gap(way, missing)
        if self._talk is None:
            self._begin_cut()
        if self._talk is not None:
            self._talk.end()
        ports = [int.from_bytes(end[-2:], "big") for end in self.start.ends]
        sure = self._talk is not None and self._talk.confirmed
        talk = self._talk if sure else _by_port(ports) if self.is_bare else None
        if talk is None:
            return None
        client = talk.client if talk.client is not None else self._opener
        if client is None:
            client = int(ports[1] > ports[0])
        return Found(talk, client, self.start, self._opener is not None, not sure)

    def _read(self, way: int, data: bytes, packet: int, missing: int) -> None:
        if missing:
            self._gap(way, missing)
        if self._talk is None:
            data = self._recognize(way, data, packet)
        if self._talk is not None and not self._talk.feed(way, data, packet):
            self._talk = self._talk if self._talk.confirmed else None

    def _gap(self, way: int, missing: int) -> None:
        if self._talk is None:
            self._begin_cut()
        self._pending = _without(self._pending, way)
        if self._talk is not None:
            self._talk.gap(way, missing)
            self._talk = self._talk if self._talk.confirmed else None

    def _begin_cut(self) -> None:
        """Set `talk` where only the beginning of a hello is there."""
        lost = [not begins_cut_hello(data) for data, _ in self._pending]
        if not all(lost):
            self._talk = Tls(*lost, keeps=self._keeps)
            for way, (data, packet) in enumerate(self._pending):
                self._talk.feed(way, data, packet) if data else None
            self._pending = _NOTHING

    def _recognize(self, way: int, data: bytes, packet: int) -> bytes:
        """Set `talk` once a stream shows what it is; return the bytes that belong to it."""
        data = self._pending[way][0] + data
        self._pending = _without(self._pending, way)
        hello = find_hello(data)
        if data.startswith(_SSH):
            self._talk = Ssh()
        elif hello is not None:
            answers = data[hello + 5] == SERVER_HELLO  # the client's was missed
            lost = [answers and place != way for place in (0, 1)]
            self._talk = Tls(*lost, keeps=self._keeps)
            return data[hello:]
        elif rest := may_begin_hello(data) or (data if _SSH.startswith(data) else b""):
            self._pending = _without(self._pending, way, (rest, packet))
        elif begins_record(data):
            self._talk = Tls(True, True, keeps=self._keeps)  # noqa: FBT003
        else:
            self._other = True
        return data


_Pending = tuple[tuple[bytes, int], tuple[bytes, int]]
_NOTHING: _Pending = ((b"", 0), (b"", 0))


def _without(pending: _Pending, way: int, new: tuple[bytes, int] = (b"", 0)) -> _Pending:
    """Return what waits to be recognized, with something new in one direction."""
    return (pending[0], new) if way else (new, pending[1])


def _by_port(ports: list[int]) -> Tls | Ssh | None:
    """Return an empty connection of the kind that a port tells."""
    if _SSH_PORTS.intersection(ports):
        return Ssh()
    return Tls(True, True) if _TLS_PORTS.intersection(ports) else None  # noqa: FBT003
