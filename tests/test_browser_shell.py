"""The page around the widgets: loading, losing the kernel or the server, and coming back."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil
import pytest
from browsers import Watched, needs_chromium, watch
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect

from ekukit.diagnosis.handed import HandedCase
from ekukit.room.server import Server, free_port, serve
from ekukit.views.panels.case_given import MOST_UPLOADED

pytestmark = needs_chromium
NOTEBOOK = ROOT / "notebooks" / "90_workshop.ipynb"
CASE = ROOT / "notebooks" / "40_investigate_a_case.ipynb"
ARCHIVE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
JUPYTER = ROOT / "ekukit" / "jupyter"
TITLE = "Workshop: certificates on Expressway"
# A panel with a memory: what is typed into it stands behind "#", and is shown.
PANEL = """
import ipywidgets as w
from ekukit.views.panels.address_hash import AddressHash
address, typed, shown = AddressHash("C2"), w.Text(description="Typed"), w.Label()
choice = w.RadioButtons(description="Mode", options=["On", "Off", "Warn"])
w.link((address, "value"), (shown, "value"))
typed.observe(lambda change: setattr(address, "value", change["new"]), names="value")
shown.add_class("shown")
w.VBox([address, typed, shown, choice])
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Serve the workshop as `ekukit present` does."""
    with serve(NOTEBOOK, free_port()) as found:
        yield found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a panel of three widgets, which is there sooner than the workshop."""
    path = tmp_path_factory.mktemp("small") / "small.ipynb"
    path.write_bytes(small_notebook())
    with serve(path, free_port()) as found:
        yield found


def small_notebook() -> bytes:
    """Return a notebook of one cell."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PANEL)])
    return nbformat.writes(notebook).encode()


@contextmanager
def opened(browser: Browser, server: Server, end: str = "") -> Iterator[Watched]:
    """Open the small panel in a profile of its own."""
    with watch(browser) as watched:
        watched.page.goto(server.address + end)
        expect(watched.page.get_by_label("Typed")).to_be_visible(timeout=60_000)
        yield watched


def kernels(server: Server) -> list[psutil.Process]:
    """Return the kernels of a server."""
    return list(psutil.Process(server.process.pid).children())


def told(page: Page, words: str) -> None:
    """Wait until the page says what is wrong and hides what stood there; the button has focus."""
    box = page.get_by_role("alertdialog")
    expect(box).to_contain_text(words, timeout=30_000)
    expect(page.locator("#rendered_cells")).to_be_hidden()
    expect(box.get_by_role("button")).to_be_focused()
    assert page.title().startswith(words)


def press(page: Page) -> None:
    """Press the button of what is told."""
    page.get_by_role("alertdialog").get_by_role("button").click()


def settles(count: int, server: Server, seconds: int) -> bool:
    """Return whether a server comes to have so many kernels in time."""
    for _attempt in range(10 * seconds):
        if len(kernels(server)) == count:
            return True
        time.sleep(0.1)
    return False


def test_a_lost_kernel_or_server_is_noticed_within_five_seconds() -> None:
    """The periods of the one that notices and of the one that looks add up to less."""
    settings = json.loads((JUPYTER / "voila.json").read_text("utf-8"))
    script = (JUPYTER / "voila" / "watch.js").read_text("utf-8")
    each, patience, again, answer = (
        int(re.search(rf"{name} = (\d+)", script)[1])  # type: ignore[index]
        for name in ("EACH", "PATIENCE", "AGAIN", "ANSWER")
    )
    noticed = 1000 * settings["KernelRestarter"]["time_to_dead"]
    assert noticed + each + patience < 5000
    assert each + patience + each / 2 + patience < 5000
    assert again + each + patience <= 5000
    assert answer + each < 5000


def test_a_kernel_that_dies_is_told_and_a_button_starts_where_one_was(
    browser: Browser, small: Server
) -> None:
    """What stood there is covered; the button opens it again, with what was shown."""
    with opened(browser, small) as watched:
        page = watched.page
        page.get_by_label("Typed").fill("C2,edge=off")
        expect(page.locator(".shown")).to_have_text("C2,edge=off")
        kernels(small)[-1].kill()
        told(page, "The kernel has ended")
        assert watched.violations("#eku-stopped") == []
        page.keyboard.press("Enter")
        expect(page.locator(".shown")).to_have_text("C2,edge=off", timeout=60_000)
        expect(page.get_by_role("alertdialog")).to_be_hidden()
        expect(page).to_have_title("small")


def test_a_kernel_that_hangs_is_told_until_it_answers(browser: Browser, small: Server) -> None:
    """A click without an answer covers the page; with the answer it comes back, and is right."""
    with opened(browser, small) as watched:
        page = watched.page
        kernel = kernels(small)[-1]
        kernel.suspend()
        page.get_by_label("Typed").fill("C4")
        told(page, "No answer yet")
        kernel.resume()
        expect(page.get_by_role("alertdialog")).to_be_hidden()
        expect(page.locator(".shown")).to_have_text("C4")
        expect(page).to_have_title("small")


def test_a_server_that_stops_is_told_and_the_button_waits_for_it(
    browser: Browser, tmp_path: Path
) -> None:
    """The button stays on the page while nobody answers; another server's token is told, too."""
    (tmp_path / "small.ipynb").write_bytes(small_notebook())
    port = free_port()
    with serve(tmp_path / "small.ipynb", port) as server, opened(browser, server) as watched:
        page = watched.page
        server.process.kill()
        told(page, "The connection is lost")
        press(page)
        expect(page.get_by_role("alertdialog")).to_contain_text("Still no answer.")
        server.process.wait()
        with serve(tmp_path / "small.ipynb", port):
            told(page, "The server was started anew")


