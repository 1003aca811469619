"""Whole answers to what the field writes: who refused whom, what to do, and nothing false."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from cases import case_of, deployment, files_of, replaced

from ekukit.diagnosis.case import Case

T = "2026-06-15T09:41:{second:02}.{ms:03}+00:00"
UTC = 'UTCTime="2026-06-15 09:41:20,231"'
CORE, EDGE = "10.106.80.16", "10.106.80.31"
STRANGER, PARTNER, CUCM = "203.0.113.60", "198.51.100.20", "10.106.80.38"
NOTHING = r"Nothing (is broken|broken was found)"
NOT_WHY = "words do not tell why"
MTLS = '*c xConfiguration SIP MTLS Port: "5062"\n'
DNS_ZONE = (
    '*c xConfiguration Zones Zone 6 Name: "Hybrid services"\n'
    '*c xConfiguration Zones Zone 6 Type: "DNS"\n'
    '*c xConfiguration Zones Zone 6 DNS SIP TLS Verify Mode: "On"\n'
    '*c xConfiguration Zones Zone 6 DNS SIP TLS Verify Subject Name: "calls.example.net"\n'
)
NEIGHBOR = (
    '*c xConfiguration Zones Zone 7 Name: "CUCM trunk"\n'
    '*c xConfiguration Zones Zone 7 Type: "Neighbor"\n'
    '*c xConfiguration Zones Zone 7 Neighbor SIP TLS Verify Mode: "On"\n'
    f'*c xConfiguration Zones Zone 7 Neighbor Peer 1 Address: "{CUCM}"\n'
)
CRL = '*c xConfiguration SIP TLS Certificate Revocation Checking Mode: "On"\n'


def stamp(second: int = 20, ms: int = 231) -> str:
    """Return the beginning of a record."""
    return T.format(second=second, ms=ms)


def ends(client: str, server: str, port: int, own: int = 25011) -> str:
    """Return the pairs of a connection."""
    return f'Src-ip="{client}" Src-port="{own}" Dst-ip="{server}" Dst-port="{port}"'


def event(host: str, way: str, words: str, pairs: str, more: str = "") -> str:
    """Return a TLS event of a node."""
    return (
        f'{stamp()} {host} tvcs: Event="{way} TLS Negotiation Error" Service="SIP" {pairs} '
        f'Detail="{words}" Protocol="TLS"{more} Level="1" {UTC}'
    )


def openssl(host: str, words: str, local: str, remote: str, *, answers: bool) -> str:
    """Return a line of developer.ssl of a node; ends as "address:port"."""
    return (
        f'{stamp(ms=232)} {host} tvcs: {UTC} Module="developer.ssl" Level="ERROR" '
        'CodeLocation="ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)" Method="::TTSSLErrorOutput" '
        'Thread="0x7f00": TTSSL_continueHandshake: Failed to establish SSL connection '
        f'iResult="-1" error="1" bServer="{str(answers).lower()}" '
        f"localAddress=\"['IPv4''TCP''{local}']\" remoteAddress=\"['IPv4''TCP''{remote}']\" "
        f'ssl_error_reason="{words}"'
    )


def ssh(words: str) -> str:
    """Return a line of Core's SSH client."""
    return f'{stamp()} core ssh: Detail="ssh: {words}" Level="ERROR"'


def proxy(words: str, level: str = "WARNING", ms: int = 200) -> str:
    """Return a line of Core's traffic server."""
    return f"{stamp(ms=ms)} core traffic_server[3916]: [ET_NET 0] {level}: {words}"


def answer(host: str, action: str, status: str, second: int = 20, method: str = "OPTIONS") -> str:
    """Return a SIP answer between Edge's zone port and Core."""
    near, far = ("Local", "Src") if action == "Received" else ("Dst", "Local")
    return (
        f'{stamp(second)} {host} tvcs: {UTC} Module="network.sip" Level="DEBUG":  '
        f'Action="{action}" {near}-ip="{CORE}" {near}-port="25011" {far}-ip="{EDGE}" '
        f'{far}-port="7001" Detail="{action} Response Code={status[:3]}, Method={method}"\n'
        f" SIPMSG:\n |SIP/2.0 {status}\n Via: SIP/2.0/TLS {CORE}:25011\n CSeq: 7 {method}\n\n |"
    )


