"""The timeline of a case as a figure: a line for each kind of event, a shape for each node."""

from typing import Any

import pandas as pd

from ekukit.printable import visible
from ekukit.views.figures.drawn import SETTINGS, svg_of

_SHAPES = ("o", "s", "^", "D", "P", "v", "X", "*")
_INK = "#22384f"
# More kinds of events or nodes than these share the last line or shape.
_MOST_LINES, _MOST_NODES = 14, len(_SHAPES)
_LONGEST = 46
_SMALL = 11
_OTHER = "other events"


def timeline_svg(table: pd.DataFrame, size: int = _SMALL) -> str:
    """Return the events of a timeline table as an SVG string with a spoken label, "" without any.

    Reads the columns "Time" (UTC), "Node" and "Event"; rows without a time are left out. Nodes
    differ by shape, events by their line, so that it can be printed in black and white. `size` is
    that of its letters in points, on a drawing 12 inches wide.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    longest = _LONGEST * _SMALL // size
    events = table[["Time", "Node", "Event"]].dropna(subset="Time")
    events = events.assign(**{
        name: events[name].map(lambda text: _short(text, longest)) for name in ("Node", "Event")
    })  # fmt: skip
    rows: list[Any] = list(events.itertuples(index=False))
    if not rows:
        return ""
    counted = pd.Series([row.Event for row in rows]).value_counts()
    lines = [str(line) for line in counted.index[:_MOST_LINES]]
    lines += [_OTHER] if len(counted) > _MOST_LINES else []
    nodes = list(dict.fromkeys(row.Node for row in rows))
    with rc_context(SETTINGS):
        figure = Figure(
            figsize=(12, (0.42 * len(lines) + 1.6) * size / _SMALL), layout="constrained"
        )
        _draw(figure.add_subplot(), rows, (lines, nodes), size)
        return svg_of(figure, _spoken(rows, lines))


def _draw(axes: Any, rows: list[Any], labels: tuple[list[str], list[str]], size: int) -> None:  # noqa: ANN401
    lines, nodes = labels
    places = {line: -place for place, line in enumerate(lines)}
    last = -(len(lines) - 1)
    for number, node in enumerate(nodes):
        found = [row for row in rows if row.Node == node]
        axes.plot(
            [row.Time.to_pydatetime() for row in found],
            [places.get(row.Event, last) for row in found],
            _SHAPES[min(number, _MOST_NODES - 1)],
            ms=9, mfc="none" if number % 2 else _INK, mec=_INK, mew=1.8,
            # matplotlib leaves out labels that begin with an underscore.
            label=(node or "no node named") if not node.startswith("_") else f" {node}",
        )  # fmt: skip
    first, last_time = min(row.Time for row in rows), max(row.Time for row in rows)
    room = max((last_time - first) / 20, pd.Timedelta(seconds=2))
    axes.set_xlim((first - room).to_pydatetime(), (last_time + room).to_pydatetime())
    axes.set_yticks(list(places.values()), lines, fontsize=size, parse_math=False)
    axes.set_ylim(last - 0.7, 0.7)
    # Large letters would run into one another side by side.
    axes.tick_params(axis="x", labelsize=size, rotation=0 if size == _SMALL else 25)
    axes.set_xlabel(f"time, UTC ({first:%d %b %Y})", fontsize=size)
    axes.grid(color="#cccccc")
    legend = axes.legend(
        loc="upper left", bbox_to_anchor=(1, 1), fontsize=size, title="Node", title_fontsize=size
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _short(text: object, longest: int) -> str:
    """Return a label that a drawing can hold, control characters spelled out."""
    shown = " ".join(visible(str(text), keep="\t\n").split())
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _spoken(rows: list[Any], lines: list[str]) -> str:
    first, last = min(row.Time for row in rows), max(row.Time for row in rows)
    return (
        f"{len(rows)} events from {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC: "
        f"{'; '.join(lines)}. The table after the figure says the same."
    )
