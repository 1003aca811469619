"""The engine that leaves a log as bytes gives what the grammar gives, record by record."""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from ekukit.archive import Archive, open_archive
from ekukit.archive.log_files import LogFile, LogFiles
from ekukit.diagnosis.evidence import log_kinds, log_rows, tcp_lines
from ekukit.diagnosis.evidence.log_kinds import WORDS
from ekukit.diagnosis.evidence.log_sieve import telling
from ekukit.diagnosis.evidence.logged import Logged, what_log_tells
from ekukit.diagnosis.evidence.tries import Map
from ekukit.log import alike as alike_module
from ekukit.log import log_columns, log_table, odd_pieces, shared_texts
from ekukit.log import snapshot as snapshot_module
from ekukit.log import spans as spans_module
from ekukit.log.changed_lines import as_written
from ekukit.log.meanings import is_silent, meaning_of
from ekukit.log.numbered_keys import numbered
from ekukit.log.record_times import moment_of
from ekukit.log.records import Record, records, records_of_plain
from ekukit.log.snapshot import Snapshot, log_frame, read_log
from ekukit.log.words import Fate, vocabulary
from ekukit.plaintext import plain_text
from ekukit.private_keys import struck_out

CASES = sorted((Path(__file__).parent.parent / "data" / "cases").glob("*.tar.gz"))
TIMES = (
    "2026-03-29T06:58:01.231+00:00", "2026-03-29T06:58:01+05:30", "2026-02-30T06:58:01.231+00:00",
    "2026-03-29T06:58:60.231+00:00", "2026-03-29T06:58:01.231456-03:00", "2026-03-29T06:58:01.2Z",
    "2026-03-29T06:58:01,231+99:00", "1969-03-29T06:58:01.231+00:00", "Mar 29 06:58:01",
    "2026-03-29T06:58:01.231+00:00 ", "> 2026-03-29T06:58:01.231+00:00",
    "Line 190: 2026-03-29T06:58:01.231+00:00", "٢026-03-29T06:58:01.231+00:00",
)  # fmt: skip
PIECES = st.sampled_from(
    ["\n", "\n", "\n\n", "\r\n", " ", "\t", '"', "=", "&quot;", "“", "é", "\x1c", "\x00", "edge1",
     " edge1 ", " edge1 tvcs: ", "Line", "Level=", 'Event="x" ', 'Level="1" Event="x" ', "Evening",
     "March ", "May ", " SIPMSG:", " |SIP/2.0 200 OK", *TIMES,
     *(f" {time} edge1 tvcs: Detail=" for time in TIMES[:2]), f"{TIMES[0]} edge1 tvcs: x\n"]
)  # fmt: skip
RAW = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)

UTC = 'UTCTime="2026-03-29 06:58:01,231"'
PORTS = ("5060", "25001", "25002", "65535", "0")
HEADS = st.tuples(
    st.sampled_from(["2026-03-29T06:58:0{}.231+00:00", "2026-03-29T06:5{}:01.231+00:00"]),
    st.integers(0, 9), st.sampled_from(["edge1", "edge1", "core1"]),
).map(lambda told: f"{told[0].format(told[1])} {told[2]} ")  # fmt: skip
ENDS = st.tuples(st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1"]),
                 st.sampled_from(PORTS), st.sampled_from(PORTS)).map(
    lambda ends: f'Src-ip="{ends[0]}" Src-port="{ends[1]}" Dst-ip="192.0.2.9" Dst-port="{ends[2]}"'
)  # fmt: skip
DETAILS = st.sampled_from(
    ["TCP Connecting", "TCP Connection Established", "TCP Connection Closed", "x",
     "TLS Handshake in progress", "TLS Handshake succeeded", "TCP Connection Failed",
     "connection reset by peer", "unknown failure of a thing", "certificate has expired"]
)  # fmt: skip
REASONS = st.sampled_from(["", ' Reason="connection reset by peer"', ' Reason="timed out"'])
TCP = st.tuples(st.sampled_from(["DEBUG", "INFO ", "ERROR"]), ENDS, DETAILS, REASONS).map(
    lambda told: f'tvcs: {UTC} Module="network.tcp" Level="{told[0]}":  {told[1]} '
    f'Detail="{told[2]}"{told[3]}'
)  # fmt: skip
COMPANION = st.sampled_from(
    [f'tvcs: {UTC} Module="developer.ssl" Level="ERROR" Thread="1": failed ErrString="{words}"'
     for words in ("certificate verify failed", "tlsv1 alert unknown ca", "hm", "Connection reset")]
)  # fmt: skip
EVENT = st.tuples(ENDS, DETAILS).map(
    lambda told: (
        f'tvcs: Event="Inbound TLS Negotiation Error" Service="SIP" {told[0]} '
        f'Detail="{told[1]}" Level="1" {UTC}'
    )
)
STATUS = st.sampled_from(["100 Trying", "200 OK", "302 Moved", "401 No", "503 Busy"])
CODE = st.sampled_from(["", "", *(f' Detail="Receive Response Code={code}, Method=OPTIONS"'
                                  for code in (100, 200, 401, 503))])  # fmt: skip
