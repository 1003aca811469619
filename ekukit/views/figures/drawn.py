"""A chart that matplotlib drew, as a page takes it and as a file of its own."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from ekukit.views.html import safe

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE = "max-width:100%;height:auto;background:white"
# With all of these at None the drawing names neither its maker nor any address.
_NOTHING_ABOUT = {"Creator": None, "Date": None, "Format": None, "Type": None}
# In a page the parser knows these; left out so that nothing in it looks like an address.
_SPACES = (
    ' xmlns:xlink="http://www.w3.org/1999/xlink"',
    ' xmlns="http://www.w3.org/2000/svg"',
)
# Text stays text, and the same chart gives the same bytes.
SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "ekukit"}


def svg_of(figure: "Figure", spoken: str, width: str = "") -> str:
    """Return a figure that was drawn with SETTINGS as SVG for a page, with what is said of it.

    `width` is how wide it is at least, its own without it.
    """
    stream = BytesIO()
    figure.savefig(stream, format="svg", metadata=_NOTHING_ABOUT)
    drawing = stream.getvalue().decode("utf-8")
    start = drawing[drawing.index("<svg") :]
    for space in _SPACES:
        start = start.replace(space, "", 1)
    wide = f"width:{width};" if width else ""
    label = f'<svg role="img" aria-label="{safe(spoken)}" style="{wide}{_STYLE}"'
    return start.replace("<svg", label, 1)


def standalone(svg: str) -> str:
    """Return the SVG of a page as a file of its own."""
    return svg.replace("<svg", f"<svg{''.join(_SPACES)}", 1)
