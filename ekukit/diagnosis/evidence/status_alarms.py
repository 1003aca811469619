"""Alarms that a status dump lists, by the words and numbers that the product's guide prints.

No source shows how a dump lays them out, so that nothing is asked of it but that a word of their
path says what they are; what the guide does not have is not told.
"""

import re

from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.logged import RaisedAlarm
from ekukit.frames import Rows
from ekukit.log.alarms import ELSEWHERE, AlarmRow, alarm_of

_PATH = re.compile(r"\b(?:alarms?|warnings?)\b", re.IGNORECASE)
# One alarm is what stands below its index; without one, what has all but the last word in common.
_ONE = re.compile(r".*?\b(?:alarms?|warnings?)\b.*?\b\d{1,9}\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5}")
_MOST_TEXT = 400


def alarms_in_status(status: Rows) -> tuple[RaisedAlarm, ...]:
    """Return the alarms that status dumps list, each once for a node, the first place of each.

    Not told: whether one that is listed is over and waits to be acknowledged.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, object]]] = {}
    for row in status.rows:
        path = str(row["path"])
        if _PATH.search(path):
            one = _ONE.match(path)
            start = one[0] if one else path.rpartition(" ")[0]
            key = str(row["host"] or ""), str(row["file"]), start
            groups.setdefault(key, []).append((str(row["value"] or ""), row["line"]))
    found: dict[tuple[str, AlarmRow], RaisedAlarm] = {}
    for (host, file, _), values in groups.items():
        known = _row([value for value, _ in values])
        if known is not None:
            text, line = max(values, key=lambda pair: len(pair[0]))
            at = line if isinstance(line, int) else None
            shown = Evidence(EvidenceKind.STATUS, file, text[:_MOST_TEXT], line=at)
            found.setdefault((host, known), RaisedAlarm(host, known, shown))
    return tuple(found.values())


def _row(values: list[str]) -> AlarmRow | None:
    """Return the row of one alarm, None for one that is over, about else, or not in the guide."""
    if any(value.strip().lower() in ("lowered", "cleared") for value in values):
        return None
    told = [f'Id="{value.strip()}"' if _NUMBER.fullmatch(value.strip()) else value
            for value in values]  # fmt: skip
    row = alarm_of("\n".join(told))
    return row if row is not None and row.severity != ELSEWHERE else None
