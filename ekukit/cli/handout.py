"""`ekukit handout`: a lesson, the explorer or a page for a partner, for whoever has no Python."""

import argparse
import sys
from pathlib import Path
from typing import cast

from ekukit.cli.launch import notebooks_folder
from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.errors import InputError
from ekukit.printable import visible
from ekukit.verbs.partner import PartnerOptions


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "handout")
    parser.add_argument("lesson", help='its number, such as 12, "all", "explorer" or "partner"')
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="where to write (default: here)"
    )
    add_options(parser, PartnerOptions)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Execute each chosen lesson afresh, write it, and print its path; return 0.

    "explorer" makes the handshakes of all that its controls can say, and tells how far it is;
    "partner" is the page for whoever runs a far end, as HTML and as Markdown.
    """
    told = cast("PartnerOptions", chosen(options, PartnerOptions))
    if options.lesson == "partner":
        _write_partner(options.folder, told)
        return 0
    if told:
        names = ", ".join(f"--{name}" for name in told)
        msg = f"{names} belongs to the page for a partner; write: ekukit handout partner"
        raise InputError(msg)
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


def _write_partner(folder: Path, told: PartnerOptions) -> None:
    from ekukit.verbs.partner import partner
    from ekukit.whole_files import write_together

    page = partner(**told)
    name = f"partner-{told.get('far') or 'partner'}"
    files = {f"{name}.html": page.html(), f"{name}.md": page.markdown()}
    for path in write_together(folder, files):
        sys.stdout.write(f"{visible(str(path))}\n")
