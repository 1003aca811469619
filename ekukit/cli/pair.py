"""`ekukit pair`: two systems with mutual TLS, judged by their certificates and stacks."""

import argparse
import sys
from typing import cast

from rich.console import Console

from ekukit.certificates import describe
from ekukit.cli.cause_text import STYLES, shown
from ekukit.cli.outcomes_text import show_table
from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.connections import State
from ekukit.connections.outcome import SYMBOLS
from ekukit.stacks import KNOWN, published
from ekukit.verbs.pair import Paired, PairOptions, pair


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
    console, one = Console(highlight=False), found.systems
    console.print(f"{SYMBOLS[found.state]} {found.state.value}", style=STYLES[found.state])
    rows = [
        (side, stack.title if stack else "not said", describe(certificate))
        for side, stack, certificate in (
            ("client", one.client_stack, one.client),
            ("server", one.server_stack, one.server),
        )
    ]
    show_table(("System", "Stack", "Presents"), rows)
    reason, todo = one.reason(found.verdict)
    said = [f"Why: {reason}"]
    if found.state is not State.ACTIVE:
        said += [f"To do: {todo}", *filter(None, [one.orders(found.verdict)])]
    for what, row in found.looks().items():
        said.append(f"When tried: {what}: {'yes' if row.good else f'no ({row.text})'}.")
    if one.server_stack is None:
        states = one.by_stack()
        told = (f"{SYMBOLS[states[name]]} {stack.title}" for name, stack in KNOWN.items())
        said.append(f"By the server's stack: {', '.join(told)}.")
    stacks = [s for s in (one.client_stack, one.server_stack) if s]
    versions = [f"{s.title}: {published(s.name).version}" for s in stacks]
    facts = ", ".join(one.facts(found.verdict))
    for line in (*said, *versions, f"Rests on {facts}.", *found.notes):
        console.print(shown(line))
