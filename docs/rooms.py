"""Draws the rooms and the arrows between them, from the imports: `python docs/rooms.py`.

Every arrow goes down. An arrow that follows from others is left out: a room that may import from
the one below may import from all below that.
"""

from itertools import pairwise
from pathlib import Path

import grimp

PICTURE = Path(__file__).with_name("rooms.svg")
PACKAGE = PICTURE.parents[1] / "ekukit"
_WIDTH, _HEIGHT, _GAP, _ROW, _BEND, _EDGE = 124, 34, 28, 72, 24, 16
_STYLE = "font-family:system-ui,'DejaVu Sans',sans-serif;font-size:15px"
_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"
  role="img" style="{style}">
<title>The rooms of ekukit and what they import from</title>
<desc>{said}.</desc>
<defs><marker id="tip" viewBox="0 0 8 8" refX="3" refY="4" markerWidth="8" markerHeight="8"
  orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
<g fill="none" stroke="#57606a" stroke-width="1.5">
{lines}
</g>
<g fill="#1f2328" text-anchor="middle">
{boxes}
</g>
</svg>
"""
# A room, or the bend of an arrow that passes a row: the arrow's ends and the row.
Stop = str | tuple[str, str, int]
Arrows = dict[str, set[str]]


def imports() -> Arrows:
    """Return of each room the rooms that its modules import from; `doctor` is a room of one."""
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} | {"doctor"}
    found: Arrows = {room: set() for room in rooms}
    graph = grimp.build_graph("ekukit", cache_dir=None)
    for module in graph.modules:
        room = module.split(".")[1:2]
        for other in graph.find_modules_directly_imported_by(module):
            below = other.split(".")[1:2]
            if room and below and room != below and {*room, *below} <= rooms:
                found[room[0]].add(below[0])
    return found


def reduced(arrows: Arrows) -> Arrows:
    """Return the arrows that follow from no others."""

    def below(room: str) -> set[str]:
        return arrows[room].union(*map(below, arrows[room]))

    return {
        room: {one for one in near if not any(one in below(other) for other in near)}
        for room, near in arrows.items()
    }


def rows(arrows: Arrows) -> dict[str, int]:
    """Return the row of each room from the top, each as near below the rooms above as it can be."""
    above = {room: [one for one, near in arrows.items() if room in near] for room in arrows}

    def row(room: str) -> int:
        return 1 + max((row(one) for one in above[room]), default=-1)

    return {room: row(room) for room in arrows}


def places(arrows: Arrows, row: dict[str, int]) -> dict[Stop, tuple[float, float]]:
    """Return the middle of every stop; a row is in the order of what its stops hang on."""
    ways = [way(room, one, row) for room in sorted(arrows) for one in sorted(arrows[room])]
    lines: dict[int, list[Stop]] = {number: [] for number in range(max(row.values()) + 1)}
    for room in sorted(arrows):
        lines[row[room]].append(room)
    for stops in ways:
        for stop in stops[1:-1]:
            lines[int(stop[2])].append(stop)
    links = [pair for stops in ways for pair in pairwise(stops)]
    at: dict[Stop, float] = {}
    for line in lines.values():
        spread(line, at)
    for _ in range(8):
        for upward in (False, True):
            order = sorted(lines, reverse=upward)
            for number in order[1:]:
                near = {
                    stop: [at[a if b == stop else b] for a, b in links
                           if stop == (a if upward else b)]
                    for stop in lines[number]
                }  # fmt: skip
                wanted = {s: sum(x) / len(x) if x else at[s] for s, x in near.items()}
                lines[number].sort(key=lambda stop: (wanted[stop], str(stop)))
                spread(lines[number], at)
    left = min(at[stop] - size(stop) / 2 for stop in at)
    return {
        stop: (at[stop] - left + _EDGE, number * _ROW + _HEIGHT / 2 + _EDGE)
        for number, line in lines.items()
        for stop in line
    }


def way(room: str, below: str, row: dict[str, int]) -> list[Stop]:
    """Return an arrow's stops: its room, a bend in each row that it passes, the room below."""
    return [room, *((room, below, n) for n in range(row[room] + 1, row[below])), below]


def size(stop: Stop) -> int:
    """Return how wide a stop is."""
    return _WIDTH if isinstance(stop, str) else _BEND


def spread(line: list[Stop], at: dict[Stop, float]) -> None:
    """Set a row's stops side by side, the row in the middle."""
    place = -sum(size(stop) + _GAP for stop in line) / 2
    for stop in line:
        at[stop] = place + (size(stop) + _GAP) / 2
        place += size(stop) + _GAP


def picture() -> str:
    """Return the drawing as SVG; it tells its arrows in words, too."""
    arrows = reduced(imports())
    row = rows(arrows)
    at = places(arrows, row)
    wide = max(x + size(stop) / 2 for stop, (x, _) in at.items()) + _EDGE
    high = max(y for _, y in at.values()) + _HEIGHT / 2 + _EDGE
    pairs = [(room, one) for room in sorted(arrows, key=row.__getitem__) for one in arrows[room]]
    pairs.sort(key=lambda pair: (row[pair[0]], *pair))
    lines = []
    for room, one in pairs:
        points = [at[stop] for stop in way(room, one, row)]
        points[0] = (points[0][0], points[0][1] + _HEIGHT / 2)
        points[-1] = (points[-1][0], points[-1][1] - _HEIGHT / 2 - 5)
        told = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        lines.append(f'<polyline points="{told}" marker-end="url(#tip)"/>')
    boxes = [
        f'<rect x="{x - _WIDTH / 2:.0f}" y="{y - _HEIGHT / 2:.0f}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" rx="5" fill="#eef3fa" stroke="#2f5d92"/>'
        f'<text x="{x:.0f}" y="{y + 5:.0f}">{stop}</text>'
        for stop, (x, y) in at.items()
        if isinstance(stop, str)
    ]
    said = "; ".join(f"{room} imports from {one}" for room, one in pairs)
    return _SVG.format(
        wide=f"{wide:.0f}", high=f"{high:.0f}", style=_STYLE, said=said,
        lines="\n".join(lines), boxes="\n".join(boxes),
    )  # fmt: skip


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
