"""Lines of TCP that tell nothing alone, and which of them count all the same.

They count where another line is of the same source and port, or where OpenSSL's lines without
addresses may join them (`ekukit.diagnosis.evidence.log_joins`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ekukit.diagnosis.evidence.log_rows import OPENSSL
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
_BITS = 17  # a port, and one more for none
_PORTS = (1 << _BITS) - 1
_MIXED = np.uint64(0x9E3779B97F4A7C15)


@dataclass(slots=True)
class QuietLines:
    """Places of lines that open or close a connection and say no more, with their sources.

    A source is a number of address and port; that two addresses share one costs nothing but a
    line more.
    """

    places: list[Numbers] = field(default_factory=list)
    sources: list[Numbers] = field(default_factory=list)

    def add(self, places: Numbers, addresses: NDArray[np.uint64], ports: Numbers) -> None:
        """Add lines; of each address the first sixteen bytes as two numbers, side by side."""
        self.places.append(places)
        self.sources.append(_sources(addresses, ports))

    def joined_to(self, shown: Sequence[Record], snapshot: Snapshot) -> list[int]:
        """Return the places of those that shown records may be joined to."""
        if not self.places:
            return []
        order = np.argsort(places := np.concatenate(self.places), kind="stable")
        places, sources = places[order], np.concatenate(self.sources)[order]
        lines = snapshot.spans.numbers[places]
        wanted = self._of(shown, sources)
        beside = _before_companions(shown, lines, sources, wanted)
        wanted |= np.isin(sources, sources[beside])
        return [int(place) for place in places[wanted]]

    def _of(self, shown: Iterable[Record], sources: Numbers) -> Mask:
        """Return which have source and port of a record that is shown."""
        known, ports = [], []
        for address, port in {(one.head.src_ip, one.head.src_port) for one in shown}:
            if port is not None and (address or "").strip():
                known.append((str(address).strip().encode(), port))
            elif port is not None:  # what a line that lost its address is of, its port alone tells
                ports.append(port)
        own = np.array([port for _, port in known], np.int64)
        asked = _sources(words_of([one for one, _ in known]), own)
        return np.isin(sources, asked) | np.isin(sources & _PORTS, ports)


def is_of(record: Record, module: str) -> bool:
    """Return whether a record is of a module, in whatever case it is written."""
    return (record.head.module or "").strip().lower() == module


def _before_companions(
    shown: Iterable[Record], lines: Numbers, sources: Numbers, wanted: Mask
) -> Mask:
    """Return which lines stand between a companion without ends and the last connection before it.

    A companion is joined to the connection that began last. Surely one begins where a source comes
    for the first time, so that nothing before that place can be meant.
    """
    own = (one for one in shown if is_of(one, OPENSSL))
    alone = [one.line for one in own if one.head.src_port is None and one.head.dst_port is None]
    first = np.zeros(len(lines), bool)
    first[np.unique(sources, return_index=True)[1]] = True
    began = np.flatnonzero(first & ~wanted)
    found = np.zeros(len(lines) + 1, np.int64)
    for companion in alone:
        end = int(np.searchsorted(lines, companion))
        place = int(np.searchsorted(began, end)) - 1
        found[began[place] if place >= 0 else 0] += 1
        found[end] -= 1
    return np.cumsum(found)[:-1] > 0


def words_of(addresses: Sequence[bytes]) -> NDArray[np.uint64]:
    """Return the first sixteen bytes of addresses as two numbers each."""
    return np.frombuffer(b"".join(one[:16].ljust(16, b"\0") for one in addresses), "<u8").reshape(
        -1, 2
    )


def _sources(addresses: NDArray[np.uint64], ports: Numbers) -> Numbers:
    mixed = (addresses[:, 0] * _MIXED ^ addresses[:, 1]) * _MIXED
    kept: Numbers = (mixed >> np.uint64(_BITS + 1)).astype(np.int64) << _BITS | ports
    return kept
