"""A document for paper: one offline page for A4, or the same as Markdown."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from ekukit.views.html import safe
from ekukit.views.pages.document import Section, part_html
from ekukit.views.pages.markdown import plain, sections_markdown
from ekukit.views.pages.offline_page import kind_of, offline_page
from ekukit.whole_files import write_text

_A4 = """<style>
@page { size: A4; margin: 14mm; }
.eku h2 { margin: 1em 0 0.3em; break-after: avoid; }
.eku details.eku-fold { break-inside: avoid; }
.eku pre.eku-lines { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.4em 0.6em;
  border: 1px solid #8a8f98; font-size: 13px; margin: 0.2em 0 0.6em; break-inside: avoid; }
@media print { .eku { font-size: 10pt; }
  .eku table.eku-t, .eku table.eku-t caption { font-size: 8.5pt; }
  .eku h2 { font-size: 12pt; } .eku details > summary { font-weight: 700; list-style: none; } }
</style>"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its title, what it comes to in one sentence, and its sections."""

    title: str
    line: str
    sections: tuple[Section, ...]

    def html(self) -> str:
        """Return one offline page, printable on A4."""
        return offline_page(self.title, self.body(), _A4)

    def body(self) -> str:
        """Return the page's body, every section open."""
        return f'<p class="eku-summary">{safe(self.line)}</p>' + "".join(
            f"<h2>{safe(one.title)}</h2>{''.join(map(part_html, one.parts))}"
            for one in self.sections
        )

    def markdown(self) -> str:
        """Return the same as Markdown."""
        return (
            f"# {plain(self.title)}\n\n**{plain(self.line)}**\n\n"
            f"{sections_markdown(self.sections)}\n"
        )


def write_paper(made: Paper, path: str | PathLike[str]) -> Path:
    """Write a document, `.html` or `.md` by its ending (mode 0600), and return its path.

    Raises InputError for another ending and for a file that cannot be written.
    """
    target = Path(path)
    text = made.html() if kind_of(target) == "html" else made.markdown()
    write_text(target, text, private=True)
    return target
