"""`ekukit diff`: what differs between before and after."""

import argparse
import sys
from typing import cast

from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.comparison.difference import Difference
from ekukit.verbs.diff import Differences, DiffOptions, diff

_MOST_ROWS, _SHORT = 100, 60


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "diff")
    for name in ("before", "after"):
        parser.add_argument(name, metavar=name.upper(), help="a condition, an archive or a folder")
    add_options(parser, DiffOptions, json=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare both, print what differs; return 0, whatever differs."""
    given = cast("DiffOptions", chosen(options, DiffOptions))
    found = diff(options.before, options.after, **given)
    if options.json:
        sys.stdout.write(found.json() + "\n")
    else:
        _show(found)
    return 0


def _show(found: Differences) -> None:
    from rich.console import Console

    from ekukit.account import folded
    from ekukit.cli.cause_text import show_lines, shown

    console = Console(highlight=False)
    head = shown(found.headline)
    head.stylize("bold")
    console.print(head)
    rows = found.found.differences
    for area in dict.fromkeys(row.area for row in rows[:_MOST_ROWS]):
        console.print(shown(f"{area.value[0].upper()}{area.value[1:]}:"))
        for row in rows[:_MOST_ROWS]:
            if row.area is area:
                show_lines(console, _lines(row))
    if len(rows) > _MOST_ROWS:
        console.print(f"and {len(rows) - _MOST_ROWS:,} more differences; --json has them all")
    if found.same:
        console.print(shown(f"The same: {found.same}."))
    for note in folded(found.notes):
        console.print(shown(note))


def _lines(row: Difference) -> list[str]:
    """Return a difference in one line where it is short, else before and after on lines."""
    head = f"{row.effect.value}: {row.where}"
    if not row.before and not row.after:
        return [head]
    if not row.before or not row.after:
        return [f"{head}: {row.before or row.after}"]
    if len(row.before) + len(row.after) <= _SHORT:
        return [f"{head}: {row.before} → {row.after}"]
    return [head, f"  before: {row.before}", f"  after: {row.after}"]
