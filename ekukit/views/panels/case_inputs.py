"""Where a case is given: an upload, paths, pasted text, and the switch that hides names."""

import ipywidgets as w

from ekukit.views.panels.case_given import GivenCase

KEPT = "hidden; it is kept, and comes back with the names"
_WIDE = w.Layout(width="100%", max_width="900px")
_LABELS = {"description_width": "initial"}


class CaseInputs(w.VBox):  # type: ignore[misc]
    """One row of controls; paths and pasted text are folded while there is a case."""

    def __init__(self, given: GivenCase) -> None:
        """Show what is given already."""
        self.paths = _area("Paths, one a line", "/path/to/archive.tar.gz")
        self.pasted = _area(
            "Pasted text", "the SSH tunnels page, lines of the log, or what openssl printed"
        )
        self.upload = w.FileUpload(
            multiple=True, description="Upload, up to 50 MB", layout=w.Layout(width="200px")
        )
        self.upload.add_class("eku-upload")
        self.more = w.ToggleButton(
            value=not given.everything, description="Paths and pasted text",
            layout=w.Layout(width="auto"),
        )  # fmt: skip
        self.start = w.Button(description="Investigate", button_style="primary",
                              layout=w.Layout(width="auto"))  # fmt: skip
        self.hide = w.Checkbox(description="Hide names", indent=False,
                               layout=w.Layout(width="auto"))  # fmt: skip
        self.progress = w.IntProgress(min=0, max=1, layout=w.Layout(width="160px", display="none"))
        self._folded = w.VBox([self.paths, self.pasted])
        self.more.observe(lambda _change: self._open(), names="value")
        self.tell(given, hidden=False)
        self._open()
        row = [self.upload, self.more, self.start, self.hide, self.progress]
        super().__init__([w.HBox(row, layout=w.Layout(flex_flow="row wrap")), self._folded])

    def tell(self, given: GivenCase, *, hidden: bool) -> None:
        """Show what is given, or with `hidden` nothing of it, and let nobody change it."""
        for area, text in ((self.paths, given.paths), (self.pasted, given.pasted)):
            area.value, area.disabled = "" if hidden else text, hidden
            area.placeholder = KEPT if hidden else area.tooltip
        self.upload.disabled = hidden

    def _open(self) -> None:
        self._folded.layout.display = None if self.more.value else "none"


def _area(label: str, hint: str) -> w.Textarea:
    return w.Textarea(
        description=label, placeholder=hint, tooltip=hint, rows=2, layout=_WIDE, style=_LABELS
    )
