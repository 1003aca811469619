"""Configuration and status dumps, text and XML, and the tunnel page that an engineer pastes."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekukit.archive import read_configuration, read_status, read_tunnel_page, setting
from ekukit.archive.dump import COLUMNS, REDACTED
from ekukit.archive.pasted import COLUMNS as TUNNELS
from ekukit.errors import InputError

EKU = "SIP TLS Certificate ExtendedKeyUsage Checking Mode"
TEXT = f"""*c xConfiguration {EKU}: "On"
*c xConfiguration Zones Zone 3 Name: "uczone.MRA"
*c xConfiguration Zones Zone 3 Type: "TraversalServer"
*c xConfiguration Zones Zone 3 TraversalServer SIP Port: "7001"
*c xConfiguration Zones Zone 3 TraversalServer Authentication UserName: "core"
*c xConfiguration NTP Server 1 Address:
"""
XML = b"""<?xml version="1.0"?>
<Configuration xmlns="http://www.tandberg.no/XML/CUIL/1.0" item="1">
 <SIP item="1"><TLS item="1"><Certificate item="1"><ExtendedKeyUsage item="1">
  <CheckingMode item="1">Off</CheckingMode>
 </ExtendedKeyUsage></Certificate></TLS></SIP>
 <Zones item="1"><Zone item="1"><Name item="1">a</Name></Zone>
 <Zone item="3"><Name item="1">uczone.MRA</Name>
  <TraversalClient item="1"><Peer item="1"><Address item="1">edge1.example.com</Address></Peer>
  </TraversalClient></Zone></Zones>
</Configuration>"""
STATUS = b"""*s SystemUnit: /
  Product: "Cisco Expressway"
  Software:
    Version: "X15.5"
  Hardware SerialNumber: "0A1B"
*s Zones:
  Zone 3:
    Name: "uczone.MRA"
    Peer: "2001:db8::1"
*s/end
OK
"""


def values(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return paths and values of a table."""
    return list(zip(table["path"], table["value"], strict=True))


def config(text: str) -> pd.DataFrame:
    """Read a text dump."""
    return read_configuration(text.encode())


def test_setting_lines_give_path_and_value() -> None:
    """Each line is a row with its number, quotes gone, an empty value kept as such."""
    table = config(TEXT)
    assert values(table)[0] == (EKU, "On")
    assert values(table)[-1] == ("NTP Server 1 Address", "")
    assert table["line"].tolist() == [1, 2, 3, 4, 5, 6]


def test_echo_of_the_command_line_is_read_alike() -> None:
    """Without "*c " and with OK at the end the rows are the same, and nothing is a problem."""
    table = config(TEXT.replace("*c ", "") + "OK\n")
    assert values(config(TEXT)) == values(table)
    assert table.attrs["problems"] == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"say \\"hi\\""', 'say "hi"'),
        ('"C:\\\\"', "C:\\"),
        ('"one\ntwo"', "one\ntwo"),
        ('"one\r\ntwo: \\"x\\"\n\nthree"', 'one\ntwo: "x"\n\nthree'),
        ('"a: b"', "a: b"),
        ("On", "On"),
        ('""', ""),
        ('"', '"'),
    ],
)
def test_values_may_be_quoted_in_odd_ways(value: str, expected: str) -> None:
    """Escaped quotes, values of several lines and bare words are read; the next line too."""
    table = config(f'*c xConfiguration SIP A: {value}\n*c xConfiguration SIP B: "x"\n')
    assert [("SIP A", expected), ("SIP B", "x")] == values(table)


def test_missing_quote_takes_no_other_setting() -> None:
    """A value whose last quote is missing ends with its line, and is told."""
    table = config('*c xConfiguration SIP A: "x\n*c xConfiguration SIP B: "y"\nOK\n')
    assert values(table) == [("SIP A", '"x'), ("SIP B", "y")]
    assert table.attrs["problems"][0].startswith("line 1: a quote is missing")


@pytest.mark.parametrize(
    "key",
    [EKU, "SIP TLS Certificate ExtendedKeyUsage CheckingMode",
     "sip tls certificate extended key usage checking mode", EKU.replace(" ", "  ")],
)  # fmt: skip
def test_eku_mode_is_found_in_any_spelling(key: str) -> None:
    """Blanks and case of the key do not count."""
    assert setting(config(f'*c xConfiguration {key}: "Off"'), "ExtendedKeyUsage CheckingMode") == (
        "Off"
    )


