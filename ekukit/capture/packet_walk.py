"""Where the packets of a classic pcap begin, each of which tells where the next one does.

A large file is walked from many places at once, where a packet seems to begin. A walk that comes
to such a place goes on as the one from there does, whatever it was chosen for: so nothing hangs on
whether a place was chosen well, and where none is met the walk goes on one by one.
"""

import struct
from array import array
from collections.abc import Iterator

RECORD, _FILE_HEAD = 16, 24
# What is smaller is walked one by one; places are so far apart at least, and not more of them.
LARGE, APART, _MOST_PLACES = 4 << 20, 64 << 10, 1 << 10
FEW = 32
# A packet's begin is looked for in so many bytes, at so many places that are like one.
_LOOKED, _TRIES = 4096, 8


def walk(data: bytes, order: str, most: int) -> tuple["array[int]", int]:
    """Return where the packets of a classic pcap begin and where the walk ended.

    It ends at the end of the file, or before a packet that is cut or larger than `most`.
    """
    found, place = array("q"), _FILE_HEAD
    for start, stop, places in _from_many(data, order, most) if len(data) >= LARGE else ():
        place = _one_by_one(found, data, (place, start), order, most)
        if place == start:
            found.frombytes(places)
            place = stop
    place = _one_by_one(found, data, (place, len(data)), order, most)
    if place > len(data):  # the last one is cut
        place = found.pop() - RECORD
    return found, place


def _one_by_one(
    found: "array[int]", data: bytes, span: tuple[int, int], order: str, most: int
) -> int:
    """Add the packets that begin within a span; return where the walk is then."""
    add, read = found.append, struct.Struct(order + "I").unpack_from
    place, last = span[0], min(span[1] - 1, len(data) - RECORD)
    while place <= last:
        size = read(data, place + 8)[0]
        if size > most:
            break
        place += RECORD
        add(place)
        place += size
    return place


def _from_many(data: bytes, order: str, most: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield walks in order: where each begins, where it is then, and its packets between."""
    import numpy as np

    starts = np.array(list(_starts(data, order, most)), np.int64)
    if len(starts) < FEW:
        return
    ends = np.minimum(np.append(starts[1:], len(data)), len(data) - RECORD + 1)
    sizes = np.ndarray((len(data) - 3,), order + "u4", data, strides=(1,))
    place, going, steps = starts.copy(), np.arange(len(starts), dtype=np.uint16), []
    while len(going) >= FEW:  # fewer are quicker one by one
        at = place[going]
        size = sizes[at + 8].astype(np.int64)
        fits = size <= most
        going, at = going[fits], at[fits] + RECORD
        steps.append((going, at))
        place[going] = at + size[fits]
        going = going[place[going] < ends[going]]
    walks = np.concatenate([own for own, _ in steps])
    # In order of the walks, and of their steps.
    places = np.concatenate([at for _, at in steps])[np.argsort(walks, kind="stable")]
    stops = np.cumsum(np.bincount(walks, minlength=len(starts)))
    for own, stop in enumerate(stops.tolist()):
        first = stops[own - 1] if own else 0
        yield int(starts[own]), int(place[own]), places[first:stop].tobytes()


def _starts(data: bytes, order: str, most: int) -> Iterator[int]:
    """Yield the first packet, and others far apart where packets seem to begin."""
    apart = max(APART, len(data) // _MOST_PLACES)
    day = data[_FILE_HEAD : _FILE_HEAD + 4]
    yield _FILE_HEAD
    for at in range(_FILE_HEAD + apart, len(data) - 2 * _LOOKED, apart):
        start = _like_one(data, at, (order, _next_days(day, order)), most)
        if start is not None:
            day = data[start : start + 4]
            yield start


def _next_days(day: bytes, order: str) -> tuple[bytes, bytes]:
    """Return how times of the same 18 hours begin, or end, and those of the next."""
    number = struct.unpack(order + "I", day)[0] >> 16
    return struct.pack(order + "H", number), struct.pack(order + "H", (number + 1) & 0xFFFF)


def _like_one(data: bytes, at: int, days: tuple[str, tuple[bytes, bytes]], most: int) -> int | None:
    """Return where a packet seems to begin: its time, its size and the time behind it are right."""
    order, known = days
    shift = 2 if order == "<" else 0
    for day in known:
        place, end = at, at + _LOOKED
        for _ in range(_TRIES):
            found = data.find(day, place, end)
            if found < 0:
                break
            start, place = found - shift, found + 1
            size = struct.unpack_from(order + "I", data, start + 8)[0]
            behind = start + RECORD + size + shift
            if size <= most and data[behind : behind + 2] in (*known, b""):
                return start
    return None
