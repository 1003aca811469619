"""What test tools print: who judged what, with which CAs, and nothing about Expressway itself."""

from pathlib import Path

import pytest
from cases import case_of, codes, deployment, files_of, finding

from ekukit.connections import Cause
from ekukit.connections.reasons import CAUSES
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.evidence import EvidenceKind
from ekukit.diagnosis.findings.finding import Finding
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.tool_results import add_tool_results
from ekukit.log.meanings import meaning_of
from ekukit.log.tool_output import ToolOutput, ToolResult, ToolSays, tool_of, tool_output
from ekukit.log.words import rows

SESSION_KEY = "BA17C07F8BFF4D4BC8031BE5095DF971BE7FFB8D"
S_CLIENT = f"""CONNECTED(00000003)
depth=0 O = Example, CN = edge.example.com
verify error:num=20:unable to get local issuer certificate
verify return:1
40B7ACD3677F0000:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure
---
SSL-Session:
    Master-Key: {SESSION_KEY}
    Verify return code: 20 (unable to get local issuer certificate)
"""
PASSED = "CONNECTED(00000003)\ndepth=0 CN = edge.example.com\n    Verify return code: 0 (ok)\n"
VERIFY = """CN = core.example.com
error 10 at 0 depth lookup: certificate has expired
error core.pem: verification failed
"""
CURL = """*   Trying 192.0.2.31:8443...
* Connected to edge.example.com (192.0.2.31) port 8443
* TLSv1.3 (IN), TLS alert, unknown CA (560):
* SSL certificate problem: self-signed certificate in certificate chain
curl: (60) SSL certificate problem: self-signed certificate in certificate chain
"""
NAMED = (
    "* SSL: no alternative certificate subject name matches target host name 'edge.example.com'\n"
)
TEXT = """Certificate:
    Data:
        Issuer: CN = Example Issuing CA
            Not After : Jan  1 00:00:00 2028 GMT
        Subject: CN = core.example.com
        X509v3 extensions:
            X509v3 Extended Key Usage:
                TLS Web Server Authentication
"""
NMAP = """PORT     STATE SERVICE
5061/tcp open  sip-tls
| ssl-cert: Subject: commonName=edge.example.com
| Issuer: commonName=Example Issuing CA
|_Not valid after:  2026-12-31T23:59:59
"""
KEYTOOL = """Owner: CN=core.example.com
Issuer: CN=Example Issuing CA
Valid from: Thu Jan 01 00:00:00 UTC 2026 until: Sat Jan 01 00:00:00 UTC 2028
ExtendedKeyUsages [
  serverAuth
]
"""
TOLD: dict[str, tuple[str, str, set[str], str]] = {
    "s_client": (S_CLIENT, "openssl", {"test.refused", "test.alert"},
                 "no path from edge.example.com's certificate"),
    "s_client, fine": (PASSED, "openssl", {"test.verified"}, "verified edge.example.com's"),
    "verify": (VERIFY, "openssl", {"test.refused"}, "as expired"),
    "curl": (CURL, "curl", {"test.refused", "test.alert"},
             "no path from edge.example.com's certificate"),
    "x509 -text": (TEXT, "openssl", {"test.printed"}, "TLS Web Server Authentication"),
    "nmap": (NMAP, "nmap", {"test.printed"}, "Not valid after: 2026-12-31"),
    "keytool": (KEYTOOL, "keytool", {"test.printed"}, "serverAuth"),
}  # fmt: skip


def case_with(folder: Path, text: str, *, pasted: bool) -> Case:
    """Return the case of good files, with a text pasted or as a file of its own."""
    files = {name: data for name, data in files_of(deployment("C2.1")).items()
             if not name.startswith(("eth0", "loggingsnapshot"))}  # fmt: skip
    if pasted:
        return case_of(folder, files, pasted=text)
    return case_of(folder, {**files, "notes.txt": text.encode()})


@pytest.mark.parametrize("given", ["pasted", "as a file"])
@pytest.mark.parametrize("name", TOLD)
def test_what_a_tool_says_is_told_as_its_own_verdict(tmp_path: Path, name: str, given: str) -> None:
    """Which tool, whose certificate and why; no zone is blamed and nothing is left unread."""
    text, tool, wanted, says = TOLD[name]
    assert tool_of(text) == tool
    case = case_with(tmp_path / "case", text, pasted=given == "pasted")
    found = {code for code in codes(case) if code.startswith("test.")}
    assert found == wanted
    told = " ".join(one.found for one in case.findings if one.code in wanted)
    assert f"test with {tool}" in told
    assert says in told
    assert not case.causes
    assert "not a file that the kit knows" not in " ".join(case.unread)
    assert case.headline.startswith("Nothing is broken") is not bool(
        wanted & {"test.refused", "test.alert"}
    )


