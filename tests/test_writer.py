"""An archive that the kit writes says what the deployment was, in the documented grammar."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from archives import NAME, addresses, file_of, frames, unpacked
from captures import alerts, expert_warnings, serials
from judges import needs_openssl, needs_tshark
from test_engines import EC

from ekukit.archive.dump import read_configuration
from ekukit.certificates import read_pem
from ekukit.cli import main
from ekukit.connections import CATALOG, Cause, Side, Verdict
from ekukit.course import mendings as changes
from ekukit.errors import InputError
from ekukit.expressway import (
    Choices,
    Deployment,
    FarEndKind,
    Knowledge,
    Mode,
    Release,
    Role,
    build,
    condition,
)
from ekukit.lab import capture, conversations
from ekukit.log.snapshot import read_log
from ekukit.samples.refusal_texts import ALERT_BASE, ALERT_WORDS, REASON_WORDS, refusal
from ekukit.samples.writer import Recording, packed, write_archive
from ekukit.samples.written_log import excerpt, log_lines

REFUSED = build(condition("C2", key=EC))
HEALTHY = build(condition("C2.1", key=EC))
FILES = unpacked(write_archive(REFUSED))
KINDS = {
    ("loggingsnapshot", "txt"), ("xconf_dump", "txt"), ("xconf_dump", "xml"),
    ("xstat_dump", "txt"), ("xstat_dump", "xml"), ("ca", "pem"), ("server", "pem"),
    ("client", "pem"), ("eth0_diagnostic_logging_tcpdump00", "pcap"),
}  # fmt: skip


def configured(choices: Choices, host: str) -> dict[str, str]:
    """Return the settings of a node as the reader reads its text dump."""
    files = unpacked(write_archive(build(choices), Recording(connections=("neighbor-in",))))
    frame = read_configuration(file_of(files, "xconf_dump", host, "txt"))
    return dict(zip(frame["path"], frame["value"], strict=True))


def told(deployment: Deployment, role: Role, names: tuple[str, ...], **how: object) -> list[str]:
    """Return the log lines of a role's first node."""
    node = (deployment.core if role is Role.CORE else deployment.edge)[0]
    return log_lines(deployment, node, conversations(deployment, names, **how))  # type: ignore[arg-type]


def hosts(files: dict[str, bytes]) -> set[str]:
    """Return the hosts whose files are there."""
    return {match[2] for name in files if (match := NAME.fullmatch(name))}


def test_every_node_has_the_documented_files() -> None:
    """Nine files a node, each named by kind, host and time."""
    found = [match.groups() for name in FILES if (match := NAME.fullmatch(name))]
    assert len(found) == len(FILES)
    assert {(kind, end) for kind, host, end in found if host == "core"} == KINDS
    assert {(kind, end) for kind, host, end in found if host == "edge"} == KINDS


def test_a_release_with_one_store_has_neither_client_file_nor_mode() -> None:
    """Before X15.5 no client.pem is written and the mode is not a setting."""
    files = unpacked(write_archive(build(condition("C3", key=EC, release=Release.X15_4))))
    assert [name for name in files if name.startswith("client_")] == []
    assert b"ExtendedKeyUsage" not in file_of(files, "xconf_dump", "core", "txt")


@pytest.mark.parametrize("host", ["core", "edge"])
def test_every_record_is_read_into_the_fields_meant(host: str) -> None:
    """No line is lost; time, host and process stand in each record, the 4-tuple in all of SIP."""
    data = file_of(FILES, "loggingsnapshot", host, "txt")
    frame = read_log(data)
    assert int(frame["lines"].sum()) == len(data.splitlines())
    assert frame["time"].notna().all()
    assert set(frame["host"]) == {host}
    assert set(frame["process"]) <= {"ekukit", "tvcs", "traffic_server", "ssh"}
    sip = frame[frame["process"] == "tvcs"]
    assert sip[["src_ip", "src_port", "dst_ip", "dst_port"]].notna().all(axis=None)
    assert (sip["module"].notna() | sip["event"].notna()).all()


