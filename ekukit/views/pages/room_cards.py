"""A cause or a finding for the back row: one sentence and one thing to do, the rest folded."""

import re
from collections.abc import Iterable
from textwrap import shorten

from ekukit.causes import CauseCard
from ekukit.diagnosis.findings.finding import SIGNS, Confidence, Finding
from ekukit.facts import ledger
from ekukit.views.html import card, safe
from ekukit.views.pages.case_sections import evidence_lines, title_of
from ekukit.views.pages.cause_cards import cause_rows, folded_evidence, names_down

# Signs beside the words, so that neither color nor print decides.
SURE = {Confidence.CERTAIN: "●●●", Confidence.LIKELY: "●●○", Confidence.POSSIBLE: "●○○"}
MOST_EVIDENCE = 3
# What fits a screen in type of a twenty-fifth of its height.
_MOST_WORDS = 60
_MOST_READ = 230
_ASIDE = re.compile(
    r'(?: (?:Service|Src-ip|Src-port|Dst-ip|Dst-port|Protocol|Level|UTCTime)="[^"]*")+'
)
WHERE_AND_WHY = "Where, how sure, evidence"
ROOM_STYLE = """<style>
.eku-workshop .eku .eku-large { border-left: 0.25em solid #b3211b; padding: 0.1em 0.5em;
  font-size: max(4vh, 1.15em); line-height: 1.25; }
.eku-workshop .eku .eku-large > p { margin: 0.25em 0; max-width: none; }
.eku-workshop .eku .eku-large > p.eku-what { font-weight: 700; margin-top: 0; }
.eku-workshop .eku .eku-large .eku-then { white-space: nowrap; }
.eku-workshop .eku .eku-large > details { font-size: 0.72em; }
</style>"""


def room_cause(cause: CauseCard, *, among: Iterable[CauseCard] = ()) -> str:
    """Return a cause as a card of at most sixty words, where and how sure behind a button."""
    rows = [row for row in cause_rows(cause, among) if row[0] not in {"To do", "Brings down"}]
    rest = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in rows if words)
    number = f'<span class="eku-number">{cause.number}</span> '
    lines = [("To do", cause.todo)]
    return _large(
        f"{number}{safe(cause.what)}",
        lines,
        f"<dl>{rest}</dl>{folded_evidence(cause)}",
        f"<p><b>Brings down</b> {names_down(cause)}</p>",
        _words(cause.what),
    )


def room_finding(found: Finding) -> str:
    """Return a finding as such a card: how bad, how sure, its first sentence, what to do first.

    At most MOST_EVIDENCE pieces of evidence, each with its place.
    """
    how = f"{SIGNS[found.severity]} {found.severity.value} · {SURE[found.confidence]} "
    head = f"{how}{found.confidence.value}"
    pairs: list[tuple[str, object]] = [
        ("What", title_of(found)),
        ("Found", found.found),
        ("Required", found.required),
        ("To do", found.todo),
    ]
    if found.decide:
        pairs.append(("What decides", found.decide))
    shown = tuple(map(_read, evidence_lines(found.evidence, MOST_EVIDENCE)))
    pairs += [
        ("Evidence", shown or "the rule alone"),
        ("Sources", ", ".join(map(_source, found.facts)) or "none"),
    ]
    first = _first(found.todo)
    return _large(safe(found.first), [("To do", first)], card(pairs), f"<p>{safe(head)}</p>",
                  _words(found.first))  # fmt: skip


def large_card(
    what: str, told: str = "", below: str = "", rest: str = "", folded: str = WHERE_AND_WHY
) -> str:
    """Return a card of fragments: its sentence, the lines under it, `rest` behind a button."""
    behind = f"<details><summary>{folded}</summary>{rest}</details>" if rest else ""
    return (
        f'{ROOM_STYLE}<div class="eku-large"><p class="eku-what">{what}</p>{told}{below}'
        f"{behind}</div>"
    )


def _large(what: str, lines: Iterable[tuple[str, str]], rest: str, below: str, used: int) -> str:
    """Return a card; `used` words stand in its sentence, which leaves the others for the lines."""
    told = "".join(
        f"<p><b>{name}</b> {safe(_cut(words, _MOST_WORDS - used))}</p>" for name, words in lines
    )
    return large_card(what, told, below, rest)


def _words(text: str) -> int:
    return len(text.split())


def _cut(text: str, most: int) -> str:
    """Return whole sentences of at most so many words, the first one in any case."""
    shown = ""
    for sentence in re.split(r"(?<=\.) ", text):
        if shown and _words(f"{shown} {sentence}") > most:
            return f"{shown} …"
        shown = f"{shown} {sentence}".strip()
    return shown


def _first(text: str) -> str:
    return re.split(r"(?<=\.) ", text)[0]


def _read(line: str) -> str:
    """Return evidence without what a log line says of ends and times; … where something is out."""
    return shorten(_ASIDE.sub(" …", line), _MOST_READ, placeholder=" …")


def _source(name: str) -> str:
    fact = ledger().get(name)
    return f"{name} ({fact.status.value})" if fact else name