def test_setting_begins_at_a_word() -> None:
    """A suffix does not match within a word, and what is not there is None."""
    table = config(TEXT)
    assert setting(table, "Zone 3 Name") == "uczone.MRA"
    assert setting(table, "rName") is None
    assert setting(table, "Collaboration Edge") is None


def named(text: str | bytes, host: str, file: str) -> pd.DataFrame:
    """Read a dump as `open` does, with its host and file."""
    table = read_configuration(text if isinstance(text, bytes) else text.encode())
    return table.assign(host=host, file=file)


def test_xml_counts_where_both_forms_are_there() -> None:
    """XML and text of one node are no contradiction: XML is the more complete."""
    parts = [named(TEXT, "edge1", "a.txt"), named(XML, "edge1", "a.xml")]
    for tables in (parts, parts[::-1]):
        assert setting(pd.concat(tables), EKU) == "Off"


def test_nodes_that_differ_must_be_named() -> None:
    """Two nodes with different values give no answer without a host."""
    off = TEXT.replace('"On"', '"Off"')
    both = pd.concat([named(TEXT, "edge1", "a.txt"), named(off, "core1", "b.txt")])
    assert (setting(both, EKU, "edge1"), setting(both, EKU, "core1")) == ("On", "Off")
    with pytest.raises(InputError, match="edge1 says On, core1 says Off"):
        setting(both, EKU)


@pytest.mark.parametrize(
    "line",
    ['Authentication Password: "{cipher}AbC="', 'X Y: "{CIPHER}x"', 'SNMP CommunityName: "public"',
     'Zones Zone 1 Neighbor Passphrase: "x"'],
)  # fmt: skip
def test_secrets_are_redacted_at_once(line: str) -> None:
    """Encrypted values and passwords never reach the table."""
    assert config(f"*c xConfiguration {line}")["value"].tolist() == [REDACTED]


def test_xml_gives_the_paths_of_the_text_form() -> None:
    """Item numbers stand where the text has them, and line is missing."""
    table = read_configuration(XML)
    assert values(table) == [
        ("SIP TLS Certificate ExtendedKeyUsage CheckingMode", "Off"),
        ("Zones Zone 1 Name", "a"),
        ("Zones Zone 3 Name", "uczone.MRA"),
        ("Zones Zone 3 TraversalClient Peer 1 Address", "edge1.example.com"),
    ]
    assert table["line"].isna().all()


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<Configuration><X>&b;</X></Configuration>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<Configuration><X>&a;</X></Configuration>"""


@pytest.mark.parametrize(
    "data", [BOMB, OUTSIDE, b"<?xml version='1.0' encoding='nonsense'?>", b"<"]
)
def test_xml_that_is_hostile_or_broken_is_a_problem(data: bytes) -> None:
    """Entities are refused, broken XML is told; neither raises."""
    table = read_configuration(data)
    assert len(table) == 0
    assert table.attrs["problems"][0].startswith("XML that cannot be read: ")


def test_xml_nested_without_end_is_told() -> None:
    """Depth is bounded, and what lies deeper is counted."""
    table = read_configuration(b"<a>" * 5000 + b"x" + b"</a>" * 5000)
    assert table.attrs["problems"] == ("1 elements nested more than 64 deep were not read",)


def test_many_values_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit the rest is told and not read."""
    from ekukit.archive import dump

    monkeypatch.setattr(dump, "_MOST_ROWS", 2)
    table = config(TEXT)
    assert len(table) == 2
    assert table.attrs["problems"] == ("more than 2 values; the rest was not read",)


def test_status_is_nested_by_blanks() -> None:
    """Two blanks a level make the path; headings are no rows."""
    table = read_status(STATUS)
    assert values(table) == [
        ("SystemUnit Product", "Cisco Expressway"),
        ("SystemUnit Software Version", "X15.5"),
        ("SystemUnit Hardware SerialNumber", "0A1B"),
        ("Zones Zone 3 Name", "uczone.MRA"),
        ("Zones Zone 3 Peer", "2001:db8::1"),
    ]
    assert (setting(table, "Software Version"), table.attrs["problems"]) == ("X15.5", ())


def test_status_in_xml_is_read() -> None:
    """The XML form gives the same paths."""
    data = (
        b'<Status item="1"><SystemUnit item="1"><Product item="1">x</Product></SystemUnit></Status>'
    )
    assert values(read_status(data)) == [("SystemUnit Product", "x")]


