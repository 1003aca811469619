"""How far the reading of an archive has come, as a bar on the terminal."""

import sys

from ekukit.archive.watched import HowFar


class ReadingBar(HowFar):
    """A bar with file, bytes and time left, on a terminal alone and only after a second."""

    def __init__(self) -> None:
        """Begin to watch when entered."""
        super().__init__()
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._console = Console(stderr=True)
        columns = TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn()
        self._bar = Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True)
        self._task = self._bar.add_task("")
        self._shown = False

    def show(self) -> None:
        """Show the bar on a terminal."""
        if not self._console.is_terminal:
            return
        if not self._shown:
            self._bar.start()
            self._shown = True
        self._bar.update(
            self._task, completed=self.done, total=self.total, description=self.file[-50:]
        )

    def hide(self) -> None:
        """Take the bar away."""
        if self._shown:
            self._bar.stop()

    def stopped(self) -> None:
        """End the program with how far it came."""
        sys.stderr.write(f"ekukit inspect: {self.told}\n")
        raise SystemExit(130) from None
