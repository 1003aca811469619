"""The capture reader, with and without its index, inside tunnels and in fragments.

Usage: python fuzz/capture.py [seconds].
"""

import struct
import sys
from io import BytesIO
from pathlib import Path

from fuzzing import main

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))
from capture_tunnels import TUNNELS, pieces, pieces6

from ekukit.archive import read_capture
from ekukit.capture import packet_index as capture_index
from ekukit.capture.handshake_rows import chain_view
from ekukit.connections import handshakes
from ekukit.connections.catalog import connection
from ekukit.expressway import build, condition
from ekukit.lab.packets import packets, pcapng
from ekukit.lab.record import capture, record, record_tls13


def written(frames: list[bytes]) -> bytes:
    """Return a classic pcap of frames."""
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    for place, frame in enumerate(frames):
        size = len(frame)
        data += struct.pack("<IIII", 1_774_767_480, place, size, size) + frame
    return data


def samples() -> tuple[bytes, ...]:
    """Return a TLS and an SSH connection as pcap and pcapng, in tunnels, fragments, TLS 1.3."""
    deployment = build(condition("C2", key="EC-secp256r1"))
    found = [capture(deployment, [name]) for name in ("uc-zone", "ssh-tunnel")]
    for name in ("uc-zone", "ssh-tunnel"):
        handshake = handshakes(deployment, connection(name))[0]
        made = packets(handshake, record(handshake).flights, client_port=25011)
        frames = [packet.frame for packet in made]
        found += [written(frames), written([frame[:60] for frame in frames])]
        found += [written([tunnel(frame) for frame in frames]) for tunnel in TUNNELS.values()]
        for cut in (pieces, pieces6):
            parts = [part for place, frame in enumerate(frames) for part in cut(frame, 256, place)]
            found.append(written(parts))
    handshake = handshakes(deployment, connection("uc-zone"))[0]
    sealed = record_tls13(handshake)
    found.append(pcapng(packets(handshake, sealed.flights, client_port=25011), sealed.secrets))
    return tuple(found)


def target(data: bytes) -> None:
    """Read bytes as a capture twice: the index leaves out nothing that gives a row."""
    tables = []
    for fewest in (0, 1 << 30):
        capture_index.FEWEST = fewest
        table = read_capture(BytesIO(data), "a.pcap")
        for chain in table["server_chain"]:
            chain_view(chain)
        tables.append(table)
    if not tables[0].equals(tables[1]):
        raise AssertionError(tables)


SAMPLES = samples()

if __name__ == "__main__":
    main(target, SAMPLES)