@dataclass(frozen=True)
class Input:
    """What a customer sends, and what must and must not be said of it."""

    host: str
    lines: tuple[str, ...]
    says: tuple[str, ...]
    never: tuple[str, ...] = (NOTHING, NOT_WHY)
    settings: str = ""
    pasted: str = ""


ZONE = ends(CORE, EDGE, 7001)
OUT = ends(EDGE, PARTNER, 5061)
NAMED = ' Common-name="sip.partner.example.net"'
PAGE = (
    "Target\tDomain\tStatus\tTunnel Created\tReason\tPeer\n"
    "edge.example.com\texample.com\tFailed\t2026-06-15 09:00:00\t{}\tcore.example.com\n"
)
MESSAGING = (
    f'{stamp()} core XCP_JABBERD[23843]: {UTC} Module="Jabber" Level="ERROR" '
    f'CodeLocation="mio.c:1121" Detail=" Unable to connect to host \'{EDGE}\', port 7400 :(111) '
    'Connection refused"'
)
WRONG_PASSWORD = (
    f'{stamp()} edge tvcs: Event="Authentication Failed" Service="SIP" Src-ip="{CORE}" '
    'Src-port="25723" Detail=" Incorrect authentication credential for user " Protocol="TLS" '
    f'Method="OPTIONS" Level="1" {UTC}'
)
INPUTS: dict[str, Input] = {
    "a caller on the mTLS port is not trusted": Input(
        "edge", (event("edge", "Inbound", "self-signed certificate in certificate chain",
                       ends(STRANGER, EDGE, 5062)),),
        ("5062 is the mTLS port", "no path from 203.0.113.60", 'DNS zone "Hybrid services"',
         "calls.example.net"), (NOT_WHY,), MTLS + DNS_ZONE),
    "a caller on the mTLS port has another name": Input(
        "edge", (event("edge", "Inbound", "Peer's TLS certificate identity was unacceptable",
                       ends(STRANGER, EDGE, 5062)),),
        ('subject name there is "calls.example.net"', "mTLS port"), (NOT_WHY,), MTLS + DNS_ZONE),
    "a caller refuses Edge's server certificate": Input(
        "edge", (event("edge", "Inbound", "tlsv1 alert unknown ca", ends(STRANGER, EDGE, 5061)),
                 openssl("edge", "error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert "
                         "unknown ca", f"{EDGE}:5061", f"{STRANGER}:25011", answers=True)),
        ("203.0.113.60 found no path from Edge's server certificate",), (NOT_WHY,)),
    "a partner does not say why it refused": Input(
        "edge", (event("edge", "Outbound", "ssl/tls alert certificate unknown", OUT, NAMED),),
        ("sip.partner.example.net refused Edge's client certificate",)),
    "a partner's certificate is refused by Edge": Input(
        "edge", (event("edge", "Outbound", "unable to get local issuer certificate", OUT, NAMED),),
        ("Edge found no path from sip.partner.example.net's certificate",
         "trusted CA list of Edge holds", 'DNS zone "Hybrid services"'), settings=DNS_ZONE),
    "a partner denies access": Input(
        "edge", (event("edge", "Outbound", "tlsv1 alert access denied", OUT, NAMED),),
        ("refused access", "not let in")),
    "a partner demands a certificate": Input(
        "edge", (event("edge", "Outbound", "tlsv13 alert certificate required", OUT, NAMED),),
        ("Edge presented no certificate to sip.partner.example.net",)),
    "a port without TLS": Input(
        "edge", (event("edge", "Outbound", "wrong version number", OUT, NAMED),),
        ("sip.partner.example.net sent on port 5061 is not TLS", "no certificate is named")),
    "no TLS version in common": Input(
        "core", (event("core", "Outbound", "tlsv1 alert protocol version", ZONE),),
        ("no TLS version in common", "Ciphers")),
    "no cipher in common": Input(
        "edge", (event("edge", "Inbound", "no shared cipher", ZONE),),
        ("no cipher, key exchange or signature algorithm in common",)),
    "the handshake is reset": Input(
        "core", (event("core", "Outbound", "Connection reset by peer", ZONE),),
        ("closed during the handshake by Edge or by something between", "log of Edge"),
        (NOTHING, NOT_WHY, "handshake of Edge with Core failed")),
    "a companion without its event": Input(
        "edge", (openssl("edge", "error:0A000086:SSL routines::certificate verify failed",
                         f"{EDGE}:7001", f"{CORE}:25011", answers=True),),
        ("Edge refused Core's client certificate",)),
    "a companion that lost one address": Input(
        "core",
        (openssl("core", "", f"{CORE}:25011", "x", answers=False).replace(
            " remoteAddress=\"['IPv4''TCP''x']\" ssl_error_reason=\"\"", ""),
         event("core", "Outbound", "No SSL error available, probably remote disconnect", ZONE)),
        ("UC traversal zone: the connection of Core to Edge was closed",)),
    "a revoked certificate": Input(
        "edge", (event("edge", "Inbound", "certificate revoked", ZONE),),
        ("refused Core's client certificate .*as revoked", "Revocation Checking Mode: On"),
        settings=CRL),
    "an expired CRL": Input(
        "edge", (event("edge", "Inbound", "CRL has expired", ZONE),),
        ("no usable CRL", "Revocation Checking Mode: On", "CRL management"), settings=CRL),
    "a CRL that is not valid yet": Input(
        "edge", (event("edge", "Inbound", "CRL is not yet valid", ZONE),),
        ("^UC traversal zone", "because the CRL that it has for it is not valid yet",
         r"Check the clock of Edge( \S+)? \(NTP\)"), ("no usable CRL",), settings=CRL),
    "the name that the zone expects": Input(
        "edge", (event("edge", "Inbound", "Peer's TLS certificate identity was unacceptable",
                       ZONE),),
        ("did not find the name", 'TLS verify subject name there is "core.example.com"')),
    "a weak digest": Input(
        "edge", (event("edge", "Inbound", "CA signature digest algorithm too weak", ZONE),),
        ("digest that is too weak", "SHA-256")),
    "a neighbor is told by its zone": Input(
        "core", (event("core", "Inbound", "certificate has expired", ends(CUCM, CORE, 5061)),),
        (f'{CUCM} is a peer of the neighbor zone "CUCM trunk"', "expired"), settings=NEIGHBOR),
    "CUCM's certificate is not trusted": Input(
        "core", (proxy("Core server certificate verification failed for (cucm1.example.com). "
                       f"Action=Terminate Error=unable to get local issuer certificate "
                       f"server=cucm1.example.com({CUCM}) depth=0"),
                 proxy("SSL connection failed for 'cucm1.example.com': error:1416F086:SSL "
                       "routines:tls_process_server_certificate:certificate verify failed",
                       "ERROR", 201)),
        ("Core found no path from cucm1.example.com's certificate",
         "trusted CA list of Core holds")),
    "CUCM's name is not in its certificate": Input(
        "core", (proxy("SNI (cucm2.example.com) not in certificate. Action=Terminate "
                       f"server=cucm2.example.com({CUCM})"),),
        ("did not find the name cucm2.example.com in cucm2.example.com's certificate",)),
    "the traffic server goes on": Input(
        "core", (proxy("Core server certificate verification failed for (imp1.example.com). "
                       "Action=Continue Error=self signed certificate "
                       f"server=imp1.example.com({CUCM}) depth=0"),),
        ("let the connection go on all the same", "imp1.example.com"), (NOT_WHY,)),
    "CUCM does not take Core's client certificate": Input(
        "core", (proxy("SSL connection failed for 'cucm1.example.com':error:0A000412:SSL "
                       "routines::sslv3 alert bad certificate", "ERROR"),),
        ("cucm1.example.com refused Core's client certificate",)),
    "the zone's password is wrong": Input(
        "core", tuple(answer("core", "Received", "401 Unauthorised", n) for n in (20, 50)),
        ("SIP 401", "the certificate is not why", "password")),
    "the zone is forbidden": Input(
        "edge", (answer("edge", "Sent", "403 Forbidden"),),
        ("403 Forbidden", "the certificate is not why")),
    "the zone is not answered": Input(
        "core", (answer("core", "Received", "408 Request Timeout"),),
        ("SIP 408", "did not answer")),
    "the zone is out of service": Input(
        "core", (answer("core", "Received", "503 Service Unavailable"),),
        ("503", "the certificate is not why")),
    "a challenge that is met": Input(
        "core", (answer("core", "Received", "401 Unauthorised", 20),
                 answer("core", "Received", "200 OK", 21)),
        ("Nothing is broken",), ("401",)),
    "a call that is refused": Input(
        "core", (answer("core", "Received", "403 Forbidden", method="INVITE"),),
        ("Nothing is broken",), ("403",)),
    "Edge reports a wrong password": Input(
        "edge", (WRONG_PASSWORD,),
        ("UC traversal zone: Edge did not accept the credentials of Core",)),
    "the host key changed": Input(
        "core", (ssh("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"),),
        ("refused the host key of Edge", "clientAuth is not why")),
    "no host key type in common": Input(
        "core", (ssh(f"Unable to negotiate with {EDGE} port 2222: no matching host key type "
                     "found. Their offer: x509v3-sign-rsa"),),
        ("no type of host key in common", "no EKU refusal")),
    "the tunnel's port is closed": Input(
        "core", (ssh("connect to host edge.example.com port 2222: Connection refused"),),
        ("nothing listens there",)),
    "the name of Edge does not resolve": Input(
        "core", (ssh("Could not resolve hostname edge.example.com: Name or service not known"),),
        ("could not resolve the name of .*edge.example.com", "DNS")),
    "SSH closes at a moment that nobody tells": Input(
        "core", (ssh(f"Connection closed by {EDGE} port 2222"),),
        ("do not tell whether a client certificate had been shown", "Permission denied"),
        (NOTHING, "no EKU refusal", "before SSH had agreed")),
    "Edge's SSH server refuses a path and names nobody": Input(
        "edge", ((f"{stamp()} edge sshd[991]: error: x509verify_cb: verify error, depth=1, "
                  "code=26, msg='unsupported certificate purpose'"),),
        ("SSH tunnel: Edge refused Core's client certificate as not fit for its purpose",)),
    "a certificate in time that was refused as expired": Input(
        "edge", (event("edge", "Inbound", "certificate has expired", ZONE),),
        ("holds a certificate that this does not fit", "clock of Edge"),
        (NOTHING, r"Core's client certificate \(serial", "Renew it [(]Maintenance")),
    "an event whose addresses were masked": Input(
        "edge", (event("edge", "Inbound", "certificate has expired",
                       ends("10.x.x.x", "***.***.***.***", 7001)),),
        ("UC traversal zone: Edge refused Core's client certificate .*expired",),
        (NOTHING, NOT_WHY, "Core 10.x")),
    "an event quoted in a mail": Input(
        "edge", ("> " + event("edge", "Inbound", "certificate has expired", ZONE),),
        ("Core's client certificate .*expired",)),
    "an event as a syslog relay writes it": Input(
        "edge", ("Jun 15 09:41:20 edge "
                 + event("edge", "Inbound", "certificate has expired", ZONE).split(" ", 2)[2],),
        ("Core's client certificate .*expired",)),
    "an event with the quotes of a mail program": Input(
        "edge", (re.sub('="([^"]*)"', "=\u201c\\1\u201d",
                        event("edge", "Inbound", "certificate has expired", ZONE)),),
        ("Core's client certificate .*expired",)),
    "an event with the quotes of a page": Input(
        "edge", (event("edge", "Inbound", "certificate has expired", ZONE)
                 .replace('"', "&quot;"),),
        ("Core's client certificate .*expired",)),
    "SSH closes while banners are exchanged": Input(
        "core", (ssh("Connection timed out during banner exchange"),),
        ("closed or reset before SSH had agreed on keys",)),
    "an SSH server that knows no certificate's issuer": Input(
        "core", (ssh("ssh_verify_cert: verify error, code=20, msg='unable to get local issuer "
                     "certificate'"),),
        ("SSH tunnel: Core found no path from Edge's server certificate",)),
    "the tunnel page says why": Input(
        "core", (), ("host key was not accepted",), pasted=PAGE.format(
            "Host key verification failed.")),
    "a word that nobody knows": Input(
        "edge", (event("edge", "Outbound", "quantum handover impossible", OUT, NAMED),),
        ("Not understood: 1 line", "quantum handover impossible"), (NOTHING,)),
}  # fmt: skip


