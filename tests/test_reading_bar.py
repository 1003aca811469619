"""How far the reading is: shown after a second, in shell and notebook, and told at a stop."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ekukit.archive import watched
from ekukit.archive.watched import HowFar, watching
from ekukit.cli.reading_bar import ReadingBar
from ekukit.views.notebook_bar import NotebookBar, ReadingStopped, shown_in_notebook

ROOT = Path(__file__).parent.parent
CASE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
TOLD = "stopped; 1,500,000 of 3,000,000 bytes were read, the last file edge.txt; nothing was judged"
FIRST = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import ekukit
from ekukit.archive import watched
from ekukit.views.notebook_bar import NotebookBar
watched._AT_ONCE = 0
_ = ekukit.inspect({str(CASE)!r})
"""
STOPPED = f"""
def stop(self):
    raise KeyboardInterrupt
NotebookBar.show = stop
ekukit.inspect({str(CASE)!r})
"""


def interrupted(bar: HowFar) -> None:
    """Interrupt a reading after half of it."""
    with bar:
        bar._update(1_500_000, 3_000_000, "edge.txt")
        raise KeyboardInterrupt


class Noted(HowFar):
    """Notes how often it is shown."""

    shown = 0

    def show(self) -> None:
        """Note it."""
        self.shown += 1


def test_nothing_is_shown_within_a_second() -> None:
    """Quick reading needs no bar; what takes longer is shown at each step."""
    with Noted() as bar:
        update = watching()
        assert update is not None
        update(1, 4, "a")
        bar._start -= watched._AT_ONCE
        update(2, 4, "b")
    assert (bar.shown, bar.done, bar.file) == (1, 2, "b")
    assert watching() is None


def test_time_left_is_that_of_the_speed_so_far() -> None:
    """A third of the bytes in ten seconds leaves twenty."""
    bar = HowFar()
    assert bar.seconds_left is None
    bar._start -= 10
    bar.done, bar.total = 1, 3
    assert bar.seconds_left == pytest.approx(20, abs=1)


def test_an_interrupt_in_the_shell_says_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    """The program ends as interrupted ones do, with a sentence."""
    with pytest.raises(SystemExit, match="130"):
        interrupted(ReadingBar())
    assert f"ekukit inspect: {TOLD}\n" == capsys.readouterr().err


def test_an_interrupt_in_a_notebook_says_what_was_read() -> None:
    """The cell ends with a sentence in a traceback's place."""
    with pytest.raises(ReadingStopped) as stopped:
        interrupted(NotebookBar())
    assert stopped.value._render_traceback_() == [TOLD]


def test_outside_of_a_notebook_there_is_no_bar() -> None:
    """A script shows nothing."""
    with shown_in_notebook():
        assert watching() is None


def test_inspect_shows_a_bar_in_a_notebook_and_takes_it_away() -> None:
    """The bar is a widget, closed when the case is there; an interrupted cell tells in one line."""
    cells = [nbformat.v4.new_code_cell(text) for text in (FIRST, STOPPED)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True).execute()
    first, stopped = (cell.outputs for cell in notebook.cells)
    shown = [one.data for one in first if one.output_type == "display_data"]
    assert ["application/vnd.jupyter.widget-view+json" in data for data in shown] == [True]
    (error,) = [one for one in stopped if one.output_type == "error"]
    assert (error.ename, len(error.traceback)) == ("ReadingStopped", 1)
    assert error.traceback[0].startswith("stopped; ")
