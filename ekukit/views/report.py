"""Reports: a case as one file that needs nothing else, redacted unless asked otherwise."""

import os
import tempfile
from os import PathLike
from pathlib import Path

from ekukit.connections import HONESTY
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.identities import redaction_of
from ekukit.diagnosis.redaction import Redaction
from ekukit.errors import InputError
from ekukit.views.case_sections import headline, sections
from ekukit.views.document import Own, Section, Words, rewritten, section_html, texts
from ekukit.views.html import STYLE, paragraphs, safe
from ekukit.views.markdown import plain, sections_markdown

TITLE = "Expressway case: certificates and EKU"
HIDDEN = (
    "Names, addresses, users and secrets are replaced by pseudonyms, the same value by the same "
    "one; serial numbers, EKUs and public issuers are real. Look it over before you pass it on."
)
OPEN = "Not redacted: this file names the customer's hosts, addresses and users."
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_PRINT = """<style>
body { margin: 1.2em auto; max-width: 76em; padding: 0 1em; background: #fff; }
.eku h1 { font: 700 24px system-ui, sans-serif; margin: 0 0 0.3em; }
.eku h2 { font-size: 20px; margin: 1.4em 0 0.2em; border-bottom: 2px solid; }
.eku table.eku-t { font-size: 13.5px; }
@media print {
  body { max-width: none; margin: 0; padding: 0; }
  .eku table.eku-t thead th { background: none; color: #000; border-bottom: 3px solid #000; }
  .eku .eku-state, .eku p.eku-summary { background: none; color: #000; border-color: #000; }
  .eku .eku-scroll { overflow: visible; }
  .eku tr { break-inside: avoid; }
}
</style>"""


def write_report(
    case: Case,
    path: str | PathLike[str],
    *,
    redact: bool = True,
    mapping: str | PathLike[str] | None = None,
) -> Path:
    """Write the case as one file, `.html` or `.md` by its ending (mode 0600), and return its path.

    The page has a content security policy that forbids to load anything. With `redact` what names
    the customer is replaced (see `Redaction` for what that is); `mapping` names a new file for
    the pseudonyms' originals, written only then. An existing report is replaced, a link as well.

    Raises InputError for another ending, or when a file cannot be written.
    """
    target = Path(path)
    render = {".html": report_html, ".htm": report_html, ".md": report_markdown}.get(
        target.suffix.lower()
    )
    if render is None:
        msg = f"{target}: a report ends in .html or .md; name such a file"
        raise InputError(msg)
    redaction = redaction_of(case) if redact else None
    text = render(case, redaction)
    if mapping is not None and redaction is not None:
        redaction.write_mapping(Path(mapping))
    draft = ""
    try:
        # A new file (mode 0600): an old one may be a link, or open to others.
        handle, draft = tempfile.mkstemp(".tmp", ".report-", target.parent)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(text)
        Path(draft).replace(target)
    except OSError as error:
        if draft:
            Path(draft).unlink(missing_ok=True)
        msg = f"{target}: the report cannot be written ({error.strerror}); name another file"
        raise InputError(msg) from None
    return target


def report_html(case: Case, redaction: Redaction | None = None) -> str:
    """Return the case as an HTML page; with a redaction, redacted."""
    (sentence, nodes, note), rest = told(case, redaction)
    body = "".join(section_html(section, level=2) for section in rest)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{safe(TITLE)}</title>{STYLE}{_PRINT}</head><body><main class="eku">'
        f'<h1>{safe(TITLE)}</h1><p class="eku-summary"><strong>{safe(sentence)}</strong></p>'
        f"{paragraphs([nodes, note])}{body}{paragraphs([HONESTY])}</main></body></html>\n"
    )


def report_markdown(case: Case, redaction: Redaction | None = None) -> str:
    """Return the case as Markdown; with a redaction, redacted."""
    (sentence, nodes, note), rest = told(case, redaction)
    return (
        f"# {plain(TITLE)}\n\n**{plain(sentence)}**\n\n{plain(nodes)}\n\n{plain(note)}\n\n"
        f"{sections_markdown(rest)}\n{plain(HONESTY)}\n"
    )


def told(case: Case, redaction: Redaction | None) -> tuple[tuple[str, ...], list[Section]]:
    """Return the first lines (headline, nodes, note on redaction) and the sections, as printed.

    The redaction has given every pseudonym of the report then.
    """
    note = Own(HIDDEN if redaction else OPEN)
    found = (Section("first", "", (Words((*headline(case), note)),)), *sections(case))
    if redaction is not None:
        redaction.learn_from(texts(found))
        found = tuple(rewritten(found, redaction))
    first, *rest = found
    return tuple(line for part in first.parts for line in getattr(part, "lines", ())), rest
