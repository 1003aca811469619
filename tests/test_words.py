"""Every word that a program is known to say has a row, and every row gives the right finding."""

import re
from collections import Counter
from pathlib import Path

import pytest
from cases import codes, finding, log_only
from OpenSSL import _util

from ekukit.archive.log_files import LogFile, LogFiles
from ekukit.connections import CATALOG, Cause, Protocol, Side
from ekukit.diagnosis.evidence.inventory import Inventory
from ekukit.diagnosis.evidence.logged import what_log_tells
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.tries import Map, with_sides
from ekukit.diagnosis.findings.codes import CODES, connection_code
from ekukit.diagnosis.findings.finding_set import Gathered
from ekukit.diagnosis.findings.observations import add_observations
from ekukit.facts import ledger
from ekukit.log.meanings import alert_meaning, judged_side, meaning_of, nearest
from ekukit.log.snapshot import Snapshot
from ekukit.log.troubles import TROUBLES, UNREACHED, Trouble, trouble_code
from ekukit.log.words import Fate, Trade, WordRow, rows, vocabulary
from ekukit.stacks import KNOWN, published

STAMP = "2026-03-29T06:58:01.231+00:00"
UTC = 'UTCTime="2026-03-29 06:58:01,231"'
CORE, EDGE = ("192.0.2.16", 25011), ("192.0.2.31", 7001)
ENDS = 'Src-ip="192.0.2.16" Src-port="25011" Dst-ip="192.0.2.31" Dst-port="7001"'
CONFIG = (
    b'*c xConfiguration Zones Zone 3 Name: "UC"\n'
    b'*c xConfiguration Zones Zone 3 Type: "TraversalServer"\n'
    b'*c xConfiguration Zones Zone 3 TraversalServer Collaboration Edge: "On"\n'
    b'*c xConfiguration Zones Zone 3 TraversalServer SIP Port: "7001"\n'
)
# Numbers of OpenSSL without words of their own: nothing can be said by them.
NO_WORDS = {0: "ok"}
UNUSED = "unknown certificate verification error"


def event(way: str, words: str) -> str:
    """Return a published kind of event line with these words."""
    return (
        f'{STAMP} edge1 tvcs: Event="{way} TLS Negotiation Error" Service="SIP" {ENDS} '
        f'Detail="{words}" Protocol="TLS" Level="1" {UTC}'
    )


def padded(way: str, words: str) -> str:
    """Return the same with blanks inside the quotes, as the field has them."""
    return (
        f'{STAMP} edge1 tvcs: Event=" {way} TLS Negotiation Error " Service="SIP" '
        f'{ENDS.replace("7001", " 7001 ")} Detail=" {words} " Protocol="TLS" Level="1" {UTC}'
    )


def companion(way: str, words: str) -> str:
    """Return a published kind of line of developer.ssl with these words."""
    answers = way == "Inbound"
    here, there = (EDGE, CORE) if answers else (CORE, EDGE)
    return (
        f'{STAMP} edge1 tvcs: {UTC} Module="developer.ssl" Level="ERROR" '
        'CodeLocation="ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)" Method="::TTSSLErrorOutput" '
        'Thread="0x7f00": TTSSL_continueHandshake: Failed to establish SSL connection '
        f'iResult="-1" error="1" bServer="{str(answers).lower()}" '
        f"localAddress=\"['IPv4''TCP''{here[0]}:{here[1]}']\" "
        f"remoteAddress=\"['IPv4''TCP''{there[0]}:{there[1]}']\" ssl_error_reason=\"{words}\""
    )


def quoted_wrongly(way: str, words: str) -> str:
    """Return the event with a quote too many before the words and one missing behind a port."""
    return event(way, words).replace('Detail="', 'Detail=""').replace('port="7001"', 'port="7001')


SHAPES = {"event": event, "padded": padded, "companion": companion, "misquoted": quoted_wrongly}


def spelled(row: WordRow, text: str) -> list[str]:
    """Return a text as programs print it."""
    if row.trade is not Trade.ALERT:
        return [text]
    named = [f"sslv3 alert {text}", f"tlsv13 alert {text}", f"ssl/tls alert {text}",
             f"error:0A000416:SSL routines::tlsv1 alert {text}", f"TLS alert, {text}",
             f"received fatal alert: {text.replace(' ', '_')}"]  # fmt: skip
    return [*named, *(f"SSL alert number {number}" for number in row.numbers)]


