"""From a wish to its plans: every wish and limit over the conditions and the sample cases.

Run with `uv run python benchmarks/plan.py [FOLDER]`; FOLDER holds the cases, data/cases if not
given. Prints the slowest and the 95th percentile by rules alone and with handshakes, each aim
beside it; nothing is asserted, since machines differ. Wishes are each connection and service alone
and all together, limits none, each alone and all together.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ekukit
from ekukit.connections import Engine, Outcome
from ekukit.connections.catalog import Connection
from ekukit.connections.predict import connection_outcomes
from ekukit.connections.rules import judge
from ekukit.diagnosis.planned_case import PlanStart, confirmed, start_of_case
from ekukit.expressway import Deployment, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.lab.bench import perform
from ekukit.planning import PlanLimit, PlanQuestion, make_plan
from ekukit.planning.plan_answer import Confirm, by_handshakes

RULES_AIM, LAB_AIM = 1.0, 3.0


def by_rules(deployment: Deployment, rows: tuple[Connection, ...]) -> tuple[Outcome, ...]:
    """Return what rules say, so that the search alone is measured."""
    return connection_outcomes(deployment, judge, Engine.RULES, rows)


def questions(start: PlanStart) -> Iterator[PlanQuestion]:
    """Yield every wish with every limit."""
    told = {o.connection for o in by_rules(start.deployment, start.rows)}
    wishes = [(), *((name,) for name in sorted(told)), ("webrtc-proxy",)]
    limits = [(), *((limit,) for limit in PlanLimit), tuple(PlanLimit)]
    for want in wishes:
        for never in limits:
            yield PlanQuestion(want=want, never=never, rows=start.rows)


def seconds(start: PlanStart, question: PlanQuestion, confirm: Confirm) -> float:
    """Return how long an answer takes."""
    begun = time.perf_counter()
    make_plan(start.deployment, question, confirm)
    return time.perf_counter() - begun


def report(name: str, times: list[tuple[float, str]], aim: float) -> None:
    """Print the slowest answer with what was asked, and the 95th percentile."""
    worst, asked = max(times)
    late = statistics.quantiles([one for one, _ in times], n=20)[-1]
    print(f"{name:16} {len(times):5} answers  p95 {late:6.3f} s  slowest {worst:6.3f} s"
          f"  (aim {aim} s)  {asked}")  # fmt: skip


def starts(folder: Path) -> Iterator[tuple[str, PlanStart, Confirm]]:
    """Yield the conditions and the cases of a folder."""
    for name in CONDITIONS:
        yield name, PlanStart(build(condition(name))), by_handshakes
    for path in sorted(folder.glob("*.tar.gz")):
        yield path.name, start_of_case(ekukit.inspect(path)), confirmed


def main() -> None:
    """Answer everything by rules; with handshakes, none of them made before, each start once."""
    folder = Path(sys.argv[1] if sys.argv[1:] else "data/cases")
    ruled: list[tuple[float, str]] = []
    made: list[tuple[float, str]] = []
    for name, start, confirm in starts(folder):
        for question in questions(start):
            asked = f"{name} want={question.want or 'all'} never={question.never or 'nothing'}"
            ruled.append((seconds(start, question, by_rules), asked))
            perform.cache_clear()
            made.append((seconds(start, question, confirm), asked))
    report("by rules", ruled, RULES_AIM)
    report("with handshakes", made, LAB_AIM)


if __name__ == "__main__":
    main()
