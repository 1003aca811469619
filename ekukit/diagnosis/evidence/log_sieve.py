"""Which records of a log may tell of a connection, found in their bytes.

What is let through is judged by `ekukit.diagnosis.evidence.log_rows` as if the whole log were
there; what is held back would change nothing. Held back are records of the product's usual shape,
of which every part is looked at; any other line is let through unless none of the words that
`lines_of` asks for stands in it.
"""

import numpy as np

from ekukit.diagnosis.evidence.log_kinds import RecordKind, kinds_of
from ekukit.diagnosis.evidence.quiet_lines import QuietLines
from ekukit.diagnosis.evidence.silent_lines import SilentLines
from ekukit.diagnosis.evidence.sip_answers import answers_in, followers
from ekukit.diagnosis.evidence.tcp_lines import TcpLines
from ekukit.log.records import Record
from ekukit.log.snapshot import Snapshot


def telling(snapshot: Snapshot) -> list[Record]:
    """Return the records that may change what a log tells, in order."""
    kinds = kinds_of(snapshot)
    sorts, quiet = SilentLines(), QuietLines()
    tcp = TcpLines(snapshot, quiet)
    data, spans = snapshot.data, snapshot.spans
    for own, lines in spans.first_lines(data, np.flatnonzero(kinds == RecordKind.UNTOLD)):
        kinds[own] = sorts.kinds(lines, (spans.bodies[own] - spans.starts[own]).tolist())
    kinds[tcp.kept(np.flatnonzero(kinds == RecordKind.OF_TCP))] = RecordKind.KEEP
    answers = answers_in(snapshot, np.flatnonzero(kinds == RecordKind.OF_SIP))
    kinds[answers.read] = RecordKind.KEEP
    shown = list(snapshot.some(np.flatnonzero(kinds == RecordKind.KEEP).tolist()))
    more = {*quiet.joined_to(shown, snapshot), *followers(answers.good, shown, snapshot).tolist()}
    return sorted((*shown, *snapshot.some(sorted(more))), key=lambda record: record.line)
