"""How far the reading of an archive has come, as a bar on the terminal."""

import sys
from typing import TYPE_CHECKING

from ekukit.archive.watched import HowFar

if TYPE_CHECKING:
    from rich.progress import Progress


class ReadingBar(HowFar):
    """A bar with file, bytes and time left, on a terminal alone and only after a second."""

    _bar: "Progress | None" = None

    def show(self) -> None:
        """Show the bar on a terminal."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
        self._bar.update(
            self._bar.task_ids[0],
            completed=self.done,
            total=self.total,
            description=self.file[-50:],
        )

    def hide(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def stopped(self) -> None:
        """End the program with how far it came."""
        sys.stderr.write(f"ekukit inspect: {self.told}\n")
        raise SystemExit(130) from None


def _bar() -> "Progress":
    # Late, because most of what is read needs no bar.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn()
    console = Console(stderr=True)
    bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
    bar.add_task("")
    return bar
