"""Headers that stand around IP: each a step from one kind of content to the next, in a table.

A kind is an EtherType, or the number of a table of its own beside it: IP protocols (IN_IP), UDP
ports (IN_UDP), PPP protocols (IN_PPP). A step takes data, place and end and returns the kind that
follows, its place and its end; it raises IndexError or struct.error where the data ends too soon.
"""

import struct
from collections.abc import Callable

Step = tuple[int, int, int]

IN_IP, IN_UDP, IN_PPP = 1 << 16, 1 << 17, 1 << 18
NOTHING, ETHERNET, IPV4, IPV6 = 0, 0x6558, 0x0800, 0x86DD
# IP of the version that its own first byte tells; PPP.
IP, PPP = 1 << 19, 0x880B
TCP, UDP, FRAGMENT = IN_IP | 6, IN_IP | 17, IN_IP | 44
MPLS, PPPOE = 0x8847, 0x8864

_ETHERNET, _COOKED, _COOKED2, _NULL, _LOOP = 1, 113, 276, 0, 108
_RAW = {12, 14, 101, 228, 229}
# Where the EtherType and the IP header stand by LINKTYPE; None where there is no EtherType.
IP_AT: dict[int, tuple[int | None, int]] = {
    _ETHERNET: (12, 14), _COOKED: (14, 16), _COOKED2: (0, 20), _NULL: (None, 4), _LOOP: (None, 4),
    **dict.fromkeys(_RAW, (None, 0)),
}  # fmt: skip
# How many bytes after an EtherType the next one stands: VLAN tags, Cisco's metadata (security
# groups) and virtual links, redundancy.
TAGS = {0x8100: 2, 0x88A8: 2, 0x9100: 2, 0x9200: 2, 0x9300: 2, 0x8909: 6, 0x8926: 4, 0x892F: 4}
_LONGEST_LLC, _SNAP = 1500, b"\xaa\xaa\x03\0\0\0"


def ethernet(data: bytes, place: int, end: int) -> Step:
    """Step into an Ethernet frame."""
    return past_tags(data, _short(data, place + 12), place + 14, end)


def past_tags(data: bytes, kind: int, place: int, end: int) -> Step:
    """Step over tags of any number, and over the header of a frame that has a length for a type."""
    while size := TAGS.get(kind):
        kind, place = _short(data, place + size), place + size + 2
    if kind <= _LONGEST_LLC:
        if data[place : place + 6] != _SNAP:
            return NOTHING, place, end
        return past_tags(data, _short(data, place + 6), place + 8, end)
    return kind, place, end


def _short(data: bytes, place: int) -> int:
    return data[place] << 8 | data[place + 1]


def _ip(data: bytes, place: int, end: int) -> Step:
    return {4: IPV4, 6: IPV6}.get(data[place] >> 4, NOTHING), place, end


def _mpls(data: bytes, place: int, end: int) -> Step:
    """Step over labels (RFC 3032); what follows tells by itself what it is (RFC 4928)."""
    while not data[place + 2] & 1:
        place += 4
    place += 4
    first = data[place] >> 4
    if first == 0:  # the control word of an Ethernet pseudowire (RFC 4448)
        return ETHERNET, place + 4, end
    if first == 4 and data[place] & 15 >= 5:  # noqa: PLR2004 - version and size of an IPv4 header
        return IPV4, place, end
    return (IPV6 if first == 6 else ETHERNET), place, end  # noqa: PLR2004


def _pppoe(data: bytes, place: int, end: int) -> Step:
    """Step over the header of a PPPoE session (RFC 2516)."""
    return PPP, place + 6, min(end, place + 6 + _short(data, place + 4))


def _ppp(data: bytes, place: int, end: int) -> Step:
    """Step over a PPP header, its fields compressed or not (RFC 1661)."""
    if data[place] == 0xFF and data[place + 1] == 3:  # noqa: PLR2004 - all stations, unnumbered
        place += 2
    if data[place] & 1:
        return IN_PPP | data[place], place + 1, end
    return IN_PPP | _short(data, place), place + 2, end


