"""Outcomes as a table on the terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ekukit.certificates import describe
from ekukit.connections import HONESTY, Outcome, State
from ekukit.connections.outcome import SYMBOLS
from ekukit.expressway import Deployment
from ekukit.printable import visible

_STYLES = {State.ACTIVE: "green", State.FAILED: "bold red", State.UNKNOWN: "yellow"}


def show(deployment: Deployment, outcomes: Iterable[Outcome]) -> None:
    """Print the certificates and the outcomes with their reasons; nothing is read as markup."""
    rows = [
        (node.fqdn, store.kind.value, describe(store.certificate))
        for node in (*deployment.core, *deployment.edge)
        for store in (node.server, node.client)
    ]
    show_table(("Node", "Store", "Certificate"), rows)
    show_outcomes(deployment, outcomes)


def shown(text: str) -> Text:
    """Return text for the terminal: lines stay, and nothing in them steers it or is hidden."""
    return Text(visible(text, keep="\n"))


def show_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of plain text."""
    table = Table(*titles, show_lines=True)
    for row in rows:
        table.add_row(*map(shown, row))
    Console(highlight=False).print(table)


def show_outcomes(
    deployment: Deployment, outcomes: Iterable[Outcome], notes: Iterable[str] = ()
) -> None:
    """Print the outcomes with their reasons, then notes and what the kit did."""
    console = Console(highlight=False)
    table = Table("Connection", "State", "Why", "Rests on", show_lines=True)
    for found in outcomes:
        state = Text(f"{SYMBOLS[found.state]} {found.state.value}", _STYLES[found.state])
        where = f"{found.title}\n{found.initiator} -> {found.responder}".removesuffix("\n -> ")
        rests = f"{found.basis.value}\n{', '.join(found.facts)}"
        table.add_row(shown(where), state, shown(_why(found)), shown(rests))
    console.print(table)
    for note in (*notes, f"Judged at {deployment.at:%d %b %Y %H:%M} UTC.", HONESTY):
        console.print(shown(note))


def _why(found: Outcome) -> str:
    lines = [found.reason, *found.notes, *(f"Also wrong: {also}." for also in found.hidden)]
    if found.state is not State.ACTIVE:
        lines.append(f"To do: {found.todo}")
    return "\n".join(lines)
