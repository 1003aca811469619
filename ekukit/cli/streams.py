"""Standard input and output as a shell may give them: closed, full, left, or of few characters."""

import codecs
import os
import sys
from contextlib import suppress

from ekukit.errors import InputError

# What stands for a sign where the output has no such character, as on some terminals of Windows.
_PLAIN = {"✓": "+", "✗": "x", "→": "->", "←": "<-", "…": "...", "–": "-", "—": "-", "•": "*",
          "·": "-", "“": '"', "”": '"', "’": "'"}  # fmt: skip
_BOXES = range(0x2500, 0x2580)
_FOR_PEOPLE, _FOR_PROGRAMS = "ekukit-signs", "ekukit-escapes"


def make_ready(*, for_programs: bool) -> None:
    """Make the streams fit to be written to, whatever the shell gave.

    A character that the output does not have is written as a sign that resembles it, or
    `for_programs` as JSON's escape. Raises InputError when standard output is closed, which would
    lose the answer.
    """
    is_closed = sys.stdout is None
    _open_what_is_closed()
    codecs.register_error(_FOR_PEOPLE, _signs)
    codecs.register_error(_FOR_PROGRAMS, _escapes)
    for stream in (sys.stdout, sys.stderr):
        is_utf = "utf" in (getattr(stream, "encoding", None) or "utf").lower()
        if not is_utf and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_FOR_PROGRAMS if for_programs else _FOR_PEOPLE)
    if os.environ.get("COLUMNS", "").strip().isdigit() and not int(os.environ["COLUMNS"]):
        del os.environ["COLUMNS"]  # a table of width 0 is not shown at all
    if is_closed:
        msg = (
            "standard output is closed, so that the answer would be lost; "
            "send it to a file (> answer.txt), or where only files are wanted to /dev/null"
        )
        raise InputError(msg)


def leave() -> None:
    """Let what could not be written go, so that Python does not try it again at its end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            handle = os.open(os.devnull, os.O_WRONLY)
            os.dup2(handle, stream.fileno())
            os.close(handle)


def tell(text: str) -> None:
    """Write a line on standard error; where that is full or gone, say nothing."""
    with suppress(OSError, ValueError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _open_what_is_closed() -> None:
    """Give the three streams a place, since the next file that is opened would take it."""
    for handle in range(3):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123


def _signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(_sign(one) for one in found), error.end


def _sign(one: str) -> str:
    return _PLAIN.get(one) or ("-" if ord(one) in _BOXES else "?")


def _escapes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[place : place + 2].hex() for place in range(0, len(units), 2))
    return "".join(rf"\u{pair}" for pair in pairs), error.end
