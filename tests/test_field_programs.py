"""What programs beside Expressway's own SIP write: traffic server, clusters, Java, Go, SSH."""

import re
from pathlib import Path

import pytest
from test_field_words import (
    CUCM,
    EDGE,
    NOT_WHY,
    NOTHING,
    OUT,
    UTC,
    ZONE,
    Input,
    case_with,
    event,
    openssl,
    proxy,
    ssh,
    stamp,
    text_of,
)

# The certificates of these archives are good.
NO_EKU = r"clientAuth is missing|(?:without|has no) clientAuth|[Gg]ive Core a client certificate"
HOST = "https://cucm1.example.com:8443/axl/"


def logged(program: str, words: str, level: str = "ERROR") -> str:
    """Return a line of a program of Core with a level."""
    return f'{stamp()} core {program}: {UTC} Module="x.{program}" Level="{level}" Detail="{words}"'


def web(words: str, level: str = "ERROR") -> tuple[str, ...]:
    """Return a line of the program that asks CUCM over HTTPS."""
    return (logged("edgeconfigprovisioning", words, level),)


def cluster(words: str) -> tuple[str, ...]:
    """Return a line of the cluster's database, which has neither module nor level."""
    return free(f"core clusterdb: {words}")


def alarm(event: str) -> str:
    """Return an alarm of Core about its tunnels."""
    return (
        f'{stamp()} core alarm: Level="WARN" Event="Alarm {event}" Id="1" Severity="warning" '
        'Detail="Unified Communications SSH tunnel failure: This system cannot communicate with '
        f'one or more remote hosts: edge.example.com" {UTC}'
    )


def free(line: str) -> tuple[str, ...]:
    """Return a line of free text, behind its time."""
    return (f"{stamp()} {line}",)


def sshd(words: str) -> tuple[str, ...]:
    """Return a line of Edge's SSH server."""
    return (f"{stamp()} edge sshd[4711]: {words}",)


def bare(line: str) -> tuple[str, ...]:
    """Return a line of which somebody cut off time and host."""
    return (line.split(" ", 2)[2],)


def twisted(routine: str, words: str) -> tuple[str, ...]:
    """Return a line as Twisted writes an error of OpenSSL's."""
    return web("ResponseNeverReceived: [<twisted.python.failure.Failure OpenSSL.SSL.Error: "
               f"[('SSL routines', '{routine}', '{words}')]>]")  # fmt: skip


