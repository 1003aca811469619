"""`ekukit bundle`: a folder from which the kit installs on a machine without network."""

import argparse
import sys
from pathlib import Path

from ekukit.cli.parser import Commands, add_verb
from ekukit.errors import InputError
from ekukit.printable import visible


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "bundle")
    parser.add_argument("folder", type=Path, help="a new folder, for instance on a USB stick")
    parser.add_argument("--platform", default="windows", metavar="windows|macos|linux")
    parser.add_argument("--python", default="3.12", metavar="3.X", help="as there (default 3.12)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write kit and wheels, then print what to do on the other machine; return 0.

    Raises InputError for another platform or Python, and when something cannot be had.
    """
    from ekukit.room.bundle import PLATFORMS, PYTHONS, bundle

    for given, known in ((options.platform, PLATFORMS), (options.python, PYTHONS)):
        if given not in known:
            msg = f"{given!r} is not known here; use one of {', '.join(known)}"
            raise InputError(msg)
    platform = PLATFORMS[options.platform]
    kit = Path(__file__).resolve().parents[2]
    folder = bundle(kit, options.folder, platform, options.python)
    sys.stdout.write(
        f"{visible(str(folder))}: for {platform.title}, with Python {options.python}.\n"
        "There, in that folder and without network: python kit.py lab\n"
    )
    return 0
