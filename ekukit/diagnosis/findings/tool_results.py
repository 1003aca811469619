"""What test tools and other programs say, as findings: none of it is Expressway's own verdict."""

from collections.abc import Iterable

from ekukit.connections import Cause
from ekukit.connections.reasons import CAUSES
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.refusal_sentences import NO_PORT, filled
from ekukit.diagnosis.findings.finding import Draft
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.log.tool_output import ToolOutput, ToolResult, ToolSays
from ekukit.log.troubles import TROUBLES

REFUSED, ALERT, WROTE = "test.refused", "test.alert", "program.wrote"
_CODES = {ToolSays.REFUSED: REFUSED, ToolSays.ALERT: ALERT, ToolSays.VERIFIED: "test.verified",
          ToolSays.PRINTED: "test.printed", ToolSays.WROTE: WROTE}  # fmt: skip
_MOST_SHOWN = 200
_OWN_CAS = " It judged with the CAs of the machine where it ran, not with those of a node."
_OTHER = "{judge} refused {which}"
_ENDED = (
    "{judge}: {server} ended the handshake by an alert ({words}). A server that demands a client "
    "certificate refuses every test that shows none."
)
_PASSED = "{judge} verified {which} ({words}), with the CAs of the machine where it ran."
_IN_WORDS = "{judge} printed {which} in words: {words}."


def add_tool_results(gathered: Gathered, outputs: Iterable[ToolOutput]) -> None:
    """Add what tools say; who was tested against what their output does not tell."""
    for output in outputs:
        for one in output.results:
            shown = Evidence(EvidenceKind.PASTED, output.file, one.words, line=one.line)
            gathered.add(Draft(_CODES[one.says], _text(one), [shown]))


def _wrote(one: ToolResult) -> str:
    """Return what a line of another program says, as that program saw it."""
    meaning, other = one.meaning, one.whose or "the other end"
    if meaning is None:
        return f'{one.tool} wrote "{one.words}".'
    judge, shows = (other, one.tool) if meaning.received else (one.tool, other)
    words = {
        "judge": judge, "which": f"{shows}'s certificate", "who": shows, "ekus": "",
        "name": "that was called", "near": one.tool, "far": other, "client": one.tool,
        "server": other, "port": NO_PORT, "store": "own", "page": "", "list": "",
    }  # fmt: skip
    row, cause = meaning.row, meaning.cause
    template = row.said if row is not None and row.said else CAUSES[cause].said
    if cause is Cause.OTHER and meaning.trouble is not None and not (row and row.said):
        template = TROUBLES[meaning.trouble].said
    return f'A line of {one.tool} says: {filled(template, words)} ("{one.words[:_MOST_SHOWN]}").'


def _text(one: ToolResult) -> str:
    if one.says is ToolSays.WROTE:
        return _wrote(one)
    words = {
        "judge": f"A test with {one.tool}", "words": one.words,
        "which": f"{one.whose}'s certificate" if one.whose else "a certificate",
        "server": one.whose or "the server", "ekus": "", "name": "that was called",
        "who": one.whose or "the server",
    }  # fmt: skip
    if one.says is ToolSays.REFUSED:
        cause = one.meaning.cause if one.meaning is not None else Cause.OTHER
        template = _OTHER if cause is Cause.OTHER else CAUSES[cause].said
        own = _OWN_CAS if cause is Cause.UNTRUSTED else ""
        return f"{template.format(**words)} ({one.words}).{own}"
    return {ToolSays.ALERT: _ENDED, ToolSays.VERIFIED: _PASSED, ToolSays.PRINTED: _IN_WORDS}[
        one.says
    ].format(**words)
