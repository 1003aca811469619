"""The log readers keep every line of any bytes, and agree. Usage: python fuzz/log.py [seconds]."""

from fuzzing import main

from ekukit.archive import read_log
from ekukit.log.changed_lines import as_written
from ekukit.log.records import COLUMNS, records, records_of_plain
from ekukit.log.snapshot import Snapshot
from ekukit.plaintext import plain_text
from ekukit.private_keys import struck_out

STAMP = b"2026-03-29T06:58:01.231+00:00"
LINE = (
    STAMP + b' edge1 tvcs: UTCTime="2026-03-29 06:58:01,231" Module="network.tcp" Level="DEBUG": '
)
SAMPLES = (
    LINE + b'Src-ip="192.0.2.16" Src-port="25011" Detail="TCP Connection Established"\n' + LINE,
    LINE + b"\n SIPMSG:\n |INVITE sip:a SIP/2.0\n\n v=0\n |\n" + LINE + b'Detail="x',
    STAMP + b" core1 traffic_server[2030]:[ET_NET 1]ERROR:SSL connection failed for 'a'\r\n",
    b'Level="1" Event="x" Detail="say "hi"" UTCTime="2026-03-29 06:58:01"\nLine 190: ' + LINE,
    LINE + b"localAddress=\"['IPv4''TCP''192.0.2.31:7001']\" bServer=\"true\" " + LINE,
    b"\xef\xbb\xbf-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END PRIVATE KEY-----\n",
)


def target(data: bytes) -> None:
    """Read bytes as a log: columns are fixed, lines follow one another without a hole.

    What is found by offsets, place by place, are the records of the grammar.
    """
    table = read_log(data)
    if list(table.columns) != list(COLUMNS):
        raise AssertionError(table.columns)
    following = 1
    for row in records(data):
        if row.line not in {following, following - 1}:
            raise AssertionError(row.line, following)
        following = row.line + row.lines
    snapshot = Snapshot(data)
    written = as_written(struck_out(plain_text(data))[0])
    found = [row for place in range(len(snapshot.spans.starts)) for row in snapshot.some([place])]
    if found != list(records_of_plain(struck_out(written)[0])):
        raise AssertionError(found)


if __name__ == "__main__":
    main(target, SAMPLES)
