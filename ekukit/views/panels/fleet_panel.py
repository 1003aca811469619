"""The panel of a fleet: filter and sort the cases, look into one, save what is shown."""

import datetime as dt
from typing import TYPE_CHECKING

import ipywidgets as w
import pandas as pd

from ekukit.fleets.fleet_diary import fleet_diary
from ekukit.fleets.fleet_tables import STATES, FleetTables, split
from ekukit.fleets.fleet_words import fleet_headline
from ekukit.fleets.handed_fleet import given_fleet, tables_at
from ekukit.fleets.hidden_fleet import hidden
from ekukit.views.download import download_link
from ekukit.views.figures.dark_months import months_svg
from ekukit.views.html import page, paragraphs
from ekukit.views.pages.fleet_page import OF_DATES, case_html, cases_html, counts_html, fleet_html
from ekukit.views.panels.controls import dropdown
from ekukit.views.panels.stage import bar, button
from ekukit.views.static_copy import OnPaper
from ekukit.views.tables.fleet_frames import STATE_SIGNS

if TYPE_CHECKING:
    from os import PathLike

ALL = "all"
_PAGE = 15
# What is sorted by, each with its columns of FleetTables.cases; None is worst first.
SORTS: dict[str, str | None] = {
    "worst first": None, "dark day": "dark_day", "act by": "act_by", "name": "case",
}  # fmt: skip


