"""A customer's case for a room in a real browser: by keyboard, read aloud, nothing sent away."""

from collections.abc import Iterator

import pytest
from browsers import Watched, chromium, needs_chromium, tab_to, watch
from conftest import ROOT
from playwright.sync_api import Page, expect

from ekukit.diagnosis.handed import HandedCase
from ekukit.room.server import free_port, serve
from ekukit.views.panels.case_stage import ASKED, VIEWS

pytestmark = needs_chromium
NOTEBOOK = ROOT / "notebooks" / "90_workshop.ipynb"
ARCHIVE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
HEADLINE = "UC traversal zone, SSH tunnel and MRA provisioning fail"


@pytest.fixture(scope="module")
def shared() -> Iterator[Watched]:
    """Serve a case as `ekukit present PATH` does, and open it once."""
    given = HandedCase((str(ARCHIVE),))
    with (
        serve(NOTEBOOK, free_port(), case=given) as server,
        chromium() as browser,
        watch(browser) as watched,
    ):
        watched.page.goto(server.address)
        picture = watched.page.locator(".eku-body svg.eku-topology")
        expect(picture).to_be_visible(timeout=60_000)
        yield watched


@pytest.fixture
def page(shared: Watched) -> Page:
    """Return the page at the workshop, nothing hidden, the case at its findings."""
    page = shared.page
    page.get_by_label("Present", exact=True).select_option("Case")
    page.get_by_label("Show", exact=True).select_option("Findings")
    page.get_by_label("Predict first").uncheck()
    page.get_by_label("Present", exact=True).select_option("Workshop")
    expect(page.locator("p.eku-headline")).to_contain_text("C2 case 1")
    return page


def test_the_case_is_presented_by_keyboard_alone(page: Page) -> None:
    """Tab, arrow and Space open the case hidden, reveal it, and go to the next finding."""
    page.evaluate("() => document.activeElement.blur()")
    tab_to(page, "Predict first")
    page.keyboard.press("Space")
    tab_to(page, "Present")
    page.keyboard.press("ArrowDown")
    expect(page.locator("p.eku-headline")).to_have_text(ASKED)
    assert HEADLINE not in page.content()
    tab_to(page, "Reveal")
    page.keyboard.press("Enter")
    expect(page.locator("p.eku-headline")).to_contain_text(HEADLINE)
    expect(page.locator("p.eku-count")).to_have_text("Finding 1 of 4")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.locator("p.eku-count")).to_have_text("Finding 2 of 4")
    expect(page.locator(".eku-card caption")).to_contain_text("✗ broken · ●●● certain")
    page.keyboard.press("Space")
    expect(page.locator("p.eku-count")).to_have_text("Finding 3 of 4")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("p.eku-count")).to_have_text("Finding 2 of 4")


def test_headline_and_finding_stand_on_one_screen_in_large_type(page: Page) -> None:
    """Headline, what was found, what is required and what to do need no scrolling."""
    page.get_by_label("Present", exact=True).select_option("Case")
    expect(page.locator(".eku-card")).to_have_count(1)
    for place in ("p.eku-headline", "p.eku-count", ".eku-card tr:nth-child(3)"):
        box = page.locator(place).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 720
        assert box["x"] + box["width"] <= 1280
    sizes = page.locator("p.eku-headline, .eku-card td").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert sizes[0] >= 26
    assert min(sizes) >= 20


def test_the_customers_deployment_is_toggled(page: Page) -> None:
    """Edge's mode brings the zone back; picture and states stand on one screen."""
    page.get_by_label("Present", exact=True).select_option("Case")
    page.get_by_label("Show", exact=True).select_option("Deployment")
    expect(page.locator(".eku-topology svg")).to_be_visible()
    states = page.locator(".eku-summary .eku-state")
    expect(states).to_have_text(["✗ Failed"] * 4)
    page.get_by_label("Edge: EKU checking mode").select_option("Off")
    expect(states).to_have_text(["✗ Failed", "✓ Active"] + ["✗ Failed"] * 3)
    box = page.locator(".eku-topology svg").bounding_box()
    assert box is not None
    assert box["y"] + 400 <= 720
    page.get_by_label("Edge: EKU checking mode").select_option("On")
    expect(states).to_have_text(["✓ Active"] + ["✗ Failed"] * 4)


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious_in_the_case(shared: Watched, page: Page, view: str) -> None:
    """The whole page in every view, hidden and revealed."""
    page.get_by_label("Present", exact=True).select_option("Case")
    page.get_by_label("Show", exact=True).select_option(view)
    assert shared.violations() == []
    page.get_by_label("Predict first").check()
    expect(page.get_by_role("button", name="Reveal")).to_be_visible()
    assert shared.violations() == []


def test_nothing_left_this_machine_and_no_name_is_on_the_page(shared: Watched, page: Page) -> None:
    """Every request went to 127.0.0.1; no address names the archive; the case has pseudonyms."""
    page.get_by_label("Present", exact=True).select_option("Case")
    expect(page.locator("p.eku-headline")).to_contain_text(HEADLINE)
    assert len(shared.asked) > 3
    assert (shared.errors, shared.strangers) == ([], [])
    assert [address for address in shared.asked if "tar.gz" in address] == []
    text = page.locator("body").inner_text()
    assert "core.example.com" not in text
    assert "[host1]" in text
