"""How an arrow shows its state: words first, then dashes and ink."""

from collections.abc import Sequence
from dataclasses import dataclass

from ekukit.connections.outcome import SYMBOLS, Outcome, State
from ekukit.connections.reasons import not_reached


@dataclass(frozen=True, slots=True)
class Look:
    """Words, dashes and ink of a state."""

    words: str
    dash: str
    ink: str


# Dark enough on white, light enough on JupyterLab's dark theme; the words say the state anyway.
LOOKS = {
    State.ACTIVE: Look(f"{SYMBOLS[State.ACTIVE]} Active", "", "#17803a"),
    State.FAILED: Look(f"{SYMBOLS[State.FAILED]} Failed", "7 5", "#d0342a"),
    State.UNKNOWN: Look(f"{SYMBOLS[State.UNKNOWN]} Unknown", "2 4", "#96700a"),
}
HIDDEN = Look("… predict", "2 4", "#757c87")
# Nothing crossed: long gaps, unlike a refusal's dashes.
NOT_REACHED = Look(LOOKS[State.FAILED].words, "3 9", LOOKS[State.FAILED].ink)


def look_of(outcome: Outcome) -> Look:
    """Return how the arrow of an outcome looks."""
    return NOT_REACHED if not_reached(outcome) else LOOKS[outcome.state]


def arrow(look: Look, points: Sequence[tuple[float, float]], width: float = 2.6) -> str:
    """Return an arrow along points; the dashes say the state, too."""
    path = "L".join(f"{x:g} {y:g}" for x, y in points)
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    (x0, y0), (x, y) = points[-2:]
    long = max(((x - x0) ** 2 + (y - y0) ** 2) ** 0.5, 1)
    ux, uy, tip = (x - x0) / long, (y - y0) / long, 9
    back = (x - tip * ux, y - tip * uy)
    corners = [(x, y), (back[0] - 5 * uy, back[1] + 5 * ux), (back[0] + 5 * uy, back[1] - 5 * ux)]
    head = "L".join(f"{cx:.1f} {cy:.1f}" for cx, cy in corners)
    return (
        f'<path d="M{path}" fill="none" stroke="{look.ink}" stroke-width="{width}"{dash}/>'
        f'<circle cx="{points[0][0]:g}" cy="{points[0][1]:g}" r="3.5" fill="{look.ink}"/>'
        f'<path d="M{head}z" fill="{look.ink}"/>'
    )
