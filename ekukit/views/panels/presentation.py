"""What a room sees: the workshop, and beside it the case that `ekukit present` was given."""

from typing import TYPE_CHECKING

import ipywidgets as w

from ekukit.diagnosis.handed import HandedCase, given_case
from ekukit.errors import InputError
from ekukit.fleets.handed_fleet import is_fleet_given
from ekukit.views.html import page, paragraphs
from ekukit.views.panels.case_stage import CaseStage
from ekukit.views.panels.choice import CHOICE_STYLE, choice
from ekukit.views.panels.stage import STAGE, bar
from ekukit.views.panels.style_sheet import style_sheet
from ekukit.views.panels.workshop import Workshop
from ekukit.views.static_copy import OnPaper

if TYPE_CHECKING:
    from ekukit.views.panels.fleet_panel import FleetPanel

WORKSHOP, CASE, FLEET = "Workshop", "Case", "Fleet"


class Presentation(OnPaper, w.VBox):  # type: ignore[misc]
    """The workshop alone, or with a case or a fleet a switch between them; None without one.

    The case is that of the environment (see `given_case`) unless one is given. "Predict first" is
    one setting for both, so that it can be ticked before the case is opened. A case that cannot
    be read is said in its place. A fleet is that of the environment, too, and is shown first.
    """

    def __init__(self, given: HandedCase | None = None) -> None:
        """Show the workshop; read the case, so that nobody waits for it later."""
        self.workshop = Workshop()
        # Whoever shows it asks first; an address says otherwise.
        self.workshop.predict.value = True
        self.case: CaseStage | None = None
        self.fleet, self.said = self._fleet(), w.HTML()
        shown = [WORKSHOP, FLEET] if self.fleet else [WORKSHOP, CASE]
        self.switch = choice("Present", shown, shown[-1] if self.fleet else WORKSHOP)
        top = w.VBox([style_sheet(STAGE, CHOICE_STYLE), bar(self.switch)])
        top.add_class("eku-workshop")
        offered = self._opened(given)
        if offered and self.fleet:
            self.switch.options, self.switch.rows = (WORKSHOP, CASE, FLEET), 3
            self.switch.value = FLEET
        top.layout.display = None if offered or self.fleet else "none"
        self.switch.observe(lambda _change: self._turn(), names="value")
        self._shown = w.VBox([])
        self._turn()
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

    def _fleet(self) -> "FleetPanel | None":
        """Return the panel of the fleet that was given, in the room's type."""
        if not is_fleet_given():
            return None
        from ekukit.views.panels.fleet_panel import FleetPanel

        panel = FleetPanel()
        panel.add_class("eku-workshop")
        return panel

    def _turn(self) -> None:
        shown = {CASE: self.case or self.said, FLEET: self.fleet or self.said}
        self._shown.children = (shown.get(self.switch.value, self.workshop),)

    def paper(self) -> str:
        """Return the workshop's tables, the case as its redacted report tells it, and the fleet."""
        more = (panel.paper() for panel in (self.case, self.fleet) if panel)
        return self.workshop.paper() + "".join(more)
