"""How much faster the capture reader is than tshark, as a ratio on one machine in one run.

Usage: python benchmarks/capture.py [packets ...]; 200000 and 1000000 without arguments.
The capture is made here: real handshakes of the lab (TLS 1.2 with client certificates, some
refused, and SSH tunnels) between calls: RTP over UDP, and SIP in clear over TCP. Both tools name
connections, serials, certificate requests and alerts. Warm files, the best of three rounds.
"""

import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ekukit.archive import read_capture
from ekukit.connections import handshakes
from ekukit.connections.catalog import connection
from ekukit.expressway import build, condition
from ekukit.lab.packets import packets
from ekukit.lab.record import record

SIZES = (200_000, 1_000_000)
HANDSHAKES_EACH = 2500  # packets of calls to one handshake
ROUNDS = 3
FIELDS = (
    "frame.number", "tcp.stream", "ip.src", "tcp.srcport", "ip.dst", "tcp.dstport",
    "tls.handshake.type", "tls.handshake.extensions_server_name", "x509af.serialNumber",
    "tls.alert_message.desc", "ssh.protocol",
)  # fmt: skip


def conversations() -> list[list[bytes]]:
    """Return the frames of some real connections."""
    found = []
    for name, row in (("C1", "uc-zone"), ("C2", "uc-zone"), ("C1", "ssh-tunnel")):
        handshake = handshakes(build(condition(name, key="EC-secp256r1")), connection(row))[0]
        made = packets(handshake, record(handshake).flights, client_port=25011)
        found.append([packet.frame for packet in made])
    return found


def moved(frames: list[bytes], port: int) -> list[bytes]:
    """Return the frames with another port in place of 25011."""
    old, new = struct.pack("!H", 25011), struct.pack("!H", port)
    return [frame[:34] + frame[34:38].replace(old, new) + frame[38:] for frame in frames]


def noise(chance: random.Random) -> list[bytes]:
    """Return frames of calls: nine of ten are RTP, the others SIP in clear over TCP."""
    found = []
    for place in range(400):
        ends = bytes([192, 0, 2, chance.randrange(1, 200), 198, 51, 100, chance.randrange(1, 9)])
        if place % 10:
            body = b"\x80\x60" + chance.randbytes(chance.choice([170, 600, 1100]))
            upper = struct.pack("!HHHH", 36000 + place * 2, 36002, len(body) + 8, 0) + body
        else:
            body = (b"OPTIONS sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n" * 9)[:500]
            place_in_stream = chance.randrange(1 << 32)
            upper = struct.pack(
                "!HHIIBBHHH", 30000 + place, 5060, place_in_stream, 1, 80, 24, 500, 0, 0
            )
            upper += body
        head = struct.pack(
            "!BBHHHBBH", 69, 0, 20 + len(upper), 1, 0, 64, 17 if place % 10 else 6, 0
        )
        found.append(bytes(12) + b"\x08\x00" + head + ends + upper)
    return found


def frames(count: int) -> Iterator[bytes]:
    """Yield so many frames, handshakes among calls."""
    chance = random.Random(1)  # noqa: S311 - the same file in every run
    calls, real = noise(chance), conversations()
    waiting: list[bytes] = []
    port = 20_000
    for place in range(count):
        if place % HANDSHAKES_EACH == 0:
            port = 20_000 + (port - 19_999) % 40_000
            waiting += moved(chance.choice(real), port)
        if waiting and place % 3 == 0:
            yield waiting.pop(0)
        else:
            yield calls[place % len(calls)]


def write(path: Path, count: int) -> None:
    """Write a classic pcap of so many packets."""
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for place, frame in enumerate(frames(count)):
            head = struct.pack("<IIII", 1_774_767_480 + place // 5000, place % 5000 * 200,
                               len(frame), len(frame))  # fmt: skip
            out.write(head + frame)


def tshark(path: Path) -> None:
    """Let tshark name the same things."""
    asked = [part for name in FIELDS for part in ("-e", name)]
    command = ["tshark", "-r", str(path), "-n", "-T", "fields", *asked]
    command += ["-Y", "tls.handshake || tls.alert_message || ssh"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def plain(path: Path) -> None:
    """Read the bytes and nothing more: no tool can be quicker."""
    with path.open("rb") as stream:
        while stream.read(1 << 20):
            pass


def best(work: Callable[[Path], object], path: Path) -> float:
    """Return the shortest time of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work(path)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the ratios."""
    if shutil.which("tshark") is None:
        sys.exit("tshark is not installed: nothing to compare with")
    for count in map(int, sys.argv[1:] or SIZES):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.pcap")
            write(path, count)
            ours, bare, theirs = (best(work, path) for work in (read_capture, plain, tshark))
            rows = len(read_capture(path))
        print(
            f"{count} packets, {rows} connections: {theirs / ours:.1f} x tshark, "
            f"{ours / bare:.1f} x the time of reading the bytes"
        )


if __name__ == "__main__":
    main()
