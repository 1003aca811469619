"""kit.py sets up with uv, fetched and checked, or else with pip: a small kit, without network."""

import ast
import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT))
import kit

# Stands for uv: says what it was called with, then lets pip or venv do it.
STAND_IN = """#!python
import os, subprocess, sys
words = sys.argv[1:]
print("stand-in:", *words, os.environ.get("UV_DEFAULT_INDEX"), os.environ.get("SSL_CERT_FILE"))
sys.stdout.flush()
python = words.pop(words.index("--python") + 1)
words.remove("--python")
if words[0] == "venv":
    words.remove("-q")
sys.exit(subprocess.call([python, "-m", *words]))
"""
# Builds the small kit: hands out a wheel that is there, as its command lists what is installed.
BACKEND = """
import shutil
def build_editable(folder, config_settings=None, metadata_directory=None):
    shutil.copy("ekukit-1-py3-none-any.whl", folder)
    return "ekukit-1-py3-none-any.whl"
"""
COMMAND = """
from importlib.metadata import distributions
def main():
    print(*sorted(f"{d.name}=={d.version}" for d in distributions() if d.name != "setuptools"))
"""
PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "ekukit"
version = "1"
"""


def wheel(folder: Path, name: str, files: dict[str, str]) -> str:
    """Write a wheel, version 1, and return its line for a list of locked versions."""
    info = f"{name}-1.dist-info/"
    files = files | {
        info + "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        info + "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        rows.append(f"{path},sha256={digest.decode()},{len(text.encode())}\n")
    files[info + "RECORD"] = "".join(rows) + info + "RECORD,,\n"
    place = folder / f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(place, "w") as packed:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o100755 << 16  # a file that can be run
            packed.writestr(entry, text)
    return f"{name}==1 --hash=sha256:{hashlib.sha256(place.read_bytes()).hexdigest()}\n"


@dataclass(frozen=True)
class SmallKit:
    """kit.py in a folder of its own, with one locked package and a stand-in for uv."""

    folder: Path
    environment: dict[str, str]

    def start(self, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `python kit.py` with nothing on the PATH but what the settings put there."""
        return subprocess.run(
            [sys.executable, "kit.py"],
            cwd=self.folder,
            env=self.environment | settings,
            capture_output=True,
            text=True,
            check=False,
        )

    def write(self, name: str, text: str) -> None:
        """Replace a file of the kit."""
        (self.folder / name).write_text(text, "utf-8")


@pytest.fixture
def small(tmp_path: Path) -> SmallKit:
    """Return a kit that installs in seconds from a folder of two wheels."""
    folder, wheels, empty = (tmp_path / name for name in ("kit", "wheels", "empty"))
    for one in (folder, wheels, empty):
        one.mkdir()
    shutil.copy(ROOT / "kit.py", folder)
    settings = {
        "PATH": str(empty),
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(wheels),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_NO_CONFIG": "1",
    }
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://mirror.example/simple\n")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "SSL_CERT"))}
    made = SmallKit(folder, kept | settings)
    made.write("requirements.txt", wheel(wheels, "leaf", {"leaf.py": ""}))
    made.write("uv.txt", wheel(wheels, "uv", {"uv-1.data/scripts/uv": STAND_IN}))
    points = "[console_scripts]\nekukit = started:main\n"
    wheel(folder, "ekukit", {"started.py": COMMAND, "ekukit-1.dist-info/entry_points.txt": points})
    made.write("backend.py", BACKEND)
    made.write("pyproject.toml", PROJECT)
    return made


