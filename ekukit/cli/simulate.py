"""`ekukit simulate`: a named condition, with changes, and the states that follow."""

import argparse
import sys
from typing import cast

from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.expressway import CONDITION_TITLES, FarEndKind
from ekukit.verbs.far_ends import settings_of
from ekukit.verbs.option import options_of
from ekukit.verbs.simulate import SimulateOptions, simulate


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "simulate", "ekukit simulate CONDITION [options]")
    parser.formatter_class = _Raw
    parser.description = "\n".join(f"{name}: {title}" for name, title in CONDITION_TITLES.items())
    parser.add_argument("condition", metavar="CONDITION", help=argparse.SUPPRESS)
    known = options_of(SimulateOptions)
    issuers, ekus = known["core_server_issuer"].values, known["core_server_eku"].values
    add_options(parser, SimulateOptions, {
        "certificates": f"ISSUER: {', '.join(issuers)}; EKU: {', '.join(ekus)}",
        "far ends": _far_ends_told(),
    }, json=True)  # fmt: skip
    _add_old_spellings(parser)
    parser.set_defaults(run=run)


def _far_ends_told() -> str:
    """Return the settings with their values, each with the far ends that have it."""
    owners: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind in FarEndKind:
        for setting, values in settings_of(kind).items():
            owners.setdefault((setting, values), []).append(kind.value)
    every = list(FarEndKind)
    lines = [f"NAME: {', '.join(kind.value for kind in every)}; SETTING:VALUE:"]
    for (setting, values), kinds in owners.items():
        lacking = [kind.value for kind in every if kind.value not in kinds]
        whose = f", not {', '.join(lacking)}" if len(lacking) == 1 else f", {', '.join(kinds)}"
        lines.append(f"{setting} ({'|'.join(values)}){whose if lacking else ''}")
    return "\n".join(lines)


class _Raw(argparse.RawTextHelpFormatter):
    """Lines as they are written, in one column wide enough for the longest option."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34)


def _add_old_spellings(parser: argparse.ArgumentParser) -> None:
    """Take `--webex-trusts public` and its like, too; they are not listed."""
    for kind in FarEndKind:
        for setting, values in settings_of(kind).items():
            parser.add_argument(f"--{kind.value}-{setting}", choices=values, help=argparse.SUPPRESS)


def _old_spellings(options: argparse.Namespace) -> list[dict[str, dict[str, str]]]:
    found = []
    for kind in FarEndKind:
        for setting in settings_of(kind):
            value = getattr(options, f"{kind.value}-{setting}".replace("-", "_"))
            if value is not None:
                found.append({kind.value: {setting: value}})
    return found


def run(options: argparse.Namespace) -> int:
    """Make the handshakes, write what was asked for, print the result; return 0."""
    given = chosen(options, SimulateOptions)
    given["far"] = [*(options.far or ()), *_old_spellings(options)]
    found = simulate(options.condition, **cast("SimulateOptions", given))
    if options.json:
        sys.stdout.write(found.json() + "\n")
    else:
        from ekukit.cli.outcomes_text import show

        show(found.deployment, found.outcomes)
    return 0
