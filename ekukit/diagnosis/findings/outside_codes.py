"""Codes of findings about what stands beside certificates: directory servers, test tools, names."""

from ekukit.diagnosis.findings.finding import Code, Severity

_WEAK, _NOTE = Severity.WEAK, Severity.NOTE
OUTSIDE_CODES = (
    Code(
        "tunnel.host-name", "An underscore in Edge's host name", _WEAK,
        "A system host name of letters, digits and hyphens alone.",
        "If the SSH tunnels fail: give Edge a system host name of letters, digits and hyphens "
        "(System > DNS), and certificates and zones with it.", ("T13",),
    ),
    Code(
        "directory.refused", "A directory server's TLS was refused", _WEAK,
        "A certificate of the directory server from a CA in the node's trusted CA list, with the "
        "name by which the server is called.",
        "Compare the directory server's certificate with the trusted CA list and with its address "
        "(Users > LDAP configuration).", ("T12",),
    ),
    Code(
        "directory.failed", "A directory server could not be used", _WEAK,
        "A TLS connection to the directory server.",
        "Look at the directory server's address, port and encryption (Users > LDAP "
        "configuration).", ("T12",),
    ),
    Code(
        "test.refused", "A test tool refused a certificate", _WEAK,
        "A test with the CAs of the node that judges, and its clock.",
        "Run it again with the trusted CA list of the node that judges (openssl s_client -CAfile), "
        "or give the certificates to ekukit check.", ("L4",),
    ),
    Code(
        "test.alert", "A server refused a test tool", _WEAK,
        "A test that shows the client certificate in question.",
        "Run it again with that certificate and its key (openssl s_client -cert -key), or look in "
        "the log of the server, which knows the reason.", ("L4",),
    ),
    Code(
        "program.wrote", "Another program's line of a TLS connection that failed", _WEAK,
        "A handshake that succeeds.",
        "If an address in that line is a node's, it is about the certificate that this node shows "
        "there: give that to ekukit check. If none is, nothing.", ("L4",),
    ),
    Code(
        "test.verified", "A test tool verified a certificate", _NOTE,
        "A test with the CAs of the node that judges.",
        "Nothing; that a node trusts it too is not shown by it.", ("L4",),
    ),
    Code(
        "test.printed", "A certificate printed in words", _NOTE,
        "The certificate itself, as PEM or DER.",
        "Give the certificate itself: words cannot be verified.", ("L4",),
    ),
)  # fmt: skip
