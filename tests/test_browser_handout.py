"""Hand-outs in a real browser: opened from a file, they ask nobody for anything."""

import copy
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browsers import Watched, chromium, needs_chromium, watch
from conftest import NOTEBOOKS
from playwright.sync_api import Browser, expect

from ekukit.room.handout import render

pytestmark = needs_chromium
NAMES = [path.stem for path in NOTEBOOKS]


@pytest.fixture(scope="module")
def folder(
    executed: dict[str, nbformat.NotebookNode], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Write every hand-out into one folder."""
    path = tmp_path_factory.mktemp("handouts")
    for name, notebook in executed.items():
        (path / f"{name}.html").write_text(render(copy.deepcopy(notebook), name), "utf-8")
    return path


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Browser]:  # noqa: ARG001 - kernels run before its loop does
    """Start the browser for this file alone, after the notebooks ran."""
    with chromium() as found:
        yield found


@pytest.fixture
def opened(browser: Browser) -> Iterator[Watched]:
    """Watch an empty page."""
    with watch(browser) as watched:
        yield watched


@pytest.mark.parametrize("name", NAMES)
def test_handout_opens_from_a_file_and_asks_for_nothing(
    opened: Watched, folder: Path, name: str
) -> None:
    """One request, for the file itself; no error; nothing serious for axe-core."""
    address = (folder / f"{name}.html").as_uri()
    opened.page.goto(address)
    expect(opened.page.locator("h1")).to_have_count(1)
    assert [a for a in opened.asked if not a.startswith("data:")] == [address]
    assert opened.errors == []
    assert opened.violations() == []


def test_handout_prints_dark_on_white(opened: Watched, folder: Path) -> None:
    """On paper the heads of tables do without their ground, and states keep sign and word."""
    opened.page.goto((folder / "12_condition_2_1_private_core_client.html").as_uri())
    opened.page.emulate_media(media="print")
    colors = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    for place in ("table.eku-t thead th", ".eku-state"):
        found = opened.page.locator(place).first.evaluate(colors)
        assert found == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    expect(opened.page.locator(".eku-state").first).to_contain_text("Active")
