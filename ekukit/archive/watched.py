"""Who watches how far the reading of an archive has come."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Self

from ekukit.printable import visible

Progress = Callable[[int, int, str], None]
_WATCHING: ContextVar[Progress | None] = ContextVar("watching", default=None)


@contextmanager
def watched(progress: Progress) -> Iterator[None]:
    """Call `progress` for every archive that is opened inside, as `open_archive` does.

    It gets bytes done, bytes in all (as they lie at the paths) and the name of the next file.
    """
    token = _WATCHING.set(progress)
    try:
        yield
    finally:
        _WATCHING.reset(token)


def watching() -> Progress | None:
    """Return who watches, None when nobody does."""
    return _WATCHING.get()


_AT_ONCE = 1.0  # seconds; what takes no longer needs no bar


class HowFar:
    """How far the reading inside has come, shown after a second by whoever knows how to.

    `told` says after an interrupt how far it had come.
    """

    def __init__(self) -> None:
        """Begin to watch when entered."""
        self.done, self.total, self.file = 0, 0, ""
        self._start = time.monotonic()
        self._watched = watched(self._update)

    @property
    def told(self) -> str:
        """Return what was read so far, in a sentence."""
        if not self.total:
            return "stopped before a file was read"
        last = f", the last file {self.file}" if self.file else ""
        return f"stopped; {self.done:,} of {self.total:,} bytes were read{last}; nothing was judged"

    @property
    def seconds_left(self) -> float | None:
        """Return how long the rest takes at the speed so far, None before anything was read."""
        if not self.done:
            return None
        return (time.monotonic() - self._start) / self.done * (self.total - self.done)

    def _update(self, done: int, total: int, file: str) -> None:
        self.done, self.total, self.file = done, total, visible(file)
        if time.monotonic() - self._start >= _AT_ONCE:
            self.show()

    def show(self) -> None:
        """Show how far it is."""

    def hide(self) -> None:
        """Show nothing any more."""

    def stopped(self) -> None:
        """Answer an interrupt."""

    def __enter__(self) -> Self:
        """Watch what is opened from here on."""
        self._watched.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take what is shown away; an interrupt is answered with how far it came."""
        self._watched.__exit__(None, None, None)
        self.hide()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            self.stopped()
