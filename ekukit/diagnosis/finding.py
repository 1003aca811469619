"""Findings: what is wrong in a case, how sure that is, and the evidence that it rests on."""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.connections import Engine
from ekukit.facts import Status, basis


class Severity(StrEnum):
    """How bad a finding is, the worst first; findings are ranked in this order."""

    BROKEN = "broken"
    WILL_BREAK = "will break"
    WEAK = "weak"
    NOTE = "note"


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


class EvidenceKind(StrEnum):
    """Where a piece of evidence was read."""

    LOG = "log"
    PACKET = "packet"
    CERTIFICATE = "certificate"
    CONFIGURATION = "configuration"
    STATUS = "status"
    PASTED = "pasted text"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was read: where, and the words that stand there.

    `line` and `packet` count from 1 in `file`; `serial` is lower-case hex without prefix.
    `store` names the store of a certificate ("server", "client"), "" elsewhere.
    """

    kind: EvidenceKind
    file: str
    text: str
    line: int | None = None
    packet: int | None = None
    serial: str = ""
    store: str = ""

    @property
    def where(self) -> str:
        """Return the place in words: file with line or packet, and the certificate's serial."""
        parts = [self.file] if self.file else []
        parts += [f"line {self.line}"] if self.line is not None else []
        parts += [f"packet {self.packet}"] if self.packet is not None else []
        parts += [f"serial {self.serial}"] if self.serial else []
        return ", ".join(parts) or self.kind.value


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, what was required, what to do, and the evidence.

    `code` is a key of `ekukit.diagnosis.codes.CODES`. `decide` names the command or screen that
    would tell two fitting causes apart, "" when there is nothing to decide. `engine` says whether
    a handshake of the lab shows the effect, or rules alone do.
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

    @property
    def basis(self) -> Status:
        """Return the weakest status among the facts."""
        return basis(self.facts)


def ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return the findings, the worst first, then the surest; else in the order given."""
    severities, confidences = list(Severity), list(Confidence)
    return tuple(
        sorted(
            findings,
            key=lambda f: (severities.index(f.severity), confidences.index(f.confidence)),
        )
    )
