"""A deployment on one screen: states, picture and causes; evidence below, as tabs."""

from itertools import count

import ipywidgets as w

from ekukit.connections import HONESTY, Outcome
from ekukit.connections.services import essential
from ekukit.diagnosis.planned_case import PlanStart
from ekukit.expressway import Deployment
from ekukit.lab import capture
from ekukit.views.download import download_link
from ekukit.views.html import page, paragraphs, table
from ekukit.views.pages.cause_cards import known_cards
from ekukit.views.pages.deployment_states import (
    first_states,
    ladder_html,
    product_html,
    services_html,
    summary_html,
)
from ekukit.views.pages.explained_picture import Scene, explained_picture, keys
from ekukit.views.pages.node_logs import logs_html
from ekukit.views.panels.controls import Controls, core_note
from ekukit.views.panels.evidence_tabs import EvidenceTabs, Make
from ekukit.views.panels.style_sheet import style_sheet
from ekukit.views.panels.what_to_do import plan_html
from ekukit.views.static_copy import OnPaper
from ekukit.views.tables.claims import fact_table
from ekukit.views.tables.outcome_tables import evidence_table, store_table

_PARTS = ("summary", "topology", "tables", "services", "stores", "evidence", "ladder", "download",
          "log", "sources", "plan")  # fmt: skip
_CAUSES = ("What is wrong", "")
_STYLE = """<style>
.eku-explorer .eku-line { align-items: center; min-height: 28px; width: 100%; }
.eku-explorer .eku-line > .eku-summary { flex: 1 1 auto; min-width: 0; }
.eku-explorer .eku-line p.eku-summary { font-size: 13px; margin: 0; padding: 1px 6px;
  white-space: nowrap; overflow: hidden; }
.eku-explorer .eku-line .eku-item { margin: 0 0.9em 0 0; }
.eku-explorer .eku-shown { flex: 1 1 12em; max-width: 300px; }
.eku-explorer .widget-tab > .lm-TabBar .lm-TabBar-tab { flex: 0 1 auto; min-width: 0;
  padding: 0 9px; }
.eku-explorer > .eku-topology { margin: 0; width: 100%; }
.eku-explorer > .eku-topology > .widget-html-content { width: 100%; }
</style>"""
# A group of places in a picture for every panel of a page.
_GROUPS = count(1)


