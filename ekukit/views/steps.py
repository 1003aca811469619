"""The steps of a published capture beside those of a handshake made here."""

from dataclasses import dataclass
from io import BytesIO
from numbers import Integral

import pandas as pd

from ekukit.archive.capture import read_capture
from ekukit.connections import Side, connection, handshakes
from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.lab import capture

COLUMNS = ("Step", "Who", "Packet in the source", "Packet here", "Serial presented here", "Source")


@dataclass(frozen=True, slots=True)
class Step:
    """A message that the source points at: who sends it, its packet there, its column here."""

    message: str
    sender: Side
    packet: str
    column: str
    fact: str


STEPS: dict[str, tuple[Step, ...]] = {
    "webex": (
        Step("Client Hello", Side.CLIENT, "13699", "client_hello", "X1"),
        Step("Server Hello", Side.SERVER, "13701", "server_hello", "X1"),
        Step("Certificate of the server", Side.SERVER, "13711", "server_certificates_packet", "X1"),
        Step("Certificate Request", Side.SERVER, "13715", "certificate_request", "X1"),
        Step("Certificate of the client", Side.CLIENT, "13718", "client_certificates_packet", "X1"),
    ),
    "neighbor-in": (
        Step("Client Hello", Side.CLIENT, "736", "client_hello", "X2"),
        Step("Server Hello", Side.SERVER, "738", "server_hello", "X2"),
        Step("Certificate of the server", Side.SERVER, "742", "server_certificates_packet", "X2"),
        Step("Certificate Request", Side.SERVER, "742", "certificate_request", "X2"),
        Step("Certificate of the client", Side.CLIENT, "744", "client_certificates_packet", "X2"),
    ),
    "cucm-tftp": (
        Step("Client Hello", Side.CLIENT, "no number", "client_hello", "X3"),
        Step(
            "Certificate of the client",
            Side.CLIENT,
            "no number",
            "client_certificates_packet",
            "X3",
        ),
    ),
}


def steps_table(deployment: Deployment, name: str) -> pd.DataFrame:
    """Return the source's steps with their packets there and in a capture made now; COLUMNS.

    The packets here are read back from the capture file by the kit's own reader. Raises
    InputError for a connection of which the source shows no packets.
    """
    if name not in STEPS:
        msg = f"the source shows no packets of {name!r}; use one of {', '.join(STEPS)}"
        raise InputError(msg)
    shake = handshakes(deployment, connection(name))[0]
    frame = read_capture(BytesIO(capture(deployment, (name,))), "made here")
    found = {str(column): value for column, value in frame.iloc[0].items()}
    rows = [
        (
            step.message,
            shake.client.node if step.sender is Side.CLIENT else shake.server.node,
            step.packet,
            _number(found[step.column]),
            _serial(found, step.column),
            step.fact,
        )
        for step in STEPS[name]
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _number(value: object) -> str:
    return str(value) if isinstance(value, Integral) else "not sent"


def _serial(found: dict[str, object], column: str) -> str:
    serials = found.get(column.replace("certificates_packet", "serials"))
    if not column.endswith("certificates_packet") or not isinstance(serials, tuple):
        return ""
    return str(serials[0]) if serials else "no certificate"
