"""Pasted pages: the tunnel page and the zone list, row by row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ekukit.connections import State
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.log.meanings import Meaning, meaning_of

PASTED = "pasted text"
# A row of the zone list names its kind, "Unified Communications traversal".
_ZONE = re.compile(
    r"(?P<rest>.*Unified Communications traversal.*?)\b(?P<state>Active|Failed)\b", re.IGNORECASE
)
# A page has a few rows; anything larger is cut, not refused.
_MOST_TEXT, _MOST_LINE = 1 << 20, 1000


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A row of a pasted page: the connection, its state, and what else stands in the row."""

    connection: str
    state: State
    target: str
    reason: str
    evidence: Evidence

    def meaning(self) -> Meaning | None:
        """Return what the words of the column Reason mean."""
        return meaning_of(self.reason, ssh=self.connection == "ssh-tunnel")


def pasted_rows(text: str, file: str = PASTED) -> list[PastedRow]:
    """Return the rows of a tunnel page or zone list in pasted text; other lines are passed over."""
    if not text.strip():
        return []
    lines = text[:_MOST_TEXT].splitlines()
    return [*_zones(lines, file), *_tunnels(lines, file)]


def _zones(lines: list[str], file: str) -> Iterator[PastedRow]:
    for number, line in enumerate(lines, 1):
        matched = _ZONE.match(line[:_MOST_LINE])
        if matched is not None:
            state = State(matched["state"].capitalize())
            yield PastedRow("uc-zone", state, "", "", _evidence(lines, number, file))


def _tunnels(lines: list[str], file: str) -> Iterator[PastedRow]:
    from ekukit.archive import read_tunnel_page

    frame = read_tunnel_page("\n".join(lines)).fillna("")
    for row in frame.to_dict("records"):
        told = str(row["status"]).strip().capitalize()
        if told not in (State.ACTIVE, State.FAILED) or _ZONE.match(lines[row["line"] - 1]):
            continue
        evidence = _evidence(lines, row["line"], file)
        yield PastedRow("ssh-tunnel", State(told), str(row["target"]), str(row["reason"]), evidence)


def _evidence(lines: list[str], number: int, file: str) -> Evidence:
    shown = lines[number - 1][:_MOST_LINE].strip()
    return Evidence(EvidenceKind.PASTED, file, shown, line=number)
