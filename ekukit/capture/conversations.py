"""Conversations in a capture: which of them are TLS or SSH, and who said what."""

from collections.abc import Iterable, Iterator

from ekukit.capture.conversation import Conversation, Found, Start
from ekukit.capture.layers import Layers
from ekukit.capture.packet_file import Packet
from ekukit.capture.tcp_streams import SYN, Segment

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
