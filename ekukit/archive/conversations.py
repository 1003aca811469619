"""Conversations in a capture: which of them are TLS or SSH, and who said what."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ekukit.archive.capture_fields import begins_record, find_hello, may_begin_hello
from ekukit.archive.capture_file import UNKNOWN_LINK, Packet
from ekukit.archive.capture_ssh import Ssh
from ekukit.archive.capture_tls import SERVER_HELLO, Tls
from ekukit.archive.streams import ACK, KNOWN_LINKS, RST, SYN, Segment, Stream, segment

MOST_CONVERSATIONS = 65_536
MOST_HELD = 64 << 20
_SSH = b"SSH-"
_WHOLE = 0xFFFFFFFF


class Found(NamedTuple):
    """A TLS or SSH connection in a capture; `client` is 0 when the first of the ends is it.

    An end is the address's bytes followed by the port's two. `opened` says whether a SYN was seen.
    """

    talk: Tls | Ssh
    client: int
    ends: tuple[bytes, bytes]
    first: int
    time: int | None
    opened: bool


class Conversations:
    """Sorts packets into TCP conversations and gives those that are TLS or SSH.

    A conversation is given once nothing more of it can be read, at the latest at the end of the
    file; `problems` then says what was not read. A SYN with another sequence number begins another
    conversation of the same ends. Memory: 65,536 conversations and 64 MiB of bytes that wait for
    others; beyond either the oldest conversation is closed early.
    """

    def __init__(self) -> None:
        """Begin with no conversation."""
        self.problems: list[str] = []
        self._going: dict[bytes, _Conversation] = {}
        self._held = 0

    def of(self, packets: Iterable[Packet]) -> Iterator[Found]:
        """Yield the TLS and SSH connections in the packets."""
        unread: dict[int, int] = {}
        early = 0
        for number, time, link, data in packets:
            found = segment(link, data)
            if found is not None:
                yield from self._take(found, number, time)
            elif link not in KNOWN_LINKS:
                unread[link] = unread.get(link, 0) + 1
            while self._held > MOST_HELD or len(self._going) > MOST_CONVERSATIONS:
                early += 1
                yield from self._close(next(iter(self._going)))
        for key in list(self._going):
            yield from self._close(key)
        for link, count in unread.items():
            words = "unknown" if link == UNKNOWN_LINK else link
            self.problems.append(f"{count} packets of link type {words} were not read")
        if early:
            self.problems.append(f"{early} conversations were closed early to bound memory")

    def _take(self, found: Segment, number: int, time: int | None) -> Iterator[Found]:
        way = int(found.source > found.target)
        ends = (found.target, found.source) if way else (found.source, found.target)
        key = ends[0] + ends[1]
        conversation = self._going.get(key)
        if conversation and found.flags & SYN and conversation.is_other(way, found.sequence):
            yield from self._close(key)
            conversation = None
        if conversation is None:
            conversation = self._going[key] = _Conversation(ends, number, time)
        if not conversation.done:
            self._held += conversation.take(way, found, number)

    def _close(self, key: bytes) -> Iterator[Found]:
        conversation = self._going.pop(key)
        self._held -= conversation.held
        found = conversation.finish()
        if found is not None:
            yield found


class _Conversation:
    """Two streams between two ends, until they are known to be TLS, SSH or neither."""

    __slots__ = (
        "_begins", "_ends", "_first", "_opener", "_pending", "_streams", "_talk", "_time",
        "done", "held",
    )  # fmt: skip

    def __init__(self, ends: tuple[bytes, bytes], first: int, time: int | None) -> None:
        self.done = False
        self.held = 0
        self._ends, self._first, self._time = ends, first, time
        self._talk: Tls | Ssh | None = None
        self._opener: int | None = None
        self._begins: list[int | None] = [None, None]
        self._pending = [b"", b""]
        self._streams: tuple[Stream, Stream] | None = None

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
        elif not found.payload or found.flags & RST:
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
        waiting = self._streams[0].held + self._streams[1].held
        if self._talk is not None:
            waiting += self._talk.held
            if self._talk.done and self._talk.confirmed:
                self.done, self._streams, waiting = True, None, 0
        grown, self.held = waiting - self.held, waiting
        return grown

    def finish(self) -> Found | None:
        """Read what still waits behind gaps that no packet filled; return what was found."""
        streams = self._streams or ()
        while waiting := [(s.first_waiting, way) for way, s in enumerate(streams) if s.held]:
            way = min(waiting)[1]
            for data, number, missing in streams[way].give_up():
                self._read(way, data, number, missing)
        talk, ports = self._talk, [end[-2:] for end in self._ends]
        if talk is None or not talk.confirmed:
            return None
        client = talk.client if talk.client is not None else self._opener
        if client is None:
            client = int(ports[1] > ports[0])
        opened = self._opener is not None
        return Found(talk, client, self._ends, self._first, self._time, opened)

    def _read(self, way: int, data: bytes, packet: int, missing: int) -> None:
        if missing:
            self._pending[way] = b""
            if self._talk is not None and self._talk.confirmed:
                self._talk.gap(way, missing)
            else:
                self._talk = None
        if self._talk is None:
            data = self._recognize(way, data)
        if self._talk is not None and not self._talk.feed(way, data, packet):
            self._talk = self._talk if self._talk.confirmed else None

    def _recognize(self, way: int, data: bytes) -> bytes:
        """Set `talk` once a stream shows what it is; return the bytes that belong to it."""
        data = self._pending[way] + data
        self._pending[way] = b""
        hello = find_hello(data)
        if data.startswith(_SSH):
            self._talk = Ssh()
        elif hello is not None:
            answers = data[hello + 5] == SERVER_HELLO  # the client's was missed
            self._talk = Tls(*(answers and place != way for place in (0, 1)))
            return data[hello:]
        elif rest := may_begin_hello(data) or (data if _SSH.startswith(data) else b""):
            self._pending[way] = rest
        elif begins_record(data):
            self._talk = Tls(True, True)  # noqa: FBT003
        return data
