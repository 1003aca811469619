"""Lines of a log that tell nothing whatever their numbers are, each sort of line asked for once.

Lines that are alike but for numbers are one sort. What a line means hangs on words: no text of the
table has a number of base 16, and the few that have figures are looked for with any others in their
place.
"""

import re
from collections.abc import Sequence

from ekukit.diagnosis.evidence.log_kinds import FIGURES, RecordKind, kind_of_line
from ekukit.diagnosis.evidence.log_rows import line_of
from ekukit.log.alarms import alarm_rows
from ekukit.log.meanings import is_silent
from ekukit.log.records import records_of_plain

# A value that is a number of base 16; nothing else in a line is left out.
_NUMBER = re.compile(rb'"0x[0-9A-Fa-f]{1,16}"')
_NO_NUMBER = b'"0x"'
# Where lines are of more sorts than that, or longer, to ask costs more than to read them.
_MOST_SORTS, _LONGEST = 1000, 2000


class SilentLines:
    """The sorts of lines of one log, and what is to be done with each."""

    def __init__(self) -> None:
        """Begin with no sort known."""
        self._known: dict[bytes, RecordKind] = {}

    def kinds(self, lines: list[bytes], bodies: Sequence[int]) -> list[RecordKind]:
        """Return what to do with usual records by their first lines, whose bodies begin there."""
        if not lines:
            return []
        # All at once, since so few bytes of each are changed.
        sorts = _NUMBER.sub(_NO_NUMBER, b"\n".join(lines)).translate(FIGURES).split(b"\n")
        given = zip(lines, sorts, bodies, strict=True)
        return [self._known[sort] if sort in self._known else self._kind(line, sort, body)
                for line, sort, body in given]  # fmt: skip

    def _kind(self, line: bytes, sort: bytes, body: int) -> RecordKind:
        found = kind_of_line(line[body:])
        if len(line) <= _LONGEST and len(self._known) < _MOST_SORTS:
            found = self._known[sort] = _kind_of_sort(sort, body)
        return found


def _kind_of_sort(line: bytes, body: int) -> RecordKind:
    kind = kind_of_line(line[body:])
    return RecordKind.DROP if kind == RecordKind.KEEP and _tells_nothing(line) else kind


def _tells_nothing(text: bytes) -> bool:
    (record,) = records_of_plain(text)
    line = line_of(record)
    if line.is_sip or line.looks_bad or any(line.process == row.program for row in alarm_rows()):
        return False
    # What is asked of a line's meaning, all at once: a word across two of them does no harm.
    return is_silent(f"{line.reason}\n{line.detail}\n{line.event}\n{record.body}")
