"""The files of an archive: what each is, by its name or by how it begins."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import PurePosixPath

_NAME = re.compile(
    r"(?<![A-Za-z])"
    r"(loggingsnapshot|xconf_dump|xstat_dump|ca|server|client|eth\d+_diagnostic_logging_tcpdump\d+)"
    # Browsers put " (1)" into the name of a second download.
    r"_(.+)_(\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d)(?: ?\(\d+\))?(?:\.\w+)?$"
)


class Kind(StrEnum):
    """What a member is, by its name or else by how it begins."""

    LOG = "log"
    CONFIGURATION = "configuration"
    STATUS = "status"
    CA = "ca"
    SERVER = "server"
    CLIENT = "client"
    CERTIFICATES = "certificates"
    CAPTURE = "capture"
    OTHER = "other"


def is_documented_name(name: str) -> bool:
    """Return whether a file's name, without folders, is one that the product gives."""
    return _NAME.fullmatch(name) is not None


_KINDS = {
    "loggingsnapshot": Kind.LOG,
    "xconf_dump": Kind.CONFIGURATION,
    "xstat_dump": Kind.STATUS,
    "ca": Kind.CA,
    "server": Kind.SERVER,
    "client": Kind.CLIENT,
}


@dataclass(frozen=True, slots=True)
class Member:
    """A file of what was sent: what it is, whose, of when, and its bytes.

    `file` is its path inside what was sent, as shown to people; it is never used to write.
    """

    file: str
    kind: Kind
    host: str
    time: datetime | None
    data: bytes


def member(name: str, data: bytes, count: int = 1) -> Member:
    """Return a file with its kind, host and time as its name or its beginning tell.

    `count` stands behind the name when the same name came before.
    """
    bare = PurePosixPath(name.rpartition(": ")[2]).name
    name = name if count == 1 else f"{name} ({count})"
    if bare.startswith("._"):  # macOS keeps a file's attributes in such a shadow of it
        return Member(name, Kind.OTHER, "", None, data)
    found = _NAME.search(bare)
    if not found:
        return Member(name, _by_content(data), "", None, data)
    kind = _KINDS.get(found[1], Kind.CAPTURE)
    try:
        time = datetime.strptime(found[3], "%Y-%m-%d_%H_%M_%S").replace(tzinfo=UTC)
    except ValueError:
        time = None
    return Member(name, kind, found[2], time, data)


_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xd4\xc3\xb2\xa1", Kind.CAPTURE),
    (b"\xa1\xb2\xc3\xd4", Kind.CAPTURE),
    (b"\x4d\x3c\xb2\xa1", Kind.CAPTURE),
    (b"\xa1\xb2\x3c\x4d", Kind.CAPTURE),
    (b"\x0a\x0d\x0d\x0a", Kind.CAPTURE),
)


def _by_content(data: bytes) -> Kind:
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"-----BEGIN " in data[: 1 << 16]:
        return Kind.CERTIFICATES
    if start.startswith((b"*c ", b"xConfiguration")) or b"<Configuration" in start:
        return Kind.CONFIGURATION
    if start.startswith(b"*s ") or b"<Status" in start:
        return Kind.STATUS
    if re.search(rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", start, re.MULTILINE):
        return Kind.LOG
    return Kind.OTHER
