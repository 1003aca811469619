"""A fleet that shows itself: as tables and figure, CSV, iCalendar, JSON, or in one line."""

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ekukit.errors import InputError
from ekukit.fleets.fleet_columns import ROW_COLUMNS, dtypes
from ekukit.fleets.fleet_notes import NamelessNote
from ekukit.fleets.fleet_tables import STATES, FleetTables
from ekukit.frames import csv_of
from ekukit.nearest import nearest
from ekukit.printable import escaped, visible

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Fleet:
    """Many archives at once: which cases have something down, which go dark, when, and why.

    A notebook shows it worst first, with a figure of what goes dark by month. `frame` has a row for
    each node and case, `causes` one for each cause, `runs` what each case took; their columns stand
    in `ekukit.fleets.fleet_columns`, and in the metadata of the file at `path`. `on` is the day by
    which it is shown.
    """

    tables: FleetTables
    path: Path
    on: dt.date
    notes: tuple[str, ...] = ()

    @property
    def frame(self) -> "pd.DataFrame":
        """Return a row for each node and case, by case; columns ROW_COLUMNS."""
        return self.tables.rows

    @property
    def causes(self) -> "pd.DataFrame":
        """Return a row for each cause of now, and each renewal that loses clientAuth."""
        return self.tables.causes

    @property
    def runs(self) -> "pd.DataFrame":
        """Return seconds, bytes, tries and memory of each case; columns RUN_COLUMNS."""
        return self.tables.runs

    @property
    def cases(self) -> "pd.DataFrame":
        """Return a row for each case, worst first; columns CASE_COLUMNS."""
        return self.tables.cases()

    @property
    def months(self) -> "pd.DataFrame":
        """Return how many cases lose which service in which month; columns MONTH_COLUMNS."""
        return self.tables.months()

    def by(self, what: str) -> "pd.DataFrame":
        """Return counts by "issuer" (a CA of the calendar) or "release"; columns COUNT_COLUMNS.

        Raises InputError for another word.
        """
        columns = {"issuer": "cas", "release": "releases"}
        if what not in columns:
            msg = f"{what!r} is unknown; use one of: {', '.join(columns)}"
            raise InputError(msg + nearest(what, columns))
        return self.tables.counts(columns[what])

    def of(self, *cases: str) -> "Fleet":
        """Return the fleet of these cases alone; raises InputError for one that it has not."""
        known = set(self.frame["case"])
        for case in cases:
            if case not in known:
                msg = f"{visible(case)!r} is no case of this fleet"
                raise InputError(msg + nearest(case, known))
        return replace(self, tables=self.tables.of(cases))

    def hidden(self) -> "Fleet":
        """Return the fleet under pseudonyms, with nothing but what is known to be harmless."""
        from ekukit.fleets.hidden_fleet import hidden

        told = tuple(note for note in self.notes if isinstance(note, NamelessNote))
        return replace(self, tables=hidden(self.tables), path=Path("fleet.parquet"), notes=told)

    @property
    def headline(self) -> str:
        """Return in words how many cases are down, go dark, and could not be read."""
        from ekukit.fleets.fleet_words import fleet_headline

        return fleet_headline(self.cases, self.on)

    def csv(self) -> bytes:
        """Return the frame as CSV in UTF-8; no cell is taken for a formula."""
        return csv_of(self.frame, dtypes(ROW_COLUMNS))

    def ics(self) -> bytes:
        """Return the renewals by which something goes down as an iCalendar file."""
        from ekukit.fleets.fleet_diary import fleet_diary

        return fleet_diary(self.causes, self.on)

    def json(self) -> str:
        """Return what `ekukit fleet --json` prints."""
        states = self.cases["state"]
        told = {
            "headline": self.headline,
            "path": str(self.path),
            "cases": len(states),
            "states": {state: int((states == state).sum()) for state in STATES},
            "months": _records(self.months),
            "by_issuer": _records(self.by("issuer")),
            "by_release": _records(self.by("release")),
            "worst_first": _records(self.cases),
            "notes": list(self.notes),
        }
        return escaped(json.dumps(told, indent=2, ensure_ascii=False))

    def __repr__(self) -> str:
        """Return the headline in one line."""
        return f"<Fleet: {visible(self.headline)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.pages.fleet_page import fleet_html

        return fleet_html(self.tables, self.on, self.notes)


def _records(frame: "pd.DataFrame") -> list[dict[str, object]]:
    return [{str(name): _plain(value) for name, value in row.items()}
            for row in frame.to_dict("records")]  # fmt: skip


def _plain(value: object) -> object:
    import pandas as pd

    if value is pd.NA or value is pd.NaT:
        return None
    return value.date().isoformat() if isinstance(value, dt.datetime) else value
