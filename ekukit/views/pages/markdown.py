"""The one way from values to Markdown: no HTML, no link and no formula gets through."""

import re
from collections.abc import Iterable, Iterator

from ekukit.causes import CauseCard, line_of
from ekukit.connections import State
from ekukit.connections.outcome import SYMBOLS
from ekukit.printable import visible
from ekukit.views.html import Verbatim
from ekukit.views.pages.document import Card, Causes, Copied, Grid, Part, Section, Words, shown

_SPECIAL = re.compile(r"([\\`*_\[\]#!|~@$])")
_LINK = re.compile(r"(?i)(://|www\.)")
# A spreadsheet takes a cell that begins so for a formula, fullwidth signs included.
_FORMULA = re.compile("^[\\s\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")


def neutral(text: str) -> str:
    """Return text that no spreadsheet runs: a quote stands before what looks like a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(value: object) -> str:
    """Return one line of Markdown that shows the value's characters and does nothing else."""
    if isinstance(value, State):
        return f"{SYMBOLS[value]} {value.value}"
    if isinstance(value, (tuple, list)):
        return "; ".join(filter(None, map(plain, value)))
    if isinstance(value, Verbatim):
        return _code(value)
    text = " ".join(visible(str(value), keep="\t\n").split())
    text = neutral(text) if isinstance(value, str) else text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\1", text)
    return _LINK.sub(lambda found: found[0].replace(".", "\\.").replace("/", "\\/"), text)


def _code(text: str) -> str:
    """Return a text between backticks, more than it has in a row itself, so that none is escaped.

    A blank stands inside them where it begins or ends with one.
    """
    line = " ".join(visible(text, keep="\t\n").split())
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    edge = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{edge}{line}{edge}{fence}"


def sections_markdown(sections: Iterable[Section]) -> str:
    """Return sections as Markdown with headings of the second level."""
    return "\n".join(line for section in sections for line in _section(section))


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield f"## {plain(section.title)}\n"
    for part in section.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Words):
        for line in part.lines:
            text = plain(shown(line))
            yield f"**{text}**\n" if part.strong else f"{text}\n"
    elif isinstance(part, Causes):
        for cause in part.cards:
            yield from _named(f"Cause {cause.number}: {cause.what}", _of_cause(cause))
    elif isinstance(part, Card):
        yield from _named(part.title, part.pairs)
    elif isinstance(part, Copied):
        yield f"**{plain(part.caption)}**\n"
        # A block by indentation: nothing in a line ends it.
        yield from (f"    {visible(line)}" for line in part.lines)
        yield ""
    else:
        yield from _grid(part)


def _of_cause(cause: CauseCard) -> Iterator[tuple[str, object]]:
    rows: list[tuple[str, object]] = [
        ("Where", cause.where),
        ("Brings down", cause.brings_down),
        ("May bring down", cause.may_bring_down),
        ("To do", cause.todo),
        ("How sure", cause.sure),
        ("Evidence", tuple(map(line_of, cause.evidence))),
        ("Other remedies", cause.instead),
        ("Facts", ", ".join(cause.facts)),
    ]
    return (row for row in rows if row[1])


def _named(title: str, pairs: Iterable[tuple[str, object]]) -> Iterator[str]:
    yield f"### {plain(title)}\n"
    for name, value in pairs:
        yield from _pair(name, shown(value))
    yield ""


def _pair(name: str, value: object) -> Iterator[str]:
    if isinstance(value, tuple) and len(value) > 1:
        yield f"- **{plain(name)}:**"
        yield from (f"  - {plain(item)}" for item in value)
    else:
        yield f"- **{plain(name)}:** {plain(value)}"


def _grid(grid: Grid) -> Iterator[str]:
    yield f"**{plain(grid.caption)}**\n"
    if not len(grid.frame):
        yield "nothing to show\n"
        return
    yield _row(map(str, grid.frame.columns))
    yield f"|{' --- |' * len(grid.frame.columns)}"
    for values in grid.frame.itertuples(index=False):
        yield _row(map(shown, values))
    yield ""


def _row(values: Iterable[object]) -> str:
    return f"| {' | '.join(map(_cell, values))} |"


def _cell(value: object) -> str:
    # Within a table a bar ends its cell even in code, and a backslash before it is not shown.
    return plain(value).replace("|", r"\|") if isinstance(value, Verbatim) else plain(value)
