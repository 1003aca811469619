"""Who called, what worked later, and which failure therefore is none of the case."""

import re
from pathlib import Path

import pytest
from cases import case_of, deployment, files_of
from test_field_words import (
    CORE,
    EDGE,
    NAMED,
    OUT,
    PARTNER,
    STRANGER,
    ZONE,
    answer,
    ends,
    event,
    proxy,
    ssh,
)

from ekukit import inspect
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.callers import is_public
from ekukit.diagnosis.findings.finding import Severity

FILES = files_of(deployment("C1"))


def case_of_lines(folder: Path, *lines: str) -> Case:
    """Return the case of lines that were pasted, with nothing beside them."""
    (folder / "ticket.txt").write_text("\n".join((*lines, "")))
    return inspect(str(folder / "ticket.txt"))


def case_beside(folder: Path, *lines: str) -> Case:
    """Return the case of a zone that works, with lines behind Edge's log."""
    more = "\n".join((*lines, "")).encode()
    return case_of(
        folder,
        FILES,
        change=lambda name, data: (
            data.rstrip(b"\n") + b"\n" + more if name.startswith("loggingsnapshot_edge") else data
        ),
    )


BARE = ["http request", "no shared cipher", "unexpected eof while reading", "unsupported protocol",
        "peer did not return a certificate"]  # fmt: skip


@pytest.mark.parametrize("words", BARE)
def test_a_stranger_on_a_zone_that_works_is_not_core(tmp_path: Path, words: str) -> None:
    """A public address that is no node's, and no certificate was refused."""
    line = event("edge", "Inbound", words, ends(STRANGER, EDGE, 7001, 40002))
    told = case_beside(tmp_path / "case", line).headline
    assert told.startswith("Core and Edge work together")
    assert "Core 203" not in told
    assert STRANGER in told


@pytest.mark.parametrize(
    ("caller", "words"),
    [
        # A certificate was shown and refused: a node behind address translation has one.
        (STRANGER, "certificate has expired"),
        # Nobody on the Internet calls from there.
        ("10.106.80.17", "http request"),
        ("10.106.80.17", "peer did not return a certificate"),
    ],
)
def test_who_may_be_a_node_is_taken_for_one(tmp_path: Path, caller: str, words: str) -> None:
    """It is broken until somebody looks."""
    line = event("edge", "Inbound", words, ends(caller, EDGE, 7001, 40002))
    told = case_beside(tmp_path / "case", line).headline
    assert told.startswith("UC traversal zone")
    assert f"Core {caller}" in told


def test_without_a_zone_that_works_a_caller_on_its_port_is_core(tmp_path: Path) -> None:
    """Nothing shows that Core has another address."""
    line = event("edge", "Inbound", "http request", ends(STRANGER, EDGE, 7001))
    assert "what Core 203.0.113.60 sent" in case_of_lines(tmp_path, line).headline


def test_a_caller_on_an_open_port_is_nobody_known(tmp_path: Path) -> None:
    """Also where nothing tells which node wrote it: port, words and what to ask stand there."""
    line = event("edge", "Inbound", "unable to get local issuer certificate",
                 ends(STRANGER, EDGE, 5062))  # fmt: skip
    told = case_of_lines(tmp_path, line).headline
    assert told.startswith("A connection with a caller whom the archive does not name failed")
    assert "Port 5062: edge found no path from 203.0.113.60's certificate" in told
    assert "if not, nothing; if so: put root and issuing CA" in told
    own = event("edge", "Inbound", "no shared cipher", ends("192.168.3.4", EDGE, 5061))
    assert "scanner" not in case_of_lines(tmp_path, own).findings[0].found


@pytest.mark.parametrize(
    ("address", "public"),
    [("203.0.113.60", True), ("8.8.8.8", True), ("10.1.2.3", False), ("172.20.0.1", False),
     ("172.32.0.1", True), ("192.168.0.9", False), ("2001:db8::1", True), ("fd00::1", False),
     ("::ffff:10.1.2.3", False), ("::ffff:8.8.8.8", True), ("core1", False), ("", False)],
)  # fmt: skip
def test_which_addresses_the_internet_has(address: str, *, public: bool) -> None:
    """RFC 1918 and RFC 4193 are nobody's there, and a name is no address."""
    assert is_public(address) is public


