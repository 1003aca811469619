"""Lines of a log with the marks of a page or a terminal, or without the quotes of their values.

Line by line, and only where a line names a program or a key of the product's: the number of lines
stays.
"""

import html
import re
from collections.abc import Sequence

_COLOR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
# Angle brackets stand around addresses of SIP, too.
_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|font|i|li|mark|p|pre|span|strong|table|td|th|tr|tt|u)"
    r"(?:[ \t/][^<>]{0,200})?>",
    re.IGNORECASE,
)
_BLANK = ("&nbsp;", "&#160;")
_CELL = re.compile(r"^\|[ \t]|[ \t]\|[ \t]*(?=[A-Za-z])|[ \t]\|$")
# Keys that every line of the product has one of, followed by a value without plain quotes.
_SINGLE = re.compile(r"\b(?:Event|UTCTime|Module|Detail)='")
_NAKED = re.compile(r"\b(?:Event|UTCTime|Module)=(?=[A-Za-z0-9])")
# Blanks are looked at once, from where they begin: a line may hold thousands.
_VALUE = re.compile(
    r"(?<![\w.-])([A-Za-z][\w-]{1,40})=(.*?)(?=(?<![ \t])[ \t]++[A-Za-z][\w-]{1,40}=|$)"
)
_LONGEST = 8192
# What somebody pasted or saved from a page; a log of a node is longer, most often.
SHORT = 1 << 18


# Without one of these in a text no line of it is marked up.
_SIGNS = ("\x1b[", "&quot;", "&nbsp;", "\n| ", "</b>", "</span>", "</td>", "</p>", "</strong>",
          "</pre>", "<br")  # fmt: skip
_KEYS = ("Event=", "UTCTime=")


def is_marked_up(text: str) -> bool:
    """Return whether some line may be; asked of the whole text, since most have none.

    Of a longer text only whether values are without quotes, as in what a search exports.
    """
    if len(text) <= SHORT and (text.startswith("| ") or any(sign in text for sign in _SIGNS)):
        return True
    return any(text.count(key) != text.count(f'{key}"') for key in _KEYS)


def without_markup(lines: Sequence[str], marks: Sequence[str]) -> list[str]:
    """Return lines without colors, tags and cells, their values in plain quotes; others as is."""
    return [_plain(line) if any(mark in line for mark in marks) else line for line in lines]


def _plain(line: str) -> str:
    if len(line) > _LONGEST:
        return line
    if "\x1b" in line:
        line = _COLOR.sub("", line)
    if "&quot;" in line or "&nbsp;" in line or _TAG.search(line):
        for blank in _BLANK:
            line = line.replace(blank, " ")
        line = html.unescape(_TAG.sub(lambda tag: " " if tag[0][1:3].lower() == "br" else "", line))
    if line.startswith("| "):
        line = _CELL.sub(" ", line).strip()
    if '="' in line:
        return line
    if _SINGLE.search(line):
        return re.sub(r"'(?=[ \t,;)\]}]|$)", '"', line.replace("='", '="'))
    return _VALUE.sub(r'\1="\2"', line) if _NAKED.search(line) else line
