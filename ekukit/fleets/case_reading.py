"""What a worker does with a case: read its files, judge it as `inspect` does, give rows."""

import time
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekukit.errors import InputError
from ekukit.fleets.remote_sources import is_remote, remote_bytes
from ekukit.fleets.together import CaseFiles
from ekukit.planning.lead_times import WAITING, LeadTimes
from ekukit.printable import visible

if TYPE_CHECKING:
    from ekukit.archive import InMemory

_BLOCK, _MOST_TOLD = 4 << 20, 400


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What decides beside a case's files: the day from which is judged, who renews, lead times."""

    at: datetime | None = None
    renewed_by: str = ""
    leads: LeadTimes = field(default_factory=LeadTimes)

    @property
    def words(self) -> tuple[str, str, str]:
        """Return the options as texts, the same for the same options."""
        leads = ", ".join(f"{kind}={self.leads.days(kind)}" for kind in sorted(WAITING))
        return self.at.isoformat() if self.at else "", self.renewed_by, leads


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case as it was read: rows, causes, the digest of its files, and what it took.

    `digest` is "" where a file could not be got at all, which is tried again in the next run;
    `same` says that the digest is the expected one, so that nothing was read anew.
    """

    case: str
    digest: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    causes: list[dict[str, Any]] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)
    same: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def read_case(work: CaseFiles, options: ReadingOptions, expected: str = "") -> ReadCase:
    """Return the rows of a case; whatever is wrong with it becomes its one row with an error.

    Archives here are read where they lie, those from elsewhere in memory: nothing is written.
    `expected` is the digest that is done already.
    """
    start = time.perf_counter()
    common = {"case": work.case, "files": len(work.files), "bytes": work.size}
    if work.missing:
        return _failed(work, "", common, work.missing)
    try:
        given, digest = _opened(work)
    except (InputError, OSError) as error:
        return _failed(work, "", common, _words(error))
    if digest == expected:
        return ReadCase(work.case, digest, same=True)
    common["hash"] = digest
    try:
        found = _judged(work.case, given, options, common)
    except InputError as error:
        found = _failed(work, digest, common, _words(error))
    except Exception as error:  # noqa: BLE001 - an archive costs its own row, never the run
        place = error.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        where = f"{Path(place.tb_frame.f_code.co_filename).stem}:{place.tb_lineno}" if place else ""
        told = f"the kit failed on it ({type(error).__name__} in {where}); please report that"
        found = _failed(work, digest, common, told)
    found.run.update(seconds=time.perf_counter() - start, **_worker())
    return found


def _worker() -> dict[str, object]:
    """Return which worker this is, and its memory."""
    import psutil
    from distributed import get_worker

    try:
        name = str(get_worker().name)
    except ValueError:
        name = "none"
    return {"worker": name, "memory": psutil.Process().memory_info().rss}


def lost_case(work: CaseFiles, tries: int) -> ReadCase:
    """Return the row of a case with which its worker was lost each time."""
    common = {"case": work.case, "files": len(work.files), "bytes": work.size}
    told = (
        f"its worker ended {tries} times while it was read: killed, or out of memory; read it "
        "alone (ekukit inspect), or with more memory for each worker (--worker-memory)"
    )
    found = _failed(work, "", common, told)
    found.run["tries"] = tries
    return found


def _failed(work: CaseFiles, digest: str, common: dict[str, Any], told: str) -> ReadCase:
    for file in work.files:
        # Where a source lies is no part of what was found.
        told = told.replace(file.address, file.name)
    row = {**common, "error": visible(told)[:_MOST_TOLD]}
    return ReadCase(work.case, digest, [row], run={"case": work.case, "bytes": work.size})


def _words(error: Exception) -> str:
    return (error.strerror or "cannot be read") if isinstance(error, OSError) else str(error)


def _opened(work: CaseFiles) -> "tuple[list[Path | InMemory], str]":
    from ekukit.archive import InMemory

    given: list[Path | InMemory] = []
    digests = []
    for file in work.files:
        if is_remote(file.address):
            data = remote_bytes(file.address, file.size)
            given.append(InMemory(file.last, data))
            digests.append(sha256(data).hexdigest())
        else:
            given.append(Path(file.address))
            digests.append(_digest(Path(file.address)))
    whole = digests[0] if len(digests) == 1 else sha256("".join(sorted(digests)).encode())
    return given, whole if isinstance(whole, str) else whole.hexdigest()


def _digest(path: Path) -> str:
    from ekukit.archive.paths import looked_at

    looked_at(path, "name an archive, a folder or files of one")
    found = sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _judged(
    name: str, given: "list[Path | InMemory]", options: ReadingOptions, common: dict[str, Any]
) -> ReadCase:
    from ekukit.archive import open_archive
    from ekukit.diagnosis.investigation import investigate
    from ekukit.fleets.case_rows import DatesTold, cause_rows, node_rows
    from ekukit.renewals.case_dates import case_dates

    case = investigate(open_archive(*given), at=options.at)
    told = DatesTold(case_dates(case, options.at, options.renewed_by).rows, options.leads)
    rows = node_rows(case, told, common)
    run = {"case": name, "bytes": common["bytes"]}
    return ReadCase(name, str(common["hash"]), rows, cause_rows(case, told, name), run)
