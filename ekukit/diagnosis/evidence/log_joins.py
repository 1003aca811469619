"""Lines of a log about one connection, joined by addresses, ports and moments."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from ekukit.diagnosis.evidence.log_rows import NEGOTIATION, Line
from ekukit.log.meanings import Meaning
from ekukit.log.troubles import Trouble
from ekukit.log.words import Fate

_ONE_TRY = timedelta(seconds=60)
_FEW_LINES = 50
# A companion without an address stands so near to the line that has it.
_AT_ONCE, _NEXT = timedelta(seconds=1), 3
_HALF, _WHOLE = "half", "whole"


@dataclass(slots=True)
class Joined:
    """Lines of one connection."""

    rows: list[Line] = field(default_factory=list)
    meanings: list[tuple[Meaning, Line]] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Return whether the other end answered."""
        return any(meaning.fate in (Fate.REACHED, Fate.WORKED) for meaning, _ in self.meanings)

    @property
    def tells(self) -> bool:
        """Return whether a line tells how it ended; that it began or was closed says nothing.

        A close between the begin and the end of a handshake tells.
        """
        fates = {meaning.fate for meaning, _ in self.meanings}
        if any(is_end(*pair) for pair in self.meanings):
            begun = any("andshake in progress" in row.detail for row in self.rows)
            if begun and Fate.WORKED not in fates:
                return True
        return any(m.fate is not Fate.REACHED and not is_end(m, row) for m, row in self.meanings)

    @property
    def explained(self) -> bool:
        """Return whether a line of it tells why it failed."""
        return any(not m.vague and m.fate not in (Fate.REACHED, Fate.WORKED)
                   for m, _ in self.meanings)  # fmt: skip


def key_of(row: Line) -> tuple[object, ...]:
    """Return what tells one connection from another in one node's log."""
    return (row.file, row.host, *row.ends)


def join(
    open_: dict[tuple[object, ...], Joined], found: list[Joined], row: Line, meaning: Meaning
) -> Joined:
    """Put a line to the others of its connection, or begin one; return it."""
    key, half = key_of(row), (row.file, row.host, *row.ends[:2])
    one = open_.get(key) or before(found, row)
    is_whole, is_half = row.ends[3] is not None, row.ends[3] is None and row.ends[1] is not None
    if one is None and (is_whole or is_half):
        # A line that lost one end belongs to the one with the same other end.
        one = open_.get((_HALF, *half)) or (open_.get((_WHOLE, *half)) if is_half else None)
    late = meaning.fate is Fate.UNREACHED and one is not None and one.reached
    apart = one is None or not (late or _close(one.rows[-1], row))
    if one is None or apart or not (_has_ends(row) or one is before(found, row)):
        one = Joined()
        found.append(one)
    open_[key] = one
    if is_whole or is_half:
        open_[(_WHOLE if is_whole else _HALF, *half)] = one
    one.rows.append(row)
    one.meanings.append((_of_reached(meaning) if one.reached else meaning, row))
    return one


def _has_ends(row: Line) -> bool:
    return row.ends[3] is not None or row.ends[1] is not None


def before(found: list[Joined], row: Line) -> Joined | None:
    """Return the connection of the line before a companion of OpenSSL's that shows no address."""
    if _has_ends(row) or row.module != "developer.ssl" or not found:
        return None
    last = found[-1].rows[-1]
    near = (last.file, last.host) == (row.file, row.host) and row.line - last.line <= _NEXT
    if not near or last.time is None or row.time is None:
        return None
    return found[-1] if abs(row.time - last.time) <= _AT_ONCE else None


def _of_reached(meaning: Meaning) -> Meaning:
    """Return what words of a time-out mean once the other end had answered: that it broke off."""
    if meaning.fate is not Fate.UNREACHED:
        return meaning
    return replace(meaning, fate=Fate.FAILED, trouble=Trouble.CLOSED)


def is_end(meaning: Meaning, row: Line) -> bool:
    """Return whether a line tells no more than that TCP was closed."""
    if meaning.trouble is not Trouble.CLOSED:
        return False
    return row.module == "network.tcp" or (meaning.row is not None and meaning.row.ending
                                           and NEGOTIATION not in row.event)  # fmt: skip


def _close(before: Line, after: Line) -> bool:
    if before.time is None or after.time is None:
        return after.line - before.line < _FEW_LINES
    return abs(after.time - before.time) <= _ONE_TRY
