"""How long a lesson is on a screen: every cell run, every door open, in JupyterLab."""

from collections.abc import Iterator

import pytest
from browsers import Watched, needs_chromium, open_notebook, run_all, watch
from playwright.sync_api import Browser, Locator, Page, expect

from ekukit.views.panels.door import SHOW_ME

pytestmark = needs_chromium
WIDTH, HEIGHT = 1280, 800
# As measured, rounded up: a lesson that grows beyond it has something twice.
SCREENS = {
    "00_start_here": 8,
    "01_certificates_and_eku": 9.5,
    "02_the_sunset_calendar": 11,
    "03_two_stores": 8.5,
    "10_condition_1_upgrade": 9.5,
    "11_condition_2_public_ca_everywhere": 7,
    "12_condition_2_1_private_core_client": 7.5,
    "13_condition_3_private_ca": 7.5,
    "14_condition_4_public_edge": 9,
    "20_scenario_1_webex_mtls": 13.5,
    "21_scenario_2_neighbor_zone": 12,
    "22_scenario_3_mra_provisioning": 10.5,
    "23_the_other_side": 9.5,
    "30_explore_any_deployment": 13,
    "40_investigate_a_case": 9,
    "50_plan_the_change": 10.5,
}
# All cells are laid out, also those far away from what is seen.
_LAID_OUT = """() => {
    const shell = window.jupyterapp.shell;
    shell.collapseLeft();
    shell.collapseRight();
    const notebook = shell.currentWidget.content;
    notebook.notebookConfig = {...notebook.notebookConfig, windowingMode: 'none'};
}"""
_DEPTH = 3  # a case behind a door asks behind doors of its own
_HAS_RUN = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const code = panel.content.widgets.filter(cell => cell.model.type == 'code');
    return code.every(cell => cell.model.executionCount)
        && panel.sessionContext.session.kernel.status == 'idle';
}"""
_CELLS = "() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')]"
_TALL = f"{_CELLS}.map(cell => cell.getBoundingClientRect().height).reduce((a, b) => a + b)"


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Watched]:
    """Open a page of the size that counts."""
    with watch(browser, WIDTH, HEIGHT) as watched:
        yield watched


def height(page: Page) -> float:
    """Return the height of all cells, once it stands still."""
    before, now = -1.0, 0.0
    while before != now:
        before = now
        page.wait_for_timeout(700)
        now = float(page.evaluate(_TALL))
    return now


def open_all(doors: Locator) -> None:
    """Open every door, those too that stand behind another."""
    for _ in range(_DEPTH):
        doors.evaluate_all("found => found.forEach(button => button.click())")
        doors.page.wait_for_timeout(700)
    expect(doors).to_have_count(0)


@pytest.mark.parametrize("name", SCREENS)
def test_a_lesson_takes_its_screens_and_no_more(lab: Watched, address: str, name: str) -> None:
    """At 1280 x 800, with every outcome shown; closed doors take less."""
    page = lab.page
    open_notebook(page, address, f"{name}.ipynb")
    page.evaluate(_LAID_OUT)
    run_all(page)
    page.wait_for_function(_HAS_RUN, timeout=120_000)
    closed = height(page)
    doors = page.get_by_role("button", name=SHOW_ME)
    assert doors.count() > 0
    open_all(doors)
    opened = height(page)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    print(f"{name}: {closed:.0f} px closed, {opened:.0f} px open")
    assert closed < opened <= SCREENS[name] * HEIGHT
