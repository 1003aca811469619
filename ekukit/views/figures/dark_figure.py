"""The renewal calendar as a figure: the first dark day is seen from across a room."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ekukit.causes.system_words import listed
from ekukit.printable import visible
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.worst_first import (
    dark_already,
    first_dark_day,
    first_untold_day,
    titles,
    untold_already,
)
from ekukit.views.figures.drawn import SETTINGS, svg_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _GOOD, _DARK, _WARM, _PALE = "#1f2328", "#2f6f4f", "#8a1010", "#f2b134", "#c9d6e4"
_MOST_ROWS, _LONGEST, _FEW = 12, 34, 2
_MONTH = dt.timedelta(days=31)
_SHORTEST = dt.timedelta(days=180)


def dark_svg(rows: Sequence[CertificateDates], on: dt.date) -> str:
    """Return the calendar as SVG with a spoken label: a bar for each certificate, worst first.

    A bar is green while there is clientAuth and dark and hatched from the renewal that loses it;
    a thin line reaches to the latest day of other sources; a diamond is the CA's last day. Of many
    rows the worst are drawn and the others counted.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    shown = list(rows[:_MOST_ROWS])
    end = _end(shown, on)
    with rc_context(SETTINGS):
        figure = Figure(figsize=(13, 0.62 * len(shown) + 3.6), layout="constrained")
        axes = figure.add_subplot()
        for place, row in enumerate(shown):
            _bar(axes, -place, row, (on, end))
        _headline(axes, rows, on)
        _frame(axes, shown, (on, end), len(rows) - len(shown))
        return svg_of(figure, _spoken(rows, on), "100%")


def _end(rows: Sequence[CertificateDates], on: dt.date) -> dt.date:
    days = [day for row in rows if row.lapse is Lapse.LOST
            for day in (row.gone.decided, row.gone.latest) if day]  # fmt: skip
    last = max((*days, on + _SHORTEST))
    return last + (last - on) // 4 + _MONTH


def _bar(axes: "Axes", y: int, row: CertificateDates, ends: tuple[dt.date, dt.date]) -> None:
    on, end = ends
    draw: Any = axes
    gone = on if row.lacks_it else (row.gone.decided or end)
    gone = min(max(gone, on), end)
    harmless = row.lacks_it and not row.down
    draw.barh(y, gone - on, left=on, height=0.5, color=_GOOD)
    look = {"color": _PALE} if harmless else {
        "facecolor": _DARK, "edgecolor": "white", "hatch": "//" if row.down else "--", "alpha": 0.9,
    }  # fmt: skip
    if not row.down and row.lapse is Lapse.LOST:
        look["facecolor"] = "#8a8f98"
    draw.barh(y, end - gone, left=gone, height=0.5, **look)
    latest = row.gone.latest
    if latest and row.gone.decided and latest > row.gone.decided:
        draw.plot([row.gone.decided, latest], [y, y], color=_WARM, lw=5, solid_capstyle="butt")
    last = row.last_issue.decided
    if last and on <= last <= end:
        draw.plot([last], [y], "D", ms=11, mfc="white", mec=_INK, mew=2, zorder=5)


def _headline(axes: "Axes", rows: Sequence[CertificateDates], on: dt.date) -> None:
    draw: Any = axes
    day, already = first_dark_day(rows), dark_already(rows)
    due = [row for row in rows if day and row.dark and row.gone.decided == day]
    words = []
    if already:
        words.append("DARK ALREADY")
    if day is not None:
        draw.axvline(day, color=_DARK, lw=5, zorder=4)
        words.append(f"{'NEXT' if already else 'FIRST DARK DAY'}  {day:%d %b %Y}")
    untold = first_untold_day(rows) if not words else None
    if untold is not None:
        draw.axvline(untold, color=_DARK, lw=5, zorder=4)
        words.append(f"CLIENTAUTH GONE  {untold:%d %b %Y}")
    missing = bool(untold_already(rows)) and not words
    if missing:
        words.append("CLIENTAUTH MISSING ALREADY")
    title, color = (", ".join(words), _DARK) if words else ("NO DARK DAY KNOWN", _GOOD)
    figure: Any = axes.figure
    figure.suptitle(title, x=0.01, ha="left", fontsize=38, fontweight="bold", color=color)
    told = listed(titles(name for row in due or already for name in row.down or ()), most=_FEW)
    when = f" on {day:%d %b %Y}" if day else ""
    under = f"down{when}: {told}" if told else f"from {on:%d %b %Y} on"
    under = "what goes down is not told for sure" if untold or missing else under
    draw.set_title(under, loc="left", fontsize=19, color=_INK, pad=12)


def _frame(
    axes: "Axes", rows: Sequence[CertificateDates], ends: tuple[dt.date, dt.date], more: int
) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    draw: Any = axes
    locator = AutoDateLocator(minticks=4, maxticks=9)  # type: ignore[no-untyped-call]
    draw.xaxis.set_major_locator(locator)
    draw.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    draw.set_yticks([-place for place in range(len(rows))], list(map(_label, rows)), fontsize=14)
    draw.set_ylim(-len(rows) + 0.4, 0.6)
    draw.set_xlim(*ends)
    draw.tick_params(axis="x", labelsize=14)
    for side in ("top", "right", "left"):
        draw.spines[side].set_visible(False)
    handles = [
        Patch(color=_GOOD, label="has clientAuth"),
        Patch(facecolor=_DARK, edgecolor="white", hatch="//", label="without: something is down"),
        Patch(facecolor="#8a8f98", edgecolor="white", hatch="--", label="without: nothing known"),
        Line2D([], [], marker="D", ls="", ms=10, mfc="white", mec=_INK, mew=2,
               label="the CA's last day with it"),
        Line2D([], [], color=_WARM, lw=5, label="other sources: later"),
    ]  # fmt: skip
    title = f"and {more:,} more certificates, none worse" if more else None
    figure: Any = axes.figure
    figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=13,
                  frameon=False, title=title)  # fmt: skip


def _label(row: CertificateDates) -> str:
    first = row.holders[0] if row.holders else None
    side = row.where[0].removesuffix(first.host).strip() if first else ""
    host = visible(first.host if first else row.shown.name)
    host = host if len(host) <= _LONGEST else f"{host[: _LONGEST - 1]}…"
    # A dollar sign begins a formula for the library that draws.
    return (f"{host}\n{side}" if side else host).replace("$", r"\$")


def _spoken(rows: Sequence[CertificateDates], on: dt.date) -> str:
    told = [f"From {on:%d %b %Y} on"]
    day = first_dark_day(rows)
    told.append(f"first dark day to come {day:%d %b %Y}" if day else "no dark day to come is known")
    for row in rows[:_MOST_ROWS]:
        what = row.gone.words if row.lapse is Lapse.LOST else row.lapse.value
        told.append(f"{_label(row)}: clientAuth {what}".replace("\n", " "))
    return "; ".join(told)
