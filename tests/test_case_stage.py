"""A customer's case for a room: nothing of the customer in it, nothing shown before its time."""

import json
import re
from dataclasses import replace
from pathlib import Path

import ipywidgets as w
import pytest
from case_samples import EVIL, case_of
from conftest import ROOT

from ekukit import archive
from ekukit.connections import Outcome
from ekukit.diagnosis import handed, investigation
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.findings.finding import SIGNS, Confidence, Severity
from ekukit.diagnosis.handed import VARIABLE, HandedCase, given_case
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Mode, Role, Store
from ekukit.privacy.hidden_deployment import as_disguised
from ekukit.views.html import STYLE, safe
from ekukit.views.pages.report import make_report
from ekukit.views.pages.room_cards import MOST_EVIDENCE, SURE, room_cause, room_finding
from ekukit.views.panels.case_explorer import CaseExplorer
from ekukit.views.panels.case_stage import (
    CAUSES,
    DEPLOYMENT,
    FINDINGS,
    STATES,
    TIMELINE,
    TO_DO,
    VIEWS,
    CaseStage,
    room_case,
)
from ekukit.views.panels.presentation import CASE, Presentation

CASES = sorted((ROOT / "data" / "cases").glob("*.tar.gz"))
ON = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"


def sample(path: Path = ON) -> Case:
    """Return a sample case."""
    return investigate(archive.open(path))


def acme_case() -> Case:
    """Return a case whose deployment, too, is full of a customer's names."""
    case = case_of(host="edge1.acme.test", user="joe.doe")
    assert case.deployment is not None
    return replace(case, deployment=named(case.deployment))


def named(deployment: Deployment) -> Deployment:
    """Return the deployment with host names, addresses and subjects of Acme."""
    for role, address in ((Role.CORE, "198.18.7.8"), (Role.EDGE, "198.18.7.9")):
        fqdn = f"{role.value.lower()}1.acme.test"
        node = (deployment.core if role is Role.CORE else deployment.edge)[0]
        stores = {
            kind.value: replace(store, certificate=store.certificate and replace(
                store.certificate, subject=f"CN={fqdn},O=Acme Corporation", names=(fqdn,)))
            for kind in Store if (store := node.store(kind))
        }  # fmt: skip
        change = deployment.with_core if role is Role.CORE else deployment.with_edge
        wanted = "core1.acme.test" if role is Role.EDGE else ""
        deployment = change(fqdn=fqdn, address=address, verify_subject_name=wanted, **stores)
    return replace(deployment, domains=("acme.test",))


def spelled(text: str) -> str:
    """Return a sentence of a case as the room spells it."""
    return as_disguised(safe(text))


def widgets(*roots: w.Widget) -> list[w.Widget]:
    """Return the widgets and everything in them."""
    found, waiting = [], list(roots)
    while waiting:
        widget = waiting.pop()
        found.append(widget)
        waiting += getattr(widget, "children", ())
    return found


def sent(*roots: w.Widget) -> str:
    """Return everything that the browser is sent for the widgets, style sheets apart."""
    states = [widget.get_state() for widget in widgets(*roots)]
    return json.dumps(states, default=str).replace(json.dumps(STYLE)[1:-1], "")


def every_view(stage: CaseStage) -> str:
    """Return what is sent in every view, for every finding."""
    texts = []
    for view in VIEWS:
        stage.view.value = view
        texts.append(sent(stage))
    stage.view.value = FINDINGS
    for _finding in stage.case.findings:
        stage.steps.next.click()
        texts.append(sent(stage))
    return "".join(texts).replace("<wbr>", "")


def states(outcomes: tuple[Outcome, ...]) -> list[tuple[str, str, str]]:
    """Return what came of each connection, and who says so."""
    return [(out.connection, out.code, out.engine.value) for out in outcomes]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.partition(".")[0])
def test_nothing_of_a_sample_is_sent_to_the_browser(path: Path) -> None:
    """No full host name, no address and no subject of the archive, in any view or on paper."""
    case = sample(path)
    found = case.archive
    names = {str(host) for host in found.members["host"].dropna() if "." in str(host)}
    names |= {name for names in found.certificates["names"] for name in names}
    subjects = [str(subject).partition(",")[0] for subject in case.certificates["subject"]]
    names |= {name.removeprefix("CN=") for name in subjects if name.startswith("CN=")}
    names |= set(found.handshakes["client"]) | set(found.handshakes["server"])
    names |= set(found.log["src_ip"].dropna()) | set(found.log["dst_ip"].dropna())
    stage = CaseStage(case)
    shown = every_view(stage) + stage.paper()
    assert [name for name in names if str(name).casefold() in shown.casefold()] == []
    assert "10.106.80." not in shown


