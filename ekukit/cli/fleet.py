"""`ekukit fleet`: thousands of archives as one table, or a made-up estate to practice on."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.cli.present import add_page_options, show_page
from ekukit.errors import InputError
from ekukit.fleets.fleet_notes import more_cases
from ekukit.fleets.handed_fleet import HandedFleet
from ekukit.verbs.fleet import FleetOptions, opened_table, run_fleet
from ekukit.verbs.option import Option, taken, whole

if TYPE_CHECKING:
    from ekukit.verbs.fleet_result import Fleet

_MOST_ROWS = 20
_STOPPED = 130


class FleetShell(TypedDict, total=False):
    """What the shell has beside the options of the verb."""

    sample: Annotated[
        int,
        Option("write a made-up estate of N cases into the folder --out, with the truth beside it",
               shown="N", read=whole),
    ]  # fmt: skip
    serve: Annotated[
        bool, Option("show it on the page of ekukit present, behind its token", flag=True)
    ]


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    usage = "ekukit fleet SOURCE ... [options] | ekukit fleet --sample N --out FOLDER"
    parser = add_verb(commands, "fleet", usage)
    parser.add_argument("sources", nargs="*", metavar="SOURCE",
                        help="folders, archives, patterns, addresses, an older table")  # fmt: skip
    add_options(parser, FleetOptions)
    add_options(parser, FleetShell, json=True)
    add_page_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read every case, write the tables, print the worst; return 0.

    Ctrl-C says how many are done; the same command goes on there.
    """
    if options.sample is not None:
        return _sample(options)
    from ekukit.fleets.fleet_extra import refuse_without_extra

    given = taken("fleet", FleetOptions, chosen(options, FleetOptions))
    refuse_without_extra()
    found = _watched(options, given)
    if options.serve:
        path = opened_table(options.sources) or Path(str(given["out"]))
        handed = HandedFleet(str(path.absolute()), bool(given["redact"]))
        return show_page(options, lambda: (None, handed))
    if options.json:
        sys.stdout.write(found.json() + "\n")
    else:
        _show(found, redacted=bool(given["redact"]))
    return 0


def _sample(options: argparse.Namespace) -> int:
    from ekukit.fleets.sample_estate import TRUTH, write_estate

    if options.sources or not options.out:
        msg = "--sample writes an estate and reads nothing: ekukit fleet --sample N --out FOLDER"
        raise InputError(msg)
    folder = write_estate(options.sample, Path(options.out))
    sys.stdout.write(
        f"{options.sample:,} cases in {folder}, all made up; what must be found: {folder / TRUTH}\n"
        f"Read them: ekukit fleet {folder} --together folder --out fleet.parquet\n"
    )
    return 0


def _watched(options: argparse.Namespace, given: dict[str, object]) -> "Fleet":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console, done = Console(stderr=True), [0, 0]
    columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("")

        def told(count: int, of: int) -> None:
            done[:] = count, of
            bar.update(task, completed=count, total=of)

        try:
            return run_fleet(tuple(options.sources), given, told)
        except KeyboardInterrupt:
            count, of = done
            much = f"{count:,} of {of:,} cases are done" if of else "no case is done"
            text = f"stopped; {much}; the same command goes on there"
            sys.stderr.write(f"ekukit fleet: {text}\n")
            raise SystemExit(_STOPPED) from None


def _show(found: "Fleet", *, redacted: bool) -> None:
    from rich.console import Console

    from ekukit.cli.cause_text import shown
    from ekukit.cli.outcomes_text import show_table
    from ekukit.views.tables.fleet_frames import case_frame, count_frame, count_titles

    console = Console(highlight=False)
    headline = shown(found.headline)
    headline.stylize("bold")
    console.print(headline)
    cases = found.cases
    rows = case_frame(cases.head(_MOST_ROWS), found.on).itertuples(index=False)
    show_table(("Case", "State", "What goes down, and when"), map(_cells, rows))
    if more := more_cases(len(cases) - _MOST_ROWS):
        console.print(f"{more}; --csv or --json has them all")
    for what in ("issuer", "release"):
        counts = count_frame(found.by(what), what).itertuples(index=False)
        show_table(count_titles(what), ([*map(_cell, row)] for row in counts))
    kept = f"{found.path}, and beside it causes and runs"
    kept = "those on the disk have all names" if redacted else kept
    for note in (*found.notes, f"Tables: {kept}."):
        console.print(shown(note))


def _cells(row: tuple[object, ...]) -> tuple[str, str, str]:
    """Return a row of the table in three cells, which a narrow terminal has room for."""
    case, state, down, day, then, act, nodes = map(_cell, row)
    lines = [down] if down else []
    lines += [f"{day}: {then}; act by {act or 'then'}"] if day else []
    return f"{case}\n{nodes}", state, "\n".join(lines)


def _cell(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, tuple) else str(value)
