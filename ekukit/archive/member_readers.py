"""Which reader makes what table of which kind of file."""

import io
from collections.abc import Callable

from ekukit.archive import certificate_table as certificates
from ekukit.archive import dump
from ekukit.archive.member import Member, MemberKind
from ekukit.capture import reader as capture
from ekukit.frames import Rows
from ekukit.log.snapshot import Snapshot


def _capture(member: Member) -> Rows:
    return capture.capture_rows(io.BytesIO(member.data), member.file)


READERS: dict[MemberKind, tuple[str, Callable[[Member], Rows | Snapshot]]] = {
    MemberKind.LOG: ("log", lambda m: Snapshot(m.data, struck=True)),
    MemberKind.CONFIGURATION: ("configuration", lambda m: dump.configuration_rows(m.data)),
    MemberKind.STATUS: ("status", lambda m: dump.status_rows(m.data)),
    MemberKind.CAPTURE: ("handshakes", _capture),
    **dict.fromkeys(
        (MemberKind.CA, MemberKind.SERVER, MemberKind.CLIENT, MemberKind.CERTIFICATES),
        ("certificates", lambda m: certificates.certificate_rows(m.data, m.file)),
    ),
}
