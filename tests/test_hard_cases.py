"""Cases that look like something else: what an expert would not conclude is not concluded."""

from dataclasses import replace
from pathlib import Path

from cases import AT, Change, broken, case_of, codes, deployment, files_of, finding, log_only

from ekukit.archive import open_archive
from ekukit.archive.sample_faults import with_core_client
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.connections import State
from ekukit.diagnosis.case import investigate
from ekukit.diagnosis.finding import Confidence, Severity
from ekukit.expressway import CA1

CASES = Path(__file__).parent.parent / "data" / "cases"
CORE, EDGE = "10.106.80.16", "10.106.80.31"
UTC = "2026-06-15 09:41:08,231"


def ends(client: str, port: int, server: str, answers: int) -> str:
    """Return the pairs of a record about one connection."""
    return f'Src-ip="{client}" Src-port="{port}" Dst-ip="{server}" Dst-port="{answers}"'


def trail(host: str, pairs: str, *steps: tuple[str, str, str], at: str = UTC) -> list[str]:
    """Return records of the published kind: module, detail and reason of each."""
    stamp = at.replace(" ", "T").replace(",", ".") + "+00:00"
    return [
        f'{stamp} {host} tvcs: UTCTime="{at}" Module="{module}" Level="DEBUG":  {pairs} '
        f'Detail="{detail}"' + (f' Reason="{reason}"' if reason else "")
        for module, detail, reason in steps
    ]


def refused(host: str, way: str, words: str, pairs: str, at: str = UTC) -> str:
    """Return the published record of a handshake that failed."""
    stamp = at.replace(" ", "T").replace(",", ".") + "+00:00"
    return (
        f'{stamp} {host} tvcs: Event="{way} TLS Negotiation Error" Service="SIP" {pairs} '
        f'Detail="{words}" Protocol="TLS" Level="1" UTCTime="{at}"'
    )


def more_log(host: str, *lines: str) -> Change:
    """Return a change that adds lines to the log of a host."""
    added = "\n".join([*lines, ""]).encode()
    return lambda name, data: data + added if name.startswith(f"loggingsnapshot_{host}_") else data


BEGINS = (
    ("network.tcp", "TCP Connecting", ""),
    ("network.tcp", "TCP Connection Established", ""),
    ("developer.ssl", "Handshake in progress", ""),
)
TIMED_OUT = ("network.tcp", "TCP Connection Closed", "Connection timed out")


def test_a_connection_that_worked_and_then_timed_out_was_reached(tmp_path: Path) -> None:
    """An idle connection of a healthy zone is closed by a time-out, which blames no firewall."""
    pairs = ends(CORE, 26000, EDGE, 7001)
    worked = trail("core", pairs, *BEGINS, ("developer.ssl", "Handshake succeeded", ""))
    closed = trail("core", pairs, TIMED_OUT, at="2026-06-15 11:41:08,231")
    change = more_log("core", *worked, *closed)
    case = case_of(tmp_path / "case", files_of(deployment("C2.1")), change=change)
    assert codes(case) & {"zone.unreached", "uc-zone.other"} == set()
    assert {o.state for o in case.observed if o.connection == "uc-zone"} == {State.ACTIVE}


def test_a_handshake_that_timed_out_is_no_port_that_nobody_answers(tmp_path: Path) -> None:
    """Once TCP is established the port was reached; why TLS hung is not told."""
    case = log_only(
        tmp_path, *trail("core", ends(CORE, 26000, EDGE, 7001), *BEGINS, TIMED_OUT), host="core"
    )
    assert "zone.unreached" not in codes(case)
    found = finding(case, "uc-zone.other")
    assert (found.severity, found.confidence) == (Severity.BROKEN, Confidence.POSSIBLE)


def test_the_last_state_is_the_latest_and_not_the_last_line(tmp_path: Path) -> None:
    """Records of several files and of one file out of order are put in order by their time."""
    earlier = refused(
        "edge", "Inbound", "unsuitable certificate purpose", ends(CORE, 24000, EDGE, 7001),
        at="2026-06-15 09:00:00,000",
    )  # fmt: skip
    files = files_of(deployment("C2.1"))
    case = case_of(tmp_path / "case", files, change=more_log("edge", earlier))
    assert {o.state for o in case.observed if o.connection == "uc-zone"} == {State.ACTIVE}
    assert "prediction.differs" not in codes(case)


def test_an_issuing_ca_that_allows_client_auth_is_not_blamed(tmp_path: Path) -> None:
    """Many issuing CAs carry both usages; a refusal below them is not for their EKU."""
    both = replace(CA1.issuing, ekus=(SERVER_AUTH, CLIENT_AUTH))
    made = with_core_client(deployment("C2.1"), chain=(both, CA1.root))
    trusted = made.edge[0].trusted | {both}
    line = refused(
        "edge", "Inbound", "unsuitable certificate purpose", ends(CORE, 24000, EDGE, 7001)
    )
    files = files_of(made.with_edge(trusted=trusted).with_core(trusted=trusted))
    case = case_of(tmp_path / "case", files, change=more_log("edge", line))
    assert "uc-zone.client-issuing-ca-eku" not in codes(case)


