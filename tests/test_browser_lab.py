"""The explorer in a real JupyterLab: every control clicked, every changed cell read."""

import re
from collections.abc import Iterator

import ipywidgets as w
import pytest
from browsers import Watched, needs_chromium, open_notebook, run_all, watch
from playwright.sync_api import Browser, Locator, Page, expect

from ekukit.expressway import build, condition
from ekukit.views.panels.controls import Controls
from ekukit.views.tables.outcome_tables import connection_table

pytestmark = needs_chromium
EXPLORER = "30_explore_any_deployment.ipynb"
FIRST = ".eku-explorer"
EDGE = "Edge: EKU checking mode"
EDGE_OFF = re.compile(r"Expressway Edge.*?EKU checking: Off")


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
    """Wait for the picture and the end of the run."""
    explorer = page.locator(FIRST).first
    expect(explorer.locator("svg.eku-topology")).to_be_visible(timeout=90_000)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status"
        " == 'idle'",
        timeout=90_000,
    )


def groups(controls: Controls) -> list[tuple[str, list[w.Widget]]]:
    """Return what can be chosen under "Set", and the controls that each choice shows, in order."""
    shown = controls.children[2].children
    return list(zip(controls.group.options, map(in_order, shown), strict=True))


def in_order(box: w.Widget) -> list[w.Widget]:
    """Return the controls with options, in the order in which they stand on the page."""
    if isinstance(box, (w.Dropdown, w.Select)):
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
    explorer.get_by_role("tab", name="Services").click()
    states = explorer.locator(f"table.eku-t:has(caption:text-is('{CAPTION}')) td .eku-state")
    expect(states).to_have_text(wanted(twin))
    modes = explorer.locator(".eku-controls .eku-choice:not(.eku-groups *) select")
    toggled = 0
    for place, control in enumerate((twin.edge_checking, twin.core_checking)):
        toggled += changed(modes.nth(place), control, states, twin)
    for name, controls in groups(twin):
        explorer.get_by_label("Set", exact=True).select_option(name)
        shown = explorer.locator(".eku-groups select")
        heading = "Core server certificate" if name == "Certificates" else name
        expect(explorer.locator(".eku-groups")).to_contain_text(heading)
        expect(shown).to_have_count(len(controls))
        for place, control in enumerate(controls):
            toggled += changed(shown.nth(place), control, states, twin)
    assert toggled > 25
    explorer.get_by_label("Set", exact=True).select_option("Certificates")


def changed(shown: Locator, control: w.Widget, states: Locator, twin: Controls) -> int:
    """Choose another value in the browser and in the twin; the states must be the rules'."""
    if control.disabled:
        expect(shown).to_be_disabled()
        return 0
    other = (control.index + 1) % len(control.options)
    shown.select_option(index=other)
    control.index = other
    expect(states).to_have_text(wanted(twin))
    return 1


def test_cells_of_the_stores_name_the_new_certificate(explorer: Locator) -> None:
    """The client store of Core shows issuer, EKUs and another serial."""
    explorer.get_by_label("Set", exact=True).select_option("Releases, peers, zones")
    explorer.get_by_label("Release").select_option("X15.5")
    expect(explorer.locator("svg.eku-topology")).to_contain_text("X15.5")
    explorer.get_by_label("Set", exact=True).select_option("Certificates")
    explorer.get_by_role("tab", name="Stores").click()
    before = rows(explorer, "What the four certificate stores hold")
    select = explorer.get_by_label("EKUs").nth(1)
    other = "clientAuth only" if "clientAuth" not in before[1][2] else "serverAuth only"
    select.select_option(other)
    # Both EKUs hold the word of one: the serial tells that the table is the new one.
    expect(explorer.locator(".eku-stores tbody tr").nth(1)).not_to_contain_text(before[1][5])
    after = rows(explorer, "What the four certificate stores hold")
    assert before[1] != after[1]
    assert before[0] == after[0]


def test_reload_in_mid_work_keeps_what_was_chosen(lab: Watched, explorer: Locator) -> None:
    """The kernel lives on: after saving and reloading the same choice and states are shown."""
    explorer.get_by_label(EDGE).select_option("Off")
    expect(explorer.locator("svg.eku-topology")).to_contain_text(EDGE_OFF)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.page.reload()
    lab.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
    ready(lab.page)
    expect(explorer.get_by_label(EDGE).locator("option:checked")).to_have_text("Off")
    expect(explorer.locator("svg.eku-topology")).to_contain_text(EDGE_OFF)
    explorer.get_by_label(EDGE).select_option("On")
    expect(explorer.locator("svg.eku-topology")).not_to_contain_text(EDGE_OFF)


def on_screen(explorer: Locator, place: str) -> list[float]:
    """Return left, top, right and bottom of something in the explorer."""
    found = explorer.locator(place).first.bounding_box()
    assert found is not None
    return [found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]]


def test_toggles_picture_and_first_cause_stand_on_one_screen(
    lab: Watched, explorer: Locator
) -> None:
    """At 1280 x 800 all of it is visible, before and after toggles, and nothing moves."""
    lab.page.set_viewport_size({"width": 1280, "height": 800})
    lab.page.evaluate(
        "() => { const s = window.jupyterapp.shell; s.collapseLeft(); s.collapseRight(); }"
    )
    explorer.evaluate("e => e.scrollIntoView({block: 'start'})")
    places = (".eku-controls", "p.eku-summary", "svg.eku-topology", ".eku-causes")
    before: list[list[float]] = []
    for mode in ("Off", "On"):
        explorer.get_by_label(EDGE).select_option(mode)
        expect(explorer.locator("svg.eku-topology")).to_contain_text(
            re.compile(rf"Expressway Edge.*?EKU checking: {mode}")
        )
        found = [on_screen(explorer, place) for place in places]
        limits = on_screen(lab.page.locator("body"), ".jp-Notebook")
        for box in found:
            assert box[0] >= limits[0]
            assert box[1] >= limits[1] - 1
            assert box[2] <= limits[2]
            assert box[3] <= limits[3]
        assert before in ([], found)
        before = found
    what = on_screen(explorer, ".eku-cause p.eku-what")
    assert what[3] <= before[-1][3]


def test_a_click_or_tab_and_enter_on_an_arrow_explains_it(lab: Watched, explorer: Locator) -> None:
    """Who presented what stands beside the picture; another place takes its turn."""
    places = explorer.locator("details.eku-pick > summary")
    arrow = places.filter(has_text="UC traversal zone")
    arrow.click()
    told = explorer.locator("details.eku-pick[open] .eku-told")
    expect(told).to_contain_text("Presented by the initiator")
    arrow.focus()
    # Past the explanation that is open, and the facts in it.
    tunnel = places.filter(has_text="SSH tunnel")
    for _press in range(40):
        lab.page.keyboard.press("Tab")
        if tunnel.evaluate("e => e === document.activeElement"):
            break
    lab.page.keyboard.press("Enter")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("SSH tunnel")
    explorer.get_by_label("Explain").select_option("Core client store")
    expect(told).to_contain_text("Serial and names")
    explorer.get_by_label("Explain").select_option("What is wrong")
    expect(told).to_have_count(0)


def test_a_fact_shows_its_claim_on_focus(explorer: Locator) -> None:
    """The claim is in the page as the id's spoken name, and drawn beside it when it has focus."""
    explorer.get_by_role("tab", name="Sources").click()
    fact = explorer.locator(".eku-sources .eku-fact").first
    fact.focus()
    drawn = fact.evaluate("e => getComputedStyle(e, '::after').content")
    assert drawn.strip('"') == fact.get_attribute("aria-label")


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
