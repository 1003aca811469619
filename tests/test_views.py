"""What a person sees: fixed columns, escaped text, states in words, widgets that follow."""

import html
import inspect
import itertools
import re
from dataclasses import replace

import ipywidgets as w
import pandas as pd
import pytest

from ekukit.certificates import EkuProfile
from ekukit.connections import HONESTY, Outcome, Side, State, predict
from ekukit.errors import InputError
from ekukit.expressway import (
    Deployment,
    Mode,
    Release,
    Role,
    Store,
    build,
    condition,
)
from ekukit.expressway.conditions import CONDITIONS
from ekukit.facts import calendar, ledger
from ekukit.lab.messages import Message
from ekukit.views import Explorer, show
from ekukit.views.figures import deployment_picture as topology
from ekukit.views.figures.ladder import Rails, ladder_svg
from ekukit.views.html import page, paragraphs, safe, table
from ekukit.views.pages.deployment_states import summary_html, tables_html
from ekukit.views.panels.administration_panel import AdministrationPanel, CommandPanel, UploadPanel
from ekukit.views.tables import calendar_tables as dates
from ekukit.views.tables import outcome_tables as tables
from ekukit.views.tables.steps import STEPS, steps_table

EVIL = '<img src=x onerror="alert(1)">\x00\u202e'


def hostile() -> tuple[Deployment, tuple[Outcome, ...]]:
    """Return a deployment and outcomes in which every text is markup."""
    deployment = build(condition("C2", domains=(EVIL,)))
    deployment = deployment.with_core(fqdn=EVIL, address=EVIL).with_edge(fqdn=EVIL)
    texts = ("title", "reason", "check", "todo", "text", "initiator", "responder")
    found = [
        replace(out, **dict.fromkeys(texts, EVIL), hidden=(EVIL,), notes=(EVIL,))
        for out in predict(build(condition("C2")))
    ]
    return deployment, tuple(found)


def renderers() -> dict[str, str]:
    """Return what every public renderer makes of hostile text."""
    deployment, found = hostile()
    frame = pd.DataFrame({EVIL: [EVIL, (EVIL,)]}, dtype=object)
    message = Message(next(iter(Side)), EVIL, EVIL)
    return {
        "table": table(frame, EVIL),
        "paragraphs": paragraphs([EVIL]),
        "safe": safe(EVIL),
        "ladder": ladder_svg([message], Rails(EVIL, EVIL), EVIL),
        "topology": topology.topology_svg(deployment, found),
        "summary": summary_html(found),
        "tables": tables_html(deployment, found, everything=True),
        "evidence": table(tables.evidence_table(found), EVIL),
        "stores": page(table(tables.store_table(deployment), EVIL)),
    }


@pytest.mark.parametrize("name", renderers())
def test_markup_from_outside_is_shown_as_text(name: str) -> None:
    """No renderer lets a tag, a control character or a bidi override through."""
    shown = renderers()[name]
    assert "<img" not in shown
    assert "\x00" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("frame", "columns"),
    [
        (tables.zone_table([]), tables.ZONE_COLUMNS),
        (tables.tunnel_table([], build(condition("C1")), Role.CORE), tables.TUNNEL_COLUMNS),
        (tables.service_table([]), tables.SERVICE_COLUMNS),
        (tables.connection_table([]), tables.CONNECTION_COLUMNS),
    ],
)
def test_tables_keep_their_columns_when_empty(frame: pd.DataFrame, columns: tuple[str]) -> None:
    """An empty table has the same columns and says that it is empty."""
    assert tuple(frame.columns) == columns
    assert "nothing to show" in table(frame, "empty")


def test_tunnel_rows_are_per_far_peer_and_domain() -> None:
    """Two Edge peers and two domains give four rows on Core, with Core's own address as peer."""
    deployment = build(condition("C2.1", edge_peers=2))
    frame = tables.tunnel_table(predict(deployment), deployment, Role.CORE)
    assert len(frame) == 4
    assert set(frame["Peer"]) == {"10.106.80.16"}
    assert sorted(set(frame["Target"])) == ["edge.example.com", "edge2.example.com"]


