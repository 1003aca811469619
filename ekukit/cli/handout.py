"""`ekukit handout`: a lesson or the explorer as one HTML file, for people who have no Python."""

import argparse
import sys
from pathlib import Path

from ekukit.cli.launch import notebooks_folder
from ekukit.cli.parser import Commands, add_verb
from ekukit.printable import visible


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "handout")
    parser.add_argument("lesson", help='its number, such as 12, "all", or "explorer"')
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="where to write (default: here)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Execute each chosen lesson afresh, write it, and print its path; return 0.

    "explorer" makes the handshakes of all that its controls can say, and tells how far it is.
    """
    if options.lesson == "explorer":
        _write_explorer(options.folder)
        return 0
    from ekukit.room.handout import choose, write_handout

    for notebook in choose(notebooks_folder(), options.lesson):
        sys.stdout.write(f"{visible(str(write_handout(notebook, options.folder)))}\n")
        sys.stdout.flush()
    return 0


def _write_explorer(folder: Path) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from ekukit.room.static_explorer import write_explorer

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Handshakes of every state")
        path = write_explorer(folder, lambda done, all_: progress.update(
            task, completed=done, total=all_))  # fmt: skip
    sys.stdout.write(f"{visible(str(path))}\n")
