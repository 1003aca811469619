"""Logs and archives of a busy Edge, as large as wanted and the same in every run.

Usage: python benchmarks/busy.py MEGABYTES PATH [--dense]
Written in the documented grammar: SIP and HTTP messages with their bodies, TCP and TLS lines with
addresses, ports and threads of their own, some failures, and the irregularities that real logs
have. About 760 bytes a record, most of them in bodies; `--dense` has few bodies.
"""

import random
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from capture import write as write_capture

# How many of 1000 records are of a kind; those that tell of failures and odd ones are rare.
MIX = {"sip": 330, "http": 110, "tcp": 240, "plain": 296, "failed": 4, "odd": 20}
DENSE = {"sip": 60, "http": 40, "tcp": 420, "plain": 455, "failed": 5, "odd": 20}
_VIA = (
    " Via: SIP/2.0/TLS 192.0.2.{a}:{port};branch=z9hG4bK{n:x};received=192.0.2.{a};rport={port}\n"
)
_STATUS = ("|OPTIONS sip:192.0.2.31:7001;transport=tls SIP/2.0", "|SIP/2.0 200 OK",
           "|INVITE sip:bob@example.com SIP/2.0", "|SIP/2.0 100 Trying",
           "|SIP/2.0 401 Unauthorised")  # fmt: skip
_METHODS = ("OPTIONS", "OPTIONS", "INVITE", "INVITE", "REGISTER")
_MODULES = ("developer.zone.zonemgr", "developer.clusterdb.restapi", "developer.sip.leg",
            "network.dns", "developer.diagnostics.heap", "network.ldap")  # fmt: skip
_PROCESSES = ("tvcs", "edgeconfigprovisioning", "licensemanager", "XCP_JABBERD[2201]", "httpd[77]")
_DETAILS = ("TCP Connecting", "TCP Connection Established", "TCP Connection Closed")
_REASONS = ("certificate verify failed", "unsupported certificate purpose",
            "tlsv1 alert unknown ca", "certificate has expired")  # fmt: skip
_ODD = (
    "tvcs no colon, then free text Detail='single' and [brackets]",
    'tvcs: Detail="said "no" twice" Detail="again" Level="INFO " ThreadID= "0x1"',
    "", "clusterdb Traceback (most recent call last):\n blank\n\n  File x",
    "tvcs: Stra\N{LATIN SMALL LETTER SHARP S}e Host=plain Level=DEBUG", "web:x\0y",
)  # fmt: skip


def records(chance: random.Random, mix: dict[str, int]) -> Iterator[str]:
    """Yield records without end."""
    kinds, weights = list(mix), list(mix.values())
    number = 0
    while True:
        for kind in chance.choices(kinds, weights, k=1000):
            number += 1
            second, milli = number // 40 % 86_400, chance.randrange(1000)
            clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            head = f"2026-03-29T{clock}.{milli:03}+00:00 edge "
            utc = f'UTCTime="2026-03-29 {clock},{milli:03}"'
            yield head + _body(kind, chance, number, utc) + "\n"


def _body(kind: str, chance: random.Random, number: int, utc: str) -> str:
    near, far = chance.randrange(1, 40), chance.randrange(1, 250)
    port, asked = chance.randrange(25_000, 60_000), chance.choice((5061, 7001, 7001, 8443))
    ends = f'Src-ip="192.0.2.{far}" Src-port="{port}" Dst-ip="192.0.2.{near}" Dst-port="{asked}"'
    thread = f'Thread="0x7f{chance.randrange(1 << 32):08x}"'
    if kind == "sip":
        return _message(chance, number, f'{utc} Module="network.sip" Level="DEBUG":', ends)
    if kind == "http":
        if number % 4 == 0:
            return (
                f"traffic_server[{chance.randrange(2000, 2009)}]: {utc} "
                'Module="network.http.trafficserver" Level="DEBUG":  Detail="Receive Request" '
                f'Txn-id="{number}" {ends}\nHTTPMSG:\n|GET http://cucm{far}.example.com:6970/x '
                "HTTP/1.1\nHost: cucm.example.com\nUser-Agent: Jabber\nCookie: a=b\n\n|"
            )
        return (
            f'edgeconfigprovisioning: {utc} Module="network.http.edgeconfigprovisioning" '
            f'Level="DEBUG":  Action="Received" {thread} Txn-id="{number}"\nHTTPMSG:\n'
            "|HTTP/1.1 200 OK\nServer: CE_C ECS\nDate: Sun\nLast: never\n\n<a>b</a>\n|"
        )
    if kind == "tcp":
        detail = chance.choice(_DETAILS)
        return f'tvcs: {utc} Module="network.tcp" Level="DEBUG":  {ends} Detail="{detail}"'
    if kind in ("failed", "odd"):
        return _failure(chance, number, utc, ends) if kind == "failed" else chance.choice(_ODD)
    level = chance.choice(("DEBUG", "INFO"))
    return (
        f'{chance.choice(_PROCESSES)}: {utc} Module="{chance.choice(_MODULES)}" Level="{level}" '
        f'CodeLocation="ppcmains/oak/zones/zone{far}.cpp({near})" Method="Zone::state" {thread}: '
        f'this="0x{number * 31:x}" Detail="state of zone {far} is looked at again" Count="{number}"'
    )


