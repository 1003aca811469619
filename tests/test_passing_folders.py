"""What was written without a name is gone when Python ends, however it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="locks and signals of POSIX")
SAMPLE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
MAKE = "from ekukit.passing_folders import passing_folder as new; import os, sys; made = new();"


def python(program: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Run a program whose temporary files go into a place."""
    found = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(place)}
    return subprocess.run([sys.executable, "-c", program], env=found, text=True, check=False,
                          capture_output=True)  # fmt: skip


@pytest.mark.parametrize(
    "program",
    [
        f"import ekukit; print(ekukit.inspect({str(SAMPLE)!r}).report(names=True).stat().st_mode)",
        "import ekukit; print(list(ekukit.sample_estate(1).iterdir()))",
        f"{MAKE} (made / 'x').touch(); new(); print(made); sys.exit(3)",
        f"{MAKE} (made / 'x').touch(); print(made); raise KeyboardInterrupt",
    ],
    ids=["report", "estate", "exit", "Ctrl-C"],
)
def test_nothing_is_left_when_python_ends(program: str, tmp_path: Path) -> None:
    """A report with a customer's names and a made-up estate lie there until then, no longer."""
    assert python(program, tmp_path).stdout.strip()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    """SIGKILL leaves no time to delete."""
    python(f"{MAKE} (made / 'x').touch(); os.kill(os.getpid(), 9)", tmp_path)
    assert len(list(tmp_path.rglob("x"))) == 1
    python(MAKE, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """Another process, and a child that was forked, take nothing away from who still reads."""
    nested = f"{MAKE} print(made)"
    program = (
        f"{MAKE} (made / 'x').touch(); import subprocess;"
        f"subprocess.run([sys.executable, '-c', {nested!r}]);"
        "child = os.fork();"
        "sys.exit() if child == 0 else os.waitpid(child, 0);"
        "print((made / 'x').exists())"
    )
    assert python(program, tmp_path).stdout.split()[-1] == "True"
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_the_kits_is_left_alone(tmp_path: Path) -> None:
    """A link, a file and a folder of such a name that the kit did not make stay as they are."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / ".in-use").touch()
    place = tmp_path / "temporary"
    place.mkdir()
    (place / "ekukit-passing-link").symlink_to(kept)
    (place / "ekukit-passing-file").touch()
    (place / "ekukit-passing-mine").mkdir()
    (place / "ekukit-passing-mine" / "letter").touch()
    assert python(MAKE, place).returncode == 0
    assert len(list(place.iterdir())) == 3
    assert (kept / ".in-use").exists()
