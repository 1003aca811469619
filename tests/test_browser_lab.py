"""The explorer in a real JupyterLab: every control clicked, every changed cell read."""

import re
from collections.abc import Iterator

import ipywidgets as w
import pytest
from browsers import Watched, chromium, jupyterlab, needs_chromium, open_notebook, run_all, watch
from playwright.sync_api import Browser, Locator, Page, expect

from ekukit.expressway import build, condition
from ekukit.views.panels.controls import Controls
from ekukit.views.tables.outcome_tables import connection_table

pytestmark = needs_chromium
EXPLORER = "30_explore_any_deployment.ipynb"
FIRST = ".eku-explorer"
EDGE_OFF = re.compile(r"Expressway Edge.*?EKU checking: Off")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser for this file alone: it leaves no loop behind for others."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run JupyterLab for this file."""
    with jupyterlab(tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture(scope="module")
def lab(browser: Browser, address: str) -> Iterator[Watched]:
    """Open the explorer's notebook, run all of it, and open the panel of far ends."""
    with watch(browser) as watched:
        open_notebook(watched.page, address, EXPLORER)
        run_all(watched.page)
        ready(watched.page)
        yield watched


@pytest.fixture
def explorer(lab: Watched) -> Locator:
    """Return the first explorer of the notebook."""
    return lab.page.locator(FIRST).first


def ready(page: Page) -> None:
    """Wait for the picture and the end of the run, and open what is folded."""
    explorer = page.locator(FIRST).first
    expect(explorer.locator("svg.eku-topology")).to_be_visible(timeout=90_000)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status"
        " == 'idle'",
        timeout=90_000,
    )
    fold = explorer.locator(
        ".lm-Accordion-title, .p-Collapse-header, .jupyter-widget-Collapse-header"
    )
    if not explorer.get_by_label("Release").is_visible():
        fold.first.click()
    expect(explorer.get_by_label("Release")).to_be_visible()


def in_order(box: w.Widget) -> list[w.Widget]:
    """Return the controls with options, in the order in which they stand on the page."""
    if isinstance(box, (w.Dropdown, w.RadioButtons)):
        return [box]
    return [found for child in getattr(box, "children", ()) for found in in_order(child)]


def rows(explorer: Locator, caption: str) -> list[list[str]]:
    """Return the texts of a table's cells as the browser shows them."""
    found = explorer.locator("table.eku-t").filter(has_text=caption)
    read = "t => [...t.rows].slice(1).map(r => [...r.cells].map(c => c.innerText))"
    cells: list[list[str]] = found.first.evaluate(read)
    return [[" ".join(cell.split()) for cell in row] for row in cells]


def wanted(controls: Controls) -> list[str]:
    """Return the states of every connection, as the kit's own table says them by the rules."""
    from ekukit.connections import predict
    from ekukit.connections.outcome import SYMBOLS

    frame = connection_table(predict(build(controls.choices)))
    return [f"{SYMBOLS[state]} {state.value}" for state in frame["State"]]


CAPTION = "Every connection of the catalog"


def test_every_control_changes_the_cells_as_the_rules_say(explorer: Locator) -> None:
    """Modes, stores, releases, peers and far ends: one other value each, in the browser."""
    twin = Controls(condition("C4"), lambda: None, far_ends=True)
    states = explorer.locator(f"table.eku-t:has(caption:text-is('{CAPTION}')) td .eku-state")
    expect(states).to_have_text(wanted(twin))
    selects, radios = (
        explorer.locator(".eku-controls select"),
        explorer.locator(".eku-controls .widget-radio"),
    )
    place = {"select": 0, "radio": 0}
    toggled = 0
    for control in in_order(twin):
        other = (control.index + 1) % len(control.options)
        if isinstance(control, w.RadioButtons):
            shown = radios.nth(place["radio"]).locator("input")
            place["radio"] += 1
            shown.nth(other).check()
        else:
            selects.nth(place["select"]).select_option(index=other)
            place["select"] += 1
        control.index = other
        expect(states).to_have_text(wanted(twin))
        toggled += 1
    assert (selects.count(), radios.count()) == (place["select"], place["radio"])
    assert toggled == selects.count() + radios.count() > 25


def test_cells_of_the_stores_name_the_new_certificate(explorer: Locator) -> None:
    """The client store of Core shows issuer, EKUs and another serial."""
    explorer.get_by_label("Release").select_option("X15.5")
    expect(explorer.locator("svg.eku-topology")).to_contain_text("X15.5")
    before = rows(explorer, "What the four certificate stores hold")
    select = explorer.get_by_label("EKUs").nth(1)
    other = "clientAuth only" if "clientAuth" not in before[1][2] else "serverAuth only"
    select.select_option(other)
    expect(explorer.locator(".eku-stores tbody tr").nth(1)).to_contain_text(
        other.split(maxsplit=1)[0]
    )
    after = rows(explorer, "What the four certificate stores hold")
    assert before[1] != after[1]
    assert before[0] == after[0]


def test_reload_in_mid_work_keeps_what_was_chosen(lab: Watched, explorer: Locator) -> None:
    """The kernel lives on: after saving and reloading the same choice and states are shown."""
    explorer.locator(".eku-controls .widget-radio").first.locator("input").nth(1).check()
    expect(explorer.locator("svg.eku-topology")).to_contain_text(EDGE_OFF)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.page.reload()
    lab.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
    ready(lab.page)
    expect(explorer.locator(".eku-controls .widget-radio input").nth(1)).to_be_checked()
    expect(explorer.locator("svg.eku-topology")).to_contain_text(EDGE_OFF)
    explorer.locator(".eku-controls .widget-radio").first.locator("input").first.check()
    expect(explorer.locator("svg.eku-topology")).not_to_contain_text(EDGE_OFF)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious_in_the_explorer(
    lab: Watched, explorer: Locator, theme: str
) -> None:
    """Controls, picture, tables and ladder, in both themes; JupyterLab's own frame is left out."""
    lab.page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    expect(lab.page.locator(f"body[data-jp-theme-name='{theme}']")).to_be_attached()
    expect(explorer).to_be_visible()
    assert lab.violations(FIRST) == []


def test_no_request_left_this_machine_and_the_console_is_clean(lab: Watched) -> None:
    """JupyterLab's own calls home are off, and nothing of the kit's fails in the browser."""
    assert len(lab.asked) > 10
    assert (lab.errors, lab.strangers) == ([], [])
