"""Draw how the time of reading a log grows with its size, from the rows of scale.py --json.

Usage: python benchmarks/chart.py ROWS.json CHART.svg
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

LINES = {
    "stamps": ("rg -c of the time", "#6b7280", ":"),
    "needles": ("rg, the words of the table", "#6b7280", "--"),
    "index": ("index of all records", "#1f6feb", "-"),
    "evidence": ("evidence", "#b45309", "-"),
    "table": ("table of all records", "#15803d", "-"),
}


def figure(rows: list[dict[str, float]]) -> Figure:
    """Return the chart: both axes in powers of ten, so that linear growth is a straight line."""
    mpl.rcParams["svg.hashsalt"] = "ekukit"
    made = Figure(figsize=(10, 4.6), layout="constrained")
    for place, dense in enumerate((False, True)):
        axes = made.add_subplot(1, 2, place + 1)
        own = sorted((row for row in rows if row["dense"] == dense), key=lambda r: r["megabytes"])
        sizes = [row["megabytes"] for row in own]
        for name, (label, color, style) in LINES.items():
            axes.plot(sizes, [row[name] for row in own], style, color=color, marker="o",
                      markersize=4, label=label)  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel="MB of log", ylabel="seconds of the processor",
                 title="dense: 340 bytes a record" if dense else "720 bytes a record")  # fmt: skip
        axes.grid(visible=True, color="#d1d5db", linewidth=0.6)
        axes.legend(fontsize=8)
    return made


def main() -> None:
    """Write the chart."""
    rows = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    figure(rows).savefig(sys.argv[2], metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
