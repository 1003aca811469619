"""Lines of a log that a mail, a relay, a search or a table changed on their way, put right again.

Only small texts are looked at: what a node wrote itself needs nothing of this. The number of lines
stays, so that what is told of line 7 stands on line 7 of the text that was given.
"""

import re
from functools import lru_cache
from itertools import pairwise

from ekukit.log.grammar import BARE, BEGIN, GLUED, NAKED, TIME
from ekukit.log.marked_up import SHORT, is_marked_up, without_markup
from ekukit.plaintext import decoded

MOST_TEXT = 1 << 20  # of a mail, a ticket or a page that somebody pasted or saved
_WIDEST, _LEAST_LINES = 132, 2
# What stands in every line that may be a record; a text without any of it is left as it is.
MARKS = ("tvcs", "ssh", "alarm:", "traffic_server", "XCP_", "portforwarding",
          "edgeconfigprovisioning", "Event=", "UTCTime=")  # fmt: skip
_MARKS_IN_BYTES = tuple(mark.encode() for mark in MARKS)
# RFC 5424 6: priority and version, time, host, program, its number, kind, structured data, text.
_IETF = re.compile(
    r"^(?:<\d{1,3}>)?1 (\S{19,40}) (\S{1,255}) ([A-Za-z_][\w./-]{0,60}) \S{1,128} \S{1,32} "
    r"(?:-|\[[^\]]{0,1000}\]) ?"
)
_PRIORITY = re.compile(r"^<\d{1,3}>(?=\S)")
QUOTED = re.compile(r"^(?:>[ \t]?){1,16}")  # in a mail
# A time and no host before the process, as the product's own page of the event log shows it; what
# follows has the time once more.
_HOSTLESS = re.compile(rf"^(?:{TIME}|\d\d:\d\d:\d\d)[ \t]+(?={BARE})", re.MULTILINE)
# Quoted-printable (RFC 2045 6.7), in which a mail is saved: an equals sign is written, and one at
# the end of a line says that the line goes on.
_PRINTABLE = re.compile(r"=([0-9A-F]{2})")
# A record that stands in from the margin.
_INDENTED = re.compile(rf"^[ \t]+(?:{TIME}|{BARE}|{NAKED})", re.MULTILINE)
_MARKED_PRINTABLE = '=3D"'
# What goes on from a record's first line: a message.
_BODY = re.compile(r" ?(?:SIPMSG|HTTPMSG|\|)")
_CSV = re.compile(r'=""[^",\s]')
_BARE = re.compile(rf"(?<![\w./-]){BARE}")


def as_written(data: bytes) -> bytes:
    """Return plain text with lines as the product writes them; the bytes themselves where all are.

    Undone are quote signs of several depths, wrapping at a width, the headers of syslog relays
    (RFC 5424, priorities), what a search puts before a line, a time that is masked or written in
    another way or has no host beside it, the quotes of JSON and CSV, quoted-printable, marks of
    pages and terminals, values without quotes, and blanks that do not break. A text of more than
    1 MiB, and lines that name no process and no event, are left alone.
    """
    small = isinstance(data, bytes) and len(data) <= MOST_TEXT  # what is mapped is large
    if not (small and any(mark in data for mark in _MARKS_IN_BYTES)):
        return data
    return _put_back(data)


@lru_cache(maxsize=1)  # what a file is, is asked of the same bytes as what stands in it
def _put_back(data: bytes) -> bytes:
    text = decoded(data.replace(b"\0", b"") if b"\0" in data else data)
    given = text.split("\n")
    if _MARKED_PRINTABLE in text:
        text = "\n".join(_unprintable(given))
    if is_marked_up(text):
        text = "\n".join(without_markup(text.split("\n"), MARKS))
    short = len(text) <= SHORT
    lines = (_HOSTLESS.sub("", text) if short else text).split("\n")
    if short and _INDENTED.search(text):
        lines = _set_out(lines)
    # Most often every line that may be a record is one, which is told of all at once.
    rest = "\n".join(line for line in lines if line and not BEGIN.match(line))
    marked = any(mark in rest for mark in MARKS)
    kept = _unwrapped([_put_right(line) for line in lines] if marked else lines)
    return data if kept == given else "\n".join(kept).encode("utf-8", "surrogatepass")