def _gre(data: bytes, place: int, end: int) -> Step:
    """Step over GRE (RFC 2784, 2890), enhanced GRE (RFC 2637), NVGRE (RFC 7637) and ERSPAN."""
    flags, kind = struct.unpack_from("!HH", data, place)
    place += 4
    if flags & 0x4000:  # source routes (RFC 1701)
        return IN_IP | _ROUTED_GRE, place, end
    sizes = ((0x8000, 4), (0x2000, 4), (0x1000, 4), (0x0080 if flags & 7 == 1 else 0, 4))
    place += sum(size for flag, size in sizes if flags & flag)
    if kind == _ERSPAN:
        # Type I has no header of its own, and no sequence number.
        return ETHERNET, place + (8 if flags & 0x1000 else 0), end
    if kind == _ERSPAN_3:
        head = _short(data, place + 10)
        inner = IP if head >> 10 & 31 == 2 else ETHERNET  # noqa: PLR2004 - the frame's type
        return inner, place + (20 if head & 1 else 12), end
    if kind == _WCCP and data[place] >> 4 != 4:  # noqa: PLR2004 - version 2 has a header of its own
        place += 4
    return (IPV4 if kind == _WCCP else kind), place, end


_ERSPAN, _ERSPAN_3, _WCCP, _ROUTED_GRE = 0x88BE, 0x22EB, 0x883E, 0x1FF


def _vxlan(data: bytes, place: int, end: int) -> Step:
    """Step over VXLAN (RFC 7348)."""
    return (ETHERNET if data[place] & 8 else NOTHING), place + 8, end


def _vxlan_gpe(data: bytes, place: int, end: int) -> Step:
    """Step over VXLAN with a field for what it carries (draft-ietf-nvo3-vxlan-gpe)."""
    if not data[place] & 4:
        return _vxlan(data, place, end)
    carried = {1: IPV4, 2: IPV6, 3: ETHERNET, 5: MPLS}
    return carried.get(data[place + 3], IN_IP | _OTHER_GPE), place + 8, end


_OTHER_GPE = 0x1FE


def _geneve(data: bytes, place: int, end: int) -> Step:
    """Step over Geneve and its options (RFC 8926)."""
    if data[place] >> 6:
        return NOTHING, place, end
    return _short(data, place + 2), place + 8 + (data[place] & 63) * 4, end


def _gtp(data: bytes, place: int, end: int) -> Step:
    """Step over GTP-U and its extension headers (3GPP TS 29.281 clause 5)."""
    flags, kind, size = struct.unpack_from("!BBH", data, place)
    if flags & 0xF0 != 0x30 or kind != 255:  # noqa: PLR2004 - version 1, a user's packet
        return NOTHING, place, end
    end, place = min(end, place + 8 + size), place + 8
    if flags & 7:
        following, place = data[place + 3] if flags & 4 else 0, place + 4
        while following:
            size = data[place] * 4 or 4
            following, place = data[place + size - 1], place + size
    return IP, place, end


def _l2tp(data: bytes, place: int, end: int) -> Step:
    """Step over the header of L2TP data (RFC 2661)."""
    flags = _short(data, place)
    if flags & 0x800F != 2:  # noqa: PLR2004 - version 2, data
        return NOTHING, place, end
    place += 6 + sum(size for flag, size in ((0x4000, 2), (0x0800, 4)) if flags & flag)
    return PPP, place + (2 + _short(data, place) if flags & 0x0200 else 0), end


def _udp(data: bytes, place: int, end: int) -> Step:
    """Step into a datagram, to what its port stands for."""
    port, size = struct.unpack_from("!2xHH", data, place)
    return IN_UDP | port, place + 8, min(end, place + max(size, 8))


def _esp_in_udp(data: bytes, place: int, end: int) -> Step:
    """Tell ESP from the key exchange that shares its port (RFC 3948)."""
    esp = end - place > 8 and data[place : place + 4] != b"\0\0\0\0"  # noqa: PLR2004
    return (IN_IP | 50 if esp else NOTHING), place, end


