"""The workshop: one screen for a room, every condition one click away, outcomes hidden on wish."""

from dataclasses import replace

import ipywidgets as w

from ekukit.certificates import EkuProfile
from ekukit.connections import HONESTY, Outcome
from ekukit.connections.services import essential
from ekukit.errors import InputError
from ekukit.expressway import Choices, Deployment, Mode, Slot, build
from ekukit.lab import run
from ekukit.views.figures.deployment_picture import topology_svg
from ekukit.views.html import page, paragraphs, safe, table
from ekukit.views.pages.cause_cards import known_cards
from ekukit.views.pages.deployment_states import (
    first_states,
    ladder_html,
    summary_html,
    tables_html,
)
from ekukit.views.pages.explained_picture import Scene, explained_picture
from ekukit.views.pages.room_plan import ESSENTIAL, RoomCard, room_plan
from ekukit.views.panels.address_hash import AddressHash
from ekukit.views.panels.card_steps import CardSteps
from ekukit.views.panels.choice import choice
from ekukit.views.panels.controls import Controls, core_note, dropdown
from ekukit.views.panels.scene_link import link_text, scene_link
from ekukit.views.panels.stage import Stage, bar, button
from ekukit.views.tables.change import PREDICT, change_table
from ekukit.views.tables.outcome_tables import evidence_table, store_table
from ekukit.views.tables.scenes import SCENES, scene_title, scenes_table

VIEWS = ("Picture", "Tables", "Why", "Handshake", "Before and after", "What to do")
EXPLAINED = {"UC traversal zone": "uc-zone", "SSH tunnel": "ssh-tunnel"}
_VIEW_WORDS = {view.lower().replace(" ", "-"): view for view in VIEWS}
_KNOWN = {"show": frozenset(_VIEW_WORDS), "about": frozenset(EXPLAINED.values())}


