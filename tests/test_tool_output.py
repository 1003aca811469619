"""What test tools print: who judged what, with which CAs, and nothing about Expressway itself."""

from pathlib import Path

import pytest
from cases import case_of, codes, deployment, files_of, finding

from ekukit.diagnosis.case import Case
from ekukit.log.tool_output import ToolSays, tool_of, tool_output

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
