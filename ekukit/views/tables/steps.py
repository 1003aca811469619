"""The steps of a published capture beside those of a handshake made here."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from numbers import Integral

import pandas as pd

from ekukit.capture.reader import read_capture
from ekukit.connections import Side
from ekukit.connections.alert_names import ALERT_NAMES
from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.expressway.scenarios import X1_SERIAL, X2_SERIAL, scenario
from ekukit.frames import frame_of
from ekukit.lab import capture

COLUMNS = (
    "Step",
    "Sent here by",
    "Packet in the source",
    "Packet here",
    "Serial of the leaf",
    "Match",
    "Source",
)
PACKET_COLUMNS = ("Packet", "Sent by", "Message", "Carries")
NO_NUMBER = "no number"


@dataclass(frozen=True, slots=True)
class Step:
    """A message that the source points at: who sends it there, its packet, its column here.

    `serial` is the leaf's serial as the source shows it, "" where it shows none.
    """

    message: str
    sender: Side
    address: str
    packet: str
    column: str
    fact: str
    serial: str = ""


_EDGE, _WEBEX = "10.106.80.31", "163.129.37.33"
_CORE, _NEIGHBOR = "10.106.80.16", "10.106.80.15"
_C, _S = Side.CLIENT, Side.SERVER

STEPS: dict[str, tuple[Step, ...]] = {
    "webex": (
        Step("Client Hello", _C, _EDGE, "13699", "client_hello", "X1"),
        Step("Server Hello", _S, _WEBEX, "13701", "server_hello", "X1"),
        Step(
            "Certificate of the server", _S, _WEBEX, "13711", "server_certificates_packet", "X1"
        ),
        Step("Certificate Request", _S, _WEBEX, "13715", "certificate_request", "X1"),
        Step(
            "Certificate of the client",
            _C,
            _EDGE,
            "13718",
            "client_certificates_packet",
            "X1",
            X1_SERIAL,
        ),
    ),
    "neighbor-in": (
        Step("Client Hello", _C, _NEIGHBOR, "736", "client_hello", "X2"),
        Step("Server Hello", _S, _CORE, "738", "server_hello", "X2"),
        Step(
            "Certificate of the server",
            _S,
            _CORE,
            "742",
            "server_certificates_packet",
            "X2",
            X2_SERIAL,
        ),
        Step("Certificate Request", _S, _CORE, "742", "certificate_request", "X2"),
        Step(
            "Certificate of the client", _C, _NEIGHBOR, "744", "client_certificates_packet", "X2"
        ),
    ),
    "cucm-tftp": (
        Step("Client Hello", _C, _CORE, NO_NUMBER, "client_hello", "X3"),
        Step(
            "Certificate of the client", _C, _CORE, NO_NUMBER, "client_certificates_packet", "X3"
        ),
    ),
}  # fmt: skip


def first_row(deployment: Deployment, name: str) -> dict[str, object]:
    """Return a connection's first handshake as the kit's reader finds it in a capture made now.

    Keys are the columns of `read_capture`. Raises InputError when the deployment has no systems
    for the connection.
    """
    found = row_of(capture(deployment, (name,)))
    if not found:
        msg = f"this deployment makes no handshake of {name!r}; choose another connection"
        raise InputError(msg)
    return found


def row_of(data: bytes) -> dict[str, object]:
    """Return a capture's first handshake, by the columns of `read_capture`; {} for none."""
    frame = read_capture(BytesIO(data), "made here")
    rows = frame.head(1).to_dict("records")
    return {str(column): value for row in rows for column, value in row.items()}


