"""One connection is one try and one finding, whatever number of logs and captures tell of it."""

import re
from pathlib import Path

import pytest
from cases import Change, Recording, case_of, deployment, files_of, without

from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.evidence import EvidenceKind
from ekukit.diagnosis.findings.finding import Severity

CODE = "uc-zone.client-eku-missing"
ZONE = Recording(connections=("uc-zone",))


def plain(_name: str, data: bytes) -> bytes:
    """Leave a file as it is."""
    return data


def portless(name: str, data: bytes) -> bytes:
    """Take the client's port from Core's log."""
    return (
        re.sub(rb' Src-port="25011"', b"", data)
        if name.startswith("loggingsnapshot_core")
        else data
    )


def translated(name: str, data: bytes) -> bytes:
    """Let Edge see another client address and port, and Core another server address."""
    log, capture = name.startswith("loggingsnapshot"), name.startswith("eth0")
    if "_edge_" in name and log:
        return data.replace(b"10.106.80.16", b"203.0.113.9").replace(b"25011", b"40123")
    if "_edge_" in name and capture:
        return data.replace(bytes([10, 106, 80, 16]), bytes([203, 0, 113, 9])).replace(
            b"\x61\xb3", (40_123).to_bytes(2, "big")
        )
    if "_core_" in name and log:
        return data.replace(b"10.106.80.31", b"198.51.100.7")
    if "_core_" in name and capture:
        return data.replace(bytes([10, 106, 80, 31]), bytes([198, 51, 100, 7]))
    return data


def mute(name: str, data: bytes) -> bytes:
    """Translate, and take from the logs the words that tell why."""
    data = translated(name, data)
    for words in (b"sslv3 alert unsupported certificate", b"unsuitable certificate purpose"):
        data = data.replace(words, b"handshake failed") if name.startswith("logg") else data
    return data


def zone_case(folder: Path, change: Change) -> Case:
    """Return the case of a zone whose client certificate lacks clientAuth."""
    return case_of(folder / "case", files_of(deployment("C2"), ZONE), change=change)


@pytest.mark.parametrize("change", [plain, portless, translated, mute])
def test_one_connection_is_one_finding(change: Change, tmp_path: Path) -> None:
    """Alert, log lines of both nodes and certificate are one finding with all as evidence."""
    case = zone_case(tmp_path, change)
    (found,) = [
        one for one in case.findings
        if one.severity is Severity.BROKEN and not one.code.startswith("ssh-tunnel")
    ]  # fmt: skip
    kinds = {evidence.kind for evidence in found.evidence}
    assert found.code == CODE
    assert kinds >= {EvidenceKind.LOG, EvidenceKind.PACKET, EvidenceKind.CERTIFICATE}
    hosts = {
        re.sub(r".*_(core|edge)_.*", r"\1", e.file) for e in found.evidence if e.line or e.packet
    }
    assert {"core", "edge"} <= hosts
    assert len(case.timeline) == 1


def test_what_cannot_be_joined_is_told(tmp_path: Path) -> None:
    """Translated addresses without captures on both nodes are told, and counted apart."""
    files = without("eth0")
    case = zone_case(tmp_path, lambda n, d: None if files(n, d) is None else translated(n, d))
    assert len(case.timeline) == 2
    assert [note for note in case.unknown if note.startswith("Not joined: 1 refusals")]


@pytest.mark.parametrize("change", [plain, portless])
def test_nothing_is_told_where_all_is_joined(change: Change, tmp_path: Path) -> None:
    """Where addresses tell that it is one connection, there is no such note."""
    case = zone_case(tmp_path, change)
    assert [note for note in case.unknown if note.startswith("Not joined")] == []
