"""The panel of a case: give an archive, read what is wrong, then toggle what was found."""

from base64 import b64encode
from os import PathLike
from typing import Any

import ipywidgets as w

from ekukit import archive
from ekukit.archive import Archive, InMemory
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError
from ekukit.expressway import Role
from ekukit.privacy.passed_on import redacted
from ekukit.views.html import page, paragraphs, safe
from ekukit.views.pages.case_sections import PARTS, headline, sections
from ekukit.views.pages.document import section_html
from ekukit.views.pages.report import make_report
from ekukit.views.panels.case_explorer import CaseExplorer
from ekukit.views.panels.controls import dropdown
from ekukit.views.static_copy import OnPaper

MOST_UPLOADED = 50 << 20
TOO_LARGE = (
    "{size:.0f} MB were uploaded; through the browser at most 50 MB can be given. Copy the file "
    "to this machine and give its path instead, which can have any size."
)
UNSAID = "What was given cannot be read. Take the tick from Hide names to see why."
KEPT = "hidden; it is kept, and comes back with the names"
NOTHING = "Nothing was given: name a path, upload a file, or paste lines; then click Investigate."
_ROLES = (("as the configuration says", ""), *((role.value, role) for role in Role))
_WIDE = w.Layout(width="100%", max_width="900px")
_LABELS = {"description_width": "initial"}


