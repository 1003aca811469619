"""Small cases for tests: archives written, changed file by file, and investigated."""

import io
import re
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archives import unpacked

from ekukit.archive import open_archive
from ekukit.certificates import utc
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.findings.finding import Finding, Severity
from ekukit.diagnosis.investigation import investigate
from ekukit.expressway import Deployment, Role, build, condition
from ekukit.samples.writer import WHOLE, Recording, write_archive

KEY = "EC-secp256r1"
AT = utc("2026-06-15 09:41:07")
PAIR = Recording(connections=("uc-zone", "ssh-tunnel"))
Change = Callable[[str, bytes], bytes | None]


def deployment(name: str, **changes: object) -> Deployment:
    """Return a named condition with keys that are made fast."""
    return build(condition(name, at=AT, key=KEY, **changes))


def files_of(found: Deployment, recording: Recording = PAIR) -> dict[str, bytes]:
    """Return the files of the archive of a run."""
    return unpacked(write_archive(found, recording))


def case_of(  # noqa: PLR0913 - a case is told by name
    folder: Path,
    files: Mapping[str, bytes],
    *,
    change: Change | None = None,
    roles: Mapping[str, Role] | None = None,
    pasted: str = "",
    at: datetime | None = None,
) -> Case:
    """Return the case of files in a folder, each changed, or left out where the change is None."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        changed = change(name, data) if change else data
        if changed is not None:
            (folder / name).write_bytes(changed)
    return investigate(open_archive(folder), roles=roles, pasted=pasted, at=at)


def without(*beginnings: str) -> Change:
    """Return a change that leaves out files whose names begin so."""
    return lambda name, data: None if name.startswith(beginnings) else data


def replaced(beginning: str, old: str, new: str) -> Change:
    """Return a change of a text in files whose names begin so."""

    def change(name: str, data: bytes) -> bytes:
        if not name.startswith(beginning):
            return data
        changed = re.sub(old.encode(), new.encode(), data)
        assert changed != data or name.endswith((".xml", ".pcap"))
        return changed

    return change


def log_only(folder: Path, *lines: str, config: bytes = b"", host: str = "edge1") -> Case:
    """Return the case of a log of these lines alone, with a configuration if given."""
    stamp = "2026-06-15_09_41_07"
    files = {f"loggingsnapshot_{host}_{stamp}.txt": "\n".join([*lines, ""]).encode()}
    if config:
        files[f"xconf_dump_{host}_{stamp}.txt"] = config
    return case_of(folder, files)


def codes(case: Case) -> set[str]:
    """Return the codes of a case's findings."""
    return {finding.code for finding in case.findings}


def broken(case: Case) -> set[str]:
    """Return the codes of what is broken."""
    return {f.code for f in case.findings if f.severity is Severity.BROKEN}


def finding(case: Case, code: str) -> Finding:
    """Return the finding of a code."""
    return next(found for found in case.findings if found.code == code)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a .tar.gz."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


__all__ = [
    "AT", "KEY", "PAIR", "WHOLE", "Recording", "broken", "case_of", "codes", "deployment",
    "files_of", "finding", "log_only", "replace", "replaced", "without", "zipped",
]  # fmt: skip
