"""Cards one after another for an audience: Previous, Next, and which one is shown."""

from collections.abc import Callable

import ipywidgets as w

from ekukit.views.html import page
from ekukit.views.panels.stage import bar, button


class CardSteps:
    """A bar that steps through cards; a clicker presses its buttons. `place` counts from 1.

    `stepped` is called after each step. The bar is not seen until cards are shown.
    """

    def __init__(self, stepped: Callable[[], None], *beside: w.Widget) -> None:
        """Stand at the first card; `beside` stands in the bar, too."""
        self._stepped = stepped
        self._count = 0
        self.place = 1
        self.previous = button("Previous", lambda: self._step(-1))
        self.next = button("Next", lambda: self._step(1))
        self.count = w.HTML()
        self.count.add_class("eku-count")
        self.bar = bar(self.previous, self.next, self.count, *beside)
        self.bar.add_class("eku-steps")

    def _step(self, by: int) -> None:
        self.place = min(max(self.place + by, 1), max(self._count, 1))
        self._stepped()

    def show(self, count: int, words: str) -> None:
        """Show the bar with what is counted in words; hide it where there is no card."""
        self._count = count
        self.bar.layout.display = None if count else "none"
        self.previous.disabled, self.next.disabled = self.place == 1, self.place >= count
        told = words if count else ""
        self.count.value = page(f'<p class="eku-count" role="status" aria-live="polite">{told}</p>')