def test_nothing_of_a_customer_is_sent_to_the_browser() -> None:
    """Host, domain, user, company and address are gone; the explorer's controls hold none."""
    stage = CaseStage(acme_case())
    shown = (every_view(stage) + stage.paper()).casefold()
    wanted = ("acme", "edge1", "core1", "joe", "198.18.7.", 'nonce=\\"0123')
    assert [name for name in wanted if name in shown] == []
    assert stage.explorer is not None
    assert re.fullmatch(r"host\d+\.domain\d+\.example", stage.explorer.controls.subject_name.value)


def test_pseudonyms_are_those_of_the_report() -> None:
    """Who is host1 in the room is host1 in the report."""
    for case in (acme_case(), sample(CASES[-1])):
        page = make_report(case, "html").text.replace("<strong>", "").replace("</strong>", "")
        assert safe(room_case(case).headline) in page


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.partition(".")[0])
def test_a_disguised_deployment_behaves_as_the_real_one(path: Path) -> None:
    """Every connection has the same code by the same engine; EKUs stay."""
    case = sample(path)
    if case.deployment is None:
        pytest.skip("nothing to rebuild")
    room = room_case(case)
    assert room.deployment is not None
    assert states(CaseExplorer(case).outcomes) == states(CaseExplorer(room).outcomes)
    for mine, theirs in zip(case.deployment.core, room.deployment.core, strict=True):
        for kind in Store:
            leaf, other = mine.store(kind).certificate, theirs.store(kind).certificate
            assert (leaf and leaf.ekus) == (other and other.ekus)
            assert other is None or other.serial < 100


def test_findings_come_one_at_a_time_and_end_where_they_end() -> None:
    """Each has its number, its title in words and signs, and sources with their status."""
    stage = CaseStage(sample())
    stage.view.value = FINDINGS
    count = len(stage.case.findings)
    for place, found in enumerate(stage.case.findings, 1):
        assert f"Finding {place} of {count}" in stage.steps.count.value
        body = stage.parts["body"].value
        for wanted in (found.required, found.todo, f"{found.facts[0]} ("):
            assert spelled(wanted) in body
        assert f"{SIGNS[found.severity]} {found.severity.value}" in body
        assert f"{SURE[found.confidence]} {found.confidence.value}" in body
        stage.steps.next.click()
    assert stage.steps.place == count
    for _press in range(count + 1):
        stage.steps.previous.click()
    assert stage.steps.place == 1


def test_causes_come_first_and_one_at_a_time() -> None:
    """What is wrong, where, what to do and how sure, by pseudonyms; then the next."""
    stage = CaseStage(sample(ON.with_name("two-faults-eku-and-name.tar.gz")))
    assert stage.view.value == CAUSES
    for place, cause in enumerate(stage.case.causes, 1):
        assert f"Cause {place} of 2" in stage.steps.count.value
        for wanted in (cause.what, cause.where, cause.step, cause.sure):
            assert spelled(wanted) in stage.parts["body"].value
        stage.steps.next.click()
    assert stage.steps.place == 2


def test_evidence_is_short_and_has_its_place() -> None:
    """At most three pieces, of different kinds, and the words that decide."""
    html = room_finding(room_case(sample()).findings[0])
    assert html.count("►") == MOST_EVIDENCE
    assert len(re.findall(r"line \d+", html)) == MOST_EVIDENCE
    assert "Detail=&quot;sslv3 alert unsupported certificate&quot;" in html


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.partition(".")[0])
def test_a_card_for_the_back_row_has_sixty_words(path: Path) -> None:
    """One sentence, what to do, what it brings down; all else is folded behind it."""
    case = room_case(sample(path))
    cards = [room_cause(cause, among=case.causes) for cause in case.causes]
    for html in (*cards, *map(room_finding, case.findings)):
        shown = html.partition("<details>")[0].rpartition("</style>")[2]
        shown = re.sub(r"<[^>]+>", " ", shown)
        assert len(re.findall(r"\w\S*", shown)) <= 75  # what it brings down comes on top
        assert "<b>To do</b>" in html


def test_a_to_do_is_applied_shown_before_and_after_and_taken_back() -> None:
    """Framed as tried; the next cause begins without it; what cannot be tried has no button."""
    stage = CaseStage(sample(ON.with_name("two-faults-eku-and-name.tar.gz")))
    assert stage.apply.layout.display is None
    stage.apply.click()
    body = stage.parts["body"].value
    assert "⚠ TRIED, not the customer" in body
    assert "States before and after" in body
    stage.apply.click()
    assert "⚠ TRIED" not in stage.parts["body"].value
    stage.apply.click()
    stage.steps.next.click()
    assert "⚠ TRIED" not in stage.parts["body"].value
    far = CaseStage(sample(ON.with_name("neighbor-refused-by-core.tar.gz")))
    assert far.apply.layout.display == "none"