def wanted(row: WordRow, way: str) -> str | None:
    """Return the code that a row must give on the UC zone's port."""
    if row.fate in (Fate.ELSEWHERE, Fate.REACHED, Fate.WORKED):
        return None
    if row.fate is not Fate.REFUSED:
        assert row.trouble is not None
        return trouble_code("uc-zone", row.trouble)
    received = row.trade is Trade.ALERT
    side = Side.SERVER if (way == "Inbound") == received else Side.CLIENT
    side = Side.CLIENT if row.cause is Cause.NO_CERTIFICATE else side
    if row.cause is not Cause.OTHER:
        return connection_code("uc-zone", row.cause, side)
    return f"uc-zone.{side.value}-refused" if row.trouble else "uc-zone.other"


OVER_TLS = [r for r in rows() if r.trade is not Trade.SSH and r.fate is not Fate.ELSEWHERE]
OVER_SSH = [row for row in rows() if row.trade is Trade.SSH]


def label(row: WordRow) -> str:
    """Return a name for a row's test."""
    return f"{row.trade.value}: {row.texts[0]}"


UC = frozenset({7001})


def told(*lines: str, known: Map = Map(uc_ports=UC)) -> set[str]:  # noqa: B008 - it is frozen
    """Return the codes of what these lines alone tell, without a case around them."""
    files = LogFiles([LogFile("log", None, Snapshot("\n".join([*lines, ""]).encode()))])
    logged = what_log_tells(files.chosen(Snapshot.records), known)
    gathered = Gathered()
    nothing = Inventory({}, {}, {}, ())
    seen = Seen(tuple(with_sides(logged.tries, known)), (), nothing, known, {}, {}, logged.unknown)
    add_observations(gathered, seen)
    return {found.code for found in gathered.all()}


