"""The verb `inspect`: what is wrong in a diagnostic archive, with evidence."""

import sys
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, Unpack

from ekukit.diagnosis.case import Case
from ekukit.errors import InputError
from ekukit.expressway import Role
from ekukit.facts.clock import now
from ekukit.plaintext import decoded, plain_text
from ekukit.verbs.inspected import InspectedCase
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken

if TYPE_CHECKING:
    from ekukit.archive import Archive, InMemory

_MOST_PASTED = 8 << 20
_MOST_JOBS = 64
_File = str | PathLike[str]
RoleOption = Annotated[
    str | Iterable[str] | Mapping[str, str],
    Option("the side of a node that no zone tells; repeatable", shown="HOST=core|edge", many=True),
]


def _jobs(given: object) -> int:
    count = int(str(given))
    if not 1 <= count <= _MOST_JOBS:
        msg = f"jobs={given!r} cannot be used; give a number from 1 to {_MOST_JOBS}"
        raise InputError(msg)
    return count


class InspectOptions(TypedDict, total=False):
    """What `inspect` takes beside paths."""

    role: RoleOption
    paste: Annotated[
        _File,
        Option(
            "the tunnel page, log lines or what a test tool printed; - for standard input",
            shown="FILE",
            read=a_path,
        ),
    ]
    at: Annotated[
        str | date,
        Option("list what has expired by then (default: now)", shown="DATE", read=moment),
    ]
    jobs: Annotated[
        int,
        Option("read large files of a folder in so many processes (default: 1; fewer where it "
               "would take no less: two logs of 100 MB are worth two)", shown="N", default=1,
               read=_jobs),
    ]  # fmt: skip


class InspectOutput(TypedDict, total=False):
    """What becomes of a case: in the shell options, in Python the case's methods."""

    report: Annotated[
        _File, Option("write a report, .html or .md, redacted", shown="FILE", read=a_path)
    ]
    names: Annotated[bool, Option("keep all names in the report", flag=True)]
    redact: Annotated[
        bool,
        Option("hide names in what is printed, too; without it the answer and --json show real "
               "names of hosts, users and certificates", flag=True),
    ]  # fmt: skip
    map: Annotated[
        _File,
        Option("write what pseudonyms stand for, into a new file", shown="FILE", read=a_path,
               also=("--mapping",)),
    ]  # fmt: skip
    details: Annotated[
        bool,
        Option("all evidence, findings, certificates, states, handshakes", flag=True),
    ]
    all: Annotated[
        bool, Option("details with every handshake, not the first ones alone", flag=True)
    ]


@signed(InspectOptions)
def inspect(*paths: "_File | InMemory", **options: Unpack[InspectOptions]) -> InspectedCase:
    """Return what is wrong in archives, folders or loose files of one case, with evidence.

    Options are those of the shell: `inspect("core.tar.gz", role={"core1": "core"})`. What has
    expired by `at` (now, unless it is given) is listed. In a notebook a bar shows how far the
    reading is, from a second on; interrupting the kernel stops at once and says what was read.
    Raises InputError when nothing can be read, when a role is given to no node of the case, and for
    a name or value that is not known.
    """
    # Late, because it loads the lab, which the options do not need.
    from ekukit.diagnosis.investigation import investigate

    chosen = taken("inspect", InspectOptions, dict(options))
    if not paths and not chosen["paste"]:
        msg = "nothing to inspect; name an archive, a folder or files, or give text by --paste"
        raise InputError(msg)
    roles = roles_of(chosen["role"])
    at = chosen["at"] or now()
    pasted = _pasted(chosen["paste"]) if chosen["paste"] else ""
    with _shown():
        case = investigate(_opened(paths, chosen["jobs"]), roles=roles, pasted=pasted, at=at)
    refuse_unknown(roles, case)
    return InspectedCase(**{field.name: getattr(case, field.name) for field in fields(case)})


def _shown() -> AbstractContextManager[object]:
    """Return a bar in a notebook; a shell has its own, and does not load what notebooks show."""
    if "ipykernel" not in sys.modules:
        return nullcontext()
    from ekukit.views.notebook_bar import shown_in_notebook

    return shown_in_notebook()


def _opened(paths: "tuple[_File | InMemory, ...]", jobs: int) -> "Archive":
    from ekukit.archive import InMemory, empty_archive, open_archive
    from ekukit.diagnosis.evidence.log_choice import records_to_judge

    given = [path if isinstance(path, InMemory) else a_path(path) for path in paths]
    return open_archive(*given, jobs=jobs, choice=records_to_judge) if given else empty_archive()


def roles_of(given: Iterable[str | Mapping[str, str]]) -> dict[str, Role]:
    """Return roles by host, of texts and mappings; raises InputError for what is neither."""
    found: dict[str, Role] = {}
    for one in given:
        pairs = [f"{host}={side}" for host, side in one.items()] if isinstance(one, Mapping) else (
            [one]
        )  # fmt: skip
        found |= dict(map(role_of, pairs))
    return found


def role_of(text: str) -> tuple[str, Role]:
    """Return host and role of HOST=core or HOST=edge; raises InputError for another text."""
    host, _, side = str(text).rpartition("=")
    if not host or side.capitalize() not in set(Role):
        msg = f"--role {text!r} cannot be read; write HOST=core or HOST=edge"
        raise InputError(msg)
    return host, Role(side.capitalize())


def _pasted(path: Path) -> str:
    """Return pasted text; raises InputError for no plain file, and for more than is read of it."""
    try:
        if str(path) == "-":
            given = getattr(sys.stdin, "buffer", sys.stdin).read(_MOST_PASTED + 1)
            data = given.encode("utf-8", "replace") if isinstance(given, str) else given
        else:
            from ekukit.archive.paths import looked_at

            looked_at(path, "name a text file, or - for standard input")
            with path.open("rb") as file:
                data = file.read(_MOST_PASTED + 1)
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); name a text file"
        raise InputError(msg) from None
    if len(data) > _MOST_PASTED:
        msg = f"{path}: more than {_MOST_PASTED >> 20} MiB of pasted text; give the log as a PATH"
        raise InputError(msg)
    return decoded(plain_text(data))


def refuse_unknown(roles: dict[str, Role], case: Case) -> None:
    """Raise InputError when a role is given to a host that is no node of the case."""
    hosts = {node.host.lower() for node in case.nodes}
    wrong = [host for host in roles if host.lower() not in hosts]
    if wrong:
        there = ", ".join(node.host for node in case.nodes) or "none"
        msg = f"--role: no node is called {', '.join(wrong)}; the nodes are: {there}"
        raise InputError(msg)
