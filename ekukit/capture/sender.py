"""What one end of a TLS connection sent, as far as a capture shows it."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

_MOST_FAULTS = 8
# Where in some bytes those of each packet end, and the packet's number.
Marks = list[tuple[int, int]]


class Sealed(NamedTuple):
    """An encrypted record: who sent it, its size without the header, its packet.

    `record` is all of it where it is kept, b"" otherwise.
    """

    way: int
    size: int
    packet: int
    record: bytes = b""


@dataclass(slots=True)
class Sender:
    """What one end sent.

    `packets` has the packet of each kind of message, `alerts` packet, level and number. `lost` is
    set after a gap until a whole message is found, `aligned` while record borders are known.
    `parts` has the packet of each kind of message of which only a part is there, `leaf` the first
    certificate of such a Certificate message, `faults` what else is wrong, in words. `marks` has
    where in `rest` the bytes of each packet end.
    """

    lost: bool = False
    aligned: bool = False
    encrypted: bool = False
    data: bool = False
    skip: int = 0
    missing: int = 0
    rest: bytearray = field(default_factory=bytearray)
    marks: Marks = field(default_factory=list)
    handshake: bytearray = field(default_factory=bytearray)
    begun: int = 0
    packets: dict[int, int] = field(default_factory=dict)
    chain: tuple[bytes, ...] | None = None
    leaf: bytes = b""
    alerts: list[tuple[int, int, int]] = field(default_factory=list)
    parts: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, words: str) -> None:
        """Note what could not be read, each once and no more than eight."""
        if words not in self.faults and len(self.faults) < _MOST_FAULTS:
            self.faults.append(words)


def packet_of(marks: Marks, end: int) -> int:
    """Return the packet with which the bytes before `end` were there."""
    if len(marks) == 1:
        return marks[0][1]
    at = bisect_left(marks, (end, 0))
    return marks[min(at, len(marks) - 1)][1]
