"""The calendar as a figure: how long each CA issues clientAuth, and what drives it."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from textwrap import fill
from typing import TYPE_CHECKING

from ekukit.facts import STOPS, Status, calendar, deciding, issuers, last_day
from ekukit.facts.calendar import BY_REQUEST, LIMIT, CalendarDate, default_end
from ekukit.views.html import safe

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _PALE, _WARM = "#22384f", "#c9d6e4", "#a33b12"
_START, _END = dt.date(2025, 7, 1), dt.date(2030, 6, 1)
# Labels beside an axis are broken at this length, so that the axis keeps its width.
_LONGEST = 26
_STYLE = "max-width:100%;height:auto;background:white"


def calendar_svg() -> str:
    """Return the calendar as two panels: a bar for each CA, and marks for what others decide.

    A bar is full while clientAuth comes unasked and hatched while it must be asked for. Where
    sources conflict, the others are hollow marks. Drawn by matplotlib, labeled for readers.
    """
    from matplotlib.figure import Figure

    names, steps = issuers(), _steps()
    figure = Figure(figsize=(12, 0.55 * (len(names) + len(steps)) + 3.2), layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=[len(names) + 1.6, len(steps) + 0.6])
    for place, name in enumerate(names):
        _bar(upper, -place, name)
    upper.set_title("How long does a public CA issue clientAuth?", loc="left", fontsize=15)
    for place, rows in enumerate(steps.values()):
        _marks(lower, -place, rows)
    lower.set_title("What else changes, and when?", loc="left", fontsize=15)
    _frame(upper, names, _END)
    upper.set_ylim(-len(names) - 0.9, 0.6)
    _key(upper)
    _frame(lower, tuple(steps), _END)
    stream = BytesIO()
    figure.savefig(stream, format="svg")
    drawing = stream.getvalue().decode("utf-8")
    return _labeled(drawing[drawing.index("<svg") :], calendar())


def _bar(axes: "Axes", y: int, name: str) -> None:
    last, default = deciding(name, STOPS), default_end(name)
    full = default.date if default else (last.date if last else _START)
    axes.barh(y, full - _START, left=_START, height=0.5, color=_INK)  # type: ignore[arg-type]
    if default and last:
        axes.barh(
            y, last.date - full, left=full, height=0.5, color=_PALE, edgecolor=_INK, hatch="//"  # type: ignore[arg-type]
        )  # fmt: skip
    others = [r for r in calendar() if (r.subject, r.event) == (name, STOPS) and not r.decides]
    for row in others:
        axes.plot([row.date], [y], "o", ms=10, mfc="white", mec=_WARM, mew=2)  # type: ignore[arg-type]
    ends = [row.date for row in (last, *others) if row] or [full]
    words = f"until {last_day(name)}" if last else "after that: no source says"
    words += f"\nothers: stops {', '.join(row.words for row in others)}" if others else ""
    _words(axes, max(ends), y, words)


def _marks(axes: "Axes", y: int, rows: Sequence[CalendarDate]) -> None:
    for row in rows:
        fill, edge = (_INK, _INK) if row.decides else ("white", _WARM)
        axes.plot([row.date], [y], "D", ms=10, mfc=fill, mec=edge, mew=2)  # type: ignore[arg-type]
    limits = [row for row in rows if row.event.startswith(LIMIT)]
    for row in limits:
        assumed = "" if row.status is Status.DOCUMENTED else " (assumed)"
        _words(axes, row.date, y, f"{row.event.removeprefix(LIMIT)}{assumed}\n{row.words}")
    if not limits:
        said = [row.words for row in rows if row.decides]
        said += [f"other: {row.words}" for row in rows if not row.decides]
        _words(axes, rows[-1].date, y, "; ".join(said))


def _words(axes: "Axes", day: dt.date, y: int, text: str) -> None:
    axes.annotate(
        text, (day, y), xytext=(12, 0), textcoords="offset points", fontsize=12, va="center"
    )  # fmt: skip


def _steps() -> dict[str, list[CalendarDate]]:
    """Return the dates that no bar shows, in rows by who and what."""
    rows: dict[str, list[CalendarDate]] = {}
    for row in sorted(calendar(), key=lambda row: row.subject):
        if row.event in (STOPS, *BY_REQUEST):
            continue
        event = LIMIT.strip() if row.event.startswith(LIMIT) else row.event
        rows.setdefault(f"{row.subject}: {event}", []).append(row)
    return rows


def _key(axes: "Axes") -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Patch(color=_INK, label="clientAuth comes unasked"),
        Patch(facecolor=_PALE, edgecolor=_INK, hatch="//", label="only when asked for"),
        Line2D([], [], marker="o", ls="", ms=10, mfc="white", mec=_WARM, mew=2,
               label="other: a source that does not decide"),
    ]  # fmt: skip
    axes.legend(handles=handles, loc="lower right", ncols=3, fontsize=12, framealpha=1)


def _frame(axes: "Axes", labels: Sequence[str], end: dt.date) -> None:
    from matplotlib.dates import DateFormatter, MonthLocator

    axes.xaxis.set_major_locator(MonthLocator(bymonth=(1, 7)))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%b %Y"))  # type: ignore[no-untyped-call]
    shown = [fill(label, _LONGEST) for label in labels]
    axes.set_yticks([-place for place in range(len(labels))], shown, fontsize=13)
    axes.set_ylim(-len(labels) + 0.4, 0.6)
    axes.set_xlim(_START, end)  # type: ignore[arg-type]
    axes.tick_params(axis="x", labelsize=12, labelbottom=True)
    axes.grid(axis="x", color="#cccccc")
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


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
