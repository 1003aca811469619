"""The files of an archive: what each is, by its name or by how it begins."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import PurePosixPath

from ekukit.believed import is_believed
from ekukit.certificates.binary_blocks import is_der
from ekukit.log.changed_lines import MOST_TEXT, has_record
from ekukit.plaintext import plain_text

_NAME = re.compile(
    r"(?<![A-Za-z])"
    r"(loggingsnapshot|xconf_dump|xstat_dump|ca|server|client|eth\d+_diagnostic_logging_tcpdump\d+)"
    # Browsers put " (1)" into the name of a second download.
    r"_(.+)_(\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d)(?: ?\(\d+\))?(?:\.\w+)?$"
)


class MemberKind(StrEnum):
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


def matters_by_name(shown: str) -> bool:
    """Return whether a file, or an archive as a whole, has a name that the product gives.

    `shown` is the name with the archives around it. An archive in an archive counts, too.
    """
    bare = PurePosixPath(shown.rpartition(": ")[2]).name
    if bare.startswith("._"):
        return False
    return _NAME.search(bare) is not None or bare.lower().endswith(_ARCHIVES)


def why_unknown(shown: str, *, private: bool) -> tuple[str, bool]:
    """Return why no reader takes a file, and whether a verdict could hang on it."""
    if private:
        return "a private key, not read", False
    if matters_by_name(shown):
        return "an archive by its name, and none by its bytes", True
    return "not a file that the kit knows", False


def is_log_by_name(shown: str) -> bool:
    """Return whether a file has the name that the product gives a log."""
    found = _NAME.search(PurePosixPath(shown.rpartition(": ")[2]).name)
    return found is not None and found[1] == "loggingsnapshot"


def is_foreign(shown: str, data: bytes) -> bool:
    """Return whether an archive may hide in a file: it has no name of the product's, is no capture.

    A capture may hold an archive that was on its way, and stays what it is.
    """
    bare = PurePosixPath(shown.rpartition(": ")[2]).name
    return _NAME.search(bare) is None and _by_content(data) is not MemberKind.CAPTURE


_ARCHIVES = (".tar", ".gz", ".tgz", ".zip", ".bz2", ".xz", ".txz", ".tbz2")


def is_documented_name(name: str) -> bool:
    """Return whether a file's name, without folders, is one that the product gives."""
    return _NAME.fullmatch(name) is not None


_KINDS = {
    "loggingsnapshot": MemberKind.LOG,
    "xconf_dump": MemberKind.CONFIGURATION,
    "xstat_dump": MemberKind.STATUS,
    "ca": MemberKind.CA,
    "server": MemberKind.SERVER,
    "client": MemberKind.CLIENT,
}


@dataclass(frozen=True, slots=True)
class Member:
    """A file of what was sent: what it is, whose, of when, and its bytes.

    `file` is its path inside what was sent, as shown to people; it is never used to write.
    """

    file: str
    kind: MemberKind
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
        return Member(name, MemberKind.OTHER, "", None, data)
    found = _NAME.search(bare)
    if not found:
        return Member(name, _by_content(data), "", None, data)
    kind = _KINDS.get(found[1], MemberKind.CAPTURE)
    return Member(name, kind, found[2], _time(found[3]), data)


_LOOSE = (MemberKind.OTHER, MemberKind.CERTIFICATES, MemberKind.LOG)


def is_loose(given: Member, data: bytes) -> bool:
    """Return whether a file may hold what somebody pasted: no name of the product's, not long.

    `data` is what is left of its bytes when keys are struck out.
    """
    return given.kind in _LOOSE and not given.host and 0 < len(data) <= MOST_TEXT


def _time(text: str) -> datetime | None:
    """Return the time in a file's name, None for one that no node's clock shows."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d_%H_%M_%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if is_believed(found) else None


def odd_time(shown: str) -> str:
    """Return the time in a file's name that is not believed, "" for any other name."""
    found = _NAME.search(PurePosixPath(shown.rpartition(": ")[2]).name)
    return found[3] if found and _time(found[3]) is None else ""


_BEGINNINGS: tuple[tuple[bytes, MemberKind], ...] = (
    (b"\xd4\xc3\xb2\xa1", MemberKind.CAPTURE),
    (b"\xa1\xb2\xc3\xd4", MemberKind.CAPTURE),
    (b"\x4d\x3c\xb2\xa1", MemberKind.CAPTURE),
    (b"\xa1\xb2\x3c\x4d", MemberKind.CAPTURE),
    (b"\x0a\x0d\x0d\x0a", MemberKind.CAPTURE),
)


def _by_content(data: bytes) -> MemberKind:
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if is_der(data):
        return MemberKind.CERTIFICATES
    text = plain_text(data[: 1 << 16])
    start = text[:4096].lstrip()
    found = next((kind for kind, fits in _LOOKS if fits(start, text)), MemberKind.OTHER)
    if found is MemberKind.OTHER and has_record(plain_text(data[:MOST_TEXT])):
        return MemberKind.LOG  # a mail or a ticket, in which lines of a log stand amid words
    return found


_LOG = re.compile(rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.MULTILINE)
_LOOKS: tuple[tuple[MemberKind, Callable[[bytes, bytes], object]], ...] = (
    (MemberKind.LOG, lambda start, _: _LOG.search(start)),
    (MemberKind.CERTIFICATES, lambda _, text: b"-BEGIN " in text),
    (MemberKind.CONFIGURATION, lambda start, _: start.startswith((b"*c ", b"xConfiguration"))
     or b"<Configuration" in start),
    (MemberKind.STATUS, lambda start, _: start.startswith(b"*s ") or b"<Status" in start),
)  # fmt: skip
