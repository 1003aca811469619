"""What a case must tell apart is told apart, each with its evidence, and nothing is guessed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import test_cases
from cases import (
    AT,
    PAIR,
    Change,
    Recording,
    broken,
    case_of,
    codes,
    deployment,
    files_of,
    finding,
    log_only,
    replaced,
    without,
)
from test_words import OF_TUNNEL, PLACELESS

from ekukit.archive import open_archive
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.certificates.authority import internal_authority
from ekukit.connections import CATALOG, Cause, Side, State, connection
from ekukit.connections.reasons import CAUSES, REASONS
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.tries import Map, Peer, Try
from ekukit.diagnosis.findings.codes import CODES, connection_code
from ekukit.diagnosis.findings.finding import Confidence, Draft, Severity
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.not_judged import NOT_JUDGED
from ekukit.diagnosis.findings.observations import Seen, add_observations
from ekukit.diagnosis.investigation import investigate
from ekukit.expressway import CertificateStore, Deployment, Mode, Release, Role, Store
from ekukit.expressway.build import CA1
from ekukit.facts import basis, ledger
from ekukit.log.alarms import alarm_rows
from ekukit.log.meanings import Fate
from ekukit.samples.sample_faults import with_core_client

STAMP = "2026-03-29T06:58:01.231+00:00"
ENDS = 'Src-ip="192.0.2.16" Src-port="25011" Dst-ip="192.0.2.31" Dst-port="7001"'
TUNNELS = (
    "Target\tDomain\tStatus\tTunnel Created\tReason\tPeer\n"
    "edge.example.com\texample.com\tFailed\t2026-06-15 09:00:00\t{}\tcore.example.com\n"
)
DENIED = TUNNELS.format("Permission denied")


def event(way: str, words: str, ends: str = ENDS) -> str:
    """Return a published kind of line with these words as its reason."""
    return (
        f'{STAMP} edge1 tvcs: Event="{way} TLS Negotiation Error" Service="SIP" {ends} '
        f'Detail="{words}" Protocol="TLS" Level="1" UTCTime="2026-03-29 06:58:01,231"'
    )


def openssl(words: str, *, answers: bool, key: str = "ssl_error_reason") -> str:
    """Return a published kind of line of developer.ssl with OpenSSL's words."""
    here, there = ("31:7001", "16:25011") if answers else ("16:25011", "31:7001")
    return (
        f'{STAMP} edge1 tvcs: UTCTime="2026-03-29 06:58:01,231" Module="developer.ssl" '
        'Level="ERROR" CodeLocation="ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)" '
        'Method="::TTSSLErrorOutput" Thread="0x7f00": TTSSL_continueHandshake: Failed to establish '
        f'SSL connection iResult="-1" error="1" bServer="{str(answers).lower()}" '
        f"localAddress=\"['IPv4''TCP''192.0.2.{here}']\" "
        f"remoteAddress=\"['IPv4''TCP''192.0.2.{there}']\" {key}=\"{words}\""
    )


def tcp(detail: str, more: str = "") -> str:
    """Return a published kind of line of network.tcp."""
    return (
        f'{STAMP} core1 tvcs: UTCTime="2026-03-29 06:58:01,231" Module="network.tcp" '
        f'Level="DEBUG":  {ENDS} Detail="{detail}"{more}'
    )


