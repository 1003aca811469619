"""The house is in order: one dependency list, clean checks, nothing that names an index."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import LOCKED, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()
TEXTS = [name for name in TRACKED if not name.endswith((".png", ".gz", ".pcap", ".zip"))]


MODULES = [ROOT / name for name in TRACKED if re.match(r"ekukit/.*\.py$", name)]
TREES = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
# A command's own name stands in the shell, among the verbs, and where the work is done.
COMMANDS = {"cli", "verbs"}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield every function of the package, each with where it stands."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield f"{path.relative_to(ROOT)}: {node.name}", node


def often(names: list[str]) -> list[str]:
    """Return the names that stand there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment in the project's folder."""
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        pytest.param(("mypy",), marks=LOCKED),
        ("importlinter.cli", "lint"),
    ],
    ids=lambda words: words[0] + words[-1],
)
def test_check_finds_nothing(words: tuple[str, ...]) -> None:
    """Style, types and the arrows between the rooms hold."""
    if words[0] == "importlinter.cli":
        script = Path(sys.executable).with_name("lint-imports")
        found = subprocess.run([script], cwd=ROOT, capture_output=True, text=True, check=False)
    else:
        found = tool(*words)
    assert found.returncode == 0, found.stdout + found.stderr


def test_conda_takes_the_one_dependency_list() -> None:
    """environment.yml names a fitting Python and installs this project, nothing else."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    python, pip, rest = environment["dependencies"]
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert tuple(map(int, python.removeprefix("python=").split("."))) >= (3, 11)
    assert (pip, rest) == ("pip", {"pip": ["-e ."]})
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_constraints_are_the_locked_versions() -> None:
    """What uv is bound to equals requirements.txt, and every dependency is locked."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    locked = re.findall(r"^([\w.-]+==[^\\\n]*?) ?\\?$", text, re.MULTILINE)
    pins = [pin.replace('"', "'") for pin in PROJECT["tool"]["uv"]["constraint-dependencies"]]
    assert pins == [pin.strip() for pin in locked]
    names = {pin.partition("==")[0] for pin in locked}
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    assert {re.split(r"[\[>=<]", line)[0] for line in wanted} - names == set()


def test_every_dependency_has_its_reason_in_the_readme() -> None:
    """A line in the table says what each is for."""
    readme = (ROOT / "README.md").read_text("utf-8")
    names = [re.split(r"[\[>=<]", line)[0] for line in PROJECT["project"]["dependencies"]]
    assert [name for name in names if f"| {name} |" not in readme] == []


def test_kit_is_a_bootstrap_of_under_80_lines() -> None:
    """It uses the standard library alone."""
    text = (ROOT / "kit.py").read_text("utf-8")
    assert len(text.splitlines()) < 80
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.MULTILINE))
    assert imported - set(sys.stdlib_module_names) == set()


def test_no_package_index_and_no_machine_path_is_named() -> None:
    """The repository works with any mirror and on any machine."""
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js.")
    paths = ("/wo" + "rk/", "/ro" + "ot/", "../sha" + "red")
    found = [
        (name, word)
        for name in TEXTS
        for word in (*hosts, *paths)
        if word in (ROOT / name).read_text("utf-8", "replace")
    ]
    assert found == []


def test_every_public_module_says_what_it_is() -> None:
    """Each module of the package starts with a docstring and stays readable in one sitting."""
    long = {path.name: n for path in MODULES if (n := len(path.read_text().splitlines())) > 250}
    assert [path for path in MODULES if not path.read_text("utf-8").startswith('"""')] == []
    assert long == {}


def test_no_function_is_over_forty_lines() -> None:
    """A function is seen whole, with its docstring."""
    sizes = {name: (node.end_lineno or 0) - node.lineno + 1 for name, node in functions()}
    assert {name: size for name, size in sizes.items() if size > 40} == {}


def test_no_function_takes_more_than_six_parameters() -> None:
    """What belongs together comes as one value; self and cls do not count."""
    counts = {}
    for name, node in functions():
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        counts[name] = sum(one.arg not in ("self", "cls") for one in given)
    assert {name: count for name, count in counts.items() if count > 6} == {}


def test_no_module_name_stands_twice() -> None:
    """A file is found by its name alone, but for commands and what carries them out."""
    rest = [path for path in MODULES if path.stem not in ("__init__", "__main__")]
    named = [path.stem for path in rest if path.parent.name not in COMMANDS]
    assert often(named) == []


def test_no_public_class_name_stands_twice() -> None:
    """A class is known by its name alone."""
    named = [
        node.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert often(named) == []


def test_a_room_offers_at_most_fifteen_names() -> None:
    """Whatever else another room needs comes from the module that is named for it."""
    offered = {}
    for path, tree in TREES.items():
        for node in tree.body if path.name == "__init__.py" else ():
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                offered[path.parent.name] = len(ast.literal_eval(node.value))
    assert len(offered) >= 9
    front = offered.pop("ekukit")
    assert front > 15
    assert {room: count for room, count in offered.items() if count > 15} == {}


def test_ids_of_the_ledger_are_used_or_listed_with_a_reason() -> None:
    """Every N, S, E, T, C and X id is cited by the kit, or UNUSED says why it is not."""
    from unused_facts import UNUSED

    from ekukit.facts import ledger

    code = "\n".join((ROOT / name).read_text("utf-8") for name in TRACKED
                     if re.match(r"(ekukit/.*\.(?:py|toml)|notebooks/.*\.ipynb)$", name)
                     and not re.search(r"(facts/\w+\.toml)$", name))  # fmt: skip
    wanted = [name for name in ledger() if re.match(r"[NSETCX]\d", name)]
    cited = {name for name in wanted if re.search(rf"\b{re.escape(name)}\b", code)}
    assert set(wanted) - cited == set(UNUSED)
    assert [reason for reason in UNUSED.values() if len(reason) < 20] == []