def test_edge_tells_its_refusal_and_core_the_alert() -> None:
    """Who refuses names OpenSSL's reason; who is refused reads the alert."""
    edge = read_log("\n".join(told(REFUSED, Role.EDGE, ("uc-zone",))).encode())
    core = read_log("\n".join(told(REFUSED, Role.CORE, ("uc-zone",))).encode())
    event = edge[edge["event"] == "Inbound TLS Negotiation Error"].iloc[0]
    assert event["detail"] == "unsuitable certificate purpose"
    errors = edge[edge["level"] == "ERROR"]["reason"].tolist()
    assert errors == ["error:0A000086:SSL routines::certificate verify failed"]
    event = core[core["event"] == "Outbound TLS Negotiation Error"].iloc[0]
    assert event["detail"] == "sslv3 alert unsupported certificate"
    assert 'Common-name="edge.example.com"' in event["body"]
    assert 'bServer="false"' in "\n".join(core["body"])
    assert core["detail"].iloc[-1] == "TCP Connection Closed"


def test_an_accepted_zone_shows_the_trail_and_both_messages() -> None:
    """Connecting, established, in progress, succeeded, then OPTIONS and its answer."""
    frame = read_log("\n".join(told(HEALTHY, Role.CORE, ("uc-zone",))).encode())
    trail = ["TCP Connecting", "TCP Connection Established", "Handshake in progress",
             "Handshake succeeded"]  # fmt: skip
    assert frame["detail"].dropna().tolist()[1:] == trail
    asked, answered = frame[frame["module"] == "network.sip"]["body"]
    assert " SIPMSG:\n |OPTIONS sip:" in asked
    assert " |SIP/2.0 200 OK\n" in answered
    assert asked.endswith("\n |")
    assert 'Action="Sent" Local-ip="10.106.80.16"' in asked
    assert 'Action="Received" Local-ip="10.106.80.16"' in answered


def test_a_refused_tunnel_is_told_by_ekukit_alone() -> None:
    """No line in a process of Expressway's is made up for it."""
    lines = told(REFUSED, Role.CORE, ("ssh-tunnel",))
    assert [line.split()[2] for line in lines] == ["ekukit:", "ekukit:"]
    assert "not published" in lines[1]
    assert "ermission" not in lines[1]
    assert len(told(REFUSED, Role.EDGE, ("ssh-tunnel",))) == 1


def test_cucm_that_refuses_is_told_by_traffic_server() -> None:
    """The published line names the far end and OpenSSL's error."""
    choices = condition("C2.1", key=EC).with_far_end(FarEndKind.CUCM, checks=Knowledge.YES)
    untrusting = build(choices)
    far = replace(untrusting.far_end(FarEndKind.CUCM), trusts=frozenset())
    line = told(replace(untrusting, far_ends=(far,)), Role.CORE, ("cucm-tftp",))[-1]
    assert line.endswith(
        " core traffic_server[2030]:[ET_NET 1]ERROR:SSL connection failed for 'cucm.example.com'"
        ":error:0A000418:SSL routines::tlsv1 alert unknown ca"
    )


def test_a_log_says_that_it_is_synthetic_in_its_first_line() -> None:
    """Nobody takes it for Expressway's."""
    first = file_of(FILES, "loggingsnapshot", "edge", "txt").splitlines()[0]
    assert b" edge ekukit: synthetic log" in first


def test_times_are_in_the_nodes_zone_and_utctime_is_not() -> None:
    """An offset of +05:30 moves the clock of the stamp, not the moment."""
    found = conversations(REFUSED, ("uc-zone",))
    india = timezone(timedelta(hours=5, minutes=30))
    line = log_lines(REFUSED, REFUSED.core[0], found, zone=india)[1]
    assert line.startswith("2026-06-15T05:30:00.000+05:30 core tvcs: ")
    assert 'UTCTime="2026-06-15 00:00:00,000"' in line


@pytest.mark.parametrize("host", ["core", "edge"])
def test_log_times_are_packet_times(host: str) -> None:
    """Every record stands at the moment of a packet in the same node's capture."""
    pcap = file_of(FILES, "eth0_diagnostic_logging_tcpdump00", host, "pcap")
    moments = {moment for moment, _ in frames(pcap)}
    log = read_log(file_of(FILES, "loggingsnapshot", host, "txt"))
    assert {time.to_pydatetime().astimezone(UTC) for time in log["time"][1:]} - moments == set()


