"""What a room sees: the workshop, and beside it the case that `ekukit present` was given."""

import ipywidgets as w

from ekukit.diagnosis.handed import HandedCase, given_case
from ekukit.errors import InputError
from ekukit.views.html import page, paragraphs
from ekukit.views.panels.case_stage import CaseStage
from ekukit.views.panels.choice import CHOICE_STYLE, choice
from ekukit.views.panels.stage import STAGE, bar
from ekukit.views.panels.style_sheet import style_sheet
from ekukit.views.panels.workshop import Workshop
from ekukit.views.static_copy import OnPaper

WORKSHOP, CASE = "Workshop", "Case"


class Presentation(OnPaper, w.VBox):  # type: ignore[misc]
    """The workshop alone, or with a case a switch between both; `case` is None without one.

    The case is that of the environment (see `given_case`) unless one is given. "Predict first" is
    one setting for both, so that it can be ticked before the case is opened. A case that cannot
    be read is said in its place.
    """

    def __init__(self, given: HandedCase | None = None) -> None:
        """Show the workshop; read the case, so that nobody waits for it later."""
        self.workshop = Workshop()
        # Whoever shows it asks first; an address says otherwise.
        self.workshop.predict.value = True
        self.case: CaseStage | None = None
        self.switch = choice("Present", [WORKSHOP, CASE], WORKSHOP)
        self.said = w.HTML()
        top = w.VBox([style_sheet(STAGE, CHOICE_STYLE), bar(self.switch)])
        top.add_class("eku-workshop")
        offered = self._opened(given)
        top.layout.display = None if offered else "none"
        self.switch.observe(lambda _change: self._turn(), names="value")
        self._shown = w.VBox([self.workshop])
        # Once for both: what the address says is kept while the case is shown.
        super().__init__([top, self.workshop.address, self._shown])

    def _opened(self, given: HandedCase | None) -> bool:
        """Return whether a case was given; it is shown when it can be read."""
        try:
            given = given or given_case()
            if given is None:
                return False
            self.case = CaseStage(given.case())
            self._link = w.link((self.workshop.predict, "value"), (self.case.predict, "value"))
        except InputError as error:
            self.said.value = page(paragraphs([f"✗ {error}"], strong=True))
        return True

    def _turn(self) -> None:
        case = self.case or self.said
        self._shown.children = (case if self.switch.value == CASE else self.workshop,)

    def paper(self) -> str:
        """Return the workshop's tables, and the case as its redacted report tells it."""
        return self.workshop.paper() + (self.case.paper() if self.case else "")
