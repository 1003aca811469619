"""Documents: sections of words and tables, from which a panel, a page and a text are made."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ekukit.views.html import card, paragraphs, safe, table

LONGEST = 600


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs; `strong` ones stand out."""

    lines: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table with a caption, and where a picture says it better, the function that draws it."""

    frame: pd.DataFrame
    caption: str
    draw: Callable[[pd.DataFrame], str] | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """Names and values under a title; a tuple is several lines."""

    title: str
    pairs: tuple[tuple[str, object], ...]


Part = Words | Grid | Card


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of parts; `name` is stable."""

    name: str
    title: str
    parts: tuple[Part, ...]


def cut(value: object, most: int = LONGEST) -> str:
    """Return a text of at most `most` characters that ends with a whole word."""
    text = str(value)
    if len(text) <= most:
        return text
    kept = text[:most].rpartition(" ")[0]
    return f"{kept} … ({len(text) - len(kept)} characters more)"


def shown(value: object) -> object:
    """Return a cell as it is printed: long texts cut, nothing for what is not there."""
    if isinstance(value, tuple):
        return tuple(shown(item) for item in value)
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M:%S}.{value.microsecond // 1000:03}"
    if type(value) is str:
        return cut(value)
    return "" if value is pd.NaT or value is pd.NA or value is None else value


def section_html(section: Section, level: int = 4) -> str:
    """Return a section as escaped HTML with a heading of that level."""
    heading = f"<h{level}>{safe(section.title)}</h{level}>" if section.title else ""
    return heading + "".join(map(part_html, section.parts))


def part_html(part: Part) -> str:
    """Return a part as escaped HTML."""
    if isinstance(part, Words):
        return paragraphs((str(shown(line)) for line in part.lines), strong=part.strong)
    if isinstance(part, Card):
        return card([(name, shown(value)) for name, value in part.pairs], part.title)
    drawing = part.draw(part.frame) if part.draw and len(part.frame) else ""
    return drawing + table(part.frame.map(shown), part.caption)
