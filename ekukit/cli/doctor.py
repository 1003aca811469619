"""`ekukit doctor`: what is installed, what is missing, and how to mend it."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ekukit.cli.parser import Commands, add_verb
from ekukit.doctor import SIGNS, examine, is_ready
from ekukit.printable import visible
from ekukit.room.server import PORT


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "doctor")
    parser.add_argument("--room", action="store_true", help="also what a show needs, the page too")
    parser.add_argument("--port", type=int, default=PORT, help=f"with --room (default {PORT})")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print every check; return 0 when nothing needs mending, else 1."""
    checks = examine()
    advice: tuple[str, ...] = ()
    if options.room:
        from ekukit.room.readiness import ADVICE, examine_room

        checks += examine_room(Path(__file__).resolve().parents[2], options.port)
        advice = ADVICE
    table = Table("Check", "Health", "Found", "To do")
    for check in checks:
        health = f"{SIGNS[check.health]} {check.health.value}"
        table.add_row(*(_shown(text) for text in (check.name, health, check.found, check.todo)))
    console = Console(highlight=False)
    console.print(table)
    ready = is_ready(checks)
    for line in advice:
        console.print(_shown(f"• {line}"))
    console.print("Ready." if ready else "Not ready: see the lines marked ✗.")
    return 0 if ready else 1


def _shown(text: str) -> Text:
    return Text(visible(text, keep="\n"))
