"""The renewal calendar for a notebook: headline, figure, table, sources."""

import datetime as dt
from collections.abc import Sequence

from ekukit.renewals.certificate_dates import CertificateDates
from ekukit.renewals.worst_first import beside_figure
from ekukit.views.figures.dark_figure import dark_svg
from ekukit.views.html import page, paragraphs, table
from ekukit.views.tables.dark_table import dark_table, source_table, validity_words

_MOST_ROWS = 100
LEAD = "No source tells how long a remedy takes: {lead} days are counted before a dark day."


def calendar_html(
    rows: Sequence[CertificateDates], on: dt.date, lead: int = 0, notes: Sequence[str] = ()
) -> str:
    """Return the calendar of certificates, which are in order, from a day on.

    `lead` is how many days somebody needs to act.
    """
    stops = sorted(dict.fromkeys(s for row in rows for s in row.stops), key=lambda s: not s.decides)
    more = len(rows) - _MOST_ROWS
    caption = f"Certificates from {on:%d %b %Y} on, worst first"
    return page(
        dark_svg(rows, on),
        paragraphs([beside_figure(rows, on, lead)], strong=True),
        table(dark_table(rows[:_MOST_ROWS], on, lead), caption),
        paragraphs([f"and {more:,} more certificates"] if more > 0 else []),
        table(source_table(stops), "When the CAs stop clientAuth") if stops else "",
        paragraphs([validity_words(on), LEAD.format(lead=lead), *notes]),
    )