@pytest.mark.parametrize(("host", "address"), [("core", "10.106.80.16"), ("edge", "10.106.80.31")])
def test_a_capture_shows_the_nodes_own_conversations(host: str, address: str) -> None:
    """No packet between two others is in it."""
    pcap = file_of(FILES, "eth0_diagnostic_logging_tcpdump00", host, "pcap")
    assert [frame for _, frame in frames(pcap) if address not in addresses(frame)] == []


def test_both_captures_hold_the_same_packets_of_what_both_saw() -> None:
    """What crossed between Core and Edge was recorded once."""
    pair = {"10.106.80.16", "10.106.80.31"}
    shared = []
    for host in ("core", "edge"):
        pcap = file_of(FILES, "eth0_diagnostic_logging_tcpdump00", host, "pcap")
        shared.append([packet for packet in frames(pcap) if addresses(packet[1]) == pair])
    assert len(shared[0]) > 50
    assert shared[0] == shared[1]


def test_what_a_far_end_may_do_is_not_recorded() -> None:
    """By default it is not known whether Webex checks EKUs, so no call to it is in the capture."""
    pcap = file_of(FILES, "eth0_diagnostic_logging_tcpdump00", "edge", "pcap")
    webex = REFUSED.far_end(FarEndKind.WEBEX).address
    assert [frame for _, frame in frames(pcap) if webex in addresses(frame)] == []


def test_what_nobody_answers_is_seen_by_the_initiator_alone() -> None:
    """SYNs in Core's capture, nothing in Edge's, and the published time-out line at Core."""
    how = Recording(connections=("ssh-tunnel",), blocked=("ssh-tunnel",))
    files = unpacked(write_archive(HEALTHY, how))
    pcaps = [
        file_of(files, "eth0_diagnostic_logging_tcpdump00", h, "pcap") for h in ("core", "edge")
    ]
    core, edge = (list(frames(pcap)) for pcap in pcaps)
    assert [round((moment - HEALTHY.at).total_seconds()) for moment, _ in core] == [
        0, 1, 3, 7, 15, 31, 63,
    ]  # fmt: skip
    assert edge == []
    line = file_of(files, "loggingsnapshot", "core", "txt").decode().splitlines()[1]
    expected = 'Detail="ssh: connect to host edge.example.com port 2222: Connection timed out"'
    assert line == f'2026-06-15T00:02:07.000+00:00 core ssh: {expected} Level="ERROR"'


def test_a_zone_that_nobody_answers_ends_in_a_time_out() -> None:
    """Core tells connecting and closing, and no handshake."""
    frame = read_log(
        "\n".join(told(HEALTHY, Role.CORE, ("uc-zone",), blocked=("uc-zone",))).encode()
    )
    assert frame["detail"].tolist()[1:] == ["TCP Connecting", "TCP Connection Closed"]
    assert frame["reason"].tolist()[-1] == "Connection timed out"


@pytest.mark.parametrize("engine", [REFUSED, HEALTHY], ids=["refused", "healthy"])
def test_no_private_key_is_in_any_file(engine: Deployment) -> None:
    """Keys stay in the lab's memory, and no TLS secret is in a capture."""
    files = unpacked(write_archive(engine))
    held = [n for n, data in files.items() if b"PRIVATE" in data or b"CLIENT_RANDOM" in data]
    assert held == []


def test_status_says_nothing_of_zones_and_tunnels() -> None:
    """The elements that would are not published."""
    text = file_of(FILES, "xstat_dump", "core", "txt").decode()
    assert 'Version: "X15.5"' in text
    assert re.search(r"zone|tunnel|active|failed", text, re.IGNORECASE) is None


@pytest.mark.parametrize("host", ["core", "edge"])
def test_both_forms_of_the_configuration_say_the_same(host: str) -> None:
    """Text and XML differ in the indexes that XML writes on every element."""
    text, xml = (
        read_configuration(file_of(FILES, "xconf_dump", host, end)) for end in ("txt", "xml")
    )
    bare = [re.sub(r" \d+\b", "", path) for path in text["path"]]
    assert bare == [re.sub(r" \d+\b", "", path) for path in xml["path"]]
    assert text["value"].tolist() == xml["value"].tolist()
    assert text.attrs["problems"] == xml.attrs["problems"] == ()


