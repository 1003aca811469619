"""Every judge against the rules over the whole space, counted, and each difference explained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ekukit.proof.cases import ProofCase, handshake_of, proof_cases
from ekukit.proof.divergences import DIVERGENCES, Divergence
from ekukit.proof.judges import Judge, judges, not_asked
from ekukit.proof.opinions import Opinion, ShownPath


@dataclass(frozen=True, slots=True)
class JudgeDifference:
    """A case in which a judge and the rules say different things; `known` explains it, or None."""

    judge: str
    case: ProofCase
    rules: Opinion
    said: Opinion
    known: Divergence | None


@dataclass(slots=True)
class Proof:
    """What came of it: for each judge how many cases, and every difference.

    `absent` are the judges that could not be asked, by name, and why.
    """

    asked: dict[str, int] = field(default_factory=dict)
    differences: list[JudgeDifference] = field(default_factory=list)
    idle: list[Divergence] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)

    @property
    def unexplained(self) -> list[JudgeDifference]:
        """Return the differences that no row explains."""
        return [found for found in self.differences if found.known is None]

    @property
    def holds(self) -> bool:
        """Return whether of those asked every difference is explained and every row is needed."""
        return not self.unexplained and not self.idle

    def counts(self) -> list[tuple[str, int, int, int]]:
        """Return of each judge: cases, explained differences, unexplained ones."""

        def differing(name: str, *, is_known: bool) -> int:
            own = [one for one in self.differences if one.judge == name]
            return sum((one.known is not None) is is_known for one in own)

        return [
            (name, asked, differing(name, is_known=True), differing(name, is_known=False))
            for name, asked in self.asked.items()
        ]


def prove(
    at: datetime,
    *,
    cases: Iterable[ProofCase] | None = None,
    known: Sequence[Divergence] = DIVERGENCES,
    asked: Sequence[Judge] | None = None,
) -> Proof:
    """Return every judge's opinion against the rules', over the whole space unless told.

    `at` must be now: the ssl module has the machine's clock. A row of `known` is idle when its
    judge was asked and it explains nothing.
    """
    found = Proof(absent=not_asked() if asked is None else {})
    bench = judges() if asked is None else asked
    for case in proof_cases() if cases is None else cases:
        shown = ShownPath(handshake_of(case, at), case.judged)
        first = bench[0].says(shown)
        for judge in bench[1:]:
            if not judge.hears(case, shown):
                continue
            found.asked[judge.name] = found.asked.get(judge.name, 0) + 1
            said = judge.says(shown)
            if not said.agrees(first):
                why = next((d for d in known if d.judge == judge.name and d.covers(case)), None)
                found.differences.append(JudgeDifference(judge.name, case, first, said, why))
    used = {id(one.known) for one in found.differences}
    found.idle = [one for one in known if one.judge in found.asked and id(one) not in used]
    return found