REFUSED = "Core's client certificate [(]serial"
CHANGED = "See first whether it connects now"
INPUTS |= {
    "a certificate that the list trusts and that was refused as untrusted": Input(
        "edge", (event("edge", "Inbound", "unable to get local issuer certificate", ZONE),),
        ("^Possibly: ", "list, which now holds the CAs above it, was changed since", CHANGED),
        (NOTHING, REFUSED, "Put root and issuing CA of")),
    "a certificate of good keys that was refused for a small key": Input(
        "edge", (event("edge", "Inbound", "EE certificate key too weak", ZONE),),
        ("^Possibly: ", "holds a certificate that this does not fit", CHANGED),
        (NOTHING, REFUSED, "Re-issue it")),
    "a certificate with the name that was refused for its name": Input(
        "edge", (event("edge", "Inbound", "Peer's TLS certificate identity was unacceptable",
                       ZONE),),
        ("^Possibly: ", "or the name that is expected was changed since", CHANGED),
        (NOTHING, REFUSED, "Re-issue the certificate")),
    "a certificate in time that was refused as too early": Input(
        "edge", (event("edge", "Inbound", "certificate is not yet valid", ZONE),),
        ("^Possibly: ", "clock of Edge was wrong", CHANGED), (NOTHING, REFUSED)),
    "a node with a client certificate that sent none": Input(
        "edge", (event("edge", "Inbound", "peer did not return a certificate", ZONE),),
        ("^UC traversal zone: Core presented no certificate", "uploaded since, or not sent",
         CHANGED), (NOTHING, "Upload a certificate")),
    "a server that is called by its address": Input(
        "core", (event("core", "Outbound", "Peer's TLS certificate identity was unacceptable",
                       ZONE, f' Common-name="{EDGE[:-1]} {EDGE[-1]}"'),),
        ("did not find the name 10.106.80.3 1", "Enter a name that stands in the certificate"),
        (NOTHING, "Re-issue")),
    "a zone to which no caller is mapped": Input(
        "edge", (event("edge", "Inbound", "Peer's TLS certificate identity was unacceptable",
                       ends(STRANGER, EDGE, 5062)),),
        ('inbound mapping of the DNS zone "Hybrid services" is Off',), (NOT_WHY,),
        MTLS + DNS_ZONE
        + '*c xConfiguration Zones Zone 6 DNS SIP TLS Verify InboundClassification: "Off"\n'),
    "a zone that was not reached and worked later": Input(
        "core", (event("core", "Outbound", "Connection timed out", ZONE),
                 (f'{stamp(40)} core tvcs: {UTC} Module="developer.ssl" Level="INFO" '
                 f'Method="::ttssl_continueHandshake":  {ends(CORE, EDGE, 7001, 25099)} '
                 'Detail="Handshake succeeded"')),
        ("^Core and Edge work together", "It connected later"), ("not the whole story",)),
}  # fmt: skip
EVERYDAY = f'{stamp()} core tvcs: Event="System Start" Level="1" {UTC}'
INPUTS |= {
    "a handshake is closed before one that works": Input(
        "edge", (event("edge", "Inbound", "unexpected eof while reading", ZONE),
                 (f'{stamp(40)} edge tvcs: {UTC} Module="developer.ssl" Level="INFO" '
                 f'Method="::ttssl_continueHandshake":  {ends(CORE, EDGE, 7001, 25099)} '
                 'Detail="Handshake succeeded"')),
        ("^Nothing is broken", "It connected later"), ("whom it does not name",)),
    "OpenSSL's code alone": Input(
        "edge", (openssl("edge", "error:0A000086:lib(20)::reason(134)", f"{EDGE}:7001",
                         f"{CORE}:25011", answers=True),),
        ("Edge refused Core's client certificate",)),
    "the mTLS port has another number": Input(
        "edge", (event("edge", "Inbound", "certificate has expired", ends(STRANGER, EDGE, 5075)),),
        ("B2B call, inbound", "5075 is the mTLS port of Edge"), (NOT_WHY,),
        MTLS.replace("5062", "5075")),
    "a traversal zone on its own port": Input(
        "core", (event("core", "Outbound", "certificate has expired", ends(CORE, EDGE, 6001)),),
        ("Traversal zone with mTLS: Core refused Edge.*'s server certificate",),
        settings='*c xConfiguration Zones Zone 8 Type: "TraversalClient"\n'
        '*c xConfiguration Zones Zone 8 TraversalClient SIP Port: "6001"\n'),
    "a pasted text of which nothing is read": Input(
        "core", (EVERYDAY,), ("could not be read: pasted text: no line of it is a line",),
        ("^Nothing is broken",), pasted="verify error:num=20:unable to get local issuer\n"),
    "messaging does not reach Edge": Input(
        "core", (MESSAGING,),
        ("did not reach .*port 7400: nothing listens there",), (NOT_WHY, "Not understood")),
    "the zone list says Failed and nothing says why": Input(
        "core", (), ("zone is Failed, and nothing in the archive explains it",),
        pasted="uczone.MRA Unified Communications traversal 0 0 kbps Off Failed"),
    "the tunnel page has words that nobody knows": Input(
        "core", (), ("Not understood: 1 line", "quux"), pasted=PAGE.format("quux at the gate")),
}  # fmt: skip