REFUSED = event("edge", "Inbound", "certificate has expired", ZONE)
SENT = answer("edge", "Sent", "200 OK", 50)
RECEIVED = answer("core", "Received", "200 OK", 50)


@pytest.mark.parametrize("good", [SENT, RECEIVED])
def test_options_that_are_answered_later_heal_a_refusal(tmp_path: Path, good: str) -> None:
    """TLS stands where they are, whichever of the two nodes wrote it."""
    case = case_of_lines(tmp_path, REFUSED, good)
    assert not re.match("UC traversal zone", case.headline)
    assert "as expired. It connected later." in case.headline
    assert case.findings[0].todo == "Nothing while it connects; see whether it still does."


def test_options_that_were_answered_before_heal_nothing(tmp_path: Path) -> None:
    """Nor do those of other ends, nor answers to another method."""
    for good in (
        answer("edge", "Sent", "200 OK", 10),
        answer("edge", "Sent", "200 OK", 50).replace(CORE, "10.106.80.17"),
        answer("edge", "Sent", "200 OK", 50, "REGISTER"),
    ):
        assert case_of_lines(tmp_path, REFUSED, good).headline.startswith("UC traversal zone")


def test_a_port_that_was_closed_and_is_answered_later_is_healed(tmp_path: Path) -> None:
    """As after a restart of the far node."""
    line = event("core", "Outbound", "Connection refused", ZONE)
    told = case_of_lines(tmp_path, line, RECEIVED).headline
    assert "It connected later" in told


def test_a_large_log_tells_the_same_as_a_small_one(tmp_path: Path) -> None:
    """Answers that heal are let through the sieve."""
    noise = answer("edge", "Sent", "200 OK", 20, "REGISTER")
    many = "\n".join([noise] * 4000)
    assert len(many) > 1 << 20
    told = case_of_lines(tmp_path, REFUSED, many, SENT).headline
    assert "It connected later." in told


def test_that_a_connection_went_on_stands_in_the_headline(tmp_path: Path) -> None:
    """The traffic server told of a fault and let it pass."""
    line = proxy("Core server certificate verification failed for (imp1.example.com). "
                 "Action=Continue Error=self signed certificate server=imp1.example.com(10.9.9.9) "
                 "depth=0")  # fmt: skip
    told = case_of_lines(tmp_path, line).headline
    assert "It let the connection go on all the same (Action=Continue)." in told


def test_a_page_that_shows_it_active_takes_a_failure_back(tmp_path: Path) -> None:
    """One tunnel that is Failed on the page leaves it as it is."""
    page = ("Target\tDomain\tStatus\tTunnel Created\tReason\tPeer\n"
            "edge.example.com\texample.com\tActive\t2026-06-15\t\tcore.example.com\n")  # fmt: skip
    line = ssh("connect to host 10.106.80.31 port 2222: Connection refused")
    case = case_of_lines(tmp_path, line, page)
    assert "A page that was given shows it Active." in case.headline
    assert case.findings[0].severity is Severity.WEAK
    both = case_of_lines(tmp_path, line, page, page.replace("Active", "Failed"))
    assert both.findings[0].severity is Severity.BROKEN


@pytest.mark.parametrize(
    ("line", "said", "never"),
    [
        (proxy("connect to cucm1 failed: Connection timed out", "ERROR"),
         "Core did not reach the far end (", "port"),
        (('2026-06-15T09:41:20.231+00:00 core XCP_JABBERD[1]: Level="ERROR" Detail="TLS of host '
         "'imp1.example.com', port 7400 failed: self signed certificate\""),
         "no path from imp1.example.com's certificate", "the far end's"),
        (('2026-06-15T09:41:20.231+00:00 core edgeconfigprovisioning: Module="network.axl" '
         'Level="ERROR" Detail="certificate verify failed" Host="cucm1.example.com"'),
         "core refused cucm1.example.com's certificate", "the far end's"),
        (("2026-06-15T09:41:20.231+00:00 edge httpd[9]: [ssl:error] [client 203.0.113.60:4001] "
         "AH02039: Certificate Verification: Error (26): unsupported certificate purpose"),
         "edge refused 203.0.113.60's certificate", "the far end"),
    ],
)  # fmt: skip
def test_the_other_end_is_called_as_a_line_calls_it(
    tmp_path: Path, line: str, said: str, never: str
) -> None:
    """By a key or a phrase of the program, and no port is told that none names."""
    told = case_of_lines(tmp_path, line).headline
    assert said in told
    assert never not in told.partition("(")[0].partition(said)[2]
    assert "that is not told" not in told