def has_record(data: bytes) -> bool:
    """Return whether a line of the product's stands in plain text, put right where it was changed.

    Amid whatever else: a mail, a ticket, a page.
    """
    if not any(mark in data for mark in _MARKS_IN_BYTES):
        return False
    lines = decoded(as_written(data)).split("\n")
    return any(_is_record(line) for line in lines if line)


def _is_record(line: str) -> bool:
    """Return whether a line is one of the product's: a sentence may begin with a program's name."""
    begun = BEGIN.match(line)
    told = begun is not None and (begun[1] or '="' in line or "]: " in line)
    return bool(told) and any(mark in line for mark in MARKS)


def _unprintable(lines: list[str]) -> list[str]:
    """Return quoted-printable lines as they were; what went on leaves a blank line behind."""
    found: list[list[str]] = []
    first, goes_on = 0, False
    for line in lines:
        more = line.rstrip()
        if goes_on:
            found[first].append(more.removesuffix("="))
            found.append([" "])
        else:
            first = len(found)
            found.append([more.removesuffix("=")])
        goes_on = more.endswith("=")
    return [_PRINTABLE.sub(lambda hit: chr(int(hit[1], 16)), "".join(parts)) for parts in found]


def _set_out(lines: list[str]) -> list[str]:
    """Return lines without the indentation of a record that goes on in lines indented like it."""
    found: list[str] = []
    indent = ""
    for line in lines:
        plain = line.lstrip(" \t")
        before = line[: len(line) - len(plain)]
        if before and _begins(plain):
            indent = before
        elif not before or before != indent:
            indent = ""
        found.append(plain if indent else line)
    return found


def _begins(line: str) -> bool:
    return BEGIN.match(line) is not None


def _put_right(line: str) -> str:
    """Return a line from where its record begins; one without a record as it is."""
    if not any(mark in line for mark in MARKS) or _begins(line) or _BODY.match(line):
        return line
    plain = _PRIORITY.sub("", line.replace("\u00a0", " "))
    plain = _IETF.sub(r"\1 \2 \3: ", plain)
    if '=\\"' in plain:
        plain = plain.replace('\\"', '"')
    elif _CSV.search(plain):
        plain = plain.replace('""', '"')
    if _begins(plain):
        return plain
    inside = GLUED.search(plain) or _BARE.search(_plain_quotes(plain))
    return plain[inside.start() :] if inside else line


def _plain_quotes(line: str) -> str:
    """Return a line in which what a page makes of quotes is as long and one, for looking alone."""
    return line.replace("&quot;", '"     ')


def _unwrapped(lines: list[str]) -> list[str]:
    """Return lines with records whole that were broken at a width; a blank is left behind."""
    width = max(map(len, lines), default=0)
    if width > _WIDEST or len(lines) < _LEAST_LINES:
        return lines
    broken = [one for one, other in pairwise(lines) if _begins(one) and _goes_on(other)]
    between = "" if broken and all(len(one) == width for one in broken) else " "
    found: list[str] = []
    record, last = -1, ""
    for line in lines:
        more = QUOTED.sub("", line)
        if _begins(line):
            record = len(found)
        elif record >= 0 and _goes_on(line) and _was_broken(last, found[record], more, width):
            found[record] = f"{found[record].rstrip() if between else found[record]}{between}{more}"
            last = line
            found.append(" ")
            continue
        else:
            record = -1
        found.append(line)
        last = line
    return found


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not line.startswith((" ", "\t", "|")) and not _begins(line)


def _was_broken(last: str, record: str, more: str, width: int) -> bool:
    """Return whether a line had to end where it does, or ended between two quotes."""
    first = more.split(" ", 1)[0]
    return len(last) + 1 + len(first) > width or record.count('"') % 2 == 1
