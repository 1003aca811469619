"""Alarms of the product: told by its guide's words, until they are lowered, and nothing beyond."""

import re
from pathlib import Path

import pytest
from cases import broken, case_of, codes, deployment, finding, log_only
from cases import files_of as archive_of
from test_field_words import Input, case_with, text_of
from test_log_engine import files_of, told

from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.logged import what_log_tells
from ekukit.diagnosis.evidence.tries import Map
from ekukit.diagnosis.findings.finding import Confidence, Severity
from ekukit.log.alarms import ELSEWHERE, AlarmRow, alarm_of, alarm_rows
from ekukit.log.snapshot import Snapshot
from ekukit.privacy.vocabulary import own_words

STAMP = "2026-06-15T09:41:20.231+00:00"
ROWS = [row for row in alarm_rows() if row.severity != ELSEWHERE]
SSHD = "error: Could not load host key: /etc/ssh/ssh_host_ed25519_key"


def alarm(words: str, event: str = "Raised", number: int = 1) -> str:
    """Return a line about an alarm of a node."""
    return (
        f'{STAMP} edge1 alarm: Level="WARN" Event="Alarm {event}" Id="{number}" '
        f'Severity="warning" Detail="{words} (certificate)"'
    )


def said_by(row: AlarmRow, words: str) -> str:
    """Return a line in which the row's program says words."""
    return alarm(words) if row.number else f"{STAMP} edge1 {row.program}[991]: error: {words}"


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.number} {row.title}" for row in ROWS])
def test_every_alarm_of_the_table_gives_its_finding(tmp_path: Path, row: AlarmRow) -> None:
    """Each of its words gives the row's code and severity, with what to do."""
    for number, words in enumerate(row.texts):
        case = log_only(tmp_path / str(number), said_by(row, words))
        found = finding(case, row.code)
        assert Severity(row.severity) is found.severity
        assert row.means in found.found
        assert row.todo == found.todo
        assert "log.not-understood" not in codes(case)


def test_an_alarm_that_was_lowered_is_over(tmp_path: Path) -> None:
    """The last line of an alarm tells how it stands."""
    words = "Security alert: Automatic updating of CRL files has failed"
    assert "alarm.40002" in codes(log_only(tmp_path / "one", alarm(words)))
    over = log_only(tmp_path / "two", alarm(words), alarm(words, "Lowered"))
    assert "alarm.40002" not in codes(over)


TEXT = (
    b'*s Alarms: /\n  Alarm 1: /\n    ID: "{id}"\n    Severity: "Error"\n'
    b'    Description: "{words}"\n    State: "{state}"\n*s/end\n'
)
XML = (
    b'<Status xmlns="http://www.tandberg.no/XML/CUIL/1.0"><Warnings item="1"><Warning item="1">'
    b'<ID item="1">{id}</ID><Reason item="1">{words}</Reason><State item="1">{state}</State>'
    b"</Warning></Warnings></Status>"
)
EXPIRED = b"Server certificate expired"


def dumped(folder: Path, form: bytes, number: bytes, words: bytes, state: bytes = b"") -> Case:
    """Return the case of a status dump with one alarm."""
    data = form.replace(b"{id}", number).replace(b"{words}", words).replace(b"{state}", state)
    kind = "xml" if form is XML else "txt"
    return case_of(folder, {f"xstat_dump_edge1_2026-06-15_09_41_07.{kind}": data})


@pytest.mark.parametrize("form", [TEXT, XML], ids=["text", "xml"])
@pytest.mark.parametrize(("number", "words"), [(b"7", EXPIRED), (b"40068", b"...")])
def test_an_alarm_that_a_status_dump_lists_is_told_by_words_or_number(
    tmp_path: Path, form: bytes, number: bytes, words: bytes
) -> None:
    """It is told with its place, as possible: a dump does not say whether it is over."""
    found = finding(dumped(tmp_path / "case", form, number, words), "alarm.40068")
    assert found.confidence is Confidence.POSSIBLE
    assert "does not tell whether it is over" in found.found
    assert found.evidence[0].file.startswith("xstat_dump_edge1")