def answered(folder: Path, name: str) -> Case:
    """Return the case of an input of this file."""
    return case_with(folder, INPUTS[name])


def case_with(folder: Path, given: Input) -> Case:
    """Return the case of an archive with good certificates and these lines and settings."""
    files = files_of(deployment("C2.1"))
    found = {}
    for file, data in files.items():
        if file.startswith(("eth0", "loggingsnapshot")):
            continue
        dump = file.startswith(f"xconf_dump_{given.host}") and file.endswith(".txt")
        found[file] = data.replace(b"\nOK", f"\n{given.settings}OK".encode()) if dump else data
        if dump:
            assert given.settings.encode() in found[file]
            log = file.replace("xconf_dump", "loggingsnapshot")
            found[log] = "\n".join([*given.lines, ""]).encode()
    return case_of(folder, found, pasted=given.pasted)


def text_of(case: Case) -> str:
    """Return all that the answer says in sentences, with the lists that it shows."""
    shown = [case.headline]
    for one in case.findings:
        shown += [one.code, one.found, one.required, one.todo]
        shown += [e.text for e in one.evidence if e.store == "ca"]
    return "\n".join(shown)


@pytest.mark.parametrize("name", INPUTS)
def test_the_answer_says_what_is_wrong_and_nothing_false(tmp_path: Path, name: str) -> None:
    """Each expression of `says` stands in headline or findings, and none of `never`."""
    text = text_of(answered(tmp_path / "case", name))
    given = INPUTS[name]
    assert [one for one in given.says if not re.search(one, text)] == [], text
    assert [one for one in given.never if re.search(one, text)] == [], text


