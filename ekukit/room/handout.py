"""Lessons as single HTML files for people without Python: no code, no widgets, no requests."""

import asyncio
import atexit
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekukit.connections import HONESTY
from ekukit.course.lessons import missing
from ekukit.errors import InputError
from ekukit.views.html import STYLE, page, paragraphs
from ekukit.whole_files import write_together

if TYPE_CHECKING:
    from nbformat import NotebookNode

ALL = "all"
SECONDS = 300
_WIDGET = "application/vnd.jupyter.widget-view+json"
_NO_COPY = "Here the notebook has something to click; it needs Python and this kit."
# What a reader without Python can see, best first.
PRIORITY = ["text/html", "image/svg+xml", "image/png", "text/plain"]


def choose(folder: Path, name: str) -> list[Path]:
    """Return the notebooks whose number or name is `name`, all for "all".

    Raises InputError when there is none, with the numbers that there are, and for a lesson of the
    course whose notebook is missing.
    """
    lost = [text for lesson, text in missing(folder).items() if name in (ALL, *lesson)]
    if lost:
        raise InputError(lost[0])
    found = sorted(folder.glob("*.ipynb"))
    chosen = [path for path in found if name in (ALL, path.stem, path.stem.partition("_")[0])]
    if not chosen:
        numbers = ", ".join(path.stem.partition("_")[0] for path in found)
        msg = f"no lesson {name!r}; use {ALL} or one of {numbers}"
        raise InputError(msg)
    return chosen


def write_handout(notebook: Path, folder: Path) -> Path:
    """Execute the notebook afresh and write it as one HTML file; return the file's path.

    Raises InputError when a cell fails, the kit's template is missing, or the file cannot be
    written.
    """
    return write_together(folder, {f"{notebook.stem}.html": handout(notebook)})[0]


def handout(notebook: Path) -> str:
    """Return the notebook, executed afresh, as one self-contained HTML page."""
    return render(_executed(notebook), notebook.stem)


def render(executed: "NotebookNode", name: str) -> str:
    """Return an executed notebook as a page; its links and outputs are changed for paper.

    Raises InputError when the kit's template is missing.
    """
    from jinja2 import TemplateNotFound
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    _to_paper(executed)
    config = Config({"NbConvertBase": {"display_data_priority": PRIORITY}})
    try:
        exporter = HTMLExporter(  # type: ignore[no-untyped-call]
            config=config, template_name="ekukit", exclude_input=True, exclude_anchor_links=True
        )
        resources = {
            "eku_style": STYLE,
            "eku_title": _title(executed, name),
            "eku_foot": HONESTY,
        }
        text: str = exporter.from_notebook_node(executed, resources)[0]
    except (TemplateNotFound, ValueError) as error:
        msg = f"the template of the hand-out is not installed ({error}); run: python kit.py doctor"
        raise InputError(msg) from None
    return text


def _executed(path: Path) -> "NotebookNode":
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from nbformat.reader import NotJSONError
    from nbformat.validator import ValidationError
    from traitlets.config import Config

    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, NotJSONError, ValidationError) as error:
        told = getattr(error, "strerror", None) or "it is no notebook"
        msg = f"{path}: cannot be read ({told}); bring it back: git checkout notebooks"
        raise InputError(msg) from None
    quiet = Config({"KernelManager": {"transport_encryption": "auto"}})
    client = NotebookClient(
        notebook, timeout=SECONDS, resources={"metadata": {"path": str(path.parent)}}, config=quiet
    )
    try:
        with _no_progress(), asyncio.Runner(loop_factory=_Loop) as runner:
            # The kernel's standard error: what it says when it is ended in the middle is no news.
            runner.run(client.async_execute(stderr=subprocess.DEVNULL))
    except DeadKernelError:
        msg = f"{path.name}: its kernel was ended by something else; end other programs, then again"
        raise InputError(msg) from None
    except CellExecutionError as error:
        msg = f"{path.name}: a cell fails ({error.ename}: {error.evalue}); try: python kit.py test"
        raise InputError(msg) from None
    finally:
        if client.km is None:  # else what nbclient has left to do at the end fails for want of one
            atexit.unregister(client._cleanup_kernel)  # noqa: SLF001
    return notebook


@contextmanager
def _no_progress() -> Iterator[None]:
    """Keep the progress of whoever runs this out of the hand-out."""
    kept = os.environ.get("EKUKIT_PROGRESS")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EKUKIT_PROGRESS"] = str(Path(folder) / "progress.json")
        try:
            yield
        finally:
            del os.environ["EKUKIT_PROGRESS"]
            if kept is not None:
                os.environ["EKUKIT_PROGRESS"] = kept


class _Loop(asyncio.SelectorEventLoop):
    """A loop that leaves signals to the command line, which ends the kernel and says so."""

    def add_signal_handler(self, *_: object) -> None:
        raise RuntimeError  # as outside the main thread


def _title(notebook: "NotebookNode", otherwise: str) -> str:
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].strip() if found else otherwise


def _to_paper(notebook: "NotebookNode") -> None:
    """Point links at the other hand-outs, give widgets without a copy a line, share the style."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"(\]\([\w./-]+)\.ipynb(#[\w-]*)?\)", r"\1.html\2)", cell.source)
        for output in cell.get("outputs", ()):
            data: dict[str, Any] = output.get("data", {})
            if _WIDGET in data and "text/html" not in data:
                data["text/html"] = page(paragraphs([_NO_COPY]))
            if "text/html" in data:
                data["text/html"] = data["text/html"].replace(STYLE, "")
