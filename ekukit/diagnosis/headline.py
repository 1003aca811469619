"""The case in one plain sentence: which certificate, which check, which node, what to do."""

from collections.abc import Iterable

from ekukit.connections import CATALOG, Outcome, Side, State
from ekukit.diagnosis.finding import Confidence, Finding, Severity

_TITLES = {row.id: row.title for row in CATALOG}
_PREFIX = {
    Confidence.CERTAIN: "",
    Confidence.LIKELY: "Likely: ",
    Confidence.POSSIBLE: "Possibly: ",
}


def headline(findings: Iterable[Finding], predicted: Iterable[Outcome]) -> str:
    """Return the sentence for ranked findings.

    What fails for one cause is named together; what will break or is weak comes only when nothing
    is broken.
    """
    found = list(findings)
    broken = [finding for finding in found if finding.severity is Severity.BROKEN]
    if broken:
        return _broken(broken)
    states = {outcome.connection: outcome.state for outcome in predicted}
    sure = states.get("uc-zone") is State.ACTIVE and states.get("ssh-tunnel") is State.ACTIVE
    start = (
        "Nothing is broken in what this archive shows."
        if sure
        else "Nothing broken was found, but the archive does not show enough to be sure."
    )
    next_ = next((f for f in found if f.severity is not Severity.NOTE), None)
    return f"{start} {_sentence(next_)}" if next_ else start


def _broken(broken: list[Finding]) -> str:
    first = broken[0]
    _, _, cause = first.code.partition(".")
    same = [f for f in broken if f.code.partition(".")[2] == cause]
    if first.confidence is not Confidence.POSSIBLE:
        same = [f for f in same if f.confidence is not Confidence.POSSIBLE]
    titles = [
        _TITLES[f.code.partition(".")[0]] for f in same if f.code.partition(".")[0] in _TITLES
    ]
    text = _sentence(first)
    if len(set(titles)) > 1:
        own, _, rest = text.partition(": ") if not _PREFIX[first.confidence] else ("", "", "")
        if own == titles[0]:
            *most, last = dict.fromkeys(titles)
            text = f"{', '.join(most)} and {last} fail: {rest}"
    others = len(_causes(broken)) - 1
    more = f" ({others} more broken thing{'s' * (others > 1)} below.)" if others else ""
    return f"{text}{more}"


def _causes(broken: Iterable[Finding]) -> set[str]:
    """Return the causes; what a certificate's own finding says again is not another one."""
    causes = {f.code.partition(".")[2] for f in broken}
    return {one for one in causes if not causes & {f"{side.value}-{one}" for side in Side}}


def _sentence(finding: Finding) -> str:
    found = finding.found.split(". ")[0].removesuffix(".")
    todo = finding.todo.split(". ")[0].removesuffix(".")
    return f"{_PREFIX[finding.confidence]}{found}. {todo}."
