"""The renewal calendar for a notebook: headline, figure, table, sources."""

import datetime as dt
from collections.abc import Sequence

from ekukit.planning.lead_times import LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates
from ekukit.renewals.worst_first import beside_figure
from ekukit.views.figures.dark_figure import dark_svg
from ekukit.views.html import page, paragraphs, table
from ekukit.views.tables.dark_table import dark_table, lead_note, source_table, validity_words

_MOST_ROWS = 100


def calendar_html(
    rows: Sequence[CertificateDates],
    on: dt.date,
    leads: LeadTimes = LeadTimes(),  # noqa: B008 - frozen
    notes: Sequence[str] = (),
) -> str:
    """Return the calendar of certificates, which are in order, from a day on.

    `leads` are the days that remedies take.
    """
    stops = sorted(dict.fromkeys(s for row in rows for s in row.stops), key=lambda s: not s.decides)
    more = len(rows) - _MOST_ROWS
    caption = f"Certificates from {on:%d %b %Y} on, worst first"
    return page(
        dark_svg(rows, on),
        paragraphs([beside_figure(rows, on, leads)], strong=True),
        table(dark_table(rows[:_MOST_ROWS], on, leads), caption),
        paragraphs([f"and {more:,} more certificates"] if more > 0 else []),
        table(source_table(stops), "When the CAs stop clientAuth") if stops else "",
        paragraphs([validity_words(on), lead_note(rows, leads), *notes]),
    )
