"""A judge from outside the kit: a real browser, with what it asked for and complained about."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from judges import OPTIONAL
from playwright.sync_api import Browser, Page, sync_playwright

from ekukit.cli.launch import _options
from ekukit.room.server import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(
    OPTIONAL and CHROMIUM is None, reason="chromium is not installed"
)
AXE = ROOT / "tests" / "vendor" / "axe.min.js"
MILLISECONDS = 30_000
# Enough for every control and every radio button of the page.
MOST_TABS = 60
_HOME = {"127.0.0.1"}
_IN_PAGE = {"data", "blob", "about"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser of this machine, without a network beyond 127.0.0.1 as far as it can."""
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, every address that it asked for, and every error on its console."""

    page: Page
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def strangers(self) -> list[str]:
        """Return the requests that would leave this machine."""
        found = [(address, urlsplit(address)) for address in self.asked]
        return [
            address
            for address, parts in found
            if parts.scheme not in _IN_PAGE and parts.hostname not in _HOME
        ]

    def violations(self, *places: str) -> list[str]:
        """Return what axe-core calls serious or critical, in the places given or everywhere."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "places => axe.run(places.length ? {include: places.map(p => [p])} : document)",
            list(places),
        )
        return [
            f"{row['id']}: {node['html'][:120]}: {node.get('failureSummary', '')}"
            for row in found["violations"]
            if row["impact"] in {"serious", "critical"}
            for node in row["nodes"]
        ]


@contextmanager
def watch(browser: Browser, width: int = 1280, height: int = 720) -> Iterator[Watched]:
    """Open an empty page in a profile of its own and watch it."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(MILLISECONDS)
    watched = Watched(context.new_page())
    follow(watched, watched.page)
    yield watched
    context.close()


def follow(watched: Watched, page: Page) -> None:
    """Add what a page asks for and complains about to what is watched."""
    page.on("request", lambda request: watched.asked.append(request.url))
    page.on("websocket", lambda socket: watched.asked.append(socket.url))
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on(
        "console",
        lambda message: watched.errors.append(message.text) if message.type == "error" else None,
    )


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus; fail when it never comes."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels?.[0] || e.closest('label') || e).innerText; }"
        )
        if str(found).strip() == name:
            return
    pytest.fail(f"{name!r} cannot be reached with the Tab key")


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run JupyterLab on a copy of the notebooks, started as `ekukit lab` starts it."""
    home, port = folder / "home", free_port()
    copy = folder / "notebooks"
    shutil.copytree(ROOT / "notebooks", copy, ignore=shutil.ignore_patterns(".*"))
    if (ROOT / "data").is_dir():
        shutil.copytree(ROOT / "data", folder / "data")
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
              "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")  # fmt: skip
    surroundings = os.environ | {name: str(home / name.lower()) for name in places}
    surroundings |= {"JUPYTER_TOKEN": "only-for-tests", "EKUKIT_PROGRESS": str(home / "progress")}
    started = SimpleNamespace(port=port, no_browser=True)
    command = [
        sys.executable, "-m", "jupyterlab", *_options(copy, started),  # type: ignore[arg-type]
        "--LabApp.expose_app_in_browser=True", "--ServerApp.port_retries=0",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=copy, env=surroundings, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        for _attempt in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook in JupyterLab and wait until its kernel is there."""
    page.goto(f"{address}/lab/tree/{name}?reset&token=only-for-tests")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context")
    page.evaluate(
        """async () => {
            const app = window.jupyterapp;
            await app.restored;
            const panel = app.shell.currentWidget;
            await panel.context.ready;
            await panel.sessionContext.ready;
        }"""
    )


def run_all(page: Page) -> None:
    """Run every cell, as the menu does."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
