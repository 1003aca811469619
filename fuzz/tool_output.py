"""The reader of what test tools print. Usage: python fuzz/tool_output.py [seconds]."""

from fuzzing import main

from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.tool_results import add_tool_results
from ekukit.log.tool_output import tool_output

MOST_WORDS = 1000
SAMPLES = (
    b"""CONNECTED(00000003)
depth=0 O = Example, CN = edge.example.com
verify error:num=20:unable to get local issuer certificate
40B7ACD3677F0000:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure
    Master-Key: BA17C07F8BFF4D4BC8031BE5095DF971
    Verify return code: 20 (unable to get local issuer certificate)
""",
    b"core.pem: OK\nerror 10 at 0 depth lookup: certificate has expired\n",
    b"""* Connected to edge.example.com (192.0.2.31) port 8443
* TLSv1.3 (IN), TLS alert, unknown CA (560):
* SSL: no alternative certificate subject name matches target host name 'edge.example.com'
curl: (60) SSL certificate problem: self-signed certificate in certificate chain
""",
    b"""Certificate:
        Issuer: CN = Example Issuing CA
            Not After : Jan  1 00:00:00 2028 GMT
                TLS Web Server Authentication
""",
    b"| ssl-cert: Subject: commonName=edge.example.com\n|_Not valid after:  2026-12-31T23:59:59\n",
    b"Owner: CN=core.example.com\nIssuer: CN=Example Issuing CA\n  serverAuth\n",
)


def target(data: bytes) -> None:
    """Read bytes as a tool's output: results are short, on lines of it, and become findings."""
    text = data.decode("utf-8", "replace")
    found = tool_output(text, "notes.txt")
    lines = len(text.splitlines())
    for one in found.results:
        if not 1 <= one.line <= lines or len(one.words) > MOST_WORDS:
            raise AssertionError(one)
    gathered = Gathered()
    add_tool_results(gathered, [found])
    if len(gathered.all()) > len(found.results):
        raise AssertionError(gathered.all())


if __name__ == "__main__":
    main(target, SAMPLES)