def test_a_state_is_never_shown_by_color_alone() -> None:
    """Symbol and word stand in every table, in the picture and in the picture's label."""
    deployment = build(condition("C2"))
    found = predict(deployment)
    drawn = topology.topology_svg(deployment, found)
    for shown in (summary_html(found), tables_html(deployment, found), drawn):
        assert "✗ Failed" in shown
    assert "UC traversal zone: Failed" in drawn.partition('aria-label="')[2].partition('"')[0]


def state_of(explorer: Explorer | AdministrationPanel, name: str) -> State:
    """Return the state that the explorer holds for a connection."""
    return next(out.state for out in explorer.outcomes if out.connection == name)


def test_toggling_the_mode_changes_the_zone_and_not_the_tunnels() -> None:
    """Off on Edge brings back the zone only; the tables on screen follow."""
    explorer = Explorer("C2")
    before = explorer.parts["tables"].value
    explorer.controls.edge_checking.value = Mode.OFF
    assert (state_of(explorer, "uc-zone"), state_of(explorer, "ssh-tunnel")) == (
        State.ACTIVE,
        State.FAILED,
    )
    assert explorer.parts["tables"].value != before
    assert "✓ Active" in explorer.parts["summary"].value


def test_a_serverauth_only_client_store_is_shown_as_a_copy() -> None:
    """S7 is named on screen, and one that is no copy is labeled as unreachable."""
    explorer = Explorer("C2")
    explorer.tabs.turn_to("Stores")
    assert "copy of the server store" in explorer.parts["stores"].value
    explorer.controls.stores["core_server"].issuer.value = "internal"
    assert (
        "an older copy: the server certificate was replaced later" in explorer.parts["stores"].value
    )


def test_a_public_certificate_with_both_ekus_is_labeled_as_issued_before_the_cutoff() -> None:
    """The date of the cut-off stands beside it."""
    shown = show.stores("C1").html
    assert "issued before the cut-off (01 May 2026)" in shown


def controls(explorer: Explorer) -> list[w.Widget]:
    """Return every control of an explorer that has options."""
    found: list[w.Widget] = []
    waiting: list[w.Widget] = [explorer]
    while waiting:
        widget = waiting.pop()
        waiting += getattr(widget, "children", ())
        if isinstance(widget, (w.Dropdown, w.Select)):
            found.append(widget)
    return found


@pytest.mark.parametrize("everything", [False, True])
def test_every_control_goes_through_all_its_values(*, everything: bool) -> None:
    """No value of any control leaves a table empty or a state without a source."""
    explorer = Explorer(condition("C2", key="EC-secp256r1"), everything=everything)
    for control in controls(explorer):
        values = [item[1] if isinstance(item, tuple) else item for item in control.options]
        for value in values:
            control.value = value
            assert "eku-state" in explorer.parts["tables"].value
            assert [out for out in explorer.outcomes if not out.facts] == []
        control.value = values[0]


def test_every_control_has_a_label() -> None:
    """A screen reader can name each control."""
    explorer = Explorer("C2", everything=True)
    assert [c for c in controls(explorer) if not c.description] == []


def test_the_honesty_line_stands_beside_the_states() -> None:
    """Who did this and what is only inferred or assumed is said where results are."""
    explorer = Explorer("C2")
    for title, part in (("Handshake", "evidence"), ("Sources", "sources")):
        explorer.tabs.turn_to(title)
        assert safe(HONESTY) in explorer.parts[part].value


def test_the_capture_button_offers_a_file() -> None:
    """A link with a pcapng inside appears; the next change takes it away."""
    explorer = Explorer("C3")
    explorer.capture.click()
    assert 'download="ekukit.pcapng"' in explorer.parts["download"].value
    explorer.controls.edge_checking.value = Mode.OFF
    assert explorer.parts["download"].value == ""


def test_setting_other_choices_moves_every_control() -> None:
    """`set` shows them all at once and makes the handshakes once."""
    explorer = Explorer("C2", everything=True)
    wanted = condition("C4", edge_checking=Mode.OFF, release=Release.X15_4, edge_peers=3)
    explorer.controls.set(wanted)
    assert explorer.controls.choices == wanted
    assert len(explorer.deployment.edge) == 3


