"""What keeps a connection from coming about: chosen by a control, drawn, and told honestly."""

import re

import pytest

from ekukit.connections import predict
from ekukit.connections.services import essential
from ekukit.expressway import Choices, Role, build, condition
from ekukit.expressway.network import OPEN, Network
from ekukit.lab import run
from ekukit.lab.record import conversations
from ekukit.samples.written_log import excerpt
from ekukit.views.figures.deployment_picture import topology_svg
from ekukit.views.figures.looks import HIDDEN, LOOKS, NOT_REACHED
from ekukit.views.html import STYLE
from ekukit.views.pages.deployment_states import ladder_html
from ekukit.views.pages.node_logs import logs_html
from ekukit.views.panels.controls import Controls
from ekukit.views.panels.explorer import Explorer
from ekukit.views.panels.workshop import Workshop
from ekukit.views.tables.change import NETWORKS, change_table, network_words
from ekukit.views.tables.outcome_tables import evidence_table

NO_TUNNEL, NO_ZONE = Network(frozenset({2222})), Network(frozenset({7001}))
NO_NAMES = Network(resolves=False)
CASES = [("ssh-tunnel", NO_TUNNEL), ("uc-zone", NO_ZONE), ("uc-zone", NO_NAMES)]


def blocked(network: Network) -> Choices:
    """Return the condition in which everything works but what the network keeps back."""
    return condition("C3", network=network)


def test_what_can_be_chosen_is_in_one_table() -> None:
    """Everything passes, either port is blocked, or no name resolves."""
    assert [network_words(network) for network in NETWORKS] == [
        "nothing is blocked",
        "port 2222 blocked",
        "port 7001 blocked",
        "host names do not resolve",
    ]
    controls = Controls(condition("C2"), lambda: None)
    assert [words for words, _value in controls.network.options] == [
        network_words(network) for network in NETWORKS
    ]


def test_another_network_that_is_given_can_be_chosen_too() -> None:
    """A deployment with two blocked ports is shown as it is, and gone when it is left."""
    both = Network(frozenset({2222, 7001}))
    controls = Controls(blocked(both), lambda: None)
    assert controls.choices.network == both
    assert controls.network.label == "ports 2222 and 7001 blocked"
    controls.set(blocked(OPEN))
    assert controls.choices.network == OPEN
    assert len(controls.network.options) == len(NETWORKS)


@pytest.mark.parametrize("network", NETWORKS, ids=network_words)
def test_explorer_and_workshop_show_what_the_network_lets_through(network: Network) -> None:
    """The states are those of the rules, whatever is chosen."""
    explorer, shop = Explorer("C3", everything=True), Workshop("C3")
    explorer.controls.network.value = shop.controls.network.value = network
    wanted = [outcome.code for outcome in predict(build(blocked(network)))]
    assert [outcome.code for outcome in explorer.outcomes] == wanted
    assert [outcome.code for outcome in shop.outcomes] == wanted


@pytest.mark.parametrize(("name", "network"), CASES)
def test_an_arrow_that_reaches_nothing_says_so_in_words_and_dashes(
    name: str, network: Network
) -> None:
    """No check and no refusal is told of it, and nothing of it while outcomes are hidden."""
    deployment = build(blocked(network))
    found = tuple(o for o in essential(run(deployment)) if o.connection == name)
    words = {NO_TUNNEL: "no answer on 2222", NO_ZONE: "no answer on 7001"}
    said = words.get(network, "name does not resolve")
    drawn = topology_svg(deployment, found)
    assert drawn.count(said) == 2
    assert f'stroke-dasharray="{NOT_REACHED.dash}"' in drawn
    assert "Edge checks" not in drawn
    hidden = topology_svg(deployment, found, hidden=True)
    assert said not in hidden
    assert f'stroke-dasharray="{NOT_REACHED.dash}"' not in hidden


def test_not_reached_has_dashes_of_its_own() -> None:
    """Neither a refusal nor what is unknown or hidden looks like it."""
    assert NOT_REACHED.dash not in {look.dash for look in (*LOOKS.values(), HIDDEN)}


@pytest.mark.parametrize(("name", "network"), CASES)
def test_ladder_and_evidence_say_that_nothing_crossed(name: str, network: Network) -> None:
    """No arrow of a message, and no certificate that nobody saw."""
    deployment = build(blocked(network))
    told = ladder_html(deployment, name)
    assert "nothing crossed" in told
    assert "<svg" not in told
    found = [o for o in run(deployment) if o.connection == name]
    frame = evidence_table(found).set_index("")
    assert frame.loc["Presented by the initiator"].tolist() == [("nothing",)]
    assert frame.loc["Presented by the responder"].tolist() == [("nothing",)]


def test_a_dropped_port_leaves_the_lines_of_a_time_out() -> None:
    """Core waited; Edge saw nothing, and no line is made up for it."""
    deployment = build(blocked(NO_TUNNEL))
    assert "port 2222: Connection timed out" in excerpt(deployment, "ssh-tunnel", Role.CORE)[-1]
    assert len(excerpt(deployment, "ssh-tunnel", Role.EDGE)) == 1
    assert "no published line is known" in logs_html(deployment, "ssh-tunnel")


def test_without_a_name_no_packet_is_sent_and_no_time_out_is_logged() -> None:
    """OpenSSH says that it did not resolve; what Expressway logs of the zone is not published."""
    deployment = build(blocked(NO_NAMES))
    assert [c for c in conversations(deployment) if c.packets() or c.end != c.start] == []
    said = excerpt(deployment, "ssh-tunnel", Role.CORE)[-1]
    assert "Could not resolve hostname edge.example.com: Name or service not known" in said
    assert len(excerpt(deployment, "uc-zone", Role.CORE)) == 1
    assert re.findall("TCP|timed out", logs_html(deployment, "uc-zone").replace(STYLE, "")) == []


def test_a_changed_network_is_a_row_of_what_changed() -> None:
    """Before and after, in the words of the control."""
    pair = [(c, essential(predict(build(c)))) for c in (blocked(OPEN), blocked(NO_ZONE))]
    first = change_table(pair[0], pair[1]).iloc[0].tolist()
    assert first == ["Network", "nothing is blocked", "port 7001 blocked", "► changed"]