def test_a_certificate_without_the_expected_name_is_to_be_re_issued(tmp_path: Path) -> None:
    """What the archive explains asks for no second look first."""
    line = event("edge", "Inbound", "Peer's TLS certificate identity was unacceptable", ZONE)
    files = {name: data for name, data in files_of(deployment("C2.1")).items()
             if not name.startswith(("eth0", "loggingsnapshot"))}  # fmt: skip
    log = "loggingsnapshot_edge_2026-06-15_09_41_07.txt"
    rename = replaced("xconf_dump_edge", r"core\.example\.com", "other.example.com")
    case = case_of(tmp_path / "case", {**files, log: f"{line}\n".encode()}, change=rename)
    assert "client certificate does not hold the name other.example.com (serial" in case.headline
    assert not re.search(CHANGED, text_of(case))


def test_an_issuing_ca_that_the_list_lacks_explains_a_refusal_though_its_file_has_it(
    tmp_path: Path,
) -> None:
    """What stands in a file may not have been sent: the list is to be put right first."""
    whole = deployment("C2.1")
    shown = whole.core[0].client.certificate
    assert shown is not None
    found = whole.with_edge(trusted=whole.edge[0].trusted - {shown.chain[0]})
    files = {name: data for name, data in files_of(found).items()
             if not name.startswith(("eth0", "loggingsnapshot"))}  # fmt: skip
    line = event("edge", "Inbound", "unable to get local issuer certificate", ZONE)
    log = "loggingsnapshot_edge_2026-06-15_09_41_07.txt"
    case = case_of(tmp_path / "case", {**files, log: f"{line}\n".encode()})
    assert not re.search(CHANGED, text_of(case))
    assert "into Edge's trusted CA list" in case.headline


