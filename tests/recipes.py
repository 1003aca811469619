"""The recipes of CONTRIBUTING.md, read as steps and followed in a copy of the tree."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("ekukit", "notebooks", "docs", "tests", "data", "README.md", "CONTRIBUTING.md",
         "pyproject.toml", "requirements.txt", "kit.py")  # fmt: skip
_BLOCK = r":\n\n```\w+\n(?P<block>.*?)```"
_LINE = r"(?:``[ ]?(?P<quoted>.+?)[ ]?``|`(?P<line>[^\n]+?)`)"
_STEP = re.compile(
    rf"^(?:In `(?P<file>[^`]+)`, (?P<how>after|before|in place of) {_LINE}{_BLOCK}"
    rf"|At the end of `(?P<end>[^`]+)`{_BLOCK.replace('block', 'tail')}"
    rf"|New file `(?P<new>[^`]+)`{_BLOCK.replace('block', 'whole')}"
    r"|In `(?P<less>[^`]+)`, without `(?P<gone>[^\n]+?)`\."
    rf"|Run{_BLOCK.replace('block', 'code')})$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done with which file; `line` is the line at which, `block` what comes."""

    how: str
    file: str = ""
    line: str = ""
    block: str = ""

    def follow(self, tree: Path) -> None:
        """Do it in a tree; fails for a line that the file does not have exactly once."""
        if self.how == "run":
            subprocess.run([sys.executable, "-c", self.block], cwd=tree, check=True)
            return
        path = tree / self.file
        if self.how == "new":
            assert not path.exists(), f"{self.file} is there already"
            path.write_text(self.block, "utf-8")
            return
        text = path.read_text("utf-8")
        if self.how == "end":
            path.write_text(text + self.block, "utf-8")
            return
        old = f"{self.line}\n"
        count = f"\n{text}".count(f"\n{old}")
        assert count == 1, f"{self.file} has {count} lines {self.line!r}"
        new = {"after": old + self.block, "before": self.block + old}.get(self.how, self.block)
        path.write_text(f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:], "utf-8")


def _part(recipe: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition(f"\n### {recipe}\n")[2]
    return re.split(r"^##+ ", text, maxsplit=1, flags=re.MULTILINE)[0]


def steps(recipe: str) -> list[Step]:
    """Return the steps of the recipe of that title, in their order."""
    return list(_steps(_part(recipe)))


def blocks(recipe: str) -> int:
    """Return how many code blocks the recipe has."""
    return len(re.findall(r"^```\w+$", _part(recipe), re.MULTILINE))


def _steps(text: str) -> Iterator[Step]:
    for found in _STEP.finditer(text):
        told = found.groupdict()
        if told["file"]:
            line = told["quoted"] or told["line"]
            yield Step(told["how"], told["file"], line, told["block"])
        elif told["less"]:
            yield Step("without", told["less"], told["gone"])
        elif told["end"]:
            yield Step("end", told["end"], block=told["tail"])
        elif told["new"]:
            yield Step("new", told["new"], block=told["whole"])
        else:
            yield Step("run", block=told["code"])


def copy_tree(tree: Path) -> None:
    """Copy what the kit is made of into a folder."""
    skipped = shutil.ignore_patterns("__pycache__", ".*")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=skipped)
        else:
            shutil.copy(ROOT / name, tree / name)
