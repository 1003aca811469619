"""Pasted text: the tunnel page, the zone list, and log lines."""

import re
from dataclasses import dataclass

from ekukit.connections import State
from ekukit.diagnosis.finding import Evidence, EvidenceKind

PASTED = "pasted text"
# Target, Domain, Status, Tunnel Created, Reason, Peer; a browser parts the cells by tabs.
_TUNNEL = re.compile(
    r"\s*(?P<target>[\w.:-]{1,255})[\s|,;]+(?P<domain>[\w.-]{1,255})[\s|,;]+"
    r"(?P<state>Active|Failed)\b(?P<rest>.*)",
    re.IGNORECASE,
)
# A row of the zone list names its kind, "Unified Communications traversal".
_ZONE = re.compile(
    r"(?P<rest>.*Unified Communications traversal.*?)\b(?P<state>Active|Failed)\b", re.IGNORECASE
)
_MOST_LINES, _MOST_TEXT = 5000, 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a pasted page: the connection, its state, and what else stands in the row."""

    connection: str
    state: State
    target: str
    reason: str
    evidence: Evidence


def pasted_rows(text: str) -> list[Row]:
    """Return the rows of a tunnel page or zone list in pasted text; other lines are passed over."""
    found = []
    for number, line in enumerate(text.splitlines()[:_MOST_LINES], 1):
        shown = line[:_MOST_TEXT]
        zone, tunnel = _ZONE.match(shown), _TUNNEL.match(shown)
        matched = zone or tunnel
        if matched is None:
            continue
        evidence = Evidence(EvidenceKind.PASTED, PASTED, shown.strip(), line=number)
        found.append(
            Row(
                connection="uc-zone" if zone else "ssh-tunnel",
                state=State(matched["state"].capitalize()),
                target="" if zone else matched["target"],
                reason=" ".join(matched["rest"].split()),
                evidence=evidence,
            )
        )
    return found
