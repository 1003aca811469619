"""How long kit.py takes to set the kit up with uv and with pip, side by side, and their ratio.

Usage: python benchmarks/setup.py [rounds]; 1 without an argument. Needs network. Each way has a
copy of the kit in a folder of its own, empty caches, and no uv on the PATH; the time ends when the
first command has run. Then both must have installed the same versions.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WANTED = 0.35
# With pip is what kit.py does by itself where uv cannot be had.
WAYS = {
    "pip": "import kit, sys; kit.set_up('pip'); sys.exit(kit.main(['facts']))",
    "uv": "import kit, sys; kit.set_up('uv'); sys.exit(kit.main(['facts']))",
}


def copy_to(folder: Path) -> None:
    """Copy what git tracks."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def without_uv() -> str:
    """Return the PATH without the folders in which there is a uv."""
    places = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(place for place in places if not shutil.which("uv", path=place))


def timed(way: str, scratch: Path) -> tuple[float, str]:
    """Return the seconds from a fresh copy to the first answer, and the versions installed."""
    folder, caches = scratch / way, scratch / f"caches-{way}"
    copy_to(folder)
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    surroundings = kept | {
        "PATH": without_uv(),
        "PIP_CACHE_DIR": str(caches / "pip"),
        "UV_CACHE_DIR": str(caches / "uv"),
    }
    began = time.perf_counter()
    command = [getattr(sys, "_base_executable", sys.executable), "-c", WAYS[way]]
    done = subprocess.run(
        command, cwd=folder, env=surroundings, check=True, capture_output=True, text=True
    )
    took = time.perf_counter() - began
    if way == "uv" and "with pip" in done.stderr:
        sys.exit(f"uv could not be had, so there is nothing to compare:\n{done.stderr}")
    python = next((folder / ".venv").glob("[bS]*/python*"))
    freeze = [str(python), "-m", "pip", "freeze", "--exclude-editable"]
    found = subprocess.run(freeze, env=surroundings, check=True, capture_output=True, text=True)
    return took, found.stdout


def main() -> int:
    """Print both times, their ratio and whether the versions are equal; return 1 if it misses."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    best = dict.fromkeys(WAYS, float("inf"))
    versions: dict[str, str] = {}
    for _round in range(rounds):
        for way in WAYS:
            with tempfile.TemporaryDirectory(prefix="ekukit-") as scratch:
                took, versions[way] = timed(way, Path(scratch))
            best[way] = min(best[way], took)
            print(f"{way:4} {took:6.1f} s")
    ratio = best["uv"] / best["pip"]
    same = versions["uv"] == versions["pip"]
    print(f"uv / pip: {ratio:.2f} (wanted: at most {WANTED})")
    print(f"the same {len(versions['uv'].splitlines())} versions: {'yes' if same else 'NO'}")
    return 0 if same and ratio <= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
