"""`ekukit present`: workshop and case as a page for a room, on this machine, behind a token."""

import argparse
import signal
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from ekukit.cli.launch import notebooks_folder
from ekukit.cli.parser import Commands, add_verb
from ekukit.diagnosis.handed import HandedCase
from ekukit.errors import InputError
from ekukit.fleets.handed_fleet import HandedFleet
from ekukit.room.server import PORT, WORKSHOP, serve
from ekukit.verbs.inspect import refuse_unknown, role_of


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = add_verb(commands, "present")
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH",
                        help="archives or folders of a case, shown as well, redacted")  # fmt: skip
    parser.add_argument("--role", action="append", default=[], metavar="HOST=core|edge",
                        help="the side of a node that no zone tells; repeatable")  # fmt: skip
    add_page_options(parser)
    parser.set_defaults(run=run)


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """Add what every page of a room takes."""
    parser.add_argument("--port", type=int, default=PORT, help=f"on 127.0.0.1 (default {PORT})")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.add_argument("--dark", action="store_true", help="light text on a dark ground")


def run(options: argparse.Namespace) -> int:
    """Serve the page, see `show_page`; what is wrong with the case is said before it starts."""
    return show_page(options, lambda: (_given(options), None))


def show_page(
    options: argparse.Namespace, given: Callable[[], tuple[HandedCase | None, HandedFleet | None]]
) -> int:
    """Serve the page with what is given, print its address alone on one line; wait for Ctrl-C.

    Returns 0, and 1 when the server ends by itself. Raises InputError when it cannot start, or
    before it starts when nothing of what is given can be read.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    try:
        notebook = notebooks_folder() / WORKSHOP
        case, fleet = given()
        with serve(notebook, options.port, dark=options.dark, case=case, fleet=fleet) as server:
            print(server.address, flush=True)  # noqa: T201 - the one line that is asked for
            sys.stderr.write("Ctrl-C ends it.\n")
            if not options.no_browser:
                webbrowser.open(server.address)
            server.process.wait()
            return 1
    except KeyboardInterrupt:
        return 0


def _given(options: argparse.Namespace) -> HandedCase | None:
    if not options.paths:
        if options.role:
            msg = "--role says something of a case; name its archive, too"
            raise InputError(msg)
        return None
    roles = dict(map(role_of, options.role))
    paths = tuple(str(path.absolute()) for path in options.paths)
    given = HandedCase(paths, tuple(roles.items()))
    sys.stderr.write("Reading the case.\n")
    refuse_unknown(roles, given.case())
    return given


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
