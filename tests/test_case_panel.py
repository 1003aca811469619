"""The panel of a case, driven as a person drives it: nothing raises, everything is said."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import ipywidgets as w
import pytest
from case_samples import EVIL, case_of
from conftest import ROOT

from ekukit import archive
from ekukit.certificates import EkuProfile
from ekukit.connections import Engine, State
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.diagnosis.rebuild.given_deployment import STAND_IN
from ekukit.errors import InputError
from ekukit.expressway import Mode, Release, Role, Store
from ekukit.expressway.conditions import AS_OF
from ekukit.views.html import safe
from ekukit.views.pages.case_sections import PARTS
from ekukit.views.panels import case_panel as panel_module
from ekukit.views.panels.case_explorer import CaseExplorer
from ekukit.views.panels.case_given import MOST_UPLOADED
from ekukit.views.panels.case_panel import CasePanel

CASES = ROOT / "data" / "cases"
ON = CASES / "public-everywhere-checking-on.tar.gz"


def sample(path: object = ON) -> Case:
    """Return a sample case."""
    return investigate(archive.open(str(path)))


def upload(name: str, data: bytes, size: int | None = None) -> tuple[dict[str, object], ...]:
    """Return what the browser gives the upload control."""
    told = len(data) if size is None else size
    return ({"name": name, "type": "", "size": told, "content": memoryview(data),
             "last_modified": AS_OF},)  # fmt: skip


def give(panel: CasePanel, files: tuple[dict[str, object], ...]) -> None:
    """Put files into the upload control, whatever size they claim."""
    panel.upload = type("Upload", (), {"value": files})()


def state_of(explorer: CaseExplorer, name: str) -> State:
    """Return the state that is shown for a connection."""
    return next(out.state for out in explorer.outcomes if out.connection == name)


def test_a_path_shows_every_part_before_the_first_click() -> None:
    """Headline and first finding come first, every part is filled."""
    panel = CasePanel(ON)
    assert "clientAuth is missing" in panel.parts["headline"].value
    assert [name for name, part in panel.parts.items() if len(part.value) < 100] == []
    assert {*panel.parts, "causes"} == {"headline", *PARTS}
    assert [card.code for card in panel.causes.cards] == ["client-eku-missing"]
    assert panel.said.value == ""


def test_typed_paths_are_investigated_on_click() -> None:
    """Blank lines do not count; several paths are one case."""
    panel = CasePanel()
    panel.paths.value = f"\n  {ON} \n\n{CASES / 'only-edge.tar.gz'}\n"
    panel.start.click()
    assert panel.case is not None
    assert len(set(panel.case.archive.members["file"])) > len(sample().archive.members)
    assert panel.progress.value == panel.progress.max


def test_a_path_that_is_not_there_is_said() -> None:
    """The reason stands in the panel, the old case is gone."""
    panel = CasePanel(ON)
    panel.paths.value = "/nowhere/at/all.tar.gz"
    panel.start.click()
    assert "does not exist" in panel.said.value
    assert 'role="alert"' in panel.said.value
    assert (panel.case, panel.parts["findings"].value) == (None, "")


def test_nothing_given_is_said() -> None:
    """A click without anything tells what to give."""
    panel = CasePanel()
    panel.start.click()
    assert "Nothing was given" in panel.said.value


def test_an_upload_is_read_from_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The case is that of the same file by path, and nothing is written on the way."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    panel = CasePanel()
    panel.upload.value = upload(ON.name, ON.read_bytes())
    panel.start.click()
    assert list(tmp_path.iterdir()) == []
    assert panel.parts["findings"].value == CasePanel(ON).parts["findings"].value


def test_an_upload_above_the_limit_is_refused_with_the_way_out() -> None:
    """50 MB through the browser; by path any size."""
    panel = CasePanel()
    give(panel, upload("big.tar.gz", b"x", MOST_UPLOADED + 1))
    panel.start.click()
    assert "at most 50 MB" in panel.said.value
    assert "give its path" in panel.said.value


def test_the_limits_of_the_server_hold_an_upload_of_the_limit() -> None:
    """Base64 of 50 MB, which some versions send, fits into the browser's largest message."""
    import json

    settings = json.loads((ROOT / "ekukit/jupyter/jupyter_lab_config.json").read_text("utf-8"))
    most = settings["ServerApp"]["tornado_settings"]["websocket_max_message_size"]
    assert most > MOST_UPLOADED * 4 / 3 + (1 << 20)


