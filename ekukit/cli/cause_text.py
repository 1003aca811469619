"""States and causes on the terminal: each connection on a line, each cause once."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from ekukit.causes import CauseCard, line_of, numbers_of
from ekukit.causes.card import CauseEvidence
from ekukit.causes.system_words import listed, title_of
from ekukit.connections import Outcome, State
from ekukit.connections.catalog import ROWS
from ekukit.connections.outcome import SYMBOLS
from ekukit.printable import visible

STYLES = {State.ACTIVE: "green", State.FAILED: "bold red", State.UNKNOWN: "yellow"}
_MOST_EVIDENCE = 3
_MOST_LINE = 320
_INDENT = (0, 0, 0, 3)


def shown(text: str) -> Text:
    """Return text for the terminal: lines stay, and nothing in them steers it or is hidden."""
    return Text(visible(text, keep="\n"))


def folding(title: str) -> Column:
    """Return a column that folds long words, so that no two serials look alike."""
    return Column(title, overflow="fold")


def show_states(console: Console, outcomes: Iterable[Outcome], cards: Sequence[CauseCard]) -> None:
    """Print each connection and service on a line: state, name, cause; alike pairs are counted."""
    alike: dict[tuple[str, State, str], int] = {}
    pairs: dict[str, int] = {}
    for found in outcomes:
        key = found.title, found.state, _causes(cards, found)
        alike[key] = alike.get(key, 0) + 1
        pairs[found.title] = pairs.get(found.title, 0) + 1
    table = Table.grid(padding=(0, 2))
    for (name, state, causes), count in alike.items():
        some = f" ({count} of {pairs[name]} pairs)" if pairs[name] > count else ""
        table.add_row(
            Text(f"{SYMBOLS[state]} {state.value}", STYLES[state]),
            shown(f"{name}{some}"),
            causes,
        )
    console.print(table)


def _causes(cards: Sequence[CauseCard], found: Outcome) -> str:
    numbers = numbers_of(cards, found)
    if numbers:
        return f"cause {', '.join(map(str, numbers))}"
    perhaps = [str(card.number) for card in cards if found.connection in card.doubtful]
    return f"perhaps cause {', '.join(perhaps)}" if perhaps else ""


def show_causes(console: Console, cards: Sequence[CauseCard], *, details: bool = False) -> None:
    """Print each cause once: what is wrong, what it brings down, what to do."""
    for card in cards:
        console.print()
        head = Text(f"{card.number}  ", "bold red")
        head.append_text(shown(card.what))
        head.stylize("bold")
        console.print(head)
        show_lines(console, _lines(cards, card, details=details))


def show_lines(console: Console, lines: Iterable[str]) -> None:
    """Print lines that belong to what stands above them."""
    for line in lines:
        console.print(Padding(shown(line), _INDENT, expand=False))


def _lines(cards: Sequence[CauseCard], card: CauseCard, *, details: bool) -> Iterable[str]:
    if card.effects or card.doubtful:
        yield f"Brings down: {down(card, details=details)}"
    yield f"To do: {card.todo}"
    yield f"Where: {card.where}"
    yield f"How sure: {card.sure}."
    hidden = [str(other.number) for other in cards if other.id in card.behind]
    if hidden:
        yield f"Next: cause {listed(hidden)} shows only when this one is put right."
    if details:
        yield from card.instead
        yield f"Rests on: {', '.join(card.facts)}"
        yield f"Serial: {listed(card.serials)}" if card.serials else f"Place: {card.place.value}"
    if details or card.seen:
        yield from evidence_lines(card.evidence, details=details)


def evidence_lines(shown: Sequence[CauseEvidence], *, details: bool = False) -> Iterable[str]:
    """Yield evidence line by line; without details the best ones, cut between words."""
    lines = list(map(line_of, shown))
    best = lines if details else lines[:_MOST_EVIDENCE]
    yield from (f"- {line if details else _cut(line)}" for line in best)
    if len(lines) > len(best):
        yield f"- and {len(lines) - len(best)} more; --details shows them"


def _cut(line: str) -> str:
    """Return a line of evidence for a first look, cut between words."""
    if len(line) <= _MOST_LINE:
        return line
    return f"{line[:_MOST_LINE].rpartition(' ')[0] or line[:_MOST_LINE]} …"


def down(card: CauseCard, *, details: bool = False) -> str:
    """Return what is down by title: services by name, connections counted unless in details."""
    services = [title_of(name) for name in card.effects if name not in ROWS]
    connections = [title_of(name) for name in card.effects if name in ROWS]
    few = details or len(connections) <= _MOST_EVIDENCE
    counted = connections if few else [f"{len(connections)} connections"]
    said = listed([*services, *counted])
    perhaps = listed(list(map(title_of, card.doubtful)))
    if not perhaps:
        return f"{said}."
    return f"{said}; perhaps {perhaps}." if said else f"perhaps {perhaps}."
