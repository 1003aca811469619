"""The buttons that make a report of a case, and the links by which it is saved."""

from base64 import b64encode
from collections.abc import Callable

import ipywidgets as w

from ekukit.diagnosis.case import Case
from ekukit.errors import InputError
from ekukit.views.html import page
from ekukit.views.pages.report import make_report

_ENDINGS = ("html", "md")


class CaseReports(w.VBox):  # type: ignore[misc]
    """Two buttons and what they made, in memory; `refused` is told what cannot be made."""

    def __init__(self, case: Callable[[], Case | None], refused: Callable[[str], None]) -> None:
        """Offer reports of whatever case there is on a click."""
        self._case, self._refused = case, refused
        self.redacted = _button("Make a report, redacted")
        self.named = _button("Make a report with all names")
        self.saved = w.HTML()
        self.redacted.on_click(lambda _button: self._make(redact=True))
        self.named.on_click(lambda _button: self._make(redact=False))
        super().__init__(
            [w.HBox([self.redacted, self.named], layout=w.Layout(flex_flow="row wrap")), self.saved]
        )

    def _make(self, *, redact: bool) -> None:
        case = self._case()
        if case is None:
            return
        # While names are hidden the other button is disabled; a click may still be on its way.
        redact = redact or self.named.disabled
        try:
            texts = {ending: make_report(case, ending, redact=redact).text for ending in _ENDINGS}
        except InputError as error:
            self._refused(str(error))
            return
        links = " · ".join(_link(ending, text) for ending, text in texts.items())
        names = "redacted" if redact else "with all names: pass it on only to those who know them"
        self.saved.value = page(f"<p>{links} ({names})</p>")


def _link(ending: str, text: str) -> str:
    data = b64encode(text.encode("utf-8", "replace")).decode("ascii")
    return (
        f'<a download="case.{ending}" '
        f'href="data:application/octet-stream;base64,{data}">Save case.{ending}</a>'
    )


def _button(label: str) -> w.Button:
    return w.Button(description=label, layout=w.Layout(width="auto"))
