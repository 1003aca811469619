"""What is investigated, in a list: each file, its node, its size, where it came from, a way out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ipywidgets as w

from ekukit.archive import InMemory
from ekukit.diagnosis.case import Case
from ekukit.errors import InputError
from ekukit.views.html import page, safe
from ekukit.views.pages.case_names import GivenFile, Origin, node_words, size_words

MOST_UPLOADED = 50 << 20
TOO_LARGE = (
    "{size:.0f} MB were uploaded; through the browser at most 50 MB can be given. Copy the file "
    "to this machine and give its path instead, which can have any size."
)
_MOST_CELLS = 32


@dataclass(slots=True)
class GivenCase:
    """Paths, one a line, pasted text, and uploads by name; all of it is one case."""

    paths: str = ""
    pasted: str = ""
    uploads: dict[str, bytes] = field(default_factory=dict)

    @property
    def listed(self) -> list[str]:
        """Return the paths without blank lines."""
        return [path for line in self.paths.splitlines() if (path := line.strip())]

    @property
    def everything(self) -> list[str | InMemory]:
        """Return what an archive is opened of."""
        return [*self.listed, *(InMemory(name, data) for name, data in self.uploads.items())]

    def upload(self, files: Iterable[dict[str, Any]]) -> tuple[str, ...]:
        """Take uploads in; a sample gives way to them. Return the samples that were taken out.

        Raises InputError when all uploads together are larger than MOST_UPLOADED.
        """
        told = {str(file["name"]): file for file in files}
        kept = sum(len(data) for name, data in self.uploads.items() if name not in told)
        size = kept + sum(int(file["size"]) for file in told.values())
        if size > MOST_UPLOADED:
            raise InputError(TOO_LARGE.format(size=size / (1 << 20)))
        self.uploads |= {name: bytes(file["content"]) for name, file in told.items()}
        samples = tuple(path for path in self.listed if told and is_sample(path))
        for path in samples:
            self.take_out(path)
        return tuple(Path(path).name for path in samples)

    def take_out(self, name: str) -> None:
        """Forget a path, an upload, or with "" the pasted text."""
        if not name:
            self.pasted = ""
        self.uploads.pop(name, None)
        self.paths = "\n".join(path for path in self.listed if path != name)


def is_sample(path: str) -> bool:
    """Return whether a path is one of the kit's sample cases: what is to be found lies beside."""
    found = Path(path)
    name = found.name.partition(".")[0]
    try:
        return found.with_name(f"{name}.toml").is_file() and found.name.endswith(".tar.gz")
    except (OSError, ValueError):
        return False


def given_files(given: GivenCase, case: Case) -> tuple[tuple[str, GivenFile], ...]:
    """Return what is investigated, each with the name by which it is taken out."""
    found = []
    for path in given.listed:
        origin = Origin.SAMPLE if is_sample(path) else Origin.PATH
        found.append((path, _file(Path(path).name, origin, case, _size(path))))
    for name, data in given.uploads.items():
        found.append((name, _file(name, Origin.UPLOAD, case, len(data))))
    if given.pasted.strip():
        size = len(given.pasted.encode("utf-8", "replace"))
        found.append(("", GivenFile("pasted text", Origin.PASTED, size)))
    return tuple(found)


def _file(name: str, origin: Origin, case: Case, size: int | None) -> GivenFile:
    files = case.archive.members["file"].astype(str)
    of_it = case.archive.members[files.str.startswith(f"{name}: ") | (files == name)]
    # The files of a folder have its name nowhere.
    of_it = of_it if len(of_it) else case.archive.members[~files.str.contains(": ", regex=False)]
    size = int(of_it["bytes"].sum()) if size is None and "bytes" in of_it else size
    return GivenFile(name, origin, size or 0, node_words(case, of_it["host"].dropna()))


def _size(path: str) -> int | None:
    """Return a file's size, None for a folder and for what cannot be looked at."""
    try:
        return Path(path).stat().st_size if Path(path).is_file() else None
    except (OSError, ValueError):
        return None


class GivenList(w.VBox):  # type: ignore[misc]
    """The list above a headline; `take_out` is called with the name of what is to go."""

    def __init__(self, take_out: Callable[[str], None]) -> None:
        """Show nothing yet."""
        self._take_out = take_out
        super().__init__([])
        self.add_class("eku-given")

    def show(self, files: Sequence[tuple[str, GivenFile]], shown: Case, *, hidden: bool) -> None:
        """Show each file in a row; with `hidden` by number, and nodes as `shown` has them."""
        rows = []
        for number, (key, file) in enumerate(files, 1):
            name = f"file {number}" if hidden else file.name
            nodes = tuple(node.host for node in shown.nodes) if hidden else file.nodes
            told = (*nodes, size_words(file.size), file.origin.value)
            words = f"<p><strong>{safe(name)}</strong> · {safe(' · '.join(told))}</p>"
            text = w.HTML(page(words), layout=w.Layout(flex="0 1 auto", width="auto"))
            label = f"Take out {name}" if len(files) > 1 else "Take it out"
            button = w.Button(description=label, layout=w.Layout(width="auto"))
            button.on_click(lambda _button, key=key: self._take_out(key))
            rows.append(w.HBox([text, button], layout=w.Layout(flex_flow="row wrap")))
        self.children = tuple(rows)


_KEPT: dict[tuple[str, ...], GivenCase] = {}


def kept_for(cell: tuple[str, ...]) -> GivenCase | None:
    """Return what was given in a cell before it ran again; None without a cell."""
    return _KEPT.get(cell) if cell else None


def keep_for(cell: tuple[str, ...], given: GivenCase) -> None:
    """Keep what is given in a cell for its next run, in memory; of the last cells alone."""
    if cell:
        _KEPT.pop(cell, None)
        _KEPT[cell] = given
        while len(_KEPT) > _MOST_CELLS:
            _KEPT.pop(next(iter(_KEPT)))


def this_cell(*paths: str) -> tuple[str, ...]:
    """Return the notebook's cell that runs now, with the paths in it; () outside of one."""
    try:
        from IPython.core.getipython import get_ipython

        parent = get_ipython().get_parent()  # type: ignore[union-attr]
        cell = str(parent["metadata"]["cellId"])
    except (ImportError, AttributeError, KeyError, TypeError):
        return ()
    return (cell, *paths)
