"""A customer's case for a room in a real browser: by keyboard, read aloud, nothing sent away."""

from collections.abc import Iterator

import pytest
from browsers import Watched, chromium, needs_chromium, tab_to, watch
from conftest import ROOT
from playwright.sync_api import Locator, Page, expect

from ekukit.diagnosis.handed import HandedCase
from ekukit.room.server import free_port, serve
from ekukit.views.panels.case_stage import ASKED, VIEWS

pytestmark = needs_chromium
NOTEBOOK = ROOT / "notebooks" / "90_workshop.ipynb"
ARCHIVE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
HEADLINE = "UC traversal zone, SSH tunnel and MRA provisioning fail"
FIRST = "UC traversal zone: Core's client certificate has serverAuth; clientAuth is missing"


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
    page.get_by_label("Show", exact=True).select_option("Causes")
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
    assert FIRST not in page.content()
    tab_to(page, "Reveal")
    page.keyboard.press("Enter")
    expect(page.locator(".eku-large p.eku-what")).to_contain_text(FIRST)
    expect(page.locator("p.eku-count")).to_have_text("Finding 1 of 4")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.locator("p.eku-count")).to_have_text("Finding 2 of 4")
    expect(page.locator(".eku-large")).to_contain_text("✗ broken · ●●● certain")
    page.keyboard.press("Space")
    expect(page.locator("p.eku-count")).to_have_text("Finding 3 of 4")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("p.eku-count")).to_have_text("Finding 2 of 4")


def bottom(locator: Locator, most: float) -> float:
    """Return where the element ends, once that is `most` or less, else after five seconds.

    What is drawn anew has no box for a moment, then one of the type of the size before.
    """
    for _ in range(20):
        box = locator.bounding_box()
        if box is not None and box["y"] + box["height"] <= most:
            break
        locator.page.wait_for_timeout(250)
    assert box is not None
    return box["y"] + box["height"]


def assert_fits(page: Page, height: int) -> None:
    """Fail unless the card ends on the screen, in type of a twenty-fifth of its height."""
    card = page.locator(".eku-large")
    assert bottom(card, height) <= height
    types = card.locator("> p").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(types) >= height / 25


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("view", ["Causes", "Findings"])
def test_a_card_fits_the_screen_in_type_for_the_back_row(
    page: Page, view: str, size: tuple[int, int]
) -> None:
    """Each card ends on the screen, in type of a twenty-fifth of its height; evidence is folded."""
    page.get_by_label("Present", exact=True).select_option("Case")
    page.get_by_label("Show", exact=True).select_option(view)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    count = page.locator("p.eku-count")
    expect(count).to_contain_text(f"{view.removesuffix('s')} 1 of")
    for place in range(1, int(count.inner_text().rpartition(" ")[2]) + 1):
        expect(count).to_contain_text(f" {place} of")
        assert_fits(page, size[1])
        if page.get_by_role("button", name="Next").is_enabled():
            page.get_by_role("button", name="Next").click()
    page.set_viewport_size({"width": 1280, "height": 720})


def test_a_clicker_steps_through_findings_and_ends_at_the_ends(page: Page) -> None:
    """PageDown and arrows; each begins at its top, and Next stays in sight below."""
    page.get_by_label("Present", exact=True).select_option("Case")
    count = page.locator("p.eku-count")
    page.evaluate("() => document.activeElement.blur()")
    expect(count).to_have_text("Finding 1 of 4")
    page.locator(".eku-large summary").click()
    page.mouse.wheel(0, 600)
    expect(page.get_by_role("button", name="Next")).to_be_in_viewport()
    page.keyboard.press("PageDown")
    expect(count).to_have_text("Finding 2 of 4")
    assert page.evaluate("() => scrollY") == 0
    for _press in range(4):
        page.keyboard.press("ArrowRight")
    expect(count).to_have_text("Finding 4 of 4")
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.keyboard.press("PageUp")
    expect(count).to_have_text("Finding 3 of 4")


def test_a_clicker_steps_through_scenes(page: Page) -> None:
    """PageDown goes to the next condition, and no further than the last."""
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("PageDown")
    expect(page.locator("p.eku-headline")).to_contain_text("C2 case 2")
    for name in ("C2.1", "C3", "C4", "C4"):
        page.keyboard.press("PageDown")
        expect(page.locator("p.eku-headline")).to_contain_text(name)
    for name in ("C3", "C2.1", "C2 case 2", "C2 case 1"):
        page.keyboard.press("PageUp")
        expect(page.locator("p.eku-headline")).to_contain_text(name)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("present", ["Workshop", "Case"])
def test_what_to_do_fits_the_screen_in_type_for_the_back_row(
    page: Page, present: str, size: tuple[int, int]
) -> None:
    """Of a case and of a condition with a blocked port, each card, stepped by a clicker."""
    page.get_by_label("Present", exact=True).select_option(present)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if present == "Workshop":
        expect(page.locator("p.eku-headline")).to_contain_text("C2 case 1")
        page.get_by_label("Network", exact=True).select_option(index=2)
    else:
        expect(page.locator("p.eku-count")).to_have_text("Finding 1 of 4")
    page.get_by_label("Show", exact=True).select_option("What to do")
    titles = {"Workshop": ["The plan", "Step 1 of 2", "Step 2 of 2"], "Case": ["Step 1 of 1"]}
    page.evaluate("() => document.activeElement.blur()")
    for title in titles[present]:
        expect(page.locator("p.eku-count")).to_have_text(title)
        assert_fits(page, size[1])
        page.keyboard.press("PageDown")
    page.set_viewport_size({"width": 1280, "height": 720})
    if present == "Workshop":
        page.get_by_label("Network", exact=True).select_option(index=0)
        page.get_by_label("Show", exact=True).select_option("Picture")


def test_a_to_do_is_applied_in_the_room(page: Page) -> None:
    """States before and after, with what stays down and why, and back."""
    page.get_by_label("Present", exact=True).select_option("Case")
    page.get_by_label("Show", exact=True).select_option("Causes")
    page.get_by_role("button", name="Apply this To do").click()
    expect(page.locator(".eku-body")).to_contain_text("States before and after")
    expect(page.locator(".eku-body")).to_contain_text("▲ now works")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".eku-large")).to_be_visible()


def test_the_customers_deployment_is_toggled(page: Page) -> None:
    """Edge's mode brings the zone back; picture and states stand on one screen."""
    page.get_by_label("Present", exact=True).select_option("Case")
    page.get_by_label("Show", exact=True).select_option("Deployment")
    expect(page.locator(".eku-topology svg")).to_be_visible()
    states = page.locator(".eku-summary .eku-state")
    expect(states).to_have_text(["✗ Failed"] * 4)
    page.get_by_label("Edge: EKU checking mode").select_option("Off")
    expect(states).to_have_text(["✗ Failed", "✓ Active"] + ["✗ Failed"] * 3)
    assert bottom(page.locator(".eku-topology svg"), 720) <= 720
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
    page.get_by_label("Show", exact=True).select_option("Zones and tunnels")
    expect(page.locator("p.eku-said")).to_contain_text(HEADLINE)
    assert len(shared.asked) > 3
    assert (shared.errors, shared.strangers) == ([], [])
    assert [address for address in shared.asked if "tar.gz" in address] == []
    text = page.locator("body").inner_text()
    assert "core.example.com" not in text
    assert "host1" in text
