"""Mails, tickets and pages saved as files are read for what the product wrote in them."""

import quopri
from pathlib import Path

import pytest
from cases import deployment, files_of
from test_changed_lines import EVENT, wrapped
from test_field_words import PAGE, UTC, ssh, stamp

from ekukit import inspect
from ekukit.archive import open_archive
from ekukit.archive.member import MemberKind, member
from ekukit.errors import InputError
from ekukit.verbs.inspected import InspectedCase

EXPIRED = "Edge refused Core 10.106.80.16's client certificate as expired"
PROSE = "Hello,\n\nsince the renewal the zone is down. What is it?\n\n{}\n\nBest regards\n"
TEXTS = {
    "a mail": PROSE.format(EVENT),
    "a quoted mail": PROSE.format(wrapped(EVENT, 72, "> ")),
    "a saved mail": "Content-Transfer-Encoding: quoted-printable\n\n"
    + quopri.encodestring(PROSE.format(EVENT).encode()).decode(),
    "a page": f"<html><body><pre>{EVENT.replace(chr(34), '&quot;')}</pre></body></html>",
    "a relay's line": f"seen by our collector:\n<134>Jun 15 09:41:20 edge {EVENT[34:]}\n",
    "a fence": f"## Zone\n\n```\n{EVENT}\n```\n",
    "behind tabs": f"see:\n\t{EVENT}\t \n",
    "very far down": f"{'What we tried until now, and why. ' * 3000}\n\n> {EVENT}\n",
    "far down": f"{'What we tried until now. ' * 400}\n\n> {EVENT}\n",
}


def case_of_text(folder: Path, text: str, name: str = "ticket.txt") -> InspectedCase:
    """Return the case of one file of text."""
    (folder / name).write_bytes(text.encode())
    return inspect(str(folder / name))


@pytest.mark.parametrize("form", TEXTS)
def test_a_line_amid_words_is_read_from_a_file_of_any_name(tmp_path: Path, form: str) -> None:
    """Whoever saves a ticket gets the answer that the log itself would have given."""
    assert EXPIRED in case_of_text(tmp_path, TEXTS[form]).headline


def test_the_page_of_the_event_log_has_no_host_and_its_process_is_none(tmp_path: Path) -> None:
    """What stands where a host does is the process, and no node is called so."""
    line = f"2026-06-15T09:41:20.231+00:00\t{EVENT.split(' ', 2)[2]}"
    told = case_of_text(tmp_path, f"Event Log\tStart search\n{line}\n").headline
    assert EXPIRED in told
    assert "tvcs" not in told


def test_a_file_without_a_line_of_the_products_is_not_read(tmp_path: Path) -> None:
    """Words alone are no log: the file is refused, and nothing is concluded from it."""
    with pytest.raises(InputError, match="not a file that the kit knows"):
        case_of_text(tmp_path, 'Our tvcs shows "certificate has expired". Which one?\n')
    assert member("notes.txt", b"tvcs and sshd: two programs\n").kind is MemberKind.OTHER


def test_a_page_in_a_ticket_is_read(tmp_path: Path) -> None:
    """The tunnel page counts amid words and beside lines of a log, with the file's name."""
    page = PROSE.format(PAGE.format("Permission denied"))
    case = case_of_text(tmp_path, page)
    assert "did not let Core in (Permission denied)" in case.headline
    both = case_of_text(tmp_path, f"{page}{ssh('connect to host e.example.com port 2222: x')}\n")
    assert any("ticket.txt, line 6" in e.where for f in both.findings for e in f.evidence)


def test_an_alarm_in_a_ticket_is_read(tmp_path: Path) -> None:
    """Its words are those of the alarms page."""
    told = case_of_text(tmp_path, PROSE.format("Unified Communications SSH tunnel failure"))
    assert "it cannot reach one or more far nodes through its SSH tunnels" in told.findings[0].found


