"""Judges mutants by tests, each in a process of its own that was forked with everything loaded.

A mutant in a function is put in place of the function's code after the tests were collected, and
only the tests that reach its lines run, those first that killed others. One in a table, or in what
runs while modules are imported, is imported anew. Linux only, since processes are forked.
"""

import ast
import contextlib
import gc
import importlib
import importlib.util
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType

import pytest
from _pytest.runner import runtestprotocol
from operators import Mutant, Mutants

_OPTIONS = ["-q", "-s", "-x", "-p", "no:cacheprovider", "--assert=plain", "--hypothesis-seed=0"]
# A mutant that never ends is killed after so long, and as often the time that its tests take.
_SPARE_SECONDS, _TIMES = 20, 5
Lines = dict[str, set[tuple[str, int]]]
Reach = tuple[Lines, dict[str, float]]


def _in_fork(work: Callable[[], object], *, seconds: int = 0, quiet: bool = True) -> object:
    """Return what work gave in a forked process, None where it died or ran out of time."""
    with tempfile.NamedTemporaryFile() as out:
        process = os.fork()
        if process == 0:
            signal.alarm(seconds)
            if quiet:
                nothing = os.open(os.devnull, os.O_RDWR)
                os.dup2(nothing, 1)
                os.dup2(nothing, 2)
            try:
                Path(out.name).write_bytes(pickle.dumps(work()))
            except BaseException:  # noqa: BLE001 - told by whoever is not quiet
                traceback.print_exc()
            finally:
                os._exit(0)
        os.waitpid(process, 0)
        data = Path(out.name).read_bytes()
        return pickle.loads(data) if data else None  # noqa: S301 - written by ourselves


class _Reached:
    """Which lines of some files each test reaches; under "" what runs before any test."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = set(files)
        self.lines: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.test = ""

    def begin(self) -> None:
        threading.settrace(self._call)
        sys.settrace(self._call)

    def _call(self, frame: FrameType, _event: str, _arg: object) -> object:
        return self._line if frame.f_code.co_filename in self._files else None

    def _line(self, frame: FrameType, event: str, _arg: object) -> object:
        if event == "line" and frame.f_code.co_name != "<module>":
            self.lines[self.test].add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for place, item in enumerate(session.items):
            self.test = item.nodeid
            sys.settrace(self._call)
            start = time.monotonic()
            after = session.items[place + 1] if place + 1 < len(session.items) else None
            reports = runtestprotocol(item, log=False, nextitem=after)
            self.seconds[item.nodeid] = time.monotonic() - start
            for report in reports:
                if report.failed:
                    sys.stderr.write(f"{item.nodeid} fails without a mutant\n{report.longrepr}\n")
                    self.seconds.pop(item.nodeid, None)
        return True


def _first_failure(items: Sequence[pytest.Item]) -> str:
    """Run tests until one fails; return its name, "" where none does."""
    for place, item in enumerate(items):
        after = items[place + 1] if place + 1 < len(items) else None
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=after)):
            return item.nodeid
    return ""


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _swapped(path: str, tree: ast.Module) -> bool:
    """Put changed code in place of that of functions that exist; return whether any was found."""
    old = list(_codes(compile(ast.parse(Path(path).read_text("utf-8")), path, "exec")))
    new = list(_codes(compile(tree, path, "exec")))
    if len(old) != len(new):
        return False
    changed = dict(zip(old, new, strict=True))
    done = False
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and function.__code__.co_filename == path:
            other = changed.get(function.__code__)
            if other is not None and other != function.__code__:
                function.__code__ = other
                done = True
    return done


class _Swapping:
    """Judges mutants of functions within one session, so that tests are collected once."""

    def __init__(self, path: Path, name: str, chosen: dict[int, list[str]], most: int) -> None:
        self.path, self.name, self.chosen, self.most = path, name, chosen, most
        self.killers: Counter[str] = Counter()
        self.killed: dict[int, str] = {}
        self.left: list[int] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        gc.freeze()
        for index, tests in self.chosen.items():
            order = sorted(tests, key=lambda test: -self.killers[test])
            wanted = [items[test] for test in order if test in items]
            by = _in_fork(lambda i=index, w=wanted: self._judge(i, w), seconds=self.most)
            if by == "left":
                self.left.append(index)
            elif by != "":
                self.killed[index] = str(by)
                self.killers[str(by)] += 1
        return True

    def _judge(self, index: int, items: Sequence[pytest.Item]) -> str:
        found = Mutants(self.path.read_text("utf-8"), sys.modules[self.name])
        found.all()[index].make()
        gc.unfreeze()
        if not _swapped(str(self.path), found.tree):
            return "left"
        return _first_failure(items)


class _Instead(SourceFileLoader):
    """Loads a changed tree in place of a module."""

    tree: ast.Module

    def get_code(self, fullname: str) -> CodeType | None:
        return compile(self.tree, self.get_filename(fullname), "exec")


class _Finder:
    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.loader = name, _Instead(name, str(path))
        self.loader.tree = tree

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> object:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.loader.path, loader=self.loader)


class _Chosen:
    """Runs the chosen tests in the chosen order, until one fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.tests, self.by = tests, "import"

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        if session.testsfailed == 0:  # else a module of tests could not even be imported
            self.by = _first_failure([items[test] for test in self.tests if test in items])
        return True