@pytest.mark.parametrize("way", ["Inbound", "Outbound"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("row", [row for row in OVER_TLS if wanted(row, "Inbound")], ids=label)
def test_every_text_gives_its_finding_in_both_directions(
    row: WordRow, shape: str, way: str
) -> None:
    """Event or companion, padded or quoted wrongly: who refused whom, and why, is the same."""
    code = wanted(row, way)
    texts = row.texts if shape == "event" else row.texts[:2]
    if row.ending and shape == "companion":
        texts = ()  # a socket's words, which OpenSSL does not say
    for text in (one for given in texts for one in spelled(row, given)):
        assert told(SHAPES[shape](way, text)) == {code}, text


@pytest.mark.parametrize("row", OVER_TLS, ids=label)
def test_every_row_stands_in_the_answer_to_a_case(tmp_path: Path, row: WordRow) -> None:
    """A case with an event alone has the row's finding, with its line as evidence."""
    code = wanted(row, "Inbound")
    text = spelled(row, row.texts[0])[0]
    case = log_only(tmp_path, event("Inbound", text), config=CONFIG)
    if code is not None:
        assert [e.line for e in finding(case, code).evidence[:1]] == [1]
        assert "Nothing is broken" not in case.headline
    assert "log.not-understood" not in codes(case)


def ssh(words: str, host: str = "core1") -> str:
    """Return the published kind of line of the program ssh."""
    return f'{STAMP} {host} ssh: Detail="ssh: {words}" Level="ERROR"'


@pytest.mark.parametrize("row", OVER_SSH, ids=label)
def test_every_row_of_ssh_gives_its_finding(row: WordRow) -> None:
    """In a Detail and bare, each is a finding of the tunnel and none is about an EKU."""
    code = trouble_code("ssh-tunnel", row.trouble) if row.trouble else "tunnel.unexplained"
    for text in row.texts:
        for line in (ssh(text), f"{STAMP} core1 ssh[77]: {text}"):
            assert told(line) == ({code} if row.fate is not Fate.ELSEWHERE else set()), text


# Codes of tunnels and of connections without a place that lines of this module produce.
OF_TUNNEL = {trouble_code("ssh-tunnel", row.trouble) for row in OVER_SSH if row.trouble}
OF_TUNNEL |= {trouble_code("ssh-tunnel", trouble) for trouble in UNREACHED}
OF_TUNNEL |= {f"tunnel.{side.value}-refused" for side in Side}
STATUSES = {401: Trouble.SIP_AUTHENTICATION, 407: Trouble.SIP_AUTHENTICATION,
            403: Trouble.SIP_FORBIDDEN, 404: Trouble.SIP_REFUSED, 408: Trouble.SIP_SILENT,
            488: Trouble.SIP_REFUSED, 500: Trouble.SIP_UNAVAILABLE, 503: Trouble.SIP_UNAVAILABLE,
            603: Trouble.SIP_REFUSED}  # fmt: skip
PLACELESS = {trouble_code("", row.trouble) for row in OVER_TLS if row.trouble}
PLACELESS |= {trouble_code("", trouble) for trouble in STATUSES.values()}


def test_a_refusal_over_ssh_says_whose_certificate_it_was() -> None:
    """A verify text of the client is about the host certificate, one of the server about Core's."""
    words = "ssh_verify_cert: certificate verify failed"
    assert told(ssh(words)) == {"tunnel.server-refused"}
    frame = f"{STAMP} edge1 sshd[3]: {words} by 192.0.2.16 port 25011"
    assert told(frame, known=Map(hosts={"192.0.2.16": "core1"})) == {"tunnel.client-refused"}


@pytest.mark.parametrize("row", [row for row in OVER_TLS if row.trouble], ids=label)
def test_a_connection_without_a_place_is_told_as_well(row: WordRow) -> None:
    """On a port that the catalog does not have, the trouble is told and no store is blamed."""
    assert row.trouble is not None
    line = event("Outbound", spelled(row, row.texts[0])[0]).replace("7001", "9999")
    line = line.replace("Protocol=", 'Common-name="far.example.net" Protocol=')
    assert told(line) == {trouble_code("", row.trouble)}


@pytest.mark.parametrize("port", [7001, 9999])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("action", ["Received", "Sent"])
def test_a_sip_answer_other_than_2xx_is_no_fault_of_a_certificate(
    status: int, port: int, action: str
) -> None:
    """To OPTIONS, in both directions; to a call it says nothing, and 2xx mends a challenge."""
    near, far = ("Local", "Src") if action == "Received" else ("Dst", "Local")
    text = (
        f'{STAMP} edge1 tvcs: {UTC} Module="network.sip" Level="DEBUG":  Action="{action}" '
        f'{near}-ip="192.0.2.16" {near}-port="25011" {far}-ip="192.0.2.31" {far}-port="{port}"\n'
        f" SIPMSG:\n |SIP/2.0 {status} Some Words\n CSeq: 3 OPTIONS\n |"
    )
    code = trouble_code("uc-zone" if port in UC else "", STATUSES[status])
    assert told(text) == {code}
    assert told(text.replace("OPTIONS", "INVITE")) == set()
    mended = told(text, text.replace(str(status), "200"))
    assert mended == (set() if status in (401, 407) else {code})


TRANSPORT = {text: row for row in rows() if row.trouble in UNREACHED for text in row.texts}


@pytest.mark.parametrize("text", TRANSPORT)
def test_a_tunnel_that_was_not_reached_says_how(tmp_path: Path, text: str) -> None:
    """A time-out, a closed port, a missing route and a missing name have their own next step."""
    line = ssh(f"connect to host edge.example.com port 2222: {text}")
    trouble = TRANSPORT[text].trouble
    assert trouble is not None
    found = finding(log_only(tmp_path, line), trouble_code("ssh-tunnel", trouble))
    assert "edge.example.com" in found.found
    assert "EKU" not in found.required


def test_every_verify_error_of_openssl_has_a_row() -> None:
    """The bundled library is asked for all its words; each number and text leads to one meaning."""
    missing = []
    for number in range(140):
        words = _util.ffi.string(_util.lib.X509_verify_cert_error_string(number)).decode()
        if number in NO_WORDS or words == UNUSED:
            continue
        by_number = [row for row in rows() if number in row.errors]
        meaning = meaning_of(words)
        if len(by_number) != 1 or meaning is None or meaning.row is not by_number[0]:
            missing.append((number, words))
    assert missing == []


def test_every_alert_of_openssl_has_a_row() -> None:
    """RFC 8446's numbers, and those of older versions, by number and by OpenSSL's word."""
    numbers = {number for row in rows() for number in row.numbers}
    assert numbers == {
        0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 60, 70, 71, 80, 86,
        90, 100, 109, 110, 111, 112, 113, 114, 115, 116, 120,
    }  # fmt: skip
    for number in numbers - {0}:
        meaning = meaning_of(f"error:{(20 << 23) + 1000 + number:08X}:SSL routines::x")
        assert meaning == alert_meaning(number)
        assert meaning is not None
        assert meaning.received


def test_words_stand_once_and_in_lower_case() -> None:
    """A text in two rows of one context would mean two things."""
    bare = (Trade.TLS, Trade.VERIFY, Trade.PROXY, Trade.STACK)
    for context in ((Trade.ALERT,), (Trade.SSH,), bare):
        found = Counter(text for row in rows() if row.trade in context for text in row.texts)
        assert [text for text, count in found.items() if count > 1] == []
    assert [text for text in vocabulary() if text != text.lower()] == []
    assert len(vocabulary()) > 450


def test_rows_rest_on_facts_and_name_their_source() -> None:
    """Each row has a source, facts of the ledger, and a cause or a trouble where it failed."""
    for row in rows():
        assert row.source
        assert set(row.facts) <= set(ledger())
        assert row.cause is Cause.OTHER or row.trouble is None


SAID = {
    row.text for name in KNOWN for rows_ in (published(name).clients, published(name).servers)
    for row in rows_.values() if "; " in row.text or row.text.startswith("INVALID")
}  # fmt: skip


@pytest.mark.parametrize("said", sorted(SAID))
def test_what_a_stack_said_when_it_refused_is_understood(said: str) -> None:
    """Its own words, as its log has them, without the alert that it sent beside them."""
    own = re.sub(r"^alert \d+ \([^)]*\); ", "", said)
    meaning = meaning_of(own)
    assert meaning is not None, own
    assert meaning.row is not None
    assert not meaning.received
    assert meaning.row.fate is Fate.REFUSED


@pytest.mark.parametrize(
    ("words", "received"),
    [
        ("tlsv1 alert unknown ca", True),
        ("unable to get local issuer certificate", False),
        ('TLS write fatal alert "unknown CA"', False),
        ("SSL3 alert read:fatal:unknown CA", True),
        ("SSL3 alert write:fatal:unknown CA", False),
        ("the peer sent alert unknown ca", True),
        ("[SSL: TLSV1_ALERT_UNKNOWN_CA] (_ssl.c:1006)", True),
    ],
)
def test_who_tells_of_a_refusal_decides_whose_certificate_it_is(words: str, received: bool) -> None:  # noqa: FBT001
    """What was read comes from the far end; what was written, and verify texts, are our own."""
    meaning = meaning_of(words)
    assert meaning is not None
    assert (meaning.cause, meaning.received) == (Cause.UNTRUSTED, received)
    assert judged_side(meaning, inbound=True) is (Side.SERVER if received else Side.CLIENT)
    assert judged_side(meaning, inbound=False) is (Side.CLIENT if received else Side.SERVER)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("error:14094416:lib(20):func(148):reason(1046)", Cause.OTHER),
        ("error:0A000418:lib(20)::reason(1048)", Cause.UNTRUSTED),
        ("error:140890C7:lib(20):func(137):reason(199)", Cause.NO_CERTIFICATE),
        ("error:0A0000C7:lib(20)::reason(199)", Cause.NO_CERTIFICATE),
    ],
)
def test_openssl_s_code_alone_is_enough(code: str, cause: Cause) -> None:
    """Both numberings lead to the reason when a log has no strings."""
    meaning = meaning_of(code)
    assert meaning is not None
    assert meaning.cause is cause