@pytest.fixture(scope="module")
def certificate() -> str:
    """Return a leaf as PEM text."""
    found = next(data for name, data in files_of(deployment("C2")).items()
                 if name.startswith("client_core"))  # fmt: skip
    return found.decode().partition("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("sign", ["", "> "])
def test_a_certificate_in_a_ticket_is_told_like_a_loose_file(
    tmp_path: Path, certificate: str, sign: str
) -> None:
    """By a path and pasted alike; where log lines stand beside it, both count."""
    shown = PROSE.format("".join(f"{sign}{line}\n" for line in certificate.splitlines()))
    for text, broken in ((shown, False), (f"{shown}{EVENT}\n", True)):
        case = case_of_text(tmp_path, text)
        pasted = inspect(paste=str(tmp_path / "ticket.txt"))
        for one in (case, pasted):
            (loose,) = (f for f in one.findings if f.code == "archive.loose-certificates")
            assert "core.example.com, serverAuth" in loose.found
            assert (EXPIRED in one.headline) is broken
        assert any(e.where.startswith("pasted text, line") for e in loose.evidence)


def test_a_key_in_a_pasted_text_is_told_and_not_kept(tmp_path: Path, certificate: str) -> None:
    """Beside the certificate it is named as a private key; its words are nowhere."""
    words = "MIIEowIBAAKCAQEA0123456789abcdef"
    key = f"-----BEGIN PRIVATE KEY-----\n{words}\n-----END PRIVATE KEY-----\n"
    (tmp_path / "a.txt").write_text(f"{certificate}{key}{EVENT}\n")
    case = inspect(paste=str(tmp_path / "a.txt"))
    assert case.keys == ("pasted text",)
    assert words not in str(case.json())


def test_a_certificate_that_is_cut_short_in_a_text_is_told(tmp_path: Path) -> None:
    """It is listed as not read, and the log lines beside it count."""
    cut = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    (tmp_path / "a.txt").write_text(f"{cut}{EVENT}\n")
    case = inspect(paste=str(tmp_path / "a.txt"))
    assert EXPIRED in case.headline
    assert any("pasted text" in part for part in case.unread)


def test_a_tools_output_beside_log_lines_is_read(tmp_path: Path) -> None:
    """A test that somebody ran stands in the same ticket as the log."""
    text = f"{EVENT}\n$ openssl s_client\nverify error:num=10:certificate has expired\n"
    assert {"uc-zone.client-expired", "test.refused"} <= {
        f.code for f in case_of_text(tmp_path, text).findings
    }


def test_what_a_file_with_lines_was_taken_for_is_told(tmp_path: Path) -> None:
    """The file is a log, and nothing of it is unread."""
    (tmp_path / "ticket.txt").write_text(TEXTS["a mail"])
    archive = open_archive(tmp_path / "ticket.txt")
    assert archive.rows["members"].each("kind") == ["log"]
    assert archive.unread == ()
    assert len(archive.log) > 0


def test_lines_of_other_events_in_a_ticket_are_records(tmp_path: Path) -> None:
    """A control in which nothing is wrong is read and gives nothing."""
    line = f'{stamp()} edge tvcs: Event="Call Connected" Service="SIP" Level="1" {UTC}'
    case = case_of_text(tmp_path, PROSE.format(line))
    assert case.headline.startswith("Nothing broken was found")


def test_an_indented_record_that_was_wrapped_is_whole(tmp_path: Path) -> None:
    """As work notes of a ticket show it; what is indented otherwise is not drawn into it."""
    text = f"Work notes:\n{wrapped(EVENT, 90, '      ')}\nassigned to: network\n"
    case = case_of_text(tmp_path, text)
    assert EXPIRED in case.headline
    assert "assigned" not in case.findings[0].evidence[0].text


def test_a_name_that_does_not_resolve_is_told_of_whichever_zone(tmp_path: Path) -> None:
    """The line tells no port, and is no reason to say that nothing is broken."""
    line = (f'{stamp()} core tvcs: {UTC} Module="developer.zone.zonemgr" Level="ERROR": '
            'Detail="Zone peer not found"{} Reason="DNS resolution failed"')  # fmt: skip
    for peer, said in ((' Peer="e.example.com"', "of e.example.com"), ("", "of the far end")):
        told = case_of_text(tmp_path, line.format(peer) + "\n").headline
        assert f"core could not resolve the name {said}" in told
        assert "Nothing broken was found" not in told


def test_a_certificate_beside_lines_in_utf_16_is_found(tmp_path: Path, certificate: str) -> None:
    """As an editor of Windows saves what was pasted into it."""
    text = f"\ufeff{EVENT}\n{certificate}"
    (tmp_path / "note.txt").write_bytes(text.encode("utf-16-le"))
    case = inspect(str(tmp_path / "note.txt"))
    assert EXPIRED in case.headline
    assert "archive.loose-certificates" in {found.code for found in case.findings}