def test_a_server_that_hangs_is_told_until_it_answers(browser: Browser, tmp_path: Path) -> None:
    """No answer is as good as none; nothing was missed, so the page comes back by itself."""
    (tmp_path / "small.ipynb").write_bytes(small_notebook())
    path = tmp_path / "small.ipynb"
    with serve(path, free_port()) as server, opened(browser, server) as watched:
        process = psutil.Process(server.process.pid)
        process.suspend()
        told(watched.page, "The connection is lost")
        process.resume()
        expect(watched.page.get_by_role("alertdialog")).to_be_hidden()
        watched.page.get_by_label("Typed").fill("C1")
        expect(watched.page.locator(".shown")).to_have_text("C1")


def test_the_page_says_what_is_prepared_and_names_the_tab(browser: Browser, server: Server) -> None:
    """While loading: a title and what is being prepared; nothing for the one who presents."""
    with watch(browser) as watched:
        page = watched.page
        page.goto(server.address, wait_until="commit")
        loading = page.locator("#loading")
        expect(loading.locator("h1")).to_have_text(TITLE)
        words = "Issuing certificates, and trying every connection"
        expect(loading).to_contain_text(words, timeout=60_000)
        expect(page).to_have_title(TITLE)
        # At the moment when the words go, the widgets are there.
        drawn = page.wait_for_function(
            "() => !document.getElementById('loading') && "
            "[!!document.querySelector('#rendered_cells .jupyter-widgets')]",
            polling=20,
            timeout=60_000,
        )
        assert drawn.json_value() == [True]
        expect(page.locator(".eku-body svg.eku-topology")).to_be_visible(timeout=60_000)
        expect(loading).to_have_count(0)
        expect(page).to_have_title(TITLE)


def test_with_a_case_the_page_says_that_it_is_read(browser: Browser) -> None:
    """The case is named by nothing but the word."""
    given = HandedCase((str(ARCHIVE),))
    with serve(NOTEBOOK, free_port(), case=given) as server, watch(browser) as watched:
        watched.page.goto(server.address, wait_until="commit")
        loading = watched.page.locator("#loading_text")
        words = "Reading the case and replacing its names"
        expect(loading).to_contain_text(words, timeout=60_000)


def test_the_token_leaves_the_address_and_is_nowhere_on_the_page(
    browser: Browser, small: Server
) -> None:
    """The cookie opens the page from then on, and what stood behind # stays."""
    with opened(browser, small, "#C3") as watched:
        page = watched.page
        assert page.url == f"http://127.0.0.1:{small.port}/#C3"
        assert small.token not in page.content()
        assert small.token not in page.evaluate("() => document.cookie + document.referrer")
        assert [address for address in watched.asked if small.token in address] == [small.address]
        page.reload()
        expect(page.locator(".shown")).to_have_text("C3", timeout=60_000)