NO_PATH = "Core found no path from"
NEVER = (NOTHING, NOT_WHY, NO_EKU)
# The words of one program in each row, what is said of them, and what is not.
ROWS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    ("Java finds no path", "core", web(
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid "
        "certification path to requested target"), (NO_PATH, "Core's trusted CA list"), NEVER),
    ("Java finds no anchor", "core", web(
        "java.security.cert.CertPathValidatorException: Path does not chain with any of the trust "
        "anchors"), (NO_PATH,), NEVER),
    ("Java finds another name", "core", web(
        "CertificateException: No subject alternative DNS name matching cucm1.example.com found."),
     ("did not find the name",), NEVER),
    ("Java finds it expired", "core", web(
        "java.security.cert.CertificateExpiredException: NotAfter: Fri May 01 12:00:00 UTC 2026"),
     ("as expired",), NEVER),
    ("Java as a server misses clientAuth", "core", web(
        "ValidatorException: Extended key usage does not permit use for TLS client authentication"),
     ("Core refused the far end's certificate", "Give the far end a client certificate"), NEVER),
    ("Java as a client misses serverAuth", "core", web(
        "ValidatorException: Extended key usage does not permit use for TLS server authentication"),
     ("Core refused the far end's certificate", "a server certificate with serverAuth"), NEVER),
    ("Java was refused", "core", web(
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_unknown"),
     ("the far end refused Core's client certificate",), (*NEVER, "Core refused")),
    ("Go finds no path", "core", web(f"Post {HOST}: x509: certificate signed by unknown authority"),
     (f"MRA user data: {NO_PATH} cucm1.example.com's",), NEVER),
    ("Go finds another name", "core", web(
        f"Post {HOST}: x509: certificate is valid for a.example.com, not cucm1.example.com"),
     ("did not find the name cucm1.example.com",), NEVER),
    ("Go does not say on which side of its days", "core", web(
        f"Post {HOST}: x509: certificate has expired or is not yet valid: current time is before"),
     ("as expired or not valid yet",), (*NEVER, "as expired\\.", "Renew it")),
    ("Go was refused", "core", web(
        f"Post {HOST}: remote error: tls: unknown certificate authority"),
     ("cucm1.example.com found no path from Core's client certificate",), (*NEVER, NO_PATH)),
    ("GnuTLS finds no path", "core", web(
        "TLS: The certificate is NOT trusted. The certificate issuer is unknown."), (NO_PATH,),
     NEVER),
    ("GnuTLS finds another name", "core", web(
        "TLS: The name in the certificate does not match the expected."),
     ("did not find the name",), NEVER),
    ("NSS finds no path", "core", web("SSL: SEC_ERROR_UNKNOWN_ISSUER"), (NO_PATH,), NEVER),
    ("Schannel finds no path", "core", web("SSL: SEC_E_UNTRUSTED_ROOT"), (NO_PATH,), NEVER),
    ("rustls finds no path", "core", web("TLS: invalid peer certificate: UnknownIssuer"),
     (NO_PATH,), NEVER),
    ("curl finds another name", "core", web(
        "SSL: no alternative certificate subject name matches target host name 'cucm1'"),
     ("did not find the name",), NEVER),
    ("Python finds another name", "core", web(
        f"{HOST}: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch"),
     ("did not find the name cucm1.example.com",), NEVER),
    ("Twisted finds another name", "core", web(
        "VerificationError(errors=[DNSMismatch(mismatched_id=DNS_ID(hostname=b'cucm1'))])"),
     ("did not find the name",), NEVER),
    ("Twisted refuses a server", "core", twisted(
        "tls_process_server_certificate", "certificate verify failed"),
     ("Core refused the far end's certificate",), (NOTHING, NO_EKU)),
    ("Twisted was refused", "core", twisted("ssl3_read_bytes", "tlsv1 alert unknown ca"),
     ("the far end found no path from Core's client certificate",), (*NEVER, NO_PATH)),
    ("a warning tells what is known", "core", web(
        "AXL query failed: certificate verify failed: unable to get local issuer certificate",
        "WARN"), (NO_PATH,), NEVER),
    ("a warning that nobody knows is passed over", "core", web(
        "TLS certificate quantum handover could not be tried", "WARN"), ("Nothing is broken",),
     ("Not understood",)),
    ("messaging warns", "core", (
        logged("XCP_JABBERD", "Unable to connect to host 'imp1.example.com', port 7400:(111) "
               "Connection refused", "WARN"),), ("did not reach imp1.example.com, port 7400",),
     (NOTHING,)),
    ("a peer of the cluster is not trusted", "core", cluster(
        "TLS server: In state wait_cert at ssl_handshake.erl:2074 generated SERVER ALERT: Fatal - "
        "Unknown CA"), (f"Cluster database: {NO_PATH} the far end's",), (*NEVER, "Edge found")),
    ("a peer of the cluster does not trust", "core", cluster(
        "TLS client: In state connection received SERVER ALERT: Fatal - Unknown CA"),
     ("Cluster database: the far end found no path from Core's client certificate",),
     (*NEVER, NO_PATH, "Edge found")),
    ("a peer of the cluster has another name", "core", cluster(
        "TLS client: In state wait_cert_cr at ssl_handshake.erl:2080 generated CLIENT ALERT: Fatal "
        "- Handshake Failure - {bad_cert,hostname_check_failed}"),
     ("Cluster database: Core did not find the name",), NEVER),
    ("the cluster's database says something else", "core", cluster("node core is up"),
     ("Nothing is broken",), ("Not understood",)),
    ("a browser's certificate is unfit", "core", free(
        "core httpd[2201]: AH02039: Certificate Verification: Error (26): unsuitable certificate "
        "purpose"), ("Core refused the far end's certificate",), NEVER),
    ("CUCM does not trust Core's issuer", "core", (proxy(
        "SSL connection failed for 'cucm1.example.com': error:14094418:SSL "
        "routines:ssl3_read_bytes:tlsv1 alert unknown ca", "ERROR"),),
     ("cucm1.example.com found no path from Core's client certificate", "tomcat-trust",
      "CallManager-trust"), (*NEVER, NO_PATH)),
    ("the traffic server tells no port", "core", (proxy(
        f"SSL connection failed for '{CUCM}': error:1408F10B:SSL routines:wrong version number",
        "ERROR"),), ("is not TLS",), (NOTHING, "6972")),
    ("an MRA client refuses Edge", "edge", free(
        "edge traffic_server[3916]: {0x2b25b13a1700} ERROR: SSL::33:error:14094416:SSL "
        "routines:ssl3_read_bytes:sslv3 alert certificate unknown:s3_pkt.c:1493:SSL alert number "
        "46: peer address is 203.0.113.9"),
     ("MRA client: 203.0.113.9 refused Edge's server certificate",),
     (NOTHING, "Edge's client", "Edge refused")),
    ("the name constraints of a CA", "edge", (
        event("edge", "Inbound", "permitted subtree violation", ZONE),),
     ("name constraints",), NEVER),
    ("SSH waits for Core in vain", "edge", sshd(
        "fatal: Timeout before authentication for 10.106.80.16 port 31000"),
     ("SSH tunnel: Core reached Edge",), (NOTHING, NO_EKU)),
    ("Edge's SSH server does not take the kind of key", "edge", sshd(
        "error: userauth_pubkey: key type x509v3-sign-rsa not in PubkeyAcceptedKeyTypes [preauth]"),
     ("does not take the algorithm of the key", "no EKU refusal"), (NOTHING,)),
    ("a scanner's kind of key", "edge", sshd(
        "userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms [preauth]"),
     ("Nothing is broken",), ("tunnel",)),
    ("the host key is another one", "core", (ssh(
        "Host key for [edge.example.com]:2222 has changed and you have requested strict "
        "checking."),),
     ("refused the host key of Edge",), (NOTHING, "Not understood")),
    ("an event without time and host", "edge", bare(event(
        "edge", "Inbound", "unable to get local issuer certificate", ZONE)),
     ("Edge found no path from Core's client certificate",), NEVER),
    ("OpenSSL's line without time and host", "edge", bare(openssl(
        "edge", "error:0A000418:SSL routines::tlsv1 alert unknown ca", f"{EDGE}:7001",
        "10.106.80.16:25011", answers=True)),
     ("Core found no path from Edge's server certificate",), NEVER),
    ("a line of SSH without time and host", "core", bare(ssh("Host key verification failed.")),
     ("refused the host key of Edge",), (NOTHING, NO_EKU)),
    ("the traffic server without time and host", "core", bare(proxy(
        "SSL connection failed for 'cucm1.example.com': error:0A000412:SSL routines::sslv3 alert "
        "bad certificate", "ERROR")), ("cucm1.example.com refused Core's client certificate",),
     (NOTHING, "Core refused")),
    ("an alarm of a tunnel", "core", (alarm("Raised"),),
     ("SSH tunnel: by an alarm of Core, .* [(]35013[)], it cannot reach", "does not say why"),
     (NOTHING, NO_EKU, "Not understood")),
    ("an alarm of a tunnel is over", "core", (alarm("Raised"), alarm("Lowered")),
     ("Nothing is broken",), ("tunnel",)),
    ("an alarm beside what tells why", "core", (
        alarm("Raised"), ssh("Host key verification failed.")), ("refused the host key of Edge",),
     (NOTHING, "35013", "Not understood")),
    ("Edge does not let Core in", "core", (ssh("Permission denied (publickey)."),),
     ("Edge was reached and did not let Core in", "authentication account"),
     (*NEVER, "Check port 2222")),
    ("a far end is not reached", "edge", free(
        f'edge tvcs: {UTC} Module="network.tcp" Level="DEBUG":  {OUT} '
        'Detail="TCP Connection Failed" Reason="Connection timed out"'),
     ("^A far end was not reached; nothing else broken was found. Edge did not reach",), NEVER),
    ("messaging is named as what it is", "core", (
        logged("XCP_JABBERD", f"Unable to connect to host '{EDGE}', port 7400:(110) Connection "
               "timed out"),), ("^A connection failed that is none of those",), NEVER),
    ("a sentence ends behind the words that it quotes", "edge", sshd(
        "Unable to negotiate with 10.106.80.16 port 30112: no matching host key type found. Their "
        "offer: x509v3-sign-rsa [preauth]"), ('sign-rsa \\[preauth\\]"\\). Seen: failed once',),
     (NOTHING, NO_EKU)),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_a_program_writes_is_told_with_who_refused_whom(
    tmp_path: Path, row: tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
) -> None:
    """Each expression of the row stands in headline or findings, and none of the last."""
    _, host, lines, says, never = row
    text = text_of(case_with(tmp_path / "case", Input(host, lines, says, never)))
    assert [one for one in says if not re.search(one, text)] == [], text
    assert [one for one in never if re.search(one, text)] == [], text
