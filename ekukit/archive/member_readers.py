"""Which reader makes what table of which kind of file."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from ekukit.archive import certificate_table as certificates
from ekukit.archive import dump
from ekukit.archive.member import Member, MemberKind
from ekukit.capture import reader as capture
from ekukit.log.snapshot import Snapshot

if TYPE_CHECKING:
    import pandas as pd


def _capture(member: Member) -> "pd.DataFrame":
    return capture.read_capture(io.BytesIO(member.data), member.file)


READERS: dict[MemberKind, tuple[str, Callable[[Member], "pd.DataFrame | Snapshot"]]] = {
    MemberKind.LOG: ("log", lambda m: Snapshot(m.data, struck=True)),
    MemberKind.CONFIGURATION: ("configuration", lambda m: dump.read_configuration(m.data)),
    MemberKind.STATUS: ("status", lambda m: dump.read_status(m.data)),
    MemberKind.CAPTURE: ("handshakes", _capture),
    **dict.fromkeys(
        (MemberKind.CA, MemberKind.SERVER, MemberKind.CLIENT, MemberKind.CERTIFICATES),
        ("certificates", lambda m: certificates.read_certificates(m.data, m.file)),
    ),
}
