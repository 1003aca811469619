"""What tshark says of a capture."""

import subprocess
from pathlib import Path


def _tshark(path: Path, *options: str) -> str:
    command = ["tshark", "-r", str(path), *options]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    noise = ("Running as user", "")
    assert [line for line in found.stderr.splitlines() if not line.startswith(noise[0])] == []
    return found.stdout


def fields(path: Path, wanted: str, *names: str) -> list[tuple[str, ...]]:
    """Return the named fields of every packet that the filter lets through."""
    options = [option for name in names for option in ("-e", name)]
    text = _tshark(path, "-Y", wanted, "-T", "fields", *options)
    return [tuple(line.split("\t")) for line in text.splitlines()]


def sip(path: Path, port: int) -> list[tuple[str, ...]]:
    """Return method and status of every SIP message that the embedded secrets decrypt."""
    found = _tshark(
        path, "-d", f"tls.port=={port},sip", "-Y", f"tcp.port=={port} && sip",
        "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code",
    )  # fmt: skip
    return [tuple(line.split("\t")) for line in found.splitlines()]


def serials(path: Path, port: int) -> list[str]:
    """Return the leaf serials in the order in which they were sent, as lower-case hex."""
    rows = fields(path, f"tcp.port=={port} && tls.handshake.type==11", "x509af.serialNumber")
    return [row[0].split(",")[0].replace(":", "").removeprefix("0x").lstrip("0") for row in rows]


def alerts(path: Path, port: int) -> list[int]:
    """Return the numbers of fatal alerts."""
    rows = fields(path, f"tcp.port=={port} && tls.alert_message.level==2", "tls.alert_message.desc")
    return [int(row[0]) for row in rows]


def expert_warnings(path: Path) -> list[str]:
    """Return what Wireshark would mark as warning or error."""
    text = _tshark(path, "-q", "-z", "expert,warn")
    return [line for line in text.splitlines() if line.strip()[:1].isdigit()]
