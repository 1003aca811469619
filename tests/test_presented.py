"""`inspect` says of captures who presented what, in the shell and in JSON, capped and not."""

import json
import struct
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from capture_files import C, Flights, Frames, S, frames_of, handshake_of, needs_tshark, ng, pcap

from ekukit.capture.reader import capture_rows
from ekukit.cli import main
from ekukit.connections import Handshake
from ekukit.connections.alert_names import ALERT_NAMES, CERTIFICATE_ALERTS, OPEN_ALERTS
from ekukit.diagnosis.evidence.captured import tries_in_captures
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.presented import alert_words, refused_by
from ekukit.diagnosis.evidence.tries import Map
from ekukit.lab import record, record_tls13
from ekukit.log.meanings import Fate
from ekukit.verbs.case_json import MOST


def moved(frames: Frames, port: int) -> Frames:
    """Return the frames with another client port."""
    old, new = struct.pack("!H", 25011), struct.pack("!H", port)
    return [(at, d[:34] + d[34:38].replace(old, new) + d[38:]) for at, d in frames]


def told(path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """Return what `inspect --json` prints of a file."""
    assert main(["inspect", str(path), "--json", *words]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_json_says_who_presented_what(
    refused: Handshake, zone: Flights, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bare capture's handshake has both leaves, the alert in words and whom it refused."""
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap(frames_of(zone, refused)))
    (shown,) = told(path, capsys)["handshakes"]  # type: ignore[misc]
    client, server = refused.client.certificate, refused.server.certificate
    assert client is not None
    assert server is not None
    for end, leaf in (("client", client), ("server", server)):
        found = shown[f"{end}_certificate"]  # type: ignore[index]
        assert (leaf.name, leaf.serial_hex, leaf.issuer_name) == (
            found["subject"], found["serial"], found["issuer"],
        )  # fmt: skip
    assert shown["alerts"] == [{  # type: ignore[index]
        "packet": 10, "sender": "server", "fatal": True, "number": 43,
        "name": "unsupported certificate", "refused": "client",
        "text": "server sent fatal alert 43 unsupported certificate: it refused the certificate "
                "of the client",
    }]  # fmt: skip
    assert (shown["client_port"], shown["server_port"], shown["version"]) == (  # type: ignore[index]
        25011, 7001, "TLS 1.2",
    )  # fmt: skip


def test_shell_says_who_presented_what(
    refused: Handshake, zone: Flights, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The table in the shell has addresses, EKUs, issuer, serial and the alert's direction."""
    monkeypatch.setenv("COLUMNS", "250")
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap(frames_of(zone, refused)))
    assert main(["inspect", str(path)]) == 0
    printed = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for words in ("10.106.80.16:25011", "to 10.106.80.31:7001", "serverAuth", "fatal alert 43"):
        assert words in printed
    assert refused.client.certificate is not None
    assert refused.client.certificate.serial_hex in printed


def test_version_13_with_secrets_is_judged(
    refused: Handshake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refusal in TLS 1.3 is observed where the file carries secrets, and not without."""
    found = record_tls13(refused)
    frames = frames_of(found.flights, refused)
    states = []
    for secrets in (tuple(found.secrets), ()):
        path = tmp_path / "x.pcapng"
        path.write_bytes(ng(frames, secrets))
        case = told(path, capsys)
        states.append([one["state"] for one in case["observed"]])  # type: ignore[attr-defined]
    assert states == [["Failed"], []]


def test_floods_are_capped_in_what_is_shown(
    refused: Handshake, zone: Flights, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a flood the refused are shown first and the rest is counted; --all shows every one."""
    fine = handshake_of("C1", "uc-zone")
    works, fails = frames_of(record(fine).flights, fine), frames_of(zone, refused)
    path = tmp_path / "x.pcap"
    frames = [frame for port in range(MOST + 20) for frame in moved(works, 2000 + port)]
    path.write_bytes(pcap(frames + moved(fails, 60_000)))
    case = told(path, capsys)
    shown = case["handshakes"]
    assert isinstance(shown, list)
    assert (len(shown), case["left_out"]["handshakes"]) == (MOST, 21)  # type: ignore[index]
    assert shown[-1]["client_port"] == 60_000
    assert len(told(path, capsys, "--all")["handshakes"]) == MOST + 21  # type: ignore[arg-type]
    assert main(["inspect", str(path)]) == 0
    assert f"and {MOST + 21 - 25} more handshakes" in capsys.readouterr().out


@needs_tshark
def test_every_alert_has_a_name() -> None:
    """Every alert that tshark names has the same name here; only a draft's is left out."""
    text = subprocess.run(["tshark", "-G", "values"], capture_output=True, text=True, check=True)
    rows = [
        line.split("\t")
        for line in text.stdout.splitlines()
        if "\ttls.alert_message.desc\t" in line
    ]
    names = {int(row[2], 0): row[3].lower() for row in rows}
    assert names.pop(1, "end of early data") == "end of early data"
    assert names == {n: ALERT_NAMES[n].lower() for n in names}


@pytest.mark.parametrize("sender", ["client", "server"])
@pytest.mark.parametrize("number", ALERT_NAMES)
def test_alerts_state_their_direction(sender: str, number: int) -> None:
    """Who sends an alert about a certificate refuses the other's; other alerts refuse none."""
    other = {"client": "server", "server": "client"}[sender]
    about = number in CERTIFICATE_ALERTS
    assert refused_by(sender, 2, number) == (other if about else None)
    assert alert_words(sender, 2, number).startswith(f"{sender} sent fatal alert {number} ")
    assert (f"certificate of the {other}" in alert_words(sender, 2, number)) is about
    assert refused_by(sender, 1, number) is None
    assert not CERTIFICATE_ALERTS & OPEN_ALERTS


@pytest.mark.parametrize(("number", "judges"), [(43, True), (40, True), (70, False), (112, False)])
def test_protocol_alerts_blame_no_certificate(
    number: int, *, judges: bool, refused: Handshake, zone: Flights
) -> None:
    """An alert about the protocol ends the handshake and refuses no certificate."""
    last = (S, b"\x15\x03\x03\0\2\2" + bytes([number]))
    table = capture_rows(BytesIO(pcap(frames_of([*zone[:-1], last], refused))))
    (found,) = tries_in_captures(table.rows, Map(), Inventory({}, {}, {}, ()))
    fate = Fate.REFUSED if number == 43 else Fate.FAILED
    assert (found.fate, found.side) == (fate, C if judges else None)
