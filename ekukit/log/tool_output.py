"""What test tools print: openssl, curl, nmap and keytool, as engineers paste it.

And lines of other programs (`ekukit.log.program_lines`). A tool judges with the CAs, the clock and
the certificates of the machine where it ran. Read are the lines below and nothing else: a session's
keys stand in such output, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ekukit.log.changed_lines import QUOTED
from ekukit.log.meanings import Meaning, alert_meaning, meaning_of
from ekukit.log.program_lines import program_lines

_MOST_LINES, _MOST_TEXT, _MOST_PRINTED, _MOST_RESULTS = 20_000, 300, 1000, 16


class ToolSays(StrEnum):
    """What a line of a tool tells of a certificate."""

    VERIFIED = "verified"
    REFUSED = "refused"
    ALERT = "alert"
    PRINTED = "printed"
    WROTE = "wrote"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A line that tells how a test ended: which tool, whose certificate, the words, their meaning.

    `whose` is a common name or address, "" where the tool names none; `line` counts from 1.
    """

    tool: str
    says: ToolSays
    whose: str
    words: str
    line: int
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """The results in one file or pasted text."""

    file: str
    results: tuple[ToolResult, ...]


# Which tool wrote a text, told by lines that no log has.
_TOOLS = (
    ("openssl", re.compile(
        r"^(?:CONNECTED\([0-9A-F]{8}\)|verify (?:error:num=|return:)\d|Verify return code: \d"
        r"|depth=\d+ |error \d+ at \d+ depth lookup|Certificate:\s*$|X509v3 extensions:\s*$"
        r"|Verification(?: error)?: )", re.MULTILINE)),
    ("curl", re.compile(r"^(?:curl: \(\d+\) |\* +(?:SSL[: ]|TLSv1|SSLv3|ALPN))", re.MULTILINE)),
    ("nmap", re.compile(r"^\|[ _]ssl-cert: ", re.MULTILINE)),
    ("keytool", re.compile(r"^(?:Owner: .*\n(?:Issuer: )|Certificate\[\d+\]:)", re.MULTILINE)),
)  # fmt: skip
_REFUSED = (
    re.compile(r"^verify error:num=\d+:(.+)"),
    re.compile(r"^error \d+ at \d+ depth lookup: ?(.+)"),
    re.compile(r"^Verification error: (.+)"),
    re.compile(r"^\s*Verify return code: [1-9]\d* \((.+)\)"),
    re.compile(r"^\* SSL certificate problem: (.+)"),
    re.compile(r"^curl: \((?:51|60)\) (.+)"),
    re.compile(r"^\* +SSL: (.+(?:does not match|matches target).+)"),
)
_VERIFIED = (
    re.compile(r"^\s*Verify return code: 0 \(ok\)"),
    re.compile(r"^\S+: OK$"),
    re.compile(r"^\* +SSL certificate verify ok"),
)
# curl prints level and number of an alert as one number.
_CURL_ALERT = re.compile(r"^\* +(?:TLSv1\.\d|SSLv3|TLS) \(IN\), TLS alert, .{1,60}\((\d{3})\)")
_OPENSSL_ALERT = re.compile(r":SSL routines:.*\balert\b")
_WHOSE = (
    re.compile(r"^(?:subject=|depth=0 | ?0 s:).*?\bCN ?= ?([^,/\n]{1,255})", re.MULTILINE),
    re.compile(r"^\* +Connected to (\S{1,255}) \(", re.MULTILINE),
    re.compile(r"commonName=([^/\n]{1,255})"),
    re.compile(r"^\s*(?:Subject:|Owner:).*?\bCN ?= ?([^,/\n]{1,255})", re.MULTILINE),
)
# A certificate in words: each tool's own names of who, from whom, until when and what for.
_PRINTED = re.compile(
    r"^[|_ \t]*(?:ssl-cert: )?(?:"
    r"(?:Subject|Owner): .+|Issuer: .+|Not (?:After|valid after) ?: .+|Valid from: .+"
    r"|TLS Web (?:Server|Client) Authentication.*|serverAuth.*|clientAuth.*)$"
)


def tool_of(text: str) -> str:
    """Return which tool printed a text, "" where none of those that are read did."""
    return next((tool for tool, signs in _TOOLS if signs.search(text)), "")


def tool_output(text: str, file: str) -> ToolOutput:
    """Return what tools say in a text, in the order of its lines, each thing once.

    A certificate that is printed in words is one result, since words cannot be verified.
    """
    # Amid words it is indented, or quoted.
    text = "\n".join(QUOTED.sub("", line).lstrip() for line in text.splitlines()[:_MOST_LINES])
    lines = _of_programs(text)
    tool = tool_of(text)
    if not tool:
        return ToolOutput(file, lines)
    named = (one.search(text) for one in _WHOSE)
    whose = next((one[1].strip() for one in named if one is not None), "")
    found: dict[tuple[ToolSays, object], ToolResult] = {}
    for says, words, line, meaning in _told(text):
        key = says, meaning and (meaning.cause, meaning.trouble)
        found.setdefault(key, ToolResult(tool, says, whose, words[:_MOST_TEXT], line, meaning))
    results = [*found.values()]
    failed = {one.says for one in results} & {ToolSays.REFUSED, ToolSays.ALERT}
    if failed:  # a tool says "ok" of one certificate of a path that it refuses
        results = [one for one in results if one.says is not ToolSays.VERIFIED]
    if not results and (printed := _printed(text)):
        results = [ToolResult(tool, ToolSays.PRINTED, whose, printed[0], printed[1])]
    return ToolOutput(file, (*results[:_MOST_RESULTS], *lines))


def _of_programs(text: str) -> tuple[ToolResult, ...]:
    """Return what other programs wrote, each thing once."""
    found: dict[object, ToolResult] = {}
    for program, whose, words, line, meaning in program_lines(text):
        key = program, whose, meaning.cause, meaning.trouble, meaning.received
        shown = words[:_MOST_TEXT]
        found.setdefault(key, ToolResult(program, ToolSays.WROTE, whose, shown, line, meaning))
    return tuple(found.values())[:_MOST_RESULTS]


def _told(text: str) -> Iterator[tuple[ToolSays, str, int, Meaning | None]]:
    for number, line in enumerate(text.splitlines()[:_MOST_LINES], 1):
        refused = next((found[1] for one in _REFUSED if (found := one.search(line))), None)
        alert = _CURL_ALERT.search(line)
        if refused is not None:
            meaning = meaning_of(refused)
            if meaning is not None and not meaning.received:
                yield ToolSays.REFUSED, refused.strip(), number, meaning
        elif alert is not None:
            meaning = alert_meaning(int(alert[1]) & 0xFF)
            yield ToolSays.ALERT, line.removeprefix("* ").strip(), number, meaning
        elif _OPENSSL_ALERT.search(line):
            meaning = meaning_of(line)
            if meaning is not None and meaning.received:
                words = line.partition(":SSL routines:")[2].split(":")
                told = next((word for word in words if "alert" in word), "an alert")
                yield ToolSays.ALERT, told.strip(), number, meaning
        elif any(one.search(line) for one in _VERIFIED):
            yield ToolSays.VERIFIED, line.strip(), number, None


def _printed(text: str) -> tuple[str, int] | None:
    """Return what a certificate in words says of itself, and its first line."""
    lines = [(number, " ".join(line.strip(" \t|_").split()))
             for number, line in enumerate(text.splitlines()[:_MOST_LINES], 1)
             if _PRINTED.match(line)]  # fmt: skip
    told = "; ".join(line for _, line in lines)
    return (told[:_MOST_PRINTED], lines[0][0]) if lines else None
