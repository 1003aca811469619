"""`ekukit handout`: a lesson as one HTML file, for people who have no Python."""

import argparse
import sys
from pathlib import Path

from ekukit.cli.launch import notebooks_folder
from ekukit.cli.parser import Commands, add_verb
from ekukit.printable import visible


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "handout")
    parser.add_argument("lesson", help='its number, such as 12, or "all"')
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="where to write (default: here)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Execute each chosen lesson afresh, write it, and print its path; return 0."""
    from ekukit.room.handout import choose, write_handout

    for notebook in choose(notebooks_folder(), options.lesson):
        sys.stdout.write(f"{visible(str(write_handout(notebook, options.folder)))}\n")
        sys.stdout.flush()
    return 0
