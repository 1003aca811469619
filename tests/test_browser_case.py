"""The case notebook in a real browser: an archive is uploaded as an engineer does it."""

from pathlib import Path

import pytest
from browsers import chromium, jupyterlab, needs_chromium, open_notebook, run_all, watch
from conftest import ROOT
from playwright.sync_api import expect

NAME = "40_investigate_a_case.ipynb"
ARCHIVES = sorted((ROOT / "data").rglob("*.tar.gz")) + sorted((ROOT / "data").rglob("*.zip"))

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(
        not (ROOT / "notebooks" / NAME).exists() or not ARCHIVES,
        reason=f"no {NAME} or no sample archive in this tree",
    ),
]


def test_an_archive_is_uploaded_and_shown(tmp_path: Path) -> None:
    """The file input takes it, states appear, and nothing leaves this machine."""
    with jupyterlab(tmp_path) as address, chromium() as browser, watch(browser) as watched:
        open_notebook(watched.page, address, NAME)
        run_all(watched.page)
        chosen = watched.page.locator(".eku-upload input[type=file]")
        expect(chosen).to_be_attached(timeout=90_000)
        chosen.set_input_files(ARCHIVES[0])
        expect(watched.page.locator(".eku-state").first).to_be_visible(timeout=60_000)
        assert (watched.errors, watched.strangers) == ([], [])
