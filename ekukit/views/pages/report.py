"""Reports: a case as one file that needs nothing else, redacted unless asked otherwise."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from ekukit.connections import HONESTY
from ekukit.diagnosis.case import Case
from ekukit.privacy.leaks import spoken
from ekukit.privacy.passed_on import redacted
from ekukit.privacy.pseudonyms import Pseudonyms
from ekukit.renewals.case_dates import DatedCase, case_dates
from ekukit.views.html import paragraphs
from ekukit.views.pages.case_names import case_name
from ekukit.views.pages.case_sections import headline, sections, sentence_html
from ekukit.views.pages.document import section_html
from ekukit.views.pages.markdown import plain, sections_markdown
from ekukit.views.pages.offline_page import kind_of, offline_page
from ekukit.whole_files import write_text

TITLE = "Expressway case: certificates and EKU"
HIDDEN = (
    "Redacted: names, addresses, users and serial numbers are pseudonyms, the same value by the "
    "same one; of dates of validity the day is told, of issuers the public ones. [… 5-8] stands "
    "for 5 to 8 characters that are not known to be harmless."
)
OPEN = "Not redacted: this file names the customer's hosts, addresses and users."


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """The text of a report, and what its pseudonyms stand for, None for one with all names."""

    text: str
    pseudonyms: Pseudonyms | None


def make_report(case: Case, kind: str, *, redact: bool = True) -> Report:
    """Return the case as one page ("html") or as Markdown ("md").

    The page has a content security policy that forbids to load anything. With `redact` it is
    rebuilt from what is known to be harmless (see `Redaction`) and searched for the archive's
    names. Raises InputError when one is found.
    """
    render = {"html": report_html, "md": report_markdown}[kind]
    dated = case_dates(case)
    if not redact:
        return Report(render(case, dated, note=OPEN), None)
    shown = redacted(case)
    text = render(shown.case, shown.dated(dated), note=HIDDEN)
    shown.secrets.refuse(spoken(text) if kind == "html" else text, f"the report ({kind})")
    return Report(text, shown.pseudonyms)


def report_body(case: Case) -> str:
    """Return a redacted report as a part of another page, its title a heading of level 2."""
    report = make_report(case, "html").text
    told = report.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return told.replace("<h1>", "<h2>").replace("</h1>", "</h2>")


def write_report(
    case: Case,
    path: str | PathLike[str],
    *,
    redact: bool = True,
    mapping: str | PathLike[str] | None = None,
) -> Path:
    """Write the case as one file, `.html` or `.md` by its ending (mode 0600), and return its path.

    See `make_report`. `mapping` names a new file for what a redacted report's pseudonyms stand
    for, written only then. An existing report is replaced, a link as well.

    Raises InputError for another ending, when a file cannot be written, or when a name is found.
    """
    target = Path(path)
    made = make_report(case, kind_of(target), redact=redact)
    if mapping is None or made.pseudonyms is None:
        write_text(target, made.text, private=True)
        return target
    made.pseudonyms.write(Path(mapping))
    try:
        write_text(target, made.text, private=True)
    except BaseException:
        Path(mapping).unlink(missing_ok=True)  # else the next try finds it in its way
        raise
    return target


def report_html(case: Case, dated: DatedCase | None = None, *, note: str = OPEN) -> str:
    """Return the case as an HTML page with a note on whether it is redacted; it is as given.

    Headline, causes and what to do stand on its first screen, all else is folded.
    """
    name = case_name(case)
    _sentence, nodes = headline(case)
    causes, *rest = (section_html(section, level=2) for section in sections(case, dated))
    title = f"{name} · {TITLE}"
    return offline_page(
        title,
        f'<p class="eku-summary">{sentence_html(case)}</p>'
        f"{causes}{paragraphs([nodes, note])}{''.join(rest)}{paragraphs([HONESTY])}",
    )


def report_markdown(case: Case, dated: DatedCase | None = None, *, note: str = OPEN) -> str:
    """Return the case as Markdown with a note on whether it is redacted; it is as given."""
    name = case_name(case)
    sentence, nodes = headline(case)
    causes, *rest = sections(case, dated)
    return (
        f"# {plain(f'{name} · {TITLE}')}\n\n**{plain(sentence)}**\n\n"
        f"{sections_markdown([causes])}\n{plain(nodes)}\n\n{plain(note)}\n\n"
        f"{sections_markdown(rest)}\n{plain(HONESTY)}\n"
    )
