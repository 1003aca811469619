"""Cases that look like something else: what an expert would not conclude is not concluded."""

from dataclasses import replace
from pathlib import Path

from cases import Change, case_of, codes, deployment, files_of, finding, log_only

from ekukit.archive.sample_faults import with_core_client
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.connections import State
from ekukit.diagnosis.finding import Confidence, Severity
from ekukit.expressway import CA1

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
