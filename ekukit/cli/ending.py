"""How a command ends that cannot go on: one line that says why and what to do, and a status."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Self

from ekukit.cli.streams import leave, tell
from ekukit.errors import InputError
from ekukit.machine_faults import advice, is_the_machines
from ekukit.printable import visible

BAD_INPUT = 2
# A shell's own number for a program that a signal ended is 128 and the signal's number.
_BY_SIGNAL, _INTERRUPT, _BROKEN_PIPE = 128, 2, 13
_STOPPED = "stopped; no file is left half-written"
_MEMORY = "not enough memory; end other programs, or raise the limit on memory (ulimit -v)"
_ENDS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK", "SIGALRM")
    if hasattr(signal, name)
)
_AGAIN = 0.2  # seconds


@contextmanager
def ended_well(command: str, statuses: list[int]) -> Iterator[None]:
    """Run a command; when it cannot go on, say so on standard error and add a status.

    2 is for input that cannot be used and for what the machine refuses, 130 for Ctrl-C, 143 for
    SIGTERM, 129 for SIGHUP, 141 for output that nobody reads on. Whatever the command has begun,
    such as servers, kernels and files, is ended or deleted first. Errors of the kit itself pass.
    """
    try:
        with _Signals() as signals:
            yield
        if signals.pending and statuses:
            statuses[-1] = _BY_SIGNAL + signals.pending
            tell(f"ekukit {command}: stopped; take no verdict from what stands above")
    except InputError as error:
        _say(command, str(error), statuses)
    except KeyboardInterrupt:
        _say(command, _STOPPED, statuses, _BY_SIGNAL + _INTERRUPT)
    except BrokenPipeError:
        leave()
        statuses.append(_BY_SIGNAL + _BROKEN_PIPE)
    except SystemExit as error:
        if not isinstance(error.__context__, BrokenPipeError):  # which rich makes an exit of 1
            raise
        leave()
        statuses.append(_BY_SIGNAL + _BROKEN_PIPE)
    except (OSError, MemoryError, ImportError) as error:
        told = _machine_words(error)
        if not told:
            raise
        leave_later = isinstance(error, OSError) and error.filename is None
        _say(command, told, statuses)
        if leave_later:
            leave()


def _say(command: str, text: str, statuses: list[int], status: int = BAD_INPUT) -> None:
    # A path or a name in it is text from outside.
    tell(visible(f"ekukit {command}: {text}", keep="\n"))
    statuses.append(status)


def _machine_words(error: Exception) -> str:
    """Return in words what the machine refuses and what to do, "" for an error of the kit."""
    if not isinstance(error, OSError):
        return _MEMORY if _is_short(error) else ""
    if error.errno is not None and is_the_machines(error):
        where = error.filename or "standard output or a temporary file"
        return f"{where}: {error.strerror}; {advice(error)}"
    if "temporary directory" in str(error.strerror):
        return f"{error.strerror}; name a folder that you may write to in TMPDIR"
    return ""


def _is_short(error: BaseException | None) -> bool:
    """Return whether a library could not be loaded for want of memory."""
    if error is None:
        return False
    texts = ("failed to map", "allocate memory")
    if isinstance(error, MemoryError) or any(text in str(error) for text in texts):
        return True
    return _is_short(error.__cause__ or error.__context__)


class _Signals:
    """Turns signals that end a program into exceptions, so that it cleans up behind it.

    An exception that arrives within a callback of OpenSSL is lost there, but for a traceback on
    standard error, and the handshake is then taken as refused. So it is put off while one runs, and
    raised again until it gets through; while it does, what cleans up is left in peace.
    """

    def __init__(self) -> None:
        self.pending = 0
        self._before: dict[int, object] = {}
        self._unraisable = sys.unraisablehook

    def __enter__(self) -> Self:
        with suppress(ValueError):  # not the main thread, which alone gets signals
            for number in _ENDS:
                self._before[number] = signal.signal(number, self._exit)
        sys.unraisablehook = self._lost
        return self

    def __exit__(self, *_: object) -> None:
        if self._before and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        sys.unraisablehook = self._unraisable

    def _lost(self, what: "sys.UnraisableHookArgs") -> None:
        """Say nothing of an exception that Python itself lost, in a destructor: it comes again."""
        if not (self.pending and isinstance(what.exc_value, (SystemExit, KeyboardInterrupt))):
            self._unraisable(what)

    def _exit(self, number: int, frame: FrameType | None) -> None:
        self.pending = self.pending or number
        if isinstance(sys.exception(), (SystemExit, KeyboardInterrupt)):
            return
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
            if _in_callback(frame):
                return
        if self.pending == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(_BY_SIGNAL + self.pending)


def _in_callback(frame: FrameType | None) -> bool:
    """Return whether a frame was called by OpenSSL: pyOpenSSL has a wrapper around each call."""
    while frame is not None:
        if frame.f_code.co_name == "wrapper" and frame.f_globals.get("__name__") == "OpenSSL.SSL":
            return True
        frame = frame.f_back
    return False
