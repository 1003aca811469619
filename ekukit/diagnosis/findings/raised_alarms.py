"""Alarms that the nodes raised, as findings: what a node found out itself."""

from dataclasses import replace

from ekukit.diagnosis.evidence.evidence import EvidenceKind
from ekukit.diagnosis.evidence.logged import RaisedAlarm
from ekukit.diagnosis.evidence.refusal_sentences import node_words
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.findings.finding import Confidence, Draft, Severity
from ekukit.diagnosis.findings.finding_set import Gathered

_LISTED = " The status dump lists it and does not tell whether it is over."
_TUNNELS = ("tunnel.", "ssh-tunnel.")


def add_alarms(gathered: Gathered, seen: Seen) -> None:
    """Add the alarms that stand; one of the tunnels only where nothing else tells of them.

    Not checked: whether an alarm that was raised in the log stands to this day.
    """
    tunnels = any(gathered.codes(beginning) for beginning in _TUNNELS)
    for alarm in seen.alarms:
        if not (tunnels and alarm.row.code.startswith(_TUNNELS)):
            gathered.add(_draft(alarm, seen))


def _draft(alarm: RaisedAlarm, seen: Seen) -> Draft:
    draft = _told(alarm, seen)
    if alarm.evidence.kind is not EvidenceKind.STATUS:
        return draft
    return replace(draft, found=f"{draft.found}{_LISTED}", confidence=Confidence.POSSIBLE)


def _told(alarm: RaisedAlarm, seen: Seen) -> Draft:
    row = alarm.row
    who = node_words(seen.known.roles.get(alarm.host), alarm.host) if alarm.host else "a node"
    if row.code.startswith(_TUNNELS) and row.number:
        text = f"SSH tunnel: by an alarm of {who}, {row.title} ({row.number}), {row.means}."
        return Draft(
            row.code, text, [alarm.evidence], Confidence.POSSIBLE, facts=("A2",), todo=row.todo
        )
    if row.number:
        text = (
            f"{who[0].upper()}{who[1:]} raised the alarm {row.title} ({row.number}): {row.means}."
        )
        return Draft(row.code, text, [alarm.evidence], facts=("A2",), todo=row.todo)
    text = f"{who}: {row.program} {row.means}."
    severity = Severity(row.severity)
    return Draft(
        row.code, text, [alarm.evidence], Confidence.POSSIBLE, severity=severity, todo=row.todo
    )