SCANNED = ("no shared cipher", "unsupported protocol", "peer did not return a certificate",
           "unable to get local issuer certificate", "sslv3 alert certificate unknown")  # fmt: skip


def test_scanners_on_open_ports_do_not_break_a_healthy_system(tmp_path: Path) -> None:
    """Whoever opens SIP TLS to Edge and is named nowhere is told last, with the doubt."""
    lines = [
        refused("edge", "Inbound", words, ends(f"198.51.100.{number}", 40000, EDGE, 5061))
        for number, words in enumerate(SCANNED, 1)
    ]
    lines.append(refused("edge", "Inbound", SCANNED[-1], ends("203.0.113.9", 50000, EDGE, 8443)))
    case = case_of(tmp_path / "case", files_of(deployment("C3")), change=more_log("edge", *lines))
    assert broken(case) == set()
    assert case.headline.startswith("Nothing is broken in what this archive shows.")
    told = [f for f in case.findings if f.code.startswith(("b2b-in.", "mra-client."))]
    assert {f.confidence for f in told} == {Confidence.POSSIBLE}
    assert all("scanner" in f.found for f in told)


def test_a_peer_of_a_zone_is_no_stranger(tmp_path: Path) -> None:
    """A far end that a zone of Edge names is broken when it is refused."""
    zone = (
        b'*c xConfiguration Zones Zone 5 Type: "Neighbor"\n'
        b'*c xConfiguration Zones Zone 5 Neighbor Peer 1 Address: "198.51.100.1"\n'
    )
    line = refused("edge", "Inbound", SCANNED[2], ends("198.51.100.1", 40000, EDGE, 5061))

    def change(name: str, data: bytes) -> bytes | None:
        if name.startswith("xconf_dump_edge"):
            return data + zone if name.endswith(".txt") else None
        return more_log("edge", line)(name, data)

    case = case_of(tmp_path / "case", files_of(deployment("C3")), change=change)
    assert "b2b-in.client-no-certificate" in broken(case)


def test_what_no_words_explain_is_not_put_on_another_far_end(tmp_path: Path) -> None:
    """Two neighbors fail apart; the reason of one is no reason of the other."""
    lines = [
        refused("core", "Inbound", words, ends(f"192.0.2.{number}", 40000, CORE, 5061))
        for number, words in ((7, "unsuitable certificate purpose"), (8, "no shared cipher"))
    ]
    case = case_of(tmp_path / "case", files_of(deployment("C3")), change=more_log("core", *lines))
    assert "192.0.2.8" not in finding(case, "neighbor-in.client-eku-missing").found
    assert "192.0.2.8" in finding(case, "neighbor-in.other").found


def test_a_refused_certificate_that_was_replaced_since_is_not_asked_for_again(
    tmp_path: Path,
) -> None:
    """The packet shows one serial, the store holds another: look first whether it works now."""
    new = {n: data for n, data in files_of(deployment("C2.1")).items() if n.endswith(".pem")}
    case = case_of(tmp_path / "case", files_of(deployment("C2")) | new)
    found = finding(case, "uc-zone.client-eku-missing")
    stored = case.certificates.query("host == 'core' and store == 'client'")["serial"].item()
    assert (found.severity, found.confidence) == (Severity.BROKEN, Confidence.POSSIBLE)
    assert stored in found.found
    assert case.headline.startswith("Possibly: ")
    assert "See first whether it connects now" in case.headline


def test_a_store_that_does_not_fit_the_refusal_is_told(tmp_path: Path) -> None:
    """Without a packet the words still say purpose, and the store's certificate has clientAuth."""
    line = refused(
        "edge", "Inbound", "unsuitable certificate purpose", ends(CORE, 24000, EDGE, 7001)
    )
    change = more_log("edge", line)
    case = case_of(tmp_path / "case", files_of(deployment("C2.1")), change=change)
    found = finding(case, "uc-zone.client-eku-missing")
    assert (found.severity, found.confidence) == (Severity.BROKEN, Confidence.POSSIBLE)
    assert "another one was refused" in found.found


def test_one_expired_certificate_is_one_broken_thing() -> None:
    """The certificate's own finding repeats the zone's, so the headline does not count it."""
    case = investigate(open_archive(CASES / "core-client-expired.tar.gz"), at=AT)
    assert {"certificate.expired", "uc-zone.client-expired"} <= codes(case)
    assert "more broken thing" not in case.headline
