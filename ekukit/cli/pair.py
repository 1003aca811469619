"""`ekukit pair`: two systems with mutual TLS, judged by their certificates and stacks."""

import argparse
import sys
from typing import cast

from rich.console import Console

from ekukit.cli.cause_text import STYLES, shown
from ekukit.cli.outcomes_text import show_table
from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.connections.outcome import SYMBOLS
from ekukit.stacks import KNOWN
from ekukit.verbs.pair import PairOptions, pair
from ekukit.verbs.paired import Paired


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "pair")
    add_options(parser, PairOptions, json=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge the two systems, print what came of it; return 0."""
    found = pair(**cast("PairOptions", chosen(options, PairOptions)))
    if options.json:
        sys.stdout.write(found.json() + "\n")
    else:
        _show(found)
    return 0


def _show(found: Paired) -> None:
    console = Console(highlight=False)
    console.print(f"{SYMBOLS[found.state]} {found.state.value}", style=STYLES[found.state])
    show_table(("System", "Stack", "Presents"), found.rows())
    said = found.sentences()
    if found.systems.server_stack is None:
        states = found.by_server_stack
        told = (f"{SYMBOLS[states[name]]} {stack.title}" for name, stack in KNOWN.items())
        said.append(f"By the server's stack: {', '.join(told)}.")
    for line in (*said, *found.sources()):
        console.print(shown(line))
