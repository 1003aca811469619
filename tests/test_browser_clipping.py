"""Nothing of the room is cut off: on a telephone and three projectors, light and dark, zoomed."""

from collections.abc import Iterator

import pytest
from browsers import chromium, needs_chromium, watch
from clipping import SCREENS, ZOOMS, clipped, resize
from conftest import ROOT
from playwright.sync_api import Page, expect

from ekukit.diagnosis.handed import HandedCase
from ekukit.room.server import free_port, serve
from ekukit.views.panels import case_stage, workshop

pytestmark = needs_chromium
NOTEBOOK = ROOT / "notebooks" / "90_workshop.ipynb"
ARCHIVE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
# What each way of cutting off looks like, and what is left of it.
FAULTS = """<style>button, span { width: 80px; height: 20px; font: 16px sans-serif }</style>
<button id="a" style="overflow: hidden">Much longer than its box</button>
<div style="overflow: hidden; width: 200px; height: 30px; flex: none"><button id="b"
  style="height: 50px">Tall</button></div>
<button id="c" style="position: absolute; left: 1250px">Past</button>
<select id="d" style="width: 50px"><option>Much longer than its box</option></select>
<div style="overflow: auto; width: 100px"><button id="e" style="margin-left: 90px">In</button></div>
<button id="f" style="overflow: hidden; width: auto; height: auto">Whole</button>
<div id="g" tabindex="0" style="overflow: auto; width: 90px"><p style="width: 300px">Wide</p></div>
<button id="h" style="display: none; overflow: hidden">Much longer, and not there</button>"""


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the workshop with a case beside it."""
    given = HandedCase((str(ARCHIVE),))
    with (
        serve(NOTEBOOK, free_port(), dark=request.param == "dark", case=given) as server,
        chromium() as browser,
        watch(browser) as watched,
    ):
        watched.page.goto(server.address)
        picture = watched.page.locator(".eku-body svg.eku-topology")
        expect(picture).to_be_visible(timeout=60_000)
        yield watched.page


def everywhere(page: Page) -> dict[str, list[str]]:
    """Return what is cut off for each screen and zoom on which something is."""
    found = {}
    for screen in SCREENS:
        for zoom in ZOOMS:
            resize(page, screen, zoom)
            found[f"{screen[0]} wide, {zoom:.0%}"] = clipped(page)
    resize(page, SCREENS[1], 1)
    return {place: told for place, told in found.items() if told}


def test_what_is_cut_off_is_found() -> None:
    """Text, height, the page's edge, a list's option, a box that scrolls; whole ones are not."""
    with chromium() as browser, watch(browser) as watched:
        watched.page.set_content(FAULTS)
        watched.page.eval_on_selector_all(
            "[id]", "all => all.forEach(e => e.setAttribute('aria-label', e.id))"
        )
        assert [text.split(":")[0].split()[-1] for text in clipped(watched.page)] == list("abcde")


@pytest.mark.parametrize("view", workshop.VIEWS)
def test_no_control_of_the_workshop_is_cut_off(page: Page, view: str) -> None:
    """Every view, at four widths, at 100 and 150 %."""
    page.get_by_label("Present", exact=True).select_option("Workshop")
    page.get_by_label("Show", exact=True).select_option(view)
    page.wait_for_timeout(500)
    assert everywhere(page) == {}


@pytest.mark.parametrize("view", case_stage.VIEWS)
def test_no_control_of_the_case_is_cut_off(page: Page, view: str) -> None:
    """Every view, at four widths, at 100 and 150 %."""
    page.get_by_label("Present", exact=True).select_option("Case")
    page.get_by_label("Show", exact=True).select_option(view)
    page.wait_for_timeout(500)
    assert everywhere(page) == {}
