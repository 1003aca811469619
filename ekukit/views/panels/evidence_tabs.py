"""What lies below the picture, as tabs, each made when it is first opened."""

from collections.abc import Callable, Iterable

import ipywidgets as w

Make = Callable[[], None]


class EvidenceTabs(w.Tab):  # type: ignore[misc]
    """Tabs whose content is made when it is looked at; `stale` says that what is shown changed.

    Each entry has a title, the widgets in the tab, and what fills them.
    """

    def __init__(self, entries: Iterable[tuple[str, list[w.Widget], Make]]) -> None:
        """Show the first tab; nothing is made before `stale` is called."""
        told = list(entries)
        self._make = [make for _title, _widgets, make in told]
        self._made = {*range(len(told))}
        super().__init__(
            [w.VBox(widgets) for _title, widgets, _make in told],
            titles=[title for title, _widgets, _make in told],
            selected_index=0,
        )
        self.observe(lambda _change: self._open(), names="selected_index")

    def stale(self) -> None:
        """Make the open tab anew now, and each other one when it is opened."""
        self._made.clear()
        self._open()

    def turn_to(self, title: str) -> None:
        """Show the tab of that title; raises ValueError for one that is not there."""
        self.selected_index = list(self.titles).index(title)

    def _open(self) -> None:
        if self.selected_index is not None:
            self._fill(self.selected_index)

    def _fill(self, place: int) -> None:
        if place not in self._made:
            self._made.add(place)
            self._make[place]()
