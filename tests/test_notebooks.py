"""The notebooks are product: they run, they are clean, and a reader can follow them."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT
from reading import complaints, rendered, widget_states

from ekukit.course import LESSONS, neighbors

NAMES = [path.stem for path in NOTEBOOKS]
MOST_LINES = 5
LABELED = (
    "DropdownModel",
    "RadioButtonsModel",
    "TextModel",
    "CheckboxModel",
    "ButtonModel",
    "TextareaModel",
)
COURSE = {lesson.file: lesson for lesson in LESSONS}
# The workshop's notebook is a screen for a room, and teaches nothing by itself.
LESSON_FILES = [path for path in NOTEBOOKS if path.name != "90_workshop.ipynb"]


def cells(path: Path) -> list[nbformat.NotebookNode]:
    """Return a notebook's cells."""
    return nbformat.read(path, as_version=4).cells


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs_from_top_to_bottom(
    name: str, executed: dict[str, nbformat.NotebookNode]
) -> None:
    """A clean kernel executes every cell, and no cell writes to standard error."""
    outputs = [out for cell in executed[name].cells for out in cell.get("outputs", [])]
    assert [out for out in outputs if out.output_type == "error"] == []
    assert [out.text for out in outputs if out.get("name") == "stderr"] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebook_is_valid_and_thin(path: Path) -> None:
    """Cells have unique ids, code is short, and no logic hides in a notebook."""
    nbformat.validate(nbformat.read(path, as_version=4))
    code = [cell for cell in cells(path) if cell.cell_type == "code"]
    assert [cell.source for cell in code if len(cell.source.splitlines()) > MOST_LINES] == []
    assert [
        cell.source for cell in code if re.search(r"^\s*(def|if|for|class) ", cell.source)
    ] == []
    ids = [cell.id for cell in cells(path)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebook_can_be_read_aloud(path: Path) -> None:
    """It has one H1 first, headings in order, and links that say where they lead."""
    text = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    levels = [len(found) for found in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [b - a for a, b in itertools.pairwise(levels) if b - a > 1] == []
    assert re.findall(r"\[(here|link|this|click)\]", text, re.IGNORECASE) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_links_between_notebooks_lead_somewhere(path: Path) -> None:
    """Every linked file exists."""
    text = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_notebooks_are_stored_without_outputs() -> None:
    """Nbstripout would change nothing."""
    command = [sys.executable, "-m", "nbstripout", "--verify", "--keep-id"]
    found = subprocess.run(
        [*command, *map(str, NOTEBOOKS)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_the_course_has_a_notebook_for_each_lesson() -> None:
    """Every lesson of the list exists, in the order of the file names."""
    files = [lesson.file for lesson in LESSONS]
    assert files == sorted(files)
    assert [name for name in files if name not in NAMES] == []


@pytest.mark.parametrize("name", COURSE)
def test_navigation_leads_to_the_lessons_before_and_after(name: str) -> None:
    """The first cell links start, previous and next by their titles; the last cell the next."""
    first, *_rest, last = [
        cell.source
        for cell in cells(ROOT / "notebooks" / f"{name}.ipynb")
        if cell.cell_type == "markdown"
    ]
    before, after = neighbors(COURSE[name])
    links = []
    if before is not None:
        links.append("[Start](00_start_here.ipynb)")
        links.append(f"previous: [{before.name}]({before.file}.ipynb)")
    if after is not None:
        links.append(f"next: [{after.name}]({after.file}.ipynb)")
        assert f"Next: [{after.name}]({after.file}.ipynb)" in last
    assert " · ".join(links).lower() in first.lower()
    assert first.startswith("# ")


def test_the_start_lists_every_lesson_with_its_minutes() -> None:
    """The map in notebook 00 is the list of the course."""
    text = (ROOT / "notebooks" / "00_start_here.ipynb").read_text("utf-8")
    rows = [
        f"| [{les.name}]({les.file}.ipynb) | {les.about} | {les.minutes} | "
        f"{'yes' if les.on_path else ''} |"
        for les in LESSONS
    ]
    assert [row for row in rows[1:] if row not in text] == []


@pytest.mark.parametrize("path", LESSON_FILES, ids=lambda path: path.stem)
def test_a_notebook_has_the_size_of_a_lesson(path: Path) -> None:
    """At most 25 cells and 900 words beside tables, enough to teach, imports in the first code."""
    found = cells(path)
    prose = [cell.source for cell in found if cell.cell_type == "markdown"]
    code = [cell.source for cell in found if cell.cell_type == "code"]
    assert len(found) <= 25
    lines = [line for text in prose for line in text.splitlines() if not line.startswith("|")]
    assert 150 <= sum(len(line.split()) for line in lines) <= 900
    assert [
        line for line in code[0].splitlines() if not line.startswith(("from ", "import "))
    ] == []
    assert [text for text in code[1:] if re.search(r"^(from|import) ", text, re.MULTILINE)] == []


@pytest.mark.parametrize("name", [name for name in COURSE if not name.startswith("00")])
def test_a_lesson_ends_with_three_things_to_remember(name: str) -> None:
    """Three lines, before the link to the next lesson."""
    prose = [c.source for c in cells(ROOT / "notebooks" / f"{name}.ipynb")
             if c.cell_type == "markdown"]  # fmt: skip
    remember = next(text for text in prose if "## What to remember" in text)
    assert len(re.findall(r"^- ", remember, re.MULTILINE)) == 3


@pytest.mark.parametrize("name", NAMES)
def test_what_a_notebook_shows_can_be_read_aloud(
    name: str, executed: dict[str, nbformat.NotebookNode]
) -> None:
    """Pictures have labels, tables captions and scopes, controls descriptions."""
    found = [text for html in rendered(executed[name]) for text in complaints(html)]
    assert found == []
    silent = [
        state["_model_name"]
        for state in widget_states(executed[name])
        if state["_model_name"] in LABELED and not state.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_no_exception_hides_inside_a_widget(
    name: str, executed: dict[str, nbformat.NotebookNode]
) -> None:
    """No state of a widget holds a traceback, and no question is marked before it was answered."""
    shown = list(rendered(executed[name]))
    assert [html for html in shown if "Traceback" in html] == []
    assert [html for html in shown if "✓ correct" in html or "✗ incorrect" in html] == []


def test_executing_the_course_keeps_no_progress(
    executed: dict[str, nbformat.NotebookNode],
) -> None:
    """Nobody ticked the box, so no file was made, and no check was passed."""
    assert executed
    assert not Path(os.environ["EKUKIT_PROGRESS"]).exists()
