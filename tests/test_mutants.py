"""Mutants are what they say, each is judged, and what is explained is still there."""

import subprocess
import sys
from types import ModuleType

import pytest
from conftest import ROOT

sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tools" / "mutation")]

from mutants import SECTION, TESTS, explained, mutants_of, path_of  # noqa: E402
from operators import Mutants  # noqa: E402

MODULES = [module for modules in TESTS for module in modules]


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("x = a < b", {"`a < b` becomes `a <= b`", "`a < b` becomes `a >= b`"}),
        ("x = a and b", {"`a and b` becomes `a or b`", "`a and b` becomes `b`",
                         "`a and b` becomes `a`"}),
        ("x = timedelta(days=60)", {"`60` becomes `61`", "`60` becomes `59`"}),
        ("x = a if b else c", {"`b` becomes `False`", "`b` becomes `True`"}),
        ("x = {A: B, C: D}", {"without `A`", "without `C`"}),
        ("x = 'words'", set()),
        ("x: int | None = None", set()),
    ],
)  # fmt: skip
def test_a_mutant_is_one_small_change(line: str, changes: set[str]) -> None:
    """Boundaries, conditions, numbers and rows; words and annotations are left alone."""
    assert {m.change for m in Mutants(line, ModuleType("m")).all()} == changes


def test_a_mutant_is_made_in_its_tree() -> None:
    """The tree that is compiled holds the change, and nothing else."""
    found = Mutants("def f(a):\n    return a > 1\n", ModuleType("m"))
    found.all()[0].make()
    told: dict[str, object] = {}
    exec(compile(found.tree, "m", "exec"), told)  # noqa: S102 - made here
    assert told["f"](1) is True  # type: ignore[operator]


def test_every_explained_mutant_is_one_of_its_module() -> None:
    """A line that was changed needs no explanation any more, or another one."""
    held = {(name, m.text, m.change) for name in MODULES for m in mutants_of(name)}
    assert set(explained()) - held == set()
    assert all(why.strip() for why in explained().values())


def test_judged_modules_and_their_tests_exist() -> None:
    """And the page of proofs has rows of judged modules alone."""
    assert [m for m in MODULES if not path_of(m).is_file()] == []
    names = {name for tests in TESTS.values() for name in tests}
    assert [n for n in sorted(names) if not (ROOT / "tests" / f"test_{n}.py").is_file()] == []
    rows = list(SECTION.rows(ROOT / "docs" / "proof.md"))
    assert rows == [module for module in MODULES if module in rows] != []


@pytest.mark.skipif(sys.platform != "linux", reason="mutants are judged in forked processes")
def test_the_command_tells_killed_mutants_from_survivors() -> None:
    """A module of few lines, with all of its mutants killed; an unknown one is refused."""
    command = [sys.executable, str(ROOT / "tools" / "mutants.py"), "expressway.upload"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, " 0 survive" in done.stdout) == (0, True), done.stdout + done.stderr
