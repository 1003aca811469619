"""Which records of a log are judged: of a small one all, of a large one what may tell something."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ekukit.log.records import Record
    from ekukit.log.snapshot import Snapshot


def records_to_judge(snapshot: "Snapshot") -> Iterable["Record"]:
    """Return, in order, all of its records that may change what it tells, and maybe others."""
    if snapshot.is_small:
        return snapshot.records()
    from ekukit.diagnosis.evidence.log_sieve import telling  # late, because it loads numpy

    return telling(snapshot)
