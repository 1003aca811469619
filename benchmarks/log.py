"""How long the log reader takes, as ratios on one machine in one run.

Usage: python benchmarks/log.py [records ...]; 1000 (an ordinary log) and 100000 without arguments.
The log is made here, in the documented grammar: connections, TLS errors and SIP messages with
their bodies. It is compared with reading its lines and nothing more, and, where ripgrep is
installed, with `rg -c` for lines that begin with a time. Warm files, the best of five rounds.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ekukit.archive import read_log
from ekukit.log.records import records

SIZES = (1000, 100_000)
ROUNDS = 5
_ENDS = 'Src-ip="192.0.2.16" Src-port="25011" Dst-ip="192.0.2.31" Dst-port="7001"'
_UTC = 'UTCTime="2026-03-29 06:58:01,203"'
HEADS = (
    (
        f'tvcs: {_UTC} Module="network.tcp" Level="DEBUG":  {_ENDS} '
        'Detail="TCP Connection Established"'
    ),
    (
        f'tvcs: Event="Inbound TLS Negotiation Error" Service="SIP" {_ENDS} Detail="unknown CA" '
        f'Protocol="TLS" Level="1" {_UTC}'
    ),
    (
        f'tvcs: {_UTC} Module="developer.ssl" Level="ERROR" CodeLocation="ttssl_openssl.cpp(68)" '
        'Method="::TTSSLErrorOutput" Thread="0x7f00": TTSSL_continueHandshake: Failed to establish '
        'SSL connection iResult="-1" error="1" bServer="true" '
        "localAddress=\"['IPv4''TCP''192.0.2.31:7001']\" "
        "remoteAddress=\"['IPv4''TCP''192.0.2.16:25011']\" "
        'ssl_error_reason="error:0A000086:SSL routines::certificate verify failed"'
    ),
    "traffic_server[2030]:[ET_NET 1]ERROR:SSL connection failed for 'cucm1.example.com'",
)
SIP = (
    f'tvcs: {_UTC} Module="network.sip" Level="DEBUG":  Action="Received" {_ENDS} '
    'Detail="Receive Request Method=OPTIONS, CSeq=1"\n SIPMSG:\n'
    " |OPTIONS sip:192.0.2.31:7001;transport=tls SIP/2.0\n"
    + ' Via: SIP/2.0/TLS 192.0.2.16:25011;branch=z9hG4bK776;x="y"\n' * 14
    + " |"
)


def write(path: Path, count: int) -> None:
    """Write a log of so many records, every other one a SIP message."""
    chance = random.Random(1)  # noqa: S311 - the same file in every run
    with path.open("w", encoding="utf-8") as out:
        for place in range(count):
            body = SIP if place % 2 else HEADS[place // 2 % len(HEADS)]
            hour, rest = divmod(place // 50 % 86_400, 3600)
            stamp = f"{hour:02}:{rest // 60:02}:{rest % 60:02}.{chance.randrange(1000):03}"
            out.write(f"2026-03-29T{stamp}+00:00 edge1 {body}\n")


def lines(path: Path) -> None:
    """Read the lines and nothing more."""
    with path.open(encoding="utf-8") as stream:
        for _line in stream:
            pass


def only_records(path: Path) -> None:
    """Read the records without making a table."""
    for _record in records(path.read_bytes()):
        pass


def ripgrep(path: Path) -> None:
    """Let ripgrep count the lines that begin a record."""
    command = ["rg", "-c", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T", str(path)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


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
    for count in map(int, sys.argv[1:] or SIZES):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "log.txt")
            write(path, count)
            table, bare, plain = (best(work, path) for work in (read_log, only_records, lines))
            told = f"table {table / plain:.1f} x, records {bare / plain:.1f} x a plain line loop"
            if shutil.which("rg"):
                told += f", table {table / best(ripgrep, path):.1f} x rg -c"
            print(f"{count} records, {path.stat().st_size / 1e6:.1f} MB: {told}")


if __name__ == "__main__":
    main()
