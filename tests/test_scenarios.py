"""The published scenarios: our captures show what the source lists, message by message."""

import re
from base64 import b64decode
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from captures import expert_warnings, fields
from judges import needs_tshark

from ekukit.capture.reader import read_capture
from ekukit.connections import Side, State
from ekukit.course.bank import questions
from ekukit.course.question import Form, Mark, Question, mark
from ekukit.errors import InputError
from ekukit.expressway import FarEndKind, Knowledge, Mode, Role, Trust, build, condition
from ekukit.expressway.node import ClientStoreOrigin, client_store_origin
from ekukit.expressway.scenarios import SCENARIOS, scenario, scenario_row
from ekukit.facts import Status, ledger
from ekukit.lab import capture, run
from ekukit.views import show
from ekukit.views.download import download_link
from ekukit.views.figures.call_chain import CHAINS, Chain, Hop, chain_svg, chain_table
from ekukit.views.pages.node_logs import log_html
from ekukit.views.picture import deployment_of
from ekukit.views.tables.steps import STEPS, Step, first_row, match_words, packet_table, steps_table
from ekukit.views.walk import subject

EVIL = '<img src=x onerror="alert(1)">\x00\u202e'
EDGE, WEBEX = "10.106.80.31", "163.129.37.33"
CORE, NEIGHBOR, CUCM = "10.106.80.16", "10.106.80.15", "10.106.80.38"
X1, X2 = "2f0000004c869c77c8981becde00000000004c", "46df76aa000000000029"
HELLO, SERVER_HELLO, CERTIFICATE, KEY, REQUEST, DONE = "1", "2", "11", "12", "13", "14"
PUBLISHED = [name for name, row in SCENARIOS.items() if row.connection in STEPS]
OURS = [found for found in questions().values() if found.lesson in {"20", "21", "22"}]


def row(name: str) -> dict[str, object]:
    """Return the scenario's handshake as the kit's reader finds it."""
    return first_row(scenario(name), SCENARIOS[name].connection)


def judged(name: str, path: Path) -> list[tuple[str, str]]:
    """Return sender and type of every handshake message in clear, by tshark."""
    path.write_bytes(capture(scenario(name), (SCENARIOS[name].connection,)))
    found = fields(path, "tls.handshake.type", "ip.src", "tls.handshake.type")
    return [(sender, kind) for sender, kinds in found for kind in kinds.split(",")]


def leaves(path: Path) -> list[tuple[str, str]]:
    """Return sender and leaf serial of every Certificate message, by tshark."""
    found = fields(path, "tls.handshake.type==11", "ip.src", "x509af.serialNumber")
    return [(sender, serials.split(",")[0].replace(":", "").removeprefix("0x").lstrip("0"))
            for sender, serials in found]  # fmt: skip


def state(name: str, connection: str) -> State:
    """Return the state of a scenario's connection."""
    return next(o.state for o in run(scenario(name)) if o.connection == connection)


@needs_tshark
def test_tshark_sees_the_five_steps_of_x1_in_order(tmp_path: Path) -> None:
    """Edge, Webex, Webex, Webex, Edge; Certificate before Certificate Request, as in TLS 1.2."""
    listed = [
        (EDGE, HELLO),
        (WEBEX, SERVER_HELLO),
        (WEBEX, CERTIFICATE),
        (WEBEX, REQUEST),
        (EDGE, CERTIFICATE),
    ]
    found = judged("X1", tmp_path / "x1.pcapng")
    assert [step for step in found if step[1] in {HELLO, SERVER_HELLO, CERTIFICATE, REQUEST}] == (
        listed
    )
    assert leaves(tmp_path / "x1.pcapng")[1] == (EDGE, X1)
    assert expert_warnings(tmp_path / "x1.pcapng") == []


@needs_tshark
def test_tshark_sees_the_messages_of_x2_in_order(tmp_path: Path) -> None:
    """Packet 742's four messages come from Core in one go, then the neighbor's certificate."""
    found = judged("X2", tmp_path / "x2.pcapng")
    assert found[:7] == [
        (NEIGHBOR, HELLO),
        (CORE, SERVER_HELLO),
        (CORE, CERTIFICATE),
        (CORE, KEY),
        (CORE, REQUEST),
        (CORE, DONE),
        (NEIGHBOR, CERTIFICATE),
    ]
    assert leaves(tmp_path / "x2.pcapng")[0] == (CORE, X2)


