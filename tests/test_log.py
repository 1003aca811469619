"""The log reader keeps every line, however broken, and reads what the line says."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekukit.archive import read_log
from ekukit.errors import InputError
from ekukit.log import records as log
from ekukit.log.changed_lines import as_written
from ekukit.log.records import COLUMNS, records
from ekukit.plaintext import plain_text

STAMP = "2026-03-29T06:58:01.231+00:00"
MOMENT = pd.Timestamp(STAMP)
UTC = 'UTCTime="2026-03-29 06:58:01,231"'
ENDS = 'Src-ip="192.0.2.16" Src-port="25011" Dst-ip="192.0.2.31" Dst-port="7001"'
TCP = f'{STAMP} edge1 tvcs: {UTC} Module="network.tcp" Level="DEBUG":  {ENDS} Detail="Connected"'
SSL = (
    f'{STAMP} edge1 tvcs: {UTC} Module="developer.ssl" Level="ERROR" '
    'CodeLocation="ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)" Method="::TTSSLErrorOutput" '
    'Thread="0x7f00": TTSSL_continueHandshake: Failed to establish SSL connection iResult="-1" '
    "error=\"1\" bServer=\"true\" localAddress=\"['IPv4''TCP''192.0.2.31:7001']\" "
    "remoteAddress=\"['IPv4''TCP''192.0.2.16:25011']\" "
    'ssl_error_reason="error:0A000086:SSL routines::certificate verify failed"'
)


def only(text: str) -> dict[str, object]:
    """Return the only record of a text."""
    (row,) = read_log(text.encode()).to_dict("records")
    return row


def said(text: str, *names: str) -> tuple[object, ...]:
    """Return some columns of the only record, None for what it does not say."""
    row = only(text)
    return tuple(None if row[name] is pd.NA or row[name] is pd.NaT else row[name] for name in names)


def joined(data: bytes) -> str:
    """Return the bodies as the text from which they came, glued lines glued again."""
    out: list[str] = []
    last = 0
    for row in records(data):
        if row.line == last:
            out[-1] += row.body
        else:
            out.append(row.body)
        last = row.line + row.lines - 1
    return "\n".join(out)


# What a record says.


def test_module_shape_is_read() -> None:
    """A record of the module shape gives module, level, detail and both ends."""
    names = ("host", "process", "module", "level", "detail", "src_ip", "src_port", "dst_ip")
    expected = ("edge1", "tvcs", "network.tcp", "DEBUG", "Connected", "192.0.2.16", 25011)
    assert (*expected, "192.0.2.31") == said(TCP, *names)


def test_event_shape_is_read() -> None:
    """A record of the event shape gives the event, and its level is text."""
    line = f'{STAMP} edge1 tvcs: Event="Inbound TLS Negotiation Error" {ENDS} Level="1" {UTC}'
    assert said(line, "event", "level", "dst_port") == ("Inbound TLS Negotiation Error", "1", 7001)


def test_tls_error_names_the_opener_as_source() -> None:
    """In developer.ssl the local end is the target when this node answered."""
    names = ("src_ip", "src_port", "dst_ip", "dst_port")
    assert said(SSL, *names) == ("192.0.2.16", 25011, "192.0.2.31", 7001)
    opened = SSL.replace('bServer="true"', 'bServer="false"')
    assert said(opened, *names) == ("192.0.2.31", 7001, "192.0.2.16", 25011)


def test_ipv6_end_is_read_without_brackets() -> None:
    """An IPv6 address of developer.ssl comes without its brackets."""
    line = SSL.replace("192.0.2.16:25011", "[2001:db8::16]:25011")
    assert said(line, "src_ip", "src_port") == ("2001:db8::16", 25011)


@pytest.mark.parametrize("name", ["Reason", "ssl_error_reason", "ErrString"])
def test_reason_has_three_names(name: str) -> None:
    """The reason of a TLS error is found under any of its names."""
    reason = "error:0A000086:SSL routines::certificate verify failed"
    assert (reason,) == said(SSL.replace("ssl_error_reason", name), "reason")


def test_free_text_is_the_detail() -> None:
    """Without a Detail pair the text outside of pairs is the detail."""
    detail = "TTSSL_continueHandshake: Failed to establish SSL connection"
    assert (detail,) == said(SSL, "detail")


def test_time_is_utc_whatever_its_offset() -> None:
    """A local time with an offset becomes UTC."""
    line = '2026-03-29T12:28:01.231+05:30 core1 ssh: Detail="timed out" Level="ERROR"'
    assert said(line, "time", "process", "detail") == (MOMENT, "ssh", "timed out")


def test_process_with_pid_and_nothing_after_the_colon() -> None:
    """No blank after the colon and no pairs: process, number and text are told apart."""
    line = f"{STAMP} core1 traffic_server[2030]:[ET_NET 1]ERROR:SSL connection failed for 'a'"
    expected = ("traffic_server", 2030, "[ET_NET 1]ERROR:SSL connection failed for 'a'")
    assert expected == said(line, "process", "pid", "detail")


@pytest.mark.parametrize(
    ("head", "process"),
    [
        ("tvcs: ", "tvcs"),
        ("tvcs ", "tvcs"),
        ("XCP_JABBERD[12] ", "XCP_JABBERD"),
        ("_c_mgmt: ", "_c_mgmt"),
        ("", None),
    ],
)
def test_process_may_lack_colon_or_be_missing(head: str, process: str | None) -> None:
    """A process without colon, and none at all, leave the pairs readable."""
    line = f'{STAMP} edge1 {head}{UTC} Module="developer.clusterdb" Level="INFO": text'
    assert (process, "developer.clusterdb", "text") == said(line, "process", "module", "detail")


# Irregularities of real logs.


@pytest.mark.parametrize(
    ("pairs", "name", "value"),
    [
        ('Level="INFO "', "level", "INFO"),
        ('ThreadID= "7" Level="INFO"', "level", "INFO"),
        ("Level=INFO", "level", "INFO"),
        ('Detail="one" Detail="two"', "detail", "one"),
        ("Detail=\"it's ['a'] (b)\"", "detail", "it's ['a'] (b)"),
        ('Detail="say "hi"" Level="1"', "detail", 'say "hi"'),
        ('Src-ip="192.0.2.1 Src-port="25011" Dst-port="1"', "src_ip", "192.0.2.1"),
        ('Src-ip="192.0.2.1 Src-port="25011" Dst-port="1"', "src_port", 25011),
        ('Src-ip="***" Src-port="***"', "src_port", None),
        ('Src-ip="1.2.3.4" Src-port="99999999999999999999"', "src_port", None),
        ('Detail="', "detail", None),
        ('Detail="cut short', "detail", "cut short"),
        ('free text, then Detail="x"', "detail", "x"),
        ('Detail="Level=9" Level="1"', "level", "1"),
        ('Response="YWJj=" Level="1"', "level", "1"),
    ],
)
def test_pairs_may_be_irregular(pairs: str, name: str, value: object) -> None:
    """Blanks, quotes and keys out of order do not hide what can be read."""
    assert (value,) == said(f"{STAMP} edge1 tvcs: {pairs}", name)


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-03-29T06:58:01+00:00", "2026-03-29T06:58:01Z"),
        ("2026-03-29T06:58:01.23+00:00", "2026-03-29T06:58:01.23Z"),
        ("2026-03-29T06:58:01.231Z", "2026-03-29T06:58:01.231Z"),
        ("2026-03-29T01:28:01.231-0530", "2026-03-29T06:58:01.231Z"),
    ],
)
def test_milliseconds_may_be_missing_or_short(stamp: str, expected: str) -> None:
    """Times without milliseconds, or with two digits, are read."""
    assert (pd.Timestamp(expected),) == said(f"{stamp} edge1 tvcs: x", "time")


def test_impossible_time_is_no_time_and_loses_nothing() -> None:
    """A thirteenth month keeps the record and gives no time."""
    assert said("2026-13-29T06:58:01.231+00:00 edge1 tvcs: x", "time", "detail") == (None, "x")


@pytest.mark.parametrize("year", ["0001", "1969", "2299", "9999"])
def test_years_that_no_clock_shows_give_no_time(year: str) -> None:
    """A time that pandas cannot hold does not raise, and its line is kept."""
    assert said(f"{year}-03-29T06:58:01.231+00:00 edge1 tvcs: x", "time") == (None,)


@pytest.mark.parametrize(
    "line",
    [
        f'Event="Audit" Level="1" {UTC}',
        f'Level="1" Event="Audit" {UTC}',
        'Event="Audit" Level="1" UTCTime="2026-03-29 06:58:01.231"',
    ],
)
def test_event_without_time_and_host_takes_utctime(line: str) -> None:
    """An event record with neither is a record; its UTCTime is the time."""
    assert said(line, "time", "host", "event") == (MOMENT, None, "Audit")


def test_records_keep_the_order_of_the_file() -> None:
    """Records out of order within a millisecond stay where they are."""
    later = TCP.replace("01.231+", "01.230+")
    assert read_log(f"{TCP}\n{later}".encode())["line"].tolist() == [1, 2]


def test_traceback_with_a_prefix_on_every_line_is_many_records() -> None:
    """Each line has its own prefix, some have nothing after it; all are kept."""
    lines = [f"{STAMP} core1 management: {text}".rstrip() for text in ("Traceback", "", "  File")]
    lines.append(f"{STAMP} core1")
    table = read_log("\n".join(lines).encode())
    assert table["line"].tolist() == [1, 2, 3, 4]
    assert lines == table["body"].tolist()


SIP = [f'{STAMP} edge1 tvcs: {UTC} Module="network.sip" Level="DEBUG":  Action="Sent" {ENDS}',
       " SIPMSG:", " |INVITE sip:a SIP/2.0", " Via: x", "", " v=0", " |"]  # fmt: skip


def test_a_sip_message_names_this_node_as_local() -> None:
    """Sent goes from Local to Dst, received comes from Src to Local."""
    head = f'{STAMP} edge1 tvcs: {UTC} Module="network.sip" Level="DEBUG": '
    local, far = ("192.0.2.31", 25002), ("198.51.100.33", 5061)
    names = (("Sent", "Dst"), ("Received", "Src"))
    lines = [
        f'{head} Action="{action}" Local-ip="{local[0]}" Local-port="{local[1]}" '
        f'{name}-ip="{far[0]}" {name}-port="{far[1]}"'
        for action, name in names
    ]
    table = read_log("\n".join(lines).encode())
    ends = table[["src_ip", "src_port", "dst_ip", "dst_port"]].to_numpy().tolist()
    assert ends == [[*local, *far], [*far, *local]]


@pytest.mark.parametrize(
    "lines",
    [SIP, [*SIP[:-2], " v=0|"], [SIP[0], "HTTPMSG:", "|GET / HTTP/1.1", "Host: a", "", "|"]],
)
def test_message_belongs_to_its_record(lines: list[str]) -> None:
    """Continuation lines, blank ones too, stand in the body, wherever the last bar is."""
    table = read_log("\n".join([*lines, TCP]).encode())
    assert [(1, len(lines)), (len(lines) + 1, 1)] == list(
        zip(table["line"], table["lines"], strict=True)
    )
    assert "\n".join(lines) == table["body"][0]


def test_glued_records_share_a_line() -> None:
    """Records glued on one line are told apart and have the same line number."""
    table = read_log(f"{TCP} {SSL}\n{TCP}".encode())
    assert table["line"].tolist() == [1, 1, 2]
    assert table["module"].tolist() == ["network.tcp", "developer.ssl", "network.tcp"]


def test_time_inside_a_value_glues_nothing() -> None:
    """A time in quotes begins no record."""
    line = f'{STAMP} edge1 tvcs: Detail="until {STAMP} edge1" Level="1"'
    assert said(line, "level") == ("1",)


def test_pasted_lines_with_their_numbers_are_read() -> None:
    """The prefix "Line 190: " of a pasted search result is no part of the record."""
    table = read_log(f"Line 190: {TCP}\nLine 7:{SSL}".encode())
    assert table["module"].tolist() == ["network.tcp", "developer.ssl"]
    assert table["time"].tolist() == [MOMENT, MOMENT]


def test_file_that_begins_in_a_message_keeps_its_lines() -> None:
    """Lines before the first record are a record without time, from line 1."""
    table = read_log(f" Via: x\n |\n{TCP}\n".encode())
    assert list(zip(table["line"], table["lines"], strict=True)) == [(1, 2), (3, 1)]
    assert (" Via: x\n |", pd.NaT) == (table["body"][0], table["time"][0])


def test_crlf_and_bom_are_no_part_of_the_text() -> None:
    """A file saved on Windows gives the same records."""
    data = b"\xef\xbb\xbf" + f"{TCP}\r\n{SSL}\r\n".encode()
    plain = read_log(f"{TCP}\n{SSL}\n".encode())
    assert read_log(data).equals(plain)


def test_invalid_utf8_is_latin_1_and_nul_bytes_are_nothing() -> None:
    """Bytes that are no UTF-8 become Latin letters or replacement characters, NULs are dropped."""
    table = read_log(TCP.encode() + b"\nM\xfcller\x80\x00\n" + TCP.encode())
    assert table["body"][0].splitlines()[1] == "M\xfcller\ufffd"
    assert table["line"].tolist() == [1, 3]


@pytest.mark.parametrize("filling", ["x", '"', 'a="', "a=", " 2026-03-29T", "['a'"])
def test_line_of_many_megabytes_is_one_record(filling: str) -> None:
    """A huge line is kept whole, whatever it is made of."""
    line = f"{TCP} " + filling * (3_000_000 // len(filling))
    table = read_log(f"{line}\n{TCP}".encode())
    assert table["line"].tolist() == [1, 2]
    assert line == table["body"][0]


def test_truncated_last_line_is_read_as_far_as_it_goes() -> None:
    """A line that ends in the middle of a value gives what is there."""
    assert said(TCP[: TCP.index("Conn") + 4], "detail") == ("Conn",)


@pytest.mark.parametrize("cut", range(0, len(TCP), 7))
def test_any_cut_of_a_line_keeps_it(cut: int) -> None:
    """Wherever the last line ends, it is there."""
    assert f"{SSL}\n{TCP[:cut]}".removesuffix("\n") == joined(f"{SSL}\n{TCP[:cut]}".encode())


# The table.


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", TCP.encode(), b"\n\n", b"no log"])
def test_columns_and_dtypes_are_fixed(data: bytes) -> None:
    """The table has the same columns and dtypes whatever is in it."""
    assert {name: str(kind) for name, kind in read_log(data).dtypes.items()} == COLUMNS


def test_path_and_stream_and_bytes_give_the_same(tmp_path: Path) -> None:
    """A log may come as a path, as text of a path, as an open file, or as bytes."""
    path = tmp_path / "log.txt"
    path.write_text(f"{TCP}\n{SSL}\n", encoding="utf-8")
    with path.open("rb") as stream:
        tables = [read_log(path), read_log(str(path)), read_log(stream)]
    assert all(table.equals(read_log(path.read_bytes())) for table in tables)


@pytest.mark.parametrize("path", ["nowhere/log.txt", ".", "a\0b"])
def test_file_that_cannot_be_opened_is_an_input_error(path: str) -> None:
    """The path is named, and what would do."""
    with pytest.raises(InputError, match="name a loggingsnapshot file"):
        read_log(path)


@pytest.mark.parametrize("end", ["-----END RSA PRIVATE KEY-----", ""], ids=["whole", "cut"])
def test_private_key_in_a_log_is_struck_out(end: str) -> None:
    """The key's text is gone, its lines and the lines around it stay."""
    words = "MIIEowIBAAKCAQEA0123456789abcdef"
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{words}\n{words}\n{end}"
    table = read_log(f"{TCP}\n{key}\n{TCP}".encode())
    assert words not in "".join(table["body"])
    assert table["line"].tolist() == [1, 6]
    assert table.attrs["has_private_key"]


