"""The entry point: finds the command, runs it, and turns bad input into one line and status 2."""

import argparse
import logging
import re
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn, cast

from ekukit import __version__
from ekukit.cli.ending import ended_well
from ekukit.cli.parser import VERBS, Commands, add_verb
from ekukit.cli.streams import make_ready
from ekukit.nearest import nearest
from ekukit.printable import visible

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

# Libraries that tell of folders in which they cannot keep something.
_QUIET = {"asyncio": logging.CRITICAL, "matplotlib": logging.ERROR}
_OPTION = re.compile(r"--[a-z][a-z-]*")
# As argparse words it: what was given, then what can be chosen, in quotes until Python 3.12.
_CHOICE = re.compile(r"invalid choice: '(.*)' \(choose from (.*)\)", re.DOTALL)
_QUOTED = re.compile(r"""(?:^|, )["']?(.+?)["']?(?=, |$)""")


class Parser(argparse.ArgumentParser):
    """A parser whose complaints pass the door to the terminal: they quote what was given.

    To a misspelled verb or value it names the nearest right one.
    """

    def error(self, message: str) -> NoReturn:
        """Print usage and the complaint, and end with 2."""
        found = _CHOICE.search(message)
        near = nearest(found[1], _QUOTED.findall(found[2])) if found else ""
        super().error(message + near)

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        super()._print_message(visible(message, keep="\n\t"), file)


def command(name: str) -> ModuleType:
    """Return the module of a verb, which adds it to the command line; it is loaded here."""
    # "lab" would be a second name of the room of handshakes.
    return import_module(f"ekukit.cli.{'launch' if name == 'lab' else name}")


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when it ran, 2 when the input cannot be used.

    Other statuses are those of the command, and those of `ended_well` for one that was ended.
    """
    parser = Parser(
        prog="ekukit",
        description="Which certificate counts where on Cisco Expressway X15.5, by real handshakes.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    given = list(sys.argv[1:] if words is None else words) or ["--help"]
    _add_commands(cast("Commands", commands), given)
    options, unknown = parser.parse_known_args(given)
    if unknown:
        near = _near(commands.choices[options.command], unknown)
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{near}")
    # What a library warns of while it reads a stranger's bytes is no news for the user.
    warnings.simplefilter("ignore")
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    statuses: list[int] = []
    with ended_well(options.command, statuses):
        make_ready(for_programs=bool(getattr(options, "json", False)))
        statuses.append(int(options.run(options)))
        sys.stdout.flush()
    return statuses[-1]


def _add_commands(commands: Commands, words: Sequence[str]) -> None:
    """Add the verb that is meant with its options, or all without theirs: those take a second."""
    if words and words[0] in VERBS:
        command(words[0]).add_to(commands)
        return
    meant = next((word for word in words if not word.startswith("-")), "")
    for name in VERBS:
        if name == meant:
            command(name).add_to(commands)
        else:
            add_verb(commands, name)


def _near(parser: argparse.ArgumentParser, unknown: Sequence[str]) -> str:
    """Return the option that the first unknown one may have meant, in words, "" for none."""
    given = [word for word in unknown if word.startswith("--")]
    known = _OPTION.findall(parser.format_help())
    return nearest(given[0].partition("=")[0], known) if given else ""