def test_a_damaged_archive_shows_what_was_not_read() -> None:
    """No exception, the rest analyzed."""
    panel = CasePanel(CASES / "damaged.tar.gz")
    assert panel.case is not None
    for problem in panel.case.unread:
        assert problem.rpartition(": ")[2][:20]
    assert "Not read:" in panel.parts["unread"].value
    assert len(panel.case.unread) > 0
    assert "clientAuth is missing" in panel.parts["headline"].value


def test_bytes_that_are_no_archive_are_said() -> None:
    """Whatever is uploaded, the panel answers."""
    panel = CasePanel()
    panel.upload.value = upload("junk.tar.gz", b"\x1f\x8b" + bytes(range(256)))
    panel.start.click()
    assert "junk.tar" in panel.said.value + panel.parts["unread"].value


def test_pasted_text_alone_is_a_case() -> None:
    """A line of the log needs no archive."""
    panel = CasePanel()
    panel.pasted.value = (
        '2026-03-29T06:58:01.231+00:00 edge1 tvcs: Event="Inbound TLS Negotiation Error" '
        'Service="SIP" Src-ip="192.0.2.16" Src-port="25011" Dst-ip="192.0.2.31" Dst-port="7001" '
        'Detail="unsuitable certificate purpose" Protocol="TLS" Level="1" '
        'UTCTime="2026-03-29 06:58:01,231"'
    )
    panel.start.click()
    assert panel.case is not None
    assert panel.case.findings


def test_an_unknown_role_is_asked_for_and_answered_by_hand() -> None:
    """A dropdown appears for the node; choosing investigates again."""
    panel = CasePanel(ON)
    panel.case = replace(sample(), nodes=tuple(replace(node, role=None) for node in sample().nodes))
    panel._offer_roles(panel.case)
    assert sorted(panel.roles) == sorted(node.host for node in panel.case.nodes)
    host = panel.case.nodes[0].host
    panel.roles[host].value = Role.CORE
    assert panel.case is not None
    assert [
        control.description for control in panel.roles.values() if not control.description
    ] == []


