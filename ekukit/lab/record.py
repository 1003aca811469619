"""Recordings of handshakes: what crossed, as packets that Wireshark opens."""

from collections.abc import Iterable

from ekukit.connections import CATALOG, Handshake, Protocol, connection, handshakes
from ekukit.expressway import Deployment
from ekukit.lab.packets import Packet, packets, pcapng
from ekukit.lab.ssh import run_ssh
from ekukit.lab.tape import Transcript
from ekukit.lab.tls import TLS_1_3, run_tls

# Core's outbound port ranges: SIP TLS 25000-29999, tunnels 30000-35999.
FIRST_PORT = {Protocol.TLS: 25011, Protocol.SSH: 30011}


def record(handshake: Handshake) -> Transcript:
    """Make the handshake anew and return what crossed; nothing comes from the cache."""
    transcript = Transcript()
    engine = run_tls if handshake.protocol is Protocol.TLS else run_ssh
    transcript.verdict = engine(handshake, transcript)
    return transcript


def record_tls13(handshake: Handshake) -> Transcript:
    """Make a TLS handshake in TLS 1.3, which hides certificates, and return what crossed."""
    transcript = Transcript()
    transcript.verdict = run_tls(handshake, transcript, version=TLS_1_3)
    return transcript


def capture(deployment: Deployment, names: Iterable[str] | None = None) -> bytes:
    """Return a pcapng file of the deployment's handshakes, TLS secrets embedded.

    Frames, ports and times are made around the bytes that crossed; the bytes are untouched.
    `names` picks connections of the catalog, None all. SSH user authentication stays encrypted:
    no tool reads it from a capture.
    """
    found: list[Packet] = []
    secrets: list[bytes] = []
    number = 0
    for row in CATALOG if names is None else map(connection, names):
        for handshake in handshakes(deployment, row):
            transcript = record(handshake)
            port = FIRST_PORT[handshake.protocol] + number
            found += packets(handshake, transcript.flights, client_port=port, number=number)
            secrets += transcript.secrets
            number += 1
    return pcapng(found, secrets)
