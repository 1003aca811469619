"""The notebooks are product: they run, they are clean, and a reader can follow them."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT

NAMES = [path.stem for path in NOTEBOOKS]
MOST_LINES = 5


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
