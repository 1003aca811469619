"""Findings: what is wrong in a case, how sure that is, and the evidence that it rests on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ekukit.connections import Engine
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.facts import Status, basis


class Severity(StrEnum):
    """How bad a finding is, the worst first; findings are ranked in this order."""

    BROKEN = "broken"
    WILL_BREAK = "will break"
    WEAK = "weak"
    NOTE = "note"


SEEN = (EvidenceKind.LOG, EvidenceKind.PACKET, EvidenceKind.PASTED)
# What takes a failure back, behind its first sentence.
HEALED = " It connected later."
SHOWN_UP = " A page that was given shows it Active."
CONTINUED = " It let the connection go on all the same (Action=Continue)."
_BACK = (HEALED, SHOWN_UP, CONTINUED)
_HEALED_TODO = "Nothing while it connects; see whether it still does."
# Color is never the only cue: every severity has a sign, too.
SIGNS = {
    Severity.BROKEN: "✗",
    Severity.WILL_BREAK: "!",
    Severity.WEAK: "△",
    Severity.NOTE: "·",
}


class Confidence(StrEnum):
    """How sure a finding is of its cause, the surest first."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, what was required, what to do, and the evidence.

    `code` is a key of `ekukit.diagnosis.findings.codes.CODES`. `decide` names the command or screen
    that would tell two fitting causes apart, "" when there is nothing to decide. `engine` says if
    a handshake of the lab shows the effect, or rules alone do. `others` counts further things of
    which the same was found, as other certificates that expire.
    """

    code: str
    severity: Severity
    confidence: Confidence
    found: str
    required: str
    todo: str
    evidence: tuple[Evidence, ...]
    facts: tuple[str, ...]
    decide: str = ""
    engine: Engine = Engine.RULES
    others: int = 0

    @property
    def first(self) -> str:
        """Return the first sentence of what was found, and how many more things are alike.

        With the one that takes it back, where there is one.
        """
        sentence = first_sentence(self.found)
        rest = self.found[len(sentence) + 1 :]
        taken_back = next((words for words in _BACK if rest.startswith(words)), "")
        if taken_back:
            sentence = f"{sentence}.{taken_back.removesuffix('.')}"
        return f"{sentence}; {self.others} more like it." if self.others else f"{sentence}."

    @property
    def basis(self) -> Status:
        """Return the weakest status among the facts."""
        return basis(self.facts)


def first_sentence(text: str) -> str:
    """Return the first sentence without its full stop; one inside of quotes ends none."""
    sentence, *more = text.split(". ")
    for part in more:
        if sentence.count('"') % 2 == 0:
            break
        sentence = f"{sentence}. {part}"
    return sentence.removesuffix(".")


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding before the table has filled in what its code requires and what is to be done.

    `severity` and `todo` stand instead of the table's where they are given; `words` fill in the
    table's sentences, `facts` come after the table's own.
    """

    code: str
    found: str
    evidence: Iterable[Evidence]
    confidence: Confidence = Confidence.CERTAIN
    severity: Severity | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    facts: Iterable[str] = ()
    decide: str = ""
    todo: str = ""
    engine: Engine = Engine.RULES

    def weak(self, more: str) -> "Draft":
        """Return the draft as weak, with words added that say why."""
        return replace(self, found=f"{self.found}{more}", severity=Severity.WEAK)

    def taken_back(self, words: str) -> "Draft":
        """Return the draft as weak, with words that take it back behind its first sentence."""
        first = first_sentence(self.found)
        found = f"{first}.{words}{self.found[len(first) + 1 :]}"
        todo = self.todo if words == CONTINUED else _HEALED_TODO
        return replace(self, found=found, severity=Severity.WEAK, todo=todo)


def ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return the findings, the worst first, then the surest, of what is broken what was seen.

    Else they are in the order given.
    """
    severities, confidences = list(Severity), list(Confidence)

    def rank(found: Finding) -> tuple[int, int, bool]:
        seen = any(e.kind in SEEN for e in found.evidence)
        order = severities.index(found.severity), confidences.index(found.confidence)
        return *order, found.severity is Severity.BROKEN and not seen

    return tuple(sorted(findings, key=rank))


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the table: what a code means by default; a finding may say more, never another.

    `required` and `todo` are sentences; words in braces are filled in from the case.
    """

    code: str
    title: str
    severity: Severity
    required: str
    todo: str
    facts: tuple[str, ...]
