"""Changes modules that give verdicts, one small change at a time, and asks whether a test notices.

Usage: python tools/mutants.py [MODULE…] [--page docs/proof.md]; all modules of the table without.
A survivor is a change that no test notices: a test is missing, or it changes no behavior and
stands in tests/mutants_explained.toml with its reason. Ends with 1 where one is neither.

Kept libraries are unfit: what decides here stands in tables, and mutmut changes functions alone;
cosmic-ray starts pytest anew for each change, which takes hours. Linux only: processes are forked.
"""

import argparse
import importlib
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

_HERE = Path(__file__).resolve().parent
ROOT = _HERE.parent
sys.path[:0] = [str(_HERE), str(_HERE / "mutation"), str(ROOT), str(ROOT / "tests")]

import judging  # noqa: E402
from operators import Mutant, Mutants  # noqa: E402
from proof_section import Section  # noqa: E402

# Which tests judge which modules: the quick ones that are about them.
TESTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("connections.rules", "connections.pathrules"): ("path_rules",),
    ("diagnosis.findings.certificate_rules", "diagnosis.findings.store_rules"): (
        "certificate_rules", "store_rules", "one_store",
    ),
    ("renewals.certificate_dates", "renewals.stops", "renewals.worst_first", "facts.calendar"): (
        "renewal_days",
    ),
    ("expressway.uploadrules", "expressway.upload", "expressway.administration"): (
        "administration", "upload_rules",
    ),
    ("lab.verification", "lab.verify_errors", "lab.oversize"): (
        "path_verification", "path_rules",
    ),
    ("lab.tls", "lab.expected_name"): ("lab_handshake",),
    ("causes.causation", "causes.hiding_order", "causes.part", "causes.mending"): (
        "root_causes", "mending",
    ),
    ("renewals.dark_days", "renewals.mending_plan"): ("dark_days",),
    ("renewals.estate", "renewals.ca_words", "renewals.diary"): ("estate",),
    ("diagnosis.findings.headline",): ("headline",),
    ("diagnosis.findings.not_judged",): ("not_judged",),
    ("diagnosis.findings.raised_alarms", "log.alarms"): ("alarms",),
    (
        "diagnosis.findings.finding", "diagnosis.findings.finding_set",
        "diagnosis.findings.contradictions",
    ): ("finding_set",),
    ("diagnosis.findings.case_causes", "diagnosis.findings.cause_at"): ("finding_causes",),
    ("planning.plan_search", "planning.step_order"): ("plan_order",),
    ("planning.state_space",): ("state_space",),
    ("diagnosis.findings.predictions",): ("predictions",),
    ("diagnosis.findings.foreseen_refusals",): ("foreseen_refusals",),
    ("connections.attempts",): ("attempts",),
    ("connections.predict",): ("outcomes",),
    ("diagnosis.findings.completeness",): ("completeness",),
    ("diagnosis.findings.observations", "diagnosis.findings.failures"): (
        "observations", "field_callers",
    ),
    ("diagnosis.findings.refused_cause", "diagnosis.evidence.purposes"): ("refused_cause",),
    ("connections.services",): ("services",),
    ("connections.likeness",): ("likeness",),
    ("renewals.dark_rows",): ("dark_rows",),
    ("lab.ssh",): ("lab_tunnel",),
    ("connections.farstack",): ("stack_demands",),
    ("connections.path_ends",): ("path_ends",),
    ("causes.trust_words",): ("trust_words",),
    ("causes.alternatives", "causes.issuer_words"): ("remedy_words",),
    ("planning.lead_times",): ("lead_times",),
    ("planning.wish_list", "planning.plan_limits"): ("wish_list",),
    ("expressway.upgrade", "expressway.farrelease"): ("releases",),
    ("certificates.eku", "certificates.hostname"): ("usages",),
    ("diagnosis.findings.unknown_lines", "diagnosis.findings.directories"): ("unknown_lines",),
    ("log.tool_output", "diagnosis.findings.tool_results"): ("tool_output", "program_lines"),
}  # fmt: skip
EXPLAINED = ROOT / "tests" / "mutants_explained.toml"
SECTION = Section(
    "Mutants",
    "Written by `python tools/mutants.py --page docs/proof.md`. A mutant is one small change: a "
    "boundary moved, a condition turned or left out, a row of a table left out. Killed: a test "
    "notices. Explained: `tests/mutants_explained.toml` says why the change changes nothing.",
    ("module", "mutants", "killed", "explained", "survive", "killed or explained"),
)


def explained() -> dict[tuple[str, str, str], str]:
    """Return the reason for each mutant that changes nothing, by module, line and change."""
    rows = tomllib.loads(EXPLAINED.read_text("utf-8"))["same"]
    return {
        (row["module"], row["line"], change): row["why"]
        for row in rows
        for change in row["changes"]
    }


def path_of(module: str) -> Path:
    """Return the file of a module."""
    return ROOT / "ekukit" / f"{module.replace('.', '/')}.py"


def mutants_of(module: str) -> list[Mutant]:
    """Return the mutants of a module as it is now."""
    loaded = importlib.import_module(f"ekukit.{module}")
    return Mutants(path_of(module).read_text("utf-8"), loaded).all()


def judged(module: str, reached: judging.Reach) -> tuple[int, list[Mutant]]:
    """Return how many mutants a module has, and those that no test kills."""
    name = f"ekukit.{module}"
    loaded = importlib.import_module(name)
    # What is loaded here is not to be what forked processes judge.
    for each in [each for each in sys.modules if each.partition(".")[0] == "ekukit"]:
        del sys.modules[each]
    return judging.survivors(name, path_of(module), loaded, reached)


def main() -> int:
    """Judge modules; return 1 where a mutant neither dies nor is explained."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    known = [module for modules in TESTS for module in modules]
    parser.add_argument("module", nargs="*", help="connections.rules …; all without", default=known)
    parser.add_argument("--page", type=Path, help="where to write the figures")
    options = parser.parse_args()
    wanted = [name.removeprefix("ekukit.").removesuffix(".py") for name in options.module]
    reasons, left = explained(), 0
    for modules, names in TESTS.items():
        chosen = [module for module in modules if module in wanted]
        if not chosen:
            continue
        tests = [f"tests/test_{name}.py" for name in names]
        judging.preload(tests)
        reached = judging.reached([path_of(module) for module in chosen], tests)
        for module in chosen:
            start = time.monotonic()
            count, alive = judged(module, reached)
            known_ones = [m for m in alive if (module, m.text, m.change) in reasons]
            new = [m for m in alive if (module, m.text, m.change) not in reasons]
            left += len(new)
            took = time.monotonic() - start
            print(f"{module}: {count} mutants, {count - len(alive)} killed, "
                  f"{len(known_ones)} explained, {len(new)} survive; {took:.0f} s")  # fmt: skip
            for (line, text, change), times in Counter(
                (m.line, m.text, m.change) for m in new
            ).items():
                print(f"  {line}: {text}\n      {change}{f' ({times} times)' * (times > 1)}")
            sys.stdout.flush()
            if options.page:
                share = f"{(count - len(new)) / count:.0%}" if count else "all"
                figures = (count, count - len(alive), len(known_ones), len(new), share)
                SECTION.put(options.page, {module: tuple(map(str, figures))}, known)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
