"""What came back for a slot, on the terminal: points, then states before and after."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ekukit.account import folded
from ekukit.certificates import describe
from ekukit.cli.cause_text import STYLES, show_causes, show_lines, shown
from ekukit.connections import HONESTY, State
from ekukit.connections.outcome import SYMBOLS
from ekukit.orders.received import ReceivedPoint
from ekukit.verbs.check_slot import SlotChecked

_COLUMNS = ("", "before", "with it", "and its CAs in the lists")


def show_slot(found: SlotChecked, *, details: bool) -> None:
    """Print whether to upload it, every point with its facts, the states, and what stays down."""
    console = Console(highlight=False)
    head = shown(found.headline)
    head.stylize("bold")
    console.print(head)
    console.print(shown(describe(found.certificate)))
    show_lines(console, map(_line, found.points))
    console.print()
    table = Table(*_COLUMNS, box=None, padding=(0, 2, 0, 0))
    for row in found.states.itertuples(index=False):
        title, *states = map(str, row)
        table.add_row(shown(title), *map(_state, states))
    console.print(table)
    show_causes(console, found.causes, details=details)
    console.print()
    for note in folded((*found.notes, *((HONESTY,) if details else ()))):
        console.print(shown(note))


def _line(point: ReceivedPoint) -> str:
    where = f" {point.where}." if point.where else ""
    rests = f" ({', '.join(point.facts)}; {point.basis.value})" if point.basis else ""
    return f"{point.weight.value} {point.text.removesuffix('.')}.{where}{rests}"


def _state(name: str) -> Text:
    state = State(name)
    return Text(f"{SYMBOLS[state]} {state.value}", STYLES[state])