def test_the_configuration_carries_what_handshakes_depend_on() -> None:
    """Mode, domains, peers, verify names and the neighbor zone's TLS verify are in it."""
    choices = condition(
        "C2.1", key=EC, edge_checking=Mode.OFF, neighbor_verify=Mode.OFF, edge_peers=2,
        core_peers=2, domains=("a.example.com",),
    )  # fmt: skip
    core, edge = configured(choices, "core"), configured(choices, "edge")
    assert core["SIP TLS Certificate ExtendedKeyUsage Checking Mode"] == "On"
    assert edge["SIP TLS Certificate ExtendedKeyUsage Checking Mode"] == "Off"
    assert core["SIP Domains Domain 1 Name"] == "a.example.com"
    assert core["Zones Zone 1 TraversalClient Peer 2 Address"] == "edge2.example.com"
    assert core["Zones Zone 2 Neighbor SIP TLS Verify Mode"] == "Off"
    assert edge["Alternates Peer 2 Address"] == "edge2.example.com"
    name = "Zones Zone 1 TraversalServer SIP TLS Verify Subject Name"
    assert edge[name] == "cluster-core.example.com"
    assert edge["Ethernet 1 IP V4 Address"] == "10.106.80.31"


def test_a_chain_that_was_not_uploaded_is_not_in_the_store_file() -> None:
    """The leaf stands alone."""
    store = replace(HEALTHY.core[0].client, chain_uploaded=False)
    files = unpacked(write_archive(HEALTHY.with_core(client=store), Recording(connections=())))
    assert len(read_pem(file_of(files, "client", "core", "pem")).certificates) == 1
    assert len(read_pem(file_of(files, "server", "core", "pem")).certificates) == 2


def test_a_trusted_ca_list_holds_what_the_node_trusts() -> None:
    """Each CA once, also when it is in no chain."""
    names = {ca.subject for ca in REFUSED.edge[0].trusted}
    found = read_pem(file_of(FILES, "ca", "edge", "pem")).certificates
    assert sorted(read.certificate.subject.rfc4514_string() for read in found) == sorted(names)


def test_one_role_or_one_archive_for_each_peer_can_be_asked_for() -> None:
    """Two peers a side give four archives inside, and Edge alone gives its files alone."""
    deployment = build(condition("C2.1", key=EC, core_peers=2, edge_peers=2))
    how = Recording(connections=("uc-zone",), per_peer=True)
    every = unpacked(write_archive(deployment, how))
    edge = unpacked(write_archive(deployment, Recording(roles=(Role.EDGE,), connections=())))
    assert hosts(every) == {"core", "core2", "edge", "edge2"}
    assert hosts(edge) == {"edge", "edge2"}


def test_two_nodes_of_one_host_name_are_refused() -> None:
    """Their files would have the same names."""
    with pytest.raises(InputError, match="'edge'"):
        write_archive(REFUSED.with_core(fqdn="edge.example.org"))


def test_an_unknown_connection_cannot_be_blocked() -> None:
    """A slip in a name does not go by unnoticed."""
    with pytest.raises(KeyError):
        conversations(REFUSED, ("uc-zone",), blocked=("uc-zoen",))


def test_damage_leaves_out_and_cuts_short() -> None:
    """The named files are missing or end early; the others are whole."""
    how = Recording(connections=("uc-zone",), missing=("client_core",), cut=("eth0",))
    whole = unpacked(write_archive(REFUSED, Recording(connections=("uc-zone",))))
    files = unpacked(write_archive(REFUSED, how))
    assert [name.split("_20")[0] for name in whole.keys() - files.keys()] == ["client_core"]
    sizes = [len(files[name]) < len(whole[name]) for name in files]
    assert sizes == [name.startswith("eth0") for name in files]


def test_the_same_files_give_the_same_bytes() -> None:
    """Nothing of the moment of writing is in an archive."""
    files = {"b": b"2", "a": b"1"}
    assert packed(files, REFUSED.at) == packed(dict(reversed(files.items())), REFUSED.at)


@needs_tshark
@pytest.mark.parametrize("host", ["core", "edge"])
def test_tshark_reads_the_captures(host: str, tmp_path: Path) -> None:
    """No warning, the leaf serials of both ends, and the alert."""
    path = tmp_path / "a.pcap"
    path.write_bytes(file_of(FILES, "eth0_diagnostic_logging_tcpdump00", host, "pcap"))
    ends = (REFUSED.edge[0].server.certificate, REFUSED.core[0].client.certificate)
    assert expert_warnings(path) == []
    assert serials(path, 7001) == [found.serial_hex for found in ends if found]
    assert alerts(path, 7001) == [43]


