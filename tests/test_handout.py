"""Hand-outs stand alone: no code, no script, no address to load from, the states as tables."""

import atexit
import copy
import re
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS
from nbclient import NotebookClient

from ekukit.cli import main
from ekukit.course import questions
from ekukit.errors import InputError
from ekukit.room.handout import choose, handout, render, write_handout
from ekukit.views import Explorer, ProgressPanel, QuestionBox, Workshop
from ekukit.views.html import safe
from ekukit.views.panels.administration_panel import CommandPanel, UploadPanel
from ekukit.views.panels.ask import ask
from ekukit.views.panels.moments_panel import MomentToggle
from ekukit.views.panels.renewal import RenewalPanel

NAMES = [path.stem for path in NOTEBOOKS]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest.fixture
def paper(request: pytest.FixtureRequest, executed: dict[str, nbformat.NotebookNode]) -> str:
    """Return the hand-out of the notebook that the test is for."""
    name: str = request.param
    return render(copy.deepcopy(executed[name]), name)


@pytest.mark.parametrize("paper", NAMES, indirect=True)
def test_handout_loads_nothing_and_runs_nothing(paper: str) -> None:
    """It has the strict policy, no script, and nothing is loaded from elsewhere."""
    assert POLICY in paper
    assert re.findall(r"<script|<link|<iframe|@import|\son\w+=", paper) == []
    assert [a for a in re.findall(r'src="([^"]*)"', paper) if not a.startswith("data:")] == []


@pytest.mark.parametrize("paper", NAMES, indirect=True)
def test_handout_has_no_code_and_no_widget(paper: str) -> None:
    """Neither a cell's source nor a widget's name in Python is left."""
    assert re.findall(r"from ekukit|VBox\(|HTML\(value|&lt;\w+ object at", paper) == []


@pytest.mark.parametrize("paper", ["12_condition_2_1_private_core_client"], indirect=True)
def test_handout_has_states_and_leads_to_the_other_handouts(paper: str) -> None:
    """States are words in tables, the title is the lesson's, links end in .html."""
    assert "✓ Active</span></td>" in paper
    assert re.search(r"<title>Condition 2.1", paper)
    assert 'href="00_start_here.html"' in paper
    assert ".ipynb" not in paper


@pytest.mark.parametrize("make", [
    lambda: Explorer("C2"), lambda: Explorer("C4", everything=True), Workshop, ProgressPanel,
    RenewalPanel, MomentToggle, lambda: UploadPanel("C2"), lambda: CommandPanel("C2"),
])  # fmt: skip
def test_widget_brings_a_copy_for_paper(make: type[Explorer]) -> None:
    """A front end without widgets finds HTML beside the live view."""
    bundle = make()._repr_mimebundle_()
    assert bundle is not None
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"].count("<div") == bundle["text/html"].count("</div>") > 0


def test_question_on_paper_offers_its_options_and_no_answer() -> None:
    """Boxes to tick or a line, and neither hint nor reason is given away."""
    boxes: list[QuestionBox] = [ask(name) for name in questions()]
    for box in boxes:
        shown = box.paper()
        assert "☐" in shown or "Your line" in shown
        assert safe(box.asked.question.why) not in shown
        assert safe(box.asked.question.hint) not in shown


def test_command_writes_the_lesson_and_prints_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One number, one file, one line."""
    assert main(["handout", "12", "--folder", str(tmp_path / "new")]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / "new" / "12_condition_2_1_private_core_client.html"
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_every_lesson_is_chosen_by_all(tmp_path: Path) -> None:
    """The word all is every notebook; a number is one; another word is refused with the numbers."""
    folder = NOTEBOOKS[0].parent
    assert choose(folder, "all") == NOTEBOOKS
    assert [path.stem for path in choose(folder, "00")] == ["00_start_here"]
    with pytest.raises(InputError, match="no lesson '99'; use all or one of 00, "):
        choose(folder, "99")
    assert not list(tmp_path.iterdir())


def test_a_kernel_that_is_killed_is_told_without_a_traceback(tmp_path: Path) -> None:
    """As by a system that lacks memory; nothing is written."""
    cell = nbformat.v4.new_code_cell("import os; os.kill(os.getpid(), 9)")
    path = tmp_path / "killed.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    with pytest.raises(InputError, match=r"killed\.ipynb: its kernel was ended by something else"):
        write_handout(path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["killed.ipynb"]


def test_a_handout_that_is_broken_off_leaves_nothing_for_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal after the kernel is gone, before nbclient has taken back what it does at exit."""
    left: list[object] = []

    async def broken_off(client: NotebookClient, **_settings: object) -> None:
        left.append(client._cleanup_kernel)
        raise KeyboardInterrupt

    monkeypatch.setattr(NotebookClient, "async_execute", broken_off)
    path = tmp_path / "some.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)
    monkeypatch.setattr(atexit, "unregister", left.remove)
    with pytest.raises(KeyboardInterrupt):
        handout(path)
    assert left == []


def test_failing_cell_is_told_without_a_traceback(tmp_path: Path) -> None:
    """The lesson and the error are named."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    path = tmp_path / "broken.ipynb"
    nbformat.write(notebook, path)
    with pytest.raises(InputError, match=r"broken\.ipynb: a cell fails .ZeroDivisionError"):
        handout(path)