TIMED_OUT = (
    f'{STAMP} core ssh: Detail="ssh: connect to host edge.example.com port 2222: '
    'Connection timed out" Level="ERROR"'
)
PROXY = (
    f"{STAMP} core1 traffic_server[2030]:[ET_NET 1]ERROR:SSL connection failed for "
    "'cucm1.example.com':error:0A000418:SSL routines::tlsv1 alert unknown ca"
)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (event("Inbound", "unsuitable certificate purpose"), "uc-zone.client-eku-missing"),
        (event("Inbound", "unsupported certificate purpose"), "uc-zone.client-eku-missing"),
        (event("Inbound", "sslv3 alert unsupported certificate"), "uc-zone.server-eku-missing"),
        (event("Outbound", "sslv3 alert unsupported certificate"), "uc-zone.client-eku-missing"),
        (event("Outbound", "unsuitable certificate purpose"), "uc-zone.server-eku-missing"),
        (event("Inbound", "tlsv1 alert unknown ca"), "uc-zone.server-untrusted"),
        (event("Outbound", "tlsv1 alert unknown ca"), "uc-zone.client-untrusted"),
        (event("Inbound", "self signed certificate in certificate chain"),
         "uc-zone.client-untrusted"),
        (event("Outbound", "unable to get local issuer certificate"), "uc-zone.server-untrusted"),
        (event("Inbound", "Peer's TLS certificate identity was unacceptable"),
         "uc-zone.client-name-mismatch"),
        (event("Inbound", "certificate has expired"), "uc-zone.client-expired"),
        (event("Outbound", "certificate has expired"), "uc-zone.server-expired"),
        (event("Inbound", "peer did not return a certificate"), "uc-zone.client-no-certificate"),
        (event("Inbound", "no certificate returned"), "uc-zone.client-no-certificate"),
        (event("Inbound", "wrong version number"), "uc-zone.not-tls"),
        (openssl("error:0A000086:SSL routines::certificate verify failed", answers=True),
         "uc-zone.client-refused"),
        (openssl("error:0A000418:SSL routines::tlsv1 alert unknown ca", answers=True),
         "uc-zone.server-untrusted"),
        (openssl("error:0A000418:SSL routines::tlsv1 alert unknown ca", answers=False,
                 key="ErrString"), "uc-zone.client-untrusted"),
        (TIMED_OUT, "tunnel.unreached"),
        (tcp("TCP Connection Closed", ' Reason="Connection timed out"'), "zone.unreached"),
        (PROXY, "cucm-tftp.client-untrusted"),
        (event("Inbound", "unsuitable certificate purpose", ENDS.replace("7001", "9999")),
         "log.refused"),
        (event("Inbound", "wrong version number", ENDS.replace("7001", "9999")),
         "log.not-tls"),
    ],
)  # fmt: skip
def test_a_line_means_what_its_words_and_its_direction_say(
    tmp_path: Path, line: str, code: str
) -> None:
    """Our refusal is of the initiator's certificate, an alert is of ours, a time-out of neither."""
    case = log_only(tmp_path, line)
    found = finding(case, code)
    assert broken(case) <= {code}
    assert [(e.kind, e.line) for e in found.evidence] == [(EvidenceKind.LOG, 1)]
    assert line.startswith(found.evidence[0].text)


@pytest.mark.parametrize(
    "line",
    [
        tcp("synthetic: unsuitable certificate purpose alert").replace(
            "network.tcp", "network.sip"
        ),
        f'{STAMP} edge1 ekukit: Detail="what the lab refused: unsuitable certificate purpose"',
        f'{STAMP} edge1 alarm: Level="WARN" Detail="Alarm raised" Reason="certificate expired"',
        tcp("TCP Connection Established"),
    ],
)
def test_a_line_of_another_kind_is_no_failed_handshake(tmp_path: Path, line: str) -> None:
    """Words alone are no evidence: the record must be of a kind that tells of a connection."""
    assert broken(log_only(tmp_path, line)) == set()


def test_lines_of_one_connection_are_one_observation(tmp_path: Path) -> None:
    """Event, OpenSSL's line and the trail share addresses and ports; what names a cause counts."""
    case = log_only(
        tmp_path,
        event("Inbound", "unsuitable certificate purpose"),
        openssl("error:0A000086:SSL routines::certificate verify failed", answers=True),
    )
    assert [o.connection for o in case.observed] == ["uc-zone"]
    assert {e.line for e in finding(case, "uc-zone.client-eku-missing").evidence} == {1, 2}
    assert "uc-zone.other" not in codes(case)


def test_a_silent_initiator_may_lack_client_auth(tmp_path: Path) -> None:
    """No certificate at all is told as such, with the doubt and the screen that decides."""
    case = log_only(tmp_path, event("Inbound", "peer did not return a certificate"))
    found = finding(case, "uc-zone.client-no-certificate")
    assert "lacks clientAuth" in found.found
    assert "Client certificate" in found.decide


