"""The command of the EKU checking mode is printed as it is published, wherever it stands (K5)."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest
from archives import unpacked
from conftest import ROOT

from ekukit.expressway import build, condition
from ekukit.expressway.commandline import CHECKING_MODE
from ekukit.samples import written_settings as dumps

ONE_WORD = re.compile(r"checkingmode", re.IGNORECASE)
# What readers compare with: keys without blanks and in lower case, which nobody sees.
READERS = {"extendedkeyusagecheckingmode", "certificaterevocationcheckingmode"}
# Words that a customer's own dump may be quoted with.
QUOTED = "allowed_words.toml"
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()
TEXTS = [
    name
    for name in TRACKED
    if re.match(r"(ekukit/|notebooks/|docs/|data/|benchmarks/|[^/]+\.md$)", name)
    and name.endswith((".py", ".ipynb", ".md", ".toml", ".json", ".html", ".j2", ".css"))
]
CASES = sorted((ROOT / "data" / "cases").glob("*.tar.gz"))


def said(path: Path) -> list[str]:
    """Return the texts of a file that can be shown: constants of code, sources of cells, or all."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        nodes = ast.walk(ast.parse(text))
        return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    if path.suffix == ".ipynb":
        return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    return [text]


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_of_the_product_spells_the_command_in_one_word(name: str) -> None:
    """Modules, lessons, documents and data say Checking Mode; only readers know the other."""
    found = [text for text in said(ROOT / name) if ONE_WORD.search(text)]
    found = [] if name.endswith(QUOTED) else found
    assert [text for text in found if text not in READERS] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.partition(".")[0])
def test_no_sample_spells_the_command_in_one_word(path: Path) -> None:
    """The dumps of every sample case, text and XML, have the published words."""
    files = unpacked(path.read_bytes())
    assert [name for name, data in files.items() if ONE_WORD.search(data.decode("latin-1"))] == []


def test_the_walk_would_find_it() -> None:
    """Modules, notebooks, documents and samples are all walked, and the pattern matches."""
    kinds = {Path(name).suffix for name in TEXTS}
    assert {".py", ".ipynb", ".md", ".toml"} - kinds == set()
    assert len(CASES) > 10
    assert ONE_WORD.search("ExtendedKeyUsage CheckingMode: Off")


def test_the_published_command_is_what_is_printed() -> None:
    """One constant for the shell, and the dump's path says the same."""
    wanted = "SIP TLS Certificate ExtendedKeyUsage Checking Mode"
    assert f"xConfiguration {wanted}" == CHECKING_MODE
    deployment = build(condition("C2"))
    found = dict(dumps.settings(deployment, deployment.edge[0]))
    assert found[wanted] == "On"