@needs_openssl
@pytest.mark.parametrize(
    ("reason", "words"),
    [*REASON_WORDS.items(), *((ALERT_BASE + n, text) for n, text in ALERT_WORDS.items())],
)
def test_refusals_are_told_in_openssls_words(reason: int, words: str) -> None:
    """`openssl errstr` prints the same text for the same code."""
    code = f"{0x0A000000 | reason:08X}"
    told = subprocess.run(["openssl", "errstr", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip().replace("ssl/tls alert", "sslv3 alert") == (
        f"error:{code}:SSL routines::{words}"
    )


@pytest.mark.parametrize(
    ("verdict", "server", "client"),
    [
        (Verdict(Cause.NAME, Side.CLIENT, 62, 0, 42),
         "Peer's TLS certificate identity was unacceptable", "sslv3 alert bad certificate"),
        (Verdict(Cause.NO_CERTIFICATE, Side.CLIENT, alert=40),
         "peer did not return a certificate", "sslv3 alert handshake failure"),
        (Verdict(Cause.NO_CERTIFICATE, Side.SERVER, alert=40),
         "no shared cipher", "sslv3 alert handshake failure"),
        (Verdict(Cause.UNTRUSTED, Side.SERVER, 20, 0, 48),
         "tlsv1 alert unknown ca", "unable to get local issuer certificate"),
        (Verdict(Cause.OTHER, text="no idea"), "no idea", "no idea"),
    ],
    ids=["name", "no client certificate", "no server certificate", "untrusted server", "other"],
)  # fmt: skip
def test_each_side_tells_what_it_can_know(verdict: Verdict, server: str, client: str) -> None:
    """The side that refuses knows why, the other one the alert."""
    assert refusal(verdict, Side.SERVER).words == server
    assert refusal(verdict, Side.CLIENT).words == client


@pytest.mark.parametrize("deployment", [REFUSED, HEALTHY], ids=["refused", "healthy"])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("row", CATALOG, ids=lambda row: row.id)
def test_an_excerpt_is_short_and_says_that_it_is_synthetic(
    row: object, role: Role, deployment: Deployment
) -> None:
    """At most 20 lines of every connection at either node."""
    lines = excerpt(deployment, row.id, role)  # type: ignore[attr-defined]
    assert "synthetic" in lines[0]
    assert 1 <= len(lines) <= 20


def test_an_excerpt_of_an_active_zone_keeps_the_answer() -> None:
    """The 200 OK is what shows that the zone is up."""
    assert " |SIP/2.0 200 OK" in excerpt(HEALTHY, "uc-zone", Role.EDGE)


def test_conversations_of_one_address_keep_their_numbers() -> None:
    """Ports and times are the same as when all are made."""
    every = [(c.connection, c.client_port, c.start) for c in conversations(REFUSED)
             if c.has("10.106.80.31")]  # fmt: skip
    some = conversations(REFUSED, address="10.106.80.31")
    assert [(c.connection, c.client_port, c.start) for c in some] == every


def test_a_capture_is_made_of_given_conversations() -> None:
    """The same conversations give the same bytes."""
    made = conversations(REFUSED, ("uc-zone",))
    assert capture(REFUSED, made=made) == capture(REFUSED, made=made)


def test_simulate_writes_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The option names the file, and the files of both nodes are in it."""
    path = tmp_path / "out.tar.gz"
    assert main(["simulate", "C2.1", "--json", "--archive", str(path)]) == 0
    assert len(unpacked(path.read_bytes())) == 18
    assert capsys.readouterr().out.startswith("{")


def test_simulate_refuses_an_archive_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says which file, why, and what to do."""
    path = tmp_path / "nowhere" / "out.tar.gz"
    assert main(["simulate", "C2.1", "--archive", str(path)]) == 2
    assert "choose another folder" in capsys.readouterr().err


def test_an_excerpt_tells_of_the_peer_whose_attempt_failed() -> None:
    """The second of two Core peers has its old certificate: its refusal is told, in its log."""
    lines = excerpt(changes.peer_forgotten(), "uc-zone", Role.CORE)
    assert all(" core2 " in line for line in lines if line.startswith("20"))
    assert any("Outbound TLS Negotiation Error" in line for line in lines)
