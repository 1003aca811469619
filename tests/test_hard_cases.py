"""Cases that look like something else: what an expert would not conclude is not concluded."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cases import (
    AT,
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

from ekukit.archive import open_archive
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH
from ekukit.certificates.eku import ANY
from ekukit.connections import State
from ekukit.diagnosis.findings.finding import Confidence, Severity
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError
from ekukit.expressway import Mode, Role
from ekukit.expressway.build import CA1
from ekukit.facts import Status
from ekukit.samples.sample_faults import with_core_client

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
    found = finding(case, "uc-zone.closed")
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
    assert case.headline.startswith("Core and Edge work together in what this archive shows; a")
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
    assert "192.0.2.8" in finding(case, "neighbor-in.no-common-cipher").found


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


def second_system(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files as those of another system: other hosts, names and addresses, no capture."""
    found = {}
    for name, data in files.items():
        if name.endswith((".txt", ".pem")):
            other = name.replace("_core_", "_north_").replace("_edge_", "_south_")
            for old, new in (("core", "north"), ("edge", "south"), ("10.106.80.", "10.9.9.")):
                data = data.replace(old.encode(), new.encode())  # noqa: PLW2901 - step by step
            found[other] = data
    return found


def test_nodes_of_two_systems_are_not_judged_against_each_other(tmp_path: Path) -> None:
    """Core calls one Edge by name, so another customer's Edge in the archive is not its peer."""
    both = files_of(deployment("C3")) | second_system(files_of(deployment("C3")))
    case = case_of(tmp_path / "case", both)
    told = [f.found for f in case.findings if f.code.startswith(("uc-zone.", "ssh-tunnel."))]
    assert told
    assert not any("Core's" in text or "Edge's" in text for text in told)
    assert finding(case, "archive.several-systems").evidence
    pairs = {(o.initiator, o.responder) for o in case.predicted if o.connection == "uc-zone"}
    assert pairs == {(CORE, EDGE), ("10.9.9.16", "10.9.9.31")}


def test_the_verify_name_is_that_of_the_zone_that_core_calls(tmp_path: Path) -> None:
    """Edge has a UC zone for each Core cluster; the port tells which one this Core meets."""

    def change(name: str, data: bytes) -> bytes | None:
        if not name.startswith("xconf_dump_edge"):
            return data
        if name.endswith(".xml"):
            return None
        lines = data.decode().splitlines()
        zone = [line for line in lines if "Zones Zone 1 " in line]
        rest = [line for line in lines if line not in zone]
        first = [
            line.replace("core.example.com", "other.example.com").replace("7001", "7002")
            for line in zone
        ]
        second = [line.replace("Zone 1 ", "Zone 7 ") for line in zone]
        return "\n".join([*rest, *first, *second, ""]).encode()

    made = deployment("C2.1").with_edge(verify_subject_name="core.example.com")
    case = case_of(tmp_path / "case", files_of(made), change=change)
    assert not any("name-mismatch" in code for code in codes(case))
    assert case.deployment is not None
    assert case.deployment.edge[0].verify_subject_name == "core.example.com"


def test_a_mode_that_was_changed_while_logging_ran_is_not_certain(tmp_path: Path) -> None:
    """The dump says On, the zone came up later without clientAuth: the tunnels lead, not it."""
    files = files_of(deployment("C2", edge_checking=Mode.OFF))
    change = replaced("xconf_dump_edge", 'Mode: "Off"', 'Mode: "On"')
    case = case_of(tmp_path / "case", files, change=change)
    found = finding(case, "uc-zone.client-eku-missing")
    assert (found.severity, found.confidence) == (Severity.WILL_BREAK, Confidence.POSSIBLE)
    assert "last seen to work" in found.found
    assert "ExtendedKeyUsage Checking Mode" in found.decide
    assert case.headline.startswith("SSH tunnel: ")


def test_a_mode_off_that_a_refusal_denies_is_not_certain(tmp_path: Path) -> None:
    """The dump says Off, Edge refused the EKU all the same: that Off hides it is taken back."""
    change = replaced("xconf_dump_edge", 'Mode: "On"', 'Mode: "Off"')
    case = case_of(tmp_path / "case", files_of(deployment("C2")), change=change)
    found = finding(case, "mode.off-hides-missing-client-auth")
    assert (found.severity, found.confidence) == (Severity.NOTE, Confidence.POSSIBLE)
    assert "uc-zone.client-eku-missing" in broken(case)


def test_a_tunnel_that_a_pasted_page_shows_active_is_not_broken(tmp_path: Path) -> None:
    """Certificates foresee a refusal, the page shows Active: what is seen counts before."""
    page = "edge.example.com\texample.com\tActive\t2026-06-15 09:00:00\t\tcore.example.com\n"
    case = case_of(tmp_path / "case", files_of(deployment("C2")), pasted=page)
    assert broken(case) == {"uc-zone.client-eku-missing"}


