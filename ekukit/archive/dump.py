"""Configuration and status dumps, as text or XML, read into paths and values."""

import re
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from ekukit.account import Piece
from ekukit.archive.dump_lines import LONGEST_LINE, MOST_PROBLEMS, Lines, few, odd
from ekukit.archive.dump_xml import is_xml, xml_values
from ekukit.errors import InputError
from ekukit.frames import Row, Rows
from ekukit.plaintext import plain_text
from ekukit.private_keys import struck_out

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {"path": "string", "value": "string", "line": "Int64"}
REDACTED = "[redacted]"
_SECRET = re.compile(
    r"passwor[dt]|passphrase|secret|private ?key|credential|community|token|pre ?shared",
    re.IGNORECASE,
)
_SETTING = re.compile(
    # A name begins with no blank: what two parts can take is tried in every way (15 MiB of blanks).
    r"[ \t]*(?:\*c[ \t]+)?xConfiguration[ \t]+([^:\" \t][^:\"]{0,1999}):[ \t]*(.*)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?:\*s[ \t]?)?([ \t]*)([^:\"\s][^:\"]{0,500}):(?:[ \t]+(.*))?[ \t]*$")
_ECHO = frozenset(("", "OK", "**", "*c/end", "*s/end", "** end"))
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# Possessive, since a way back would be kept in memory for every character.
_WHOLE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"[ \t]*', re.DOTALL)
_MOST_BYTES = 16 << 20
_MOST_ROWS = 100_000
_LONGEST_PATH, _DEEPEST, _STEP = 1000, 64, 2

Source = str | PathLike[str] | bytes
Value = tuple[str, str, int | None]


def read_configuration(source: Source) -> "pd.DataFrame":
    """Return one row for each setting of an xConfiguration dump, text or XML, CLI echo included.

    Columns and dtypes are COLUMNS, also of an empty table: `path` without "xConfiguration", words
    parted by blanks with their indexes; `value` without quotes, "" when nothing is set, with line
    ends where it has several lines; `line` from 1 where the setting begins, NA for XML. `{cipher}`
    values and those of password-like names are replaced at once. `attrs["problems"]` lists lines
    that are neither settings nor known echo, by place and length and never by their text, and
    `attrs["parts"]` the same as pieces; `attrs["has_private_key"]` says whether one was struck
    out. Raises InputError when the file cannot be opened or is larger than 16 MiB.
    """
    return configuration_rows(source).frame


def configuration_rows(source: Source) -> Rows:
    """Return the rows of `read_configuration`; raises as it does."""
    return _read(source, "Configuration", _settings)


def read_status(source: Source) -> "pd.DataFrame":
    """Return one row for each value of an xStatus dump, text or XML; columns as COLUMNS.

    Nesting by two blanks becomes the path. Headings without a value are not rows. Problems and
    errors as for `read_configuration`. What the elements mean is not known here.
    """
    return status_rows(source).frame


def status_rows(source: Source) -> Rows:
    """Return the rows of `read_status`; raises as it does."""
    return _read(source, "Status", _states)


def setting(frame: "pd.DataFrame", suffix: str, host: str | None = None) -> str | None:
    """Return the value of the first path that ends in the words of `suffix`, None without one.

    Blanks and case do not count, so that the EKU checking mode is found in one word, too (K5), but
    a match begins at a word: "Name" is not found in "Zone 3 UserName". Where XML and text of one
    node both say it, XML counts. `host` chooses a node in a joined table; without it, nodes that
    say different things raise InputError.
    """
    files = frame["file"] if "file" in frame else [""] * len(frame)
    hosts = frame["host"] if "host" in frame else [""] * len(frame)
    columns = zip(frame["path"], frame["value"], files, hosts, strict=True)
    rows = (dict(zip(("path", "value", "file", "host"), row, strict=True)) for row in columns)
    return setting_in(rows, suffix, host)


def setting_in(rows: Iterable[Row], suffix: str, host: str | None = None) -> str | None:
    """Return what `setting` does, of rows with path, value, file and host; raises as it does."""
    wanted = plain(suffix)
    found: dict[str, tuple[bool, str]] = {}
    for row in rows:
        owner = row["host"]
        if host not in {None, owner} or not _ends_in(str(row["path"]), wanted):
            continue
        is_text = ".xml" not in str(row["file"])
        if str(owner) not in found or (found[str(owner)][0] and not is_text):
            found[str(owner)] = is_text, str(row["value"])
    if len({value for _, value in found.values()}) > 1:
        told = ", ".join(f"{owner} says {value}" for owner, (_, value) in found.items())
        msg = f"{suffix}: the nodes differ ({told[:300]}); name one as host"
        raise InputError(msg)
    return next((value for _, value in found.values()), None)