def installed(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what the started command lists, without pip itself."""
    assert done.returncode == 0, done.stdout + done.stderr
    return [word for word in done.stdout.splitlines()[-1].split() if not word.startswith("pip==")]


def test_a_machine_without_uv_fetches_it_and_sets_up_once(small: SmallKit) -> None:
    """A line for each step; uv gets the hashes, and pip's mirror and certificates, as well."""
    done = small.start(PIP_CERT="company.pem")
    assert installed(done) == ["ekukit==1", "leaf==1"]
    steps = [line.strip(" .") for line in done.stderr.splitlines() if line.startswith("  ")]
    assert steps == [
        "a Python environment", "uv, checked by its hash", "the locked packages", "ekukit itself",
    ]  # fmt: skip
    calls = [line for line in done.stdout.splitlines() if line.startswith("stand-in:")]
    assert "--require-hashes -r requirements.txt" in calls[0]
    assert calls[0].endswith("https://mirror.example/simple company.pem")
    again = small.start()
    assert (again.stderr, installed(again)) == ("", ["ekukit==1", "leaf==1"])


def test_a_uv_of_another_hash_is_refused_and_pip_sets_up(small: SmallKit) -> None:
    """It never runs, and that is said."""
    name, _, digest = (small.folder / "uv.txt").read_text("utf-8").partition("sha256:")
    small.write("uv.txt", f"{name}sha256:{digest[::-1].strip()}\n")
    done = small.start()
    assert installed(done) == ["ekukit==1", "leaf==1"]
    assert "stand-in" not in done.stdout
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert re.search(r"This failed: .*uv\.txt(?s:.*)Setting up \S+ with pip", done.stderr)


def test_where_uv_cannot_be_had_pip_sets_up(small: SmallKit) -> None:
    """No network, no wheel for this platform, or a mirror without it."""
    small.write("uv.txt", f"uv==2 --hash=sha256:{'0' * 64}\n")
    done = small.start()
    assert installed(done) == ["ekukit==1", "leaf==1"]
    assert re.search(r"This failed: (?s:.*)Setting up \S+ with pip", done.stderr)


def test_a_uv_that_is_there_is_not_fetched(small: SmallKit, tmp_path: Path) -> None:
    """The one on the PATH makes the environment, too."""
    own = tmp_path / "empty" / "uv"
    own.write_text(STAND_IN.replace("#!python", f"#!{sys.executable}"))
    own.chmod(0o755)
    done = small.start()
    assert installed(done) == ["ekukit==1", "leaf==1"]
    assert "stand-in: venv" in done.stdout
    assert "checked by its hash" not in done.stderr


def real_uv() -> str | None:
    """Return this machine's uv, or the one that kit.py fetched for this environment."""
    return shutil.which("uv") or shutil.which("uv", path=Path(sys.prefix) / "uv" / "bin")


@pytest.mark.skipif(real_uv() is None, reason="no uv here")
def test_uv_itself_installs_the_same_versions(small: SmallKit) -> None:
    """Not the stand-in, but uv, from the same wheels."""
    done = small.start(PATH=str(Path(real_uv() or "").parent))
    assert installed(done) == ["ekukit==1", "leaf==1"]
    assert "with pip" not in done.stderr


def test_a_package_of_another_hash_is_installed_by_neither(small: SmallKit) -> None:
    """Nothing is started."""
    small.write("requirements.txt", f"leaf==1 --hash=sha256:{'0' * 64}\n")
    done = small.start()
    assert done.returncode == 1
    assert done.stderr.count("This failed: ") == 2
    assert "Setting up failed; check" in done.stderr


def test_a_wheelhouse_needs_neither_network_nor_uv(small: SmallKit) -> None:
    """Pip installs from it."""
    shutil.copytree(small.environment["PIP_FIND_LINKS"], small.folder / "wheelhouse")
    done = small.start(PIP_FIND_LINKS="", PIP_NO_INDEX="0")
    assert installed(done) == ["ekukit==1", "leaf==1"]
    assert "uv" not in done.stderr.replace(str(small.folder), "")


def test_every_locked_package_has_a_hash() -> None:
    """Uv's list has wheels for many platforms, and one version."""
    packages = (ROOT / "requirements.txt").read_text("utf-8")
    assert packages.count("--hash=sha256:") > len(re.findall(r"^\w", packages, re.MULTILINE))
    assert re.findall(r"^[\w.-]+==[^\\]*$", packages, re.MULTILINE) == []
    uv = (ROOT / "uv.txt").read_text("utf-8")
    assert len(re.findall(r"^uv==\d+\.\d+\.\d+ \\$", uv, re.MULTILINE)) == 1
    assert uv.count("--hash=sha256:") >= 15


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can read the file, which is why that is written in an old grammar."""
    text = (ROOT / "kit.py").read_text("ascii")
    tree = ast.parse(text, feature_version=(3, 4))
    assert [
        node for node in ast.walk(tree) if isinstance(node, (ast.JoinedStr, ast.AnnAssign))
    ] == []
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        kit.main(["lab"])