def test_a_name_over_ssh_is_no_more_than_possible(tmp_path: Path) -> None:
    """No source says that the zone's verify name counts for the tunnels."""
    made = deployment("C2.1").with_edge(verify_subject_name="cluster.example.com")
    case = case_of(tmp_path / "case", files_of(made))
    found = finding(case, "ssh-tunnel.client-name-mismatch")
    assert (found.severity, found.confidence) == (Severity.WEAK, Confidence.POSSIBLE)
    assert case.headline.startswith("UC traversal zone: ")
    assert "SSH tunnel" not in case.headline


def test_a_limited_issuing_ca_that_nobody_refused_is_likely(tmp_path: Path) -> None:
    """What Expressway does with it is inferred from OpenSSL, so a prediction is not certain."""
    made = with_core_client(deployment("C2"), ekus=(SERVER_AUTH, CLIENT_AUTH))
    unsaid = without("loggingsnapshot", "eth0")
    case = case_of(tmp_path / "case", files_of(made), change=unsaid)
    assert finding(case, "uc-zone.client-issuing-ca-eku").confidence is Confidence.LIKELY


def test_a_capture_tells_the_side_of_a_node_without_configuration(tmp_path: Path) -> None:
    """Its certificate answers on the zone's port, so it is Edge, and is told once."""
    files = files_of(deployment("C2.1"))
    case = case_of(tmp_path / "case", files, change=without("xconf_dump_edge"))
    assert {node.host: node.role for node in case.nodes} == {"core": Role.CORE, "edge": Role.EDGE}
    assert codes(case) & {"archive.role-unknown", "archive.one-side"} == set()
    assert sorted(case.certificates["host"].unique()) == ["core", "edge"]


@pytest.mark.parametrize("name", ["holiday.docx", "random.tar.gz", "notes.pdf"])
def test_files_that_are_no_archive_are_no_healthy_system(tmp_path: Path, name: str) -> None:
    """Where nothing of an archive is read there is no verdict, but a sentence on what to give."""
    (tmp_path / name).write_bytes(b"\x07hello, world\n" * 40)
    told = "(not a file that the kit knows|an archive by its name, and none by its bytes)"
    with pytest.raises(InputError, match=f"{name}: {told}"):
        open_archive(tmp_path)


def test_any_eku_is_inferred_and_no_more_than_likely(tmp_path: Path) -> None:
    """OpenSSL does not take it for clientAuth; no source says what Expressway does."""
    made = with_core_client(deployment("C2.1"), ekus=(ANY,))
    case = case_of(tmp_path / "case", files_of(made), change=without("loggingsnapshot", "eth0"))
    for name, fact in (("uc-zone", "E5"), ("ssh-tunnel", "E13")):
        found = finding(case, f"{name}.client-eku-missing")
        assert (found.confidence, found.basis) == (Confidence.LIKELY, Status.INFERRED)
        assert fact in found.facts


def test_mode_off_with_server_auth_alone_is_documented(tmp_path: Path) -> None:
    """Test case 2 shows it; only other EKUs rest on our reading of Off."""
    hidden = "mode.off-hides-missing-client-auth"
    files = files_of(deployment("C2", edge_checking=Mode.OFF))
    found = finding(case_of(tmp_path / "case", files), hidden)
    assert (found.confidence, found.basis) == (Confidence.CERTAIN, Status.DOCUMENTED)
    odd = with_core_client(deployment("C2.1", edge_checking=Mode.OFF), ekus=(SERVER_AUTH, ANY))
    assumed = finding(case_of(tmp_path / "odd", files_of(odd)), hidden)
    assert (assumed.confidence, assumed.basis) == (Confidence.LIKELY, Status.ASSUMED)


def test_a_self_signed_certificate_has_no_issuing_ca_to_trust(tmp_path: Path) -> None:
    """The way out is another certificate, or this one in the list; there is no root of it."""
    made = with_core_client(deployment("C2.1"), chain=())
    case = case_of(tmp_path / "case", files_of(made))
    found = finding(case, "uc-zone.client-untrusted")
    assert found.todo.startswith("It is self-signed: ")
    assert "self-signed" in case.headline


def test_lines_that_tell_the_end_stand_before_those_of_the_beginning(tmp_path: Path) -> None:
    """Three lines of a connection are evidence; the refusal is worth more than the first step."""
    pairs = ends(CORE, 26000, EDGE, 7001)
    failed = ("developer.ssl", "Handshake Failed", "")
    lines = [
        *trail("edge1", pairs, *BEGINS),
        refused("edge1", "Inbound", "unsuitable certificate purpose", pairs),
        *trail("edge1", pairs, failed),
    ]
    found = finding(log_only(tmp_path, *lines), "uc-zone.client-eku-missing")
    assert [evidence.line for evidence in found.evidence] == [4, 5, 2]


