"""Pseudonyms: one for each value, numbered in the order of appearance, and what they stand for."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ekukit.whole_files import write_new


@dataclass(slots=True, eq=False)
class Pseudonyms:
    """Gives each value of a kind one pseudonym such as [host1]; case does not count.

    The same values in the same order get the same pseudonyms, so that two reports of a case can
    be compared; a number tells nothing of the value behind it.
    """

    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _used: Counter[str] = field(default_factory=Counter)
    _originals: dict[str, str] = field(default_factory=dict)

    def of(self, kind: str, value: str) -> str:
        """Return the value's pseudonym, a new one when it has none yet."""
        key = (kind, value.casefold())
        if key not in self._given:
            self._used[kind] += 1
            self._given[key] = f"[{kind}{self._used[kind]}]"
            self._originals[self._given[key]] = value
        return self._given[key]

    def mapping(self) -> dict[str, str]:
        """Return the original of each pseudonym. What was left out has none."""
        return dict(self._originals)

    def write(self, path: Path) -> None:
        """Write the mapping as JSON, readable by its owner alone (mode 0600).

        Raises InputError when the file exists already or cannot be written.
        """
        text = json.dumps(self.mapping(), indent=1, ensure_ascii=False)
        write_new(path.parent, {path.name: text.encode("utf-8", "replace")})
