"""The grammar of a log snapshot: where a record begins, and what its first line says.

Every engine that reads logs takes the rules from here, so that two can be compared by record.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

# A time that can be: of a year that a node's clock shows, and that pandas can hold.
_READABLE = re.compile(
    r"((?:19[7-9]|2[01]\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9})\d*)?"
    r"(Z|[+-]\d\d:?\d\d)"
)
# A time that cannot be, or whose zone is none, begins a record all the same.
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,30})?(?:[^\s\"=,.\d][^\s\"=]{0,11})?"
# "> " stands before lines that were quoted in a mail, "Line 190: " before lines that were copied
# out of a ticket's search results.
PASTED = r"(?:>[> \t]{0,15})?(?:Line[ \t]+\d{1,9}:[ \t]*)?"
# The time that a syslog relay writes (RFC 3164 4.1.2), which has no year; a process must follow.
_RELAYED = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d\d:\d\d:\d\d"
    r"(?= [^\s\"=]{1,255} [A-Za-z_][\w./-]{0,60}(?:\[\d{1,9}\])?:)"
)
NAKED = r'(?:Level="[^"\n]{0,40}"[ \t]+)?Event="'
# A process, where somebody cut off time and host in front of it.
BARE = (
    r"(?:tvcs|edgeconfigprovisioning|portforwarding|sshd?|alarm|(?:traffic_server|sshd|XCP_\w{1,30})"
    r'\[\d{1,9}\]):[ \t]{1,9}(?:UTCTime="|Event="|Level="|Detail="|\[ET_|\{0x|[a-z]{3,30}[: ])'
)
# A line that begins a record.
BEGIN = re.compile(
    rf"{PASTED}(?:({TIME}|{_RELAYED})[ \t]+([^\s\"=]+)(?=[ \t\n]|\Z)[ \t]*|(?={NAKED}|{BARE}))"
)
# The same, searched in text in which every line follows a line end.
START = re.compile(rf"\n{BEGIN.pattern}")
# The same for the bytes of a line that is ASCII; what is a blank in text is more than in bytes.
START_IN_BYTES = re.compile(BEGIN.pattern.replace(r"\s", r"\x09-\x0d\x1c-\x20").encode())
# One more record on the same line, to be taken where a blank stands before it: a time, a host,
# and something that begins a body. (A lookbehind in front would make the search slow.)
GLUED = re.compile(
    rf"({TIME})[ \t]+([^\s\"=]+)[ \t]+(?=[A-Za-z_][\w./-]*(?:\[\d+\])?:|UTCTime=|Event=)"
)
# What mail programs and ticket pages make of the quotes of a value.
_OTHER_QUOTES = re.compile("[\u201c\u201d\u201e\u201f]|&quot;|&#34;|&#x22;")
_REQUOTED = re.compile(rf"=[ \t]?(?:{_OTHER_QUOTES.pattern})")
_PROCESS = re.compile(r"([A-Za-z_][\w./-]{0,60})(?:\[(\d{1,9})\])?(:?)(?!=)[ \t]*")
# Processes that real logs print without a colon.
_KNOWN = frozenset(
    ("tvcs", "ssh", "portforwarding", "licensemanager", "management", "alarm", "supervisor",
     "replication", "web", "httpd", "traffic_server", "edgeconfigprovisioning", "b2bua", "_c_mgmt")
)  # fmt: skip
# A value without quotes ends at a blank.
_PLAIN = re.compile(r"(?<![\w.-])([A-Za-z][\w.-]{0,60})=([^\s\"']{1,200})")
# What may follow a quote that ends a value; other quotes, up to so many, stand inside the value.
_MOST_INSIDE = 64
_AFTER = frozenset(" \t:,;)]}")
_ADDRESS = re.compile(r"'\[?([0-9A-Fa-f.:%]{1,60})\]?:(\d{1,5})'")
_UTC = re.compile(r"((?:19[7-9]|2[01]\d)\d-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[,.](\d{1,9})\d*)?Z?")
_HIGHEST_PORT = 65535
# Pairs are looked for in this much of a line; the whole line is kept in the body anyway.
MOST_READ = 1 << 16


class Head(NamedTuple):
    """What the first line of a record says; None for what it does not say.

    `time` is ISO 8601 text with its offset from UTC, or a question mark and what
    stands in its place.
    """

    time: str | None
    host: str | None
    process: str | None = None
    pid: int | None = None
    module: str | None = None
    level: str | None = None
    event: str | None = None
    detail: str | None = None
    reason: str | None = None
    src_ip: str | None = None
    src_port: int | None = None
    dst_ip: str | None = None
    dst_port: int | None = None


def with_plain_quotes(text: str) -> str:
    """Return lines with the quotes that the product writes, where something made them others.

    A line that has plain quotes of its own is left alone: others stand inside its values.
    """
    if not _REQUOTED.search(text):
        return text
    return "\n".join(
        _OTHER_QUOTES.sub('"', line) if '="' not in line and _REQUOTED.search(line) else line
        for line in text.split("\n")
    )


def head(time: str | None, host: str | None, rest: str) -> Head:
    """Return what a record's first line says; `rest` is what follows time and host.

    Of a name given twice the first counts. `detail` is the Detail pair, else the free text;
    `reason` the Reason, ssl_error_reason or ErrString. Where both addresses come as
    local and remote (developer.ssl), the source is who opened the connection.
    """
    process, pid, pairs, outside = parted(rest[:MOST_READ], named=host is not None)
    get = pairs.get
    level, source, target = get("Level"), get("Src-ip"), get("Dst-ip")
    if source or target:
        # A SIP message names this node as Local: it is the source of one sent, the target of one
        # received.
        local = get("Local-ip"), port_of(get("Local-port"))
        near = (source, port_of(get("Src-port"))) if source else local
        far = (target, port_of(get("Dst-port"))) if target else local
        ends = (*near, *far)
    else:
        ends = _ends(pairs) if "localAddress" in pairs or "remoteAddress" in pairs else _NOWHERE
    return Head(
        _readable(time) or _utc(get("UTCTime", "")) or (f"?{time}" if time else None),
        host,
        process,
        pid,
        get("Module"),
        level.strip() if level else None,
        get("Event"),
        get("Detail") or free_text(outside) or None,
        get("Reason") or get("ssl_error_reason") or get("ErrString") or None,
        *ends,
    )


def parted(rest: str, *, named: bool) -> tuple[str | None, int | None, dict[str, str], list[str]]:
    """Return process, its number, the pairs by name, and the texts outside of them.

    `named` says that a host stands before it, without which a process is told by its colon alone.
    """
    process = pid = None
    if found := _PROCESS.match(rest):
        name, number, colon = found.groups()
        told = number or colon or name in _KNOWN or name.startswith("XCP_")
        if told and (named or colon):
            process, pid = name, int(number) if number else None
            rest = rest[found.end() :]
    return process, pid, *_pairs(rest)


def is_quoted_well(outside: Sequence[str]) -> bool:
    """Return whether each quote of a line begins or ends a value, as what is outside them tells.

    Then no value says how the line is read.
    """
    told = [_outside(text) for text in outside]
    return all(name for name, _, _ in told[:-1]) and all(ends for _, _, ends in told[1:-1])


_NOWHERE = (None, None, None, None)


def _pairs(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the pairs by name, and the text outside of them.

    Quotes inside a value are kept. A value whose last quote is missing ends before the next key.
    """
    found: dict[str, str] = {}
    free: list[str] = []
    parts = text.split('"')
    last, place = len(parts) - 1, 1
    name, outside, _ = _outside(parts[0])
    while place <= last:
        if outside:
            free.append(outside)
        if not name:  # a quote that begins no value
            name, outside, _ = _outside(parts[place])
            place += 1
            continue
        value, place = parts[place], place + 1
        following = _outside(parts[place]) if place <= last else _END
        most = min(last, place + _MOST_INSIDE)
        while place < most and not following[2]:
            before, blank, key = value.rpartition(" ")
            if blank and len(key) > 1 and key.endswith("="):
                found.setdefault(name, before)
                name, value = key[:-1], parts[place]
            else:
                value += '"' + parts[place]
            place += 1
            following = _outside(parts[place])
        found.setdefault(name, value)
        name, outside, _ = following
        place += 1
    free.append(outside)
    for outside in free:
        if "=" in outside:
            for name, value in _PLAIN.findall(outside):
                found.setdefault(name, value)
    return found, free


