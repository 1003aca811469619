"""Configuration and status dumps, as text or XML, read into paths and values."""

import io
import re
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from ekukit.errors import InputError

COLUMNS = {"path": "string", "value": "string", "line": "Int64"}
REDACTED = "[redacted]"
_SECRET = re.compile(
    r"passwor[dt]|passphrase|secret|private ?key|credential|community", re.IGNORECASE
)
_SETTING = re.compile(r"(?:\*c[ \t]+)?xConfiguration[ \t]+([^:]+):(?:[ \t]*(.*))?$", re.IGNORECASE)
_STATUS = re.compile(r"(?:\*s[ \t]?)?([ \t]*)([^:]+):(?:[ \t]*(.*))?$")
_MOST_BYTES = 64 << 20
_STEP = 2

Source = str | PathLike[str] | bytes


def read_configuration(source: Source) -> pd.DataFrame:
    """Return one row for each setting of an xConfiguration dump, text or XML, CLI echo included.

    Columns and dtypes are COLUMNS, also of an empty table: `path` without "xConfiguration", words
    parted by blanks with their indexes; `value` without quotes, "" when nothing is set; `line`
    from 1, NA for XML. `{cipher}` values and those of password-like names are replaced at once.
    `attrs["problems"]` lists lines that are neither settings nor known echo. Raises InputError
    when the file cannot be opened or is larger than 64 MiB.
    """
    data = _bytes(source)
    if _is_xml(data):
        return _frame(_xml(data, "Configuration"))
    rows: list[tuple[str, str, int | None]] = []
    problems: list[str] = []
    for number, line in enumerate(_text(data), 1):
        found = _SETTING.match(line)
        if found:
            path = " ".join(found[1].split())
            rows.append((path, _safe(path, _unquoted(found[2] or "")), number))
        elif line.strip() not in {"", "OK", "**", "*c/end", "** end"}:
            problems.append(f"line {number}: {line[:120]}")
    return _frame((rows, problems))


def read_status(source: Source) -> pd.DataFrame:
    """Return one row for each value of an xStatus dump, text or XML; columns as COLUMNS.

    Nesting by two blanks becomes the path. Headings without a value are not rows. Problems and
    errors as for `read_configuration`. What the elements mean is not known here.
    """
    data = _bytes(source)
    if _is_xml(data):
        return _frame(_xml(data, "Status"))
    rows: list[tuple[str, str, int | None]] = []
    problems: list[str] = []
    above: list[str] = []
    for number, line in enumerate(_text(data), 1):
        found = _STATUS.match(line)
        if not found or line.strip() in {"*s/end", ""}:
            if line.strip() not in {"", "*s/end", "OK"}:
                problems.append(f"line {number}: {line[:120]}")
            continue
        depth = 0 if line.startswith("*s") else len(found[1].expandtabs(4)) // _STEP
        name, value = " ".join(found[2].split()), _unquoted(found[3] or "")
        above = [*above[:depth], name]
        if value and value != "/":
            path = " ".join(above)
            rows.append((path, _safe(path, value), number))
    return _frame((rows, problems))


def setting(frame: pd.DataFrame, suffix: str) -> str | None:
    """Return the value of the first path that ends like `suffix`, None when there is none.

    Blanks and case do not count, so both spellings of the EKU checking mode match (K5).
    """
    for path, value in zip(frame["path"], frame["value"], strict=True):
        if plain(path).endswith(plain(suffix)):
            return str(value)
    return None


def plain(path: str) -> str:
    """Return a path without blanks and in lower case, for comparing."""
    return "".join(path.split()).lower()


def _frame(found: tuple[list[tuple[str, str, int | None]], list[str]]) -> pd.DataFrame:
    rows, problems = found
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    frame.attrs["problems"] = tuple(problems)
    return frame


def _bytes(source: Source) -> bytes:
    if isinstance(source, bytes):
        return source
    path = Path(source)
    try:
        if path.stat().st_size > _MOST_BYTES:
            msg = f"{path}: larger than {_MOST_BYTES >> 20} MiB; this is no dump"
            raise InputError(msg)
        return path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); name an xconf or xstat dump"
        raise InputError(msg) from None


def _is_xml(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<Configuration", b"<Status"))


def _text(data: bytes) -> Iterator[str]:
    return iter(data.decode("utf-8-sig", "replace").splitlines())


def _unquoted(value: str) -> str:
    found = value.strip()
    return found[1:-1] if len(found) > 1 and found[0] == found[-1] == '"' else found


def _safe(path: str, value: str) -> str:
    secret = "{cipher}" in value.lower() or bool(_SECRET.search(path))
    return REDACTED if secret and value else value


def _xml(data: bytes, root: str) -> tuple[list[tuple[str, str, int | None]], list[str]]:
    try:
        tree = parse(io.BytesIO(data))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        return [], [f"XML that cannot be read: {error}"]
    rows: list[tuple[str, str, int | None]] = []
    waiting: list[tuple[Element, tuple[str, ...]]] = [(tree.getroot(), ())]
    while waiting:
        element, above = waiting.pop()
        name = element.tag.rpartition("}")[2]
        item = element.get("item")
        path = above if name == root and not above else (*above, name, *((item,) if item else ()))
        children = list(element)
        if children:
            waiting += [(child, path) for child in reversed(children)]
        else:
            text = " ".join(path)
            rows.append((text, _safe(text, (element.text or "").strip()), None))
    return rows, []
