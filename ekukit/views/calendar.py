"""The calendar of the sunset: one table and one figure, conflicting dates visible."""

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


# A shape for each kind of event, by the words that its text holds; shapes survive black and white.
_SHAPES = (
    ("last day for clientAuth", "o", "last day for clientAuth"),
    ("serverAuth-only by default", "s", "serverAuth-only by default"),
    ("serverAuth-only", "^", "browser policy: serverAuth-only"),
    ("maximum validity", "D", "shorter maximum validity (200, 100, 47 days)"),
    ("", "P", "release, or change of a profile"),
)
_INK = "#22384f"
_STYLE = "max-width:100%;height:auto;background:white"


def calendar_svg() -> str:
    """Return the dates as a figure: a line per subject, filled where a date counts.

    A conflict shows as hollow marks on the same line. Drawn by matplotlib, labeled for readers.
    """
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    rows = calendar()
    subjects = list(dict.fromkeys(row.subject for row in rows))
    figure = Figure(figsize=(12, 0.72 * len(subjects) + 2.2), layout="constrained")
    axes = figure.add_subplot()
    for row in rows:
        y = -subjects.index(row.subject)
        fill = _INK if row.decides else "white"
        axes.plot([row.date], [y], _shape(row), ms=12, mfc=fill, mec=_INK, mew=2)  # type: ignore[arg-type]
        axes.annotate(
            row.words, (row.date, y), xytext=(2, 10 if row.decides else -26),
            textcoords="offset points", fontsize=10,
            rotation=20,
        )  # fmt: skip
    axes.set_yticks([-place for place in range(len(subjects))], subjects, fontsize=13)
    axes.set_ylim(-len(subjects) + 0.4, 0.9)
    axes.tick_params(axis="x", labelsize=12)
    axes.grid(color="#cccccc")
    marks = [
        Line2D([], [], marker=shape, ls="", ms=11, color=_INK, label=words)
        for _found, shape, words in _SHAPES
    ]
    marks.append(
        Line2D([], [], marker="o", ls="", ms=11, mfc="white", mec=_INK, mew=2,
               label="hollow: another source, which does not decide")
    )  # fmt: skip
    figure.legend(handles=marks, loc="outside lower center", ncols=2, fontsize=12)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    stream = BytesIO()
    figure.savefig(stream, format="svg")
    drawing = stream.getvalue().decode("utf-8")
    return _labeled(drawing[drawing.index("<svg") :], rows)


def _shape(row: CalendarDate) -> str:
    return next(shape for words, shape, _label in _SHAPES if words in row.event)


def _labeled(drawing: str, rows: Sequence[CalendarDate]) -> str:
    spoken = "; ".join(
        f"{row.words}: {row.subject}, {row.event}{'' if row.decides else ' (another source)'}"
        for row in rows
    )
    return drawing.replace(
        "<svg ",
        f'<svg role="img" aria-label="{safe(spoken)}" style="{_STYLE}" ',
        1,
    )