def _fresh(name: str, path: Path, tree: ast.Module, tests: Sequence[str]) -> str:
    sys.meta_path.insert(0, _Finder(name, path, tree))  # type: ignore[arg-type]
    plugin = _Chosen(tests)
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    pytest.main([*_OPTIONS, *files], plugins=[plugin])
    return plugin.by


def reached(files: Sequence[Path], tests: Sequence[str]) -> Reach:
    """Return by test the lines of the files that it reaches, and how long it took."""

    def work() -> object:
        found = _Reached([str(path) for path in files])
        found.begin()
        pytest.main([*_OPTIONS, *tests], plugins=[found])
        sys.settrace(None)
        return dict(found.lines), found.seconds

    return _in_fork(work, quiet=False)  # type: ignore[return-value]


def preload(tests: Sequence[str]) -> None:
    """Import what tests import of other people's, so that it is loaded once for all forks."""

    def work() -> object:
        pytest.main([*_OPTIONS, "--collect-only", *tests])
        return list(sys.modules)

    own = ("ekukit", "conftest", "test_")
    folder = Path("tests")
    local = {path.stem for path in folder.glob("*.py")}
    for name in _in_fork(work) or ():  # type: ignore[attr-defined]
        if not name.startswith(own) and name.partition(".")[0] not in local:
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def survivors(name: str, path: Path, module: ModuleType, reach: Reach) -> tuple[int, list[Mutant]]:
    """Return how many mutants a module has, and those that no test kills."""
    lines, seconds = reach
    mutants = Mutants(path.read_text("utf-8"), module).all()
    early = {line for file, line in lines.get("", ()) if file == str(path)}
    touching = {t for t in seconds if any(file == str(path) for file, _ in lines.get(t, ()))}
    # What was kept by a cache while tests were collected, a test may see without reaching a line.
    everything = sorted(seconds, key=lambda test: (test not in touching, seconds[test]))
    swap: dict[int, list[str]] = {}
    anew: list[int] = []
    killed: dict[int, str] = {}
    for index, mutant in enumerate(mutants):
        if not mutant.in_function or early.intersection(mutant.lines):
            anew.append(index)
            continue
        hit = {(str(path), line) for line in mutant.lines}
        swap[index] = [test for test in everything if hit & lines.get(test, set())]
    files = list(dict.fromkeys(test.partition("::")[0] for test in everything))
    most = int(_SPARE_SECONDS + _TIMES * sum(seconds[test] for test in everything))
    judge = _Swapping(path, name, swap, most)
    killers: Counter[str] = Counter()

    def work() -> object:
        pytest.main([*_OPTIONS, *files], plugins=[judge])
        return judge.killed, judge.left, judge.killers

    if swap:
        killed, left, killers = _in_fork(work)  # type: ignore[misc]
        anew += left
    for index in anew:
        found = Mutants(path.read_text("utf-8"), module)
        found.all()[index].make()
        order = sorted(everything, key=lambda test: -killers[test])
        by = _in_fork(lambda f=found, o=order: _fresh(name, path, f.tree, o), seconds=most)
        if by != "":
            killed[index] = str(by)
            killers[str(by)] += 1
    return len(mutants), [mutant for index, mutant in enumerate(mutants) if index not in killed]
