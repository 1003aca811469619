"""Findings while they are gathered: one for each code, its evidence joined, its words filled in."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ekukit.connections import Engine
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.findings.codes import CODES
from ekukit.diagnosis.findings.finding import Confidence, Draft, Finding, Severity, ranked

MOST_EVIDENCE = 12
# So that one kind does not crowd out another.
MOST_OF_A_KIND = 5
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
    "which": "the certificate",
    "usage": "",
    "ekus": "its EKUs",
    "client": "the node that calls",
    "server": "the node that answers",
    "near": "the node",
    "far": "the far end",
    "port": "of the connection",
}


@dataclass(slots=True)
class Gathered:
    """The findings of a case by code."""

    _found: dict[str, Finding] = field(default_factory=dict)

    def add(self, draft: Draft) -> None:
        """Add a finding, or its evidence to the finding of that code, whose confidence may rise.

        Raises KeyError for a code that the table does not have, ValueError without evidence.
        """
        code = draft.code
        row = CODES[code]
        filled = {**_GENERAL, **draft.words}
        shown = tuple(dict.fromkeys(draft.evidence))
        if not shown:
            msg = f"{code}: a finding needs evidence"
            raise ValueError(msg)
        new = Finding(
            code=code,
            severity=draft.severity or row.severity,
            confidence=draft.confidence,
            found=draft.found,
            required=row.required.format_map(filled),
            todo=draft.todo or row.todo.format_map(filled),
            evidence=_chosen(shown),
            facts=tuple(dict.fromkeys((*row.facts, *draft.facts))),
            decide=draft.decide,
            engine=draft.engine,
        )
        old = self._found.get(code)
        self._found[code] = new if old is None else _joined(old, new)

    def tells(self, code: str, sentence: str) -> bool:
        """Return whether the finding of a code says that already."""
        old = self._found.get(code)
        return old is not None and _says(old.found, sentence)

    def todo(self, code: str, words: Mapping[str, str]) -> str:
        """Return what the table says is to be done for a code, filled in."""
        return CODES[code].todo.format_map({**_GENERAL, **words})

    def add_evidence(self, code: str, evidence: Iterable[Evidence]) -> None:
        """Add evidence to the finding of a code, if there is one."""
        old = self._found.get(code)
        if old is not None:
            self._found[code] = replace(old, evidence=_chosen((*old.evidence, *evidence)))

    def say(self, code: str, words: str) -> None:
        """Add words to the finding of a code, if there is one."""
        old = self._found.get(code)
        if old is not None:
            self._found[code] = replace(old, found=f"{old.found} {words}")

    def contest(
        self, code: str, words: str, evidence: Iterable[Evidence], severity: Severity, decide: str
    ) -> None:
        """Take the certainty from the finding of a code, if there is one, and say why."""
        old = self._found.get(code)
        if old is not None:
            self._found[code] = replace(
                old,
                found=f"{old.found}{words}",
                severity=severity,
                confidence=Confidence.POSSIBLE,
                evidence=_chosen((*evidence, *old.evidence)),
                decide=decide,
            )

    def evidence(self, code: str) -> tuple[Evidence, ...]:
        """Return the evidence of a code, nothing when there is no finding of it."""
        found = self._found.get(code)
        return found.evidence if found is not None else ()

    def has(self, code: str) -> bool:
        """Return whether a finding of that code was added."""
        return code in self._found

    def codes(self, beginning: str) -> list[str]:
        """Return the codes that were added and begin so."""
        return [code for code in self._found if code.startswith(beginning)]

    def all(self) -> tuple[Finding, ...]:
        """Return the findings, ranked."""
        return ranked(list(self._found.values()))


def _says(text: str, sentence: str) -> bool:
    """Return whether a text has a sentence as a whole, or with something added behind it.

    A host's name can end as another's does, so a sentence within another one is none of its own.
    """
    bare = re.escape(sentence.removesuffix("."))
    return re.search(rf"(?:^|(?<=[.!?)\"] )){bare}(?=\.?$|\. |, | \()", text) is not None


def _joined(old: Finding, new: Finding) -> Finding:
    severities, confidences = list(Severity), list(Confidence)
    same = _says(old.found, new.found)
    same_todo = _says(old.todo, new.todo) or len(old.todo) > _LONG // 3
    surer = min(old.confidence, new.confidence, key=confidences.index)
    if surer is Confidence.CERTAIN is not old.confidence:
        old = replace(old, found=old.found.replace(ASSUMED, SHOWN))
    return replace(
        old,
        severity=min(old.severity, new.severity, key=severities.index),
        confidence=surer,
        found=old.found if same or len(old.found) > _LONG else f"{old.found} {new.found}",
        todo=old.todo if same_todo else f"{old.todo} {new.todo}",
        evidence=_chosen((*old.evidence, *new.evidence)),
        facts=tuple(dict.fromkeys((*old.facts, *new.facts))),
        decide=old.decide if surer is old.confidence else new.decide,
        engine=Engine.LAB if new.engine is Engine.LAB else old.engine,
        others=old.others + (not same and old.code.partition(".")[0] in _OF_THINGS),
    )


_LONG = 600
# Codes of which each draft is about another certificate, store or list; of a connection it is not.
_OF_THINGS = frozenset({"certificate", "store", "issuer", "mode", "trust"})
# What a prediction assumed, and what it is once a refusal was seen that shows it.
ASSUMED, SHOWN = ", assumed)", ", as the refusal shows)"


def _chosen(found: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Return the first of each kind, each once, in the order given."""
    counts: Counter[EvidenceKind] = Counter()
    chosen = []
    for evidence in dict.fromkeys(found):
        counts[evidence.kind] += 1
        if counts[evidence.kind] <= MOST_OF_A_KIND:
            chosen.append(evidence)
    return tuple(chosen[:MOST_EVIDENCE])
