"""A door: what a question asks about, hidden until it is answered or somebody asks for it."""

from typing import Protocol

import ipywidgets as w

from ekukit.errors import InputError
from ekukit.views.html import page
from ekukit.views.picture import Picture
from ekukit.views.static_copy import OnPaper


class ShowsItself(Protocol):
    """What a verb returns: it shows itself in a notebook."""

    def _repr_html_(self) -> str: ...


Behind = Picture | OnPaper | ShowsItself
SHOW_ME = "Show me"


class PredictionDoor(w.VBox):  # type: ignore[misc]
    """A button, and behind it pictures and panels that are not on the page until it is opened.

    Without anything behind it there is no button, and opening changes nothing.
    """

    def __init__(self, behind: tuple[Behind, ...]) -> None:
        """Close it; raises InputError for what does not show itself in a notebook."""
        self.behind = tuple(map(_shown, behind))
        self.button = w.Button(
            description=SHOW_ME, tooltip="The outcome, without an answer",
            layout=w.Layout(width="auto", align_self="flex-start"),
        )  # fmt: skip
        self.button.on_click(lambda _button: self.reveal())
        super().__init__([self.button] if behind else [])
        self.add_class("eku-door")

    @property
    def is_open(self) -> bool:
        """Return whether what is behind it is on the page."""
        return self.button not in self.children

    def reveal(self) -> None:
        """Put what is behind it on the page, once."""
        if not self.is_open:
            self.children = tuple(
                w.HTML(found.html) if isinstance(found, Picture) else found for found in self.behind
            )

    def paper(self) -> str:
        """Return what is behind it, folded, for readers without a kernel; "" without anything."""
        parts = (f.html if isinstance(f, Picture) else f.paper() for f in self.behind)
        folded = f"<details><summary>{SHOW_ME}</summary>{''.join(parts)}</details>"
        return page(folded) if self.behind else ""


def _shown(found: Behind) -> Picture | OnPaper:
    if isinstance(found, (Picture, OnPaper)):
        return found
    if not hasattr(found, "_repr_html_"):
        msg = f"{found!r} cannot be hidden; use what show… or a verb returns, or a panel"
        raise InputError(msg)
    return Picture(found._repr_html_())
