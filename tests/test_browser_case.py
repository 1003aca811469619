"""The case notebook in a real browser: what an engineer sees, types and gives, as he does it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import (
    jupyterlab,
    needs_chromium,
    open_notebook,
    run_all,
    tab_to,
    watch,
)
from conftest import ROOT
from playwright.sync_api import Browser, Locator, Page, expect

from ekukit import archive
from ekukit.diagnosis.investigation import investigate
from ekukit.views.pages.report import make_report

NAME = "40_investigate_a_case.ipynb"
CASES = ROOT / "data" / "cases"
ARCHIVE = CASES / "healthy-internal-everywhere.tar.gz"
SAMPLE = CASES / "two-faults-eku-and-name.tar.gz"
# How far down headline, first cause and what to do may end, and all of it while folded.
FIRST_SCREEN, FOLDED = 800, 1600

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(
        not (ROOT / "notebooks" / NAME).exists() or not ARCHIVE.exists(),
        reason=f"no {NAME} or no sample archive in this tree",
    ),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run JupyterLab with a notebook that holds the panel and, below it, a question."""
    folder = tmp_path_factory.mktemp("lab")
    code = f"import ekukit\npanel = ekukit.CasePanel({str(SAMPLE)!r})\npanel"
    cells = [
        {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [],
         "source": source}
        for name, source in (("panel", code), ("question", "ekukit.ask('11.command')"))
    ]  # fmt: skip
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4,
                "nbformat_minor": 5}  # fmt: skip
    with jupyterlab(folder) as address:
        (folder / "notebooks" / "panel.ipynb").write_text(json.dumps(notebook))
        yield address


def opened(page: Page, address: str) -> Locator:
    """Open the panel and wait for its headline."""
    open_notebook(page, address, "panel.ipynb")
    run_all(page)
    panel = page.locator(".eku-case").last
    expect(panel.locator(".eku-headline p.eku-summary")).to_be_visible(timeout=60_000)
    expect(panel.locator("details.eku-section").last).to_be_visible()
    return panel


def bottom(place: Locator, panel: Locator) -> float:
    """Return how far below the panel's top a place ends, in pixels."""
    mine, all_of_it = place.bounding_box(), panel.bounding_box()
    assert mine is not None
    assert all_of_it is not None
    return mine["y"] + mine["height"] - all_of_it["y"]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_headline_cause_and_remedy_stand_on_the_first_screen(
    browser: Browser, lab: str, theme: str
) -> None:
    """At 1280 pixels nothing is cut, the rest is folded, and axe finds nothing, also opened."""
    with watch(browser) as watched:
        page = watched.page
        panel = opened(page, lab)
        page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
        )
        light = "false" if theme.endswith("Dark") else "true"
        expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)
        assert bottom(panel.locator(".eku-cause").first, panel) <= FIRST_SCREEN
        assert bottom(panel, panel) <= FOLDED
        assert watched.violations(".eku-case") == []
        panel.evaluate("e => e.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert panel.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert watched.violations(".eku-case") == []


def test_a_remedy_is_tried_and_taken_back_by_keyboard_alone(browser: Browser, lab: str) -> None:
    """Tab and Enter try what is to do, show the frame, and take it back."""
    with watch(browser) as watched:
        page = watched.page
        panel = opened(page, lab)
        panel.get_by_role("button", name="Investigate").focus()
        tab_to(page, "Try all of it on the rebuilt deployment")
        page.keyboard.press("Enter")
        frame = panel.locator(".eku-tried").first
        expect(frame).to_contain_text("TRIED, not the customer's", timeout=60_000)
        expect(frame).to_contain_text("▲ now works")
        assert watched.violations(".eku-case") == []
        panel.locator("details.eku-section summary").first.focus()
        page.keyboard.press("Enter")
        expect(panel.locator("details.eku-section").first).to_have_attribute("open", "")
        panel.get_by_role("button", name="Reset").focus()
        page.keyboard.press("Enter")
        expect(panel.locator(".eku-tried")).to_have_count(0)


def test_keys_typed_in_a_control_stay_in_it(browser: Browser, lab: str) -> None:
    """Letters and arrows neither insert cells nor leave; in the cell itself they still do."""
    with watch(browser) as watched:
        page = watched.page
        panel = opened(page, lab)
        cells = page.locator(".jp-Notebook .jp-Cell")
        page.locator(".jp-InputPrompt").first.click()
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        expect(cells).to_have_count(3)
        panel.get_by_role("button", name="Toggle").click()
        chosen = panel.locator("select").first
        chosen.focus()
        for key in ("a", "b", "m", "ArrowDown"):
            page.keyboard.press(key)
        expect(chosen).to_be_focused()
        panel.get_by_role("button", name="Investigate").focus()
        page.keyboard.press("b")
        panel.locator("summary").first.focus()
        page.keyboard.press("a")
        expect(cells).to_have_count(3)


def test_a_panel_without_a_kernel_says_so(browser: Browser, lab: str) -> None:
    """After a restart no button works, in questions neither; each panel tells it once."""
    with watch(browser) as watched:
        page = watched.page
        panel = opened(page, lab)
        page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
        )
        expect(panel).to_have_class(re.compile("jupyter-widgets-disconnected"), timeout=30_000)
        said = page.evaluate(
            "() => [...document.querySelectorAll('.jp-OutputArea .jupyter-widgets')].map(e => ["
            "e.parentElement.matches('.jp-OutputArea-output'), getComputedStyle(e, '::before')]"
            ").filter(([, s]) => s.display != 'none' && s.content != 'none')"
            ".map(([outer, s]) => [outer, s.content.slice(1, 18)])"
        )
        assert len(said) > 1
        assert said == [[True, "No kernel answers"]] * len(said)


def test_an_archive_is_uploaded_and_shown(browser: Browser, tmp_path: Path) -> None:
    """It replaces the sample at once, is kept when the cell runs again, and nothing leaves."""
    with jupyterlab(tmp_path) as address, watch(browser) as watched:
        open_notebook(watched.page, address, NAME)
        run_all(watched.page)
        panel = watched.page.locator(".eku-case").last
        expect(panel).to_be_visible(timeout=90_000)
        headline = panel.locator(".eku-headline p.eku-summary")
        before = headline.inner_text(timeout=60_000)
        with watched.page.expect_file_chooser() as chooser:
            panel.locator(".eku-upload").click()
        chooser.value.set_files(ARCHIVE)
        expect(headline).not_to_have_text(before, timeout=60_000)
        expect(headline).to_contain_text(ARCHIVE.name)
        expect(panel.locator(".eku-given")).to_contain_text("upload")
        expect(panel.locator(".eku-said")).to_contain_text("was taken out")
        assert (watched.errors, watched.strangers) == ([], [])
        assert [found.name for found in tmp_path.rglob("case.*")] == []
        run_all(watched.page)
        expect(watched.page.locator(".eku-case .eku-said")).to_contain_text(
            "Kept from the last run", timeout=90_000
        )
        expect(watched.page.locator(".eku-case .eku-headline")).to_contain_text(ARCHIVE.name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_has_its_causes_on_the_first_screen(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    """Headline, first cause and what to do at 1280 pixels; the rest folded; axe finds nothing."""
    path = tmp_path / "case.html"
    path.write_text(make_report(investigate(archive.open(SAMPLE)), "html").text, "utf-8")
    with watch(browser) as watched:
        page = watched.page
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(path.as_uri())
        body = page.locator("body")
        assert bottom(page.locator(".eku-cause").first, body) <= FIRST_SCREEN
        assert bottom(body, body) <= FOLDED
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        assert watched.violations() == []
