"""Which files are one case: each alone, a folder's, those of a name pattern, or by a manifest."""

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ekukit.archive.paths import looked_at
from ekukit.errors import InputError
from ekukit.fleets.fleet_notes import left_out
from ekukit.fleets.source_file import SourceFile, is_packed
from ekukit.plaintext import decoded, plain_text
from ekukit.printable import visible

ALONE, FOLDER, SLOT = "file", "folder", "{case}"
HELP = "file, folder, a name pattern such as {case}_*.tar.gz, or a CSV with file and case"
_COLUMNS = ("file", "case")
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """A case by name, its files sorted by name; `missing` says what its manifest names in vain."""

    case: str
    files: tuple[SourceFile, ...]
    missing: str = ""

    @property
    def size(self) -> int:
        """Return the bytes of its files as they lie at the source."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Grouped:
    """The cases sorted by name, and what is to be told of how they were put together."""

    cases: tuple[CaseFiles, ...]
    notes: tuple[str, ...]


Rule = Callable[[SourceFile], str]


def grouped(files: Iterable[SourceFile], rule: str) -> Grouped:
    """Return the cases that a rule makes of files: one of HELP.

    `file` takes each archive alone, `folder` all files of a folder together (at the top of a
    source the archives alone, under the source's name). A pattern is matched against the name's
    last part, with a slash in it against the whole name below the source; * and ? stand for what
    they do elsewhere, {case} for the case's name. What no pattern or manifest names stays alone.
    Raises InputError for a rule that is none of these and a manifest that cannot be read.
    """
    found = tuple(files)
    if rule == FOLDER:
        used = [file for file in found if file.folder or is_packed(file)]
        return _made(found, used, lambda file: file.folder or file.top or file.name)
    used = [file for file in found if is_packed(file)]
    if rule == ALONE:
        return _made(found, used, lambda file: file.name)
    if SLOT in rule:
        return _made(found, used, _by_pattern(rule))
    if rule.lower().endswith(".csv"):
        return _by_manifest(found, used, Path(rule))
    msg = f"together={rule!r} is no rule; give {HELP}"
    raise InputError(msg)


def _made(found: tuple[SourceFile, ...], used: list[SourceFile], named: Rule) -> Grouped:
    cases: dict[str, list[SourceFile]] = {}
    for file in used:
        cases.setdefault(named(file), []).append(file)
    more = len(found) - len(used)
    notes = (left_out("no archives by their names", more),) if more else ()
    made = (CaseFiles(name, tuple(sorted(of, key=lambda f: f.name))) for name, of in cases.items())
    return Grouped(tuple(sorted(made, key=lambda case: case.case)), notes)


def _by_pattern(pattern: str) -> Rule:
    if pattern.count(SLOT) > 1:
        msg = f"together={pattern!r}: {SLOT} stands once in a pattern"
        raise InputError(msg)
    words = {SLOT: "(?P<case>[^/]+?)", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\{case\}|\*|\?)", pattern)
    matched = re.compile("".join(words.get(one, re.escape(one)) for one in pieces))

    def named(file: SourceFile) -> str:
        found = matched.fullmatch(file.name if "/" in pattern else file.last)
        if found is None:
            return file.name
        within = "" if "/" in pattern or not file.folder else f"{file.folder}/"
        return f"{within}{found['case']}"

    return named


def _by_manifest(found: tuple[SourceFile, ...], used: list[SourceFile], path: Path) -> Grouped:
    told = _manifest(path)
    last: dict[str, list[str]] = {}
    for file in found:
        last.setdefault(file.last, []).append(file.name)
    # A name alone is enough where it stands once.
    wanted = {(of[0] if len(of := last.get(name, [])) == 1 else name): case
              for name, (case, _line) in told.items()}  # fmt: skip
    packed = [file for file in found if file.name in wanted or file in used]
    made = _made(found, packed, lambda file: wanted.get(file.name, file.name))
    names = {file.name for file in found}
    vain = [
        CaseFiles(case, (), f"{path.name}, line {line}: {name} is not among the sources")
        for name, (case, line) in told.items()
        if name not in names and len(last.get(name, [])) != 1
    ]
    there = {case.case: case for case in made.cases}
    alone = [case for case in vain if case.case not in there]
    partly = [f"{case.missing} ({case.case})." for case in vain if case.case in there]
    cases = sorted((*made.cases, *{case.case: case for case in alone}.values()),
                   key=lambda case: case.case)  # fmt: skip
    return Grouped(tuple(cases), (*made.notes, *map(visible, partly)))


def _manifest(path: Path) -> dict[str, tuple[str, int]]:
    looked_at(path, "name a CSV file with the columns file and case")
    data = path.read_bytes()[: _MOST_BYTES + 1] if path.is_file() else b""
    text = decoded(plain_text(data))
    between = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text), skipinitialspace=True, delimiter=between)
    names = [str(name).strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in _COLUMNS if name not in names]
    if missing or len(data) > _MOST_BYTES:
        why = f"no column {', '.join(missing)}" if missing else "more than 64 MiB"
        msg = f"{visible(str(path))}: {why}; a manifest has the columns file and case"
        raise InputError(msg)
    rows.fieldnames = names
    try:
        told = [(row, rows.line_num) for row in rows]
    except csv.Error as error:
        msg = f"{visible(str(path))}:{rows.line_num}: no CSV ({error}); separate columns by commas"
        raise InputError(msg) from None
    return {
        str(row["file"]).strip(): (str(row["case"] or row["file"]).strip(), line)
        for row, line in told
        if str(row["file"] or "").strip()
    }
