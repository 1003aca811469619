"""The entry point: finds the command, runs it, and turns bad input into one line and status 2."""

import argparse
import sys
from collections.abc import Sequence

from ekukit.cli import (
    bundle,
    check,
    doctor,
    facts,
    handout,
    inspect,
    issue,
    launch,
    present,
    simulate,
)
from ekukit.errors import InputError

COMMANDS = (launch, present, simulate, check, inspect, issue, handout, bundle, facts, doctor)
BAD_INPUT = 2


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when it ran, 2 when the input cannot be used."""
    parser = argparse.ArgumentParser(
        prog="ekukit",
        description="Which certificate counts where on Cisco Expressway X15.5, by real handshakes.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add_to(commands)
    options = parser.parse_args(words)
    try:
        return int(options.run(options))
    except InputError as error:
        print(f"ekukit {options.command}: {error}", file=sys.stderr)  # noqa: T201
        return BAD_INPUT
