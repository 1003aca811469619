"""`ekukit simulate`: a named condition, with changes, and the states that follow."""

import argparse
import sys
from collections.abc import Container
from typing import cast

from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.expressway import FarEndKind
from ekukit.expressway.conditions import CONDITION_TITLES
from ekukit.verbs.far_ends import settings_of
from ekukit.verbs.option import options_of
from ekukit.verbs.simulate import STORES, SimulateOptions, simulate
from ekukit.verbs.simulation import ShownOutcomes


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "simulate", "ekukit simulate CONDITION [options]")
    parser.formatter_class = _Raw
    parser.description = "\n".join(f"{name}: {title}" for name, title in CONDITION_TITLES.items())
    parser.add_argument("condition", metavar="CONDITION", help=argparse.SUPPRESS)
    add_options(parser, SimulateOptions, {
        "certificates": _certificates_told(),
        "far ends": _far_ends_told(),
    }, told=("certificates",), json=True)  # fmt: skip
    add_options(parser, ShownOutcomes)
    _add_old_spellings(parser)
    parser.set_defaults(run=run)


def _certificates_told() -> str:
    """Return the options of each store on a line."""
    known = options_of(SimulateOptions)
    lines = []
    for store in STORES:
        name = store.replace("_", "-")
        lines.append(f"--{name}-issuer ISSUER, --{name}-eku EKU")
    issuers, ekus = (known[f"{STORES[0]}_{what}"].values for what in ("issuer", "eku"))
    return "\n".join((*lines, f"ISSUER: {', '.join(issuers)}; EKU: {', '.join(ekus)}"))


def _far_ends_told() -> str:
    """Return the settings with their values, each with the far ends that have it.

    Settings with the same values share a line, so that the help fits a screen.
    """
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind in FarEndKind:
        for setting, values in settings_of(kind).items():
            alike.setdefault((setting, values), []).append(kind.value)
    owners: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for (setting, values), those in alike.items():
        owners.setdefault((values, tuple(those)), []).append(setting)
    lines: dict[tuple[str, ...], str] = {}
    for (values, kinds), settings in owners.items():
        names = ", ".join(settings)
        told = f"{lines[values]}; {names}" if values in lines else f"{names} ({'|'.join(values)})"
        lines[values] = told + _whose(kinds)
    known = ", ".join(kind.value for kind in FarEndKind)
    return "\n".join((f"NAME: {known}; SETTING:VALUE:", *lines.values()))


def _whose(kinds: Container[str]) -> str:
    """Return which far ends have a setting in words, "" for all."""
    having = [kind.value for kind in FarEndKind if kind.value in kinds]
    lacking = [kind.value for kind in FarEndKind if kind.value not in kinds]
    if not lacking:
        return ""
    return f", not {lacking[0]}" if len(lacking) == 1 else f", {', '.join(having)}"


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

        show(found.deployment, found.outcomes, details=bool(options.details))
    return 0
