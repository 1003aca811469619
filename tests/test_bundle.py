"""Bundles: the right wheels for the target, judged by its markers and not by this machine's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from ekukit.cli import main
from ekukit.errors import InputError
from ekukit.room.bundle import BUILDERS, PLATFORMS, PYTHONS, bundle, missing, needed

LOCK = (ROOT / "requirements.txt").read_text("utf-8")


def names(platform: str, python: str = "3.12") -> set[str]:
    """Return the names that a target needs."""
    lines = needed(LOCK, PLATFORMS[platform], python)[1]
    return {line.partition("==")[0] for line in lines}


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("pywinpty", {"windows"}),
        ("colorama", {"windows"}),
        ("appnope", {"macos"}),
        ("pexpect", {"macos", "linux"}),
        ("jupyterlab", {"windows", "macos", "linux"}),
    ],
)
def test_markers_are_those_of_the_target(name: str, where: set[str]) -> None:
    """What this machine is does not matter."""
    assert {platform for platform in PLATFORMS if name in names(platform)} == where


def test_markers_of_python_are_those_of_the_target() -> None:
    """An older Python gets the older numpy; patch releases that differ give both versions."""
    old, new = (needed(LOCK, PLATFORMS["linux"], python)[1] for python in ("3.11", "3.13"))
    pins = [
        next(line.split()[0] for line in lines if line.startswith("numpy=")) for lines in (old, new)
    ]
    assert pins[0] != pins[1]
    first, last = needed(LOCK, PLATFORMS["linux"], "3.11")
    assert {line.split()[0] for line in set(first) ^ set(last)} == {
        "soupsieve==2.10",
        "soupsieve==4.1.3",
    }


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_line_is_pinned_and_keeps_its_hashes(platform: str) -> None:
    """No marker is left for pip to judge by the wrong machine."""
    for line in needed(LOCK, PLATFORMS[platform], "3.12")[0]:
        assert "==" in line.split()[0]
        assert ";" not in line
        assert "--hash=sha256:" in line


def test_missing_wheels_are_named(tmp_path: Path) -> None:
    """An empty folder lacks everything, builders too; one wheel is one less."""
    all_of_it = missing(LOCK, PLATFORMS["windows"], "3.12", tmp_path)
    assert set(BUILDERS) < set(all_of_it)
    (tmp_path / "pyyaml-6.0.4-cp312-cp312-win_amd64.whl").touch()
    found = missing(LOCK, PLATFORMS["windows"], "3.12", tmp_path)
    assert set(all_of_it) - set(found) == {"pyyaml==6.0.4"}


def test_a_wheel_of_another_version_does_not_count(tmp_path: Path) -> None:
    """The lock decides."""
    (tmp_path / "pyyaml-6.0.3-cp312-cp312-win_amd64.whl").touch()
    assert "pyyaml==6.0.4" in missing(LOCK, PLATFORMS["windows"], "3.12", tmp_path)


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "mine").touch()
    with pytest.raises(InputError, match="not empty; name a new folder"):
        bundle(ROOT, tmp_path, PLATFORMS["linux"], "3.12")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_kit_without_git_is_told(tmp_path: Path) -> None:
    """Only tracked files are copied, so git must know them."""
    with pytest.raises(InputError, match="not a git checkout"):
        bundle(tmp_path, tmp_path / "new", PLATFORMS["linux"], PYTHONS[0])


@pytest.mark.parametrize("words", [["--platform", "amiga"], ["--python", "2.7"]])
def test_unknown_targets_are_refused(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 and the ones that are known."""
    assert main(["bundle", str(tmp_path / "new"), *words]) == 2
    assert "use one of" in capsys.readouterr().err


@pytest.mark.skipif(
    os.environ.get("EKUKIT_OFFLINE") != "yes" or not sys.platform.startswith("linux"),
    reason="downloads 190 MB and installs them; set EKUKIT_OFFLINE=yes, on Linux as root",
)
def test_bundle_installs_without_network(tmp_path: Path) -> None:
    """In a network namespace of its own, with an empty home, the kit sets up and simulates."""
    folder, home = tmp_path / "stick", tmp_path / "home"
    python = ".".join(map(str, sys.version_info[:2]))
    bundle(ROOT, folder, PLATFORMS["linux"], python)
    home.mkdir()
    base = Path(sys.base_prefix) / "bin" / f"python{python}"
    done = subprocess.run(
        ["unshare", "-n", base, "kit.py", "simulate", "C2", "--json"],
        cwd=folder,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcomes"][0]["state"] == "Failed"
