"""A customer's case for an audience: headline, one finding at a time, the deployment to toggle."""

import ipywidgets as w
import pandas as pd

from ekukit.connections.services import essential
from ekukit.diagnosis.case import Case
from ekukit.errors import InputError
from ekukit.privacy.hidden_deployment import as_disguised
from ekukit.privacy.passed_on import redacted
from ekukit.renewals.case_dates import case_dates
from ekukit.views.figures.deployment_picture import topology_svg
from ekukit.views.figures.timeline import timeline_svg
from ekukit.views.html import page, paragraphs, safe, table
from ekukit.views.pages.case_names import without_outer_name
from ekukit.views.pages.case_sections import headline, sections
from ekukit.views.pages.document import section_html, shown
from ekukit.views.pages.report import HIDDEN
from ekukit.views.pages.room_cards import room_cause, room_finding
from ekukit.views.pages.room_plan import RoomCard, case_plan
from ekukit.views.panels.card_steps import CardSteps
from ekukit.views.panels.case_explorer import CaseExplorer
from ekukit.views.panels.case_trial import Remedy, mendings, remedies_for
from ekukit.views.panels.choice import choice
from ekukit.views.panels.stage import Stage, bar, button
from ekukit.views.tables import case_frames as case_tables
from ekukit.views.tables.change import PREDICT

CAUSES, FINDINGS, STATES = "Causes", "Findings", "Zones and tunnels"
TIMELINE, DEPLOYMENT, TO_DO = "Timeline", "Deployment", "What to do"
VIEWS = (CAUSES, FINDINGS, STATES, TIMELINE, DEPLOYMENT, TO_DO)
_STEPS = {CAUSES: "Cause", FINDINGS: "Finding"}
ASKED = "What is wrong here, and which certificate would you replace?"
REVEAL = "Predict first. Reveal shows it."
APPLY, TAKE_BACK = "Apply this To do", "Take it back"
EVENT_COLUMNS = ("Time", "Node", "Event", "From and to", "Detail and where")
_LETTERS = 16
STATE_COLUMNS = ("Connection", "Observed", "Predicted", "Agree", "Why")


def room_case(case: Case) -> Case:
    """Return the case as a room may see it: redacted, with the pseudonyms of the report.

    In the deployment they stand as names that a certificate can hold. The name of the one archive
    is not repeated before every file.
    """
    return without_outer_name(redacted(case).case)