ANSWER = st.tuples(ENDS, STATUS, st.sampled_from(["OPTIONS", "INVITE", "options"]), CODE,
                   st.sampled_from(["|SIP/2.0 ", "|SIP/2.0 ", "SIP/2.0 ", "é|SIP/2.0 "])).map(
    lambda told: f'tvcs: {UTC} Module="network.sip" Level="DEBUG":  Action="Received" {told[0]}'
    f"{told[3]}\n SIPMSG:\n {told[4]}{told[1]}\n CSeq: 1 {told[2]}\n |"
)  # fmt: skip
OTHER = st.sampled_from(
    [f'tvcs: {UTC} Module="developer.zone.zonemgr" Level="ERROR": Detail="tunnel failed"',
     f'tvcs: {UTC} Module="developer.x" Level="DEBUG": Detail="nothing"', "XCP_A: x",
     f'XCP_A[1]: {UTC} Module="x" Level="ERROR": Detail="connect to host \'a\', port 7400"',
     'ssh: Detail="connect to host edge1 port 2222: Connection timed out" Level="ERROR"',
     'httpd: Event="Certificate import failed" Level="2"', "tvcs: Straße", "traffic_server[1]: x"]
)  # fmt: skip
# Lines that are alike but for numbers, some of which belong to words.
NUMBERED = st.tuples(
    st.sampled_from(["traffic_server[{}]", "httpd[{}]", "sshd[{}]", "clusterdb", "tvcs", "alarm"]),
    st.sampled_from(["network.http.trafficserver", "developer.zone.zonemgr", "network.sip"]),
    st.sampled_from(["DEBUG", "INFO", "WARNING", "ERROR"]),
    st.sampled_from(["Receive Request {}", "x{} lib", "sslv{} alert 46", "error:0A000{}6: x",
                     "tunnel {}", "asn{} encoding routines", "timed out {}", "failed {}"]),
    st.sampled_from(["1", "3", "7", "41", "123", "509"]),
    st.sampled_from(['"0x7f41"', '"0xAD3"', '"17"', '"timed"']),
).map(lambda told: f'{told[0].format(told[4])}: {UTC} Module="{told[1]}" Level="{told[2]}": '
      f'Detail="{told[3].format(told[4])}" Thread={told[5]} Txn-id="{told[4]}" Src-ip="192.0.2.1" '
      f'Src-port="25001" Dst-ip="192.0.2.9" Dst-port="5061"')  # fmt: skip
ROUTINE = st.tuples(st.integers(25_000, 25_040), st.sampled_from(["Established", "Closed"])).map(
    lambda told: f'tvcs: {UTC} Module="network.tcp" Level="DEBUG":  Src-ip="192.0.2.1" '
    f'Src-port="{told[0]}" Dst-ip="192.0.2.9" Dst-port="5061" Detail="TCP Connection {told[1]}"'
)  # fmt: skip