def test_hostile_text_is_shown_as_text_in_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Host names, log lines, subjects and settings come as text."""
    evil = case_of(host=f"h{EVIL}", user=EVIL, text=EVIL)
    monkeypatch.setattr(panel_module, "investigate", lambda *_a, **_k: evil)
    panel = CasePanel(ON)
    panel.toggle.click()
    assert panel.explorer is not None
    shown = [part.value for part in (*panel.parts.values(), *panel.explorer.parts.values())]
    assert [html for html in shown if "<img" in html or "\x00" in html or "\u202e" in html] == []
    assert "&lt;img" in panel.parts["headline"].value


@pytest.mark.parametrize("redacted", [True, False])
def test_a_report_is_offered_as_a_link(*, redacted: bool) -> None:
    """Both kinds, made in memory; a new case takes them away."""
    panel = CasePanel(ON)
    (panel.report if redacted else panel.open_report).click()
    assert 'download="case.html"' in panel.reports.saved.value
    assert 'download="case.md"' in panel.reports.saved.value
    assert ("redacted" in panel.reports.saved.value) is redacted
    panel.start.click()
    assert panel.reports.saved.value == ""


def test_the_customers_deployment_is_toggled_in_the_explorers_parts() -> None:
    """The stand-in sentence is shown; another EKU set brings zone and tunnels back."""
    panel = CasePanel(ON)
    panel.toggle.click()
    explorer = panel.explorer
    assert explorer is not None
    assert safe(STAND_IN) in explorer.notes.value
    assert state_of(explorer, "uc-zone") is State.FAILED
    store = explorer.controls.stores[Role.CORE, Store.CLIENT]
    store.eku.value, store.issuer.value = EkuProfile.BOTH, "internal"
    assert (state_of(explorer, "uc-zone"), state_of(explorer, "ssh-tunnel")) == (
        State.ACTIVE,
        State.ACTIVE,
    )
    assert "✓ Active" in explorer.parts["summary"].value


def test_a_case_without_a_deployment_says_so() -> None:
    """No panel of nothing."""
    with pytest.raises(InputError, match="cannot be rebuilt"):
        CaseExplorer(replace(case_of(), deployment=None))


def test_taking_the_issuing_ca_away_leaves_the_zone_and_fails_the_tunnels() -> None:
    """E11: over SSH the leaf comes alone."""
    explorer = CaseExplorer(sample(CASES / "private-core-client.tar.gz"))
    explorer.controls.trust[Role.EDGE].value = "no"
    assert (state_of(explorer, "uc-zone"), state_of(explorer, "ssh-tunnel")) == (
        State.ACTIVE,
        State.FAILED,
    )


def test_an_unknown_mode_makes_the_zone_unknown_until_it_is_set() -> None:
    """Both modes are tried; they differ on the zone and agree on the tunnels."""
    case = sample()
    explorer = CaseExplorer(
        replace(case, nodes=tuple(replace(node, mode=None) for node in case.nodes))
    )
    assert state_of(explorer, "uc-zone") is State.UNKNOWN
    assert state_of(explorer, "ssh-tunnel") is State.FAILED
    explorer.controls.modes[Role.EDGE].value = Mode.OFF
    assert state_of(explorer, "uc-zone") is State.ACTIVE


def test_another_subject_name_fails_the_zone() -> None:
    """E8: Edge compares the name with Core's client certificate."""
    explorer = CaseExplorer(sample(CASES / "private-core-client.tar.gz"))
    explorer.controls.subject_name.value = "other.example.com"
    explorer.tabs.turn_to("Handshake")
    assert state_of(explorer, "uc-zone") is State.FAILED
    assert "other.example.com" in explorer.parts["evidence"].value


def test_a_certificate_that_is_not_in_the_archive_is_unknown_and_can_be_set() -> None:
    """Core's client certificate is missing: Unknown; with one set by hand the lab answers."""
    case = sample(CASES / "private-core-client.tar.gz")
    assert case.deployment is not None
    core = case.deployment.core[0]
    empty = replace(core.client, certificate=None)
    explorer = CaseExplorer(replace(case, deployment=case.deployment.with_core(client=empty)))
    assert state_of(explorer, "uc-zone") is State.UNKNOWN
    store = explorer.controls.stores[Role.CORE, Store.CLIENT]
    store.eku.value = EkuProfile.SERVER
    assert state_of(explorer, "uc-zone") is State.FAILED
    assert "unknown" in store.eku.options[0][0]