def authority_limited() -> Deployment:
    """Return condition 2.1 whose Core client certificate is issued below a limited CA."""
    limited = replace(internal_authority("CA 9").issuing, ekus=(SERVER_AUTH,))
    chain = (limited, internal_authority("CA 9").root)
    found = with_core_client(deployment("C2.1"), chain=chain)
    trusted = found.edge[0].trusted | set(chain)
    return found.with_edge(trusted=trusted).with_core(trusted=trusted)


def moved_client(**changes: object) -> Deployment:
    """Return condition 2.1 with Core's client certificate re-issued with changes."""
    return with_core_client(deployment("C2.1"), **changes)


def edge_without(*cas: object) -> Deployment:
    """Return condition 2.1 with CAs missing from Edge's trusted CA list."""
    found = deployment("C2.1")
    return found.with_edge(trusted=found.edge[0].trusted - set(cas))


def wrong_peer_name() -> Deployment:
    """Return condition 2.1 with an Edge whose server certificate has another name."""
    found = deployment("C2.1")
    server = found.edge[0].server.certificate
    assert server is not None
    changed = server.moved(names=("other.example.com",))
    return found.with_edge(server=CertificateStore(Store.SERVER, changed))


def edge_server(**changes: object) -> Deployment:
    """Return condition 2.1 with Edge's server certificate re-issued with changes."""
    found = deployment("C2.1")
    server = found.edge[0].server.certificate
    assert server is not None
    return found.with_edge(server=CertificateStore(Store.SERVER, server.moved(**changes)))


def other_client_server_only() -> Deployment:
    """Return condition 3 with a serverAuth-only client certificate that is no copy."""
    return with_core_client(deployment("C3"), ekus=(SERVER_AUTH,))


def public_client() -> Deployment:
    """Return condition 2 with another public certificate with both EKUs in Core's client store."""
    return with_core_client(
        deployment("C1"),
        ekus=(SERVER_AUTH, CLIENT_AUTH),
        names=("core.example.com", "more.example.com"),
    )


def expired_root() -> Deployment:
    """Return condition 3 under a root that expired."""
    old = replace(CA1.root, not_after=AT - timedelta(days=2))
    found = with_core_client(deployment("C3"), chain=(CA1.issuing, old))
    return found.with_core(trusted=found.core[0].trusted - {CA1.root} | {old})


@dataclass(frozen=True, slots=True)
class Small:
    """A small case: its deployment, what is changed in its files, and what must be found."""

    made: Callable[[], Deployment]
    expected: frozenset[str]
    absent: frozenset[str] = frozenset()
    change: Change | None = None
    recording: Recording = PAIR
    pasted: str = ""
    later: timedelta | None = None

    def case(self, folder: Path) -> Case:
        """Return the case, made in the folder."""
        at = AT + self.later if self.later else None
        files = files_of(self.made(), self.recording)
        return case_of(folder, files, change=self.change, pasted=self.pasted, at=at)


def small(made: Callable[[], Deployment], *expected: str, **more: object) -> Small:
    """Return a row."""
    absent = frozenset(more.pop("absent", ()))  # type: ignore[call-overload]
    return Small(made, frozenset(expected), absent, **more)  # type: ignore[arg-type]


