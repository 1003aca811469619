"""The explorer as one file: what it shows is what the kit draws, and it asks for nothing."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsers import AXE, Watched, needs_chromium, watch
from playwright.sync_api import Browser, expect

from ekukit.cli.main import main
from ekukit.connections.services import essential
from ekukit.expressway import Choices, Mode, build, condition
from ekukit.lab import run
from ekukit.room.static_explorer import write_explorer
from ekukit.room.toggled_states import SLOTS, slot_word
from ekukit.views.html import STYLE
from ekukit.views.pages.cause_cards import known_cards
from ekukit.views.pages.deployment_states import summary_html
from ekukit.views.pages.explained_picture import SCENE_STYLE, Scene, explained_picture

pytestmark = needs_chromium
_MOST = 3_000_000
STORES = ("core_client", "edge_server", "core_server", "edge_client")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the explorer once."""
    return write_explorer(tmp_path_factory.mktemp("explorer"))


@pytest.fixture(scope="module")
def shown(browser: Browser, file: Path) -> Iterator[Watched]:
    """Open it from its folder, as somebody does who got it by mail."""
    with watch(browser, 1280, 800) as watched:
        watched.page.goto(file.as_uri())
        expect(watched.page.locator("svg.eku-topology")).to_be_visible()
        yield watched


def set_to(shown: Watched, choices: Choices) -> list[str]:
    """Set every control and return the states and the picture that the page puts together."""
    slots = [slot_word(getattr(choices, name)) for name in STORES]
    values = [*slots, choices.edge_checking.value, choices.core_checking.value]
    found = shown.page.evaluate(f"() => {{ set({json.dumps(values)}); show(); return scene(); }}")
    return list(found)


def drawn(choices: Choices) -> list[str]:
    """Return the same as the kit draws it from handshakes made now."""
    deployment = build(choices)
    outcomes = essential(run(deployment))
    scene = Scene(deployment, outcomes, known_cards(deployment, outcomes), {})
    picture = explained_picture(scene).replace(SCENE_STYLE, "")
    return [summary_html(outcomes).replace(STYLE, ""), picture]


@pytest.mark.parametrize("seed", range(12))
def test_what_it_shows_is_what_handshakes_now_show(shown: Watched, seed: int) -> None:
    """Byte for byte, for any setting of its controls; every third with a copied certificate."""
    chosen = random.Random(seed)
    slots = {name: chosen.choice(SLOTS) for name in STORES}
    if seed % 3 == 0:
        slots["core_client"] = slots["core_server"] = chosen.choice(
            [slot for slot in SLOTS if slot.eku.value == "server"]
        )
    modes = {name: chosen.choice(list(Mode)) for name in ("edge_checking", "core_checking")}
    choices = replace(condition("C2"), copied=False, **slots, **modes)  # type: ignore[arg-type]
    assert drawn(choices) == set_to(shown, choices)


def test_one_click_shows_a_condition_and_says_what_changed(shown: Watched) -> None:
    """From C2 to Off the zone comes up, and only that is told."""
    page = shown.page
    page.get_by_label("C2 case 1", exact=True).check()
    page.get_by_label("C2 case 2", exact=True).check()
    expect(page.locator("#headline")).to_contain_text("C2 case 2")
    expect(page.locator("#changed")).to_have_text("Changed: UC traversal zone ✗ Failed → ✓ Active")
    page.get_by_label("Core client certificate: EKUs").select_option("both")
    expect(page.locator("#headline")).to_have_text("A deployment of your own")


def test_it_comes_back_after_a_reload_and_takes_no_foreign_text(shown: Watched, file: Path) -> None:
    """The address keeps the controls; what they do not offer is not taken from it."""
    page = shown.page
    page.get_by_label("C3", exact=True).check()
    page.reload()
    expect(page.locator("#headline")).to_contain_text("C3")
    page.goto(file.as_uri() + "#" + '["<img src=x>","b","c","d","On","On"]')
    page.reload()
    expect(page.locator("#headline")).to_contain_text("C2 case 1")


def test_it_asks_for_nothing_and_fits_a_mail(shown: Watched, file: Path) -> None:
    """No request, no error, under three megabytes; it says when and with what it was made."""
    shown.page.get_by_label("C4", exact=True).check()
    assert {address.partition("#")[0] for address in shown.asked} == {file.as_uri()}
    assert shown.errors == []
    text = file.read_text("utf-8")
    assert len(text) < _MOST
    assert "handshakes with OpenSSL" in text


def test_axe_finds_nothing_serious(shown: Watched) -> None:
    """Labels, colors and roles are right for people who cannot see the picture."""
    shown.page.evaluate(AXE.read_text("utf-8") + "; undefined")
    found = shown.page.evaluate("async () => (await axe.run()).violations")
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [one["id"] for one in serious] == []


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, without a traceback."""
    taken = tmp_path / "taken"
    taken.write_text("")
    monkeypatch.setattr("ekukit.room.static_explorer.explorer_html", lambda _told: "")
    assert main(["handout", "explorer", "--folder", str(taken)]) == 2
    assert "cannot be written" in capsys.readouterr().err