def test_key_written_on_one_line_is_struck_out() -> None:
    """A key with its line ends written out as backslash and n is found too."""
    words = "MIIEowIBAAKCAQEA0123456789abcdef"
    line = f'{TCP} Key="-----BEGIN PRIVATE KEY-----\\n{words}\\n-----END PRIVATE KEY-----\\n" A="1"'
    assert words not in str(only(line)["body"])


def test_pieces_of_any_size_give_the_same_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file is cut for reading does not show."""
    data = "\n".join([" a", *SIP, TCP, "", f"{TCP} {SSL}", *SIP, "x\r", "\r", TCP[:50]]).encode()
    whole = list(records(data))
    for size in range(1, 300, 7):
        monkeypatch.setattr(log, "_PIECE", size)
        assert whole == list(records(data))


PARTS = st.sampled_from(
    [TCP, SSL, *SIP, STAMP, " ", "\n", "\r\n", '"', "=", "Level=", 'Event="', "Line 1: ", "\x00",
     "|", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"]
)  # fmt: skip


@given(st.lists(PARTS | st.text(max_size=20), max_size=30).map("".join))
def test_every_line_is_kept(text: str) -> None:
    """Records follow one another without a hole; their bodies are the text as a node wrote it."""
    data = text.encode("utf-8", "replace")
    at = 1
    for row in records(data):
        assert row.line in {at, at - 1}
        at = row.line + row.lines
    plain = as_written(plain_text(data)).decode()
    assert plain.removesuffix("\n") == joined(data) or plain.endswith("\n\n")


@given(st.binary(max_size=400) | st.lists(PARTS, max_size=12).map(lambda p: "".join(p).encode()))
def test_anything_gives_a_table(data: bytes) -> None:
    """No bytes raise, and the columns are fixed."""
    assert {name: str(kind) for name, kind in read_log(data).dtypes.items()} == COLUMNS