@pytest.mark.parametrize(
    ("name", "what"),
    list(itertools.product(CONDITIONS, ("picture", "zones", "tunnels", "services"))),
)
def test_every_picture_of_every_condition_holds_a_state(name: str, what: str) -> None:
    """Notebooks can show any condition in one call."""
    shown = getattr(show, what)(condition(name, key="EC-secp256r1"))
    assert "Active" in shown.html or "Failed" in shown.html
    assert inspect.getdoc(getattr(show, what))


def test_ekus_of_the_controls_are_those_of_the_kit() -> None:
    """Every profile can be chosen."""
    store = Explorer("C2").controls.stores["edge_client"]
    assert {value for _label, value in store.eku.options} == set(EkuProfile)


def test_the_upload_panel_gives_the_products_message_and_leaves_the_store() -> None:
    """S6 in the product's words; the states do not change."""
    panel = UploadPanel("C2.1")
    panel.role.value = Role.CORE
    panel.store.value, panel.issuer.value = Store.CLIENT, "public"
    answer = panel.upload()
    assert (answer.accepted, answer.quoted) == (False, True)
    assert "does not have a client usage attribute" in panel.said.value
    assert state_of(panel, "uc-zone") is State.ACTIVE


def test_the_copy_checkbox_takes_the_tunnels_down() -> None:
    """S7: a serverAuth-only server certificate, copied, fails what was Active."""
    panel = UploadPanel("C2.1")
    panel.role.value, panel.issuer.value, panel.copy.value = Role.CORE, "public", True
    assert panel.upload().accepted
    assert state_of(panel, "ssh-tunnel") is State.FAILED


def test_a_command_typed_on_edge_changes_the_zone_and_on_core_nothing() -> None:
    """E2: the node on which the mode is set counts."""
    panel = CommandPanel("C2")
    panel.role.value = Role.CORE
    panel.run()
    assert state_of(panel, "uc-zone") is State.FAILED
    panel.role.value = Role.EDGE
    panel.run()
    assert (state_of(panel, "uc-zone"), state_of(panel, "ssh-tunnel")) == (
        State.ACTIVE,
        State.FAILED,
    )


def test_the_x154_command_answers_by_node_and_release() -> None:
    """S8: it runs on Edge with X15.4, not on Core, and not any more on X15.5."""
    panel = CommandPanel("C2")
    panel.line.value = "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: On"
    on_x155 = panel.run().accepted
    panel.release.value = Release.X15_4
    on_edge = panel.run().accepted
    panel.role.value = Role.CORE
    on_core = panel.run().accepted
    assert (on_x155, on_edge, on_core) == (False, True, False)


@pytest.mark.parametrize("name", STEPS)
def test_steps_of_the_source_come_in_the_same_order_here(name: str) -> None:
    """X1 to X3: our capture shows every step, in the source's order."""
    found = steps_table(build(condition("C3")), name)
    packets = [int(number) for number in found["Packet here"]]
    assert packets == sorted(packets)


def test_steps_of_another_connection_are_refused() -> None:
    """The source shows packets of three connections only."""
    with pytest.raises(InputError, match="no packets of 'cluster'"):
        steps_table(build(condition("C3")), "cluster")


def test_conflicting_dates_are_hollow_and_spoken() -> None:
    """The figure has a label that names every date and marks the ones that do not count."""
    drawn = show.calendar_figure().html
    assert "2026-10-31: Sectigo, stops clientAuth (another source)" in drawn
    assert list(dates.calendar_table()["Counts"]).count("yes") < len(calendar())


def test_the_directory_shows_what_the_upgrade_adds() -> None:
    """S5: three files more, the published times beside them."""
    drawn = show.directory("C1").html
    assert drawn.count('<th scope="row">clientprivkey.pem') == 1
    assert "24 Mar 2026 16:12:46" in drawn


