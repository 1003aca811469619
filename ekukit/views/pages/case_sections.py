"""What a person sees of a case, section by section; the panel and the report show the same."""

from collections.abc import Iterator

from ekukit.account import folded
from ekukit.connections import HONESTY
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.findings.codes import CODES
from ekukit.diagnosis.findings.finding import SIGNS, Finding
from ekukit.diagnosis.rebuild.given_deployment import STAND_IN
from ekukit.facts import ledger
from ekukit.frames import frame_of
from ekukit.privacy.case_texts import rewritten_case
from ekukit.views.figures.timeline import timeline_svg
from ekukit.views.pages.document import Card, Grid, Section, Words
from ekukit.views.tables import case_frames as case_tables

# Signs beside the words, so that neither color nor print decides.
# More evidence than this convinces nobody; all of it is in the finding itself.
_MOST_EVIDENCE = 6
OVERVIEW_COLUMNS = ("", "Severity", "Confidence", "What", "Found", "Code")


def sections(case: Case) -> tuple[Section, ...]:
    """Return the sections of a case in the order in which they are read; names are PARTS.

    When all files lie in one archive its name is said once, not beside each file.
    """
    case = without_outer_name(case)
    return (
        findings(case),
        Section("states", "Zones and tunnels: observed against predicted", _states(case)),
        Section("inventory", "Certificate inventory", _inventory(case)),
        Section("timeline", "What happened when", _timeline(case)),
        Section("handshakes", "Handshakes in the captures", _handshakes(case)),
        Section("configuration", "Configuration that matters", _configuration(case)),
        Section("unread", "What is not known", _not_known(case)),
    )


PARTS = ("findings", "states", "inventory", "timeline", "handshakes", "configuration", "unread")


def outer_name(case: Case) -> str:
    """Return what stands before every file's name, such as "case.tar.gz: ", "" for nothing."""
    files = list(map(str, case.archive.members["file"]))
    before = {file.rpartition(": ")[0] for file in files}
    return f"{before.pop()}: " if len(before) == 1 and all(": " in file for file in files) else ""


def without_outer_name(case: Case) -> Case:
    """Return the case to be shown, without what stands before every file's name."""
    outer = outer_name(case)
    return rewritten_case(case, lambda text, _said: text.replace(outer, "")) if outer else case


def headline(case: Case) -> tuple[str, str]:
    """Return the case in one sentence, and which nodes of what release it is about."""
    nodes = "; ".join(
        f"{node.host or 'a node without a name'}: "
        f"{node.role.value if node.role else 'Core or Edge not known'}, "
        f"{node.release.value if node.release else 'release not known'}, EKU checking mode "
        f"{node.mode.value if node.mode else 'not known'}"
        for node in case.nodes
    )
    return case.headline, nodes or "no node is named in the files"


def findings(case: Case) -> Section:
    """Return the findings: an overview, then each with its evidence and its sources."""
    cards = [_card(place, found) for place, found in enumerate(case.findings, 1)]
    rows = [
        (
            place,
            f"{SIGNS[found.severity]} {found.severity.value}",
            found.confidence.value,
            title_of(found),
            found.found,
            found.code,
        )
        for place, found in enumerate(case.findings, 1)
    ]
    overview = frame_of(rows, OVERVIEW_COLUMNS)
    caption = "All findings, the worst first" if rows else "No finding"
    return Section("findings", "Findings", (*cards[:1], Grid(overview, caption), *cards[1:]))


def title_of(found: Finding) -> str:
    """Return a finding's title, its code when no table has one."""
    row = CODES.get(found.code)
    return row.title if row else found.code


def _card(place: int, found: Finding) -> Card:
    title = f"{place}. {SIGNS[found.severity]} {found.severity.value}: {title_of(found)}"
    pairs: list[tuple[str, object]] = [
        ("Found", found.found),
        ("Required", found.required),
        ("To do", found.todo),
    ]
    if found.decide:
        pairs.append(("What would decide", found.decide))
    pairs += [
        ("Confidence", found.confidence.value),
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
