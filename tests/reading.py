"""Reads what notebooks and widgets render as a screen reader would, and lists what it cannot."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import nbformat

_VOID = {"img", "br", "hr", "input", "meta", "link", "path", "rect", "use", "circle", "line"}


class Reader(HTMLParser):
    """Collects complaints about one piece of HTML."""

    def __init__(self) -> None:
        """Start with no complaint."""
        super().__init__()
        self.complaints: list[str] = []
        self._table: list[str] = []
        self._pandas = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check pictures, table heads, links and inputs."""
        given = dict(attrs)
        if tag == "svg" and not (given.get("role") == "img" and given.get("aria-label")):
            self.complaints.append("svg without role and label")
        if tag == "img" and not given.get("alt"):
            self.complaints.append("img without alternative text")
        if tag == "table":
            # DataFrames are shown by pandas, in markup that is not this kit's.
            self._pandas = "dataframe" in (given.get("class") or "")
        if tag == "th" and not self._pandas and given.get("scope") not in {"row", "col"}:
            self.complaints.append("table head without scope")
        if tag == "input" and not (given.get("aria-label") or given.get("id")):
            self.complaints.append("input without label")
        if tag == "table":
            self._table.append("")
        if tag == "caption" and self._table:
            self._table[-1] = "caption"

    def handle_endtag(self, tag: str) -> None:
        """Check that a table had a caption."""
        if tag == "table" and self._table and not self._table.pop() and not self._pandas:
            self.complaints.append("table without caption")


def complaints(html: str) -> list[str]:
    """Return what a reader of this HTML would stumble over."""
    reader = Reader()
    reader.feed(html)
    return reader.complaints


def rendered(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Yield every piece of HTML that an executed notebook shows, that inside widgets included."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html")
            if html:
                yield html
    for state in widget_states(notebook):
        if state.get("_model_name") == "HTMLModel":
            yield str(state["value"])


def widget_states(notebook: nbformat.NotebookNode) -> list[dict[str, object]]:
    """Return the state of every widget of an executed notebook."""
    key = "application/vnd.jupyter.widget-state+json"
    found = notebook.metadata.get("widgets", {}).get(key, {}).get("state", {})
    return [dict(model["state"], _model_name=model["model_name"]) for model in found.values()]


def shown(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Yield every piece of HTML that is on the page of an executed notebook: no closed door's."""
    key = "application/vnd.jupyter.widget-state+json"
    models = notebook.metadata.get("widgets", {}).get(key, {}).get("state", {})
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            view = data.get("application/vnd.jupyter.widget-view+json")
            if view is None:
                yield data.get("text/html", "")
            else:
                yield from _inside(models, view["model_id"])


def _inside(models: dict[str, Any], name: str) -> Iterator[str]:
    state = models[name]["state"]
    if models[name]["model_name"] == "HTMLModel":
        yield str(state["value"])
    for child in state.get("children", ()):
        yield from _inside(models, child.removeprefix("IPY_MODEL_"))
