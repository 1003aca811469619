"""One finding on a screen: how bad, how sure, what was found, and the words that show it."""

import re
from textwrap import shorten

from ekukit.diagnosis.findings.finding import SIGNS, Confidence, Finding
from ekukit.facts import ledger
from ekukit.views.html import card
from ekukit.views.pages.case_sections import evidence_lines, title_of

# Signs beside the words, so that neither color nor print decides.
SURE = {Confidence.CERTAIN: "●●●", Confidence.LIKELY: "●●○", Confidence.POSSIBLE: "●○○"}
MOST_EVIDENCE = 3
_MOST_SAID, _MOST_READ = 400, 230
_ASIDE = re.compile(
    r'(?: (?:Service|Src-ip|Src-port|Dst-ip|Dst-port|Protocol|Level|UTCTime)="[^"]*")+'
)


def finding_html(found: Finding) -> str:
    """Return a finding as a card to be read from the back row.

    At most MOST_EVIDENCE pieces of evidence, each with its place; long texts are cut.
    """
    title = (
        f"{SIGNS[found.severity]} {found.severity.value} · "
        f"{SURE[found.confidence]} {found.confidence.value} · {title_of(found)}"
    )
    pairs: list[tuple[str, object]] = [
        ("Found", _short(found.found)),
        ("Required", _short(found.required)),
        ("To do", _short(found.todo)),
    ]
    if found.decide:
        pairs.append(("What decides", _short(found.decide)))
    shown = tuple(map(_read, evidence_lines(found.evidence, MOST_EVIDENCE)))
    pairs += [
        ("Evidence", shown or "the rule alone"),
        ("Sources", ", ".join(map(_source, found.facts)) or "none"),
    ]
    return card(pairs, title)


def _short(text: str) -> str:
    return shorten(text, _MOST_SAID, placeholder=" …")


def _read(line: str) -> str:
    """Return evidence without what a log line says of ends and times; … where something is out."""
    return shorten(_ASIDE.sub(" …", line), _MOST_READ, placeholder=" …")


def _source(name: str) -> str:
    fact = ledger().get(name)
    return f"{name} ({fact.status.value})" if fact else name