def test_a_refusal_without_a_reason_between_other_ends_is_told(tmp_path: Path) -> None:
    """It is no other view of what two other systems refused; between the same two it is."""
    partner = event("edge", "Outbound", "tlsv1 alert unknown ca", OUT, NAMED)
    vague = "sslv3 alert bad certificate"
    other = event("edge", "Inbound", vague, ends(CORE, EDGE, 6001, 25300))
    told = case_of_lines(tmp_path, partner, other).findings[0].found
    assert "sip.partner.example.net found no path from edge's client certificate" in told
    assert f"Port 6001: {CORE} refused edge's server certificate" in told
    again = event("edge", "Outbound", vague, ends(EDGE, PARTNER, 5061, 25301), NAMED)
    assert (
        vague.removeprefix("sslv3 ")
        not in case_of_lines(tmp_path, partner, again).findings[0].found
    )


CHECKED = (
    "Core server certificate verification failed for (cucm1.example.com). Action=Terminate "
    "Error={} server=cucm1.example.com(10.106.80.38) depth=0"
)
ENDED = (
    "SSL connection failed for 'cucm1.example.com': "
    "error:0A000086:SSL routines::certificate verify failed"
)
EXPIRED = CHECKED.format("certificate has expired")


@pytest.mark.parametrize(
    ("often", "lines"),
    [
        ("once", ((EXPIRED, 100), (ENDED, 101))),
        ("once", ((ENDED, 100), (EXPIRED, 101))),
        ("twice", ((EXPIRED, 100), (ENDED, 101), (EXPIRED, 400), (ENDED, 401))),
        ("twice", ((ENDED, 100), (ENDED, 400))),
        ("twice", ((EXPIRED, 100), (ENDED.replace("cucm1", "cucm2"), 101))),
    ],
)
def test_two_lines_of_the_traffic_server_tell_of_one_try(
    tmp_path: Path, often: str, lines: tuple[tuple[str, int], ...]
) -> None:
    """One says why, the other that the connection failed; neither has a port."""
    case = case_of_lines(tmp_path, *(proxy(words, ms=ms) for words, ms in lines))
    assert f"Seen: refused {often}." in case.headline


def test_two_reasons_in_a_moment_are_both_told(tmp_path: Path) -> None:
    """Each of the two has its own line that the connection failed."""
    untrusted = CHECKED.format("self signed certificate")
    words = (EXPIRED, ENDED, untrusted, ENDED)
    case = case_of_lines(tmp_path, *(proxy(one, ms=200 + at) for at, one in enumerate(words)))
    codes = {found.code for found in case.findings if found.severity is Severity.BROKEN}
    assert codes == {"cucm-tftp.server-expired", "cucm-tftp.server-untrusted"}


def test_a_ca_that_expired_above_a_certificate_is_not_cured_by_renewing_it(tmp_path: Path) -> None:
    """The depth tells which one is meant; a path without a root lacks the same at any depth."""
    lines = [proxy(EXPIRED.replace("depth=0", "depth=1")), proxy(ENDED, "ERROR", 201)]
    told = case_of_lines(tmp_path, *lines).headline
    assert "cucm1.example.com's certificate as expired: a CA above it is meant." in told
    assert "Put the renewed certificate of that CA into Core's trusted CA list" in told
    assert "Renew it" in case_of_lines(tmp_path, proxy(EXPIRED)).headline
    chain = CHECKED.format("self signed certificate in certificate chain")
    plain = case_of_lines(tmp_path, proxy(chain.replace("depth=0", "depth=2"))).headline
    assert "CA above it" not in plain


@pytest.mark.parametrize(
    ("alert", "todo"),
    [
        ("access denied", "Compare the names of that certificate with those that Edge"),
        (
            "decrypt error",
            "See that the certificate that Core presented and its private key belong together",
        ),
    ],
)
def test_an_alert_that_says_where_to_look_is_no_search_of_the_path(
    tmp_path: Path, alert: str, todo: str
) -> None:
    """A valid certificate has no fault in path or dates, and a signature none either."""
    line = event("core", "Outbound", f"tlsv1 alert {alert}", ZONE)
    told = case_of_lines(tmp_path, line).headline
    assert todo in told
    assert "Check its path" not in told
