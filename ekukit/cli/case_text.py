"""A case on the terminal: nothing is read as markup, and nothing in it steers the terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ekukit.account import folded
from ekukit.causes.system_words import title_of
from ekukit.cli.cause_text import evidence_lines, folding, show_causes, show_lines
from ekukit.cli.handshake_text import HANDSHAKES, handshake_cells
from ekukit.connections import HONESTY, Outcome
from ekukit.connections.outcome import SYMBOLS
from ekukit.diagnosis.case import Case, CaseNode
from ekukit.diagnosis.evidence.presented import handshake_values
from ekukit.diagnosis.findings.finding import SIGNS, Finding, Severity
from ekukit.diagnosis.findings.headline import NOT_UNDERSTOOD
from ekukit.diagnosis.findings.not_judged import NOT_JUDGED
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
_MOST_HANDSHAKES = 25
_MOST_SEEN = 12
_MOST_TEXT = 160
_MORE = "Findings, certificates, states, handshakes: --details."
_MOST_LINE, _MOST_ROWS = 1200, 200


def show_case(
    case: Case, *, everything: bool = False, details: bool = False, redacted: bool = False
) -> None:
    """Print headline and causes; with details findings, certificates, states and handshakes, too.

    The first line says whether the case, which is shown as given, is redacted. Of the handshakes
    the first 25 are shown, with `everything` all.
    """
    console = Console(highlight=False)
    console.print(Text(HIDDEN if redacted else OPEN, "dim"))
    console.print(Text(visible(_cut(case.headline)), "bold"))
    show_causes(console, case.causes, details=details)
    console.print()
    if details or everything:
        _show_details(console, case, everything=everything)
    else:
        _show_rest(console, case)
        if not case.rows["certificates"]:
            # Of captures alone who presented what is the answer, not a detail.
            _show_handshakes(console, case, everything=False)
    unread = folded([f"Not read: {problem}" for problem in case.unread])
    for note in (*unread, *case.reading):
        console.print(Text(visible(_cut(note))))
    judged = f"Judged at {case.at:%d %b %Y %H:%M} UTC, the archive's time."
    console.print(Text(f"{judged} {HONESTY if details else _MORE}"))


def _show_rest(console: Console, case: Case) -> None:
    """Print what else was found on a line each, but what the headline says.

    Lines that nobody understood are shown as such.
    """
    told = {code for card in case.causes for code in card.codes}
    for found in case.findings:
        shown = found.severity is not Severity.NOTE or found.code in NOT_JUDGED
        if shown and found.code not in told:
            if found.first in case.headline:
                continue
            style = _STYLES[found.severity]
            head = Text(f"{SIGNS[found.severity]} {found.severity.value}: ", style)
            console.print(head.append_text(Text(visible(_cut(_one_line(found.first))))))
            if found.code == NOT_UNDERSTOOD:
                show_lines(console, evidence_lines(found.evidence))
    if case.unknown:
        console.print(Text(f"Not known or assumed: {len(case.unknown)}; --details says what."))


def _show_details(console: Console, case: Case, *, everything: bool) -> None:
    for found in case.findings:
        _show_finding(console, found)
    console.print()
    _table(console, ("Node", "Side", "Release", "EKU checking", "Known from"),
           map(_node, case.nodes))  # fmt: skip
    _table(
        console,
        ("Store", "Certificate", "What decides", "Issuer"),
        map(_certificate, case.rows["certificates"].rows),
    )
    _table(console, ("Connection", "Predicted", "Observed"), _states(case))
    _show_handshakes(console, case, everything=everything)
    for note in folded(case.unknown):
        console.print(Text(visible(_cut(note))))


def _show_handshakes(console: Console, case: Case, *, everything: bool) -> None:
    shown, left_out = handshake_values(
        case.rows["handshakes"].rows, None if everything else _MOST_HANDSHAKES
    )
    _table(console, HANDSHAKES, map(handshake_cells, shown))
    if left_out:
        console.print(Text(f"and {left_out:,} more handshakes in the captures; --all shows them"))


def _table(console: Console, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = Table(*map(folding, titles), show_lines=True)
    given = list(rows)
    for row in given[:_MOST_ROWS]:
        cells = (cell if isinstance(cell, Text) else _text(str(cell)) for cell in row)
        table.add_row(*cells)
    if table.row_count:
        console.print(table)
    if len(given) > _MOST_ROWS:
        console.print(f"and {len(given) - _MOST_ROWS:,} more rows")


def _text(value: str) -> Text:
    """Return the kit's own lines as lines; what came from the archive has none left."""
    return Text("\n".join(visible(_cut(line)) for line in folded(value.split("\n"))))


def _cut(line: str) -> str:
    """Return a line of a length that somebody reads; all of it stands in the JSON."""
    more = len(line) - _MOST_LINE
    return f"{line[:_MOST_LINE]} … and {more:,} more characters" if more > 0 else line


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
        console.print(Padding(Text(visible(_cut(_one_line(line)))), (0, 0, 0, 4)))


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _node(node: CaseNode) -> tuple[str, ...]:
    role = node.role.value if node.role else "not told"
    release = node.release.value if node.release else "not told"
    mode = node.mode.value if node.mode else "not told"
    return node.host, role, release, mode, "\n".join(map(_one_line, node.how_known))


def _certificate(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of a certificate; a serial number is told whole, so none look alike."""
    days = f"{row['days_left']} days from {row['counted_from']:%d %b %Y}"
    return (
        f"{row['host']} {row['store']}",
        f"{row['subject']}\nserial {row['serial']}\nuntil {row['not_after']:%d %b %Y}, {days}",
        "\n".join((row["eku"], row["key"], *str(row["decides"]).split("; "))),
        f"{row['issuer']}\n{row['public']}",
    )


def _states(case: Case) -> Iterable[tuple[str, str, str]]:
    predicted: dict[str, list[Outcome]] = {}
    for outcome in case.predicted:
        predicted.setdefault(outcome.connection, []).append(outcome)
    observed: dict[str, dict[str, None]] = {}
    for found in case.observed:
        words = f"{SYMBOLS[found.state]} {found.state.value}: {_one_line(found.by.short)}"
        observed.setdefault(found.connection, {})[words] = None
    for name in dict.fromkeys((*predicted, *observed)):
        outcomes = predicted.get(name, [])
        told = dict.fromkeys(f"{SYMBOLS[o.state]} {o.state.value}: {o.reason}" for o in outcomes)
        seen = list(observed.get(name, ()))
        more = [f"and {len(seen) - _MOST_SEEN} more"] * (len(seen) > _MOST_SEEN)
        title = outcomes[0].title if outcomes else title_of(name)
        yield title, "\n".join(map(_one_line, told)), "\n".join((*seen[:_MOST_SEEN], *more))
