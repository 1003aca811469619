"""Lines that something changed on their way are read as the node wrote them, and none moves."""

import quopri
import re
from pathlib import Path

import pytest
from test_field_words import EDGE, PAGE, ZONE, Input, case_with, event, proxy, text_of

from ekukit.log.changed_lines import as_written
from ekukit.log.records import records
from ekukit.log.snapshot import read_log

EVENT = event("edge", "Inbound", "certificate has expired", ZONE)
REST = EVENT.split(" ", 2)[2]  # from the process on


def wrapped(line: str, width: int = 76, sign: str = "") -> str:
    """Return a line as a mail program breaks it."""
    return "\n".join(sign + part for part in re.findall(f".{{1,{width}}}(?: |$)", line))


FORMS = {
    "wrapped": wrapped(EVENT),
    "wrapped and quoted": wrapped(EVENT, sign="> "),
    "wrapped between letters": "\n".join(re.findall(".{1,80}", EVENT)),
    "quoted twice": f">> {EVENT}",
    "quoted three times": f"> > > {EVENT}",
    "RFC 5424": f"<134>1 2026-06-15T09:41:20.231+00:00 edge tvcs 991 - - {REST[6:]}",
    "RFC 5424 with data": f'<134>1 2026-06-15T09:41:20Z edge tvcs - ID1 [a@1 b="c"] {REST[6:]}',
    "a priority": f"<134>Jun 15 09:41:20 edge {REST}",
    "two headers": f"Jun 15 09:41:21 192.0.2.200 {EVENT}",
    "a search": f"loggingsnapshot_edge_2026.txt:1234:{EVENT}",
    "a German date": f"15.06.2026 11:41:20 edge {REST}",
    "an American date": f"6/15/2026 9:41:20 AM edge {REST}",
    "a masked time": f"XXXX-XX-XXTXX:XX:XX.XXX+XX:XX edge {REST}",
    "blanks that do not break": EVENT.replace(" ", "\u00a0"),
    "JSON": '{"message":"' + EVENT.replace('"', '\\"') + '"}',
    "CSV": '"' + EVENT.replace('"', '""') + '"',
    "HTML": "<br/>" + EVENT.replace('"', "&quot;"),
    "a list": f"  - {EVENT}",
    "no host": f"2026-06-15T09:41:20.231+00:00\t{REST}",
    "no quotes": EVENT.replace('"', ""),
    "single quotes": EVENT.replace('"', "'"),
    "colors": EVENT.replace("certificate has", "\x1b[31mcertificate\x1b[0m has"),
    "tags": EVENT.replace("Detail=", "<b>Detail</b>=").replace('"', "&quot;"),
    "blanks of a page": EVENT.replace('"', "&quot;").replace(" ", "&nbsp;"),
    "a table": f"| {EVENT.replace(' ', ' | ', 2)} |",
    "quoted-printable": quopri.encodestring(EVENT.encode()).decode().rstrip("\n"),
    "indented and wrapped": wrapped(EVENT, 90, "    "),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_line_is_read_as_the_node_wrote_it(form: str) -> None:
    """Event, words and ends are those of the line, and it has as many lines as were given."""
    found = list(records(FORMS[form].encode()))
    assert sum(record.lines for record in found) == FORMS[form].count("\n") + 1
    head = found[0].head
    assert head.event == "Inbound TLS Negotiation Error"
    assert head.detail == "certificate has expired"
    assert (head.src_port, head.dst_ip, head.dst_port) == (25011, EDGE, 7001)
    table = read_log(FORMS[form].encode())
    assert table["detail"].tolist() == ["certificate has expired"]


def test_free_text_that_was_wrapped_is_whole_again() -> None:
    """A line that had to end where it does goes on in the next one."""
    line = proxy("Core server certificate verification failed for (cucm1.example.com). "
                 "Action=Terminate Error=unable to get local issuer certificate "
                 "server=cucm1.example.com(10.106.80.38) depth=0")  # fmt: skip
    (found,) = records(wrapped(line).encode())
    assert found.body.strip() == line


def test_what_follows_a_wrapped_line_is_not_drawn_into_it() -> None:
    """A sentence after the last part, and one after an empty line, stay outside."""
    text = f"{wrapped(EVENT)}\nIt timed out.\n\nconnection refused\n"
    (found,) = records(text.encode())
    assert "timed out" not in found.body.partition("\n")[0]
    assert found.body.endswith("connection refused")


def test_what_a_node_wrote_itself_is_left_as_it_is() -> None:
    """The same bytes come back, bodies of messages and short lines among them."""
    body = f"{EVENT}\n SIPMSG:\n |SIP/2.0 200 OK\n Via: SIP/2.0/TLS\n\n |\n{EVENT}\n"
    short = "2026-06-15T09:41:20+00:00 core ssh: one\n2026-06-15T09:41:20+00:00 core ssh: two\n"
    for data in (body.encode(), short.encode(), b"", b"tvcs", b"no log\nat all\n"):
        assert as_written(data) is data


@pytest.mark.parametrize("form", ["wrapped and quoted", "RFC 5424", "a masked time"])
def test_a_changed_line_leads_to_the_same_answer(tmp_path: Path, form: str) -> None:
    """The headline is that of the line as the node wrote it."""
    want = case_with(tmp_path / "want", Input("edge", (EVENT,), ())).headline
    assert want == case_with(tmp_path / "case", Input("edge", (FORMS[form],), ())).headline


def test_a_tunnel_page_quoted_in_a_mail_names_its_target(tmp_path: Path) -> None:
    """Quote signs are no part of a name."""
    page = "".join(f"> {line}\n" for line in PAGE.format("No route to host").splitlines())
    text = text_of(case_with(tmp_path / "case", Input("core", (), (), pasted=page)))
    assert "The tunnel to edge.example.com failed" in text


def test_a_key_that_was_quoted_with_the_line_is_struck_out() -> None:
    """Whatever is put right, no key comes to light by it."""
    words = "MIIEowIBAAKCAQEA0123456789abcdef"
    line = f'{EVENT} Key="-----BEGIN PRIVATE KEY-----\\n{words}\\n-----END PRIVATE KEY-----\\n"'
    for form in (wrapped(line, sign="> "), '{"message":"' + line.replace('"', '\\"') + '"}'):
        table = read_log(form.encode())
        assert not table["body"].str.contains(words).any()
        assert table.attrs["has_private_key"]


PROSE = "It was so that nothing went, as we told you in the call of today, and then"
NARROW = "2026-06-15T09:41:20+00:00 core ssh: "


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        # What goes on from a record: a message, a body, a blank line, another record.
        ((f"{NARROW}{'x' * 40}", " SIPMSG:"), f"{NARROW}{'x' * 40}"),
        ((f"{NARROW}{'x' * 40}", "|SIP/2.0 200 OK of some length that would not fit"),
         f"{NARROW}{'x' * 40}"),
        ((f"{NARROW}{'x' * 40}", f"{NARROW}y"), f"{NARROW}{'x' * 40}"),
        # The next word would have fitted, so that the line was meant to end.
        ((f"{NARROW}one", "two", "", "x" * 50), f"{NARROW}one"),
        ((f"{NARROW}{'x' * 14}", "aaaa bbb", "", "x" * 55), f"{NARROW}{'x' * 14}"),
        # It would have been one too long.
        ((f"{NARROW}{'x' * 15}", "aaaa bbb", "", "x" * 55), f"{NARROW}{'x' * 15} aaaa bbb"),
        # A value was open.
        ((f'{NARROW}Detail="one', 'two" Level="ERROR"', "", "x" * 90),
         f'{NARROW}Detail="one two" Level="ERROR"'),
        # Too wide to have been wrapped.
        ((f'{NARROW}Detail="one', 'two" Level="ERROR"', "", "x" * 133), f'{NARROW}Detail="one'),
        # Prose before the first record.
        ((PROSE, "more", f"{NARROW}x"), PROSE),
    ],
)  # fmt: skip
def test_where_a_line_was_broken_is_told_by_the_width(lines: tuple[str, ...], first: str) -> None:
    """A line goes on where its next word would not have fitted, or where a value is open."""
    assert as_written("\n".join(lines).encode()).decode().split("\n")[0].rstrip() == first