def test_what_to_do_is_stepped_through_under_pseudonyms() -> None:
    """What it comes to, then a card for each step with the states after it."""
    stage = CaseStage(sample(ON.with_name("two-faults-eku-and-name.tar.gz")))
    stage.view.value = TO_DO
    titles, shown = [], []
    for _card in range(3):
        titles.append(re.sub(r"<[^>]+>", "", stage.steps.count.value.rpartition("polite")[2][2:]))
        shown.append(re.sub(r"<[^>]+>", " ", stage.parts["body"].value.partition("<details>")[0]))
        stage.steps.next.click()
    assert titles == ["The plan", "Step 1 of 2", "Step 2 of 2"]
    assert "2 steps; Expressway and PKI team must act" in shown[0]
    assert "zone on Edge to host1.domain1.example" in shown[1]
    assert "✗ Failed" in shown[1]
    assert "▲ UC traversal zone  ✓ Active" in shown[2]
    assert stage.apply.layout.display == "none"


def test_what_no_step_mends_is_a_card_beside_the_plan() -> None:
    """A subject that the SSH side may not know is mended by a certificate that nobody planned."""
    stage = CaseStage(sample(ON.with_name("tunnels-unknown-oid.tar.gz")))
    stage.view.value = TO_DO
    stage.steps.next.click()
    assert "Beside the plan" in stage.steps.count.value
    assert "Re-issue the certificate" in stage.parts["body"].value


def test_a_toggle_hides_the_outcome_again_where_people_predict() -> None:
    """Controls stay, states and picture wait for Reveal."""
    stage = CaseStage(sample())
    stage.view.value = DEPLOYMENT
    explorer = stage.explorer
    assert explorer is not None
    stage.predict.value = True
    stage.reveal.click()
    assert explorer.parts["summary"] in widgets(stage)
    explorer.controls.modes[Role.EDGE].value = Mode.OFF
    assert stage.hidden
    assert explorer.parts["summary"] not in widgets(stage)
    assert explorer.controls in widgets(stage)


@pytest.mark.parametrize("view", VIEWS)
def test_pseudonyms_are_spelled_one_way(view: str) -> None:
    """As the picture has them, since certificates hold no brackets."""
    stage = CaseStage(sample())
    stage.view.value = view
    texts = [str(widget.value) for widget in widgets(stage) if isinstance(widget, w.HTML)]
    assert [text for text in texts if re.search(r"\[(host|domain|address|serial)\d", text)] == []


def test_damage_is_said_over_the_causes() -> None:
    """The headline is not repeated there, but what could not be read is."""
    stage = CaseStage(sample(ON.with_name("damaged.tar.gz")))
    said = stage.parts["headline"].value
    assert "Beware: part of the archive could not be read" in said
    assert "clientAuth is missing" not in said


def test_signs_beside_the_words_differ() -> None:
    """Color is not what tells them apart."""
    assert len({SIGNS[severity] for severity in Severity}) == len(Severity)
    assert len({SURE[confidence] for confidence in Confidence}) == len(Confidence)


@pytest.mark.parametrize("view", VIEWS)
def test_predict_first_hides_headline_findings_and_states(view: str) -> None:
    """Neither sentence, finding nor predicted state is sent until Reveal is pressed."""
    stage = CaseStage(sample())
    stage.predict.value = True
    stage.view.value = view
    shown = sent(stage)
    case = stage.case
    hidden = [case.headline, case.findings[0].todo, case.predicted[0].reason]
    assert [text for text in hidden if text in shown or spelled(text) in shown] == []
    assert (stage.explorer, stage.reveal.description) == (None, "Reveal")
    stage.reveal.click()
    wanted = {CAUSES: case.causes[0].what, FINDINGS: case.findings[0].first,
              STATES: case.headline, TIMELINE: "Events that matter",
              TO_DO: "Replace Core's client certificate"}  # fmt: skip
    assert spelled(wanted.get(view, "✗ Failed")) in "".join(
        str(widget.value) for widget in widgets(stage) if isinstance(widget, w.HTML)
    )
    stage.reveal.click()
    assert [text for text in wanted.values() if spelled(text) in sent(stage)] == []


