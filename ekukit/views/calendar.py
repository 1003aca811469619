"""The calendar of the sunset: one table and one figure, conflicting dates visible."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO

import pandas as pd

from ekukit.facts import CalendarDate, calendar
from ekukit.views.html import safe

COLUMNS = ("Date", "Who", "What", "Source", "As of", "Counts")


def calendar_table(dates: Sequence[CalendarDate] | None = None) -> pd.DataFrame:
    """Return all dates, earliest first; columns COLUMNS, dtype object.

    "Counts" says "yes", or "no: another source decides" where sources conflict.
    """
    rows = [
        (
            row.words,
            row.subject,
            row.event,
            row.source,
            row.as_of.isoformat(),
            "yes" if row.decides else "no: another source decides",
        )
        for row in (calendar() if dates is None else dates)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def calendar_svg() -> str:
    """Return the dates as a figure: a line per subject, filled where a date counts.

    A conflict shows as hollow marks on the same line. Drawn by matplotlib, labeled for readers.
    """
    from matplotlib.figure import Figure

    rows = calendar()
    subjects = list(dict.fromkeys(row.subject for row in rows))
    figure = Figure(figsize=(11, 0.55 * len(subjects) + 1.2), layout="constrained")
    axes = figure.add_subplot()
    for row in rows:
        y = -subjects.index(row.subject)
        fill = "#22384f" if row.decides else "white"
        axes.plot([_day(row)], [y], "o", ms=11, mfc=fill, mec="#22384f", mew=2)
        axes.annotate(
            row.event, (_day(row), y), xytext=(0, 9), textcoords="offset points", fontsize=8,
            ha="center", rotation=0,
        )  # fmt: skip
    axes.set_yticks([-place for place in range(len(subjects))], subjects, fontsize=12)
    axes.set_ylim(-len(subjects) + 0.4, 0.8)
    axes.grid(axis="x", color="#cccccc")
    axes.set_title("Filled: the date that counts. Hollow: what another source says.", loc="left")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    stream = BytesIO()
    figure.savefig(stream, format="svg")
    drawing = stream.getvalue().decode("utf-8")
    return _labeled(drawing[drawing.index("<svg") :], rows)


def _day(row: CalendarDate) -> float:
    from matplotlib.dates import date2num

    return float(date2num(dt.datetime.combine(row.date, dt.time())))  # type: ignore[no-untyped-call]


def _labeled(drawing: str, rows: Sequence[CalendarDate]) -> str:
    spoken = "; ".join(
        f"{row.words}: {row.subject}, {row.event}{'' if row.decides else ' (another source)'}"
        for row in rows
    )
    return drawing.replace(
        "<svg ", f'<svg role="img" aria-label="{safe(spoken)}" style="max-width:100%" ', 1
    )
