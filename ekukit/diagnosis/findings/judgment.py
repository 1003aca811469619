"""All findings of a case: each judge in turn adds its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ekukit.connections import Outcome
from ekukit.diagnosis.evidence.case_evidence import CaseReading
from ekukit.diagnosis.evidence.evidence import Observed
from ekukit.diagnosis.evidence.refusal_sentences import node_words
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.findings.certificate_rules import (
    Looked,
    add_certificate_findings,
    add_trust_findings,
)
from ekukit.diagnosis.findings.completeness import (
    add_archive_findings,
    add_systems,
    add_two_systems,
)
from ekukit.diagnosis.findings.contradictions import add_contested, add_differences
from ekukit.diagnosis.findings.finding import Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.foreseen_refusals import (
    ForeseenRefusal,
    paths_accepted,
    refusals_foreseen,
)
from ekukit.diagnosis.findings.host_names import add_host_name_findings
from ekukit.diagnosis.findings.not_judged import add_not_judged
from ekukit.diagnosis.findings.observations import add_observations
from ekukit.diagnosis.findings.predictions import add_predictions, add_standin_findings
from ekukit.diagnosis.findings.raised_alarms import add_alarms
from ekukit.diagnosis.findings.store_rules import (
    add_mode_findings,
    add_name_findings,
    add_store_findings,
)
from ekukit.diagnosis.findings.tool_results import add_tool_results
from ekukit.diagnosis.rebuild.case_nodes import Reconstruction
from ekukit.expressway import Store

if TYPE_CHECKING:
    from ekukit.archive import Archive


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What is judged: the archive, what was read and seen of it, what was rebuilt and foreseen.

    `case` is None when no node of a known role is there; `today` when nobody said.
    """

    archive: "Archive"
    read: CaseReading
    case: Reconstruction | None
    predicted: Sequence[Outcome]
    seen: Seen
    observed: Sequence[Observed]
    today: datetime | None


def findings_of(judged: Judged) -> tuple[Finding, ...]:
    """Return everything that is wrong, ranked."""
    found, case, read, seen = Gathered(), judged.case, judged.read, judged.seen
    foreseen = tuple(refusals_foreseen(case, judged.predicted)) if case else ()
    looked = dict(_looked(judged))
    predicted = tuple(judged.predicted)
    if case is not None:
        add_predictions(found, foreseen, predicted)
        add_standin_findings(found, predicted)
        add_mode_findings(found, case)
        add_name_findings(found, case)
        add_host_name_findings(found, case)
        add_systems(found, case)
    add_certificate_findings(found, looked.values())
    add_store_findings(found, looked)
    add_trust_findings(found, read.inventory, read.at)
    accepted = frozenset(paths_accepted(case)) if case else frozenset()
    add_observations(found, replace(seen, foreseen=_codes(foreseen), accepted=accepted))
    add_alarms(found, seen)
    add_tool_results(found, seen.tests)
    add_differences(found, judged.observed, predicted)
    add_contested(found, foreseen, seen)
    add_archive_findings(found, judged.archive, read.nodes, read.roles, read.inventory)
    add_two_systems(found, read.nodes, read.inventory)
    add_not_judged(found, read.nodes, seen)
    return found.all()


def _looked(judged: Judged) -> Iterator[tuple[tuple[str, Store], Looked]]:
    read = judged.read
    for key, held in read.inventory.held.items():
        role = read.known.roles.get(held.host)
        words = node_words(role, held.host)
        is_only = held.host in read.one_store
        yield key, Looked(held, words, role, read.at, judged.today, is_only=is_only)


def _codes(foreseen: Iterable[ForeseenRefusal]) -> dict[str, frozenset[str]]:
    """Return what is foreseen by connection, as codes of findings."""
    found: dict[str, set[str]] = {}
    for refusal in foreseen:
        found.setdefault(refusal.connection, set()).add(refusal.code)
    return {name: frozenset(codes) for name, codes in found.items()}