def logs_of(lines: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Return logs of such lines."""
    many = st.lists(st.tuples(HEADS, lines).map("".join), max_size=24)
    return many.map(lambda found: "\n".join(found).encode())


VALUES = st.sampled_from(
    ["", "", "x", "network.tcp", " INFO ", "5061", "0", "99999", "65536", "05", " 7001 ", "١",
     "192.0.2.1", "a longer value of more than eight bytes", "x=", "a b=", "\u00e9", "true",
     'y" z', 'say "no" x', 'a"', "['IPv4''TCP''192.0.2.31:7001']", "2026-03-29 06:58:01,231"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["UTCTime", "Module", "Level", "Event", "Detail", "Detail", "Reason", "ssl_error_reason",
     "ErrString", "Src-ip", "Src-port", "Dst-ip", "Dst-port", "Local-ip", "Local-port",
     "localAddress", "remoteAddress", "bServer", "x", ""]
)  # fmt: skip
# The text before a pair, its key, and how the value is quoted.
PAIRS = st.lists(
    st.tuples(st.sampled_from([" ", " ", " ", ": ", "", " free text ", ", ", " Detail=plain "]),
              KEYS, st.sampled_from(['="{}"', '="{}"', '="{}"', '= "{}"', "={}", '="{}'])),
    max_size=5,
)  # fmt: skip
SHAPES = st.lists(
    st.tuples(st.sampled_from([" tvcs:", "  XCP_A[12]:", " ssh", " x", ""]), PAIRS),
    min_size=1, max_size=2,
)  # fmt: skip


@st.composite
def alike_lines(draw: st.DrawFn) -> str:
    """Return a log of few shapes, of which many lines are alike."""
    shapes, lines = draw(SHAPES), []
    for _ in range(draw(st.integers(0, 10))):
        process, pairs = draw(st.sampled_from(shapes))
        said = "".join(f"{a}{key}{how.format(draw(VALUES))}" for a, key, how in pairs)
        host = draw(st.sampled_from([" edge1", " edge1", " core1"]))
        end = draw(st.sampled_from(["\n", "\n", "\n more\n\n"]))
        lines.append(f"{draw(st.sampled_from(TIMES[:3]))}{host}{process}{said}{end}")
    return "".join(lines)


LINES = alike_lines()

LOGS = (
    logs_of(TCP | TCP | TCP | COMPANION | EVENT | ANSWER | OTHER)
    | logs_of(ROUTINE | ROUTINE | ROUTINE | ROUTINE | COMPANION)
    | logs_of(ROUTINE | ANSWER)
    | logs_of(NUMBERED | TCP)
)


def in_bytes(data: bytes) -> list[Record]:
    """Return what the engine gives for every place, each asked for alone."""
    snapshot = Snapshot(data)
    return [one for place in range(len(snapshot.spans.starts)) for one in snapshot.some([place])]


def by_grammar(data: bytes) -> list[Record]:
    """Return what the grammar gives for the whole text."""
    written = as_written(struck_out(plain_text(data))[0])
    return list(records_of_plain(struck_out(written)[0]))


def told(files: LogFiles) -> Logged:
    """Return what the sieved records of logs tell."""
    return what_log_tells(files.chosen(telling), Map())


def files_of(*logs: bytes) -> LogFiles:
    """Return logs as files of an archive."""
    return LogFiles([LogFile(f"log{at}", "edge1", Snapshot(data)) for at, data in enumerate(logs)])


@given(RAW)
def test_records_are_those_of_the_grammar(text: str) -> None:
    """Whatever a log holds, places cut out one by one are the records of the whole."""
    data = text.encode("utf-8", "surrogatepass")
    assert by_grammar(data) == in_bytes(data)


@given(st.binary(max_size=300))
def test_records_of_any_bytes_are_those_of_the_grammar(data: bytes) -> None:
    """Bytes that are no text, too."""
    assert by_grammar(data) == in_bytes(data)


@given(RAW, st.integers(1, 60), st.integers(1, 80))
def test_wherever_a_file_is_cut_its_records_are_the_same(
    text: str, chunk: int, window: int
) -> None:
    """Where the engine cuts the file does not show."""
    data = text.encode()
    whole = by_grammar(data)
    with cut_into(chunk, window, 1):
        assert whole == in_bytes(data)


@given(RAW)
def test_counts_are_those_of_the_table(text: str) -> None:
    """Records, lines in none and times that cannot be read are counted without a table."""
    data = text.encode()
    rows = by_grammar(data)
    outside = rows[0].lines if rows and not any(rows[0].head) else 0
    table = read_log(data)
    unread = sum(row.head.time is not None for row in rows) - int(table["time"].notna().sum())
    expected = {"records": len(rows) - bool(outside), "lines_in_no_record": outside,
                "times_not_readable": unread}  # fmt: skip
    assert expected == Snapshot(data).counts
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot_module, "SMALL", -1)  # so that its places are counted
        assert expected == Snapshot(data).counts


@given(RAW)
def test_moments_are_those_of_the_table(text: str) -> None:
    """A time is read without a table as it is with one, or it is not read."""
    data = text.encode()
    told = (moment_of(row.head.time) for row in by_grammar(data))
    expected = [None if pd.isna(time) else time for time in read_log(data)["time"].dt.floor("us")]
    assert expected == list(told)


@contextmanager
def cut_into(chunk: int, window: int, few: int) -> Iterator[None]:
    """Let the engine cut files, and lines that are alike, into pieces of other sizes."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in (
            (spans_module, "_CHUNK", chunk), (spans_module, "_WINDOW", window),
            (odd_pieces, "PIECE", chunk),
            (alike_module, "_CHUNK", chunk), (alike_module, "FEW", few),
            (log_columns, "_TOGETHER", few + 1), (log_table, "_TOGETHER", few),
            (shared_texts, "_LONGEST", 8 * few), (log_kinds, "_FEW", few - 1),
            (tcp_lines, "_TOGETHER", few + 1),
        ):  # fmt: skip
            patch.setattr(module, name, value)
        yield