def plain(path: str) -> str:
    """Return a path without blanks and in lower case, for comparing."""
    return "".join(path.split()).lower()


def _ends_in(path: str, wanted: str) -> bool:
    words, end = path.lower().split(), ""
    while words and len(end) < len(wanted):
        end = words.pop() + end
    return end == wanted


def _read(
    source: Source, root: str, lines: Callable[[Lines, list[Piece]], Iterator[Value]]
) -> Rows:
    data, private = struck_out(plain_text(_bytes(source)))
    problems: list[Piece] = []
    if is_xml(data):
        values: Iterable[Value] = xml_values(data, root, problems, _MOST_ROWS)
    else:
        values = lines(Lines(data), problems)
    rows: list[Row] = []
    for path, value, number in values:
        if len(rows) == _MOST_ROWS:
            problems.append(Piece(f"more than {_MOST_ROWS} values; the rest was not read"))
            break
        row: Row = {"path": path[:_LONGEST_PATH], "value": _safe(path, value), "line": number}
        rows.append(row)
    told = [piece.reason for piece in problems]
    if len(told) > MOST_PROBLEMS:
        told[MOST_PROBLEMS:] = [f"and {len(told) - MOST_PROBLEMS} more lines"]
    attrs = {"problems": tuple(told), "parts": few(problems), "has_private_key": private}
    return Rows(COLUMNS, rows, attrs)


def _settings(lines: Lines, problems: list[Piece]) -> Iterator[Value]:
    place = offset = 0
    while place < len(lines):
        number, line, start, size = place + 1, lines[place], offset, lines.size(place)
        problems += lines.too_long(place, offset)
        place, offset = place + 1, offset + size + 1
        found = _SETTING.fullmatch(line)
        if not found:
            if line.strip() not in _ECHO:
                problems.append(odd(number, start, size, "no setting, and no known echo"))
            continue
        value = found[2]
        if value.startswith('"') and size <= LONGEST_LINE and not _WHOLE.fullmatch(value):
            # A value of several lines ends with its quote; without one it never was any.
            more = _more_lines(lines, place)
            if more:
                value = "\n".join([value, *(lines[at] for at in range(place, place + more))])
                offset += sum(lines.size(at) + 1 for at in range(place, place + more))
                place += more
            else:
                problems.append(Piece(f"line {number}: a quote is missing", start))
        yield " ".join(found[1].split()), _unquoted(value), number


def _more_lines(lines: Lines, start: int) -> int:
    """Return how many lines more a quoted value has, 0 when its end is not found."""
    for place in range(start, min(start + 1000, len(lines))):
        line = lines[place]
        if _SETTING.match(line) or line.strip() in {"OK", "*c/end", "** end"}:
            return 0
        if _ends_quoted(line.rstrip()):
            return place - start + 1
    return 0


def _ends_quoted(text: str) -> bool:
    if not text.endswith('"'):
        return False
    before = text[:-1]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 0


def _states(lines: Lines, problems: list[Piece]) -> Iterator[Value]:
    above: list[str] = []
    offset = 0
    for place in range(len(lines)):
        line, start, size = lines[place], offset, lines.size(place)
        problems += lines.too_long(place, offset)
        offset += size + 1
        if line.strip() in _ECHO:
            continue
        found = _STATUS.match(line)
        if not found:
            problems.append(odd(place + 1, start, size, "no value, and no known echo"))
            continue
        depth = 0 if line.startswith("*s") else len(found[1].expandtabs(4)) // _STEP
        above = [*above[: min(depth, _DEEPEST)], " ".join(found[2].split())]
        value = _unquoted(found[3] or "")
        if value and value != "/":
            yield " ".join(above), value, place + 1


def _unquoted(value: str) -> str:
    found = value.strip()
    if len(found) > 1 and found[0] == '"' and _ends_quoted(found):
        return _ESCAPED.sub(r"\1", found[1:-1])
    return found


def _safe(path: str, value: str) -> str:
    secret = "{cipher}" in value.lower() or bool(_SECRET.search(path))
    return REDACTED if secret and value else value


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with Path(source).open("rb") as stream:
                data = stream.read(_MOST_BYTES + 1)
        except (OSError, ValueError) as error:
            told = getattr(error, "strerror", None) or error
            msg = f"{source}: cannot be read ({told}); name an xconf or xstat dump"
            raise InputError(msg) from None
    if len(data) > _MOST_BYTES:
        shown = "this dump" if isinstance(source, bytes) else source
        msg = f"{shown}: larger than {_MOST_BYTES >> 20} MiB; a dump of Expressway has about 0.2"
        raise InputError(msg)
    return data
