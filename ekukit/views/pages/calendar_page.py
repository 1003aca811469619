"""The renewal calendar: as a page for a notebook, and as a section of a case."""

import datetime as dt
from collections.abc import Sequence

from ekukit.planning.lead_times import LeadTimes
from ekukit.renewals.case_dates import DatedCase
from ekukit.renewals.certificate_dates import CertificateDates
from ekukit.renewals.dark_rows import lead_note, validity_words
from ekukit.renewals.dark_words import beside_figure, headline, in_sight
from ekukit.renewals.worst_first import stops_among
from ekukit.views.figures.dark_figure import dark_svg
from ekukit.views.html import page, paragraphs, table
from ekukit.views.pages.document import Grid, Section, Words
from ekukit.views.tables.dark_table import dark_table, source_table

_MOST_ROWS = 100
BREAKS = "What breaks when"
NO_CERTIFICATE = "No certificate of a node was read, so no day can be told."
_CAPTION = "Certificates from {:%d %b %Y} on, worst first"
_SOURCES = "When the CAs stop clientAuth"


def calendar_html(
    rows: Sequence[CertificateDates],
    on: dt.date,
    leads: LeadTimes = LeadTimes(),  # noqa: B008 - frozen
    notes: Sequence[str] = (),
) -> str:
    """Return the calendar of certificates, which are in order, from a day on.

    `leads` are the days that remedies take.
    """
    stops = stops_among(rows)
    more = len(rows) - _MOST_ROWS
    return page(
        dark_svg(rows, on),
        paragraphs([beside_figure(rows, on, leads)], strong=True),
        table(dark_table(rows[:_MOST_ROWS], on, leads), _CAPTION.format(on)),
        paragraphs([f"and {more:,} more certificates"] if more > 0 else []),
        table(source_table(stops), _SOURCES) if stops else "",
        paragraphs([*validity_words(rows, on), lead_note(rows, leads), *notes]),
    )


def calendar_section(dated: DatedCase, leads: LeadTimes = LeadTimes()) -> Section:  # noqa: B008
    """Return what breaks when as a section of a case, of which the title says it in one line."""
    rows, on = dated.rows, dated.on
    if not rows:
        return Section("calendar", f"{BREAKS}: not told", (Words((NO_CERTIFICATE,)),))
    more = len(rows) - _MOST_ROWS
    left_out = (f"and {more:,} more certificates",) if more > 0 else ()
    stops = stops_among(rows)
    return Section(
        "calendar",
        f"{BREAKS}: {in_sight(rows, on, leads)}",
        (
            Words((headline(rows, on, leads),), strong=True),
            Grid(dark_table(rows[:_MOST_ROWS], on, leads), _CAPTION.format(on),
                 lambda _frame: dark_svg(rows, on)),
            *((Grid(source_table(stops), _SOURCES),) if stops else ()),
            Words((*left_out, *validity_words(rows, on), lead_note(rows, leads), *dated.notes)),
        ),
    )  # fmt: skip