@needs_tshark
def test_tshark_sees_the_two_steps_of_x3_in_order(tmp_path: Path) -> None:
    """Core says hello and presents the serial of its client store."""
    found = judged("X3", tmp_path / "x3.pcapng")
    client = scenario("X3").core[0].client.certificate
    assert client is not None
    assert [step for step in found if step[0] == CORE][:2] == [(CORE, HELLO), (CORE, CERTIFICATE)]
    assert leaves(tmp_path / "x3.pcapng")[1] == (CORE, client.serial_hex)


@pytest.mark.parametrize(
    ("name", "client", "server", "port"),
    [("X1", EDGE, WEBEX, 5061), ("X2", NEIGHBOR, CORE, 5061), ("X3", CORE, CUCM, 6972)],
)
def test_addresses_and_ports_are_the_published_ones(
    name: str, client: str, server: str, port: int
) -> None:
    """The kit's own reader finds them in the capture, over TLS 1.2."""
    found = row(name)
    ends = (found["client"], found["server"], found["server_port"], found["version"])
    assert ends == (client, server, port, "TLS 1.2")


def test_serials_are_the_published_ones_to_the_digit() -> None:
    """X1: Edge's client certificate; X2: Core's server certificate."""
    presented = (row("X1")["client_serials"], row("X2")["server_serials"])
    assert [serials[0] for serials in presented if isinstance(serials, tuple)] == [X1, X2]


def test_x1_presents_the_client_store_and_not_the_server_store() -> None:
    """The two stores of Edge hold different certificates, so the serial tells."""
    edge = scenario("X1").edge[0]
    assert edge.server.certificate != edge.client.certificate
    assert edge.client.certificate is not None
    assert edge.client.certificate.serial_hex == X1
    assert edge.client.certificate.public is False


def test_the_certificate_of_x2_has_the_published_subject_and_validity() -> None:
    """Attributes and both moments to the second, company names replaced."""
    found = scenario("X2").core[0].server.certificate
    assert found is not None
    assert found.subject == "CN=cluster.example.com,OU=Lab,O=Example,L=KA,ST=KA,C=IN"
    assert f"{found.not_before:%d %b %Y %H:%M:%S}" == "14 Mar 2026 02:37:40"
    assert f"{found.not_after:%d %b %Y %H:%M:%S}" == "14 Mar 2028 02:47:40"


def test_the_upgrade_example_has_one_serial_in_both_stores() -> None:
    """S4: the copy of X15.5, with the mode On."""
    core = scenario("upgrade").core[0]
    assert core.server.certificate == core.client.certificate
    assert core.server.certificate is not None
    assert core.server.certificate.serial_hex == X2
    assert (client_store_origin(core), core.eku_checking) == (ClientStoreOrigin.COPY, Mode.ON)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_connection_of_every_scenario_is_active(name: str) -> None:
    """A published case that works works here, under the settings that `given` names."""
    assert state(name, SCENARIOS[name].connection) is State.ACTIVE


@pytest.mark.parametrize("checks", Knowledge)
def test_x1_is_active_whatever_webex_checks(checks: Knowledge) -> None:
    """The stricter setting hides nothing: both EKUs pass everywhere."""
    deployment = scenario("X1")
    far = tuple(
        replace(found, checks_client_eku=checks) if found.kind is FarEndKind.WEBEX else found
        for found in deployment.far_ends
    )
    found = run(replace(deployment, far_ends=far))
    assert next(o.state for o in found if o.connection == "webex") is State.ACTIVE


def test_the_first_five_steps_are_the_same_when_webex_refuses() -> None:
    """A Webex without CA 1 sends alert 48 after the fifth step, so the list proves no success."""
    refused = build(condition("C3").with_far_end(FarEndKind.WEBEX, trusts=Trust.PUBLIC))
    found = first_row(refused, "webex")
    columns = [step.column for step in STEPS["webex"]]
    assert [found[column] for column in columns] == [row("X1")[column] for column in columns]
    assert isinstance(found["alerts"], tuple)
    assert [alert[1:] for alert in found["alerts"]] == [("server", 2, 48)]
    assert not found["complete"]


def test_only_example_names_stand_in_scenarios() -> None:
    """No host or company of the published captures appears."""
    for name in SCENARIOS:
        found = scenario(name)
        names = [node.fqdn for node in (*found.core, *found.edge, *found.far_ends)]
        assert [n for n in names if not re.search(r"\.example\.(com|net|org)$", n)] == []