def test_a_key_that_cannot_be_read_is_no_refusal_of_the_far_end() -> None:
    """Permission denied about a file is about the node itself."""
    assert told(ssh('Load key "/x/client-ssh.pem": Permission denied')) == {"tunnel.own-files"}


def test_part_of_another_word_is_no_word() -> None:
    """A row counts only as whole words."""
    assert meaning_of("unknown causes of scan refused connectionless") is None
    assert meaning_of("") is None


UNKNOWN = (
    event("Inbound", "frobnication of the quux went sideways"),
    companion("Outbound", "error:7F000001:novel routines::quux not frobnicated"),
    ssh("quux refused to frobnicate"),
    f"{STAMP} core1 traffic_server[7]: [ET_NET 0] ERROR: origin quux failed to frobnicate",
    f'{STAMP} edge1 tvcs: {UTC} Module="developer.zone.zonemgr" Level="ERROR": quux is not alive',
    f'{STAMP} edge1 tvcs: Event="Certificate Quux Failure" Level="1" {UTC}',
    f'{STAMP} edge1 web: Level="ERROR" Detail="TLS quux invalid" {UTC}',
)


@pytest.mark.parametrize("line", UNKNOWN)
def test_trouble_in_no_table_is_shown_as_not_understood(tmp_path: Path, line: str) -> None:
    """File, line and nearest words are shown, and nothing is said to be whole."""
    case = log_only(tmp_path, "2026-03-29T06:58:00.000+00:00 edge1 tvcs: a first line", line)
    found = finding(case, "log.not-understood")
    assert found.found.startswith("Not understood: 1 line that looks like trouble.")
    assert "nearest known words" in found.found or "no known words" in found.found
    assert [(e.line, line.startswith(e.text)) for e in found.evidence] == [(2, True)]
    assert "Nothing is broken" not in case.headline
    assert "othing broken was found" not in case.headline