def test_unknown_lines_are_told_with_their_numbers() -> None:
    """What is no setting is listed by its length, not lost and not quoted: it may be a secret."""
    table = config("Welcome\n" + TEXT)
    assert table.attrs["problems"] == ("line 1: no setting, and no known echo (7 bytes)",)


@pytest.mark.parametrize("read", [read_configuration, read_status])
@pytest.mark.parametrize("path", ["nowhere", "a\0b", "."])
def test_dump_that_cannot_be_opened_is_an_input_error(read: object, path: str) -> None:
    """The path is named, and what would do."""
    with pytest.raises(InputError, match="name an xconf or xstat dump"):
        read(path)  # type: ignore[operator]


def test_dump_of_many_megabytes_is_refused(tmp_path: Path) -> None:
    """No dump is that large."""
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(17 << 20))
    with pytest.raises(InputError, match="larger than 16 MiB"):
        read_configuration(path)


def kinds(table: pd.DataFrame) -> dict[str, str]:
    """Return the dtypes of a table."""
    return {name: str(kind) for name, kind in table.dtypes.items()}


PARTS = st.sampled_from(
    ["*c xConfiguration ", "*s ", "Zone 1", ": ", '"', "\\", "\n", "  ", "OK", "<a>", "</a>",
     "<?xml", "<Configuration>", "{cipher}", "\x00", "\r\n", "*s/end"]
)  # fmt: skip
DUMPS = st.binary(max_size=300) | st.lists(PARTS, max_size=25).map(lambda p: "".join(p).encode())


@given(DUMPS)
def test_any_bytes_give_a_table(data: bytes) -> None:
    """No bytes raise, and columns and dtypes are fixed."""
    assert COLUMNS == kinds(read_configuration(data)) == kinds(read_status(data))


# The page of tunnels.

HEADER = "Target\tDomain\tStatus\tTunnel Created\tReason\tPeer"
ACTIVE = ("edge1.example.com", "example.com", "Active", "2026-03-29 06:58:01", "", "192.0.2.16")
FAILED = (
    "edge1.example.com",
    "example.org",
    "Failed",
    "",
    "Permission denied (publickey)",
    "core1.a",
)


def tunnels(text: str) -> list[tuple[str, ...]]:
    """Return the cells of a pasted page, "" for what is missing."""
    table = read_tunnel_page(text)
    return list(table.drop(columns="line").fillna("").itertuples(index=False, name=None))


@pytest.mark.parametrize("header", [HEADER + "\n", ""])
@pytest.mark.parametrize("gap", ["\t", "   "])
def test_tunnel_page_is_read_with_tabs_or_blanks(header: str, gap: str) -> None:
    """A header or none, tabs or blanks: the same rows."""
    cells = (ACTIVE, FAILED)
    rows = [gap.join(filter(None, row) if gap != "\t" else row) for row in cells]
    assert list(cells) == tunnels(header.replace("\t", gap) + "\n".join(rows))


@pytest.mark.parametrize("gap", ["\t", "    "])
def test_peer_may_be_missing(gap: str) -> None:
    """An older page has no column Peer."""
    row = ("edge1.example.com", "example.com", "Failed", "2026-03-29 06:58:01", "Timed out")
    assert [(*row, "")] == tunnels(gap.join(row))


def test_order_of_the_header_counts() -> None:
    """Columns in another order, and unknown ones, are taken by their names."""
    text = "Status\tTarget\tExtra\tReason\nFailed\ta\tx\twhy\n"
    assert tunnels(text) == [("a", "", "Failed", "", "why", "")]


def test_other_lines_are_told() -> None:
    """A title is no tunnel, and blank lines are nothing."""
    table = read_tunnel_page("SSH tunnels status\r\n\r\n" + "\t".join(ACTIVE) + "\r\n")
    assert table.attrs["problems"] == ("line 1: no tunnel, 18 characters",)
    assert table["line"].tolist() == [3]


def test_huge_page_is_refused() -> None:
    """More than a page is an input error."""
    with pytest.raises(InputError, match="paste the table alone"):
        read_tunnel_page("x" * (2 << 20))


CELLS = st.sampled_from([HEADER, "\t", "  ", "a", "\n", "Active", "Status", "Target"])


@given(st.text(max_size=200) | st.lists(CELLS).map("".join))
def test_any_text_gives_a_table_of_tunnels(text: str) -> None:
    """No text raises, and columns and dtypes are fixed."""
    assert kinds(read_tunnel_page(text)) == TUNNELS
