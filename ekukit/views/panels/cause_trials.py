"""The causes of a case, each with a button that tries what is to do about it."""

from collections.abc import Callable

import ipywidgets as w

from ekukit.causes import CauseCard
from ekukit.diagnosis.case import Case
from ekukit.views.html import page
from ekukit.views.pages.case_sections import MOST_CAUSES
from ekukit.views.pages.cause_cards import card_html
from ekukit.views.panels.case_trial import Mendings, Remedy, mendings, remedies_for

TRY, TRY_ALL = "Try it on the rebuilt deployment", "Try all of it on the rebuilt deployment"


class CaseCauses(w.VBox):  # type: ignore[misc]
    """Cause cards; `tried` is called with the cards whose remedies are to be tried.

    A cause that cannot be put right on the rebuilt deployment, such as a time-out, has no button.
    """

    def __init__(self, tried: Callable[..., None]) -> None:
        """Show nothing yet."""
        self._tried = tried
        self._mendings: Mendings = {}
        self.cards: tuple[CauseCard, ...] = ()
        self.buttons: dict[str, w.Button] = {}
        self.all = _button(TRY_ALL, self._all)
        self._rest = w.VBox()
        self.others = w.ToggleButton(
            value=False, layout=w.Layout(width="auto", align_self="flex-start")
        )
        self.others.observe(lambda _change: self._open(), names="value")
        super().__init__([])
        self.add_class("eku-causes")

    def clear(self) -> None:
        """Show nothing."""
        self.cards, self.buttons, self._mendings = (), {}, {}
        self.children = self._rest.children = ()

    def show(self, case: Case) -> None:
        """Show the causes of a case as it may be shown."""
        self.clear()
        self.cards = case.causes
        self._mendings = mendings(case.deployment) if case.deployment is not None else {}
        shown = [self._row(card) for card in self.cards]
        self._rest.children = tuple(shown[MOST_CAUSES:])
        number = len(self._rest.children)
        self.others.description = f"{number} other cause{'s' * (number > 1)}"
        self.others.value = False
        self._open()
        children: list[w.Widget] = shown[:MOST_CAUSES]
        children += [self.others, self._rest] if number else []
        children += [self.all] if len(self.buttons) > 1 else []
        self.children = tuple(children)

    def remedies(self, *cards: CauseCard) -> tuple[Remedy, ...]:
        """Return what the cards say is to be done, as far as it can be tried."""
        return remedies_for(cards, self._mendings)

    def _row(self, card: CauseCard) -> w.VBox:
        told = w.HTML(page(card_html(card, among=self.cards)))
        if card.id not in self._mendings:
            return w.VBox([told])
        self.buttons[card.id] = _button(f"{TRY}: cause {card.number}", lambda: self._tried(card))
        return w.VBox([told, self.buttons[card.id]])

    def _all(self) -> None:
        self._tried(*self.cards)

    def _open(self) -> None:
        self._rest.layout.display = None if self.others.value else "none"


def _button(label: str, click: Callable[[], None]) -> w.Button:
    made = w.Button(
        description=label, layout=w.Layout(width="auto", align_self="flex-start", margin="0 0 8px")
    )
    made.on_click(lambda _button: click())
    return made
