"""The workshop in a real browser: clicked, typed, reloaded, opened twice, and read aloud."""

import re
import time
from collections.abc import Iterator

import psutil
import pytest
from browsers import Watched, follow, needs_chromium, tab_to, watch
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect

from ekukit.connections import predict
from ekukit.connections.outcome import SYMBOLS
from ekukit.connections.services import essential
from ekukit.expressway import Choices, Mode, build, condition
from ekukit.room.server import Server, free_port, serve
from ekukit.views.panels.workshop import VIEWS
from ekukit.views.tables.scenes import SCENES

pytestmark = needs_chromium
NOTEBOOK = ROOT / "notebooks" / "90_workshop.ipynb"
EDGE = "Edge: EKU checking mode"
OWN = "A deployment of your own"
PREDICT = ["… predict"] * 4
PIXELS = "e => parseFloat(getComputedStyle(e).fontSize)"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Serve the workshop as `ekukit present` does."""
    with serve(NOTEBOOK, free_port()) as found:
        yield found


@pytest.fixture(scope="module")
def shared(browser: Browser, server: Server) -> Iterator[Watched]:
    """Open the workshop once for all tests that only click."""
    with watch(browser) as watched:
        usable(watched.page, server)
        yield watched


@pytest.fixture
def page(shared: Watched) -> Page:
    """Return the shared page, brought back to the start."""
    start(shared.page)
    return shared.page


def usable(page: Page, server: Server) -> None:
    """Open the workshop and wait until the picture is there."""
    page.goto(server.address)
    expect(page.locator(".eku-body svg.eku-topology")).to_be_visible(timeout=60_000)


def start(page: Page) -> None:
    """Set the page to test case 1, the picture, nothing hidden."""
    page.get_by_label("Predict first").uncheck()
    page.get_by_label("Show", exact=True).select_option("Picture")
    # Each is waited for, so that no late answer sets the controls back.
    page.get_by_label("Condition", exact=True).select_option("C3")
    expect(page.locator("p.eku-headline")).to_contain_text("C3")
    page.get_by_label("Condition", exact=True).select_option("C2 case 1")
    expect(page.locator("p.eku-headline")).to_contain_text("C2 case 1")


def states(choices: Choices) -> list[str]:
    """Return what the rules say, as the summary words it."""
    found = essential(predict(build(choices)))
    return [f"{SYMBOLS[outcome.state]} {outcome.state.value}" for outcome in found]


@pytest.mark.parametrize("name", SCENES)
def test_every_condition_is_one_click_away(page: Page, name: str) -> None:
    """One click shows headline, states and stores of the condition."""
    page.get_by_label("Condition", exact=True).select_option(name)
    expect(page.locator("p.eku-headline")).to_contain_text(f"{name}:")
    expect(page.locator(".eku-summary .eku-state")).to_have_text(states(SCENES[name]))


def test_one_screen_of_1280_by_720_shows_it_all(page: Page) -> None:
    """Headline, states, picture and controls stand there without scrolling, in large type."""
    for place in ("p.eku-headline", "p.eku-summary", ".eku-body svg", ".eku-controls"):
        box = page.locator(place).bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
        assert box["x"] + box["width"] <= 1280
    sizes = page.locator(".eku-workshop label, .eku-summary").evaluate_all(
        "all => all.filter(e => e.offsetParent).map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 20


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("name", ["C2 case 1", "C2 case 2"])
def test_the_first_cause_stands_below_the_picture_on_one_screen(
    page: Page, name: str, size: tuple[int, int]
) -> None:
    """All of its card, before and after a toggle; while hidden no word of it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_label("Condition", exact=True).select_option(name)
    cause = page.locator(".eku-body .eku-cause").first
    # The card of both cases has the same words: what is measured is the one that stays.
    page.wait_for_timeout(500)
    expect(cause).to_contain_text("Core's client certificate lacks clientAuth.")
    box = cause.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size[1]
    page.get_by_label("Predict first").check()
    expect(page.get_by_role("button", name="Reveal")).to_be_visible()
    expect(cause).to_have_count(0)
    assert "lacks" not in page.locator(".eku-body").inner_html()
    assert "refused" not in page.locator(".eku-body").inner_html()
    page.set_viewport_size({"width": 1280, "height": 720})


