"""`ekukit issue`: a certificate authority and certificates of any profile, in files, TEST ONLY."""

import argparse
from typing import cast

from ekukit.certificates import describe
from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.printable import visible
from ekukit.verbs.issue import IssueOptions, issue


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "issue")
    parser.add_argument("names", nargs="+", metavar="NAME[=PROFILE]",
                        help="such as core.example.com=both")  # fmt: skip
    add_options(parser, IssueOptions)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the files, print what they are; return 0."""
    found = issue(options.names, **cast("IssueOptions", chosen(options, IssueOptions)))
    for certificate in found.certificates:
        print(visible(describe(certificate)))  # noqa: T201
    print(visible(found.told))  # noqa: T201
    return 0