ZONE, TUNNEL = "uc-zone.client-eku-missing", "ssh-tunnel.client-eku-missing"
OFF = "mode.off-hides-missing-client-auth"
QUIET = Recording(connections=("mra-client",))
UNSAID = without("loggingsnapshot", "eth0")
SMALL: dict[str, Small] = {
    "eku": small(partial(deployment, "C2"), ZONE, TUNNEL, absent=(OFF, "uc-zone.other")),
    "eku by certificates alone": small(partial(deployment, "C2"), ZONE, TUNNEL, change=UNSAID),
    "eku, mode Off": small(
        partial(deployment, "C2", edge_checking=Mode.OFF), TUNNEL, OFF, absent=(ZONE,)),
    "eku, mode Off, pasted page": small(
        partial(deployment, "C2", edge_checking=Mode.OFF), TUNNEL, OFF, pasted=DENIED,
        absent=("tunnel.unexplained",)),
    "chain": small(partial(edge_without, *CA1.ca_certificates), "uc-zone.client-untrusted",
                   "ssh-tunnel.client-untrusted", absent=(ZONE, "tunnel.untrusted-issuing-ca")),
    "issuing CA of the tunnel": small(
        partial(edge_without, CA1.issuing), "tunnel.untrusted-issuing-ca",
        absent=(ZONE, TUNNEL, "uc-zone.client-untrusted", "ssh-tunnel.client-untrusted")),
    "name of Core": small(
        partial(moved_client, names=("new.example.com",)), "uc-zone.client-name-mismatch",
        "certificate.names-missing", absent=(ZONE,)),
    "name of Edge": small(wrong_peer_name, "uc-zone.server-name-mismatch", absent=(ZONE,)),
    "expiry": small(
        partial(moved_client, not_after=AT - timedelta(days=1)), "uc-zone.client-expired",
        "certificate.expired", absent=(ZONE,)),
    "not yet": small(
        partial(moved_client, not_before=AT + timedelta(days=1)), "uc-zone.client-not-yet-valid",
        "certificate.not-yet-valid"),
    "Edge's serverAuth": small(
        partial(edge_server, ekus=(CLIENT_AUTH,)), "uc-zone.server-eku-missing", absent=(ZONE,)),
    "nothing sent": small(
        lambda: deployment("C3").with_core(client=CertificateStore(Store.CLIENT, None)),
        "uc-zone.client-no-certificate", "certificate.not-in-archive", absent=(ZONE,)),
    "issuing CA limited": small(
        authority_limited, "uc-zone.client-issuing-ca-eku", "issuer.limited-to-server-auth",
        absent=(ZONE,)),
    "zone not reached": small(
        partial(deployment, "C2.1"), "zone.unreached", absent=(ZONE, "prediction.differs"),
        recording=Recording(connections=("uc-zone",), blocked=("uc-zone",))),
    "tunnel not reached": small(
        partial(deployment, "C2.1"), "tunnel.unreached", absent=(TUNNEL, "tunnel.unexplained"),
        recording=Recording(connections=("uc-zone", "ssh-tunnel"), blocked=("ssh-tunnel",))),
    "tunnel not reached, pasted": small(
        partial(deployment, "C2.1"), "tunnel.unreached", change=UNSAID, absent=(TUNNEL,),
        pasted=TUNNELS.format("Connection timed out")),
    "tunnel refused, certificates right": small(
        partial(deployment, "C2.1"), "tunnel.unexplained", "prediction.differs", pasted=DENIED,
        absent=(TUNNEL, "tunnel.unreached")),
    "tunnel and an unknown OID": small(
        partial(moved_client,
                subject="CN=core.example.com,1.2.840.113556.1.4.656=x,O=ekukit TEST ONLY"),
        "certificate.unknown-oid", pasted=DENIED, absent=("tunnel.unexplained", TUNNEL)),
    "no common name": small(
        partial(moved_client, subject="O=ekukit TEST ONLY"), "certificate.no-common-name"),
    "no EKU": small(
        partial(moved_client, ekus=None), "certificate.no-eku", absent=(ZONE, TUNNEL)),
    "wildcard": small(
        partial(edge_server, names=("edge.example.com", "*.example.com")), "certificate.wildcard"),
    "upgrade": small(partial(deployment, "C1"), "store.equal-after-upgrade", absent=(ZONE,)),
    "public client": small(public_client, "store.public-client-auth"),
    "copy": small(partial(deployment, "C4"), "store.copy-of-server-only", absent=(ZONE, TUNNEL)),
    "no copy": small(other_client_server_only, "store.not-through-pages"),
    "expires soon": small(
        partial(moved_client, not_after=AT + timedelta(days=9)), "certificate.expires-soon",
        absent=("certificate.expired-since",)),
    "expired since": small(
        partial(moved_client, not_after=AT + timedelta(days=9)), "certificate.expired-since",
        later=timedelta(days=30), absent=("certificate.expired", "uc-zone.client-expired")),
    "CA expired": small(
        expired_root, "trust.ca-expired", absent=(ZONE,), change=UNSAID),
    "one side": small(
        partial(deployment, "C2.1"), "archive.one-side", change=lambda name, data:
        None if "_edge_" in name else data, absent=("archive.role-unknown", ZONE)),
    "role unknown": small(
        partial(deployment, "C2.1"), "archive.role-unknown", change=replaced(
            "xconf_dump", "Collaboration", "Cooperation"), absent=(ZONE,)),
    "a key": small(
        partial(deployment, "C2.1"), "archive.private-key", change=lambda name, data:
        data + KEY_BLOCK if name.startswith("server_core") else data),
    "CA first": small(
        partial(deployment, "C2.1"), "certificate.ca-first", change=lambda name, data:
        turned(data) if name.startswith("server_core") else data,
        absent=("certificate.not-in-archive", "certificate.unreadable")),
    "unreadable": small(
        partial(deployment, "C2.1"), "certificate.unreadable", "archive.unread",
        change=lambda name, data: data[:90] if name.startswith("client_core") else data,
        absent=("certificate.not-in-archive", "certificate.ca-first")),
    "damage": small(
        partial(deployment, "C2.1"), "archive.unread", change=lambda name, data:
        data[:100] if name.startswith("eth0_diagnostic_logging_tcpdump00_core") else data),
}  # fmt: skip


