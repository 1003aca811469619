"""From a captured packet to the TCP segment in it: link layers, IP, tunnels, fragments."""

import struct
from collections.abc import Iterator
from contextlib import suppress

from ekukit.capture.fragments import Fragment, Fragments, Key
from ekukit.capture.packet_file import UNKNOWN_LINK, Packet
from ekukit.capture.tally import Tally
from ekukit.capture.tcp_streams import TCP_SIZE, Segment, segment
from ekukit.capture.tunnel_headers import (
    CARRIER_PORTS,
    FRAGMENT,
    IN_IP,
    IP,
    IP_AT,
    IPV4,
    IPV6,
    NAMES,
    NOTHING,
    OPAQUE,
    PPP,
    PPPOE,
    STEPS,
    TCP,
    Step,
    past_tags,
)

_ETHERNET = 1
# PPP, also with HDLC framing, and PPPoE.
_OTHER_LINKS = {9: PPP, 50: PPP, 51: PPPOE}
# Frames that never carry TCP: ARP, LLDP, loops, discovery of PPPoE, clocks, link aggregation.
_QUIET = {0x0806, 0x8035, 0x88CC, 0x9000, 0x8863, 0x88F7, 0x8809, 0x888E}
_MAY_CARRY = {TCP, *STEPS, *OPAQUE}
_MOST_LAYERS = 64
_TCP, _UDP = 6, 17
_V4, _V6, _V4_SIZE, _V6_SIZE = 4, 6, 20, 40
# Ethernet, IPv4 without options, and the ports.
_PLAIN, _IP_PLACE, _TCP_PLACE = 38, 14, 34
_CUT = "packets are cut before the end of their headers, so what they carry was not read"
_DEEP = f"packets with more than {_MOST_LAYERS} headers around what they carry were not read"
_STRANGE = "packets of an unknown kind inside a tunnel were not read"


