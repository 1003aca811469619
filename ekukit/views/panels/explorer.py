"""The explorer: toggle a deployment and see at once what real handshakes make of it."""

import ipywidgets as w

from ekukit.connections import HONESTY, Outcome
from ekukit.connections.services import essential
from ekukit.expressway import Choices, Deployment, build, condition
from ekukit.lab import capture, run
from ekukit.views.download import download_link
from ekukit.views.figures.topology import topology_svg
from ekukit.views.html import page, paragraphs, table
from ekukit.views.pages.deployment_states import (
    ladder_html,
    states_table,
    summary_html,
    tables_html,
)
from ekukit.views.panels.controls import Controls
from ekukit.views.static_copy import OnPaper
from ekukit.views.tables.outcome_tables import (
    evidence_table,
    store_table,
)


class DeploymentPanel(OnPaper, w.VBox):  # type: ignore[misc]
    """A deployment's states, stores, pictures and evidence under whatever controls it.

    A panel of this kind has a `refresh` that calls `show`; the handshakes behind ladder and
    capture are those of `deployment`. Parts carry the classes "eku-summary", "eku-topology", ….
    """

    def __init__(
        self, controls: w.Widget, *notes: w.Widget, everything: bool = False, about: str = ""
    ) -> None:
        """Put notes and parts under the controls; the caller shows a deployment next."""
        self.everything, self._about = everything, about
        self.controls = controls
        names = ("summary", "topology", "tables", "evidence", "stores", "ladder", "download")
        self.parts = {name: w.HTML() for name in names}
        for name, part in self.parts.items():
            part.add_class(f"eku-{name}")
        self.shown = w.Dropdown(description="Explain", style={"description_width": "initial"})
        self.capture = w.Button(
            description="Make a capture for Wireshark", layout=w.Layout(width="auto")
        )
        self.shown.observe(lambda _change: self._explain(), names="value")
        self.capture.on_click(lambda _button: self._capture())
        p = self.parts
        super().__init__(
            [
                self.controls,
                *notes,
                *(p[name] for name in ("summary", "topology", "tables", "stores")),
                self.shown,
                p["evidence"],
                p["ladder"],
                self.capture,
                p["download"],
            ]
        )
        self.add_class("eku-explorer")

    def show(self, deployment: Deployment, outcomes: tuple[Outcome, ...]) -> None:
        """Show a deployment and what came of its handshakes."""
        self.deployment, self.outcomes = deployment, outcomes
        shown = self.outcomes if self.everything else essential(self.outcomes)
        told = essential(self.outcomes)
        asked = tuple(found for found in shown if found.connection == self._about)
        self.parts["summary"].value = summary_html((*asked, *(o for o in told if o not in asked)))
        self.parts["topology"].value = page(topology_svg(self.deployment, shown))
        self.parts["tables"].value = tables_html(
            self.deployment, self.outcomes, everything=self.everything
        )
        stores = table(store_table(self.deployment), "What the four certificate stores hold")
        self.parts["stores"].value = page(stores)
        self.parts["download"].value = ""
        self._offer(shown)
        self._explain()

    def _offer(self, shown: tuple[Outcome, ...]) -> None:
        chosen = self.shown.value
        titles = {found.connection: found.title for found in shown if found.initiator}
        offered = [(title, name) for name, title in titles.items()]
        if tuple(offered) != tuple(self.shown.options):
            self.shown.options = offered
            first = self._about if self._about in titles else offered[0][1]
            self.shown.value = chosen if chosen in titles else first

    def _explain(self) -> None:
        name = self.shown.value
        found = [outcome for outcome in self.outcomes if outcome.connection == name]
        if not found:
            return
        evidence = table(evidence_table(found), f"{found[0].title}: who presented what, and why")
        self.parts["evidence"].value = page(evidence, paragraphs([HONESTY]))
        self.parts["ladder"].value = page(self.ladder(name))

    def ladder(self, name: str) -> str:
        """Return the ladders of a connection as HTML, made by handshakes now."""
        return ladder_html(self.deployment, name)

    def recorded(self) -> bytes:
        """Return a capture of every handshake, made now."""
        return capture(self.deployment)

    def paper(self) -> str:
        """Return the picture, the tables and the stores as they are now."""
        return "".join(str(self.parts[name].value) for name in ("topology", "tables", "stores"))

    def _capture(self) -> None:
        said = "every handshake above, made anew, TLS secrets embedded."
        link = download_link(self.recorded(), "ekukit.pcapng", said)
        self.parts["download"].value = page(link)


class Explorer(DeploymentPanel):
    """Controls above, states below, all by real handshakes made on each change.

    `start` is a condition's name or choices; with `everything` all connections, far ends,
    releases and peers are shown, else zone, tunnels and services; `about` names the connection
    that is told and explained first. `deployment` and `outcomes` hold what is shown now.
    """

    def __init__(
        self, start: Choices | str = "C2", *, everything: bool = False, about: str = ""
    ) -> None:
        """Show the start; useful before the first click."""
        choices = start if isinstance(start, Choices) else condition(start)
        controls = Controls(choices, self.refresh, far_ends=everything)
        super().__init__(controls, everything=everything, about=about)
        self.refresh()

    def refresh(self) -> None:
        """Make the handshakes of what the controls say, and show what came of them."""
        deployment = build(self.controls.choices)
        self.show(deployment, run(deployment))

    def paper(self) -> str:
        """Return the picture as it is now, and the states for both modes of Edge."""
        states = states_table(self.controls.choices, everything=self.everything)
        found = table(states, "The states in both modes of Edge")
        return str(self.parts["topology"].value) + page(found)