class Workshop(Stage):
    """A deployment for an audience; `outcomes` holds the states, `hidden` whether they show.

    Every state comes from handshakes made on each change. `before` is what the view "Before and
    after" compares with: the choices before the last change, or those kept by the button.
    `address` follows what is shown, and opens what a link names; whoever shows the workshop puts
    it on the page.
    """

    def __init__(self, start: str = "C2 case 1") -> None:
        """Show a scene of SCENES."""
        super().__init__("headline", "summary", "body")
        choices = SCENES[start]
        self.before, self._kept, self._busy, self._linked = choices, False, False, False
        self._now = choices
        self.scene = choice("Condition", list(SCENES), start)
        self.scene.add_class("eku-scenes")
        self.view = choice("Show", list(VIEWS), VIEWS[0])
        self.keep = button("Keep this as before", self._keep)
        self.mode_off = button("Edge mode On → Off", self._mode_off)
        self.private = button("Core client issuer: public → private", self._private)
        self.both = button("Core client EKUs: + clientAuth", self._both)
        self.changes = bar(self.keep, self.mode_off, self.private, self.both)
        self.explained = dropdown("Connection", EXPLAINED.items())
        self.controls = Controls(choices, self._changed)
        self.address = AddressHash()
        self.address.observe(lambda change: self._follow(change["new"]), names="value")
        self.scene.observe(self._choose, names="value")
        self._planned: tuple[Choices, tuple[RoomCard, ...]] | None = None
        self.steps = CardSteps(self._draw)
        for control in (self.view, self.explained):
            control.observe(lambda _change: self._turned(), names="value")
        left = w.VBox([self.controls], layout=w.Layout(flex="0 0 17em", width="17em"))
        right = w.VBox(
            [self.steps.bar, *self.parts.values(), self.explained, self.changes],
            layout=w.Layout(flex="1 1 30em", min_width="0"),
        )
        self._frame(
            bar(self.scene, self.predict, self.reveal),
            bar(self.view, self.controls.network),
            w.HBox([left, right], layout=w.Layout(width="100%", flex_flow="row wrap")),
        )

    @property
    def deployment(self) -> Deployment:
        """Return the deployment that is shown."""
        return build(self._now)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return the states of what is shown, hidden or not."""
        return run(self.deployment)

    def _changed(self) -> None:
        if not self._kept:
            self.before = self._now
        self._now = self.controls.choices
        self.hidden = self.predict.value
        self._busy = True
        self.scene.value = next((n for n, c in SCENES.items() if c == self._now), None)
        self._busy = False
        self._turned()

    def _turned(self) -> None:
        self.steps.place = 1
        self._draw()

    def _choose(self, change: dict[str, object]) -> None:
        if not self._busy and isinstance(change["new"], str):
            self.controls.set(SCENES[change["new"]])

    @property
    def link(self) -> str:
        """Return the words by which an address opens what is shown, see `scene_link`."""
        view = next(word for word, title in _VIEW_WORDS.items() if title == self.view.value)
        shown = {
            "show": view if self.view.value != VIEWS[0] else "",
            "about": self.explained.value if self.explained.index else "",
        }
        told = {word: value for word, value in shown.items() if value}
        flags = {"predict": self.predict.value, "hidden": self.hidden}
        return link_text(self._now, told | {word: "" for word, is_set in flags.items() if is_set})

    def turn_to(self, link: str) -> None:
        """Show what the words of an address name; words that are not known change nothing."""
        try:
            found = scene_link(link, _KNOWN)
        except InputError:
            self._draw()
            return
        shown, self._linked = found.shown, True
        self.predict.value = "predict" in shown
        self.view.value = _VIEW_WORDS[shown.get("show", next(iter(_VIEW_WORDS)))]
        self.explained.value = shown.get("about", next(iter(EXPLAINED.values())))
        self.controls.set(found.choices)
        self.before, self._kept, self.hidden = found.choices, False, "hidden" in shown
        self._linked = False
        self._draw()

    def _follow(self, link: str) -> None:
        if link != self.link:
            self.turn_to(link)
            self.address.opened()

    def _keep(self) -> None:
        self.before, self._kept = self._now, True
        self._draw()

    def _mode_off(self) -> None:
        self._two(replace(self._now, edge_checking=Mode.ON), edge_checking=Mode.OFF)

    def _private(self) -> None:
        ekus = self._now.core_client.eku
        self._two(replace(self._now, core_client=Slot("public", ekus)),
                  core_client=Slot("internal", ekus))  # fmt: skip

    def _both(self) -> None:
        issuer = self._now.core_client.issuer
        self._two(replace(self._now, core_client=Slot(issuer, EkuProfile.SERVER)),
                  core_client=Slot(issuer, EkuProfile.BOTH))  # fmt: skip

    def _two(self, before: Choices, **change: object) -> None:
        """Go through two states, so that the second is the change from the first."""
        self._kept = False
        self.controls.set(before)
        self.controls.set(replace(before, **change))  # type: ignore[arg-type]

    def _draw(self) -> None:
        if self._linked:
            return
        super()._draw()
        self.address.value = self.link
        view = self.view.value
        self.explained.layout.display = None if view in {"Why", "Handshake"} else "none"
        self.changes.layout.display = None if view == "Before and after" else "none"
        outcomes = essential(self.outcomes)
        cards = () if self.hidden or view != "What to do" else self._plan()
        # One card needs no bar, so that a clicker goes on to the next scene.
        many = len(cards) > 1
        self.steps.show(len(cards) * many, cards[self.steps.place - 1].title if many else "")
        self.parts["headline"].value = page(
            f'<p class="eku-headline">{safe(scene_title(self.scene.value))}</p>'
        )
        self.parts["summary"].value = (
            _hidden_summary(outcomes) if self.hidden else summary_html(outcomes)
        )
        self.parts["body"].value = page(self._body(view, outcomes))

    def _body(self, view: str, outcomes: tuple[Outcome, ...]) -> str:
        deployment = self.deployment
        if view == "Picture":
            return self._picture(deployment, outcomes)
        if view == "Before and after":
            then = (self.before, essential(run(build(self.before))))
            found = change_table(then, (self._now, outcomes), hidden=self.hidden)
            return table(found, "What the change does")
        if self.hidden:
            return paragraphs(["Predict first. Reveal shows it."], strong=True)
        makers = {
            "Tables": lambda: _tables(deployment, outcomes),
            "Handshake": lambda: ladder_html(deployment, self.explained.value),
            "What to do": lambda: self._plan()[self.steps.place - 1].html,
            "Why": lambda: self._why(deployment, outcomes),
        }
        return makers[view]()

    def _plan(self) -> tuple[RoomCard, ...]:
        """Return the cards of the plan for what is shown, made once."""
        if self._planned is None or self._planned[0] != self._now:
            self._planned = self._now, room_plan(self.deployment, ESSENTIAL)
        return self._planned[1]

    def _why(self, deployment: Deployment, outcomes: tuple[Outcome, ...]) -> str:
        chosen = [found for found in outcomes if found.connection == self.explained.value]
        shown = table(evidence_table(chosen), f"{chosen[0].title}: who presented what, and why")
        return shown + paragraphs([HONESTY, *core_note(deployment)])

    def _picture(self, deployment: Deployment, outcomes: tuple[Outcome, ...]) -> str:
        """Return the picture and its causes; while outcomes are hidden, none of what follows."""
        if self.hidden:
            return topology_svg(deployment, outcomes, hidden=True)
        then = first_states(essential(run(build(self.before))))
        cards = known_cards(deployment, outcomes)
        return explained_picture(Scene(deployment, outcomes, cards, then))

    def paper(self) -> str:
        """Return the states of every condition, and what each change does, as tables."""
        return page(table(scenes_table(), "Every condition and its states"))


def _hidden_summary(outcomes: tuple[Outcome, ...]) -> str:
    titles = dict.fromkeys(outcome.title for outcome in outcomes)
    said = "".join(
        f'<span class="eku-item">{safe(title)} '
        f'<span class="eku-state eku-hidden">{PREDICT}</span></span>'
        for title in titles
    )
    return page(f'<p class="eku-summary" role="status" aria-live="polite">{said}</p>')


def _tables(deployment: Deployment, outcomes: tuple[Outcome, ...]) -> str:
    """Return the product's pages, in a type in which none is cut off, however many columns."""
    stores = table(store_table(deployment), "What the four certificate stores hold")
    return f'<div class="eku-wide">{tables_html(deployment, outcomes)}{stores}</div>'
