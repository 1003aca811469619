"""Panels in which a node is worked as an administrator would: uploads and commands."""

from collections.abc import Callable
from dataclasses import replace

import ipywidgets as w

from ekukit.connections.services import essential
from ekukit.expressway import (
    Choices,
    Deployment,
    Expressway,
    Release,
    Role,
    Slot,
    Store,
    build,
    condition,
)
from ekukit.expressway.administration import Answer, Door, Settings
from ekukit.expressway.build import certificate_for
from ekukit.expressway.commandline import COMMANDS, execute
from ekukit.expressway.upload import upload
from ekukit.lab import run
from ekukit.nearest import member
from ekukit.views.html import page, paragraphs, table
from ekukit.views.pages.deployment_states import summary_html
from ekukit.views.pages.product_pages import certificate_pages, peer
from ekukit.views.panels.controls import EKUS, ISSUERS, dropdown
from ekukit.views.static_copy import OnPaper
from ekukit.views.tables.outcome_tables import answer_table

ON_SCREEN = "A panel to try uploads and commands stands here in the notebook; the states before:"
NOTHING_YET = "What the node answers stands here; below it the states, made anew each time."
WIDE = w.Layout(width="100%", max_width="760px")


class AdministrationPanel(OnPaper, w.VBox):  # type: ignore[misc]
    """What two panels share: a deployment whose nodes change, the last answer, the states.

    `deployment`, `outcomes`, `settings` (per role) and `answer` hold what is shown now.
    """

    def __init__(self, start: Choices | str, controls: list[w.Widget]) -> None:
        """Show the start; no answer yet."""
        choices = start if isinstance(start, Choices) else condition(start)
        self.deployment: Deployment = build(choices)
        self.settings = dict.fromkeys(Role, Settings())
        self.answer: Answer | None = None
        self.role = dropdown("Node", [(role.value, role) for role in Role])
        self.role.observe(lambda _change: self._draw(), names="value")
        self.said, self.states = w.HTML(), w.HTML()
        self.said.add_class("eku-answer")
        self.states.add_class("eku-tables")
        super().__init__([self.role, *controls, self.said, self.states])
        self._draw()

    @property
    def node(self) -> Expressway:
        """Return the first peer of the chosen role."""
        return peer((*self.deployment.core, *self.deployment.edge), self.role.value)

    def take(self, ask: Callable[[Expressway, Settings], Answer]) -> Answer:
        """Give the node what `ask` asks of it, keep its answer, and make the handshakes anew."""
        answer = ask(self.node, self.settings[self.role.value])
        role, changed = self.role.value, answer.node
        peers = self.deployment.core if role is Role.CORE else self.deployment.edge
        renewed = (changed, *peers[1:])
        names = {Role.CORE: "core", Role.EDGE: "edge"}
        self.deployment = replace(self.deployment, **{names[role]: renewed})  # type: ignore[arg-type]
        self.settings[role] = answer.settings
        self.answer = answer
        self._draw()
        return answer

    def paper(self) -> str:
        """Return the states before anything is asked, and where the panel works."""
        return page(paragraphs([ON_SCREEN])) + str(self.states.value)

    def _draw(self) -> None:
        self.said.value = self._answer_html()
        self.outcomes = run(self.deployment)
        self.states.value = summary_html(essential(self.outcomes))

    def _answer_html(self) -> str:
        if self.answer is None:
            return page(paragraphs([NOTHING_YET]))
        caption = f"The answer of {self.answer.node.role.value}"
        return page(table(answer_table(self.answer), caption))


class UploadPanel(AdministrationPanel):
    """Upload a certificate to either store of a node, by the product's own rules (S6, S7, S8)."""

    def __init__(self, start: Choices | str = "C2") -> None:
        """Show the pages of the start."""
        self.store = dropdown("Page", [(f"{kind.value} certificate", kind) for kind in Store])
        self.issuer = dropdown("Issuer", ISSUERS)
        self.eku = dropdown("EKUs", EKUS)
        self.copy = w.Checkbox(
            description="Upload server certificate file as client certificate", indent=False,
            layout=w.Layout(width="auto"),
        )  # fmt: skip
        self.door = dropdown("By", [(door.value, door) for door in Door])
        self.button = w.Button(description="Upload")
        self.button.on_click(lambda _button: self.upload())
        self.pages = w.HTML()
        self.pages.add_class("eku-pages")
        row = w.HBox([self.store, self.issuer, self.eku, self.door],
                     layout=w.Layout(flex_flow="row wrap"))  # fmt: skip
        super().__init__(start, [row, self.copy, self.button, self.pages])

    def upload(self) -> Answer:
        """Upload what is chosen and return the node's answer."""
        kind: Store = self.store.value
        slot = Slot(self.issuer.value, self.eku.value)

        def ask(node: Expressway, settings: Settings) -> Answer:
            certificate = certificate_for(node.fqdn, slot, key="RSA-2048", kind=kind)
            copy = self.copy.value and kind is Store.SERVER
            return upload(
                node, kind, certificate, copy_to_client=copy, via=self.door.value,
                settings=settings,
            )  # fmt: skip

        return self.take(ask)

    def _draw(self) -> None:
        self.pages.value = certificate_pages(self.node)
        super()._draw()


class CommandPanel(AdministrationPanel):
    """Type xConfiguration commands on a node and get the product's answer; the states follow."""

    def __init__(
        self,
        start: Choices | str = "C2",
        *,
        node: Role | str = Role.EDGE,
        line: str = f"{COMMANDS[0].name}: Off",
    ) -> None:
        """Show the start, a node, and a command ready to be run.

        Raises InputError for a word that names no node.
        """
        self.line = w.Text(
            value=line, description="Command", layout=WIDE,
            style={"description_width": "initial"},
        )  # fmt: skip
        self.button = w.Button(description="Run the command")
        self.button.on_click(lambda _button: self.run())
        self.release = dropdown("Release of both nodes", [(r.value, r) for r in Release])
        self._start = start if isinstance(start, Choices) else condition(start)
        self.release.value = self._start.release
        self.release.observe(lambda _change: self._other_release(), names="value")
        super().__init__(self._start, [self.release, self.line, self.button])
        self.role.value = member(Role, node, "node")

    def run(self) -> Answer:
        """Run the line on the chosen node and return its answer."""
        text = self.line.value
        return self.take(lambda node, settings: execute(node, text, settings=settings))

    def _other_release(self) -> None:
        self.deployment = build(replace(self._start, release=self.release.value))
        self.settings, self.answer = dict.fromkeys(Role, Settings()), None
        self._draw()
