"""One HTML file that needs nothing else and loads nothing."""

from pathlib import Path

from ekukit.errors import InputError
from ekukit.views.html import STYLE, safe

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SCREEN_AND_PAPER = """<style>
body { margin: 1.2em auto; max-width: 76em; padding: 0 1em; background: #fff; }
.eku h1 { font: 700 20px system-ui, sans-serif; margin: 0 0 0.3em; }
.eku h2 { font-size: 18px; }
.eku table.eku-t { font-size: 13.5px; }
@page { size: A4; margin: 12mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; }
  .eku table.eku-t thead th { background: none; color: #000; border-bottom: 3px solid #000; }
  .eku .eku-state, .eku p.eku-summary { background: none; color: #000; border-color: #000; }
  .eku .eku-scroll { overflow: visible; }
  .eku tr { break-inside: avoid; }
  .eku :is(thead, caption, summary) { break-after: avoid; }
  .eku tbody > tr:first-child { break-before: avoid; }
  .eku .eku-file { white-space: normal; }
  .eku table.eku-t { font-size: 8pt; }
  .eku table.eku-t :is(th, td) { padding: 0.25em 0.35em; }
}
</style>"""


def offline_page(title: str, body: str, style: str = "") -> str:
    """Return a whole page of a body in HTML, its title escaped and its heading.

    A content security policy forbids to load anything.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{safe(title)}</title>{STYLE}{_SCREEN_AND_PAPER}{style}</head>"
        f'<body><main class="eku"><h1>{safe(title)}</h1>{body}</main></body></html>\n'
    )


def kind_of(target: Path) -> str:
    """Return "html" or "md" by a file's ending; raises InputError for another."""
    kind = {".html": "html", ".htm": "html", ".md": "md"}.get(target.suffix.lower())
    if kind is None:
        msg = f"{target}: a report ends in .html or .md; name such a file"
        raise InputError(msg)
    return kind