def lines_of(*rests: str) -> str:
    """Return a log of lines that go on so behind time and host."""
    return "".join(f"{TIMES[0]} edge1 tvcs:{rest}\n" for rest in (*rests, *rests))


@given(RAW | LINES, st.integers(1, 60), st.integers(1, 80), st.integers(1, 4))
@example(lines_of(' Detail="" told', ' Detail="x" told', ' Reason="" ErrString="y"'), 60, 80, 1)
@example(lines_of(' Src-ip="" Local-ip="b" Dst-ip="c"', ' Src-ip="a" Dst-ip=""'), 60, 80, 1)
@example(lines_of(' Detail="a"b="c" d="e"', ' Detail="a"b="" d="e"', ' "a" b="c"'), 60, 80, 1)
@example(lines_of(' Level="1"', ' Event="1"', ' Level="2"', ' Event="2"'), 60, 80, 4)
@example(lines_of(" localAddress=\"'192.0.2.1:7001'\"", ' bServer="true"'), 60, 80, 1)
def test_table_is_that_of_the_grammar(text: str, chunk: int, window: int, few: int) -> None:
    """The table made of columns has the rows, in values and dtypes, that the grammar gives."""
    data = text.encode("utf-8", "surrogatepass")
    expected = log_frame(by_grammar(data))
    assert_frame_equal(expected, Snapshot(data).table())
    with cut_into(chunk, window, few):
        assert_frame_equal(expected, Snapshot(data).table())
        assert_frame_equal(expected.drop(columns="body"), Snapshot(data).table(bodies=False))


@given(RAW | LINES)
def test_bodies_of_a_table_are_the_file(text: str) -> None:
    """Bodies put together are the file byte for byte, and those asked for by line are the same."""
    data = text.replace("&quot;", "").replace("\u201c", "").encode()
    snapshot, rows = Snapshot(data), Snapshot(data).table()
    glued = rows["line"].duplicated()
    parts = [("" if same else "\n") + body for same, body in zip(glued, rows["body"], strict=True)]
    whole = as_written(plain_text(data)).removesuffix(b"\n")
    assert whole == "".join(parts).removeprefix("\n").encode()
    asked = [one.body for line in rows["line"].unique() for one in snapshot.of_line(line)]
    assert rows["body"].tolist() == asked


