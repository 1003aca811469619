"""The log snapshot of a diagnostic archive: one grammar, every line kept, nothing raised."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from ekukit.errors import InputError

COLUMNS = {
    "line": "int64", "lines": "int64", "time": "datetime64[ns, UTC]", "host": "string",
    "process": "string", "pid": "Int64", "module": "string", "level": "string",
    "event": "string", "detail": "string", "reason": "string", "src_ip": "string",
    "src_port": "Int64", "dst_ip": "string", "dst_port": "Int64", "body": "string",
}  # fmt: skip

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[+-]\d\d:?\d\d|Z)"
_RECORD = re.compile(rf"({_TIME})[ \t]+(\S+)(?:[ \t]+(.*))?$", re.DOTALL)
# A further record on the same line: a time, a host, and something that starts a body.
_GLUED = re.compile(rf"(?<=\s)(?={_TIME}[ \t]+\S+[ \t]+(?:[A-Za-z_][\w.]*[\[:]|UTCTime=|Event=))")
_PASTED = re.compile(r"Line \d+:[ \t]*")
_NAKED = re.compile(r"(?:Level=\"[^\"]*\"[ \t]+)?Event=\"")
_PROCESS = re.compile(r"([A-Za-z_][\w./-]*)(?:\[(\d{1,9})\])?(:?)[ \t]*")
# Processes that real logs print without a colon.
_KNOWN = frozenset(
    ("tvcs", "ssh", "portforwarding", "licensemanager", "management", "alarm", "supervisor",
     "replication", "web", "httpd", "traffic_server", "edgeconfigprovisioning", "b2bua", "_c_mgmt")
)  # fmt: skip
_PAIR = re.compile(r"([A-Za-z][\w.-]{0,60})=[ \t]*\"([^\"]*)\"")
_PLAIN = re.compile(r"(?:^|[ \t])([A-Za-z][\w.-]{0,60})=([^\s\"']{1,200})")
_ADDRESS = re.compile(r"'([0-9A-Fa-f.:\[\]%]+):(\d{1,5})'")
_REASONS = ("Reason", "ssl_error_reason", "ErrString")
# Pairs are looked for in this much of a line; the whole line is kept in the body anyway.
_MOST_READ = 1 << 16
_HIGHEST_PORT = 65535


@dataclass(slots=True)
class _Draft:
    """A record while its lines are being gathered."""

    line: int
    lines: int = 1
    texts: list[str] = field(default_factory=list)


def read_log(source: str | PathLike[str] | bytes | BinaryIO) -> pd.DataFrame:
    """Return one row for each record of a log snapshot, continuation lines in its body.

    Columns and dtypes are COLUMNS, also of an empty table: `line` is the number of the first line
    (from 1), `lines` how many the record has, so that every line of the file belongs to a record;
    `time` is UTC; `body` is the record's whole text. For TLS errors of `developer.ssl`, src is who
    opened the connection. `detail` is the Detail pair, else the free text. Lines before the first
    record form a record without time. Two records on one line share its number.

    Raises InputError when the file cannot be opened; never for what it contains. Invalid UTF-8
    becomes U+FFFD. Not checked: the order of the times, and whether any value is true.
    """
    rows = [_row(draft) for draft in _drafts(_lines(source))]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["time"] = pd.to_datetime(frame["time"], utc=True, format="ISO8601", errors="coerce")
    return frame.astype(COLUMNS)


def _lines(source: str | PathLike[str] | bytes | BinaryIO) -> Iterator[str]:
    if isinstance(source, bytes):
        stream: BinaryIO = io.BytesIO(source)
    elif isinstance(source, (str, PathLike)):
        try:
            stream = Path(source).open("rb")  # noqa: SIM115 - closed below, where it is read
        except OSError as error:
            msg = f"{source}: cannot be read ({error.strerror}); name a loggingsnapshot file"
            raise InputError(msg) from None
    else:
        stream = source
    with stream:
        for number, raw in enumerate(stream):
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            yield text.removeprefix("\ufeff") if number == 0 else text


def _drafts(lines: Iterator[str]) -> Iterator[_Draft]:
    current: _Draft | None = None
    for number, line in enumerate(lines, 1):
        starts = _starts(line)
        if not starts:
            if current is None:
                current = _Draft(number, 0)
            current.texts.append(line)
            current.lines += 1
            continue
        for text in starts:
            if current is not None:
                yield current
            current = _Draft(number, 1, [text])
    if current is not None:
        yield current


def _starts(line: str) -> list[str]:
    """Return the records that begin on a line, none when it continues the one before."""
    text = line[pasted.end() :] if (pasted := _PASTED.match(line)) else line
    if _RECORD.match(text[:_MOST_READ]):
        cuts = [0, *(found.start() for found in _GLUED.finditer(text, 1)), len(text)]
        parts = [text[a:b] for a, b in pairwise(cuts)]
        return [line[: len(line) - len(text)] + parts[0], *parts[1:]]
    return [line] if _NAKED.match(text) else []


def _row(draft: _Draft) -> dict[str, object]:
    first = draft.texts[0] if draft.texts else ""
    head = first[:_MOST_READ]
    head = head[pasted.end() :] if (pasted := _PASTED.match(head)) else head
    time, host, rest = "", None, head
    if found := _RECORD.match(head):
        time, host, rest = found[1], found[2], found[3] or ""
    elif not _NAKED.match(head):
        rest = ""
    process, pid, rest = _process(rest) if host else (None, None, rest)
    pairs = _pairs(rest)
    ends = _ends(pairs)
    return {
        "line": draft.line,
        "lines": draft.lines,
        "time": _moment(time, pairs.get("UTCTime", "")),
        "host": host,
        "process": process,
        "pid": pid,
        "module": pairs.get("Module"),
        "level": pairs["Level"].strip() if "Level" in pairs else None,
        "event": pairs.get("Event"),
        "detail": pairs.get("Detail") or _free(rest) or None,
        "reason": next((pairs[name] for name in _REASONS if pairs.get(name)), None),
        "src_ip": ends[0],
        "src_port": _port(ends[1]),
        "dst_ip": ends[2],
        "dst_port": _port(ends[3]),
        "body": "\n".join(draft.texts),
    }


def _process(rest: str) -> tuple[str | None, int | None, str]:
    found = _PROCESS.match(rest)
    if not found or rest[found.end(1) : found.end(1) + 1] == "=":
        return None, None, rest
    name, pid, colon = found[1], found[2], found[3]
    if not (pid or colon or name in _KNOWN or name.startswith("XCP_")):
        return None, None, rest
    return name, int(pid) if pid else None, rest[found.end() :]


def _pairs(text: str) -> dict[str, str]:
    """Return name and value of every pair; of a name given twice the first counts."""
    found: dict[str, str] = {}
    for name, value in _PAIR.findall(text):
        found.setdefault(name, value)
    for name, value in _PLAIN.findall(text):
        found.setdefault(name, value)
    return found


def _free(text: str) -> str:
    bare = _PLAIN.sub(" ", _PAIR.sub(" ", text))
    return " ".join(bare.split()).strip(" :,")


def _ends(pairs: dict[str, str]) -> tuple[str | None, str | None, str | None, str | None]:
    if "Src-ip" in pairs or "Dst-ip" in pairs:
        return (
            pairs.get("Src-ip"),
            pairs.get("Src-port"),
            pairs.get("Dst-ip"),
            pairs.get("Dst-port"),
        )
    local = _ADDRESS.search(pairs.get("localAddress", ""))
    remote = _ADDRESS.search(pairs.get("remoteAddress", ""))
    here = (local[1], local[2]) if local else (None, None)
    there = (remote[1], remote[2]) if remote else (None, None)
    # bServer says that this node answered, so the other one opened the connection.
    return (*there, *here) if pairs.get("bServer") == "true" else (*here, *there)


def _port(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return port if (port := int(text[:6])) <= _HIGHEST_PORT else None


def _moment(stamp: str, utc: str) -> str | None:
    if stamp:
        return stamp
    found = re.match(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:[,.](\d{1,6}))?$", utc.strip())
    return f"{found[1]}T{found[2]}.{found[3] or '0'}+00:00" if found else None