class FleetPanel(OnPaper, w.VBox):  # type: ignore[misc]
    """A fleet for whoever must decide: months, counts, cases to filter and sort, one case whole.

    `fleet` is what `ekukit.fleet` returns or a table's path, without one that which the shell
    handed on. With `hide` ticked nothing but pseudonyms is sent to the browser; a fleet that was
    handed on redacted has no other names. `shown` are the cases by filter and order. Parts carry
    the classes eku-fleet-headline, -cases and -case.
    """

    def __init__(self, fleet: "FleetTables | str | PathLike[str] | None" = None) -> None:
        """Show the fleet; raises InputError for a table that cannot be read, or when none is."""
        tables, redacted, on = _given(fleet)
        self._real, self._hidden, self.on = tables, tables if redacted else None, on
        self.hide = w.Checkbox(description="Hide names", value=redacted, disabled=redacted,
                               indent=False, layout=w.Layout(width="auto"))  # fmt: skip
        self.state = dropdown(
            "State", [("all", ALL), *((f"{STATE_SIGNS[s]} {s}", s) for s in STATES)]
        )
        self.issuer = dropdown("Issuing CA", _options(self._real, "cas"))
        self.release = dropdown("Release", _options(self._real, "releases"))
        self.sort = dropdown("Sort by", [(name, name) for name in SORTS])
        self.search = w.Text(description="Name", placeholder="part of it", continuous_update=False,
                             style={"description_width": "initial"},
                             layout=w.Layout(width="270px"))  # fmt: skip
        self.back, self.more = (
            button("Back", lambda: self._turn(-1)),
            button("More", lambda: self._turn(1)),
        )
        self.case = dropdown("Case", [("", "")])
        self.save = button("Make CSV and calendar of what is shown", self._save)
        names = ("headline", "cases", "case", "saved")
        self.parts = {name: w.HTML() for name in names}
        for name, part in self.parts.items():
            part.add_class(f"eku-fleet-{name}")
        self._from = 0
        self._cases: dict[bool, pd.DataFrame] = {}
        for control in (self.hide, self.state, self.issuer, self.release, self.sort, self.search):
            control.observe(lambda _change: self._filter(), names="value")
        self.case.observe(lambda _change: self._look(), names="value")
        super().__init__([
            bar(self.state, self.issuer, self.release, self.search, self.hide),
            self.parts["headline"], bar(self.sort, self.back, self.more), self.parts["cases"],
            bar(self.case), self.parts["case"], bar(self.save), self.parts["saved"],
        ])  # fmt: skip
        self.add_class("eku-fleet")
        self._filter()

    @property
    def tables(self) -> FleetTables:
        """Return the tables that may be shown now."""
        if not self.hide.value:
            return self._real
        self._hidden = self._hidden or hidden(self._real)
        return self._hidden

    @property
    def shown(self) -> pd.DataFrame:
        """Return the cases that pass the filter, in order; columns those of FleetTables.cases."""
        hide = bool(self.hide.value)
        if hide not in self._cases:
            self._cases[hide] = self.tables.cases()
        found = self._cases[hide]
        for control, column in ((self.issuer, "cas"), (self.release, "releases")):
            if control.value != ALL:
                found = found[[control.value in split(cell) for cell in found[column]]]
        if self.state.value != ALL:
            found = found[found["state"] == self.state.value]
        if self.search.value.strip():
            wanted = self.search.value.strip().lower()
            found = found[[wanted in str(case).lower() for case in found["case"]]]
        by = SORTS[self.sort.value]
        return found.sort_values(by, kind="stable") if by else found

    def _filter(self) -> None:
        self._from = 0
        self.parts["saved"].value = ""
        self._draw()

    def _turn(self, way: int) -> None:
        self._from = max(0, self._from + way * _PAGE)
        self._draw()

    def _draw(self) -> None:
        found, tables = self.shown, self.tables
        own = tables.of(found["case"])
        self._from = min(self._from, max(len(found) - 1, 0) // _PAGE * _PAGE)
        end = min(self._from + _PAGE, len(found))
        self.back.disabled, self.more.disabled = not self._from, end >= len(found)
        self.parts["headline"].value = page(
            paragraphs([fleet_headline(found, self.on)], strong=True),
            months_svg(own.months(), self.on), counts_html(own),
        )  # fmt: skip
        part = found.iloc[self._from : end]
        where = f"{self._from + 1 if len(found) else 0}-{end} of {len(found):,}"
        caption = f"Cases {where}, {self.sort.value}, seen from {self.on:%d %b %Y}"
        self.parts["cases"].value = page(
            cases_html(part, self.on, caption, _PAGE), paragraphs([OF_DATES])
        )
        chosen = self.case.value
        names = list(part["case"])
        self.case.options = [(name, name) for name in names] or [("", "")]
        self.case.value = chosen if chosen in names else self.case.options[0][1]
        self._look()

    def _look(self) -> None:
        name = self.case.value
        self.parts["case"].value = case_html(self.tables, name) if name else ""

    def _save(self) -> None:
        from ekukit.fleets.fleet_columns import ROW_COLUMNS, dtypes
        from ekukit.frames import csv_of

        own = self.tables.of(self.shown["case"])
        names = "under pseudonyms" if self.hide.value else "with all names"
        self.parts["saved"].value = page(
            download_link(
                csv_of(own.rows, dtypes(ROW_COLUMNS)), "fleet.csv", f"the nodes, {names}"
            ),
            download_link(fleet_diary(own.causes, self.on), "fleet.ics", f"the dark days, {names}"),
        )

    def paper(self) -> str:
        """Return the fleet as figure and tables."""
        return fleet_html(self.tables, self.on)


def _given(
    fleet: "FleetTables | str | PathLike[str] | None",
) -> tuple[FleetTables, bool, dt.date]:
    on = getattr(fleet, "on", None) or dt.datetime.now(dt.UTC).date()
    if fleet is None:
        handed = given_fleet()
        return handed.tables(), handed.redact, on
    tables = getattr(fleet, "tables", fleet)
    return (tables if isinstance(tables, FleetTables) else tables_at(tables)), False, on


def _options(tables: FleetTables, column: str) -> list[tuple[str, str]]:
    names = {one for cell in tables.cases()[column] for one in split(cell)}
    return [(ALL, ALL), *((name, name) for name in sorted(names))]