def test_the_mode_moves_with_the_arrow_keys(page: Page) -> None:
    """Down and up choose Off and On."""
    page.get_by_label(EDGE).focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("p.eku-headline")).to_contain_text("C2 case 2")
    page.keyboard.press("ArrowUp")
    expect(page.locator("p.eku-headline")).to_contain_text("C2 case 1")


def test_toggles_of_modes_and_stores_change_the_states(page: Page) -> None:
    """Edge's mode brings the zone back; a private Core client certificate all of it."""
    page.get_by_label(EDGE).select_option("Off")
    expect(page.locator(".eku-summary .eku-state")).to_have_text(
        states(condition("C2", edge_checking=Mode.OFF))
    )
    expect(page.get_by_label("Condition", exact=True)).to_have_value("C2 case 2")
    page.get_by_label("Issuer").nth(1).select_option("CA 1 (internal)")
    page.get_by_label("EKUs").nth(1).select_option("serverAuth + clientAuth")
    expect(page.locator(".eku-summary .eku-state")).to_have_text(["✓ Active"] * 4)
    expect(page.locator("p.eku-headline")).to_have_text("A deployment of your own")


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("Tables", "SSH tunnels, as the page of each node shows them"),
        ("Why", "Check that decided"),
        ("Handshake", "Client Hello"),
        ("Before and after", "What the change does"),
    ],
)
def test_each_view_shows_its_evidence(page: Page, view: str, words: str) -> None:
    """Tables, reasons with sources, messages, and the change."""
    page.get_by_label("Show", exact=True).select_option(view)
    expect(page.locator(".eku-body")).to_contain_text(words)


def test_nothing_of_the_outcome_is_on_the_page_before_reveal(page: Page) -> None:
    """Predict first hides states in all views, the spoken label too, until Reveal is pressed."""
    page.get_by_label("Predict first").check()
    page.get_by_label("Condition", exact=True).select_option("C2.1")
    expect(page.locator(".eku-summary .eku-state")).to_have_text(PREDICT)
    # What was shown before goes by a message of its own.
    expect(page.locator(".eku-body")).not_to_contain_text(re.compile("Active|Failed|Unknown"))
    for view in VIEWS[:4]:
        page.get_by_label("Show", exact=True).select_option(view)
        expect(page.get_by_role("button", name="Reveal")).to_be_visible()
        html = page.locator(".eku-body").inner_html()
        assert (
            re.findall(
                r"Active|Failed|Unknown", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
            )
            == []
        )
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator(".eku-summary .eku-state")).to_have_text(states(SCENES["C2.1"]))


def test_a_change_is_marked_by_sign_and_word(page: Page) -> None:
    """On → Off: the mode changed, the zone works now, the rest is the same."""
    page.get_by_label("Show", exact=True).select_option("Before and after")
    page.get_by_role("button", name="Edge mode On → Off").click()
    cells = page.locator(".eku-body tbody tr td:last-child")
    expect(cells).to_have_text(["► changed", "▲ now works", "= same", "= same", "= same"])
    assert cells.first.evaluate(PIXELS) >= 20
    page.get_by_role("button", name="Core client EKUs: + clientAuth").click()
    expect(cells).to_have_text(["► changed", "= same"] + ["▲ now works"] * 3)


def test_the_app_is_used_by_keyboard_alone(page: Page) -> None:
    """Tab, arrows and Space reach condition, prediction, reveal and a change, visibly."""
    page.evaluate("() => document.activeElement.blur()")
    tab_to(page, "Condition")
    page.keyboard.press("ArrowDown")
    expect(page.locator("p.eku-headline")).to_contain_text("C2 case 2")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    tab_to(page, "Predict first")
    page.keyboard.press("Space")
    expect(page.locator(".eku-summary .eku-state")).to_have_text(PREDICT)
    tab_to(page, "Reveal")
    page.keyboard.press("Enter")
    expect(page.locator(".eku-summary .eku-state")).to_have_text(states(SCENES["C2 case 2"]))
    tab_to(page, "Show")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    both = page.get_by_role("button", name="Core client EKUs: + clientAuth")
    expect(both).to_be_visible(timeout=30_000)
    tab_to(page, "Core client EKUs: + clientAuth")
    page.keyboard.press("Enter")
    expect(page.locator(".eku-body tbody tr td:last-child").last).to_have_text("…")


