"""Which packets of a capture can be of use: found over all packets at once, before any is read."""

import struct
from array import array
from typing import TYPE_CHECKING

from ekukit.archive.streams import IP_AT

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]

# Below this an index costs more than it saves.
FEWEST = 2048
_RECORD = 16
_TCP, _UDP = 6, 17
_IPV4, _IPV6 = 0x0800, 0x86DD
_V4, _V6, _V4_SIZE = 4, 6, 20
# Every record of TLS begins with one of these bytes, every hello holds the one of a handshake.
_FIRST, _LAST, _HANDSHAKE = 20, 24, b"\x16"
_S = 0x53


def walk(data: bytes, order: str, most: int) -> tuple["array[int]", int]:
    """Return where the packets of a classic pcap begin and where the walk ended.

    It ends at the end of the file, or before a packet that is cut or larger than `most`.
    """
    found = array("q")
    add, read = found.append, struct.Struct(order + "I").unpack_from
    place, last = 24, len(data) - _RECORD
    while place <= last:
        size = read(data, place + 8)[0]
        if size > most:
            break
        place += _RECORD
        add(place)
        place += size
    if place > len(data):  # the last one is cut
        place = found.pop() - _RECORD
    return found, place


def useful(data: bytes, places: "array[int]", end: int, link: int) -> "Iterable[int]":
    """Return the numbers (from 0) of the packets that may belong to a TLS or SSH connection.

    Left out are packets that are neither TCP nor of a kind that only a closer look can tell, and
    whole conversations in which no segment begins like a TLS record or an SSH version line or
    holds the first byte of a handshake record. What is left gives the same rows as everything.
    """
    if len(places) < FEWEST or link not in IP_AT:
        return range(len(places))
    import numpy as np

    raw = np.frombuffer(data, np.uint8)
    at = np.frombuffer(places, np.int64)
    sizes = np.diff(at, append=end + _RECORD) - _RECORD
    kind_at, ip_at = IP_AT[link]
    # Headers that are not all there are left to a closer look.
    whole = sizes >= ip_at + 40
    some = np.flatnonzero(whole)
    ip = at[some] + ip_at
    version = raw[ip] >> 4
    if kind_at is not None:
        kind = raw[at[some] + kind_at].astype(np.int64) << 8 | raw[at[some] + kind_at + 1]
        version = np.select([kind == _IPV4, kind == _IPV6], [version, version], 0)
    keep = np.ones(len(at), bool)
    keep[some[(version == _V4) & (raw[ip + 9] != _TCP)]] = False
    keep[some[(version == _V6) & (raw[ip + 6] == _UDP)]] = False
    fragment = _short(raw, ip + 6) & 0x1FFF
    length = (raw[ip] & 15).astype(np.int64) * 4
    regular = (version == _V4) & (raw[ip + 9] == _TCP) & (fragment == 0) & (length == _V4_SIZE)
    tcp, ip = some[regular], ip[regular]
    if len(tcp):
        keep[tcp] = _may_tell(data, raw, ip, at[tcp] + sizes[tcp])
    return np.flatnonzero(keep).tolist()


def _short(raw: "npt.NDArray[np.uint8]", at: "Numbers") -> "Numbers":
    return raw[at].astype("int64") << 8 | raw[at + 1]


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
    ends = np.where(total > 0, np.minimum(ends, ip + total), ends)
    filled = np.flatnonzero(starts < ends)
    first = raw[starts[filled]]
    second = raw[np.minimum(starts[filled] + 1, len(raw) - 1)]
    short = ends[filled] - starts[filled] == 1
    begins = (first >= _FIRST) & (first <= _LAST) | (first == _S) & ((second == _S) | short)
    known = np.zeros(int(flow.max()) + 1, bool)
    known[flow[filled[begins]]] = True
    open_ = filled[~known[flow[filled]]]
    told = set()
    for number, start, end in zip(
        flow[open_].tolist(), starts[open_].tolist(), ends[open_].tolist(), strict=True
    ):
        if number not in told and _HANDSHAKE in data[start:end]:
            told.add(number)
    known[list(told)] = True
    return known[flow]
