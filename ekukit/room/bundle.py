"""The kit in one folder for a machine without network: tracked files, and a wheel for each need."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from ekukit.errors import InputError
from ekukit.whole_files import new_folder

WHEELS = "wheelhouse"
NOTE = "for.txt"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# What pip needs to install the kit itself from its folder, with what these need in turn.
BUILDERS = ("hatchling", "editables")
# The first and a last patch release: markers of the lock name some.
PATCHES = ("0", "99")


@dataclass(frozen=True, slots=True)
class Platform:
    """A target: what its Python says of itself, and the wheel tags that it takes, newest first."""

    title: str
    markers: dict[str, str]
    tags: tuple[str, ...]


def _markers(os_name: str, sys_platform: str, system: str, machine: str) -> dict[str, str]:
    return {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


PLATFORMS = {
    "windows": Platform(
        "Windows, 64 bit", _markers("nt", "win32", "Windows", "AMD64"), ("win_amd64",)
    ),
    "macos": Platform(
        "macOS 14 or newer, Apple silicon",
        _markers("posix", "darwin", "Darwin", "arm64"),
        (
            "macosx_14_0_arm64",
            "macosx_13_0_arm64",
            "macosx_12_0_arm64",
            "macosx_11_0_arm64",
            "macosx_14_0_universal2",
            "macosx_12_0_universal2",
            "macosx_11_0_universal2",
            "macosx_10_15_universal2",
            "macosx_10_13_universal2",
            "macosx_10_12_universal2",
            "macosx_10_9_universal2",
        ),
    ),
    "linux": Platform(
        "Linux with glibc 2.34 or newer, x86-64",
        _markers("posix", "linux", "Linux", "x86_64"),
        (
            *(f"manylinux_2_{minor}_x86_64" for minor in range(34, 4, -1)),
            "manylinux2014_x86_64",
            "manylinux2010_x86_64",
            "manylinux1_x86_64",
        ),
    ),
}


def needed(requirements: str, platform: Platform, python: str) -> tuple[list[str], list[str]]:
    """Return the locked requirements of a target without markers, hashes kept.

    Two lists, since a marker can name a patch release: for the first and the last patch of
    `python` ("3.12"). They are equal unless such a marker is there.
    """
    first, last = (
        [line for line in _lines(requirements) if _applies(line, platform, python, patch)]
        for patch in PATCHES
    )
    return [_bare(line) for line in first], [_bare(line) for line in last]


def _lines(requirements: str) -> Iterator[str]:
    for line in requirements.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield " ".join(line.split())


def _applies(line: str, platform: Platform, python: str, patch: str) -> bool:
    marker = Requirement(line.partition(" --hash")[0]).marker
    surroundings = platform.markers | {
        "python_version": python,
        "python_full_version": f"{python}.{patch}",
        "implementation_version": f"{python}.{patch}",
    }
    return marker is None or marker.evaluate(surroundings)


def _bare(line: str) -> str:
    requirement, dash, hashes = line.partition(" --hash")
    return requirement.partition(";")[0].strip() + dash + hashes


def missing(requirements: str, platform: Platform, python: str, wheels: Path) -> list[str]:
    """Return the pins of a target for which the folder holds no wheel, and builders it lacks."""
    held = {parse_wheel_filename(path.name)[:2] for path in wheels.glob("*.whl")}
    names = {name for name, _version in held}
    pins = {
        line.partition(" ")[0] for lines in needed(requirements, platform, python) for line in lines
    }
    lacking = [
        pin
        for pin in sorted(pins)
        if not any(
            name == canonicalize_name(Requirement(pin).name)
            and version in Requirement(pin).specifier
            for name, version in held
        )
    ]
    return lacking + [name for name in BUILDERS if canonicalize_name(name) not in names]


def bundle(kit: Path, folder: Path, platform: Platform, python: str) -> Path:
    """Write kit and wheels into a new folder and return it; needs git, pip and the network.

    Raises InputError when the folder is not empty, the kit is no git checkout, or a wheel cannot
    be had.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder}: is there already and not empty; name a new folder"
        raise InputError(msg)
    with new_folder(folder) as draft:
        _fill(kit, draft, platform, python)
    return folder


def _fill(kit: Path, folder: Path, platform: Platform, python: str) -> None:
    for name in _tracked(kit):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(kit / name, target)
    wheels = folder / WHEELS
    requirements = (kit / "requirements.txt").read_text("utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "requirements.txt"
        pip = _pip(Path(scratch))
        lists = needed(requirements, platform, python)
        for lines, patch in zip(lists, PATCHES, strict=True):
            if patch is PATCHES[0] and lists[0] == lists[1]:
                continue
            wanted.write_text("\n".join(lines) + "\n", "utf-8")
            locked = ["--no-deps", "--require-hashes", "-r", str(wanted)]
            _download(pip, wheels, platform, f"{python}.{patch}", *locked)
        _download(pip, wheels, platform, python, *BUILDERS)
    lacking = missing(requirements, platform, python, wheels)
    if lacking:
        msg = f"{WHEELS}: no wheel of {', '.join(lacking)} for {platform.title}, Python {python}"
        raise InputError(msg)
    (wheels / NOTE).write_text(f"{platform.title}, Python {python}\n", "utf-8")


def _tracked(kit: Path) -> list[str]:
    command = ["git", "ls-files", "-z"]
    try:
        found = subprocess.run(command, cwd=kit, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        msg = (
            f"{kit}: not a git checkout, or git is missing; bundle from the folder that git cloned"
        )
        raise InputError(msg) from None
    names = found.stdout.decode("utf-8").split("\0")
    return [name for name in names if name and (kit / name).is_file()]


def _pip(scratch: Path) -> str:
    """Return a Python that has pip: this one, or (where uv made this one) another made for it."""
    if importlib.util.find_spec("pip"):
        return sys.executable
    venv.create(scratch / "pip", with_pip=True)
    return str(scratch / "pip" / ("Scripts" if os.name == "nt" else "bin") / "python")


def _download(pip: str, wheels: Path, platform: Platform, python: str, *words: str) -> None:
    tags = [word for tag in platform.tags for word in ("--platform", tag)]
    command = [
        pip, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--only-binary=:all:", "--implementation", "cp", "--python-version", python,
        "--abi", f"cp{''.join(python.split('.')[:2])}", "--abi", "abi3", "--abi", "none",
        *tags, "--dest", str(wheels), *words,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = re.findall(r"^ERROR: (.*)$", done.stderr, re.MULTILINE) or done.stderr.splitlines()
        said = lines[-1] if lines else "it said nothing"
        msg = f"pip cannot get the wheels for {platform.title}, Python {python}: {said}"
        raise InputError(msg)
