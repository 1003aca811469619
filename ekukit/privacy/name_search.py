"""Names that a case is known to hold, found again in a text as whole words, in linear time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ATOM = re.compile(r"[^\W_]+")
# Shorter words are hidden anyway unless they are words of the kit.
_SHORTEST, _LONGEST = 3, 300
# Shorter numbers are years and counts.
_SHORTEST_NUMBER = 5


@dataclass(slots=True, eq=False)
class KnownPhrases:
    """Phrases by how they begin, each with its kind and with the value that it is a spelling of."""

    _phrases: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lengths: dict[str, set[int]] = field(default_factory=dict)

    def add(self, kind: str, phrase: str, value: str = "") -> None:
        """Take a phrase; of one that is known already the first kind stands."""
        folded = phrase.casefold()
        count = phrase.isdigit() and len(phrase) < _SHORTEST_NUMBER
        fits = _SHORTEST <= len(phrase) <= _LONGEST and len(folded) == len(phrase)
        if count or not fits or folded in self._phrases:
            return
        self._phrases[folded] = kind, value or phrase
        self._lengths.setdefault(_beginning(folded, 0), set()).add(len(folded))

    def at(self, text: str, place: int) -> tuple[int, str, str] | None:
        """Return end, kind and value of the longest phrase that begins there, None for none."""
        lengths = self._lengths.get(_beginning(text, place).casefold())
        for length in sorted(lengths or (), reverse=True):
            end = place + length
            found = self._phrases.get(text[place:end].casefold())
            if found is not None and not (_ATOM.match(text, end) and _ATOM.match(text, end - 1)):
                return end, *found
        return None

    def kind(self, text: str) -> str | None:
        """Return the kind of a whole text, None when it is not known."""
        found = self._phrases.get(text.casefold())
        return found[0] if found else None

    @property
    def values(self) -> Iterable[str]:
        """Return every phrase, in lower case."""
        return self._phrases.keys()


def _beginning(text: str, place: int) -> str:
    found = _ATOM.match(text, place)
    return found[0] if found else text[place : place + 1]