def test_an_explorer_about_a_connection_tells_it_first() -> None:
    """The line of states begins with it, and its evidence is what is explained."""
    explorer = Explorer("C4", everything=True, about="webex")
    line = explorer.parts["summary"].value
    assert 0 < line.index("Webex call over mTLS") < line.index("UC traversal zone")
    assert explorer.shown.value == "webex"
    explorer.tabs.turn_to("Handshake")
    assert "Webex call over mTLS: who presented what" in explorer.parts["evidence"].value


def test_a_tab_is_made_when_it_is_first_opened() -> None:
    """What nobody looks at costs nothing; what is open follows each toggle."""
    explorer = Explorer("C2")
    assert (explorer.parts["stores"].value, explorer.parts["log"].value) == ("", "")
    explorer.tabs.turn_to("Log")
    before = explorer.parts["log"].value
    assert "eku-log" in before
    explorer.controls.stores["core_client"].eku.value = EkuProfile.BOTH
    assert explorer.parts["log"].value != before


def test_what_a_toggle_changed_is_marked_until_the_next_one() -> None:
    """The state before, an arrow, the state after, in words and symbols; then nothing any more."""
    explorer = Explorer("C2")
    assert "→" not in explorer.parts["topology"].value + explorer.parts["summary"].value
    explorer.controls.edge_checking.value = Mode.OFF
    assert "✗ Failed → ✓ Active" in explorer.parts["topology"].value
    assert "✗ Failed</span> → " in explorer.parts["summary"].value
    explorer.controls.core_checking.value = Mode.OFF
    assert "→" not in explorer.parts["topology"].value + explorer.parts["summary"].value


@pytest.mark.parametrize(
    ("name", "first"),
    [("C2", "Core's client certificate lacks"), ("C4", "Edge's client certificate lacks")],
)
def test_the_first_cause_stands_beside_the_picture(name: str, first: str) -> None:
    """Its sentence is there without opening anything, and the certificate's slot is marked."""
    shown = html.unescape(Explorer(name, everything=True).parts["topology"].value)
    assert first in shown.partition("<details")[0]
    assert ": no clientAuth</text>" in shown


def test_every_place_of_the_picture_can_be_chosen_by_click_and_in_the_list() -> None:
    """Arrows, stores and services: the same ones in both, each with an explanation."""
    explorer = Explorer("C4", everything=True)
    listed = [name for name, key in explorer.shown.options if key]
    picked = re.findall(r'<span class="eku-unseen">(.*?)</span>', explorer.parts["topology"].value)
    assert sorted(name.partition(":")[0] for name in picked) == sorted(listed)
    assert explorer.parts["topology"].value.count('<div class="eku-told"') == len(listed)
    explorer.shown.value = "core.client"
    assert explorer.parts["topology"].value.count(" open>") == 1


def test_an_id_of_a_fact_opens_its_claim() -> None:
    """Hover and focus show who says what; a host or a name with the same letters does not."""
    frame = pd.DataFrame([("inferred: E7, N1", "E7.example.com", "Edge (E7)")], columns=list("abc"))
    shown = table(frame, "ids")
    assert shown.count('class="eku-fact" tabindex="0"') == 3
    assert safe(ledger()["E7"].claim) in shown


def test_an_arrow_names_the_check_and_the_mode_that_decides() -> None:
    """E7: the tunnel is checked whatever the mode; the zone by the mode of Edge alone."""
    on = topology.topology_svg(build(condition("C2")), predict(build(condition("C2"))))
    off = build(condition("C2", edge_checking=Mode.OFF))
    without = topology.topology_svg(off, predict(off))
    assert "Edge checks clientAuth · On" in on
    assert "Edge takes serverAuth too · Off" in without
    assert "Edge checks clientAuth · always" in on
    assert "Edge checks clientAuth · always" in without


def test_the_command_panel_starts_at_the_node_release_and_line_that_are_given() -> None:
    """Core of X15.4 answers that the upload command does not run there, Edge takes it."""
    line = "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload: On"
    panel = CommandPanel(condition("C2", release="X15.4"), node="core", line=line)
    assert "does not run on Expressway-C" in panel.run().reason
    panel.role.value = Role.EDGE
    assert panel.run().accepted
