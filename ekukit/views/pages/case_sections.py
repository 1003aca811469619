"""What a person sees of a case, section by section; the panel and the report show the same."""

import re
from collections.abc import Iterator

from ekukit.account import folded
from ekukit.connections import HONESTY
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.findings.codes import CODES
from ekukit.diagnosis.findings.finding import SIGNS, Finding, Severity
from ekukit.diagnosis.rebuild.given_deployment import STAND_IN
from ekukit.facts import ledger
from ekukit.renewals.case_dates import DatedCase, case_dates
from ekukit.views.figures.timeline import timeline_svg
from ekukit.views.html import paragraphs, safe
from ekukit.views.pages.calendar_page import calendar_section
from ekukit.views.pages.case_names import case_name, outer_name, without_outer_name
from ekukit.views.pages.document import Card, Causes, Grid, Section, Words
from ekukit.views.tables import case_frames as case_tables

# Signs beside the words, so that neither color nor print decides.
# More evidence than this convinces nobody; all of it is in the finding itself.
_MOST_EVIDENCE = 6
# Where a headline goes on to how it is known.
_SEEN = re.compile(r"( (?:Seen|Not seen in these files)[:;])")
# Further causes are folded: what is to do first stands on the first screen.
MOST_CAUSES = 2


def sections(case: Case, dated: DatedCase | None = None) -> tuple[Section, ...]:
    """Return the sections of a case in the order in which they are read; names are PARTS.

    Causes stand open and have no title, all else is folded. When all files lie in one archive its
    name is said once, not beside each file. `dated` is the calendar, made of the case without it.
    """
    breaks = calendar_section(dated or case_dates(case))
    case = without_outer_name(case)
    return (
        Section("causes", "", (Causes(case.causes, MOST_CAUSES),)),
        findings(case),
        breaks,
        Section("states", "Zones and tunnels: observed against predicted", _states(case)),
        Section("inventory", "Certificate inventory", _inventory(case)),
        Section("timeline", "What happened when", _timeline(case)),
        Section("handshakes", "Handshakes in the captures", _handshakes(case)),
        Section("configuration", "Configuration that matters", _configuration(case)),
        Section("unread", "What is not known", _not_known(case)),
    )


PARTS = (
    "causes", "findings", "calendar", "states", "inventory", "timeline", "handshakes",
    "configuration", "unread",
)  # fmt: skip


def headline(case: Case) -> tuple[str, str]:
    """Return the case in one sentence, and which nodes of what release it is about."""
    nodes = "; ".join(
        f"{node.host or 'a node without a name'}: "
        f"{node.role.value if node.role else 'Core or Edge not known'}, "
        f"{node.release.value if node.release else 'release not known'}, EKU checking mode "
        f"{node.mode.value if node.mode else 'not known'}"
        for node in case.nodes
    )
    # The name of the one archive stands beside it.
    return case.headline.replace(outer_name(case), ""), nodes or "no node is named in the files"


def headline_html(case: Case) -> str:
    """Return which case it is, what is wrong in it, and its nodes, as escaped HTML."""
    _sentence, nodes = headline(case)
    return (
        f'<p class="eku-summary" role="status">{safe(case_name(case))}<br>{sentence_html(case)}</p>'
        f"{paragraphs([nodes])}"
    )


def sentence_html(case: Case) -> str:
    """Return the headline as escaped HTML: what is wrong stands out, the rest follows it."""
    sentence, _nodes = headline(case)
    wrong, seen, rest = _SEEN.split(sentence, maxsplit=1) if _SEEN.search(sentence) else (
        sentence, "", "")  # fmt: skip
    return f"<strong>{safe(wrong)}</strong>{safe(seen)}{safe(rest)}"


def findings(case: Case) -> Section:
    """Return the findings, the worst first, each with its evidence and its sources."""
    cards = tuple(_card(place, found) for place, found in enumerate(case.findings, 1))
    broken = sum(found.severity is Severity.BROKEN for found in case.findings)
    told = f" ({len(cards)}, {broken} of them broken)" if broken else f" ({len(cards)})"
    return Section("findings", f"Findings{told}", cards or (Words(("No finding.",)),))