def test_the_address_and_a_panel_follow_each_other(browser: Browser, small: Server) -> None:
    """A link opens what it names, a click is in the address, a typed hash is taken up."""
    with opened(browser, small) as watched:
        page = watched.page
        expect(page).to_have_url(re.compile("#C2$"))
        page.get_by_label("Typed").fill("C2.1,edge=off <b>ü")
        expect(page).to_have_url(re.compile("#C2.1,edge=off%20%3Cb%3E%C3%BC$"))
        page.evaluate("() => { location.hash = '#C4,core=on' }")
        expect(page.locator(".shown")).to_have_text("C4,core=on")
        page.evaluate("() => { location.hash = '#%E0%A4%A' }")
        expect(page.locator(".shown")).to_have_text("")
        page.get_by_label("Typed").fill("C1")
        expect(page).to_have_url(re.compile("#C1$"))
        assert (watched.errors, watched.strangers) == ([], [])


def test_a_radio_group_is_one_stop_with_arrows(browser: Browser, small: Server) -> None:
    """Tab comes to the chosen one, arrows choose, Tab leaves; every stop has the ring."""
    ring = "() => getComputedStyle(document.activeElement).outline"
    with opened(browser, small) as watched:
        page = watched.page
        group = page.get_by_role("radiogroup", name="Mode")
        page.get_by_label("Typed").focus()
        page.keyboard.press("Tab")
        expect(group.get_by_label("On")).to_be_focused()
        assert "3px" in page.evaluate(ring)
        page.keyboard.press("ArrowDown")
        expect(group.get_by_label("Off")).to_be_checked()
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_label("Typed")).to_be_focused()
        assert "3px" in page.evaluate(ring)


def test_two_browsers_are_two_kernels_and_end_with_them(browser: Browser, tmp_path: Path) -> None:
    """A browser that goes without a word leaves no kernel; the other's stays."""
    path = tmp_path / "small.ipynb"
    path.write_bytes(small_notebook())
    with serve(path, free_port()) as server, opened(browser, server) as one:
        with opened(browser, server) as other:
            other.page.get_by_label("Typed").fill("C4")
            expect(other.page.locator(".shown")).to_have_text("C4")
            expect(one.page.locator(".shown")).to_have_text("C2")
            assert len(kernels(server)) == 2
        assert settles(1, server, 90)
        one.page.get_by_label("Typed").fill("C1")
        expect(one.page.locator(".shown")).to_have_text("C1")


def test_a_kernel_whose_browser_has_gone_ends_within_a_minute() -> None:
    """The idle time that is allowed and the time between two looks add up to less."""
    settings = json.loads((JUPYTER / "voila.json").read_text("utf-8"))["MappingKernelManager"]
    assert settings["cull_idle_timeout"] + settings["cull_interval"] < 60
    assert settings["cull_connected"] is False


def test_files_over_the_limit_are_refused_before_they_are_sent(
    browser: Browser, tmp_path: Path
) -> None:
    """The words name the panel's own limit; a file within it is taken afterwards."""
    large, fits = tmp_path / "large.log", ARCHIVE
    with large.open("wb") as file:
        file.truncate(MOST_UPLOADED + 1)
    with serve(CASE, free_port()) as server, watch(browser) as watched:
        page = watched.page
        page.goto(server.address)
        upload = page.locator(".eku-upload").last
        expect(upload).to_be_visible(timeout=90_000)
        for path in (large, fits):
            with page.expect_file_chooser() as chooser:
                upload.click()
            chooser.value.set_files(path)
            refused = page.locator(".eku-refused")
            expect(refused).to_have_count(1 if path == large else 0)
            if path == large:
                expect(upload).to_contain_text("(0)")
                expect(refused).to_contain_text(f"at most {MOST_UPLOADED >> 20} MB can be given")
        # The button counts no longer what the case has taken.
        expect(page.locator(".eku-given").last).to_contain_text("upload", timeout=30_000)
