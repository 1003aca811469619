"""A panel for one certificate: its CA and day of issue, and what follows for clientAuth."""

import datetime as dt

import ipywidgets as w
import pandas as pd

from ekukit.facts import issuance, issuers, latest_renewal, longest
from ekukit.frames import frame_of
from ekukit.views.html import page, table
from ekukit.views.panels.controls import dropdown
from ekukit.views.static_copy import OnPaper

COLUMNS = ("Question", "Answer")


def renewal_rows(subject: str, issued: dt.date) -> pd.DataFrame:
    """Return what the calendar says of a CA and a day of issue; columns COLUMNS, dtype object."""
    end, limit = latest_renewal(issued, subject), longest(issued, subject)
    rows = [
        (f"Does {subject} issue clientAuth on {issued:%d %b %Y}?", issuance(subject, issued).value),
        (
            "How long may a certificate of that day be valid?",
            limit.words,
        ),
        ("When must it be renewed at the latest?", f"{end:%d %b %Y}"),
        (f"Does {subject} issue clientAuth on that day?", issuance(subject, end).value),
        (
            "How many certificates a year does that take?",
            f"{limit.per_year} at least; from {end:%b %Y} on {longest(end, subject).per_year}",
        ),
    ]
    return frame_of(rows, COLUMNS)


class RenewalPanel(OnPaper, w.VBox):  # type: ignore[misc]
    """Choose a CA and a day of issue; the calendar answers in a table."""

    def __init__(self, subject: str = "DigiCert", issued: str = "2026-11-25") -> None:
        """Show the answer for a CA and an ISO date."""
        self.subject = dropdown("CA", issuers(), subject)
        self.issued = w.DatePicker(
            description="Issued on", value=dt.date.fromisoformat(issued),
            style={"description_width": "initial"},
        )  # fmt: skip
        self.shown = w.HTML()
        for control in (self.subject, self.issued):
            control.observe(lambda _change: self._draw(), names="value")
        super().__init__([w.HBox([self.subject, self.issued]), self.shown])
        self._draw()

    def paper(self) -> str:
        """Return the answer that is shown now."""
        return str(self.shown.value)

    def _draw(self) -> None:
        issued = self.issued.value
        if issued is None:
            self.shown.value = page("<p>Choose a day of issue.</p>")
            return
        found = renewal_rows(self.subject.value, issued)
        self.shown.value = page(table(found, "By the dates that count"))