_END = ("", "", True)


@lru_cache(256)
def _outside(text: str) -> tuple[str, str, bool]:
    """Return the name before a quote, the text before the name, whether a value ends here."""
    closes = text[:1] in _AFTER and text != ""
    stripped = text.rstrip()
    if not stripped.endswith("="):
        return "", text, closes
    before, _, name = stripped[:-1].rpartition(" ")
    bare = name.lstrip("([{<,;:'\t")
    return bare, before + name[: len(name) - len(bare)], closes


def free_text(outside: Iterable[str]) -> str:
    """Return what is said outside of pairs."""
    texts = [_PLAIN.sub(" ", text) if "=" in text else text for text in outside]
    return " ".join(" ".join(texts).split()).strip(" :,")


def _ends(pairs: dict[str, str]) -> tuple[str | None, int | None, str | None, int | None]:
    local = _ADDRESS.search(pairs.get("localAddress", ""))
    remote = _ADDRESS.search(pairs.get("remoteAddress", ""))
    here = (local[1], port_of(local[2])) if local else (None, None)
    there = (remote[1], port_of(remote[2])) if remote else (None, None)
    # bServer says that this node answered, so the other one opened the connection.
    return (*there, *here) if pairs.get("bServer") == "true" else (*here, *there)


def port_of(text: str | None) -> int | None:
    """Return a port that is one, None for any other text."""
    text = text.strip() if text else ""
    if not text or len(text) > 5 or not (text.isascii() and text.isdigit()):  # noqa: PLR2004
        return None
    return port if (port := int(text)) <= _HIGHEST_PORT else None


def _readable(time: str | None) -> str | None:
    found = _READABLE.fullmatch(time) if time else None
    return f"{found[1]}.{found[2] or '0'}{found[3]}" if found else None


def _utc(text: str) -> str | None:
    found = _UTC.match(text.strip())
    return f"{found[1]}T{found[2]}.{found[3] or '0'}+00:00" if found else None