def test_every_given_row_rests_on_the_ledger_and_f1_is_assumed() -> None:
    """What nobody says of a far end is a setting, never documented."""
    rows = [given for found in SCENARIOS.values() for given in found.given]
    assert {fact for given in rows for fact in given.facts} - set(ledger()) == set()
    assert {given.status for given in rows if "F1" in given.facts} == {Status.ASSUMED}


def test_an_unknown_scenario_names_the_known_ones() -> None:
    """The message says what to use, in every function that takes a name."""
    with pytest.raises(InputError, match="use one of X1, X2, X3, UPGRADE"):
        scenario("X9")
    with pytest.raises(InputError, match=r"neither a condition \(C1.* nor a scenario \(X1"):
        deployment_of("X9")
    with pytest.raises(InputError, match="no call chain of 'X2'"):
        show.call_chain("X2")


def test_a_name_is_a_condition_or_a_scenario_in_any_case_of_letters() -> None:
    """Both kinds can be shown."""
    assert deployment_of("x1") == scenario("X1")
    assert deployment_of("c2.1") == build(condition("C2.1"))
    assert "163.129.37.33" in show.ladder("x1").html


def test_a_connection_must_be_named_for_a_condition() -> None:
    """A scenario knows its own; an unknown id lists the catalog."""
    assert subject("X2")[1] == "neighbor-in"
    with pytest.raises(InputError, match="no connection is named; name one of uc-zone"):
        subject("C2")
    with pytest.raises(InputError, match="connection 'zone' is unknown"):
        show.packets("C2", "zone")
    with pytest.raises(InputError, match="makes no handshake of 'cluster'"):
        show.packets("C2", "cluster")


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_step_of_the_source_matches(name: str) -> None:
    """Sender, order and serial are equal, and the table says so."""
    found = steps_table(scenario(name), scenario_row(name).connection)
    assert {str(words)[0] for words in found["Match"]} == {"✓"}


def test_another_deployment_has_another_serial_and_says_so() -> None:
    """The match is computed: condition 3 has serials of its own."""
    found = steps_table(build(condition("C3")), "neighbor-in")
    assert list(found["Match"]) == [
        "✓ same sender and order",
        "✓ same sender and order",
        "✗ another serial",
        "✓ same sender and order",
        "✓ same sender and order",
    ]


STEP = Step("Client Hello", Side.CLIENT, EDGE, "13699", "client_hello", "X1", X1)


@pytest.mark.parametrize(
    ("here", "before", "sender", "serial", "expected"),
    [
        (4, 0, EDGE, X1, "✓ same sender, order and serial"),
        (None, 0, EDGE, X1, "✗ not sent here"),
        (4, 0, WEBEX, X1, f"✗ sender is {EDGE} in the source"),
        (4, 7, EDGE, X1, "✗ comes earlier here"),
        (4, 7, EDGE, X2, "✗ comes earlier here; another serial"),
    ],
)
def test_a_step_that_differs_says_in_what(
    here: int | None, before: int, sender: str, serial: str, expected: str
) -> None:
    """Each difference has its words."""
    assert match_words(STEP, here, before, sender, serial) == expected


def test_packets_of_a_refusal_end_with_the_alert_and_its_sender() -> None:
    """The name of the alert stands beside the number."""
    found = packet_table(first_row(build(condition("C2")), "uc-zone"))
    last = tuple(found.iloc[-1])
    assert last[1:] == (f"server {EDGE}, port 7001", "Alert", "43 unsupported certificate, fatal")


def test_packets_without_a_request_say_what_the_reader_noted() -> None:
    """E10: with TLS verify Off no certificate is asked for."""
    shown = show.packets(scenario("X2").with_core(neighbor_verify=Mode.OFF), "neighbor-in").html
    assert "the server did not ask for a client certificate" in shown
    assert "Certificate Request" not in shown


def test_the_link_carries_the_capture() -> None:
    """Its bytes are a capture with the scenario's one handshake."""
    shown = show.capture_link("X1").html
    encoded = re.findall(r'base64,([^"]+)"', shown)
    frame = read_capture(BytesIO(b64decode(encoded[0])), "link")
    assert list(frame["server"]) == [WEBEX]
    assert 'download="ekukit-webex.pcapng"' in shown