class CaseStage(Stage):
    """A case on one screen; `case` is what is shown, redacted always: a room has strangers in it.

    `steps` goes through causes, findings, or the steps of the plan. With `predict` ticked headline,
    causes, findings, plan, events and states are neither shown nor sent until `reveal` is pressed,
    and again after each toggle. `explorer` is the deployment's, made when its view is opened or a
    remedy applied, None before; `apply` puts the cause's remedy into it, shows states before and
    after, and takes it back.
    """

    def __init__(self, case: Case) -> None:
        """Show the first cause; the findings where nothing is known to be at fault."""
        super().__init__("headline", "body")
        self.case = room_case(case)
        self._real = case
        self._planned: tuple[RoomCard, ...] = ()
        self.explorer: CaseExplorer | None = None
        self.view = choice("Show", list(VIEWS), CAUSES if self.case.causes else FINDINGS)
        self.apply = button(APPLY, self._apply)
        self._applied = False
        known = self.case.deployment
        self._mendings = mendings(known) if known is not None else {}
        self.steps = CardSteps(self._turned, self.apply)
        self._toggled = w.HBox(layout=w.Layout(width="100%", flex_flow="row wrap"))
        self._toggled.add_class("eku-beside")
        self.view.observe(lambda _change: self._begin(), names="value")
        nodes = f"The nodes: {headline(self.case)[1]}."
        self._frame(
            bar(self.view, self.predict, self.reveal),
            self.parts["headline"],
            self.steps.bar,
            self.parts["body"],
            self._toggled,
            w.HTML(page(as_disguised(paragraphs([nodes, HIDDEN])))),
        )

    def _begin(self) -> None:
        self.steps.place = 1
        self._turned()

    def _turned(self) -> None:
        self._take_back()
        self._draw()

    def _remedies(self) -> tuple[Remedy, ...]:
        """Return the remedy of the cause that is shown, nothing where it cannot be tried."""
        if self.view.value != CAUSES:
            return ()
        return remedies_for(self.case.causes[self.steps.place - 1 :][:1], self._mendings)

    def _apply(self) -> None:
        if self._applied:
            self._take_back()
        else:
            self._applied = True
            self._explored().try_out(*self._remedies())
        self._draw()

    def _take_back(self) -> None:
        if self._applied and self.explorer is not None:
            self._applied, self.explorer.outcomes = False, ()
            self.explorer.take_back()

    def _explored(self) -> CaseExplorer:
        """Return the deployment's explorer; InputError when nothing is known of it."""
        if self.explorer is None:
            self.explorer = CaseExplorer(self.case)
            self.explorer.told = self._toggled_again
        return self.explorer

    def _toggled_again(self) -> None:
        """Hide what came of a toggle where people predict first."""
        if self.predict.value and self.view.value == DEPLOYMENT:
            self._hide(hidden=True)

    def _count(self) -> int:
        """Return how many causes, findings or cards of the plan the view goes through."""
        if self.view.value == TO_DO:
            return len(self._plan())
        counts = {CAUSES: len(self.case.causes), FINDINGS: len(self.case.findings)}
        return counts.get(self.view.value, 0)

    def _plan(self) -> tuple[RoomCard, ...]:
        """Return the cards of the case's plan, made when they are first asked for."""
        if not self._planned:
            self._planned = case_plan(self.case)
        return self._planned

    def _draw(self) -> None:
        super()._draw()
        view = self.view.value
        count = 0 if self.hidden else self._count()
        self.parts["headline"].value = page(as_disguised(self._headline(view)))
        self.apply.layout.display = None if self._remedies() else "none"
        self.apply.description = TAKE_BACK if self._applied else APPLY
        self.steps.show(count, self._counted(view, count))
        self._toggled.children = ()
        self.parts["body"].value = page(as_disguised(self._body(view)))

    def _counted(self, view: str, count: int) -> str:
        if view == TO_DO and count:
            return self._plan()[self.steps.place - 1].title
        return f"{_STEPS.get(view, '')} {self.steps.place} of {count}"

    def _headline(self, view: str) -> str:
        """Return what is asked, later the headline: over the states, and where no cause says it."""
        said = self.case.headline
        if self.hidden:
            said = ASKED if view != DEPLOYMENT else ""
        elif view != STATES and (self.case.causes or view not in {CAUSES, FINDINGS}):
            # A card says it; that part of the archive was not read, no card does.
            said = self.case.headline.partition(" Beware: ")[2] if view == CAUSES else ""
            said = said and f"Beware: {said}"
        size = "headline" if self.hidden else "said"
        return f'<p class="eku-{size}" role="status" aria-live="polite">{safe(said)}</p>'

    def _body(self, view: str) -> str:
        if view == STATES:
            found = states_table(self.case, hidden=self.hidden)
            return table(found.map(shown), "What the files show, and what handshakes say")
        if view == TIMELINE and not self.hidden:
            found = case_tables.timeline_table(self.case.timeline)
            events = table(events_table(found).map(shown), "Events that matter, in UTC")
            return timeline_svg(found, _LETTERS) + events
        if view == DEPLOYMENT:
            return self._deployment()
        return paragraphs([REVEAL], strong=True) if self.hidden else self._one(view)

    def _one(self, view: str) -> str:
        """Return the cause, finding or card of the plan that is shown."""
        if view == TO_DO:
            return self._plan()[self.steps.place - 1].html
        if not self._count():
            return paragraphs([f"No {_STEPS[view].lower()}."], strong=True)
        if view == FINDINGS:
            return room_finding(self.case.findings[self.steps.place - 1])
        if self._applied and self.explorer is not None:
            return str(self.explorer.tried.value)
        return room_cause(self.case.causes[self.steps.place - 1], among=self.case.causes)

    def _deployment(self) -> str:
        if self.hidden and self.explorer is None:
            return self._to_predict() + paragraphs([REVEAL], strong=True)
        try:
            explorer = self._explored()
        except InputError as error:
            return paragraphs([str(error)], strong=True)
        left, right = _beside(explorer)
        waiting = w.HTML(page(paragraphs([REVEAL], strong=True)))
        self._toggled.children = (left, waiting if self.hidden else right)
        return ""

    def _to_predict(self) -> str:
        """Return the picture of the deployment without a state, "" when nothing is known of it."""
        if self.case.deployment is None:
            return ""
        return topology_svg(self.case.deployment, essential(self.case.predicted), hidden=True)

    def paper(self) -> str:
        """Return the case as its redacted report tells it: a hand-out is passed on."""
        lines = paragraphs([self.case.headline], strong=True) + paragraphs([HIDDEN])
        dated = redacted(self._real).dated(case_dates(self._real))
        return page(lines, *map(section_html, sections(self.case, dated)))


def states_table(case: Case, *, hidden: bool = False) -> pd.DataFrame:
    """Return observed against predicted states for a room; columns STATE_COLUMNS, dtype object.

    With `hidden` nothing of what is predicted is in it.
    """
    found = case_tables.states_table(case)
    where = [(seen, place[0]) if place else seen
             for seen, place in zip(found["Observed"], found["Where"], strict=True)]  # fmt: skip
    found = found.assign(Observed=pd.Series(where, dtype=object, index=found.index))
    if hidden:
        found = found.assign(Predicted=PREDICT, Agree=PREDICT, Why=PREDICT)
    return found[list(STATE_COLUMNS)].astype(object)


def events_table(timeline: pd.DataFrame) -> pd.DataFrame:
    """Return a timeline table in the columns that fit a screen, EVENT_COLUMNS; dtype object."""
    rows = [
        (row.Time, row.Node, row.Event, (row.From, row.To), (row.Detail, row.Where))
        for row in timeline.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=list(EVENT_COLUMNS), dtype=object)


def _beside(explorer: CaseExplorer) -> tuple[w.Widget, w.Widget]:
    """Return the explorer's controls, and beside them its states, picture and evidence."""
    parts = explorer.parts
    left = w.VBox([explorer.controls], layout=w.Layout(flex="0 0 17em", width="17em"))
    right = w.VBox(
        [parts["summary"], explorer.shown, parts["topology"], explorer.reset, explorer.tried,
         explorer.tabs, explorer.notes],
        layout=w.Layout(flex="1 1 30em", min_width="0"),
    )  # fmt: skip
    explorer.framed = [explorer, right]
    return left, right
