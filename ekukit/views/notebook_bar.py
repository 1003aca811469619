"""How far the reading of an archive has come, as a bar in a notebook."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ekukit.archive.watched import HowFar, watching

_MEGA = 1e6


class ReadingStopped(KeyboardInterrupt):
    """The kernel was interrupted; the text says what was read. A notebook shows it in one line."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class NotebookBar(HowFar):
    """A bar with file, bytes and time left, only after a second."""

    _bar: Any = None

    def show(self) -> None:
        """Show the bar below the cell."""
        import ipywidgets as w
        from IPython.display import display

        if self._bar is None:
            self._told = w.Label(layout=w.Layout(width="auto"))
            self._bar = w.FloatProgress(min=0, max=1, layout=w.Layout(width="300px"))
            self._box = w.HBox([self._bar, self._told])
            display(self._box)  # type: ignore[no-untyped-call]
        self._bar.max, self._bar.value = max(self.total, 1), self.done
        left = self.seconds_left
        rest = "" if left is None else f", {left:.0f} s left"
        file = self.file.rpartition(": ")[2][-50:]
        amount = f"{self.done / _MEGA:,.0f} of {self.total / _MEGA:,.0f} MB"
        self._told.value = f"{amount}{rest}: {file}"

    def hide(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._box.close()

    def stopped(self) -> None:
        """End the cell with how far it came."""
        raise ReadingStopped(self.told) from None


def shown_in_notebook() -> AbstractContextManager[object]:
    """Return a bar where this runs in a notebook and nobody else watches, else nothing."""
    console = sys.modules.get("IPython.core.interactiveshell")
    shell: Any = console and console.InteractiveShell._instance  # noqa: SLF001 - makes none
    in_kernel = shell is not None and getattr(shell, "kernel", None) is not None
    return NotebookBar() if in_kernel and watching() is None else nullcontext()
