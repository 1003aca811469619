"""A fleet for a notebook or a room: headline, months, counts, the worst cases, one case whole."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from ekukit.fleets.fleet_notes import more_cases
from ekukit.fleets.fleet_tables import FleetTables
from ekukit.fleets.fleet_words import fleet_headline
from ekukit.views.figures.dark_months import months_svg
from ekukit.views.html import page, paragraphs, table
from ekukit.views.tables.fleet_frames import (
    case_frame,
    cause_frame,
    count_frame,
    node_frame,
)

_MOST_ROWS = 25
OF_DATES = (
    "Down now: in the archive, at its own time. Dark day: the first renewal without clientAuth by "
    "which something goes down, as the calendar of CAs has it. Act by: less the lead time of the "
    "plan that mends it."
)


def fleet_html(tables: FleetTables, on: dt.date, notes: Sequence[str] = ()) -> str:
    """Return a fleet by a day: the figure, counts by issuer and release, the worst cases."""
    cases = tables.cases()
    return page(
        paragraphs([fleet_headline(cases, on)], strong=True),
        months_svg(tables.months(), on),
        counts_html(tables),
        cases_html(cases, on, f"Cases, worst first, seen from {on:%d %b %Y}"),
        paragraphs([OF_DATES, *notes]),
    )


def counts_html(tables: FleetTables) -> str:
    """Return the counts by issuer and by release beside each other."""
    pairs = (("issuer", "cas", "By issuing CA"), ("release", "releases", "By release"))
    told = "".join(
        f"<div>{table(count_frame(tables.counts(column), what), caption)}</div>"
        for what, column, caption in pairs
    )
    return f'<div class="eku-pair eku-counts">{told}</div>'


def cases_html(cases: pd.DataFrame, on: dt.date, caption: str, most: int = _MOST_ROWS) -> str:
    """Return cases in the order given, of many the first, and how many more there are."""
    more = more_cases(len(cases) - most)
    return table(case_frame(cases.head(most), on), caption) + paragraphs([more] if more else [])


def case_html(tables: FleetTables, case: str) -> str:
    """Return one case whole: its sentence, nodes, causes and renewals."""
    own = tables.of([case])
    rows, causes = own.rows, own.causes
    said = [str(text) for text in rows["headline"].dropna().unique()]
    said += [str(text) for text in rows["error"].dropna().unique()]
    return page(
        paragraphs(said, strong=True),
        table(node_frame(rows), f"{case}: its nodes"),
        table(cause_frame(causes), f"{case}: causes, and what a renewal will bring"),
    )
