"""Frames of handshakes inside tunnels and in fragments, as other systems would send them."""

import struct
from collections.abc import Callable

from capture_files import Frames

A, B = bytes([198, 51, 100, 1]), bytes([198, 51, 100, 2])
A6, B6 = (b"\x20\x01\x0d\xb8" + bytes(11) + bytes([n]) for n in (1, 2))
MACS = b"\x02\0\0\0\0\x09\x02\0\0\0\0\x08"


def checksum(data: bytes) -> int:
    """Return the Internet checksum."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4(protocol: int, body: bytes, own: int = 7, where: int = 0, options: bytes = b"") -> bytes:
    """Return an IPv4 packet."""
    words = 5 + len(options) // 4
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0, words * 4 + len(body), own, where, 64,
                       protocol, 0) + A + B + options  # fmt: skip
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def ipv6(following: int, body: bytes) -> bytes:
    """Return an IPv6 packet."""
    return struct.pack("!IHBB", 6 << 28, len(body), following, 64) + A6 + B6 + body


def udp(port: int, body: bytes) -> bytes:
    """Return a datagram without a checksum."""
    return struct.pack("!HHHH", port, port, len(body) + 8, 0) + body


def framed(kind: int, body: bytes) -> bytes:
    """Return an Ethernet frame."""
    return MACS + struct.pack("!H", kind) + body


def over(port: int, head: bytes, what: int = 0) -> Callable[[bytes], bytes]:
    """Return what puts a frame from the place `what` on into a datagram."""
    return lambda frame: framed(0x0800, ipv4(17, udp(port, head + frame[what:])))


def gre(head: bytes, what: int = 0) -> Callable[[bytes], bytes]:
    """Return what puts a frame from the place `what` on into GRE."""
    return lambda frame: framed(0x0800, ipv4(47, head + frame[what:]))


IP = 14
VXLAN = b"\x08\0\0\0\0\0\x2a\0"
# Every tunnel, as a function from frame to frame; each carries an IPv4 frame of Ethernet.
TUNNELS: dict[str, Callable[[bytes], bytes]] = {
    "VXLAN": over(4789, VXLAN),
    "VXLAN with a group policy": over(4789, b"\x88\0\0\x05" + VXLAN[4:]),
    "VXLAN-GPE": over(4790, b"\x0c\0\0\x01\0\0\x2a\0", IP),
    "Geneve": over(6081, b"\x02\0\x65\x58\0\0\x2a\0" + b"\x01\x02\x80\x01\0\0\0\1"),
    "GRE": gre(b"\0\0\x08\0", IP),
    "GRE with a check sum, key and number": gre(b"\xb0\0\x08\0" + bytes(12), IP),
    "Ethernet over GRE": gre(b"\0\0\x65\x58"),
    "NVGRE": gre(b"\x20\0\x65\x58\0\0\x2a\0"),
    "ERSPAN I": gre(b"\0\0\x88\xbe"),
    "ERSPAN II": gre(b"\x10\0\x88\xbe\0\0\0\1" + b"\x10\x2a\0\x01\0\0\0\0"),
    "ERSPAN III": gre(b"\x10\0\x22\xeb\0\0\0\1" + b"\x20\x2a\0\x01" + bytes(8)),
    "PPP over enhanced GRE": gre(b"\x30\x81\x88\x0b" + bytes(12) + b"\xff\x03\0\x21", IP),
    "IP in IP": lambda f: framed(0x0800, ipv4(4, f[IP:])),
    "6in4": lambda f: framed(0x0800, ipv4(41, ipv6(4, f[IP:]))),
    "4in6": lambda f: framed(0x86DD, ipv6(4, f[IP:])),
    "PPPoE": lambda f: framed(
        0x8864, struct.pack("!BBHH", 0x11, 0, 1, len(f) - IP + 2) + b"\0\x21" + f[IP:]
    ),
    "GTP-U": lambda f: over(
        2152, struct.pack("!BBHI", 0x30, 255, len(f) - IP, 9), IP
    )(f),
    "GTP-U with an extension": lambda f: over(
        2152, struct.pack("!BBHI", 0x34, 255, len(f) - IP + 8, 9) + b"\0\0\0\x85\1\x10\1\0", IP
    )(f),
    "L2TP": over(1701, b"\x00\x02\0\1\0\1\xff\x03\0\x21", IP),
    "MPLS": lambda f: framed(0x8847, b"\0\1\0\x40\0\2\1\x40" + f[IP:]),
    "Ethernet over MPLS": lambda f: framed(0x8847, b"\0\1\x01\x40\0\0\0\0" + f),
    "MPLS over UDP": over(6635, b"\0\1\x01\x40", IP),
    "EtherIP": lambda f: framed(0x0800, ipv4(97, b"\x30\0" + f)),
    "authentication header": lambda f: framed(
        0x0800, ipv4(51, b"\x04\x04" + bytes(22) + f[IP:])
    ),
    "IP options": lambda f: framed(0x0800, ipv4(4, f[IP:], options=b"\x01" * 8)),
    "300 VLAN tags": lambda f: f[:12] + b"\x81\0\0\1" * 300 + f[12:],
    "SNAP": lambda f: f[:12] + struct.pack("!H", len(f) - 6) + b"\xaa\xaa\x03\0\0\0" + f[12:],
    "Cisco metadata": lambda f: f[:12] + b"\x89\x09\1\1\0\1\0\x0b" + f[12:],
}  # fmt: skip
# What tshark needs to be told, or does not know at the version that judges.
NOT_JUDGED = {"300 VLAN tags", "Ethernet over MPLS"}


def inside(frames: Frames, *tunnels: str) -> Frames:
    """Return the frames inside tunnels, the first the innermost."""
    for name in tunnels:
        frames = [(at, TUNNELS[name](frame)) for at, frame in frames]
    return frames


def pieces(frame: bytes, size: int, own: int) -> list[bytes]:
    """Cut an IPv4 packet into fragments with at most `size` bytes each."""
    out, body = [], frame[34:]
    for start in range(0, len(body), size):
        part = body[start : start + size]
        where = (0x2000 if start + size < len(body) else 0) | start // 8
        head = frame[14:16] + struct.pack("!HHH", 20 + len(part), own, where) + frame[22:34]
        head = head[:10] + b"\0\0" + head[12:]
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        out.append(frame[:14] + head + part)
    return out


def pieces6(frame: bytes, size: int, own: int) -> list[bytes]:
    """Turn an IPv4 packet into IPv6 and cut it into fragments with at most `size` bytes each."""
    out, body = [], frame[34:]
    ends = b"".join(b"\x20\x01\x0d\xb8" + bytes(8) + frame[p : p + 4] for p in (26, 30))
    for start in range(0, len(body), size):
        part = body[start : start + size]
        where = start | (start + size < len(body))
        head = struct.pack("!IHBB", 6 << 28, len(part) + 8, 44, 64) + ends
        out.append(framed(0x86DD, head + struct.pack("!BBHI", 6, 0, where, own) + part))
    return out
