"""Capture files, pcap and pcapng, as numbered packets, never held as a whole."""

import mmap
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

from ekukit.capture.packet_index import useful
from ekukit.capture.packet_walk import walk
from ekukit.errors import InputError

# Wireshark refuses larger packets too, so that packet numbers stay the same.
MOST_PACKET = 262_144
MOST_BLOCK = 1 << 20
MOST_SECRETS = 16 << 20
UNKNOWN_LINK = -1

_PCAPNG = b"\x0a\x0d\x0d\x0a"
_PCAP = {
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\x3c\x4d": (">", 1),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
}
_OTHERS = {
    b"\x1f\x8b": "a gzip file: unpack it first",
    b"PK": "a zip file: unpack it first",
    b"\xa1\xb2\xcd\x34": "a pcap of the old patched kind: save it anew with Wireshark",
    b"\x34\xcd\xb2\xa1": "a pcap of the old patched kind: save it anew with Wireshark",
}
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET, _SECRETS = 0x0A0D0D0A, 1, 2, 3, 6, 10
# Blocks of other kinds that Wireshark numbers as if they were packets: journal entries and
# custom blocks.
_NUMBERED = {9, 0xBAD, 0x40000BAD}
_TLS_KEY_LOG = 0x544C534B
_RESOLUTION, _OFFSET = 9, 14
_SECOND = 1_000_000_000
_RANDOM = 64
_FILE_HEAD = 24


class Packet(NamedTuple):
    """One packet as it was captured.

    `number` counts from 1 over all packets of the file, as Wireshark does. `time` is nanoseconds
    since 1970 UTC, None where the file has none. `link` is the LINKTYPE of its interface,
    UNKNOWN_LINK where the file does not say.
    """

    number: int
    time: int | None
    link: int
    data: bytes


class _Interface(NamedTuple):
    link: int
    snap: int
    ticks: int
    offset: int


class _DamagedError(Exception):
    """The file cannot be followed further; the text says why."""


class CaptureFile:
    """Yields the packets of a capture in the order of the file, and says where it is damaged.

    Reads classic pcap in both byte orders and both resolutions, and pcapng with any number of
    sections and interfaces. After iteration `problems` holds sentences about damage, and `secrets`
    the TLS secrets that the file carries: by client random (lower-case hex), then by label.

    Raises InputError when the file is no capture. Damage inside a capture ends the iteration
    and is told in `problems`; a packet cut by the end of the file is not yielded, as in
    Wireshark. A large classic pcap is mapped into memory, and packets that belong to no TLS or
    SSH connection are passed over (`packet_index`). Memory: eight bytes a packet, one packet or
    block (at most 1 MiB), 16 MiB of secrets, the interfaces.
    Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. Not checked: checksums, and the
    options of packets.
    """

    def __init__(self, handle: BinaryIO, name: str) -> None:
        """Look at the first bytes of `handle`; `name` stands in error texts."""
        self.problems: list[str] = []
        self.secrets: dict[bytes, dict[bytes, bytes]] = {}
        self._secret_bytes = 0
        self._handle = handle
        self._number = 0
        self._magic = handle.read(4)
        self.may_have_secrets = self._magic == _PCAPNG
        if self._magic != _PCAPNG and self._magic not in _PCAP:
            raise InputError(_no_capture(name, self._magic))

    def __iter__(self) -> Iterator[Packet]:
        """Yield the packets that can matter to TLS or SSH; the file is read once."""
        try:
            if self._magic == _PCAPNG:
                yield from self._pcapng()
            else:
                yield from self._pcap(*_PCAP[self._magic])
        except _DamagedError as damage:
            self.problems.append(f"the file {damage} after packet {self._number}")

    def _pcap(self, order: str, nanoseconds: int) -> Iterator[Packet]:
        link = struct.unpack(order + "I", self._exactly(20)[16:])[0] & 0xFFFF
        data = self._whole()
        places, end = walk(data, order, MOST_PACKET)
        head = struct.Struct(order + "III")
        for number in useful(data, places, end, link):
            place = places[number]
            seconds, part, size = head.unpack_from(data, place - 16)
            time = seconds * _SECOND + part * nanoseconds
            yield Packet(number + 1, time, link, data[place : place + size])
        self._number = len(places)
        if end + 16 <= len(data) and head.unpack_from(data, end)[2] > MOST_PACKET:
            raise _DamagedError(_TOO_LARGE)
        if end < len(data):
            raise _DamagedError(_CUT)

    def _whole(self) -> bytes:
        """Return the whole file as bytes, which a file on disk gives without being read."""
        if isinstance(self._handle, BytesIO) and self._handle.tell() == _FILE_HEAD:
            return self._handle.getvalue()
        try:
            return _mapped(self._handle.fileno())
        except (OSError, ValueError, AttributeError):
            return bytes(_FILE_HEAD) + self._handle.read()

    def _pcapng(self) -> Iterator[Packet]:
        order, start = "<", self._magic + self._exactly(4)
        interfaces: list[_Interface] = []
        while start:
            if len(start) < 8:  # noqa: PLR2004 - a block's type and length
                raise _DamagedError(_CUT)
            if start[:4] == _PCAPNG:
                mark = self._exactly(4)
                order = ">" if mark == b"\x1a\x2b\x3c\x4d" else "<"
                interfaces = []
            kind, size = struct.unpack(order + "II", start)
            done = 12 if kind == _SECTION else 8
            body = self._body(size - done - 4)
            if self._exactly(4) != start[4:]:
                raise _DamagedError(_DISAGREES)
            if kind == _INTERFACE:
                interfaces.append(_interface(order, body))
            elif kind == _SECRETS:
                self._keep_secrets(order, body)
            elif kind in (_PACKET, _SIMPLE, _OLD_PACKET):
                self._number += 1
                yield self._packet(order, kind, body, interfaces)
            elif kind in _NUMBERED:
                self._number += 1
            start = self._handle.read(8)

    def _packet(self, order: str, kind: int, body: bytes, interfaces: list[_Interface]) -> Packet:
        if len(body) < (4 if kind == _SIMPLE else 20):
            raise _DamagedError(_CUT)
        if kind == _SIMPLE:
            found = interfaces[0] if interfaces else _NO_INTERFACE
            size = min(struct.unpack_from(order + "I", body)[0], found.snap or MOST_PACKET)
            return Packet(self._number, None, found.link, body[4 : 4 + size])
        number, high, low, size = struct.unpack_from(order + "IIII", body)
        if kind == _OLD_PACKET:
            number = struct.unpack_from(order + "H", body)[0]
        found = interfaces[number] if number < len(interfaces) else _NO_INTERFACE
        time = (high << 32 | low) * _SECOND // found.ticks + found.offset * _SECOND
        return Packet(self._number, time, found.link, body[20 : 20 + size])

    def _keep_secrets(self, order: str, body: bytes) -> None:
        if len(body) < 8 or struct.unpack_from(order + "I", body)[0] != _TLS_KEY_LOG:  # noqa: PLR2004
            return
        self._secret_bytes += len(body)
        if self._secret_bytes <= MOST_SECRETS:
            for line in body[8:].splitlines():
                parts = line.split()
                if len(parts) == 3 and len(parts[1]) == _RANDOM:  # noqa: PLR2004 - label and both
                    known = self.secrets.setdefault(parts[1].lower(), {})
                    known[parts[0]] = _from_hex(parts[2])

    def _body(self, size: int) -> bytes:
        """Return a block's body; what exceeds the limit is read and thrown away."""
        if size < 0 or size % 4:
            raise _DamagedError(_DISAGREES)
        body = self._exactly(min(size, MOST_BLOCK))
        size -= len(body)
        while size:
            size -= len(self._exactly(min(size, MOST_BLOCK)))
        return body

    def _exactly(self, size: int) -> bytes:
        data = self._handle.read(size)
        if len(data) < size:
            raise _DamagedError(_CUT)
        return data


