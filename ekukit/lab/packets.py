"""Flights of a handshake as Ethernet frames, in a pcap or a pcapng file with secrets embedded."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address

from ekukit.connections import Handshake, Side

SEGMENT = 1448
_STEP = timedelta(milliseconds=1)
_TLS_KEY_LOG = 0x544C534B
# Linux repeats a SYN six times (tcp_syn_retries), each after twice the time, then gives up.
SYN_DELAYS = tuple(timedelta(seconds=2**n - 1) for n in range(7))
GIVES_UP = timedelta(seconds=127)
_FIN, _SYN, _PSH, _ACK = 0x01, 0x02, 0x08, 0x10
_MACS = {Side.CLIENT: b"\x02\x00\x00\x00\x00\x01", Side.SERVER: b"\x02\x00\x00\x00\x00\x02"}


@dataclass(frozen=True, slots=True)
class RecordedPacket:
    """One frame, the moment it is stamped with, and who sent it."""

    at: datetime
    side: Side
    frame: bytes


def packets(
    handshake: Handshake,
    flights: Iterable[tuple[Side, bytes]],
    *,
    client_port: int,
    number: int = 0,
    closes: bool = True,
) -> tuple[RecordedPacket, ...]:
    """Return a whole TCP conversation around the flights: SYN, data, acknowledgments, FIN.

    The bytes of the flights are those that crossed; the TCP around them is made here, with
    right checksums and sequence numbers, because the handshake ran in memory. Conversation
    `number` starts that many seconds after the deployment's moment. A connection that stays up
    does not close.
    """
    wire = _Wire(handshake, client_port, number)
    wire.send(Side.CLIENT, _SYN)
    wire.send(Side.SERVER, _SYN | _ACK)
    wire.send(Side.CLIENT, _ACK)
    for side, flight in flights:
        pieces = [flight[i : i + SEGMENT] for i in range(0, len(flight), SEGMENT)]
        for place, piece in enumerate(pieces):
            push = _PSH if place == len(pieces) - 1 else 0
            wire.send(side, _ACK | push, piece)
        wire.send(other(side), _ACK)
    if closes:
        wire.send(Side.CLIENT, _FIN | _ACK)
        wire.send(Side.SERVER, _FIN | _ACK)
        wire.send(Side.CLIENT, _ACK)
    return tuple(wire.sent)


def unanswered(
    handshake: Handshake, *, client_port: int, number: int = 0
) -> tuple[RecordedPacket, ...]:
    """Return the SYNs of a connection that nobody answers, repeated as Linux does."""
    sent = []
    for delay in SYN_DELAYS:
        wire = _Wire(handshake, client_port, number)
        wire.wait(delay)
        wire.send(Side.CLIENT, _SYN)
        sent += wire.sent
    return tuple(sent)


def other(side: Side) -> Side:
    """Return the opposite side."""
    return Side.SERVER if side is Side.CLIENT else Side.CLIENT


class _Wire:
    """Keeps the sequence numbers of both directions."""

    def __init__(self, handshake: Handshake, client_port: int, number: int) -> None:
        self.sent: list[RecordedPacket] = []
        self._at = handshake.at + timedelta(seconds=number)
        self._hosts = {
            Side.CLIENT: (IPv4Address(handshake.client.address).packed, client_port),
            Side.SERVER: (IPv4Address(handshake.server.address).packed, handshake.port),
        }
        self._next = {Side.CLIENT: 1_000_000, Side.SERVER: 5_000_000}

    def wait(self, delay: timedelta) -> None:
        self._at += delay

    def send(self, side: Side, flags: int, payload: bytes = b"") -> None:
        there = other(side)
        acknowledged = self._next[there] if flags & _ACK else 0
        segment = self._segment(side, flags, acknowledged, payload)
        frame = _MACS[there] + _MACS[side] + b"\x08\x00" + self._packet(side, segment)
        self.sent.append(RecordedPacket(self._at, side, frame))
        self._at += _STEP
        self._next[side] += len(payload) + (1 if flags & (_SYN | _FIN) else 0)

    def _segment(self, side: Side, flags: int, acknowledged: int, payload: bytes) -> bytes:
        (source, source_port), (target, target_port) = self._hosts[side], self._hosts[other(side)]
        options = struct.pack("!BBHBBBB", 2, 4, 1460, 1, 1, 1, 0) if flags & _SYN else b""
        offset = (20 + len(options)) // 4 << 4
        head = struct.pack(
            "!HHIIBBHHH",
            source_port,
            target_port,
            self._next[side],
            acknowledged,
            offset,
            flags,
            65160,
            0,
            0,
        )
        whole = head + options + payload
        pseudo = source + target + struct.pack("!BBH", 0, 6, len(whole))
        return whole[:16] + struct.pack("!H", _checksum(pseudo + whole)) + whole[18:]

    def _packet(self, side: Side, segment: bytes) -> bytes:
        (source, _), (target, _) = self._hosts[side], self._hosts[other(side)]
        head = struct.pack(
            "!BBHHHBBH4s4s",
            0x45,
            0,
            20 + len(segment),
            len(self.sent) + 1,
            0x4000,
            64,
            6,
            0,
            source,
            target,
        )
        return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + segment


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pcap(found: Iterable[RecordedPacket]) -> bytes:
    """Return a classic pcap file of the packets in order of time, as a diagnostic archive has."""
    records = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, 1)]
    for packet in sorted(found, key=lambda p: p.at):
        seconds, micros = divmod(round(packet.at.timestamp() * 1_000_000), 1_000_000)
        size = len(packet.frame)
        records.append(struct.pack("<IIII", seconds, micros, size, size) + packet.frame)
    return b"".join(records)


def pcapng(found: Iterable[RecordedPacket], secrets: Iterable[bytes] = ()) -> bytes:
    """Return a pcapng file of the packets in order of time, with TLS secrets embedded."""
    blocks = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    blocks.append(_block(1, struct.pack("<HHI", 1, 0, 0)))
    lines = b"".join(line + b"\n" for line in secrets)
    if lines:
        blocks.append(_block(10, struct.pack("<II", _TLS_KEY_LOG, len(lines)) + _padded(lines)))
    for packet in sorted(found, key=lambda p: p.at):
        ticks = round(packet.at.timestamp() * 1_000_000)
        size = len(packet.frame)
        head = struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, size, size)
        blocks.append(_block(6, head + _padded(packet.frame)))
    return b"".join(blocks)


def _block(kind: int, body: bytes) -> bytes:
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
