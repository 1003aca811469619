"""Directory servers (LDAP): told as what they are, with nothing said against a zone."""

import re
from pathlib import Path

import pytest
from cases import codes, finding
from test_field_words import UTC, Input, case_with, event, openssl, stamp, text_of

from ekukit.diagnosis.findings.finding import Severity

NO_ZONE = "UC traversal zone|SSH tunnel|Core's client certificate|clientAuth"


def ldap(words: str, module: str = "network.ldap", more: str = "") -> str:
    """Return a line of a node about its directory server."""
    return f'{stamp()} edge tvcs: {UTC} Module="{module}" Level="ERROR": Detail="{words}"{more}'


UNTRUSTED = "no path from {}'s certificate to a trusted root"
REFUSED: dict[str, tuple[str, str]] = {
    "a server with its port": (
        ldap("TLS: certificate verify failed (unable to get local issuer certificate) "
             "server=dc1.example.com:636"), UNTRUSTED.format("dc1.example.com")),
    "another name": (
        ldap("Could not start TLS", "developer.management.ldap",
             ' Reason="TLS: hostname does not match CN in peer certificate" '
             'Server="dc1.example.com"'), "did not find the name dc1.example.com"),
    "a server that no word names": (
        ldap("Can't contact LDAP server (-1): error:0A000086:SSL routines::certificate verify "
             "failed (self-signed certificate in certificate chain)"),
        UNTRUSTED.format("the directory server")),
    "an event": (
        (f'{stamp()} edge tvcs: Event="External Server Communications Failure" '
        'Reason="TLS: certificate has expired" Service="LDAP" '
        f'Detail="name:dc1.example.com:636" Level="1" {UTC}'),
        "refused dc1.example.com's certificate as expired"),
    "a port of LDAP alone": (
        openssl("edge", "error:0A000086:SSL routines::certificate verify failed",
                "10.106.80.31:40001", "192.0.2.9:636", answers=False),
        "refused 192.0.2.9's certificate"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_directory_server_that_is_refused_breaks_no_zone(tmp_path: Path, name: str) -> None:
    """It is named as a directory, weak, and neither zone, tunnel nor EKU is blamed."""
    line, says = REFUSED[name]
    case = case_with(tmp_path / "case", Input("edge", (line,), ()))
    found = finding(case, "directory.refused")
    assert re.search(says, found.found), found.found
    assert found.severity is Severity.WEAK
    assert re.search(NO_ZONE, f"{case.headline} {found.found} {found.todo}") is None
    assert case.headline.startswith("A directory server could not be used; nothing else broken")
    assert codes(case) & {"log.refused", "log.not-understood", "prediction.differs"} == set()


def test_a_directory_server_that_says_nothing_is_told_as_both(tmp_path: Path) -> None:
    """LDAP's library has one sentence for a closed port and for failed TLS: both are named."""
    line = ldap("Can't contact LDAP server")
    case = case_with(tmp_path / "case", Input("edge", (line,), ()))
    assert "where TLS with it fails alike" in finding(case, "directory.failed").found
    assert "Nothing is broken" not in case.headline


def test_a_peer_of_sip_is_no_directory_whatever_it_is_called(tmp_path: Path) -> None:
    """A far end with LDAP in its name is told as the B2B call that it is."""
    ends = 'Src-ip="10.106.80.31" Src-port="25200" Dst-ip="198.51.100.20" Dst-port="5061"'
    line = event("edge", "Outbound", "certificate has expired", ends,
                 ' Common-name="ldap.example.net"')  # fmt: skip
    text = text_of(case_with(tmp_path / "case", Input("edge", (line,), ())))
    assert "B2B call, outbound: Edge refused ldap.example.net's certificate" in text
    assert "Directory (LDAP)" not in text