@pytest.mark.parametrize(
    ("missing", "engine"), [("decide", Engine.RULES), ("bench.perform", Engine.PATH)]
)
def test_what_the_lab_cannot_make_is_verified_and_what_cannot_be_goes_to_the_rules(
    missing: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The panel says when rules answer; ladder and capture say why or stay empty."""

    def broken(_handshake: object) -> None:
        msg = "no such key"
        raise ValueError(msg)

    monkeypatch.setattr(f"ekukit.lab.{missing}", broken)
    monkeypatch.setattr("ekukit.views.panels.case_explorer.ladder_html", lambda *_a: broken(None))
    explorer = CaseExplorer(case_of())
    assert {out.engine for out in explorer.outcomes if out.initiator} == {engine}
    assert ("states come from the rules" in explorer.notes.value) is (engine is Engine.RULES)
    explorer.tabs.turn_to("Handshake")
    assert "no such key" in explorer.parts["ladder"].value


def controls(explorer: CaseExplorer) -> list[w.Widget]:
    """Return every control that has options."""
    found: list[w.Widget] = []
    waiting: list[w.Widget] = [explorer.controls, explorer.shown]
    while waiting:
        widget = waiting.pop()
        waiting += getattr(widget, "children", ())
        if isinstance(widget, w.Dropdown):
            found.append(widget)
    return found


@pytest.mark.parametrize(
    "name", ["public-everywhere-checking-on", "damaged", "only-edge", "odd-certificates",
             "cluster-of-two"]
)  # fmt: skip
def test_every_control_goes_through_all_its_values(name: str) -> None:
    """No value of any control raises or leaves a table empty, whatever is known."""
    case = sample(CASES / f"{name}.tar.gz")
    if case.deployment is None:
        pytest.skip(f"{name}: nothing to rebuild")
    explorer = CaseExplorer(case)
    for control in controls(explorer):
        assert control.description
        values = [item[1] if isinstance(item, tuple) else item for item in control.options]
        before = control.value
        for value in values:
            control.value = value
            assert "eku-state" in explorer.parts["tables"].value
            assert [out for out in explorer.outcomes if not out.facts] == []
        control.value = before
    explorer.capture.click()
    assert "ekukit.pcapng" in explorer.parts["download"].value


def test_an_older_release_has_one_store() -> None:
    """On X15.4 the server certificate answers for both."""
    explorer = CaseExplorer(sample(CASES / "private-core-client.tar.gz"))
    explorer.controls.release.value = Release.X15_4
    assert state_of(explorer, "ssh-tunnel") is State.FAILED


def sent(panel: CasePanel) -> str:
    """Return the state of every widget of the panel, as a saved notebook holds it."""
    found, waiting = [], [panel]
    while waiting:
        widget = waiting.pop()
        waiting += getattr(widget, "children", ())
        found.append(json.dumps(widget.get_state(), default=str))
    return "".join(found).replace("<wbr>", "").casefold()


def test_the_switch_takes_names_out_of_everything_that_the_browser_is_sent(tmp_path: Path) -> None:
    """Tables, paths, uploads, pasted text, roles, explorer and reports; the case itself stays."""
    own = tmp_path / ON.name
    own.write_bytes(ON.read_bytes())
    panel = CasePanel(own)
    panel.upload.value = upload("acme-zq.tar.gz", ON.read_bytes())
    panel.pasted.value = "user zqjoe"
    panel.start.click()
    panel.toggle.click()
    names = ("core.example.com", "10.106.80.16", "5fc42e0d5db81002", ON.stem, "acme-zq", "zqjoe")
    assert [name for name in names if name not in sent(panel)] == []
    panel.hide.value = True
    for click in (panel.start, panel.toggle, panel.report, *panel.causes.buttons.values()):
        click.click()
    assert panel.explorer is not None
    assert panel.explorer.tried.value
    assert [name for name in names if name in sent(panel)] == []
    assert "[host1]" in panel.parts["headline"].value + panel.parts["inventory"].value
    assert panel.open_report.disabled
    assert panel.case is not None
    panel.hide.value = False
    assert (panel.pasted.value, panel.paths.value) == ("user zqjoe", str(own))
    assert "core.example.com" in panel.parts["inventory"].value


def test_what_cannot_be_read_is_said_without_its_name_while_names_are_hidden() -> None:
    """A path is a name, too."""
    panel = CasePanel()
    panel.paths.value = "/nowhere/zqcustomer.tar.gz"
    panel.hide.value = True
    panel.start.click()
    assert "cannot be read" in panel.said.value
    assert "zqcustomer" not in sent(panel)


def test_a_role_is_asked_for_by_pseudonym_while_names_are_hidden() -> None:
    """The answer goes to the node all the same."""
    panel = CasePanel(ON)
    panel.case = replace(sample(), nodes=tuple(replace(node, role=None) for node in sample().nodes))
    panel.hide.value = True
    assert sorted(panel.roles) == ["core", "edge"]
    told = [control.description for control in panel.roles.values()]
    assert told == ["Role of [host1]", "Role of [host2]"]
