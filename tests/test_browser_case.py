"""The case notebook in a real browser: an archive is uploaded as an engineer does it."""

from pathlib import Path

import pytest
from browsers import chromium, jupyterlab, needs_chromium, open_notebook, run_all, watch
from conftest import ROOT
from playwright.sync_api import expect

NAME = "40_investigate_a_case.ipynb"
ARCHIVE = ROOT / "data" / "cases" / "healthy-internal-everywhere.tar.gz"

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(
        not (ROOT / "notebooks" / NAME).exists() or not ARCHIVE.exists(),
        reason=f"no {NAME} or no sample archive in this tree",
    ),
]


def test_an_archive_is_uploaded_and_shown(tmp_path: Path) -> None:
    """The headline becomes that of the uploaded case, and nothing leaves this machine."""
    with jupyterlab(tmp_path) as address, chromium() as browser, watch(browser) as watched:
        open_notebook(watched.page, address, NAME)
        run_all(watched.page)
        panel = watched.page.locator(".eku-case").last
        expect(panel).to_be_visible(timeout=90_000)
        headline = panel.locator(".eku-headline p.eku-summary")
        before = headline.inner_text(timeout=60_000)
        panel.get_by_label("Paths, one a line").fill("")
        with watched.page.expect_file_chooser() as chooser:
            panel.locator(".eku-upload").click()
        chooser.value.set_files(ARCHIVE)
        expect(panel.locator(".eku-upload")).to_contain_text("(1)")
        panel.get_by_role("button", name="Investigate").click()
        expect(headline).not_to_have_text(before, timeout=60_000)
        expect(panel.locator(".eku-said")).not_to_contain_text("✗")
        assert (watched.errors, watched.strangers) == ([], [])