def title_of(found: Finding) -> str:
    """Return a finding's title, its code when no table has one."""
    row = CODES.get(found.code)
    return row.title if row else found.code


def _card(place: int, found: Finding) -> Card:
    title = (
        f"{place}. {SIGNS[found.severity]} {found.severity.value}, {found.confidence.value}: "
        f"{title_of(found)}"
    )
    pairs: list[tuple[str, object]] = [
        ("Found", found.found),
        ("Required", found.required),
        ("To do", found.todo),
    ]
    if found.decide:
        pairs.append(("What would decide", found.decide))
    pairs += [
        ("Evidence", evidence_lines(found.evidence) or "the rule alone"),
        ("Sources", tuple(map(_fact, found.facts))),
        ("Code", f"{found.code} (by {found.engine.value}, {found.basis.value})"),
    ]
    return Card(title, tuple(pairs))


def evidence_lines(evidence: tuple[Evidence, ...], most: int = _MOST_EVIDENCE) -> tuple[str, ...]:
    """Return the first pieces of each kind; the kinds take turns, so that none is left out.

    After at most `most` lines another one says how many are left out.
    """
    turns = {piece: sum(other.kind is piece.kind for other in evidence[:place])
             for place, piece in enumerate(evidence)}  # fmt: skip
    chosen = set(sorted(turns, key=lambda piece: turns[piece])[:most])
    shown = []
    for found in (piece for piece in turns if piece in chosen):
        store = f", {found.store} store" if found.store else ""
        shown.append(f"► {found.where}{store} ({found.kind.value}): {found.text}")
    left_out = len(turns) - len(shown)
    return (*shown, *([f"and {left_out} more, in the finding itself"] if left_out else []))


def _fact(name: str) -> str:
    fact = ledger().get(name)
    return f"{name} ({fact.status.value}): {fact.claim}" if fact else name


def _states(case: Case) -> tuple[Grid | Words, ...]:
    note = Words((STAND_IN, HONESTY))
    return Grid(case_tables.states_table(case), "What was seen, and what handshakes say"), note


def _inventory(case: Case) -> tuple[Grid, ...]:
    return (
        Grid(case_tables.inventory_table(case.certificates), "Certificates of the nodes"),
        Grid(case_tables.trust_table(case.archive.certificates), "Trusted CA lists"),
    )


def _timeline(case: Case) -> tuple[Grid | Words, ...]:
    table = case_tables.timeline_table(case.timeline)
    left_out = len(case.timeline) - len(table)
    lines = (f"{left_out} further events are in the table from Python.",) if left_out else ()
    return Grid(table, "Events that matter, in UTC", timeline_svg), Words(lines)


def _handshakes(case: Case) -> tuple[Grid | Words, ...]:
    table = case_tables.handshake_table(case.handshakes)
    left_out = len(case.handshakes) - len(table)
    lines = (f"{left_out} further handshakes are in the table from Python.",) if left_out else ()
    return Grid(table, "Who presented what; packets as Wireshark counts them"), Words(lines)


def _configuration(case: Case) -> tuple[Grid, ...]:
    return (Grid(case_tables.configuration_table(case.configuration), "Settings"),)


def _not_known(case: Case) -> tuple[Words, ...]:
    return tuple(Words(lines, strong=strong) for lines, strong in _told(case) if lines)


def _told(case: Case) -> Iterator[tuple[tuple[str, ...], bool]]:
    yield ("Not in the files, and what is assumed instead:",), True
    yield case.unknown or ("Nothing that the states depend on.",), False
    yield ("Not read:",), True
    yield folded(case.unread) or ("Everything was read.",), False
    if case.reading:
        yield ("What was given, and what became of it:",), True
        yield case.reading, False
    if case.keys:
        yield ("Private keys, which belong in no archive (never shown here):",), True
        yield case.keys, False
