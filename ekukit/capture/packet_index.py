"""Which packets of a capture can be of use: found over all packets at once, before any is read."""

from typing import TYPE_CHECKING

from ekukit.capture.packet_walk import RECORD
from ekukit.capture.tunnel_headers import CARRIER_PORTS, CARRIERS, IP_AT

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

# Below this an index costs more than it saves.
FEWEST = 2048
# So many packets are looked at together.
_TOGETHER = 1 << 16
_TCP, _UDP = 6, 17
_IPV4, _IPV6 = 0x0800, 0x86DD
_V4, _V6, _V4_SIZE, _V6_SIZE = 4, 6, 20, 40
# Every record of TLS begins with one of these bytes, every hello holds the one of a handshake.
_FIRST, _LAST, _HANDSHAKE = 20, 24, b"\x16"
_S = 0x53
# High and low halves of both addresses.
_ADDRESSES = ((12, 1 << 16), (14, 1), (16, 1 << 16), (18, 1))


def useful(data: bytes, places: "array[int]", end: int, link: int) -> "Iterable[int]":
    """Return the numbers (from 0) of the packets that may belong to a TLS or SSH connection.

    Left out are packets that are neither TCP nor of a kind that only a closer look can tell, such
    as tunnels and fragments, and whole conversations in which no segment begins like a TLS record
    or an SSH version line, holds the first byte of a handshake record or is cut by the snap
    length. What is left gives the same rows as everything.
    """
    if len(places) < FEWEST or link not in IP_AT:
        return range(len(places))
    import numpy as np

    raw, at = np.frombuffer(data, np.uint8), np.frombuffer(places, np.int64)
    sizes = np.diff(at, append=end + RECORD) - RECORD
    parts = [_kinds(data, at[some : some + _TOGETHER], sizes[some : some + _TOGETHER], link)
             for some in range(0, max(1, len(at)), _TOGETHER)]  # fmt: skip
    keep, regular, pieces = (np.concatenate(column) for column in zip(*parts, strict=True))
    _, ip_at = IP_AT[link]
    tcp = np.flatnonzero(regular)
    ip = at[tcp] + ip_at
    if len(tcp):
        keep[tcp] = _may_tell(data, raw, ip, at[tcp] + sizes[tcp])
        if pieces.any():  # what a piece belongs to may be told by the piece alone
            keep[tcp] |= np.isin(_pair(raw, ip), _pair(raw, at[pieces] + ip_at))
    return np.flatnonzero(keep).tolist()


def _kinds(data: bytes, at: "Numbers", sizes: "Numbers", link: int) -> "tuple[Mask, Mask, Mask]":
    """Return which packets can be of use, which are plain TCP, which are pieces of packets."""
    import numpy as np

    _, ip_at = IP_AT[link]
    keep, regular, pieces = np.ones(len(at), bool), np.zeros(len(at), bool), np.zeros(len(at), bool)
    # Headers that are not all there are left to a closer look.
    some = np.flatnonzero(sizes >= ip_at + _V6_SIZE)
    rows = _side_by_side(data, at[some], ip_at + _V6_SIZE)
    version = _version(rows, link)
    length = (rows[ip_at] & 15).astype(np.int64) * 4
    four, six = version == _V4, version == _V6
    parted = four & (_short(rows, ip_at + 6) & 0x3FFF != 0)
    protocol = np.where(six, rows[ip_at + 6], rows[ip_at + 9])
    may_carry = np.isin(np.arange(256), [_TCP, *CARRIERS])[protocol] | parted
    # Where the header of IPv4 has options, only a closer look finds the port.
    udp = (protocol == _UDP) & ~parted
    carrier = np.isin(np.arange(1 << 16), [*CARRIER_PORTS])
    own = np.flatnonzero(udp & four & (length == _V4_SIZE))
    may_carry[own] = carrier[_short(rows, ip_at + _V4_SIZE + 2)[own]]
    own = np.flatnonzero(udp & six)
    ports = at[some[own]] + ip_at + _V6_SIZE + 2
    may_carry[own] = carrier[
        _short(np.frombuffer(data, np.uint8), np.minimum(ports, len(data) - 2))
    ]
    keep[some] = may_carry | ~(four | six)
    regular[some] = four & (protocol == _TCP) & ~parted & (length == _V4_SIZE)
    pieces[some] = parted
    return keep, regular, pieces


def _side_by_side(data: bytes, at: "Numbers", size: int) -> "npt.NDArray[np.uint8]":
    """Return the bytes from each place on by column: to look once at each place is much faster."""
    import numpy as np

    texts = np.ndarray((max(0, len(data) - size + 1),), f"V{size}", data, strides=(1,))
    rows: npt.NDArray[np.uint8] = texts[at].view(np.uint8).reshape(-1, size).T
    return rows


def _version(rows: "npt.NDArray[np.uint8]", link: int) -> "npt.NDArray[np.uint8 | np.int64]":
    """Return the version of IP in each packet, 0 where the link's header says something else."""
    import numpy as np

    kind_at, ip_at = IP_AT[link]
    version: npt.NDArray[np.uint8 | np.int64] = rows[ip_at] >> 4
    if kind_at is None:
        return version
    kind = _short(rows, kind_at)
    return np.select([kind == _IPV4, kind == _IPV6], [version, version], 0)


def _short(raw: "npt.NDArray[np.uint8]", at: "Numbers | int") -> "Numbers":
    """Return numbers of two bytes, from places of a file or from a column on."""
    return raw[at].astype("int64") << 8 | raw[at + 1]


def _pair(raw: "npt.NDArray[np.uint8]", ip: "Numbers") -> "Numbers":
    """Return a number for the addresses of each packet, the same both ways."""
    return sum(_short(raw, ip + at) * factor for at, factor in _ADDRESSES)  # type: ignore[return-value]


def _may_tell(
    data: bytes, raw: "npt.NDArray[np.uint8]", ip: "Numbers", ends: "Numbers"
) -> "npt.NDArray[np.bool_]":
    """Return of each TCP segment whether its conversation may be TLS or SSH."""
    import numpy as np

    one = (_short(raw, ip + 12) << 32) | (_short(raw, ip + 14) << 16) | _short(raw, ip + 20)
    two = (_short(raw, ip + 16) << 32) | (_short(raw, ip + 18) << 16) | _short(raw, ip + 22)
    # Two conversations that share a number are kept or left together, which does no harm.
    low, high = np.minimum(one, two), np.maximum(one, two)
    _, flow = np.unique(low * 0x10001 ^ high * 0x9E3779B1, return_inverse=True)
    total = _short(raw, ip + 2)
    starts = ip + 20 + (raw[ip + 32] >> 4).astype(np.int64) * 4
    captured = ends
    ends = np.where(total > 0, np.minimum(ends, ip + total), ends)
    filled = np.flatnonzero(starts < ends)
    first = raw[starts[filled]]
    second = raw[np.minimum(starts[filled] + 1, len(raw) - 1)]
    short = ends[filled] - starts[filled] == 1
    begins = (first >= _FIRST) & (first <= _LAST) | (first == _S) & ((second == _S) | short)
    known = np.zeros(int(flow.max()) + 1, bool)
    known[flow[filled[begins]]] = True
    open_ = filled[~known[flow[filled]]]
    told = set(flow[(total > 0) & (ip + total > captured)].tolist())
    for number, start, end in zip(
        flow[open_].tolist(), starts[open_].tolist(), ends[open_].tolist(), strict=True
    ):
        if number not in told and _HANDSHAKE in data[start:end]:
            told.add(number)
    known[list(told)] = True
    return known[flow]
