"""From a click to the changed table on screen, and from the command to the usable page.

Run with `uv run python benchmarks/browser.py`; needs chromium. A click is timed inside the page,
until the browser has laid out the tables with the new states. Prints milliseconds and seconds;
nothing is asserted, since machines differ.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Page, sync_playwright

from ekukit.room.server import free_port, serve

TURNS = 200
CLICK = """place => new Promise(done => {
  const tables = document.querySelector('.eku-body');
  const seen = new MutationObserver(() => {
    seen.disconnect();
    tables.getBoundingClientRect();
    requestAnimationFrame(() => done(performance.now() - started));
  });
  seen.observe(tables, {childList: true, subtree: true});
  const started = performance.now();
  [...document.querySelectorAll(place)].find(control => !control.checked).click();
})"""
MODE = ".eku-controls .widget-radio:first-child input"
# Emptied after each toggle, so that the next one makes every handshake anew.
FRESH = """from ekukit.lab.bench import perform
from ekukit.views import Workshop
shop = Workshop()
shop.controls.edge_checking.observe(lambda change: perform.cache_clear(), names="value")
shop"""


def report(name: str, times: list[float]) -> None:
    """Print median and 95th percentile."""
    late = statistics.quantiles(times, n=20)[-1]
    print(f"{name:40} median {statistics.median(times):6.1f} ms   p95 {late:6.1f} ms")


@contextmanager
def opened(address: str) -> Iterator[Page]:
    """Open the workshop in chromium and wait until its picture is there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        page.locator(".eku-body svg").wait_for(timeout=120_000)
        yield page
        browser.close()


def toggles(page: Page) -> list[float]:
    """Show the tables, then toggle Edge's mode; return the milliseconds of each turn."""
    page.get_by_label("Tables", exact=True).check()
    page.locator(".eku-body table").first.wait_for()
    return [float(page.evaluate(CLICK, MODE)) for _turn in range(TURNS + 2)][2:]


def main() -> None:
    """Start the page as a trainer does, toggle it; then toggle one that remembers nothing."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "ekukit", "present", "--no-browser", "--port"]
    process = subprocess.Popen(
        [*command, str(free_port())], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
    )
    address = process.stdout.readline().strip() if process.stdout else ""
    answered = time.perf_counter() - started
    with opened(address) as page:
        usable = time.perf_counter() - started
        print(f"command to address {answered:.1f} s, command to usable page {usable:.1f} s")
        report("mode, cached", toggles(page))
    process.terminate()
    process.wait()
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "fresh.ipynb"
        cells = [nbformat.v4.new_markdown_cell("# Fresh"), nbformat.v4.new_code_cell(FRESH)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
        with serve(notebook, free_port()) as server, opened(server.address) as page:
            report("mode, real handshakes", toggles(page))


if __name__ == "__main__":
    main()
