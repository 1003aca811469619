"""`ekukit calendar`: when certificates lose clientAuth, and what goes down on that day."""

import argparse
import sys
from typing import cast

from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.verbs.calendar import CalendarOptions, calendar
from ekukit.verbs.calendar_output import RenewalCalendar

_MOST_ROWS = 40


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "calendar")
    parser.add_argument("given", nargs="+", metavar="WHAT",
                        help="a condition (C1), a table (.csv), archives, or a folder")  # fmt: skip
    add_options(parser, CalendarOptions, json=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read what was given, write the files that were asked for, print the calendar; return 0."""
    found = calendar(*options.given, **cast("CalendarOptions", chosen(options, CalendarOptions)))
    if options.json:
        sys.stdout.write(found.json() + "\n")
    else:
        _show(found)
    return 0


def _show(found: RenewalCalendar) -> None:
    from rich.console import Console

    from ekukit.account import folded
    from ekukit.cli.cause_text import shown
    from ekukit.cli.outcomes_text import show_table
    from ekukit.renewals.dark_rows import (
        SOURCE_COLUMNS,
        dark_rows,
        lead_note,
        source_rows,
        validity_words,
    )

    console = Console(highlight=False)
    headline = shown(found.headline)
    headline.stylize("bold")
    console.print(headline)
    rows = dark_rows(found.rows[:_MOST_ROWS], found.on, found.leads)
    show_table(("Certificate", "When", "Goes down then"), map(_cells, rows))
    more = len(found.rows) - _MOST_ROWS
    if more > 0:
        console.print(f"and {more:,} more certificates; --csv or --json has them all")
    if found.sources:
        show_table(SOURCE_COLUMNS, ([*map(_cell, row)] for row in source_rows(found.sources)))
    notes = (*validity_words(found.rows, found.on), lead_note(found.rows, found.leads))
    notes = (*notes, *folded(found.notes))
    for note in (*notes, f"Judged from {found.on:%d %b %Y} on."):
        console.print(shown(note))


def _cells(row: tuple[object, ...]) -> tuple[str, str, str]:
    """Return a row of the table in three cells, which a narrow terminal has room for."""
    who, expires, last, gone, down, act, rests = map(_cell, row)
    lines = [f"expires {expires}".replace("\n", ", ")]
    lines += [f"CA's last day with clientAuth: {last}".replace("\n", "; ")] if last else []
    lines += [f"clientAuth: {gone}".replace("\n", "; ")]
    lines += [f"last good day to act: {act}".replace("\n", "; ")] if act else []
    return who, "\n".join((*lines, rests)), down


def _cell(value: object) -> str:
    return "\n".join(value) if isinstance(value, tuple) else str(value)