def turned(pem: bytes) -> bytes:
    """Return a certificate file with its first certificate behind the others."""
    end = b"-----END CERTIFICATE-----\n"
    first, rest = pem.split(end, 1)
    return rest + first + end


KEY_BLOCK = (
    b"-----BEGIN PRIVATE KEY-----\nVEhJUyBJUyBOTyBLRVkgQlVUIElUIExPT0tTIExJS0U=\n"
    b"-----END PRIVATE KEY-----\n"
)


@pytest.mark.parametrize("name", SMALL)
def test_what_is_wrong_is_told_apart(tmp_path: Path, name: str) -> None:
    """Each fault gives its own codes, and not those of what looks like it."""
    row = SMALL[name]
    case = row.case(tmp_path / "case")
    found = codes(case)
    assert row.expected - found == set()
    assert row.absent & found == set()
    assert all(one.evidence for one in case.findings)


# Kinds of rule that no small archive of EC keys can show; a sample case does.
BY_SAMPLES = {code for name in test_cases.NAMES for code in test_cases.expected(name)["findings"]}
BY_LINES = {"log.refused", "log.unknown-reason", "archive.several-systems"}
BY_LINES |= PLACELESS | OF_TUNNEL | {"log.not-understood", "zone.unexplained"}
BY_LINES |= {"tunnel.host-name"}  # test_host_names.py
BY_LINES |= {"directory.refused", "directory.failed"}  # test_directories.py
BY_LINES |= {"test.refused", "test.alert", "test.verified", "test.printed"}  # test_tool_output.py
BY_LINES |= {"program.wrote"}  # test_program_lines.py
BY_LINES |= {"archive.two-systems", "zone.verify-off", *NOT_JUDGED}
BY_LINES |= {"archive.loose-certificates"}  # test_hard_cases.py
BY_LINES |= {row.code for row in alarm_rows()}  # test_alarms.py
# What needs a certificate that no lab makes: tests/test_real_paths.py.
BY_PATHS = {"prediction.stand-in-differs"}
IDS = {row.id for row in CATALOG}


def test_every_rule_of_the_table_is_produced_by_a_test() -> None:
    """A code that nothing can produce would be a promise without a keeper."""
    produced = BY_LINES.union(BY_PATHS, BY_SAMPLES, *(row.expected for row in SMALL.values()))
    rules = {code for code in CODES if code.partition(".")[0] not in IDS}
    assert rules - produced == set()


ENDS_OF = {
    "webex": "call.webex.example.net",
}
# On one port with the neighbor zone; told apart by who is known to be CUCM.
CUCM_ENDS = {
    "cucm-line-in": frozenset({"192.0.2.1"}),
    "cucm-line-out": frozenset({"192.0.2.2"}),
}