def _from_hex(text: bytes) -> bytes:
    try:
        return bytes.fromhex(text.decode("ascii"))
    except ValueError:
        return b""


def _mapped(number: int) -> bytes:
    """Return an open file as memory, filled at once where the system can: that is much quicker."""
    if hasattr(mmap, "MAP_POPULATE"):
        flags = mmap.MAP_PRIVATE | mmap.MAP_POPULATE
        return mmap.mmap(number, 0, flags=flags, prot=mmap.PROT_READ)  # type: ignore[return-value]
    return mmap.mmap(number, 0, access=mmap.ACCESS_READ)  # type: ignore[return-value]


_CUT = "is cut short"
_TOO_LARGE = f"is damaged (a packet of more than {MOST_PACKET} bytes)"
_DISAGREES = "is damaged (a block with lengths that disagree)"
_NO_INTERFACE = _Interface(UNKNOWN_LINK, 0, 1_000_000, 0)


def _interface(order: str, body: bytes) -> _Interface:
    if len(body) < 8:  # noqa: PLR2004 - link type, reserved, snap length
        return _NO_INTERFACE
    link, _, snap = struct.unpack_from(order + "HHI", body)
    ticks, offset, place = 1_000_000, 0, 8
    while place + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, place)
        value = body[place + 4 : place + 4 + size]
        if code == _RESOLUTION and len(value) == 1:
            power = value[0] & 0x7F
            ticks = 2**power if value[0] & 0x80 else 10**power
        elif code == _OFFSET and len(value) == 8:  # noqa: PLR2004 - a 64-bit number of seconds
            offset = struct.unpack(order + "q", value)[0]
        elif code == 0:
            break
        place += 4 + size + -size % 4
    return _Interface(link, snap, ticks, offset)


def _no_capture(name: str, magic: bytes) -> str:
    found = f"its first bytes are {magic.hex(' ')}" if magic else "it is empty"
    for start, words in _OTHERS.items():
        if magic.startswith(start):
            found = f"it looks like {words}"
    return (
        f"{name} is no capture: {found}; expected pcap (a1b2c3d4 or a1b23c4d in either byte order) "
        "or pcapng (0a0d0d0a), as tcpdump, Wireshark and the diagnostic logging write them"
    )