def test_an_untrusted_path_of_a_tool_says_whose_cas_it_used(tmp_path: Path) -> None:
    """The CAs of an engineer's machine tell nothing of what a node trusts."""
    case = case_with(tmp_path / "case", S_CLIENT, pasted=True)
    assert "with the CAs of the machine where it ran" in finding(case, "test.refused").found
    expired = case_with(tmp_path / "other", VERIFY, pasted=True)
    assert "CAs of the machine" not in finding(expired, "test.refused").found


def test_a_bundle_with_its_certificates_in_words_too_is_no_test(tmp_path: Path) -> None:
    """The words stand above the certificate that they are about."""
    files = files_of(deployment("C2.1"))
    own = next(data for name, data in files.items() if name.startswith("ca_core"))
    case = case_of(tmp_path / "case", {**files, "bundle.pem": TEXT.encode() + own})
    assert [code for code in codes(case) if code.startswith("test.")] == []


def test_a_session_key_in_a_tools_output_is_nowhere(tmp_path: Path) -> None:
    """Only the lines that tell of certificates are kept."""
    case = case_with(tmp_path / "case", S_CLIENT, pasted=True)
    shown = [e.text for one in case.findings for e in one.evidence] + [case.headline]
    assert SESSION_KEY not in " ".join(shown)
    assert SESSION_KEY not in str(tool_output(S_CLIENT, "x"))


def test_a_large_file_is_no_tools_output_and_is_told_as_not_read(tmp_path: Path) -> None:
    """What is not looked at is not counted as read."""
    case = case_with(tmp_path / "case", S_CLIENT + "x" * (1 << 20), pasted=False)
    assert [code for code in codes(case) if code.startswith("test.")] == []
    assert any("notes.txt: not a file" in words for words in case.unread)


def test_a_name_that_does_not_match_is_told_by_curl() -> None:
    """Its sentence has no verify error's number."""
    (one,) = tool_output(NAMED, "x").results
    assert one.says is ToolSays.REFUSED
    assert one.meaning is not None
    assert one.meaning.cause.value == "name-mismatch"


@pytest.mark.parametrize("text", ["", "depth of the problem: 3\nall OK\n", "Owner: me\nIssuer\n"])
def test_prose_is_no_tools_output(text: str) -> None:
    """What an engineer writes is not taken for a test."""
    assert tool_output(text, "x").results == ()


UNTRUSTED = "unable to get local issuer certificate"
SAID = [
    # A line by itself, its tool, what it says, the words that are kept, what they mean.
    (f"verify error:num=20:{UNTRUSTED}", "openssl", "refused", UNTRUSTED, Cause.UNTRUSTED),
    ("error 10 at 0 depth lookup: certificate has expired", "openssl", "refused",
     "certificate has expired", Cause.EXPIRED),
    (f"Verification error: {UNTRUSTED}", "openssl", "refused", UNTRUSTED, Cause.UNTRUSTED),
    ("    Verify return code: 10 (certificate has expired)", "openssl", "refused",
     "certificate has expired", Cause.EXPIRED),
    ("* SSL certificate problem: certificate has expired", "curl", "refused",
     "certificate has expired", Cause.EXPIRED),
    (f"curl: (60) SSL certificate problem: {UNTRUSTED}", "curl", "refused",
     f"SSL certificate problem: {UNTRUSTED}", Cause.UNTRUSTED),
    (f"curl: (51) {UNTRUSTED}", "curl", "refused", UNTRUSTED, Cause.UNTRUSTED),
    ("    Verify return code: 0 (ok)", "openssl", "verified", "Verify return code: 0 (ok)", None),
    ("Verification: OK", "openssl", "verified", "Verification: OK", None),
    ("* SSL certificate verify ok.", "curl", "verified", "* SSL certificate verify ok.", None),
    ("* TLSv1.3 (IN), TLS alert, unsupported certificate (555):", "curl", "alert",
     "TLSv1.3 (IN), TLS alert, unsupported certificate (555):", Cause.EKU),
]  # fmt: skip


