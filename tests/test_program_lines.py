"""Lines of a partner's proxy, a test client or Windows: what that program saw, and no more."""

from pathlib import Path

import pytest
from test_changed_lines import EVENT

from ekukit import inspect
from ekukit.log.program_lines import program_lines

PURPOSE, NO_PATH = "not fit for its purpose", "found no path from"
# A line, the program, and what is said of it.
LINES: dict[str, tuple[str, str, str]] = {
    "nginx": (
        ("2026/06/15 09:41:20 [info] 6#6: *2 client SSL certificate verify error: (26:unsupported "
        "certificate purpose) while reading client request headers, client: 10.106.80.31, "
        "server: sip.example.net"), "nginx",
        f"nginx refused 10.106.80.31's certificate as {PURPOSE}"),
    "HAProxy": (
        ("Jun 15 09:41:20 lb haproxy[91]: 10.106.80.31:28351 sip/1: SSL handshake failure "
        "(error:0A000418:SSL routines::tlsv1 alert unknown ca)"), "HAProxy",
        f"the other end {NO_PATH} HAProxy's certificate"),
    "Kamailio": (
        ("Jun 15 09:41:20 sbc kamailio[991]: ERROR: tls [tls_server.c:1283]: TLS accept:"
        "error:1417C086:SSL routines:tls_process_client_certificate:certificate verify failed"),
        "Kamailio", "Kamailio refused the other end's certificate; the words do not say why"),
    "Asterisk": (
        ("[Jun 15 09:41:20] WARNING[1]: pjproject: <?>: SSL SSL_ERROR_SSL (Handshake): Level: 0 "
        "err: <336151576> <SSL routines-x-tlsv1 alert unknown ca> peer: 10.106.80.31"),
        "Asterisk", f"10.106.80.31 {NO_PATH} Asterisk's certificate"),
    "a Meeting Server's number": (
        ("Jun 15 09:41:20 user.info cms1 host:server: INFO : handshake error 336151573 on outgoing "
        "connection 12 to 10.106.80.31:5061"), "Meeting Server", "certificate as expired"),
    "Java": (
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: bad_certificate", "Java",
        "the other end refused Java's certificate"),
    "Go": (
        ("2026/06/15 http: TLS handshake error from 10.106.80.31:28351: tls: failed to verify "
        "certificate: x509: certificate specifies an incompatible key usage"), "Go",
        "Go refused 10.106.80.31's certificate"),
    "Python": (
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate "
        "verify failed: unable to get local issuer certificate (_ssl.c:1129)'))"), "Python",
        f"Python {NO_PATH} the other end's certificate"),
    "Schannel received": (
        ("A fatal alert was received from the remote endpoint. The TLS protocol defined fatal "
        "alert code is 48."), "Schannel", f"the other end {NO_PATH} Schannel's certificate"),
    "Schannel sent": (
        ("A fatal alert was generated and sent to the remote endpoint. The TLS protocol defined "
        "fatal alert code is 45."), "Schannel", "Schannel refused the other end's certificate as"),
    "Schannel in German": (
        ("Es wurde eine schwerwiegende Warnung vom Remoteendpunkt empfangen. Die Warnung hat den "
        "folgenden für das TLS-Protokoll definierten Code: 46."), "Schannel",
        "the other end refused Schannel's certificate"),
    "GnuTLS": (
        "- Status: The certificate is NOT trusted. The certificate issuer is unknown.", "GnuTLS",
        f"GnuTLS {NO_PATH} the other end's certificate"),
}  # fmt: skip


@pytest.mark.parametrize("sign", ["", "> ", "    "])
@pytest.mark.parametrize("name", LINES)
def test_a_line_of_another_program_is_told_as_what_it_saw(
    tmp_path: Path, name: str, sign: str
) -> None:
    """Who refused whom, in its own words, amid prose; nothing of Expressway is concluded."""
    line, program, said = LINES[name]
    (tmp_path / "mail.txt").write_text(f"Hello,\n\n{sign}{line}\n\nWhat is it?\n")
    for case in (inspect(str(tmp_path / "mail.txt")), inspect(paste=str(tmp_path / "mail.txt"))):
        told = case.headline
        assert told.startswith("A line of another program tells of TLS that failed; nothing else")
        assert f"A line of {program} says: " in told
        assert said in told
        assert {found.code for found in case.findings} == {"program.wrote"}


@pytest.mark.parametrize(
    "line",
    [
        "We thought that the certificate has expired, and it has not.",
        "Jun 15 09:41:20 fw charon: 09[CFG] no issuer certificate found for CN=vpn.example.net",
        "2026/06/15 09:41:20 [error] 6#6: *2 open() failed (2: No such file or directory)",
        "2026/06/15 http: TLS handshake error from 10.106.80.31:28351: EOF",
        EVENT,
    ],
)
def test_what_is_no_such_line_tells_nothing_of_it(line: str) -> None:
    """Prose, other faults of such programs, ends without a reason, and Expressway's own lines."""
    assert not [*program_lines(line)]


def test_beside_lines_of_expressway_it_comes_second(tmp_path: Path) -> None:
    """What a node wrote is the headline; the partner's line stands below."""
    (tmp_path / "mail.txt").write_text(f"{EVENT}\n{LINES['nginx'][0]}\n")
    case = inspect(str(tmp_path / "mail.txt"))
    assert case.headline.startswith("UC traversal zone")
    assert "program.wrote" in {found.code for found in case.findings}


def test_each_thing_is_told_once(tmp_path: Path) -> None:
    """A hundred lines that say one thing are one finding."""
    (tmp_path / "mail.txt").write_text(f"{LINES['nginx'][0]}\n" * 100)
    (found,) = inspect(str(tmp_path / "mail.txt")).findings
    assert found.found.count("A line of nginx says") == 1


def test_a_test_that_is_indented_in_a_mail_is_read(tmp_path: Path) -> None:
    """As it was copied from a terminal into a ticket."""
    shown = (
        "    $ openssl s_client -connect a:5061\n    CONNECTED(00000003)\n    depth=0 CN = a.b\n"
    )
    shown += "    verify error:num=10:certificate has expired\n"
    (tmp_path / "mail.txt").write_text(f"I ran this:\n\n{shown}\nand then?\n")
    told = inspect(str(tmp_path / "mail.txt")).headline
    assert "A test with openssl refused a.b's certificate as expired" in told


def test_two_hundred_letters_of_a_line_are_shown(tmp_path: Path) -> None:
    """The rest stands in the file, whose line the evidence names."""
    line = LINES["nginx"][0] + ", request: " + "0123456789" * 40
    file = tmp_path / "proxy.log"
    file.write_text(line + "\n", encoding="utf-8")
    (found,) = (one for one in inspect(file).findings if one.code == "program.wrote")
    assert found.found.endswith(f'("{line[:200]}").')
