"""Directory servers (LDAP) that a node could not use: logins depend on them, no zone or tunnel."""

from ekukit.connections import Cause
from ekukit.diagnosis.evidence.refusal_sentences import cause_todo, todo_of, told_of, words_of
from ekukit.diagnosis.evidence.tries import Try
from ekukit.diagnosis.findings.finding import Confidence, Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.log.troubles import TROUBLES, Trouble
from ekukit.log.words import Fate

REFUSED, FAILED = "directory.refused", "directory.failed"
_TEXT = "Directory (LDAP): {told}. Zones and tunnels do not depend on it."
_SAID = ' ("{words}")'
_MOST_SHOWN = 200
_ENDED_WELL = (Fate.WORKED, Fate.REACHED, Fate.ELSEWHERE)


def add_directory(gathered: Gathered, found: Try) -> None:
    """Add that a directory server was refused, refused us, or was not reached.

    What is expected of its certificate is documented (T12); which service asks it a line does not
    tell.
    """
    if found.fate in _ENDED_WELL:
        return
    words = words_of(found, None)
    told = told_of(found, found.cause, None, found.name)
    named = found.cause is not Cause.OTHER
    refused = found.fate is Fate.REFUSED
    if not named and found.words:
        told += _SAID.format(words=found.words[:_MOST_SHOWN])
    todo = todo_of(found, None)
    if found.cause is not Cause.NAME:  # its address is no peer's
        todo = todo or cause_todo(found.cause, found.side, words)
    if found.trouble not in (None, Trouble.REFUSED):
        todo = todo or TROUBLES[found.trouble].todo.format(**words)
    gathered.add(
        Draft(
            REFUSED if refused else FAILED,
            _TEXT.format(told=told),
            found.evidence,
            confidence=Confidence.CERTAIN if named else Confidence.LIKELY,
            words=words,
            todo=todo,
        )
    )