@pytest.mark.parametrize(("line", "tool", "says", "words", "cause"), SAID)
def test_a_line_of_a_tool_says_one_thing(
    line: str, tool: str, says: str, words: str, cause: Cause | None
) -> None:
    """By itself, on whatever line it stands."""
    for before in (0, 2):
        (one,) = tool_output("\n" * before + line, "x").results
        assert (one.tool, one.says.value, one.words, one.line) == (tool, says, words, 1 + before)
        assert (one.meaning.cause if one.meaning else None) is cause


def test_a_file_that_openssl_verified_is_told() -> None:
    """Beside what shows that it was openssl."""
    found = tool_output("depth=0 CN = core.example.com\ncore.pem: OK\n", "x").results
    assert [(one.says, one.words) for one in found] == [(ToolSays.VERIFIED, "core.pem: OK")]


def test_words_that_no_table_has_are_no_verdict() -> None:
    """Nor are those of an alert where a tool's own words are expected, or the other way round."""
    for line in ("verify error:num=99:strange words", "Verification error: tlsv1 alert unknown ca",
                 f"40B7:error:0A000086:SSL routines:alert:{UNTRUSTED}",
                 f"40B7:error:1:SSL routines::{'x' * 5000} alert"):  # fmt: skip
        assert tool_output(f"CONNECTED(00000003)\n{line}\n", "x").results == ()


def test_an_alert_is_told_in_openssls_words() -> None:
    """The part of the line that names it."""
    line = "40B7:error:0A000418:SSL routines:read:tlsv1 alert unknown ca:s3.c:1:SSL alert number 48"
    (one,) = tool_output(f"CONNECTED(00000003)\n{line}\n", "x").results
    assert (one.says, one.words, one.line) == (ToolSays.ALERT, "tlsv1 alert unknown ca", 2)
    assert one.meaning is not None
    assert one.meaning.received


def test_each_thing_is_told_once_where_it_stands_first() -> None:
    """By what it says and means; one refusal more is another result, ok beside it is none."""
    twice = f"verify error:num=20:{UNTRUSTED}\nverify error:num=10:certificate has expired\n"
    found = tool_output(f"{twice}{twice}Verification: OK\n", "x").results
    assert [(one.says.value, one.line) for one in found] == [("refused", 1), ("refused", 2)]
    alert = "* TLSv1.3 (IN), TLS alert, unknown CA (560):\n* SSL certificate verify ok.\n"
    assert [one.says for one in tool_output(alert, "x").results] == [ToolSays.ALERT]
    both = f"{alert}* SSL certificate problem: {UNTRUSTED}\n"
    assert [one.says.value for one in tool_output(both, "x").results] == ["alert", "refused"]
    alike = f"verify error:num=20:{UNTRUSTED}\nverify error:num=19:unknownissuer\n"
    (one,) = tool_output(alike, "x").results
    assert one.words == UNTRUSTED
    again = "Verification: OK\nVerify return code: 0 (ok)\n"
    assert [one.line for one in tool_output(again, "x").results] == [1]


def test_what_is_read_of_a_tools_output_is_bounded() -> None:
    """Sixteen results, 300 letters of each, 20,000 lines."""
    texts: dict[object, str] = {}
    for text in [text for row in rows() for text in row.texts]:
        meaning = meaning_of(text)
        if meaning is not None and not meaning.received:
            texts.setdefault((meaning.cause, meaning.trouble), text)
    lines = [f"verify error:num=1:{text}" for text in texts.values()]
    assert len(lines) > 16
    assert [one.line for one in tool_output("\n".join(lines), "x").results] == [*range(1, 17)]
    long = f"{UNTRUSTED} {'x' * 300}"
    assert tool_output(f"Verification error: {long}", "x").results[0].words == long[:300]
    for blank, found in ((19_998, 1), (19_999, 0)):
        late = f"CONNECTED(00000003)\n{chr(10) * blank}Verification: OK\n"
        assert len(tool_output(late, "x").results) == found
        printed = f"Certificate:\n{chr(10) * blank}Issuer: CN = a\n"
        assert len(tool_output(printed, "x").results) == found


NAMES = [
    ("depth=1 CN = Issuing CA\ndepth=0 O = x, CN = core.example.com", "core.example.com"),
    ("subject=C=US, CN=core.example.com", "core.example.com"),
    (" 0 s:CN = core.example.com", "core.example.com"),
    ("* Connected to edge.example.com (192.0.2.31) port 8443", "edge.example.com"),
    ("| ssl-cert: Subject: commonName=edge.example.com/organizationName=x", "edge.example.com"),
    ("    Subject: O = x, CN = core.example.com", "core.example.com"),
    ("Owner: CN=core.example.com, O=x", "core.example.com"),
    ("depth=0 CN = a.example.com\n* Connected to b.example.com (192.0.2.31)", "a.example.com"),
    ("Issuer: CN = Issuing CA", ""),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "name"), NAMES)
