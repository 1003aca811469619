"""Documents: sections of words and tables, from which a panel, a page and a text are made."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ekukit.causes import CauseCard
from ekukit.frames import frame_of
from ekukit.views.html import card, fold, paragraphs, safe, table
from ekukit.views.pages.cause_cards import cards_html

LONGEST = 600
# A command that wraps keeps the hyphen and the name of an option together.
_OPTION, _WHOLE = re.compile(r"(?<!\S)-[\w-]+"), r'<span class="eku-whole">\g<0></span>'


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
    """Names and values under a title; a tuple is several lines. On a page it is folded."""

    title: str
    pairs: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Causes:
    """Causes as cards, those beyond `most` folded on a page."""

    cards: tuple[CauseCard, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Copied:
    """Lines to be copied as they are, under a caption."""

    caption: str
    lines: tuple[str, ...]


Part = Words | Grid | Card | Causes | Copied


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
    """Return a section as escaped HTML, folded behind its heading of that level.

    One without a title has neither heading nor fold.
    """
    body = "".join(map(part_html, section.parts))
    if not section.title:
        return body
    return fold(f"<h{level}>{safe(section.title)}</h{level}>", body, "eku-section")


def part_html(part: Part) -> str:
    """Return a part as escaped HTML."""
    if isinstance(part, Words):
        return paragraphs((str(shown(line)) for line in part.lines), strong=part.strong)
    if isinstance(part, Causes):
        return cards_html(part.cards, most=part.most) if part.cards else ""
    if isinstance(part, Copied):
        copied = "\n".join(_OPTION.sub(_WHOLE, safe(line)) for line in part.lines)
        return (
            f'<p class="eku-strong">{safe(part.caption)}</p><pre class="eku-lines">{copied}</pre>'
        )
    if isinstance(part, Card):
        return fold(
            safe(part.title), card([(name, shown(value)) for name, value in part.pairs], part.title)
        )
    drawing = part.draw(part.frame) if part.draw and len(part.frame) else ""
    # Not by `map`, which makes one kind of text of all.
    rows = (tuple(map(shown, values)) for values in part.frame.itertuples(index=False))
    return drawing + table(frame_of(rows, part.frame.columns), part.caption)
