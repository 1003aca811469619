"""Outcomes as a table on the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ekukit.certificates import describe
from ekukit.connections import SYMBOLS, Outcome, State
from ekukit.expressway import Deployment

_STYLES = {State.ACTIVE: "green", State.FAILED: "bold red", State.UNKNOWN: "yellow"}
HONESTY = (
    "OpenSSL and AsyncSSH did this on this machine; Expressway's documented behavior is cited "
    "beside it. Inferred and assumed are marked so."
)


def show(deployment: Deployment, outcomes: Iterable[Outcome]) -> None:
    """Print the certificates and the outcomes with their reasons; nothing is read as markup."""
    console = Console(highlight=False)
    for node in (*deployment.core, *deployment.edge):
        for store in (node.server, node.client):
            line = f"{node.fqdn}, {store.kind.value} store: {describe(store.certificate)}"
            console.print(Text(line))
    table = Table(show_lines=True)
    for title in ("Connection", "State", "Why", "Rests on"):
        table.add_column(title)
    for found in outcomes:
        state = Text(f"{SYMBOLS[found.state]} {found.state.value}", _STYLES[found.state])
        where = f"{found.title}\n{found.initiator} -> {found.responder}".removesuffix("\n -> ")
        rests = f"{found.basis.value}\n{', '.join(found.facts)}"
        table.add_row(Text(where), state, Text(_why(found)), Text(rests))
    console.print(table)
    console.print(Text(HONESTY))


def _why(found: Outcome) -> str:
    lines = [found.reason, *found.notes, *(f"Also wrong: {also}." for also in found.hidden)]
    if found.state is not State.ACTIVE:
        lines.append(f"To do: {found.todo}")
    return "\n".join(lines)