def test_whose_certificate_it_was_is_told_where_the_tool_names_it(lines: str, name: str) -> None:
    """The leaf's common name, or the host that was called."""
    (one,) = tool_output(f"{lines}\nVerification: OK\n", "x").results
    assert one.whose == name


def test_a_certificate_in_words_is_one_result() -> None:
    """With each of its lines; beside a verdict it is none."""
    (one,) = tool_output(TEXT, "x").results
    assert (one.says, one.line, one.whose) == (ToolSays.PRINTED, 3, "core.example.com")
    assert one.words == (
        "Issuer: CN = Example Issuing CA; Not After : Jan 1 00:00:00 2028 GMT; "
        "Subject: CN = core.example.com; TLS Web Server Authentication"
    )
    flood = tool_output(TEXT * 90, "x").results
    assert [len(one.words) for one in flood] == [1000]
    (nmap,) = tool_output(NMAP, "x").results
    assert nmap.words.startswith("ssl-cert: Subject: commonName=edge.example.com; Issuer: ")
    (verdict,) = tool_output(f"{TEXT}Verification: OK\n", "x").results
    assert verdict.says is ToolSays.VERIFIED
    assert tool_output("Certificate:\n    Data:\n", "x") == ToolOutput("x", ())


def told(says: ToolSays, words: str, whose: str = "edge.example.com") -> Finding:
    """Return the finding of one result."""
    gathered = Gathered()
    result = ToolResult("openssl", says, whose, words, 7, meaning_of(words))
    add_tool_results(gathered, [ToolOutput("notes.txt", (result,))])
    (found,) = gathered.all()
    return found


def test_a_result_is_a_finding_with_its_line() -> None:
    """Of which tool and whose certificate; a tool tells no node's verdict."""
    found = told(ToolSays.VERIFIED, "Verification: OK")
    assert found.code == "test.verified"
    assert found.found == (
        "A test with openssl verified edge.example.com's certificate (Verification: OK), with the "
        "CAs of the machine where it ran."
    )
    (shown,) = found.evidence
    assert (shown.kind, shown.file, shown.line, shown.text) == (
        EvidenceKind.PASTED, "notes.txt", 7, "Verification: OK")  # fmt: skip
    assert "verified a certificate (" in told(ToolSays.VERIFIED, "Verification: OK", "").found
    printed = told(ToolSays.PRINTED, "Issuer: CN = a")
    assert printed.code == "test.printed"
    assert printed.found == (
        "A test with openssl printed edge.example.com's certificate in words: Issuer: CN = a."
    )
    for whose, server in (("edge.example.com", "edge.example.com"), ("", "the server")):
        alert = told(ToolSays.ALERT, "tlsv1 alert unknown ca", whose)
        assert (alert.code, alert.found.startswith(
            f"A test with openssl: {server} ended the handshake by an alert (tlsv1 alert unknown "
            "ca). A server that demands")) == ("test.alert", True)  # fmt: skip


def test_a_refusal_of_a_tool_has_the_sentence_of_its_cause() -> None:
    """Whose CAs it judged with is said where it trusts them not."""
    own = "with the CAs of the machine where it ran"
    untrusted = told(ToolSays.REFUSED, UNTRUSTED)
    assert (untrusted.code, own in untrusted.found) == ("test.refused", True)
    expired = told(ToolSays.REFUSED, "certificate has expired")
    assert ("(certificate has expired)." in expired.found, own in expired.found) == (True, False)
    for words in ("strange words", "certificate verify failed"):
        plain = told(ToolSays.REFUSED, words).found
        assert plain == f"A test with openssl refused edge.example.com's certificate ({words})."
    named = told(ToolSays.REFUSED, "hostname mismatch", "").found
    assert "did not find the name that was called in a certificate" in named
    for whose, who in (("edge.example.com", "edge.example.com"), ("", "the server")):
        none = told(ToolSays.REFUSED, "peer did not return a certificate", whose).found
        assert none.startswith(f"{who} presented no certificate to A test with openssl")


@pytest.mark.parametrize("cause", sorted(CAUSES, key=lambda one: one.value))
def test_every_cause_can_be_said_of_a_tool(cause: Cause) -> None:
    """With the words that its sentence wants."""
    texts = [text for row in rows() if row.cause is cause for text in row.texts]
    for text in texts:
        assert "{" not in told(ToolSays.REFUSED, text).found
