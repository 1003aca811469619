"""Cases for tests of what a person sees: made by hand from tables, with any text in them."""

from dataclasses import replace
from datetime import UTC, datetime

from ekukit.archive import Archive, empty_archive
from ekukit.archive.log_files import LogFile, LogFiles
from ekukit.connections import Outcome, State, predict
from ekukit.diagnosis.case import Case, CaseNode, Observed
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.findings.finding import Confidence, Finding, Severity
from ekukit.expressway import Mode, Release, Role, build, condition
from ekukit.expressway.conditions import AS_OF
from ekukit.frames import Row, Rows
from ekukit.log.snapshot import Snapshot

EVIL = '<img src=x onerror="alert(1)">\x00\u202e|`=HYPERLINK("http://evil.example")\n# H [x](y)'


def case_of(
    *,
    host: str = "edge1.acme.test",
    address: str = "198.18.7.9",
    user: str = "joe.doe",
    text: str = "",
) -> Case:
    """Return a case in which host, address, user and text stand wherever they can stand."""
    line = (
        f'2026-03-29T06:58:01+00:00 {host} tvcs: Event="Inbound TLS Negotiation Error" '
        f'Src-ip="{address}" From: <sip:{user}@{host}> Cookie: sid={user}-cookie\n'
        f'Authorization: Digest username="{user}", nonce="0123456789abcdef" {text}'
    )
    file = f"loggingsnapshot_{host}_2026-03-29_06_58_01.txt"
    subject, issuer = f"CN={host},O=Acme Corporation,C=IN", "CN=Acme Issuing CA,O=Acme Corporation"
    moment = datetime(2026, 3, 29, 6, 58, 1, tzinfo=UTC)
    certificate: Row = {
        "host": host, "store": "client", "serial": "46df76aa29", "subject": subject,
        "issuer": issuer, "public": "not known to be public", "why_public": text,
        "eku": "serverAuth", "chain": ("Acme Issuing CA",), "names": (host, f"*.{host}"),
        "key": "RSA-2048", "not_before": moment, "not_after": moment, "days_left": -3,
        "counted_from": moment, "file": f"client_{host}_2026-03-29_06_58_01.pem", "line": 1,
    }  # fmt: skip
    handshake: Row = {
        "file": file, "first_packet": 13699, "client": address, "client_port": 25011,
        "server": address, "server_port": 7001, "version": "TLS 1.2", "sni": host,
        "protocol": "TLS", "server_serials": ("46df76aa29", "1"), "client_serials": (),
        "alerts": ((13720, "server", 2, 43),), "note": text,
        "certificate_of_server": f"server store of {host}", "certificate_of_client": "",
        "server_certificates_packet": 13711, "client_certificates_packet": None,
    }  # fmt: skip
    evidence = Evidence(EvidenceKind.LOG, file, line, line=14, serial="46df76aa29", store="client")
    found = Finding(
        "uc-zone.client-eku-missing", Severity.BROKEN, Confidence.CERTAIN,
        f"{host} ({address}) refused {subject} {text}", f"clientAuth {text}",
        f"Give {host} another certificate. {text}", (evidence,), ("E3", "E2"), f"Ask {user}@{host}",
    )  # fmt: skip
    later = replace(found, code="tunnel.unreached", severity=Severity.NOTE)
    deployment = build(condition("C2", key="EC-secp256r1"))
    return Case(
        archive=_archive(host, address, line, file),
        nodes=(CaseNode(host, Role.EDGE, Release.X15_5, Mode.ON),),
        headline=f"{host} refuses Core's client certificate: clientAuth is missing. {text}",
        findings=(found, later),
        deployment=deployment,
        unknown=(f"The mode of {host} {text}",),
        predicted=tuple(_marked(out, text) for out in predict(deployment)),
        observed=(Observed("uc-zone", State.FAILED, evidence, text),),
        rows={
            "certificates": _table(certificate),
            "timeline": _table(
                {"time": moment, "host": host, "event": f"Event {text}",
                 "source": f"{address}:25011", "destination": address, "detail": line,
                 "file": file, "line": 14, "packet": None}
            ),
            "configuration": _table(
                {"host": host, "setting": f"Zones Zone 3 Name {text}", "value": host,
                 "matters": f"because {text}", "file": file, "line": 3}
            ),
            "handshakes": _table(handshake),
        },
        unread=(f"{file}: offset 12: cut short {text}",),
        keys=(f"{host}.key {text}",),
        at=AS_OF,
        today=AS_OF,
    )  # fmt: skip


def _marked(outcome: Outcome, text: str) -> Outcome:
    return replace(outcome, reason=f"{outcome.reason} {text}", notes=(text,) if text else ())


def _archive(host: str, address: str, line: str, file: str) -> Archive:
    """Return an archive of one log record, in a file whose archive a customer named."""
    empty = empty_archive()
    text = f'2026-03-29T06:58:01.231+00:00 {host} tvcs: Src-ip="{address}"\n {line}'
    logs = LogFiles([LogFile(file, None, Snapshot(text.encode("utf-8", "surrogatepass")))])
    members = _table({"file": f"Acme case.zip: {file}", "kind": "log", "host": host})
    return replace(empty, logs=logs, rows={**empty.rows, "members": members})


def _table(row: Row) -> Rows:
    """Return a table of one row."""
    moments = {name for name, value in row.items() if isinstance(value, datetime)}
    kinds = {name: "datetime64[us, UTC]" if name in moments else "object" for name in row}
    return Rows(kinds, [row])
