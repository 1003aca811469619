"""Runs tests with the lowest versions that pyproject.toml promises, in an environment of its own.

Usage: python tools/lowest.py [WORDS OF PYTEST…]; needs uv, and a package index. What the kit asks
for itself is as old as it may be, what those ask for as new as it gets. Ends as pytest does.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The project's own constraints are the locked versions, which are not what is asked here.
_UV = ["uv", "--no-config", "--quiet"]
_WANTED = ["--resolution", "lowest-direct", "--extra", "fleet", "--group", "dev", "pyproject.toml"]


def main(words: list[str]) -> int:
    """Make the environment, fill it, run the tests; return pytest's exit status."""
    with tempfile.TemporaryDirectory() as folder:
        made, listed = Path(folder) / "venv", str(Path(folder) / "lowest.txt")
        python = str(made / ("Scripts" if os.name == "nt" else "bin") / "python")
        fill = [*_UV, "pip", "install", "--python", python]
        for command in (
            [*_UV, "venv", "--python", sys.executable, str(made)],
            [*_UV, "pip", "compile", "--python", python, *_WANTED, "--output-file", listed],
            [*fill, "-r", listed],
            [*fill, "--no-deps", str(ROOT)],
        ):
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        # What is judged by the locked versions alone is skipped, with its reason.
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "EKUKIT_VERSIONS": "lowest"}
        tests = [python, "-m", "pytest", *words]
        return subprocess.run(tests, cwd=ROOT, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
