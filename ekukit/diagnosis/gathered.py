"""Findings while they are gathered: one for each code, its evidence joined, its words filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ekukit.connections import Engine
from ekukit.diagnosis.codes import CODES
from ekukit.diagnosis.finding import Confidence, Evidence, Finding, Severity, ranked

MOST_EVIDENCE = 12
# What stands for a word that the case does not tell.
_GENERAL = {
    "who": "the node",
    "judge": "the far node",
    "store": "own",
    "list": "the far node's trusted CA list",
    "name": "that is expected",
    "page": "Maintenance > Security",
    "issuer": "the certificate",
    "alternative": "",
    "text": "",
    "purpose": "clientAuth",
}


@dataclass(slots=True)
class Gathered:
    """The findings of a case by code."""

    _found: dict[str, Finding] = field(default_factory=dict)

    def add(  # noqa: PLR0913 - a finding is told by name
        self,
        code: str,
        found: str,
        evidence: Iterable[Evidence],
        *,
        confidence: Confidence = Confidence.CERTAIN,
        severity: Severity | None = None,
        words: Mapping[str, str] | None = None,
        facts: Iterable[str] = (),
        decide: str = "",
        engine: Engine = Engine.RULES,
    ) -> None:
        """Add a finding, or its evidence to the finding of that code, whose confidence may rise.

        Raises KeyError for a code that the table does not have, ValueError without evidence.
        """
        row = CODES[code]
        filled = {**_GENERAL, **(words or {})}
        shown = tuple(dict.fromkeys(evidence))
        if not shown:
            msg = f"{code}: a finding needs evidence"
            raise ValueError(msg)
        new = Finding(
            code=code,
            severity=severity or row.severity,
            confidence=confidence,
            found=found,
            required=row.required.format_map(filled),
            todo=row.todo.format_map(filled),
            evidence=shown[:MOST_EVIDENCE],
            facts=tuple(dict.fromkeys((*row.facts, *facts))),
            decide=decide,
            engine=engine,
        )
        old = self._found.get(code)
        self._found[code] = new if old is None else _joined(old, new)

    def add_evidence(self, code: str, evidence: Iterable[Evidence]) -> None:
        """Add evidence to the finding of a code, if there is one."""
        old = self._found.get(code)
        if old is not None:
            joined = tuple(dict.fromkeys((*old.evidence, *evidence)))[:MOST_EVIDENCE]
            self._found[code] = replace(old, evidence=joined)

    def has(self, code: str) -> bool:
        """Return whether a finding of that code was added."""
        return code in self._found

    def codes(self, beginning: str) -> list[str]:
        """Return the codes that were added and begin so."""
        return [code for code in self._found if code.startswith(beginning)]

    def all(self) -> tuple[Finding, ...]:
        """Return the findings, ranked."""
        return ranked(list(self._found.values()))


def _joined(old: Finding, new: Finding) -> Finding:
    severities, confidences = list(Severity), list(Confidence)
    same = old.found == new.found or new.found in old.found
    surer = min(old.confidence, new.confidence, key=confidences.index)
    return replace(
        old,
        severity=min(old.severity, new.severity, key=severities.index),
        confidence=surer,
        found=old.found if same or len(old.found) > _LONG else f"{old.found} {new.found}",
        evidence=tuple(dict.fromkeys((*old.evidence, *new.evidence)))[:MOST_EVIDENCE],
        facts=tuple(dict.fromkeys((*old.facts, *new.facts))),
        decide=old.decide if surer is old.confidence else new.decide,
        engine=Engine.LAB if Engine.LAB in (old.engine, new.engine) else old.engine,
    )


_LONG = 600
