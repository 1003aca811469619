"""`ekukit inspect`: what is wrong in a diagnostic archive, with evidence."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.cli.reading_bar import ReadingBar
from ekukit.errors import InputError
from ekukit.verbs.inspect import InspectOptions, InspectOutput, inspect
from ekukit.verbs.inspected import case_json

if TYPE_CHECKING:
    from ekukit.diagnosis.case import Case


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "inspect")
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH",
                        help="archives, folders or loose files of one case, any nodes; "
                             "a mail or ticket with lines of their logs")  # fmt: skip
    add_options(parser, InspectOptions)
    add_options(parser, InspectOutput, json=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read the archive, print the case, write the report if asked; return 0.

    Raises InputError when nothing can be read or an option makes no sense.
    """
    _refuse_senseless(options)
    with ReadingBar():
        given = cast("InspectOptions", chosen(options, InspectOptions))
        case: Case = inspect(*options.paths, **given)
    if options.report:
        from ekukit.views.pages.report import write_report

        mapping = options.map
        write_report(case, options.report, redact=not options.names, mapping=mapping)
    if options.redact:
        from ekukit.privacy.passed_on import redacted

        hidden = redacted(case)
        case = hidden.case
        if options.map and not options.report:
            hidden.pseudonyms.write(Path(options.map))
    if options.json:
        told = case_json(case, redact=bool(options.redact), everything=bool(options.all))
        sys.stdout.write(told + "\n")
    else:
        from ekukit.cli.case_text import show_case

        show_case(
            case,
            everything=bool(options.all),
            details=bool(options.details),
            redacted=bool(options.redact),
        )
    return 0


def _refuse_senseless(options: argparse.Namespace) -> None:
    if options.names and not options.report:
        msg = "--names belongs to a report; add --report FILE"
    elif options.map and not (options.redact or (options.report and not options.names)):
        msg = "--map belongs to what is redacted; add --report FILE without --names, or --redact"
    else:
        return
    raise InputError(msg)