@pytest.mark.parametrize("form", [TEXT, XML], ids=["text", "xml"])
@pytest.mark.parametrize(("words", "state"), [(EXPIRED, b"Lowered"), (b"quux is grumpy", b"")])
def test_a_listed_alarm_that_is_over_or_unknown_is_not_told(
    tmp_path: Path, form: bytes, words: bytes, state: bytes
) -> None:
    """What the guide does not have is not guessed from a dump."""
    case = dumped(tmp_path / "case", form, b"7", words, state)
    assert {code for code in codes(case) if code.startswith("alarm")} == set()


def test_words_of_an_alarm_elsewhere_in_a_status_dump_are_none(tmp_path: Path) -> None:
    """A banner may say what it likes."""
    case = dumped(tmp_path / "case", TEXT.replace(b"Alarm", b"Banner"), b"40068", EXPIRED)
    assert {code for code in codes(case) if code.startswith("alarm")} == set()


def test_an_alarm_about_certificates_that_no_row_has_is_shown(tmp_path: Path) -> None:
    """It is shown as not understood, and judged no more than that."""
    case = log_only(tmp_path, alarm("The certificate of quux is grumpy"))
    assert "log.not-understood" in codes(case)
    assert broken(case) == set()


def test_advice_that_no_connection_depends_on_is_no_finding(tmp_path: Path) -> None:
    """Words and number of such a row are understood and told nowhere."""
    for number, row in enumerate(row for row in alarm_rows() if row.severity == ELSEWHERE):
        case = log_only(tmp_path / str(number), alarm(row.texts[0], number=row.number))
        assert {c for c in codes(case) if c.startswith(("alarm", "log", "tunnel"))} == set()


def test_words_tell_an_alarm_before_its_number_does() -> None:
    """Where somebody cut the words, the number is left; the longer words win."""
    assert alarm_of('Id="40068" Detail="..."').number == 40068
    assert alarm_of('Id="40068" Unable to download CRL update').number == 40006
    assert alarm_of("Unified Communications SSH tunnel notification failure").number == 35014
    assert alarm_of("nothing of the kind") is None


def test_alarms_whose_numbers_alone_differ_are_told_apart_when_a_log_is_sieved() -> None:
    """Lines alike but for numbers are asked for once, and alarms and host keys are not."""
    lines = [alarm("a certificate", number=row.number) for row in alarm_rows() if row.number]
    lines += [f"{STAMP} edge1 sshd[{number}]: {SSHD}" for number in range(90, 99)]
    files = files_of("\n".join(lines * 2).encode())
    whole = what_log_tells(files.chosen(Snapshot.records), Map())
    assert {row.code for row in ROWS} - {one.row.code for one in whole.alarms} == set()
    assert whole == told(files)


def test_a_host_key_that_cannot_be_loaded_is_no_tunnel_that_failed(tmp_path: Path) -> None:
    """OpenSSH goes on with its other keys; only without any does it end."""
    case = log_only(tmp_path / "one", f"{STAMP} edge1 sshd[991]: {SSHD}")
    assert finding(case, "tunnel.own-files").severity is Severity.WEAK
    assert "goes on with the others" in finding(case, "tunnel.own-files").found
    none = f"{STAMP} edge1 sshd[991]: fatal: sshd: no hostkeys available -- exiting."
    assert "tunnel.own-files" in broken(log_only(tmp_path / "two", none))


