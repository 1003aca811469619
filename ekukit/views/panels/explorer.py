"""The explorer: toggle a deployment and see at once what real handshakes make of it."""

import ipywidgets as w

from ekukit.expressway import Choices, build, condition
from ekukit.facts import issuers
from ekukit.lab import run
from ekukit.renewals.dark_days import deployment_dates
from ekukit.renewals.worst_first import worst_first
from ekukit.views.html import page, table
from ekukit.views.pages.calendar_page import calendar_html
from ekukit.views.pages.deployment_states import states_table
from ekukit.views.panels.controls import Controls, dropdown
from ekukit.views.panels.deployment_panel import DeploymentPanel
from ekukit.views.panels.evidence_tabs import Make

_NOT_TOLD = "a CA that is not told"
__all__ = ["DeploymentPanel", "Explorer"]


class Explorer(DeploymentPanel):
    """Controls above, states below, all by real handshakes made on each change.

    `start` is a condition's name or choices; with `everything` all connections, far ends,
    releases and peers are shown, else zone, tunnels and services; `about` names the connection
    that is told and explained first. `deployment` and `outcomes` hold what is shown now. The tab
    Calendar shows when its certificates lose clientAuth, and what goes down then.
    """

    def __init__(
        self, start: Choices | str = "C2", *, everything: bool = False, about: str = ""
    ) -> None:
        """Show the start; useful before the first click."""
        choices = start if isinstance(start, Choices) else condition(start)
        controls = Controls(choices, self.refresh, far_ends=everything)
        controls.top.children = (*controls.top.children, controls.network)
        super().__init__(controls, everything=everything, about=about)
        self.refresh()

    def _entries(self) -> list[tuple[str, list[w.Widget], Make]]:
        self.parts["calendar"] = w.HTML()
        self.renewed_by = dropdown("Renewed by", (_NOT_TOLD, *issuers()))
        self.renewed_by.observe(lambda _change: self._make_calendar(), names="value")
        shown = [self.renewed_by, self.parts["calendar"]]
        return [*super()._entries(), ("Calendar", shown, self._make_calendar)]

    def _make_calendar(self) -> None:
        ca = self.renewed_by.value
        rows = deployment_dates(self.deployment, run, "" if ca == _NOT_TOLD else ca)
        told = calendar_html(worst_first(rows), self.deployment.at.date())
        self.parts["calendar"].value = told

    def refresh(self) -> None:
        """Make the handshakes of what the controls say, and show what came of them."""
        deployment = build(self.controls.choices)
        self.show(deployment, run(deployment))

    def paper(self) -> str:
        """Return the picture as it is now, and the states for both modes of Edge."""
        states = states_table(self.controls.choices, everything=self.everything)
        found = table(states, "The states in both modes of Edge")
        return str(self.parts["topology"].value) + page(found)