@given(RAW)
def test_places_put_together_are_the_file(text: str) -> None:
    """No byte is lost between places."""
    snapshot = Snapshot(text.encode())
    spans = snapshot.spans
    cut = [snapshot.data[start : spans.end(at)] for at, start in enumerate(spans.starts)]
    assert snapshot.data == b"".join(cut)


@given(LOGS, LOGS)
def test_a_sieved_log_tells_what_the_whole_log_tells(first: bytes, second: bytes) -> None:
    """Tries and lines that are not understood are the same, in the same order."""
    files = files_of(first, second)
    expected = what_log_tells(files.chosen(Snapshot.records), Map())
    assert expected == told(files)
    with cut_into(60, 80, 1):
        assert expected == told(files_of(first, second))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".tar.gz"))
def test_a_sieved_sample_tells_what_the_whole_one_tells(path: Path) -> None:
    """So it is for every sample case, and its records are those of the grammar."""
    archive: Archive = open_archive(path)
    assert what_log_tells(archive.logs.chosen(Snapshot.records), Map()) == told(archive.logs)
    for one in archive.logs.files:
        assert list(one.snapshot.records()) == in_bytes(one.snapshot.data)
        assert_frame_equal(log_frame(one.snapshot.records()), one.snapshot.table())


def established(port: int) -> str:
    """Return a line that says no more than that a connection from that port began."""
    return (
        f'{TIMES[0]} edge1 tvcs: {UTC} Module="network.tcp" Level="DEBUG":  Src-ip="192.0.2.1" '
        f'Src-port="{port}" Dst-ip="192.0.2.9" Dst-port="5061" Detail="TCP Connection Established"'
    )


def test_lines_to_which_none_is_joined_are_held_back() -> None:
    """Lines of TCP that only say that something began are not decoded."""
    data = "\n".join(map(established, range(25_000, 25_100))).encode()
    assert telling(Snapshot(data)) == []


def test_a_handshake_that_ends_while_in_progress_is_a_failure() -> None:
    """A line of TCP that breaks off a handshake in progress tells of it, and is not held back."""
    line = established(25_000).replace("TCP Connection Established", "TLS Handshake in progress")
    (found,) = told(files_of(f'{line} Reason="connection reset by peer"'.encode())).tries
    assert found.fate is Fate.FAILED


def test_a_line_without_addresses_keeps_the_connection_that_began_last() -> None:
    """OpenSSL's companion is of the connection before it, which says who it was."""
    companion = f'tvcs: {UTC} Module="developer.ssl" Level="ERROR": x ErrString="unknown ca"'
    lines = [*map(established, range(25_000, 25_010)), f"{TIMES[0]} edge1 {companion}"]
    (found,) = told(files_of("\n".join(lines).encode())).tries
    assert (found.client.address, found.client.port) == ("192.0.2.1", 25_009)


def answer(status: str) -> str:
    """Return an answer to OPTIONS."""
    return (
        f'{TIMES[0]} edge1 tvcs: {UTC} Module="network.sip" Level="DEBUG":  Src-ip="192.0.2.1" '
        f'Src-port="5061" Dst-ip="192.0.2.9" Dst-port="25000" Detail="x"\n SIPMSG:\n '
        f"|SIP/2.0 {status}\n CSeq: 1 OPTIONS\n |"
    )


def test_a_good_answer_counts_where_a_bad_one_was_before() -> None:
    """Good answers alone are not decoded; behind a bad one they say that it works again."""
    assert telling(Snapshot(f"{answer('200 OK')}\n{answer('200 OK')}".encode())) == []
    both = telling(Snapshot(f"{answer('503 Busy')}\n{answer('200 OK')}".encode()))
    assert [record.line for record in both] == [1, 6]


