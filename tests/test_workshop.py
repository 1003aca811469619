"""The workshop without a browser: scenes, hidden outcomes, and what one change does."""

import re

import pytest

from ekukit.certificates import EkuProfile
from ekukit.connections import State, predict
from ekukit.connections.catalog import ROWS
from ekukit.connections.services import essential
from ekukit.errors import InputError
from ekukit.expressway import Mode, Slot, build, condition
from ekukit.expressway.network import OPEN, Network
from ekukit.views.html import STYLE
from ekukit.views.pages.room_plan import ESSENTIAL, room_plan
from ekukit.views.panels.workshop import VIEWS, Workshop
from ekukit.views.tables.change import BROKEN, MENDED, OTHER, SAME, change_table
from ekukit.views.tables.scenes import SCENES, scenes_table


def state_of(shop: Workshop, name: str) -> State:
    """Return the state of a connection."""
    return next(out.state for out in shop.outcomes if out.connection == name)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_named_again_when_controls_come_back_to_it(name: str) -> None:
    """The condition is chosen by what the controls say, whoever set them."""
    shop = Workshop()
    shop.controls.set(SCENES[name])
    assert shop.scene.value == name
    assert name in shop.parts["headline"].value


def test_a_deployment_of_ones_own_has_no_scene() -> None:
    """After another change no condition is chosen, and one click brings it back."""
    shop = Workshop()
    shop.controls.core_checking.value = Mode.OFF
    assert shop.scene.value is None
    shop.scene.value = "C2 case 1"
    assert shop.controls.core_checking.value is Mode.ON


@pytest.mark.parametrize("view", VIEWS)
def test_hidden_means_not_in_the_page(view: str) -> None:
    """No word of the states of what is shown is sent to the browser before it is revealed."""
    shop = Workshop("C3")
    shop.predict.value = True
    shop.scene.value = "C2.1"
    shop.view.value = view
    shown = shop.parts["summary"].value + shop.parts["body"].value
    columns = re.findall(r"<tr>.*?</tr>", shown)
    after = [row.split("<td>")[2] for row in columns if row.count("<td>") == 3]
    text = "".join(after) if view == "Before and after" else shown.replace(STYLE, "")
    assert re.findall("Active|Failed|Unknown", text) == []
    assert state_of(shop, "uc-zone") is State.ACTIVE


def test_hidden_causes_and_refusals_are_not_in_the_page() -> None:
    """Neither the card nor the mark on the slot nor the check on the arrow tells the answer."""
    shop = Workshop("C3")
    assert "checks clientAuth" in shop.parts["body"].value
    shop.predict.value = True
    shop.scene.value = "C2 case 1"
    text = shop.parts["body"].value.replace(STYLE, "")
    assert re.findall("lacks|refused|checks|eku-cause|✗|#d0342a", text) == []
    shop.reveal.click()
    assert "certificate lacks clientAuth" in shop.parts["body"].value


def test_revealing_shows_and_the_next_change_hides_again() -> None:
    """Predict first holds until the box is unticked."""
    shop = Workshop()
    shop.predict.value = True
    shop.reveal.click()
    assert "✗ Failed" in shop.parts["summary"].value
    shop.controls.edge_checking.value = Mode.OFF
    assert "Active" not in shop.parts["summary"].value.replace(STYLE, "")
    shop.predict.value = False
    assert "✓ Active" in shop.parts["summary"].value


def test_the_last_change_is_compared_unless_a_state_was_kept() -> None:
    """Before is what stood there before the last change; a kept state stays."""
    shop = Workshop("C3")
    shop.scene.value = "C4"
    assert shop.before == SCENES["C3"]
    shop.keep.click()
    shop.scene.value = "C1"
    shop.scene.value = "C2.1"
    assert shop.before == SCENES["C4"]


def test_ready_made_changes_go_from_before_to_after() -> None:
    """Edge's mode On to Off, Core's client certificate from a private CA, then with clientAuth."""
    shop = Workshop("C2 case 2")
    shop.mode_off.click()
    assert (shop.before, shop.scene.value) == (SCENES["C2 case 1"], "C2 case 2")
    shop.private.click()
    assert shop.before == SCENES["C2 case 2"]
    assert state_of(shop, "ssh-tunnel") is State.FAILED
    shop.both.click()
    assert shop.before.core_client == Slot("internal", EkuProfile.SERVER)
    assert state_of(shop, "ssh-tunnel") is State.ACTIVE


