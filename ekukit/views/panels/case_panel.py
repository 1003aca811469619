"""The panel of a case: give an archive, read what is wrong, then try what is to do."""

from os import PathLike
from typing import Any

import ipywidgets as w

from ekukit import archive
from ekukit.archive import Archive
from ekukit.causes import CauseCard
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError
from ekukit.expressway import Role
from ekukit.privacy.passed_on import Redacted, redacted
from ekukit.renewals.case_dates import case_dates
from ekukit.views.html import page, paragraphs, safe
from ekukit.views.pages.case_sections import PARTS, headline_html, sections
from ekukit.views.pages.document import section_html
from ekukit.views.pages.report import report_body
from ekukit.views.panels.case_explorer import CaseExplorer
from ekukit.views.panels.case_given import (
    GivenCase,
    GivenList,
    given_files,
    keep_for,
    kept_for,
    this_cell,
)
from ekukit.views.panels.case_inputs import CaseInputs
from ekukit.views.panels.case_reports import CaseReports
from ekukit.views.panels.cause_trials import CaseCauses
from ekukit.views.panels.controls import dropdown
from ekukit.views.panels.what_to_do import CasePlan
from ekukit.views.static_copy import OnPaper

UNSAID = "What was given cannot be read. Take the tick from Hide names to see why."
NOTHING = "Nothing was given: name a path, upload a file, or paste lines; then click Investigate."
REPLACED = "The sample {} was taken out: an upload replaces it."
AGAIN = "Kept from the last run of this cell. Take it out to start anew."
_ROLES = (("as the configuration says", ""), *((role.value, role) for role in Role))

_ABOVE = "What is wrong stands above. Change something, and what is wrong then stands here."


