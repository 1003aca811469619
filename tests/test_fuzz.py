"""Every fuzz target stands a fixed number of mutations."""

import importlib.util
import re
import subprocess
import sys
from types import ModuleType

import pytest
from conftest import ROOT

from ekukit.capture import packet_index as capture_index

SCRIPTS = sorted(
    path
    for path in (ROOT / "fuzz").glob("*.py")
    if path.stem not in {"fuzzing", "damage", "coverage"}
)


def load(name: str) -> ModuleType:
    """Return a script of the folder `fuzz` as a module."""
    spec = importlib.util.spec_from_file_location(f"fuzz_{name}", ROOT / "fuzz" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_reader_has_a_target() -> None:
    """Readers of logs, dumps, certificates, captures, containers and tools are all fuzzed."""
    assert [path.stem for path in SCRIPTS] == [
        "capture", "certificates", "container", "dump", "log", "tool_output",
    ]  # fmt: skip


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_target_stands_fixed_mutations(path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but InputError is raised, and what the target asserts holds."""
    monkeypatch.setattr(capture_index, "FEWEST", capture_index.FEWEST)
    fuzzing = load("fuzzing")
    monkeypatch.setitem(sys.modules, "fuzzing", fuzzing)
    script = load(path.stem)  # type: ignore[attr-defined]
    fuzzing.rounds(script.target, script.SAMPLES, 150)


def test_fuzzing_by_coverage_knows_every_target() -> None:
    """`python fuzz/coverage.py` leaves no reader out."""
    told = (ROOT / "fuzz" / "coverage.py").read_text("utf-8")
    readers = told.partition("READERS = {")[2].partition("}")[0]
    assert sorted(re.findall(r'"(\w+)":', readers)) == [path.stem for path in SCRIPTS]


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris is not installed; Linux alone"
)
def test_readers_stand_a_while_of_fuzzing_by_coverage() -> None:
    """A few seconds for each reader, led by the branches that inputs reach."""
    command = [sys.executable, str(ROOT / "fuzz" / "coverage.py"), "--seconds", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^(\w+): [1-9][\d,]* inputs", done.stdout, re.MULTILINE) == [
        "log", "dump", "certificates", "capture", "container",
    ]  # fmt: skip


def test_random_damage_of_the_samples_is_stood() -> None:
    """Damaged samples raise nothing, add up, and lose no more than what is told."""
    damage = load("damage")
    wrong = {seed: found[2] for seed in range(1, 25) if (found := damage.run(seed))[2]}
    assert {seed: told for seed, told in wrong.items() if not told.startswith("took")} == {}