def test_the_log_of_x1_has_a_sip_message_to_webex() -> None:
    """Sent by Edge to port 5061, in a numbered list whose caption says who made it."""
    shown = show.log("X1").html
    assert re.search(r"network\.sip.*Action=&quot;Sent&quot;.*163\.129\.37\.33", shown)
    assert "<ol" in shown
    assert "no line was written by an Expressway" in shown


def test_a_log_without_published_lines_says_so() -> None:
    """Nothing is made up for a success on 6972; a refusal has its line."""
    assert "no published line is known" in show.log("X3").html
    refused = condition("C2.1").with_far_end(FarEndKind.CUCM, trusts=Trust.PUBLIC)
    shown = show.log(refused, Role.CORE, "cucm-tftp").html
    assert "alert unknown ca" in shown
    assert "no published line is known" not in shown


@pytest.mark.parametrize("name", CHAINS)
def test_a_call_chain_is_unbroken_and_marks_one_hop(name: str) -> None:
    """Each hop begins where the last ended; the hop in question is marked in words."""
    hops = CHAINS[name].hops
    assert [hop.near for hop in hops[1:]] == [hop.far for hop in hops[:-1]]
    assert [hop.in_question for hop in hops].count(True) == 1
    assert chain_svg(CHAINS[name]).count("◀ the hop of this lesson") == 1
    assert {fact for hop in hops for fact in hop.facts} - set(ledger()) == set()


@pytest.mark.parametrize("name", CHAINS)
def test_a_call_chain_can_be_read_aloud_and_as_a_table(name: str) -> None:
    """The label names every hop, and the table has a row for each."""
    chain = CHAINS[name]
    label = re.findall(r'aria-label="([^"]+)"', chain_svg(chain))[0]
    assert label.count("hop ") >= len(chain.hops)
    assert len(chain_table(chain)) == len(chain.hops)


@pytest.mark.parametrize("name", CHAINS)
def test_words_beside_a_call_chain_fit_the_picture(name: str) -> None:
    """No line is longer than what fits right of the boxes."""
    lines = re.findall(r"<text[^>]*>([^<]+)</text>", chain_svg(CHAINS[name]))
    assert max(len(unescape(line)) for line in lines) <= 88


def test_the_hop_in_question_opens_where_the_scenario_does() -> None:
    """The picture and the catalog agree on client, store and port."""
    for name in CHAINS:
        hop = next(found for found in CHAINS[name].hops if found.in_question)
        shown = next(
            o for o in run(scenario(name)) if o.connection == scenario_row(name).connection
        )
        assert shown.presented_by_client is not None
        node = shown.presented_by_client.node
        assert hop.opens == f"Expressway {node}"
        assert hop.client_presents == f"{node}'s {shown.presented_by_client.store} store"
        assert hop.port == str(row(name)["server_port"])


def test_hostile_text_is_escaped_everywhere() -> None:
    """Names, lines and captions may hold markup and control characters."""
    hop = Hop(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, Status.ASSUMED, (EVIL,))
    drawn = (
        chain_svg(Chain(EVIL, (hop,))),
        log_html([EVIL], EVIL, EVIL),
        download_link(b"", EVIL, EVIL),
    )
    assert [html for html in drawn if "<img" in html or "\x00" in html or "\u202e" in html] == []


@pytest.mark.parametrize("asked", OURS, ids=lambda asked: asked.id)
def test_the_right_answer_is_right_and_each_wrong_one_has_its_own_words(asked: Question) -> None:
    """Answers are computed; a mistake is told what is mistaken about it."""
    right = asked.task.right()
    assert mark(asked, right).mark is Mark.CORRECT
    if asked.task.form is Form.ONE:
        wrong = [option for option in asked.offered() if option != right]
        said = [mark(asked, option).message for option in wrong]
        assert [asked.mistakes[option] for option in wrong] == said
    if asked.task.form is Form.MEND:
        ticks = [frozenset(key.split("; ")) for key in asked.mistakes]
        assert [mark(asked, ticked).mark for ticked in ticks] == [Mark.INCORRECT] * len(ticks)


def test_each_scenario_lesson_has_a_prediction_a_mending_and_a_diagnosis() -> None:
    """A lesson asks before it shows, and ends with a deployment to mend."""
    for lesson in ("20", "21", "22"):
        asked = [found for found in OURS if found.lesson == lesson]
        assert asked[0].task.form is Form.ONE
        assert Form.MEND in {found.task.form for found in asked}
        assert len([found for found in asked if found.task.diagnosis]) >= 2