class CasePanel(OnPaper, w.VBox):  # type: ignore[misc]
    """Paths, an upload or pasted text above; what is wrong, with evidence, below.

    `paths` are investigated at once. `case` is the last one, None before the first. Parts carry
    the classes "eku-headline" and "eku-" with each of PARTS; `said` tells of what could not be
    used. With `hide` ticked everything that the browser is sent is redacted as a report is, and
    what was given is taken out of its controls; `case` stays the real one. Uploads stay in memory;
    nothing leaves the machine, nothing is written.
    """

    def __init__(self, *paths: str | PathLike[str]) -> None:
        """Show the panel; with paths, the case that they hold."""
        self.case: Case | None = None
        self._hidden: Case | None = None
        self._kept: tuple[str, str] = ("", "")
        self._uploads: tuple[dict[str, Any], ...] = ()
        self.paths = _area(
            "Paths, one a line", "/path/to/archive.tar.gz", "\n".join(map(str, paths))
        )
        self.upload = w.FileUpload(
            multiple=True, description="Upload, up to 50 MB", layout=w.Layout(width="240px")
        )
        self.upload.add_class("eku-upload")
        self.pasted = _area("Pasted text", "the SSH tunnels page, or a few lines of the log", "")
        self.roles: dict[str, w.Dropdown] = {}
        self._role_box = w.VBox()
        self.start = _button("Investigate", "primary")
        self.hide = w.Checkbox(description="Hide names", indent=False,
                               layout=w.Layout(width="auto"))  # fmt: skip
        self.progress = w.IntProgress(min=0, max=1, layout=w.Layout(width="240px"))
        self.said = w.HTML()
        self.said.add_class("eku-said")
        self.parts = {name: w.HTML() for name in ("headline", *PARTS)}
        for name, part in self.parts.items():
            part.add_class(f"eku-{name}")
        self.report = _button("Make a report, redacted")
        self.open_report = _button("Make a report with all names")
        self.saved = w.HTML()
        self.toggle = _button("Toggle the customer's own deployment")
        self._explorer_box = w.VBox()
        self._after = w.VBox([w.HBox([self.report, self.open_report]), self.saved, self.toggle,
                              self._explorer_box], layout=w.Layout(display="none"))  # fmt: skip
        super().__init__(self._laid_out())
        self._listen()
        self.add_class("eku-case")
        if paths:
            self.investigate()

    def _laid_out(self) -> list[w.Widget]:
        given = [self.paths, self.upload, self.pasted, self._role_box]
        buttons = w.HBox([self.start, self.hide, self.progress])
        return [*given, buttons, self.said, *self.parts.values(), self._after]

    def _listen(self) -> None:
        self.start.on_click(lambda _button: self.investigate())
        self.report.on_click(lambda _button: self._report(redact=True))
        self.open_report.on_click(lambda _button: self._report(redact=False))
        self.toggle.on_click(lambda _button: self._toggle())
        self.hide.observe(lambda change: self._turn(hidden=change["new"]), names="value")

    def paper(self) -> str:
        """Return the case as its redacted report tells it: a hand-out is passed on."""
        if self.case is None:
            return page(paragraphs(["In the notebook, an archive can be given here."]))
        report = make_report(self.case, "html").text
        told = report.partition("<main")[2].partition(">")[2].partition("</main>")[0]
        return page(told.replace("<h1>", "<h2>").replace("</h1>", "</h2>"))

    def investigate(self) -> None:
        """Read what is given and show what is wrong; what cannot be used is said, not raised."""
        self.said.value = ""
        self._clear()
        try:
            found = self._opened()
            roles = {host: control.value for host, control in self.roles.items() if control.value}
            self.case = investigate(found, roles=roles, pasted=self._given()[1])
            self.progress.value = self.progress.max
            self._show(self.case)
        except InputError as error:
            self._say(UNSAID if self.hide.value else str(error))

    def _turn(self, *, hidden: bool) -> None:
        """Take what names a customer out of every control, or put it back."""
        if hidden:
            self._kept = (self.paths.value, self.pasted.value)
            self._uploads = self.upload.value or self._uploads
            self.upload.value = ()
        for area, text in zip((self.paths, self.pasted), self._kept, strict=True):
            area.value, area.disabled = "" if hidden else text, hidden
            area.placeholder = KEPT if hidden else ""
        self.upload.disabled = self.open_report.disabled = hidden
        self.said.value = self.saved.value = ""
        self._explorer_box.children = ()
        self._hidden = None
        if self.case is not None:
            self._show(self.case)

    def _given(self) -> tuple[str, str]:
        """Return the paths and the pasted text, whether they are shown or not."""
        return self._kept if self.hide.value else (self.paths.value, self.pasted.value)

    @property
    def _shown(self) -> Case | None:
        """Return the case that the browser may be sent."""
        if self.case is not None and self.hide.value:
            self._hidden = self._hidden or redacted(self.case).case
            return self._hidden
        return self.case

    def _clear(self) -> None:
        self.case = self._hidden = None
        for part in (*self.parts.values(), self.saved):
            part.value = ""
        self._explorer_box.children = ()
        self._after.layout.display = "none"

    def _opened(self) -> Archive:
        given: list[str | InMemory] = list(map(str.strip, self._given()[0].splitlines()))
        given = [path for path in given if path]
        uploads: tuple[dict[str, Any], ...] = self.upload.value or self._uploads
        size = sum(int(file["size"]) for file in uploads)
        if size > MOST_UPLOADED:
            raise InputError(TOO_LARGE.format(size=size / (1 << 20)))
        given += [InMemory(str(file["name"]), bytes(file["content"])) for file in uploads]
        if given:
            return archive.open(*given, progress=self._step)
        if self._given()[1].strip():
            return archive.empty_archive()
        raise InputError(NOTHING)

    def _step(self, done: int, total: int, name: str) -> None:
        self.progress.max, self.progress.value = max(total, 1), done
        told = "a file" if self.hide.value else name
        self.said.value = page(paragraphs([f"reading {told}"]))

    def _say(self, text: str) -> None:
        self.said.value = page(f'<p class="eku-summary" role="alert">✗ {safe(text)}</p>')

    def _show(self, case: Case) -> None:
        self.said.value = ""
        shown = self._shown or case
        sentence, nodes = headline(shown)
        self.parts["headline"].value = page(
            f'<p class="eku-summary" role="status"><strong>{safe(sentence)}</strong></p>',
            paragraphs([nodes]),
        )
        for section in sections(shown):
            self.parts[section.name].value = page(section_html(section))
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
            self._explorer_box.children = (CaseExplorer(self._shown),)
        except InputError as error:
            self._say(str(error))

    @property
    def explorer(self) -> CaseExplorer | None:
        """Return the explorer of the customer's own deployment, None before it was opened."""
        return next(iter(self._explorer_box.children), None)

    def _report(self, *, redact: bool) -> None:
        """Offer the case as a page and as Markdown, made in memory."""
        if self.case is None:
            return
        links = []
        for ending in ("html", "md"):
            try:
                text = make_report(self.case, ending, redact=redact or self.hide.value).text
            except InputError as error:
                self._say(str(error))
                return
            data = b64encode(text.encode("utf-8", "replace")).decode("ascii")
            links.append(
                f'<a download="case.{ending}" '
                f'href="data:application/octet-stream;base64,{data}">Save case.{ending}</a>'
            )
        names = "redacted" if redact else "with all names: pass it on only to those who know them"
        self.saved.value = page(f"<p>{' · '.join(links)} ({names})</p>")


def _area(label: str, hint: str, value: str) -> w.Textarea:
    return w.Textarea(
        description=label, placeholder=hint, value=value, rows=2, layout=_WIDE, style=_LABELS
    )


def _button(label: str, style: str = "") -> w.Button:
    return w.Button(description=label, button_style=style, layout=w.Layout(width="auto"))
