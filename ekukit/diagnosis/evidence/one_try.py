"""One connection, one try: what logs and captures of several nodes tell of it is put together."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise

from ekukit.connections import Cause
from ekukit.diagnosis.evidence.tries import Peer, Try
from ekukit.log.words import Fate

# The clocks of two nodes may differ by this much; a client's port is not used again so soon.
_SAME = timedelta(minutes=10)
# Where no port tells one connection from the next; where not even the addresses are the same.
_SOON, _AT_ONCE = timedelta(seconds=60), timedelta(seconds=2)
_RANKS = {fate: rank for rank, fate in enumerate((
    Fate.REFUSED, Fate.DENIED, Fate.FAILED, Fate.UNREACHED, Fate.WORKED, Fate.REACHED,
    Fate.ELSEWHERE))}  # fmt: skip
Key = tuple[object, ...]


def joined(tries: Iterable[Try]) -> tuple[Try, ...]:
    """Return the tries with what several logs and captures tell of one connection made one.

    Addresses and ports tell that it is one; where addresses are translated between the nodes, the
    client's random in both captures does. A line without a port joins the only try between the
    same ends within a minute; where no line has a port, one that names no cause joins the one
    beside it that does. What names a cause counts before what does not.
    """
    kept = _Kept()
    loose: list[Try] = []
    for found in tries:
        if found.client.port is None or found.server.port is None:
            loose.append(found)
        else:
            kept.add(found)
    kept.add_loose(loose)
    return tuple(found for found in kept.tries if found is not None)


@dataclass(slots=True)
class _Kept:
    """The tries so far; a place is empty once its try became part of another."""

    tries: list[Try | None] = field(default_factory=list)
    places: dict[Key, int] = field(default_factory=dict)
    shakes: dict[str, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)

    def add(self, found: Try) -> None:
        start, answer = found.client, found.server
        key = (start.address, start.port, answer.address, answer.port)
        place = self._place(self.places.get(key))
        old = None if place is None else self.tries[place]
        if place is None or old is None or not _near(old, found, _SAME):
            place = self.places[key] = len(self.tries)
            self.tries.append(found)
        else:
            self.tries[place] = _one(old, found)
        if found.handshake:
            self._same_handshake(found.handshake, place)

    def _same_handshake(self, handshake: str, place: int) -> None:
        first = self._place(self.shakes.setdefault(handshake, place))
        one, other = (None if at is None else self.tries[at] for at in (first, place))
        if first is None or first == place or one is None or other is None:
            return
        # In one capture the same random with other ports is a replay, not the same connection.
        if not _near(one, other, _SAME) or _files(one) & _files(other):
            return
        self.tries[first], self.tries[place] = _one(one, other), None
        self.moved[place] = first

    def _place(self, place: int | None) -> int | None:
        while place in self.moved:
            place = self.moved[place]
        return place

    def add_loose(self, loose: Iterable[Try]) -> None:
        between: dict[Key, list[int]] = {}
        lone: dict[Key, int] = {}
        for place, found in enumerate(self.tries):
            if found is not None:
                for key in _between(found):
                    between.setdefault(key, []).append(place)
        for found in loose:
            keys = _between(found)
            # A flood of tries between the same ends tells nothing apart.
            places = {at for key in keys for at in between.get(key, ())[:_MOST_CLOSE]}
            fitting = [at for at in places if _fits(self.tries[at], found)]
            old = self.tries[fitting[0]] if len(fitting) == 1 else None
            if old is None:
                self._add_without_port(found, keys, lone)
            else:
                self.tries[fitting[0]] = _one(old, found)

    def _add_without_port(self, found: Try, keys: list[Key], lone: dict[Key, int]) -> None:
        """Add a try, or join it to the last one between its ends if that is its other line."""
        place = next((lone[key] for key in keys if key in lone), None)
        last = None if place is None else self.tries[place]
        if place is not None and last is not None and _is_other_line(last, found):
            self.tries[place] = _one(last, found)
            return
        lone.update(dict.fromkeys(keys, len(self.tries)))
        self.tries.append(found)


_MOST_CLOSE = 64
# More than any finding shows, so that a flood of lines costs no more than its number.
_MOST_EVIDENCE = 64


def _between(found: Try) -> list[Key]:
    """Return the two ends by each thing that is known of the one that answers."""
    start = found.client.host or found.client.address
    answers = {found.server.host, found.server.address, found.name.lower()} - {None, ""}
    return [(start, answer) for answer in sorted(map(str, answers))] if start else []


def _fits(one: Try | None, other: Try) -> bool:
    """Return whether two tries may be one: the same port where both tell it, and fate, and time."""
    if one is None or one.time is None or other.time is None or not _near(one, other, _SOON):
        return False
    ports = all(_alike(a, b) for a, b in ((one.client, other.client), (one.server, other.server)))
    return ports and one.fate is other.fate and one.side in (other.side, None)


def _is_other_line(one: Try, other: Try) -> bool:
    """Return whether one program says of one try, in one line, that it failed, in another why."""
    return (
        len(one.evidence) == len(other.evidence) == 1
        and _files(one) == _files(other)
        and (one.cause is Cause.OTHER) != (other.cause is Cause.OTHER)
        and _fits(one, other)
        and _near(one, other, _AT_ONCE)
    )


def _alike(one: Peer, other: Peer) -> bool:
    return None in (one.port, other.port) or one.port == other.port


def _near(one: Try, other: Try, most: timedelta) -> bool:
    return one.time is None or other.time is None or abs(one.time - other.time) <= most


def _files(found: Try) -> set[str]:
    return {evidence.file for evidence in found.evidence}


def _one(one: Try, other: Try) -> Try:
    first, second = sorted((one, other), key=_tells_most)
    return replace(
        first,
        side=first.side or (second.side if second.fate is first.fate else None),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence)))[:_MOST_EVIDENCE],
        name=first.name or second.name,
        client=first.client if first.client.host is not None else second.client,
        server=first.server if first.server.host is not None else second.server,
        trouble=first.trouble or (second.trouble if first.row is None else None),
        row=first.row or second.row,
        inbound=second.inbound if first.inbound is None else first.inbound,
        client_serial=_either(first.client_serial, second.client_serial),
        server_serial=_either(first.server_serial, second.server_serial),
    )


def _tells_most(found: Try) -> tuple[bool, bool, int]:
    unnamed = found.cause in (Cause.OTHER, Cause.ACCEPTED)
    return unnamed, found.row is not None and found.row.vague, _RANKS[found.fate]


def _either(one: str | None, other: str | None) -> str | None:
    return other if one is None else one


def not_joined(tries: Iterable[Try], ports: Iterable[int]) -> str:
    """Return in a sentence what looks like one connection and cannot be shown to be, "" if nothing.

    Refusals on one of the zones' ports at the same time, in different files, with other addresses:
    as of a connection whose addresses are translated between the nodes, without a capture on both.
    """
    wanted = frozenset(ports)
    refused = sorted(
        (found for found in tries if found.fate is Fate.REFUSED and found.time is not None
         and found.server.port in wanted),
        key=lambda found: (found.server.port, found.time),
    )  # fmt: skip
    count = sum(
        one.server.port == two.server.port
        and _near(one, two, _AT_ONCE)
        and one.client.address != two.client.address
        and not _files(one) & _files(two)
        for one, two in pairwise(refused)
    )
    if not count:
        return ""
    return (
        f"Not joined: {count} refusals on the zone's port stand at the same time in the files of "
        "two systems, with different addresses. Where addresses are translated between the nodes, "
        "captures on both would show whether they are one connection."
    )
