"""`ekukit doctor`: what is installed, what is missing, and how to mend it."""

import argparse

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ekukit.doctor import SIGNS, examine, is_ready


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("doctor", help="say what is missing and how to mend it")
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Print every check; return 0 when nothing needs mending, else 1."""
    checks = examine()
    table = Table("Check", "Health", "Found", "To do")
    for check in checks:
        health = f"{SIGNS[check.health]} {check.health.value}"
        table.add_row(*(Text(text) for text in (check.name, health, check.found, check.todo)))
    console = Console(highlight=False)
    console.print(table)
    ready = is_ready(checks)
    console.print("Ready." if ready else "Not ready: see the lines marked ✗.")
    return 0 if ready else 1
