"""`ekukit lab`: JupyterLab on the first notebook, on this machine only and without calls home."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from ekukit.cli.parser import Commands, add_verb
from ekukit.errors import InputError

FIRST = "00_start_here.ipynb"


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "lab")
    parser.add_argument("--port", type=int, default=8888, help="port on 127.0.0.1 (default 8888)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.set_defaults(run=run)


def notebooks_folder() -> Path:
    """Return the folder of the notebooks; raises InputError when the kit's folder is not there."""
    folder = Path(__file__).resolve().parents[2] / "notebooks"
    if not (folder / FIRST).is_file():
        msg = f"{folder}: no {FIRST} here; run the kit from its own folder: python kit.py lab"
        raise InputError(msg)
    return folder


def jupyter_options(port: int, *, browser: bool) -> list[str]:
    """Return what every server of the kit is started with."""
    options = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
    if not browser:
        options.append("--no-browser")
    # Jupyter refuses to run as root, which containers and lab machines often do.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options


def run(options: argparse.Namespace) -> int:
    """Start JupyterLab and return its exit status; ends when the server is stopped.

    Where the system can, this process becomes JupyterLab: whatever ends it ends that.
    """
    folder = notebooks_folder()
    command = [sys.executable, "-m", "jupyterlab", *_options(folder, options)]
    if os.name == "nt":
        return subprocess.call(command, cwd=folder)
    os.chdir(folder)
    return os.execv(sys.executable, command)  # noqa: S606 - a fixed argument list, and no shell


def _options(folder: Path, options: argparse.Namespace) -> list[str]:
    return [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        # What loads before the kit's own settings are read would talk otherwise.
        "--ServerApp.log_level=WARN",
        *jupyter_options(options.port, browser=not options.no_browser),
    ]