def tried(name: str, cause: Cause, side: Side | None) -> Try:
    """Return a refused try of a connection of the catalog."""
    row = connection(name)
    roles = [place if isinstance(place, Role) else None for place in (row.initiator, row.responder)]
    return Try(
        client=Peer("192.0.2.1", 30000, role=roles[0]),
        server=Peer("192.0.2.2", row.port, role=roles[1]),
        fate=Fate.REFUSED,
        cause=cause,
        side=side,
        evidence=(Evidence(EvidenceKind.LOG, "log", "words", line=1),),
        name=ENDS_OF.get(name, ""),
    )


@pytest.mark.parametrize("name", sorted(IDS))
def test_every_code_of_a_connection_can_be_found(name: str) -> None:
    """Each cause on each side, seen on the connection's port, gives the code of its outcome."""
    causes = [found for found in REASONS if found[0] in CAUSES]
    for cause, side in causes:
        gathered = Gathered()
        nothing = Inventory({}, {}, {}, ())
        known = Map(uc_ports=frozenset({7001}), cucm=CUCM_ENDS.get(name, frozenset()))
        add_observations(gathered, Seen((tried(name, cause, side),), (), nothing, known, {}))
        assert [f.code for f in gathered.all()] == [connection_code(name, cause, side)]


def test_the_table_of_codes_is_whole() -> None:
    """Every code has words, a severity and facts of the ledger; connections have all causes."""
    assert {code for code in CODES if CODES[code].code != code} == set()
    for row in CODES.values():
        assert row.title
        assert row.required.endswith(".")
        assert row.todo.rstrip("}").endswith((".", "{alternative"))
        assert set(row.facts) <= set(ledger())
        assert basis(row.facts)
    assert {connection_code(row.id, *cause) for row in CATALOG for cause in REASONS
            if cause[0] in CAUSES} <= set(CODES)  # fmt: skip


def test_a_finding_without_evidence_is_refused() -> None:
    """What cannot be shown must not be said."""
    with pytest.raises(ValueError, match="needs evidence"):
        Gathered().add(Draft("certificate.wildcard", "It is so.", []))


def test_findings_are_ranked_worst_first_then_surest(tmp_path: Path) -> None:
    """Broken comes before weak, and within one severity certain before possible."""
    case = SMALL["eku, mode Off, pasted page"].case(tmp_path / "case")
    order = [(list(Severity).index(f.severity), list(Confidence).index(f.confidence))
             for f in case.findings]  # fmt: skip
    assert order == sorted(order)


def test_the_pasted_page_is_evidence_of_the_cause_that_the_certificates_show(
    tmp_path: Path,
) -> None:
    """Test case 2: the refused tunnels rest on Core's client certificate and on the page."""
    case = SMALL["eku, mode Off, pasted page"].case(tmp_path / "case")
    kinds = {e.kind for e in finding(case, TUNNEL).evidence}
    assert {EvidenceKind.CERTIFICATE, EvidenceKind.PASTED} <= kinds
    observed = {o.connection: o.state for o in case.observed}
    assert observed["ssh-tunnel"] is State.FAILED
    assert observed["uc-zone"] is State.ACTIVE


def test_a_time_out_beside_permission_denied_is_told_apart(tmp_path: Path) -> None:
    """K6: the page says refused, the log says not reached; both stand, the time-out as possible."""
    case = case_of(
        tmp_path / "case",
        files_of(deployment("C2", edge_checking=Mode.OFF)),
        pasted=f"{DENIED}{TIMED_OUT}\n",
    )
    assert finding(case, "tunnel.unreached").confidence is Confidence.POSSIBLE
    assert finding(case, "tunnel.unreached").decide
    assert finding(case, TUNNEL).confidence is Confidence.CERTAIN
    assert case.findings.index(finding(case, TUNNEL)) < case.findings.index(
        finding(case, "tunnel.unreached")
    )