def test_the_deployment_is_toggled_by_every_control() -> None:
    """No value of any control raises; a cure makes zone and tunnels Active."""
    stage = CaseStage(sample())
    stage.view.value = DEPLOYMENT
    assert stage.explorer is not None
    for control in widgets(stage):
        if isinstance(control, (w.Dropdown, w.Checkbox)):
            options = getattr(control, "options", (True, False))
            before = control.value
            for option in options:
                control.value = option[1] if isinstance(option, tuple) else option
            control.value = before
    assert "✗ Failed" in stage.explorer.parts["summary"].value
    stage.explorer.tabs.turn_to("Handshake")
    assert "<svg" in stage.explorer.parts["ladder"].value


def test_what_is_toggled_in_the_room_is_framed_as_tried() -> None:
    """The column beside the controls is marked, changes are listed, and Reset is there."""
    stage = CaseStage(sample())
    stage.view.value = DEPLOYMENT
    explorer = stage.explorer
    assert explorer is not None
    framed = [widget for widget in widgets(stage) if "eku-tried" in widget._dom_classes]
    assert framed == []
    explorer.controls.modes[Role.EDGE].value = Mode.OFF
    framed = [widget for widget in widgets(stage) if "eku-tried" in widget._dom_classes]
    assert [explorer.tried in widget.children for widget in framed] == [True]
    assert "EKU checking mode: On → Off" in explorer.tried.value
    explorer.reset.click()
    assert [widget for widget in widgets(stage) if "eku-tried" in widget._dom_classes] == []


def test_hostile_text_is_shown_as_text() -> None:
    """Markup, control and bidi characters come through no view."""
    stage = CaseStage(case_of(host=f"h{EVIL}", user=EVIL, text=EVIL))
    shown = []
    for view in VIEWS:
        stage.view.value = view
        shown += [widget.value for widget in widgets(stage) if isinstance(widget, w.HTML)]
    assert [html for html in shown if "<img" in html or "\x00" in html] == []


def test_a_case_without_deployment_or_findings_says_so() -> None:
    """Sentences instead of empty screens."""
    stage = CaseStage(replace(case_of(), deployment=None, findings=()))
    assert "No finding" in stage.parts["body"].value
    stage.view.value = DEPLOYMENT
    assert "cannot be rebuilt" in stage.parts["body"].value
    stage.predict.value = True
    assert "Predict first" in stage.parts["body"].value


def test_what_is_given_survives_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths, roles and the wish for names; nothing given is None; anything else is an error."""
    given = HandedCase(("/a b/é.tar.gz",), (("host1", Role.CORE),))
    monkeypatch.setenv(VARIABLE, given.text)
    assert given_case() == given
    monkeypatch.setenv(VARIABLE, "")
    assert given_case() is None
    for broken in ("{", "[]", '{"paths": ["a"], "roles": {"h": "west"}}'):
        monkeypatch.setenv(VARIABLE, broken)
        with pytest.raises(InputError, match=VARIABLE):
            given_case()


def test_the_archive_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks again in one process gets the same case."""
    given = HandedCase((str(ON),))
    handed._read.cache_clear()
    first = given.case()
    monkeypatch.setattr(investigation, "investigate", lambda *_a, **_k: pytest.fail("read again"))
    assert given.case() is first


def test_a_file_that_is_no_part_of_an_archive_is_an_error(tmp_path: Path) -> None:
    """Nothing to present, and what is expected."""
    (tmp_path / "note.txt").write_text("hello")
    with pytest.raises(InputError, match="nothing could be read"):
        HandedCase((str(tmp_path / "note.txt"),)).case()


def test_without_a_case_the_workshop_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No switch, no case."""
    monkeypatch.delenv(VARIABLE, raising=False)
    shown = Presentation()
    assert (shown.case, shown.children[0].layout.display) == (None, "none")
    assert shown.workshop in widgets(shown)


def test_the_switch_changes_between_workshop_and_case() -> None:
    """Predict first is one setting, so that the case opens hidden when it was ticked before."""
    shown = Presentation(HandedCase((str(ON),)))
    assert shown.case is not None
    assert shown.case not in widgets(shown)
    shown.workshop.predict.value = True
    shown.switch.value = CASE
    assert shown.case in widgets(shown)
    assert shown.case.hidden
    assert "Every condition" in shown.paper()
    assert "clientAuth is missing" in shown.paper()


def test_a_case_that_is_gone_is_said_in_its_place() -> None:
    """The workshop goes on."""
    shown = Presentation(HandedCase(("/nowhere/at/all.tar.gz",)))
    shown.switch.value = CASE
    assert "does not exist" in shown.said.value
    assert shown.said in widgets(shown)