def test_a_missing_word_of_a_far_end_blames_no_certificate_of_ours(tmp_path: Path) -> None:
    """Of the failures for which no certificate is named, none is told as an EKU fault."""
    for name in ("a port without TLS", "no cipher in common", "the zone is forbidden",
                 "no host key type in common", "the handshake is reset"):  # fmt: skip
        case = answered(tmp_path / name.replace(" ", "-"), name)
        assert [f.code for f in case.findings if "eku" in f.code] == []


def test_files_of_two_customers_are_told_in_the_headline(tmp_path: Path) -> None:
    """Nodes with no zone, domain or issuing CA in common are of two systems."""
    files = {name: data for name, data in files_of(deployment("C2.1")).items()
             if not name.startswith("eth0")}  # fmt: skip
    other = (
        b'*c xConfiguration SystemUnit Name: "vcs9"\n'
        b'*c xConfiguration IP DNS Hostname: "vcs9"\n'
        b'*c xConfiguration IP DNS Domain Name: "other-customer.test"\n'
        b'*c xConfiguration Zones Zone 1 Type: "TraversalClient"\n'
        b'*c xConfiguration Zones Zone 1 TraversalClient Collaboration Edge: "On"\n'
        b'*c xConfiguration Zones Zone 1 TraversalClient Peer 1 Address: "e.other-customer.test"\n'
        b"OK\n"
    )
    case = case_of(tmp_path / "case", {**files, "xconf_dump_vcs9_2026-06-15_09_41_07.txt": other})
    assert "archive.two-systems" in {f.code for f in case.findings}
    assert "Beware: the files are of 2 systems" in case.headline
    assert "vcs9 (other-customer.test)" in case.headline
    alone = case_of(tmp_path / "alone", files)
    assert "archive.two-systems" not in {f.code for f in alone.findings}
    assert "Beware" not in alone.headline