def test_many_lines_that_nobody_understands_are_counted_and_a_few_shown(tmp_path: Path) -> None:
    """Lines of the same words are one kind; the number is of all."""
    lines = [ssh(f"quux {number} refused") for number in range(200)]
    lines += [ssh(f"{word} refused") for word in "abcdefghijkl"]
    found = finding(log_only(tmp_path, *lines), "log.not-understood")
    assert "Not understood: 212 lines that look like trouble" in found.found
    assert "and 8 more kinds" in found.found
    assert len(found.found) < 3000
    assert len(found.evidence) <= 5


def test_what_another_line_explains_is_understood(tmp_path: Path) -> None:
    """A companion with new words beside an event that says why is no riddle."""
    case = log_only(
        tmp_path,
        event("Inbound", "certificate has expired"),
        companion("Inbound", "error:7F000001:novel routines::quux"),
    )
    assert "log.not-understood" not in codes(case)
    assert "uc-zone.client-expired" in codes(case)


ORDINARY = {
    "an answer of the proxy": f'{STAMP} edge1 traffic_server[15550]: Event="Sending HTTP error '
    'response" Status="403" Reason="Forbidden" Dst-ip="203.0.113.80" Dst-port="50314"',
    "a probe of a port": f'{STAMP} edge1 tvcs: {UTC} Module="network.tcp" Level="DEBUG":  {ENDS} '
    'Detail="TCP Connection Closed" Reason="Got EOF on socket"',
    "a guessed login": f"{STAMP} edge1 sshd[9]: Invalid user admin from 203.0.113.9 port 40000",
    "a guessed registration": f'{STAMP} edge1 tvcs: Event="Authentication Failed" Service="SIP" '
    'Src-ip="203.0.113.9" Src-port="5060" Detail="Incorrect authentication credential for user" '
    'Protocol="UDP" Method="REGISTER" Level="1"',
    "an alarm": f'{STAMP} edge1 alarm: Level="WARN" Event="Alarm Raised" Id="40008" '
    'Detail="Security alert: The SSH service is using the default key"',
    "a page": f'{STAMP} edge1 web: Level="ERROR" Detail="page not found" {UTC}',
}


@pytest.mark.parametrize("name", ORDINARY)
def test_what_every_log_has_is_no_finding(tmp_path: Path, name: str) -> None:
    """Probes of ports, guessed passwords and pages that are missing are not about this."""
    found = codes(log_only(tmp_path, ORDINARY[name], config=CONFIG))
    assert {one for one in found if not one.startswith(("certificate.", "archive."))} == set()


def test_the_nearest_words_are_those_that_share_most() -> None:
    """A near miss leads to the row that was meant."""
    assert nearest("unable to get lokal issuer certificat") == (
        "unable to get local issuer certificate"
    )
    assert nearest("zzz") == ""


def test_every_trouble_has_a_code_on_every_connection_that_can_have_it() -> None:
    """Codes are made from one table, and their words are filled in without a gap."""
    for row in CATALOG:
        if row.protocol is Protocol.SSH:
            continue
        for trouble in (Trouble.CLOSED, Trouble.NOT_TLS, Trouble.VERSION, Trouble.TIMED_OUT):
            assert trouble_code(row.id, trouble) in CODES
    assert set(TROUBLES) == set(Trouble)


def test_a_flood_of_refusals_is_one_finding_with_its_number(tmp_path: Path) -> None:
    """What is shown is capped, what is counted is not."""
    lines = [
        event("Inbound", "no shared cipher").replace("25011", str(10000 + number))
        for number in range(300)
    ]
    found = finding(log_only(tmp_path, *lines, config=CONFIG), "uc-zone.no-common-cipher")
    assert "Seen 300 times in all." in found.found
    assert (len(found.evidence), len(found.found) < 1500) == (5, True)