def test_two_records_on_one_line_have_one_place() -> None:
    """Records that were glued on one line come from one place, with the line's number."""
    data = f"{established(25_000)} {established(25_001)}\n".encode()
    snapshot = Snapshot(data)
    assert [record.line for record in snapshot.some([0])] == [1, 1]
    assert snapshot.counts["records"] == 2


def alternatives(pattern: "re.Pattern[str]") -> Iterable[str]:
    """Return the texts of a pattern of the rows, one by one, without marks of the pattern."""
    plain = re.sub(r"\(\?i\)|\\b|\^|\\\.\?|\?|\\", "", pattern.pattern)
    return re.split(r"\|", plain.replace("x509", "x509").replace("developer.(:", "").strip(")"))


@pytest.mark.parametrize(
    "asked", [*alternatives(log_rows._EVENTS), *alternatives(log_rows._ABOUT), *log_rows._MODULES,
              log_rows.SIP, *log_rows.SSH, log_rows.TRAFFIC_SERVER, "connect to host",
              "developer.zone", "developer.trafficserver", "developer.clusterdb",
              "network.http.trafficserver"]
)  # fmt: skip
def test_no_word_that_rows_ask_for_is_held_back(asked: str) -> None:
    """Every text by which a record is chosen holds one of the words of the sieve."""
    assert any(word in asked.lower().encode() for word in WORDS), asked


def test_no_word_of_the_table_is_a_number() -> None:
    """Numbers of a line of TCP cannot mean anything, so lines that differ in them are alike."""
    assert [text for text in vocabulary() if re.match(r"\d+(?![a-z])", text)] == []
    assert [text for text in vocabulary() if "0x" in text or '"' in text] == []


@given(st.lists(st.sampled_from([*vocabulary(), "alert number 46", "error:0A000416", "sslv3 ",
                                 "x509", "_", " ", "7", "-", "certificate"]), max_size=4)
       .map("".join), st.sampled_from("0123456789"), st.booleans())  # fmt: skip
def test_a_silent_text_means_nothing_whatever_its_figures(
    text: str,
    figure: str,
    ssh: bool,  # noqa: FBT001 - given by hypothesis
) -> None:
    """Figures may be the others of a word: with them the text would mean something."""
    others = re.sub(r"\d", figure, text)
    assert is_silent(others) == is_silent(text)
    assert not is_silent(text) or meaning_of(text, ssh=ssh) is None


def test_lines_that_say_nothing_are_held_back_whatever_their_numbers() -> None:
    """A proxy's routine lines are not decoded, one that tells of a failure is."""
    line = (f'{TIMES[0]} edge1 traffic_server[{{0}}]: {UTC} Module="network.http.trafficserver" '
            'Level="DEBUG":  Detail="{1}" Txn-id="{0}"')  # fmt: skip
    lines = [line.format(at, "Receive Request") for at in range(100)]
    lines.append(line.format(7, "connect to 192.0.2.1 failed"))
    assert [record.line for record in telling(Snapshot("\n".join(lines).encode()))] == [101]


def test_records_of_a_log_in_another_layout_are_read(tmp_path: Path) -> None:
    """Times in another layout are read by the grammar itself."""
    text = "\n".join(f"{time} edge1 tvcs: x" for time in TIMES)
    path = tmp_path / "log.txt"
    path.write_text(text, "utf-8")
    assert len(list(records(text.encode()))) == len(read_log(path))


@given(st.lists(st.integers(0, 9) | st.integers(-(1 << 63), (1 << 63) - 1), max_size=60))
def test_keys_get_the_numbers_that_pandas_gives_them(keys: list[int]) -> None:
    """In the order in which they come, also where pandas is not loaded."""
    given = np.array(keys, np.int64)
    codes, known = pd.factorize(given)
    with pytest.MonkeyPatch.context() as patched:
        patched.delitem(sys.modules, "pandas")
        found, count = numbered(given)
    assert (found.tolist(), count) == (codes.tolist(), len(known))
