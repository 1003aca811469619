"""What a case is called on a screen, and where its files came from."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from ekukit.diagnosis.case import Case
from ekukit.privacy.case_texts import rewritten_case

_MOST_NAMED = 3
_KILO, _MEGA = 1 << 10, 1 << 20


class Origin(StrEnum):
    """Where something that is investigated came from."""

    SAMPLE = "sample of the kit"
    PATH = "path"
    UPLOAD = "upload"
    PASTED = "pasted"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """One file, folder or archive that was given: its name, where it came from, its bytes."""

    name: str
    origin: Origin
    size: int
    nodes: tuple[str, ...] = ()


def outer_name(case: Case) -> str:
    """Return what stands before every file's name, such as "case.tar.gz: ", "" for nothing."""
    files = list(map(str, case.archive.members["file"]))
    before = {file.rpartition(": ")[0] for file in files}
    return f"{before.pop()}: " if len(before) == 1 and all(": " in file for file in files) else ""


def without_outer_name(case: Case) -> Case:
    """Return the case to be shown, without what stands before every file's name."""
    outer = outer_name(case)
    return rewritten_case(case, lambda text, _said: text.replace(outer, "")) if outer else case


def case_name(case: Case) -> str:
    """Return what a case is called: its archives by name, loose files by number and host."""
    files = list(map(str, case.archive.members["file"]))
    outer = list(dict.fromkeys(file.partition(": ")[0] for file in files if ": " in file))
    loose = [file for file in files if ": " not in file]
    names = outer if outer or len(loose) != 1 else loose
    if len(loose) > 1:
        hosts = " and ".join(dict.fromkeys(node.host for node in case.nodes if node.host))
        names = [*outer, f"{len(loose)} files{f' of {hosts}' if hosts else ''}"]
    more = len(names) - _MOST_NAMED
    rest = [f"{more} more"] if more > 0 else []
    return ", ".join([*names[:_MOST_NAMED], *rest]) or "pasted text"


def node_words(case: Case, files: pd.Series) -> tuple[str, ...]:
    """Return the nodes whose files these are, by role and host."""
    hosts = set(files)
    return tuple(
        f"{node.role.value if node.role else 'side not known'} {node.host}"
        for node in case.nodes
        if node.host in hosts
    )


def size_words(size: int) -> str:
    """Return a number of bytes in words."""
    if size >= _MEGA:
        return f"{size / _MEGA:.1f} MB"
    return f"{size / _KILO:.0f} KB" if size >= _KILO else f"{size} bytes"
