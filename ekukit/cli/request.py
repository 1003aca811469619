"""`ekukit request`: what to order for a slot."""

import argparse
import sys
from typing import cast

from ekukit.certificates import eku_words
from ekukit.cli.parser import Commands, add_options, add_verb, chosen
from ekukit.orders.slot_needs import SLOTS
from ekukit.verbs.request import RequestOptions, request
from ekukit.verbs.requested import Requested, SlotRequest, points_of


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "request")
    parser.add_argument("slot", metavar="SLOT", help=", ".join(SLOTS))
    add_options(parser, RequestOptions, json=True)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Tell what to order, write the files if a folder is given; return 0."""
    found = request(options.slot, **cast("RequestOptions", chosen(options, RequestOptions)))
    if options.json:
        sys.stdout.write(found.json() + "\n")
    else:
        _show(found, on_node=bool(options.on_node))
    return 0


def _show(found: Requested, *, on_node: bool) -> None:
    from rich.console import Console

    from ekukit.account import folded
    from ekukit.cli.cause_text import show_lines, shown

    console = Console(highlight=False)
    for one in found.requests:
        head = shown(f"{one.needs.slot} of {one.needs.host}")
        head.stylize("bold")
        console.print(head)
        show_lines(console, _lines(one))
    for title, points in points_of(found.requests[0]).items():
        if on_node or title != "On the node's page":
            console.print(shown(f"{title}:"))
            show_lines(console, [f"- {point.text} ({point.source})" for point in points])
    console.print()
    for path in found.files:
        console.print(shown(f"Written: {path}"))
    if not found.files:
        console.print("Nothing was written: --folder F writes key, request and configuration.")
    for note in folded(found.notes):
        console.print(shown(note))


def _lines(found: SlotRequest) -> list[str]:
    needs = found.needs
    told = [f"Subject: {found.subject}", f"Names: {', '.join(needs.names)}",
            f"EKUs: {eku_words(needs.ekus)}: {needs.why}", f"Key: {found.key}"]  # fmt: skip
    told += [f"Follows: {needs.follows}"] if needs.follows else []
    return [*told, *(f"Left out: {text}" for text in needs.left_out)]
