"""The capture reader, with and without its index. Usage: python fuzz/capture.py [seconds]."""

import struct
from io import BytesIO

from fuzzing import main

from ekukit.archive import capture_index, read_capture
from ekukit.archive.capture_rows import chain_view
from ekukit.connections import handshakes
from ekukit.connections.catalog import connection
from ekukit.expressway import build, condition
from ekukit.lab.packets import packets
from ekukit.lab.record import capture, record


def samples() -> tuple[bytes, ...]:
    """Return a TLS and an SSH connection as pcap and pcapng."""
    deployment = build(condition("C2", key="EC-secp256r1"))
    found = [capture(deployment, [name]) for name in ("uc-zone", "ssh-tunnel")]
    for name in ("uc-zone", "ssh-tunnel"):
        handshake = handshakes(deployment, connection(name))[0]
        made = packets(handshake, record(handshake).flights, client_port=25011)
        data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
        for place, packet in enumerate(made):
            size = len(packet.frame)
            data += struct.pack("<IIII", 1_774_767_480, place, size, size) + packet.frame
        found.append(data)
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