def test_packets_are_named_by_whose_certificate_they_carry(tmp_path: Path) -> None:
    """The serial in the capture is matched to the file of Core's client store."""
    case = SMALL["name of Core"].case(tmp_path / "case")
    shown = [e for e in finding(case, "uc-zone.client-name-mismatch").evidence
             if e.kind is EvidenceKind.PACKET and e.serial]  # fmt: skip
    core = case.deployment.core[0].client.certificate if case.deployment else None
    assert core is not None
    texts = [e.text for e in shown if e.serial == core.serial_hex]
    assert texts
    assert all(text.startswith("the certificate of core: the client store's") for text in texts)
    packets = case.handshakes.set_index("client_certificates_packet")["certificate_of_client"]
    assert all(packets[e.packet].iloc[0].startswith("the certificate of core")
               if hasattr(packets[e.packet], "iloc") else packets[e.packet]
               for e in shown if e.serial == core.serial_hex)  # fmt: skip


def test_without_edge_the_tunnel_is_certain_and_the_zone_likely(tmp_path: Path) -> None:
    """Tunnels need clientAuth in every mode; for the zone Edge's mode must be asked for."""
    case = case_of(tmp_path / "case", files_of(deployment("C2"), QUIET),
                   change=lambda name, data: None if "_edge_" in name else data)  # fmt: skip
    assert finding(case, TUNNEL).confidence is Confidence.CERTAIN
    assert finding(case, ZONE).confidence is Confidence.LIKELY
    assert "ExtendedKeyUsage Checking Mode" in finding(case, ZONE).decide
    assert {o.state for o in case.predicted if o.connection == "uc-zone"} == {State.UNKNOWN}


def test_without_edge_its_certificate_comes_from_the_capture(tmp_path: Path) -> None:
    """Core's capture shows Edge's server certificate, and the case says where it is from."""
    case = case_of(tmp_path / "case", files_of(deployment("C2.1")),
                   change=lambda name, data: None if "_edge_" in name else data)  # fmt: skip
    assert case.deployment is not None
    edge = case.deployment.edge[0]
    assert edge.fqdn == "edge.example.com"
    assert edge.server.certificate is not None
    assert any("packet" in sentence for sentence in case.unknown)
    assert {o.state for o in case.predicted if o.connection == "uc-zone"} == {State.ACTIVE}


def test_a_role_that_is_given_stands_in_for_the_zone(tmp_path: Path) -> None:
    """Without a UC zone the kit asks, and takes the answer."""
    change = replaced("xconf_dump", "Collaboration", "Cooperation")
    files = files_of(deployment("C2"))
    told = case_of(
        tmp_path / "told", files, change=change, roles={"core": Role.CORE, "EDGE": Role.EDGE}
    )
    asked = case_of(tmp_path / "asked", files, change=change)
    assert [node.role for node in told.nodes] == [Role.CORE, Role.EDGE]
    assert ZONE in codes(told)
    assert [node.role for node in asked.nodes] == [None, None]
    assert asked.deployment is None


@pytest.mark.parametrize(
    "spelling",
    ["ExtendedKeyUsage CheckingMode", "extendedkeyusage CHECKINGMODE"],
)  # fmt: skip
def test_any_spelling_of_the_mode_counts(tmp_path: Path, spelling: str) -> None:
    """Blanks and case do not matter (K5)."""
    files = files_of(deployment("C2", edge_checking=Mode.OFF), QUIET)
    change = replaced("xconf_dump", "ExtendedKeyUsage Checking Mode", spelling)
    case = case_of(
        tmp_path / "case",
        {name: data for name, data in files.items() if not name.endswith(".xml")},
        change=change,
    )
    assert OFF in codes(case)


def test_before_x15_5_the_one_store_decides(tmp_path: Path) -> None:
    """On X15.4 there is no client store and nothing is said to be missing."""
    case = case_of(tmp_path / "case", files_of(deployment("C2", release=Release.X15_4)))
    assert {node.release for node in case.nodes} == {Release.X15_4}
    assert "certificate.not-in-archive" not in codes(case)
    assert TUNNEL in codes(case)
    assert ZONE not in codes(case)


def test_several_peers_are_rebuilt_each_with_its_own(tmp_path: Path) -> None:
    """A cluster of two and two has its four nodes, with their own stores."""
    made = deployment("C2.1", core_peers=2, edge_peers=2)
    case = case_of(tmp_path / "case", files_of(made, QUIET))
    assert case.deployment is not None
    for side in ("core", "edge"):
        wanted, found = getattr(made, side), getattr(case.deployment, side)
        assert [node.fqdn for node in wanted] == [node.fqdn for node in found]
        assert [node.server.certificate.serial for node in wanted] == [
            node.server.certificate.serial for node in found
        ]


