"""`ekukit present`: the workshop as a page for a room, on this machine only, behind a token."""

import argparse
import signal
import sys
import webbrowser
from types import FrameType

from ekukit.cli.launch import notebooks_folder
from ekukit.room.server import PORT, serve

NOTEBOOK = "90_workshop.ipynb"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("present", help="open the workshop for a room in the browser")
    parser.add_argument("--port", type=int, default=PORT, help=f"on 127.0.0.1 (default {PORT})")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    parser.add_argument("--dark", action="store_true", help="light text on a dark ground")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve the page, print its address alone on one line, and wait for Ctrl-C; return 0.

    Returns 1 when the server ends by itself. Raises InputError when it cannot start.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        notebook = notebooks_folder() / NOTEBOOK
        with serve(notebook, options.port, dark=options.dark) as server:
            print(server.address, flush=True)  # noqa: T201 - the one line that is asked for
            sys.stderr.write("Ctrl-C ends it.\n")
            if not options.no_browser:
                webbrowser.open(server.address)
            server.process.wait()
            return 1
    except KeyboardInterrupt:
        return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
