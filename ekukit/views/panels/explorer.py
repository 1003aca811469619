"""The explorer: toggle a deployment and see at once what real handshakes make of it."""

from ekukit.expressway import Choices, build, condition
from ekukit.lab import run
from ekukit.views.html import page, table
from ekukit.views.pages.deployment_states import states_table
from ekukit.views.panels.controls import Controls
from ekukit.views.panels.deployment_panel import DeploymentPanel

__all__ = ["DeploymentPanel", "Explorer"]


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
        controls.top.children = (*controls.top.children, controls.network)
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
