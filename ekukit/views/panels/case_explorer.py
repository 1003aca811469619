"""A customer's own deployment to toggle: the explorer's panel over a rebuilt deployment."""

from collections.abc import Callable, Iterable

import ipywidgets as w

from ekukit.connections import Engine, Outcome
from ekukit.connections.outcome import undecided
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.planned_case import confirmed, start_of_nodes
from ekukit.diagnosis.rebuild.given_deployment import STAND_IN, Place, judge
from ekukit.diagnosis.rebuild.stand_ins import stand_ins
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Store
from ekukit.expressway.commandline import CHECKING_MODE
from ekukit.lab import capture
from ekukit.views.html import page, paragraphs
from ekukit.views.pages.deployment_states import ladder_html
from ekukit.views.pages.node_logs import logs_html
from ekukit.views.panels.case_controls import CaseControls
from ekukit.views.panels.case_trial import Remedy, trial_html, with_remedies
from ekukit.views.panels.explorer import DeploymentPanel
from ekukit.views.panels.what_to_do import plan_html

_FROM_RULES = (
    "OpenSSL could not be asked about some of these certificates, so their states come from the "
    "rules."
)
_NO_RECORD = "The lab cannot make this handshake: {}"
# What libraries raise at a stranger's values when a stand-in is made of them.
_UNMAKEABLE = (InputError, ValueError, TypeError, OverflowError)


class CaseExplorer(DeploymentPanel):
    """The deployment of a case under controls that change it; real handshakes with stand-ins.

    Shows zone, tunnels and services between Core and Edge. What depends on something unknown is
    Unknown. Where the lab cannot make a certificate the rules answer, and the panel says so.
    What was toggled or tried is framed, with the states before (`archived`) and after.
    Raises InputError when the case has no deployment; a change of a control raises nothing.
    """

    def __init__(self, case: Case, *, aside: str = "") -> None:
        """Show the deployment as the archive says it; `aside` then stands instead of its causes."""
        if case.deployment is None:
            told = "; ".join(case.unknown) or "nothing of Core and Edge is in the files"
            msg = f"the deployment cannot be rebuilt ({told}); give the archives of both nodes"
            raise InputError(msg)
        self.notes, self.tried = w.HTML(), w.HTML()
        self.notes.add_class("eku-notes")
        self.reset = w.Button(
            description="Reset: back to the archive",
            layout=w.Layout(width="auto", align_self="flex-start", display="none"),
        )
        self.reset.on_click(lambda _button: self.take_back())
        self._unknown, self._aside = case.unknown, aside
        self._remedies: tuple[Remedy, ...] = ()
        self.archived: tuple[Outcome, ...] = ()
        self._waiting = False
        # Called after each change, for whoever hides what came of it.
        self.told: Callable[[], None] = lambda: None
        # Whoever shows parts of it elsewhere adds what is to be framed there.
        self.framed: list[w.Widget] = [self]
        controls = CaseControls(case, case.deployment, self.refresh)
        super().__init__(controls, self.notes)
        below: tuple[w.Widget, ...] = self.children  # type: ignore[has-type]
        self.children = (self.tried, self.reset, *below)
        self.refresh()

    def refresh(self) -> None:
        """Make the handshakes of what the controls say, and show what came of them."""
        if self._waiting:
            return
        made = [with_remedies(one, self._remedies) for one in self.controls.deployments]
        each = [(one, judge(one, _known(one))) for one in made]
        outcomes = either([found for _one, found in each])
        by_rules = any(found.engine is Engine.RULES for found in outcomes if found.initiator)
        lines = [STAND_IN, *([_FROM_RULES] if by_rules else [])]
        lines += [f"Unknown: {said}" for said in self._unknown if said != STAND_IN]
        self.notes.value = page(paragraphs(lines))
        self.archived = self.archived or outcomes
        self._mark(outcomes)
        self.show(each[0][0], outcomes)
        self.told()

    def try_out(self, *remedies: Remedy) -> None:
        """Put right what the remedies name, and nothing else, and show what comes of it."""
        self._remedies = remedies
        self._as_archived()

    def take_back(self) -> None:
        """Show the deployment as the archive says it."""
        self._remedies = ()
        self._as_archived()

    def _as_archived(self) -> None:
        self._waiting = True
        self.controls.reset()
        self._waiting = False
        self.refresh()

    def _mark(self, outcomes: tuple[Outcome, ...]) -> None:
        """Put what is tried into a frame that nobody takes for the customer's."""
        changes = [*((r.words, "", "") for r in self._remedies), *self.controls.changes]
        self.aside = "" if changes else self._aside
        self.reset.layout.display = None if changes else "none"
        self.tried.value = page(trial_html(changes, self.archived, outcomes)) if changes else ""
        for framed in self.framed:
            (framed.add_class if changes else framed.remove_class)("eku-tried")

    def planned(self, wishes: tuple[str, ...]) -> str:
        """Return what to do so that everything between the nodes works; `wishes` are not needed."""
        del wishes
        return plan_html(start_of_nodes(self.deployment, self._unknown), confirm=confirmed)

    def ladder(self, name: str) -> str:
        """Return the ladders of a connection, or why the lab cannot make them."""
        try:
            return ladder_html(stand_ins(self.deployment), name)
        except _UNMAKEABLE as error:
            return paragraphs([_NO_RECORD.format(error)])

    def log(self, name: str) -> str:
        """Return the logs of a connection, or why the lab cannot make its handshake."""
        try:
            return logs_html(stand_ins(self.deployment), name)
        except _UNMAKEABLE as error:
            return paragraphs([_NO_RECORD.format(error)])

    def recorded(self) -> bytes:
        """Return a capture of the handshakes; of none where the lab cannot make one."""
        try:
            return capture(stand_ins(self.deployment))
        except _UNMAKEABLE:
            return capture(self.deployment, names=())


def _known(deployment: Deployment) -> Iterable[Place]:
    """Yield the stores of whose certificate something is known; an old release has one store."""
    for node in (*deployment.core, *deployment.edge):
        for kind in Store:
            if node.store(kind).certificate is not None:
                yield node.role, kind


def either(found: list[tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
    """Return the outcomes that several possibilities share; where they differ, Unknown."""
    first, *others = found
    merged = []
    for place, outcome in enumerate(first):
        states = {outcome.state, *(other[place].state for other in others)}
        merged.append(outcome if len(states) == 1 else _open(outcome, others[-1][place]))
    return tuple(merged)


def _open(one: Outcome, other: Outcome) -> Outcome:
    return undecided(
        (one, other),
        why="The EKU checking mode is not in the archive, and it decides.",
        check="not known: the mode decides",
        todo=f"On Edge: {CHECKING_MODE}",
    )
