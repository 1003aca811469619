"""A table of docs/proof.md that a command writes: its own section, the others are left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Section:
    """A heading of second rank, what stands below it, and the columns; the first names the row."""

    title: str
    words: str
    columns: tuple[str, ...]

    def rows(self, page: Path) -> dict[str, tuple[str, ...]]:
        """Return the rows of the page by name, none where the section is missing."""
        _before, _heading, after = page.read_text("utf-8").partition(f"\n## {self.title}\n")
        lines = after.partition("\n## ")[0].splitlines()
        cells = [
            [c.strip() for c in line.strip("|").split("|")] for line in lines if line[:1] == "|"
        ]
        return {name: tuple(rest) for name, *rest in cells[2:]}

    def put(self, page: Path, rows: Mapping[str, Sequence[str]], order: Sequence[str] = ()) -> None:
        """Write rows into the page, beside those that it has, in an order."""
        held = {**self.rows(page), **rows}
        names = [name for name in order if name in held] if order else list(held)
        table = [self.columns, ["---"] * len(self.columns), *((n, *held[n]) for n in names)]
        lines = ["| " + " | ".join(row) + " |" for row in table]
        text = page.read_text("utf-8")
        before, heading, after = text.partition(f"\n## {self.title}\n")
        _own, more, rest = after.partition("\n## ")
        body = f"\n## {self.title}\n\n{self.words}\n\n" + "\n".join(lines) + "\n"
        page.write_text((before if heading else text) + body + more + rest, encoding="utf-8")