def words(before: str, after: str, mode: Mode = Mode.ON) -> dict[object, object]:
    """Return what the table says changed, by row."""
    pair = [
        (choices, essential(predict(build(choices))))
        for choices in (condition(before), condition(after, edge_checking=mode))
    ]
    frame = change_table(pair[0], pair[1])
    return dict(zip(frame["What"], frame["Changed"], strict=True))


def test_before_and_after_gives_nothing_away_where_nothing_was_changed() -> None:
    """While hidden, the state before is the one to be predicted; after a change it is told."""
    same = (condition("C2"), essential(predict(build(condition("C2")))))
    other = (condition("C2.1"), essential(predict(build(condition("C2.1")))))
    assert State.FAILED not in set(change_table(same, same, hidden=True)["Before"])
    assert State.FAILED in set(change_table(same, other, hidden=True)["Before"])


def test_a_change_is_told_by_row() -> None:
    """What works now, what works no more, what is the same."""
    assert words("C2", "C2", Mode.OFF) == {
        "Edge: EKU checking mode": OTHER,
        "UC traversal zone": MENDED,
        "SSH tunnel": SAME,
        "MRA login": SAME,
        "WebRTC proxy": SAME,
    }
    assert words("C3", "C2")["UC traversal zone"] == BROKEN
    assert words("C3", "C3")["Settings"] == SAME


def test_the_copy_for_paper_has_every_scene() -> None:
    """One row each, with the states of zone, tunnel and services."""
    frame = scenes_table()
    assert len(frame) == len(SCENES)
    assert set(frame.columns[1:]) == {
        "UC traversal zone",
        "SSH tunnel",
        "MRA login",
        "WebRTC proxy",
    }


def said(html: str) -> str:
    """Return the words of a card without those that are folded."""
    shown = html.partition("<details>")[0].rpartition("</style>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_what_to_do_is_told_step_by_step_with_states() -> None:
    """Hidden while people predict; a step says what comes up; where all is up, nothing is to do."""
    shop = Workshop("C2 case 2")
    shop.view.value = "What to do"
    body = said(shop.parts["body"].value)
    assert "Replace Core&#x27;s client certificate" in body
    assert "Then UC traversal zone ✓ Active ▲ SSH tunnel ✓ Active ▲ MRA login ✓ Active" in body
    assert "1 step; Expressway and PKI team must act" in body
    shop.predict.value = True
    assert "Replace Core" not in shop.parts["body"].value
    assert [said(card.html) for card in room_plan(build(SCENES["C4"]), ESSENTIAL)] == [
        "Nothing is to be done: what is wished works."
    ]


def test_a_plan_of_several_steps_is_one_card_for_each() -> None:
    """First what it comes to, then each step with its states; a change begins at the first."""
    shop = Workshop("C2 case 1")
    shop.view.value = "What to do"
    assert shop.steps.bar.layout.display == "none"
    shop.controls.network.value = Network(frozenset({ROWS["uc-zone"].port}))
    assert shop.steps.bar.layout.display is None
    assert said(shop.parts["body"].value).startswith("2 steps; Expressway, PKI team and Network")
    shop.steps.next.click()
    assert "Step 1 of 2" in shop.steps.count.value
    assert "UC traversal zone ✗ Failed" in said(shop.parts["body"].value)
    shop.steps.next.click()
    assert shop.steps.next.disabled
    assert "▲ UC traversal zone ✓ Active" in said(shop.parts["body"].value)
    shop.controls.network.value = OPEN
    assert shop.steps.place == 1


def test_where_no_plan_can_be_made_the_room_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """In words on the screen, as where rules and handshakes differ; nothing raises."""

    def no_plan(*_given: object) -> None:
        msg = "rules and handshakes differ"
        raise InputError(msg)

    monkeypatch.setattr("ekukit.views.pages.room_plan.make_plan", no_plan)
    assert "rules and handshakes differ" in room_plan(build(SCENES["C4"]))[0].html