def test_a_pasted_alarms_page_is_read(tmp_path: Path) -> None:
    """A line of the page is told like a line of the log, by whichever node it is."""
    page = "Security alert\tUnable to download CRL update\tRaised\tWarning\t40006\n"
    text = text_of(case_with(tmp_path / "case", Input("core", (), (), pasted=page)))
    assert "A node raised the alarm Security alert: unable to download CRL update (40006)" in text


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.number} {row.title}" for row in ROWS])
def test_what_is_told_of_an_alarm_is_read_when_names_are_hidden(row: AlarmRow) -> None:
    """Its words are the guide's and the kit's, and no customer's."""
    said = f"{row.title} {row.means} {row.todo}"
    hidden = {
        w for w in re.findall("[A-Za-z]+", said) if len(w) > 1 and w.lower() not in own_words()
    }
    assert hidden <= {"ACME"}  # a customer may be called so


def test_an_alarm_of_the_tunnels_gives_way_to_whatever_else_tells_of_them(tmp_path: Path) -> None:
    """By a line or by the certificates; alarms of something else stay."""
    tunnels = alarm("Unified Communications SSH tunnel failure: edge.example.com")
    lists = alarm("Security alert: Unable to download CRL update")
    alone = log_only(tmp_path / "alone", tunnels, lists)
    assert finding(alone, "tunnel.unexplained").confidence is Confidence.POSSIBLE
    assert "by an alarm of edge1" in finding(alone, "tunnel.unexplained").found
    told = f'{STAMP} edge1 ssh: Detail="ssh: Host key verification failed." Level="ERROR"'
    beside = log_only(tmp_path / "line", tunnels, lists, told)
    assert "tunnel.unexplained" not in codes(beside)
    assert finding(beside, "alarm.40006").found.startswith("edge1 raised the alarm".capitalize())
    files = {n: d for n, d in archive_of(deployment("C2")).items() if not n.startswith("eth0")}
    name = next(n for n in files if n.startswith("loggingsnapshot_core"))
    foreseen = case_of(tmp_path / "files", {**files, name: f"{tunnels}\n{lists}\n".encode()})
    assert "ssh-tunnel.client-eku-missing" in codes(foreseen)
    assert {"alarm.40006", "tunnel.unexplained"} & codes(foreseen) == {"alarm.40006"}


def test_what_a_program_says_of_itself_is_no_more_than_possible(tmp_path: Path) -> None:
    """Its line does not tell which of two servers it is."""
    case = log_only(tmp_path, f"{STAMP} edge1 sshd[991]: {SSHD}")
    assert finding(case, "tunnel.own-files").confidence is Confidence.POSSIBLE


def test_of_two_rows_the_one_with_the_longer_words_counts() -> None:
    """Where both stand in a text, and programs have rows of their own."""
    both = "Server certificate expires in 3 days. Automatic updating of CRL files has failed"
    assert alarm_of(both).number == 40002
    assert alarm_of(SSHD) is None
    assert alarm_of(SSHD, "sshd").code == "tunnel.own-files"
    assert alarm_of("Unable to download CRL update", "sshd") is None


NO_FAULT_OF_CERTIFICATES = {
    25002: "Unable to obtain the correct time and date from an NTP server",
    25022: "Time not synchronized over traversal zone",
    25030: "Failed to do reverse DNS Lookup for address 192.0.2.31",
    30020: "Call license limit reached: You have reached your license limit of 5",
    30042: "Smart license communication error",
}


@pytest.mark.parametrize("number", NO_FAULT_OF_CERTIFICATES)
def test_an_alarm_of_clock_dns_or_licenses_is_told(tmp_path: Path, number: int) -> None:
    """Though it names neither certificate nor TLS: it is what the trouble often is."""
    words = NO_FAULT_OF_CERTIFICATES[number]
    line = alarm(words, number=number).replace(" (certificate)", "")
    case = log_only(tmp_path, line)
    assert broken(case) == set()
    (found,) = (f for f in case.findings if f.code.startswith("alarm."))
    assert found.severity is Severity.WEAK
    assert f"({found.code.removeprefix('alarm.')})" in case.headline