def test_what_is_not_in_the_archive_is_said(tmp_path: Path) -> None:
    """Sentences name what had to be assumed for the lab, keys first of all."""
    case = SMALL["one side"].case(tmp_path / "case")
    assert any("Private keys are not in these files" in sentence for sentence in case.unknown)
    assert any("no archive of it" in sentence for sentence in case.unknown)


def test_a_healed_refusal_is_weak(tmp_path: Path) -> None:
    """What was refused and connected later is no longer broken."""
    later = event("Inbound", "x").replace("06:58", "07:30")
    later = later.replace('Event="Inbound TLS Negotiation Error"', 'Module="developer.ssl"')
    later = later.replace('Detail="x"', 'Detail="Handshake succeeded"')
    case = log_only(tmp_path, event("Inbound", "certificate has expired"), later)
    assert finding(case, "uc-zone.client-expired").severity is Severity.WEAK
    assert broken(case) == set()


def test_the_headline_names_certificate_check_node_and_remedy(tmp_path: Path) -> None:
    """One sentence for what fails together, one for what to do."""
    case = case_of(tmp_path / "case", files_of(deployment("C2")))
    for word in ("UC traversal zone and SSH tunnel", "Core's client certificate", "clientAuth",
                 "mode On", "serial", "Give Core a client certificate"):  # fmt: skip
        assert word in case.headline


def test_the_headline_keeps_faults_of_different_certificates_apart(tmp_path: Path) -> None:
    """Edge's calls fail by Edge's certificate: no cure of Core's would mend them."""
    found = deployment("C2").with_edge(eku_checking=Mode.OFF)
    case = case_of(tmp_path / "case", files_of(found, Recording()))
    assert "b2b-out.client-eku-missing" in broken(case)
    assert "SSH tunnel" in case.headline
    assert "Core's client certificate" in case.headline
    assert "B2B call, outbound" not in case.headline
    assert "more broken thing" in case.headline


def test_tables_have_their_columns_when_there_is_nothing(tmp_path: Path) -> None:
    """An archive with one useless line gives empty tables with all columns."""
    case = log_only(tmp_path, "2026-06-15T09:41:07.000+00:00 edge1 tvcs: nothing")
    assert len(case.certificates) == len(case.timeline) == len(case.configuration) == 0
    assert {"serial", "days_left", "chain"} <= set(case.certificates.columns)
    assert {"time", "event", "packet"} <= set(case.timeline.columns)
    assert {"setting", "matters"} <= set(case.configuration.columns)
    assert "certificate_of_client" in case.handshakes.columns


def test_a_key_in_the_archive_is_named_and_never_shown(tmp_path: Path) -> None:
    """The file is named; the key's text is nowhere in the findings."""
    case = SMALL["a key"].case(tmp_path / "case")
    assert case.keys
    assert "VEhJUyBJ" not in repr(case.findings)


def test_a_dump_of_another_name_is_a_node_all_the_same(tmp_path: Path) -> None:
    """Loose files that were renamed: the configuration itself tells whose it is."""
    files = files_of(deployment("C3"), QUIET)
    dump = next(data for name, data in files.items() if name.startswith("xconf_dump_core"))
    (tmp_path / "mail.txt").write_bytes(dump)
    case = investigate(open_archive(tmp_path / "mail.txt"))
    assert [(node.host, node.role) for node in case.nodes] == [("core", Role.CORE)]


def test_an_evidence_says_where_it_is() -> None:
    """File, line, packet and serial in words, and the kind where there is nothing else."""
    assert Evidence(EvidenceKind.LOG, "a.txt", "x", line=12).where == "a.txt, line 12"
    packet = Evidence(EvidenceKind.PACKET, "a.pcap", "x", packet=13718, serial="4c")
    assert packet.where == "a.pcap, packet 13718, serial 4c"
    assert Evidence(EvidenceKind.RULE, "", "x").where == "rule"