class CasePanel(OnPaper, w.VBox):  # type: ignore[misc]
    """What is investigated above; what is wrong, and what to do, below; all else folded.

    `paths` are investigated at once; an upload is, too, and replaces a sample. `case` is the last
    one, None before the first. Parts carry the classes "eku-headline" and "eku-" with each of
    PARTS; `said` tells of what could not be used. With `hide` ticked everything that the browser
    is sent is redacted as a report is, and what was given is taken out of its controls; `case`
    stays the real one. Uploads stay in memory, where a cell that runs again finds them; nothing
    leaves the machine, nothing is written.
    """

    def __init__(self, *paths: str | PathLike[str]) -> None:
        """Show the panel; with paths, the case that they hold."""
        self.case: Case | None = None
        self._hidden: Redacted | None = None
        self._cell = this_cell(*map(str, paths))
        kept = kept_for(self._cell)
        self._given = kept or GivenCase("\n".join(map(str, paths)))
        self._make_inputs()
        self._make_parts()
        headline_, *folded = self.parts.values()
        super().__init__(
            [
                self._inputs,
                self._role_box,
                self.said,
                self.given,
                headline_,
                self.causes,
                self._after,
                *folded,
            ]
        )  # fmt: skip
        self.add_class("eku-case")
        if self._given.everything:
            self.investigate()
            if kept:
                self.said.value = page(paragraphs([AGAIN]))

    def _make_inputs(self) -> None:
        made = self._inputs = CaseInputs(self._given)
        self.paths, self.pasted, self.upload = made.paths, made.pasted, made.upload
        self.start, self.hide, self.progress = made.start, made.hide, made.progress
        self.roles: dict[str, w.Dropdown] = {}
        self._role_box = w.VBox()
        self.upload.observe(self._uploaded, names="value")
        self.start.on_click(lambda _button: self.investigate())
        self.hide.observe(lambda change: self._turn(hidden=change["new"]), names="value")

    def _make_parts(self) -> None:
        self.said = w.HTML()
        self.said.add_class("eku-said")
        self.given = GivenList(self._take_out)
        self.parts = {name: w.HTML() for name in ("headline", *PARTS) if name != "causes"}
        for name, part in self.parts.items():
            part.add_class(f"eku-{name}")
        self.causes = CaseCauses(self._try)
        self.reports = CaseReports(lambda: self.case, self._say)
        self.report, self.open_report = self.reports.redacted, self.reports.named
        self.toggle = w.Button(
            description="Toggle the customer's own deployment",
            layout=w.Layout(width="auto", align_self="flex-start"),
        )
        self.toggle.on_click(lambda _button: self._toggle())
        self._explorer_box = w.VBox()
        self.plan = CasePlan(lambda: self._shown)
        self._after = w.VBox(
            [self.plan, self.toggle, self._explorer_box, self.reports],
            layout=w.Layout(display="none"),
        )

    def paper(self) -> str:
        """Return the case as its redacted report tells it: a hand-out is passed on."""
        if self.case is None:
            return page(paragraphs(["In the notebook, an archive can be given here."]))
        return page(report_body(self.case))

    def investigate(self) -> None:
        """Read what is given and show what is wrong; what cannot be used is said, not raised."""
        self.said.value = ""
        self._clear()
        try:
            told = self._taken()
            found = self._opened()
            roles = {host: control.value for host, control in self.roles.items() if control.value}
            self.case = investigate(found, roles=roles, pasted=self._given.pasted)
            self.progress.value = self.progress.max
            self.progress.layout.display = "none"
            self._show(self.case)
            keep_for(self._cell, self._given)
            self.said.value = page(paragraphs(told)) if told and not self.hide.value else ""
        except InputError as error:
            self._say(UNSAID if self.hide.value else str(error))

    def _uploaded(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.investigate()

    def _taken(self) -> list[str]:
        """Take what stands in the controls; return what became of it in sentences."""
        if not self.hide.value:
            self._given.paths, self._given.pasted = self.paths.value, self.pasted.value
        files, self.upload.value = self.upload.value, ()
        replaced = self._given.upload(files)
        if not self.hide.value:
            self.paths.value = self._given.paths
        return [REPLACED.format(name) for name in replaced]

    def _take_out(self, name: str) -> None:
        self._given.take_out(name)
        if not self.hide.value:
            self.paths.value, self.pasted.value = self._given.paths, self._given.pasted
        self.investigate()

    def _turn(self, *, hidden: bool) -> None:
        """Take what names a customer out of every control, or put it back."""
        if hidden:
            self._given.paths, self._given.pasted = self.paths.value, self.pasted.value
        self._inputs.tell(self._given, hidden=hidden)
        self.open_report.disabled = hidden
        self.said.value = self.reports.saved.value = ""
        self._explorer_box.children = ()
        self.plan.clear()
        self._hidden = None
        if self.case is not None:
            self._show(self.case)

    @property
    def _shown(self) -> Case | None:
        """Return the case that the browser may be sent."""
        if self.case is not None and self.hide.value:
            self._hidden = self._hidden or redacted(self.case)
            return self._hidden.case
        return self.case

    def _clear(self) -> None:
        self.case = self._hidden = None
        for part in (*self.parts.values(), self.reports.saved):
            part.value = ""
        self.given.children = self._explorer_box.children = ()
        self.causes.clear()
        self.plan.clear()
        self._after.layout.display = "none"

    def _opened(self) -> Archive:
        if self._given.everything:
            return archive.open(*self._given.everything, progress=self._step)
        if self._given.pasted.strip():
            return archive.empty_archive()
        raise InputError(NOTHING)

    def _step(self, done: int, total: int, name: str) -> None:
        self.progress.layout.display = None
        self.progress.max, self.progress.value = max(total, 1), done
        told = "a file" if self.hide.value else name
        self.said.value = page(paragraphs([f"reading {told}"]))

    def _say(self, text: str) -> None:
        self.said.value = page(f'<p class="eku-summary" role="alert">✗ {safe(text)}</p>')

    def _show(self, case: Case) -> None:
        self.said.value = ""
        shown = self._shown or case
        files = given_files(self._given, case)
        self.given.show(files, shown, hidden=self.hide.value)
        self.parts["headline"].value = page(headline_html(shown))
        dated = self._hidden.dated(case_dates(case)) if self._hidden else case_dates(case)
        for section in sections(shown, dated):
            if section.name in self.parts:
                self.parts[section.name].value = page(section_html(section))
        self.causes.show(shown)
        self._offer_roles(case)
        self._after.layout.display = ""
        self.toggle.disabled = case.deployment is None

    def _offer_roles(self, case: Case) -> None:
        """Ask for the role of each node of which the configuration does not say it."""
        for node, told in zip(case.nodes, (self._shown or case).nodes, strict=True):
            if node.role is None and node.host not in self.roles:
                self.roles[node.host] = dropdown("", _ROLES)
                self.roles[node.host].observe(lambda _change: self.investigate(), names="value")
            if node.host in self.roles:
                self.roles[node.host].description = f"Role of {told.host}"
        self._role_box.children = tuple(self.roles.values())

    def _toggle(self) -> None:
        if self._shown is None:
            return
        try:
            aside = _ABOVE if self._shown.causes else ""
            self._explorer_box.children = (CaseExplorer(self._shown, aside=aside),)
        except InputError as error:
            self._say(str(error))

    def _try(self, *cards: CauseCard) -> None:
        """Put right on the rebuilt deployment what the cards say, and show what comes of it."""
        if self.explorer is None:
            self._toggle()
        if self.explorer is not None:
            self.explorer.try_out(*self.causes.remedies(*cards))

    @property
    def explorer(self) -> CaseExplorer | None:
        """Return the explorer of the customer's own deployment, None before it was opened."""
        return next(iter(self._explorer_box.children), None)