def test_what_fails_alike_is_named_together() -> None:
    """Seen in a capture or foreseen, one cause of two connections is one sentence."""
    case = investigate(open_archive(CASES / "core-sends-no-certificate.tar.gz"), at=AT)
    assert case.headline.startswith("UC traversal zone and MRA provisioning fail: ")


def test_core_alone_that_reached_edge_contests_the_default_mode(tmp_path: Path) -> None:
    """Edge's mode is only assumed to be On; Core's own log shows that the zone came up."""
    made = deployment("C2", edge_checking=Mode.OFF)
    files = files_of(made, Recording(roles=(Role.CORE,), connections=("uc-zone",)))
    case = case_of(tmp_path / "case", files, change=without("eth0"))
    assert finding(case, "uc-zone.client-eku-missing").severity is Severity.WILL_BREAK
    assert case.headline.startswith("SSH tunnel: ")


def test_a_renewal_warns_of_client_auth_only_where_it_would_be_lost(tmp_path: Path) -> None:
    """An internal CA goes on giving clientAuth, and a server certificate does not need it."""
    soon = AT + timedelta(days=9)
    for name, warned in (("C3", False), ("C1", True)):
        made = with_core_client(deployment(name), not_after=soon)
        case = case_of(tmp_path / name, files_of(made))
        assert ("clientAuth" in finding(case, "certificate.expires-soon").todo) is warned


def test_what_was_seen_and_what_follows_are_told_apart_in_the_headline(tmp_path: Path) -> None:
    """Two refusals in the log are counted; the tunnel, of which no line tells, follows."""
    pairs = (ends(CORE, 26000 + place, EDGE, 7001) for place in range(2))
    lines = [refused("edge", "Inbound", "unsuitable certificate purpose", ends_) for ends_ in pairs]
    change = more_log("edge", *lines)
    files = {n: d for n, d in files_of(deployment("C2")).items() if n.endswith((".pem", ".txt"))}
    files = {n: b"" if n.startswith("loggingsnapshot") else d for n, d in files.items()}
    case = case_of(tmp_path / "case", files, change=change)
    assert "Seen: UC traversal zone refused twice; follows: SSH tunnel." in case.headline


@pytest.mark.parametrize("path", sorted(CASES.glob("*.tar.gz")), ids=lambda path: path.stem)
def test_certain_is_never_said_of_what_was_assumed(path: Path) -> None:
    """A refusal that was seen shows the mode that a prediction had to assume."""
    case = investigate(open_archive(path))
    sure = [found for found in case.findings if found.confidence is Confidence.CERTAIN]
    assert [found.found for found in sure if "assumed" in found.found] == []


def test_damage_stands_in_the_headline_of_a_broken_case() -> None:
    """What could not be read can hide another fault."""
    case = investigate(open_archive(CASES / "damaged.tar.gz"))
    assert "as the refusal shows" in case.headline
    assert "Beware: part of the archive could not be read" in case.headline


def test_the_remedy_names_the_ca_that_would_keep_the_fault(tmp_path: Path) -> None:
    """Renewing like for like does not help where the issuing CA is limited, too."""
    case = case_of(tmp_path / "case", files_of(deployment("C2")))
    assert "from another CA than CA 2 Public TLS Issuing CA" in case.headline


def test_of_two_cas_of_one_name_the_one_that_nobody_stands_below_is_to_go() -> None:
    """Told by serial number; the one above the node's own certificates stays."""
    case = investigate(open_archive(CASES / "odd-certificates.tar.gz"))
    found = finding(case, "trust.duplicate-common-name")
    used, idle = (one.serial for one in found.evidence)
    assert f"stand below the one with serial {used}." in found.found
    assert found.todo.startswith(f"Remove the one with serial {idle} (")


def test_certificates_whose_files_tell_no_store_are_told_and_not_called_healthy(
    tmp_path: Path,
) -> None:
    """Who sends certificates under names of their own hears of each, and how to have it judged."""
    files = files_of(deployment("C1"))
    sent = {name: data for name, data in files.items() if name.startswith(("client_core", "ca_"))}
    renamed = {f"mail{place}.pem": data for place, data in enumerate(sent.values())}
    alone = case_of(tmp_path / "alone", renamed)
    assert alone.headline.startswith("Nothing broken was found, but a certificate is not judged")
    assert "core.example.com, serverAuth + clientAuth, until" in alone.headline
    assert "ekukit check" in alone.headline
    assert codes(alone) == {"archive.loose-certificates"}
    beside = case_of(tmp_path / "beside", {**files_of(deployment("C2.1")), **renamed})
    assert "archive.loose-certificates" in codes(beside)
    assert "not judged" not in beside.headline
    copy = case_of(tmp_path / "copy", {**files, **renamed})
    assert "archive.loose-certificates" not in codes(copy)