class Layers:
    """Finds the TCP segment in each packet; what may hide one is counted in `tally`.

    Reads Ethernet with any number of VLAN tags, Linux cooked captures v1 and v2, BSD loopback,
    PPP and raw IP; IPv4 and IPv6 with options and extension headers, fragments put together;
    up to 64 headers of the tunnels in `capture_headers`, in any order. The payload of a packet
    cut by the snap length is what is there. Source: RFC 791, RFC 8200 and what the steps name.
    Not checked: checksums. Not read: what OPAQUE lists.
    """

    def __init__(self) -> None:
        """Begin with nothing counted and no fragment."""
        self.tally = Tally()
        self.within = ""
        self._fragments = Fragments(self.tally)
        self.given_up = self._fragments.given_up

    def segment(self, packet: Packet) -> Segment | None:
        """Return the TCP segment in a packet, None when there is none, or not yet.

        `within` then names the tunnels around it, the innermost first, "" for none.
        """
        number, _, link, data = packet
        self.within = ""
        # Most packets of a busy system are plain: these leave at once.
        if link == _ETHERNET and data[12:15] == b"\x08\0\x45" and len(data) >= _PLAIN:
            protocol = 0 if data[20] & 0x3F or data[21] else data[23]
            if protocol == _TCP and len(data) >= _TCP_PLACE + TCP_SIZE:
                total = data[16] << 8 | data[17]
                end = _IP_PLACE + total if total else len(data)
                return segment(data, _TCP_PLACE, end, data[26:30], data[30:34])
            if protocol == _UDP and (data[36] << 8 | data[37]) not in CARRIER_PORTS:
                return None
        try:
            return self._linked(packet)
        except (IndexError, struct.error):
            self.tally.add(_CUT, number)
            return None

    def late(self, *, end: bool = False) -> Iterator[tuple[Segment, int, int | None]]:
        """Yield what stands in the beginnings of packets of which other pieces did not come.

        With number and time of the last piece; at the `end` also of those that still wait.
        """
        for part in self._fragments.end() if end else self._fragments.left():
            packet = Packet(part.number, part.time, UNKNOWN_LINK, part.data)
            step = part.kind, 0, len(part.data)
            with suppress(IndexError, struct.error):
                found = self._walk(packet, step, (part.source, part.target))
                if found is not None:
                    yield found, part.number, part.time

    def _linked(self, packet: Packet) -> Segment | None:
        """Begin at the link layer."""
        data, end = packet.data, len(packet.data)
        if packet.link in IP_AT:
            kind_at, place = IP_AT[packet.link]
            if kind_at is None:
                return self._walk(packet, (IP, place, end))
            kind = data[kind_at] << 8 | data[kind_at + 1]
            return self._walk(packet, past_tags(data, kind, place, end))
        if packet.link in _OTHER_LINKS:
            return self._walk(packet, (_OTHER_LINKS[packet.link], 0, end))
        words = "unknown" if packet.link == UNKNOWN_LINK else packet.link
        self.tally.add(f"packets of link type {words} were not read", packet.number)
        return None

    def _walk(
        self, packet: Packet, step: Step, ends: tuple[bytes, bytes] = (b"", b"")
    ) -> Segment | None:
        """Step from header to header until TCP, or until nothing is known to follow."""
        data, (kind, place, end) = packet.data, step
        names: list[str] = []
        for _ in range(_MOST_LAYERS):
            where = None
            if kind == TCP:
                self.within = " in ".join(reversed(names))
                return _tcp(data, place, end, ends)
            if kind in NAMES:
                names.append(NAMES[kind])
            if kind in (IPV4, IPV6):
                # What stands behind the end of an outer header is none of the inner packet's.
                data = data[:end]
                read = _ipv4 if kind == IPV4 else _ipv6
                (kind, place, end), ends, where = read(data, place, end)
            elif kind == FRAGMENT:
                following, bits, own = struct.unpack_from("!BxHI", data, place)
                kind, place = IN_IP | following, place + 8
                where = own, bits & 0xFFF8, bool(bits & 1)
            elif kind in STEPS:
                kind, place, end = STEPS[kind](data, place, end)
            else:
                self._ended(kind, packet.number, names)
                return None
            if where is not None:
                own, at, more = where
                piece = Fragment(at, more, end - place, data[place:end])
                whole = self._joined(packet, (*ends, kind, own), piece)
                if whole is None:
                    return None
                data, place, end = whole, 0, len(whole)
        self.tally.add(_DEEP, packet.number)
        return None

    def _joined(self, packet: Packet, key: Key, piece: Fragment) -> bytes | None:
        """Return the whole of which this is a piece, None as long as others are missing."""
        if key[2] not in _MAY_CARRY:
            return None
        return self._fragments.take(key, piece, packet.number, packet.time)

    def _ended(self, kind: int, packet: int, names: list[str]) -> None:
        """Count what may hide a connection; most kinds do not."""
        if kind in OPAQUE:
            self.tally.add(OPAQUE[kind], packet)
        elif names and NOTHING < kind < IN_IP and kind not in _QUIET:
            self.tally.add(_STRANGE, packet)


# Identification of a packet and where a fragment belongs in it; RFC 791's bits for IPv6, too.
_Where = tuple[int, int, bool]
_Read = tuple[Step, tuple[bytes, bytes], _Where | None]


def _ipv4(data: bytes, place: int, end: int) -> _Read:
    size = (data[place] & 15) * 4
    if data[place] >> 4 != _V4 or size < _V4_SIZE:
        return (NOTHING, place, end), (b"", b""), None
    total, own, where, protocol = struct.unpack_from("!HHHxB", data, place + 2)
    ends = data[place + 12 : place + 16], data[place + 16 : place + 20]
    # Zero stands in packets that the network card was to cut into pieces.
    end = place + total if total else end
    piece = (own, (where & 0x1FFF) * 8, bool(where & 0x2000)) if where & 0x3FFF else None
    return (IN_IP | protocol, place + size, max(end, place + size)), ends, piece


def _ipv6(data: bytes, place: int, end: int) -> _Read:
    if data[place] >> 4 != _V6:
        return (NOTHING, place, end), (b"", b""), None
    size, following = struct.unpack_from("!HB", data, place + 4)
    ends = data[place + 8 : place + 24], data[place + 24 : place + 40]
    start = place + _V6_SIZE
    return (IN_IP | following, start, start + size if size else end), ends, None


def _tcp(data: bytes, place: int, end: int, ends: tuple[bytes, bytes]) -> Segment | None:
    if len(data) < place + TCP_SIZE <= end:
        raise IndexError
    return segment(data, place, end, *ends)
