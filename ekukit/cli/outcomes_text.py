"""Outcomes on the terminal: states, causes, and in detail who presented what, and why."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from ekukit.causes import cause_cards
from ekukit.certificates import describe
from ekukit.cli.cause_text import STYLES, folding, show_causes, show_states, shown
from ekukit.connections import HONESTY, Outcome, State
from ekukit.connections.outcome import SYMBOLS
from ekukit.expressway import Deployment

_MORE = "Who presented what, checks, sources: --details."


def show(deployment: Deployment, outcomes: Iterable[Outcome], *, details: bool) -> None:
    """Print states and causes, with details the certificates and reasons, too."""
    if details:
        rows = [
            (node.fqdn, store.kind.value, describe(store.certificate))
            for node in (*deployment.core, *deployment.edge)
            for store in (node.server, node.client)
        ]
        show_table(("Node", "Store", "Certificate"), rows)
    show_outcomes(deployment, outcomes, details=details)


def show_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of plain text."""
    table = Table(*map(folding, titles), show_lines=True)
    for row in rows:
        table.add_row(*map(shown, row))
    Console(highlight=False).print(table)


def show_outcomes(
    deployment: Deployment, outcomes: Iterable[Outcome], notes: Iterable[str] = (), *, details: bool
) -> None:
    """Print states, causes, with details reasons, then notes and what the kit did."""
    console = Console(highlight=False)
    told = tuple(outcomes)
    cards = cause_cards(deployment, told)
    show_states(console, told, cards)
    show_causes(console, cards, details=details)
    console.print()
    if details:
        _show_reasons(console, told)
    judged = f"Judged at {deployment.at:%d %b %Y %H:%M} UTC."
    for note in (*notes, judged, HONESTY) if details else (*notes, f"{judged} {_MORE}"):
        console.print(shown(note))


def _show_reasons(console: Console, outcomes: Iterable[Outcome]) -> None:
    # In a narrow window the reason keeps half of the width.
    narrow = (Column("Connection", max_width=20), Column("Why", ratio=1))
    table = Table(*narrow, Column("Rests on", max_width=16), show_lines=True, expand=True)
    for found in outcomes:
        state = Text(f"{SYMBOLS[found.state]} {found.state.value}\n", STYLES[found.state])
        where = f"{found.title}\n{found.initiator} -> {found.responder}".removesuffix("\n -> ")
        rests = f"{found.basis.value}\n{', '.join(found.facts)}"
        table.add_row(state + shown(where), shown(_why(found)), shown(rests))
    console.print(table)


def _why(found: Outcome) -> str:
    lines = [found.reason, *found.notes, *(f"Also wrong: {also}." for also in found.hidden)]
    if found.state is not State.ACTIVE:
        lines.append(f"To do: {found.todo}")
    return "\n".join(lines)