def steps_table(deployment: Deployment | None, name: str) -> pd.DataFrame:
    """Return the source's steps with their packets there and in a capture made now; COLUMNS.

    The packets here are read back from the capture file by the kit's own reader. "Match" compares
    sender, order and, where the source shows one, serial; it is computed. Without a deployment the
    published scenario itself is taken. Raises InputError for a connection of which the source
    shows no packets.
    """
    if name not in STEPS:
        msg = f"the source shows no packets of {name!r}; use one of {', '.join(STEPS)}"
        raise InputError(msg)
    found = first_row(deployment or scenario(STEPS[name][0].fact), name)
    rows, before = [], 0
    for step in STEPS[name]:
        number = found[step.column]
        here = int(number) if isinstance(number, Integral) else None
        sender, serial = str(found[step.sender.value]), _serial(found, step.column)
        rows.append(
            (
                step.message,
                sender,
                step.packet,
                "not sent" if here is None else here,
                _serial_lines(step, serial),
                match_words(step, here, before, sender, serial),
                step.fact,
            )
        )
        before = here or before
    return frame_of(rows, COLUMNS)


def match_words(step: Step, here: int | None, before: int, sender: str, serial: str) -> str:
    """Return whether a step here equals the source's, in words with a sign, and what differs."""
    if here is None:
        return "✗ not sent here"
    differs = []
    if sender != step.address:
        differs.append(f"sender is {step.address} in the source")
    if here < before:
        differs.append("comes earlier here")
    if step.serial and serial != step.serial:
        differs.append("another serial")
    if differs:
        return f"✗ {'; '.join(differs)}"
    return f"✓ same sender{', order and serial' if step.serial else ' and order'}"


def _serial_lines(step: Step, serial: str) -> tuple[str, ...]:
    """Return the source's serial above ours: two of that length do not fit side by side."""
    if not step.column.endswith("certificates_packet"):
        return ("none in this message",)
    return (f"source: {step.serial or 'not shown'}", f"here: {serial or 'not sent'}")


def _serial(found: dict[str, object], column: str) -> str:
    serials = found.get(column.replace("certificates_packet", "serials"))
    if not column.endswith("certificates_packet") or not isinstance(serials, tuple):
        return ""
    return str(serials[0]) if serials else "no certificate"


_MESSAGES = (
    ("client_hello", Side.CLIENT, "Client Hello"),
    ("server_hello", Side.SERVER, "Server Hello"),
    ("server_certificates_packet", Side.SERVER, "Certificate"),
    ("certificate_request", Side.SERVER, "Certificate Request"),
    ("client_certificates_packet", Side.CLIENT, "Certificate"),
)


def packet_table(found: dict[str, object]) -> pd.DataFrame:
    """Return the messages that the kit's reader found in a handshake; PACKET_COLUMNS, in order.

    `found` is a row of `read_capture`. Messages that were not sent have no row; alerts have one.
    """
    rows = sorted(_packet_rows(found), key=lambda row: row[0])
    return frame_of(rows, PACKET_COLUMNS)


def _packet_rows(found: dict[str, object]) -> Iterator[tuple[int, str, str, object]]:
    for column, side, message in _MESSAGES:
        number = found[column]
        if not isinstance(number, Integral):
            continue
        yield int(number), _who(found, side), message, _carried(found, column)
    alerts = found["alerts"]
    for packet, sender, level, number in alerts if isinstance(alerts, tuple) else ():
        name = ALERT_NAMES.get(number, "no name known")
        words = f"{number} {name}, {'fatal' if level == 2 else 'warning'}"  # noqa: PLR2004
        yield int(packet), _who(found, Side(sender)), "Alert", words


def _who(found: dict[str, object], side: Side) -> str:
    return f"{side.value} {found[side.value]}, port {found[f'{side.value}_port']}"


def _carried(found: dict[str, object], column: str) -> object:
    if column == "client_hello":
        sni = found["sni"]
        return f"server name {sni}" if isinstance(sni, str) else "no server name"
    if column == "server_hello":
        return str(found["version"])
    serials = found.get(column.replace("certificates_packet", "serials"))
    if column == "certificate_request":
        return "asks the client for a certificate"
    if not isinstance(serials, tuple) or not serials:
        return "no certificate"
    leaf, *above = serials
    return (f"leaf, serial {leaf}", *(f"CA above it, serial {serial}" for serial in above))