def _authenticated(data: bytes, place: int, end: int) -> Step:
    """Step over an authentication header (RFC 4302)."""
    return IN_IP | data[place], place + (data[place + 1] + 2) * 4, end


def _extension(data: bytes, place: int, end: int) -> Step:
    """Step over an extension header of IPv6 (RFC 8200 clause 4)."""
    return IN_IP | data[place], place + (data[place + 1] + 1) * 8, end


def _to(kind: int, size: int = 0) -> Callable[[bytes, int, int], Step]:
    """Return a step of a fixed size to a kind."""
    return lambda _, place, end: (kind, place + size, end)


STEPS: dict[int, Callable[[bytes, int, int], Step]] = {
    ETHERNET: ethernet, IP: _ip, MPLS: _mpls, 0x8848: _mpls, PPPOE: _pppoe, PPP: _ppp,
    0x88E7: _to(ETHERNET, 4),
    IN_IP | 0: _extension, IN_IP | 43: _extension, IN_IP | 60: _extension,
    IN_IP | 135: _extension, IN_IP | 139: _extension, IN_IP | 140: _extension,
    UDP: _udp, IN_IP | 4: _to(IPV4), IN_IP | 41: _to(IPV6), IN_IP | 47: _gre,
    IN_IP | 51: _authenticated, IN_IP | 97: _to(ETHERNET, 2), IN_IP | 137: _mpls,
    IN_PPP | 0x21: _to(IPV4), IN_PPP | 0x57: _to(IPV6), IN_PPP | 0x281: _mpls,
    IN_UDP | 4789: _vxlan, IN_UDP | 8472: _vxlan, IN_UDP | 4790: _vxlan_gpe,
    IN_UDP | 6081: _geneve, IN_UDP | 2152: _gtp, IN_UDP | 1701: _l2tp,
    IN_UDP | 4500: _esp_in_udp, IN_UDP | 6635: _mpls, IN_UDP | 3544: _ip,
}  # fmt: skip
# What the steps are called where a connection lies inside.
NAMES = {
    MPLS: "MPLS", 0x8848: "MPLS", PPPOE: "PPPoE", 0x88E7: "a provider's backbone",
    IN_IP | 4: "IP in IP", IN_IP | 41: "IP in IP", IN_IP | 47: "GRE", IN_IP | 97: "EtherIP",
    IN_IP | 137: "MPLS", IN_UDP | 4789: "VXLAN", IN_UDP | 8472: "VXLAN", IN_UDP | 4790: "VXLAN",
    IN_UDP | 6081: "Geneve", IN_UDP | 2152: "GTP-U", IN_UDP | 1701: "L2TP",
    IN_UDP | 6635: "MPLS", IN_UDP | 3544: "Teredo",
}  # fmt: skip
# What may hide a connection and cannot be looked into.
OPAQUE = {
    IN_IP | 50: "packets of ESP (IPsec), which is encrypted, were not read",
    IN_IP | 108: "packets of IPComp, which is compressed, were not read",
    IN_IP | 115: "packets of L2TP over IP were not read",
    IN_IP | _ROUTED_GRE: "packets of GRE with source routes were not read",
    IN_IP | _OTHER_GPE: "packets of VXLAN with other content than Ethernet and IP were not read",
    IN_PPP | 0xFD: "packets of compressed or encrypted PPP were not read",
    IN_PPP | 0x2D: "packets of PPP with compressed TCP headers were not read",
    IN_UDP | 5247: "packets of CAPWAP were not read",
    0x88E5: "frames of MACsec, which is encrypted, were not read",
    0x894F: "frames with a service header (NSH) were not read",
}
# IP protocols and UDP ports that may carry TCP: what an index must not leave out.
_ALL = (*STEPS, *OPAQUE, FRAGMENT)
CARRIERS = frozenset(kind & 0xFF for kind in _ALL if kind & IN_IP and kind & 0xFF00 == 0)
CARRIER_PORTS = frozenset(kind & 0xFFFF for kind in _ALL if kind & IN_UDP)
