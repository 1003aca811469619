"""The glossary: the field's terms, what they mean here, and the Chinese words of the source."""

import tomllib
from dataclasses import dataclass
from functools import cache

from ekukit.facts.ledger import text


@dataclass(frozen=True, slots=True)
class Term:
    """A term, its meaning in one line, and what the Chinese edition of the source calls it."""

    term: str
    meaning: str
    chinese: str


@cache
def glossary() -> tuple[Term, ...]:
    """Return the terms in the order in which a newcomer meets them."""
    return tuple(Term(**row) for row in tomllib.loads(text("glossary.toml"))["terms"])