def test_a_choice_from_the_list_by_keyboard(page: Page) -> None:
    """Arrow keys change a store's issuer."""
    page.get_by_label("Issuer").nth(1).focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Issuer").nth(1)).to_have_value("CA 1 (internal)")
    expect(page.locator(".eku-body svg")).to_contain_text("internal")


def test_two_tabs_do_not_disturb_each_other(shared: Watched, page: Page, server: Server) -> None:
    """Each tab has a deployment of its own; a reload in mid-work keeps it and works."""
    other = page.context.new_page()
    follow(shared, other)
    usable(other, server)
    expect(other.get_by_label("Predict first")).to_be_checked()
    other.get_by_label("Predict first").uncheck()
    page.get_by_label("Condition", exact=True).select_option("C3")
    other.get_by_label(EDGE).select_option("Off")
    expect(page.locator(".eku-summary .eku-state")).to_have_text(["✓ Active"] * 4)
    expect(other.locator(".eku-summary .eku-state")).to_have_text(states(SCENES["C2 case 2"]))
    other.wait_for_function("() => location.hash == '#C2,edge=off'")
    other.reload()
    expect(other.locator("p.eku-headline")).to_contain_text("C2 case 2", timeout=60_000)
    other.get_by_label("Condition", exact=True).select_option("C4")
    expect(other.locator(".eku-summary .eku-state")).to_have_text(states(SCENES["C4"]))
    expect(page.locator(".eku-summary .eku-state")).to_have_text(["✓ Active"] * 4)
    assert kernels_settle_at(server, 2)
    other.close(run_before_unload=True)
    assert kernels_settle_at(server, 1)


def test_a_link_opens_its_scene_and_a_reload_keeps_it(browser: Browser, server: Server) -> None:
    """Condition, network, view and what is hidden stand in the address; nothing hidden flashes."""
    with watch(browser) as watched:
        page = watched.page
        page.add_init_script(SEEN)
        page.goto(f"{server.address}#C3,blocked=2222,show=why,predict,hidden")
        for _reload in range(2):
            expect(page.locator("p.eku-headline")).to_have_text(OWN, timeout=60_000)
            expect(page.get_by_label("Network")).to_have_value("port 2222 blocked")
            expect(page.get_by_label("Show", exact=True)).to_have_value("Why")
            expect(page.locator(".eku-summary .eku-state")).to_have_text(PREDICT)
            assert page.evaluate("() => window.seen") == []
            page.reload()
        page.get_by_role("button", name="Reveal").click()
        page.get_by_label("Show", exact=True).select_option("Picture")
        expect(page.locator(".eku-body svg")).to_contain_text("no answer on 2222")
        page.wait_for_function("() => location.hash == '#C3,blocked=2222,predict'")
        assert watched.errors == []


# Notes every state that can be seen, as a room would see it flash.
SEEN = """window.seen = []; setInterval(() => {
  for (const e of document.querySelectorAll('.eku-summary .eku-state'))
    if (e.checkVisibility({visibilityProperty: true}) && !e.textContent.includes('predict'))
      window.seen.push(e.textContent);
}, 10);"""


def kernels_settle_at(server: Server, count: int) -> bool:
    """Return whether so many kernels are left within half a minute: one for each open tab."""
    for _attempt in range(300):
        if len(psutil.Process(server.process.pid).children()) == count:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious_in_the_app(shared: Watched, page: Page, view: str) -> None:
    """The whole page, in every view."""
    page.get_by_label("Show", exact=True).select_option(view)
    assert shared.violations() == []


def test_no_request_left_this_machine_and_the_console_is_clean(shared: Watched, page: Page) -> None:
    """Whatever the tests above clicked; the page asked its own server and nobody else."""
    page.get_by_label("Show", exact=True).select_option("Handshake")
    assert len(shared.asked) > 3
    assert (shared.errors, shared.strangers) == ([], [])
