"""Files in which somebody kept text that was pasted: a mail or a ticket, with pages and more in it.

A page is what the product shows of its zones, tunnels and alarms. A file that has a name of the
product's is none of these, and neither is one of more than 1 MiB.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ekukit.archive import certificate_table as certificates
from ekukit.archive.member import Member, MemberKind, is_loose
from ekukit.errors import InputError
from ekukit.frames import Rows
from ekukit.log.alarms import ALARM, alarm_rows
from ekukit.log.changed_lines import has_record
from ekukit.log.snapshot import Snapshot
from ekukit.plaintext import decoded, plain_text

# A cell of the tunnel page or of the zone list, between tabs or blanks.
_STATE = re.compile(
    r"(?:(?<=\t)|(?<=  ))(?:Active|Failed)(?=\t|  |$)", re.IGNORECASE | re.MULTILINE
)
_ZONE = re.compile(r"Unified Communications traversal.{0,400}\b(?:Active|Failed)\b", re.IGNORECASE)
_CERTIFICATE = b"-BEGIN CERTIFICATE-"


@dataclass(frozen=True, slots=True)
class PastedText:
    """The text of one file, in which a page of the product's may stand."""

    file: str
    text: str


def page_in(given: Member, data: bytes) -> tuple[PastedText, ...]:
    """Return the text of a loose file in which a page seems to stand."""
    if not is_loose(given, data):
        return ()
    text = decoded(plain_text(data))
    small = text.lower()
    is_page = _STATE.search(text) or _ZONE.search(text) or any(one in small for one in _alarms())
    return (PastedText(given.file, text),) if is_page else ()


def beside(given: Member, data: bytes) -> Iterator[tuple[str, Rows | Snapshot]]:
    """Yield by table what stands in a loose text beside what its kind says: log, certificates."""
    if not is_loose(given, data):
        return
    if given.kind is MemberKind.CERTIFICATES and has_record(plain_text(data)):
        yield "log", Snapshot(data, struck=True)
    if given.kind is MemberKind.LOG and _CERTIFICATE in plain_text(data):
        try:
            yield "certificates", certificates.certificate_rows(data, given.file)
        except InputError:
            return


@cache
def _alarms() -> tuple[str, ...]:
    return tuple(text for row in alarm_rows() if row.program == ALARM for text in row.texts)
