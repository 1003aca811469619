"""How far the reading of an archive has come, as a bar on the terminal."""

import sys
import time
from types import TracebackType
from typing import Self

from ekukit.archive.watched import watched
from ekukit.printable import visible

_AT_ONCE = 1.0  # seconds; what takes no longer needs no bar


class ReadingBar:
    """A bar with file, bytes and time left, on a terminal alone and only after a second.

    `told` says after an interrupt how far the reading had come.
    """

    def __init__(self) -> None:
        """Begin to watch when entered."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self.done, self.total, self.file = 0, 0, ""
        self._console = Console(stderr=True)
        columns = TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn()
        self._bar = Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True)
        self._task = self._bar.add_task("")
        self._start, self._shown = time.monotonic(), False
        self._watched = watched(self._update)

    @property
    def told(self) -> str:
        """Return what was read so far, in a sentence."""
        if not self.total:
            return "stopped before a file was read"
        last = f", the last file {self.file}" if self.file else ""
        return f"stopped; {self.done:,} of {self.total:,} bytes were read{last}; nothing was judged"

    def _update(self, done: int, total: int, file: str) -> None:
        self.done, self.total, self.file = done, total, visible(file)
        if time.monotonic() - self._start < _AT_ONCE or not self._console.is_terminal:
            return
        if not self._shown:
            self._bar.start()
            self._shown = True
        self._bar.update(self._task, completed=done, total=total, description=self.file[-50:])

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
        """Take the bar away; an interrupt is answered with how far it came."""
        self._watched.__exit__(None, None, None)
        if self._shown:
            self._bar.stop()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            sys.stderr.write(f"ekukit inspect: {self.told}\n")
            raise SystemExit(130) from None