class DeploymentPanel(OnPaper, w.VBox):  # type: ignore[misc]
    """A deployment's states, picture and causes on one screen under whatever controls it.

    A panel of this kind has a `refresh` that calls `show`; the handshakes behind ladder, log and
    capture are those of `deployment`. Parts carry the classes "eku-summary", "eku-topology", ….
    `shown` is what is explained beside the picture, "" for the causes; `aside` stands instead of
    them where they are told already.
    """

    def __init__(
        self, controls: w.Widget, *notes: w.Widget, everything: bool = False, about: str = ""
    ) -> None:
        """Put notes and parts under the controls; the caller shows a deployment next."""
        self.everything, self._about = everything, about
        self.controls = controls
        self.aside = ""
        self._group = f"eku-pick-{next(_GROUPS)}"
        self.deployment: Deployment
        self.outcomes: tuple[Outcome, ...] = ()
        self.before: tuple[Outcome, ...] = ()
        self.parts = {name: w.HTML() for name in _PARTS}
        for name, part in self.parts.items():
            part.add_class(f"eku-{name}")
        self.shown = w.Dropdown(
            description="Explain", options=[_CAUSES], style={"description_width": "initial"}
        )
        self.shown.add_class("eku-shown")
        self.capture = w.Button(
            description="Make a capture for Wireshark", layout=w.Layout(width="auto")
        )
        self.tabs = EvidenceTabs(self._entries())
        self.shown.observe(lambda _change: self._explain(), names="value")
        self.capture.on_click(lambda _button: self._capture())
        told = w.HBox([self.parts["summary"]])
        told.add_class("eku-line")
        beside = controls.top if isinstance(controls, Controls) else told
        beside.children = (*beside.children, self.shown)
        style = style_sheet(_STYLE)
        super().__init__([style, self.controls, *notes, told, self.parts["topology"], self.tabs])
        self.add_class("eku-explorer")

    def _entries(self) -> list[tuple[str, list[w.Widget], Make]]:
        p = self.parts
        shake = [p["evidence"], p["ladder"], self.capture, p["download"]]
        return [
            ("Zones and tunnels", [p["tables"]], self._make_tables),
            ("Services", [p["services"]], self._make_services),
            ("Stores", [p["stores"]], self._make_stores),
            ("Handshake", shake, self._make_handshake),
            ("Log", [p["log"]], self._make_log),
            ("Sources", [p["sources"]], self._make_sources),
            ("What to do", [p["plan"]], self._make_plan),
        ]

    def show(self, deployment: Deployment, outcomes: tuple[Outcome, ...]) -> None:
        """Show a deployment and what came of its handshakes; what changed is marked."""
        self.before = self.outcomes
        self.deployment, self.outcomes = deployment, outcomes
        self.cards = known_cards(deployment, self._seen(outcomes))
        told, then = essential(outcomes), essential(self.before)
        asked = tuple(o for o in outcomes if o.connection == self._about and o not in told)
        was = tuple(o for o in self.before if o.connection == self._about and o not in then)
        self.parts["summary"].value = summary_html((*asked, *told), (*was, *then))
        self.parts["download"].value = ""
        self._offer(self._seen(outcomes))
        self._draw()
        self.tabs.stale()

    def _seen(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        return outcomes if self.everything else essential(outcomes)

    def _offer(self, shown: tuple[Outcome, ...]) -> None:
        offered = (_CAUSES, *keys(shown))
        if offered == tuple(self.shown.options):
            return
        first = not self.shown.options[1:]
        chosen = self._about if first else self.shown.value
        self.shown.options = offered
        self.shown.value = chosen if chosen in dict(offered).values() else ""

    def _draw(self) -> None:
        scene = Scene(self.deployment, self._seen(self.outcomes), self.cards,
                      first_states(self.before), self.shown.value or "", self._group,
                      self.aside)  # fmt: skip
        self.parts["topology"].value = page(explained_picture(scene))

    def _explain(self) -> None:
        if self.outcomes:
            self._draw()
            self.tabs.stale()

    @property
    def connection(self) -> str:
        """Return the connection whose handshake and log are shown."""
        seen = self._seen(self.outcomes)
        names = [found.connection for found in seen if found.initiator]
        wanted = (self.shown.value, self._about)
        return next((name for name in wanted if name in names), names[0] if names else "")

    def _make_tables(self) -> None:
        self.parts["tables"].value = product_html(self.deployment, self.outcomes)

    def _make_services(self) -> None:
        found = services_html(self.outcomes, everything=self.everything)
        self.parts["services"].value = found

    def _make_stores(self) -> None:
        stores = table(store_table(self.deployment), "What the four certificate stores hold")
        self.parts["stores"].value = page(stores)

    def _make_handshake(self) -> None:
        name = self.connection
        found = [outcome for outcome in self.outcomes if outcome.connection == name]
        if not found:
            return
        evidence = table(evidence_table(found), f"{found[0].title}: who presented what, and why")
        self.parts["evidence"].value = page(evidence, paragraphs([HONESTY]))
        self.parts["ladder"].value = page(self.ladder(name))

    def _make_log(self) -> None:
        if self.connection:
            self.parts["log"].value = page(self.log(self.connection))

    def _make_sources(self) -> None:
        named = tuple(dict.fromkeys(f for o in self._seen(self.outcomes) for f in o.facts))
        notes = [HONESTY, *core_note(self.deployment)]
        self.parts["sources"].value = page(
            paragraphs(notes),
            table(fact_table(named), "The facts on which these states rest"),
        )

    def _make_plan(self) -> None:
        names = dict.fromkeys(found.connection for found in self._seen(self.outcomes))
        self.parts["plan"].value = page(self.planned(tuple(names)))

    def planned(self, wishes: tuple[str, ...]) -> str:
        """Return what to do so that what is shown works, searched and confirmed now."""
        return plan_html(PlanStart(self.deployment), wishes)

    def ladder(self, name: str) -> str:
        """Return the ladders of a connection as HTML, made by handshakes now."""
        return ladder_html(self.deployment, name)

    def log(self, name: str) -> str:
        """Return what the log of each node would show of a connection, made by handshakes now."""
        return logs_html(self.deployment, name)

    def recorded(self) -> bytes:
        """Return a capture of every handshake, made now."""
        return capture(self.deployment)

    def paper(self) -> str:
        """Return the picture, the tables and the stores as they are now."""
        self._make_tables()
        self._make_services()
        self._make_stores()
        names = ("topology", "tables", "services", "stores")
        return "".join(str(self.parts[name].value) for name in names)

    def _capture(self) -> None:
        said = "every handshake above, made anew, TLS secrets embedded."
        link = download_link(self.recorded(), "ekukit.pcapng", said)
        self.parts["download"].value = page(link)
