"""Which reader makes what table of which kind of file."""

import io
from collections.abc import Callable, Mapping, Sequence

from ekukit.archive import certificate_table as certificates
from ekukit.archive import dump
from ekukit.archive.member import Member, MemberKind
from ekukit.capture import reader as capture
from ekukit.frames import Row, Rows
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


def captured_counts(handshakes: Sequence[Row], counts: Mapping[str, int] | None) -> dict[str, int]:
    """Return what captures show and hide, over all of them."""
    unclear = sum(row["server_hello"] is None and not row["complete"] for row in handshakes)
    told = {"connections": len(handshakes), "connections_not_understood": unclear}
    return {**told, "packets_not_decoded": 0, **(counts or {})}
