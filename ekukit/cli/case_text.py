"""A case on the terminal: nothing is read as markup, and nothing in it steers the terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ekukit.connections import HONESTY, SYMBOLS, Outcome
from ekukit.diagnosis.case import Case, CaseNode
from ekukit.diagnosis.finding import SIGNS, Finding, Severity
from ekukit.printable import visible

_STYLES = {
    Severity.BROKEN: "bold red",
    Severity.WILL_BREAK: "bold yellow",
    Severity.WEAK: "yellow",
    Severity.NOTE: "blue",
}
OPEN = "Not redacted: real names follow; --redact hides them."
HIDDEN = "Redacted: names, addresses and serial numbers are pseudonyms."
_MOST_EVIDENCE = 4
_MOST_TEXT = 160


def show_case(case: Case, *, redacted: bool = False) -> None:
    """Print headline, findings, certificates, and predicted against observed; the case as given.

    The first line says whether it is redacted.
    """
    console = Console(highlight=False)
    console.print(Text(HIDDEN if redacted else OPEN, "dim"))
    console.print(Text(visible(case.headline), "bold"))
    for found in case.findings:
        _show_finding(console, found)
    console.print()
    _table(console, ("Node", "Side", "Release", "EKU checking", "Known from"),
           map(_node, case.nodes))  # fmt: skip
    certificates = case.certificates.astype(object)
    _table(
        console,
        ("Node", "Store", "Subject", "EKUs", "Issuer", "Public", "Serial", "Expires"),
        (
            (row.host, row.store, row.subject, row.eku, row.issuer, row.public, row.serial,
             f"{row.not_after:%d %b %Y} ({row.days_left} days)")
            for row in certificates.itertuples(index=False)
        ),
    )  # fmt: skip
    _table(console, ("Connection", "Predicted", "Observed"), _states(case))
    for note in (*case.unknown, *(f"Not read: {problem}" for problem in case.unread)):
        console.print(Text(visible(note)))
    console.print(Text(f"Judged at {case.at:%d %b %Y %H:%M} UTC, the archive's time. {HONESTY}"))


def _table(console: Console, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = Table(*titles, show_lines=True)
    for row in rows:
        cells = (cell if isinstance(cell, Text) else _text(str(cell)) for cell in row)
        table.add_row(*cells)
    if table.row_count:
        console.print(table)


def _text(value: str) -> Text:
    """Return the kit's own lines as lines; what came from the archive has none left."""
    return Text("\n".join(visible(line) for line in value.split("\n")))


def _show_finding(console: Console, found: Finding) -> None:
    sign, style = SIGNS[found.severity], _STYLES[found.severity]
    head = f"{sign} {found.severity.value} ({found.confidence.value}): {found.code}"
    console.print()
    console.print(Text(visible(head), style))
    lines = [found.found, f"Required: {found.required}", f"To do: {found.todo}"]
    lines += [f"To decide: {found.decide}"] if found.decide else []
    lines.append(f"Rests on: {', '.join(found.facts)} ({found.basis.value})")
    lines += [
        f"- {evidence.where}: {_one_line(evidence.text)[:_MOST_TEXT]}"
        for evidence in found.evidence[:_MOST_EVIDENCE]
    ]
    more = len(found.evidence) - _MOST_EVIDENCE
    lines += [f"- and {more} more"] if more > 0 else []
    for line in lines:
        console.print(Padding(Text(visible(_one_line(line))), (0, 0, 0, 4)))


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _node(node: CaseNode) -> tuple[str, ...]:
    role = node.role.value if node.role else "not told"
    release = node.release.value if node.release else "not told"
    mode = node.mode.value if node.mode else "not told"
    return node.host, role, release, mode, "\n".join(map(_one_line, node.how_known))


def _states(case: Case) -> Iterable[tuple[str, str, str]]:
    predicted: dict[str, list[Outcome]] = {}
    for outcome in case.predicted:
        predicted.setdefault(outcome.connection, []).append(outcome)
    names = [*predicted, *(found.connection for found in case.observed)]
    for name in dict.fromkeys(names):
        outcomes = predicted.get(name, [])
        told = dict.fromkeys(f"{SYMBOLS[o.state]} {o.state.value}: {o.reason}" for o in outcomes)
        seen = dict.fromkeys(
            f"{SYMBOLS[o.state]} {o.state.value}: {_one_line(o.by.where)}"
            for o in case.observed
            if o.connection == name
        )
        title = outcomes[0].title if outcomes else name
        yield title, "\n".join(map(_one_line, told)), "\n".join(seen)
