"""The case in one plain sentence: which certificate, which check, which node, what to do."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ekukit.causes.system_words import listed
from ekukit.connections import Outcome, Side, State
from ekukit.connections.catalog import ROWS, Place
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.findings.directories import FAILED as DIRECTORY_FAILED
from ekukit.diagnosis.findings.directories import REFUSED as DIRECTORY_REFUSED
from ekukit.diagnosis.findings.failures import OF_STRANGER
from ekukit.diagnosis.findings.finding import SEEN, Confidence, Finding, Severity
from ekukit.diagnosis.findings.tool_results import ALERT as TEST_ALERT
from ekukit.diagnosis.findings.tool_results import REFUSED as TEST_REFUSED
from ekukit.diagnosis.findings.tool_results import WROTE
from ekukit.log.words import Fate

_PREFIX = {
    Confidence.CERTAIN: "",
    Confidence.LIKELY: "Likely: ",
    Confidence.POSSIBLE: "Possibly: ",
}
NOT_UNDERSTOOD, TWO_SYSTEMS = "log.not-understood", "archive.two-systems"
LOOSE = "archive.loose-certificates"
_NOTHING = "Nothing is broken in what this archive shows."
_FOLLOWS = "That follows from certificates and settings: Core and Edge were not seen to connect."
_UNSURE = "Nothing broken was found, but the archive does not show enough to be sure."
_UNPLACED = "Something failed that the kit cannot place."
_NOT_JUDGED = "A connection failed that is none of those that the kit judges."
# A cause, and the place whose certificate is to blame.
Fault = tuple[str, Place | None]
# How many tries of a connection were refused, and how many ended badly in another way.
Failures = Mapping[str, Mapping[Fate, int]]
_FAILED = (Fate.REFUSED, Fate.DENIED, Fate.UNREACHED, Fate.FAILED)
_FAMILIES = {"tunnel": "ssh-tunnel", "zone": "uc-zone"}


def headline(
    findings: Iterable[Finding],
    predicted: Iterable[Outcome],
    unread: Sequence[str] = (),
    failures: Failures | None = None,
    *,
    worked: bool = True,
) -> str:
    """Return the sentence for ranked findings.

    `unread` are the parts that were not read and could matter: with one of them it is never said
    that nothing is broken. `failures` are those of `failures_seen`: what was seen is told apart
    from what follows; `worked` says whether a zone or tunnel was seen to work, without which that
    nothing is broken is told as what follows. What fails for one cause by one node's certificate
    is named together; what will break or is weak comes only when nothing is broken.
    """
    found = list(findings)
    broken = [finding for finding in found if finding.severity is Severity.BROKEN]
    warning = _warning(found)
    if broken:
        gap = f" Beware: {_gap(unread)}" if unread else ""
        return f"{_broken(broken, failures or {})}{warning}{gap}"
    states = {outcome.connection: outcome.state for outcome in predicted}
    sure = states.get("uc-zone") is State.ACTIVE and states.get("ssh-tunnel") is State.ACTIVE
    if states:
        found = [finding for finding in found if finding.code != LOOSE]
    said = (_NOTHING if worked else f"{_NOTHING} {_FOLLOWS}") if sure else ""
    return _not_broken(found, _gap(unread), warning, said)


def _not_broken(found: list[Finding], gap: str, warning: str, sure: str) -> str:
    """Return the sentence where nothing is broken that the kit knows.

    `gap` was not read; `sure` says that nothing is broken, "" where that is not known.
    """
    start = sure or _UNSURE
    if gap:
        start = f"Nothing broken was found, but {gap}"
    weak = [f for f in found if f.severity is not Severity.NOTE]
    outside, words = next(
        ((f, words) for fits, *words in _OUTSIDE for f in weak if fits(f)), (None, [])
    )
    if outside is not None and not gap:
        start = words[sure != _NOTHING]
    puzzle = next((f for f in found if f.code == NOT_UNDERSTOOD), None)
    known = (puzzle, *filter(is_refused_caller, weak))
    unplaced = next((f for f in weak if f.code.startswith("log.") and f not in known), None)
    if unplaced is not None:
        start = _NOT_JUDGED if _is_unreached(unplaced) else _UNPLACED
    if puzzle is not None:
        lines = puzzle.found.split(".")[0]
        start = f"No broken thing that the kit knows was found, but: {_lower(lines)}."
    if gap not in start:
        warning += f" {gap[:1].upper()}{gap[1:]}"
    loose = next((f for f in found if f.code == LOOSE and not (weak or gap or puzzle)), None)
    if loose is not None:
        start = f"Nothing broken was found, but {_lower(loose.first)}"
    rest = (f for f in weak if f.code not in (NOT_UNDERSTOOD, TWO_SYSTEMS))
    next_ = unplaced or outside or next(rest, None)
    # What is told already is not told again.
    alone = puzzle or loose
    said = _sentence(next_) if next_ else alone and _todo(alone)
    return f"{start} {said}{warning}" if said else f"{start}{warning}"


def is_refused_caller(found: Finding) -> bool:
    """Return whether somebody was seen to be refused of whom nothing tells who it is.

    A node of the case that failed and connected later is none.
    """
    seen = OF_STRANGER in found.found and any(e.kind in SEEN for e in found.evidence)
    unsure = found.confidence is Confidence.POSSIBLE and found.severity is Severity.WEAK
    return unsure and seen and found.code.partition(".")[0] in (*ROWS, "log")


def _is_unreached(found: Finding) -> bool:
    return found.code.endswith(".unreached")


def _is_directory(found: Finding) -> bool:
    return found.code in (DIRECTORY_FAILED, DIRECTORY_REFUSED)


_TOGETHER = "Core and Edge work together in what this archive shows; {}."
_ALONE = "{}; nothing else broken was found."
_TEST = "Nothing broken was found in the archive, but a test that somebody ran failed."
# What failed that breaks nothing between Core and Edge, the first that is found: with which words
# where these were seen to work together, and where not. That nothing is broken would need proof of
# who a caller was; somebody else's host may be down.
_OUTSIDE: tuple[tuple[Callable[[Finding], bool], str, str], ...] = (
    (is_refused_caller,
     _TOGETHER.format("a connection with a caller whom it does not name failed"),
     _ALONE.format("A connection with a caller whom the archive does not name failed")),
    (_is_unreached, _TOGETHER.format("a far end was not reached"),
     _ALONE.format("A far end was not reached")),
    (_is_directory, _TOGETHER.format("a directory server could not be used"),
     _ALONE.format("A directory server could not be used")),
    (lambda found: found.code in (TEST_ALERT, TEST_REFUSED), _TEST, _TEST),
    (lambda found: found.code == WROTE,
     _TOGETHER.format("a line of another program tells of TLS that failed"),
     _ALONE.format("A line of another program tells of TLS that failed")),
)  # fmt: skip


def failures_seen(seen: Seen) -> Failures:
    """Return by connection how many tries failed in log, captures and pasted pages, and how."""
    found: dict[str, Counter[Fate]] = {}
    for one in seen.tries:
        if one.fate in _FAILED:
            found.setdefault(seen.name(one), Counter())[one.fate] += 1
    for row in seen.rows:
        if row.state is State.FAILED:
            found.setdefault(row.connection, Counter())[Fate.FAILED] += 1
    return found


def _gap(unread: Sequence[str]) -> str:
    """Return the first part that was not read, and how many more; "" when all was read."""
    if not unread:
        return ""
    more = f" (and {len(unread) - 1:,} more)" if len(unread) > 1 else ""
    return f"part of the archive could not be read: {unread[0].removesuffix('.')}{more}."


def _warning(found: Iterable[Finding]) -> str:
    """Return what makes the whole case doubtful: files of systems that have nothing in common."""
    apart = next((f for f in found if f.code == TWO_SYSTEMS), None)
    return f" Beware: {_lower(apart.found.split('. ')[0].removesuffix('.'))}." if apart else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _broken(broken: list[Finding], failures: Failures) -> str:
    first = broken[0]
    same = [found for found in broken if _fault(found) == _fault(first)]
    if first.confidence is not Confidence.POSSIBLE:
        same = [f for f in same if f.confidence is not Confidence.POSSIBLE]
    rows = (ROWS.get(found.code.partition(".")[0]) for found in same)
    titles = [row.title for row in rows if row is not None]
    text = _sentence(first, _seen_or_follows(same, failures))
    if len(set(titles)) > 1:
        own, _, rest = text.partition(": ")
        if own == titles[0]:
            text = f"{listed(dict.fromkeys(titles))} fail: {rest}"
    others = len(_faults(broken)) - 1
    more = f" ({others} more broken thing{'s' * (others > 1)} below.)" if others else ""
    return f"{text}{more}"


def _seen_or_follows(same: Iterable[Finding], failures: Failures) -> str:
    """Return which connections were seen to fail, how often, and which only follow to."""
    seen, follows = {}, {}
    for found in same:
        family = found.code.partition(".")[0]
        name = _FAMILIES.get(family, family)
        if name not in ROWS:
            continue
        if any(e.kind in SEEN for e in found.evidence):
            seen[ROWS[name].title] = _often(failures.get(name, {}))
        else:
            follows[ROWS[name].title] = ""
    if not seen:
        told = f"follows: {', '.join(follows)}" if len(follows) > 1 else "it follows"
        return f"Not seen in these files; {told}." if follows else ""
    if len({*seen, *follows}) == 1:
        return f"Seen: {next(iter(seen.values()))}."
    told = ", ".join(f"{title} {often}" for title, often in seen.items())
    rest = [title for title in follows if title not in seen]
    then = f"; follows: {', '.join(rest)}" if rest else ""
    return f"Seen: {told}{then}."


def _often(failures: Mapping[Fate, int]) -> str:
    """Return how often a connection was refused, else how often it failed otherwise."""
    refused = failures.get(Fate.REFUSED, 0)
    number, word = (refused, "refused") if refused else (sum(failures.values()), "failed")
    times = {0: "", 1: " once", 2: " twice"}.get(number, f" {number:,} times")
    return f"{word}{times}"


def _fault(found: Finding) -> Fault:
    """Return the cause, and whose certificate is to blame: one fault needs one cure."""
    name, _, cause = found.code.partition(".")
    row = ROWS.get(name)
    presenters = {"client": row.initiator, "server": row.responder} if row else {}
    return cause, presenters.get(cause.partition("-")[0])


def _faults(broken: Iterable[Finding]) -> set[Fault]:
    """Return the faults; what a certificate's own finding says again is not another one."""
    faults = {_fault(found) for found in broken}
    causes = {cause for cause, _ in faults}
    again = {cause for cause in causes if causes & {f"{side.value}-{cause}" for side in Side}}
    return {(cause, whose) for cause, whose in faults if cause not in again}


def _sentence(finding: Finding, shown: str = "") -> str:
    alone = replace(finding, others=0) if finding.severity is Severity.BROKEN else finding
    said = " ".join(filter(None, (alone.first, shown, _todo(finding))))
    return f"{_PREFIX[finding.confidence]}{said}"


def _todo(finding: Finding) -> str:
    return f"{finding.todo.split('. ')[0].removesuffix('.')}."