def _message(chance: random.Random, number: int, told: str, ends: str) -> str:
    place, far, port = chance.randrange(len(_STATUS)), number % 250, 25_000 + number % 9000
    via = _VIA.format(a=far, port=port, n=number * 7919)
    return (
        f'tvcs: {told}  Action="Received" Local-ip="192.0.2.{far}" Local-port="7001" {ends} '
        f'Msg-Hash="{number * 104_729}"\n SIPMSG:\n {_STATUS[place]}\n'
        f"{via * chance.randrange(9, 19)} Call-ID: {number:x}@192.0.2.{far}\n"
        f" CSeq: {number % 90} {_METHODS[place]}\n From: <sip:192.0.2.31>;tag=1\n"
        " To: <sip:192.0.2.16>\n\n Content-Length: 0\n\n |"
    )


def _failure(chance: random.Random, number: int, utc: str, ends: str) -> str:
    reason, near, far = chance.choice(_REASONS), number % 40, number % 250
    if number % 5 == 0:  # one neighbor answers that it is busy
        return (
            f'tvcs: {utc} Module="network.sip" Level="DEBUG":  Action="Received" '
            'Src-ip="192.0.2.9" Src-port="5061" Dst-ip="192.0.2.31" Dst-port="25000" '
            f'Detail="x"\n SIPMSG:\n |SIP/2.0 503 Busy\n CSeq: {number} OPTIONS\n |'
        )
    if number % 2:
        return (
            f'tvcs: Event="Inbound TLS Negotiation Error" Service="SIP" {ends} '
            f'Detail="{reason}" Protocol="TLS" Level="1" {utc}'
        )
    return (
        f'tvcs: {utc} Module="developer.ssl" Level="ERROR" CodeLocation="ttssl_openssl.cpp(68)" '
        'Method="::TTSSLErrorOutput" Thread="0x7f00": TTSSL_continueHandshake: Failed to '
        'establish SSL connection iResult="-1" error="1" bServer="true" '
        f"localAddress=\"['IPv4''TCP''192.0.2.{near}:7001']\" "
        f"remoteAddress=\"['IPv4''TCP''192.0.2.{far}:{25_000 + number % 9000}']\" "
        f'ssl_error_reason="error:0A000086:SSL routines::{reason}"'
    )


def log(megabytes: float, *, dense: bool = False) -> bytes:
    """Return a log of that many MB."""
    size, parts = 0, []
    for text in records(random.Random(1), DENSE if dense else MIX):  # noqa: S311 - the same each run
        parts.append(text.encode())
        size += len(parts[-1])
        if size >= megabytes * 1e6:
            return b"".join(parts)
    raise AssertionError  # records have no end


def archive(path: Path, megabytes: float, *, captures: int = 4, dense: bool = False) -> None:
    """Write a diagnostic archive with such a log and captures of 20 MB, and a sample's dumps."""
    sample = Path(__file__).parent.parent / "data/cases/public-everywhere-checking-on.tar.gz"
    pcap = path.with_suffix(".pcap")
    write_capture(pcap, 33_000)
    with tarfile.open(sample) as given, tarfile.open(path, "w:gz", compresslevel=6) as made:
        for info in given:
            if "edge" in info.name and "log" not in info.name:
                made.addfile(info, given.extractfile(info))
        _add(made, "loggingsnapshot_edge_2026-06-15_09_41_07.txt", log(megabytes, dense=dense))
        for place in range(captures):
            _add(made, f"eth0_diagnostic_logging_tcpdump{place:02}_edge_2026-06-15_09_41_07.pcap",
                 pcap.read_bytes())  # fmt: skip
    pcap.unlink()


def _add(made: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    made.addfile(info, BytesIO(data))


def main() -> None:
    """Write one log, or an archive where the path ends in .tar.gz."""
    size, path = float(sys.argv[1]), Path(sys.argv[2])
    dense = "--dense" in sys.argv
    if path.name.endswith(".tar.gz"):
        archive(path, size, dense=dense)
    else:
        path.write_bytes(log(size, dense=dense))


if __name__ == "__main__":
    main()
