"""A made-up estate on the disk: archives as customers send them, and the truth beside them."""

import csv
import io
import tarfile
from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from ekukit.connections import Outcome, State, predict
from ekukit.errors import InputError
from ekukit.expressway import Deployment
from ekukit.fleets.case_rows import ids
from ekukit.fleets.estate_plans import EstateCase, estate_case
from ekukit.passing_folders import passing_folder
from ekukit.planning.lead_times import LeadTimes
from ekukit.printable import visible
from ekukit.renewals.dark_days import deployment_dates
from ekukit.renewals.worst_first import act_by
from ekukit.samples.writer import Recording, write_archive
from ekukit.whole_files import new_folder

TRUTH = "truth.csv"
# What an archive of both nodes can show in full.
JUDGED = ("uc-zone", "ssh-tunnel", "webrtc-proxy")
TRUTH_COLUMNS = ("case", "story", "ca", "damage", "readable", "release", "failed", "dark_day",
                 "goes_down", "act_by")  # fmt: skip
_DAMAGED: dict[str, dict[str, Any]] = {
    "log cut short": {"cut": ("loggingsnapshot",)},
    "no capture": {"missing": ("eth0",)},
}
_MOST = 1_000_000
_NO_ARCHIVE = b"<html><body>Session expired. Please log in again.</body></html>\n"


def sample_estate(count: int, folder: str | PathLike[str] | None = None) -> Path:
    """Write an estate as `write_estate` does, without a folder into one that goes with Python."""
    where = Path(folder) if folder else passing_folder() / "estate"
    return write_estate(count, where)


def write_estate(count: int, folder: Path, seed: int = 1) -> Path:
    """Write an estate of so many cases, a folder for each, and `truth.csv`; return the folder.

    Every third case comes as an archive for each node, the others as one; put them together with
    the rule `folder`. The truth has a row for each case, TRUTH_COLUMNS: what the rules foresee of
    the deployment before it was written, so that reading and OpenSSL can be held to it. Raises
    InputError for a count of none or too many, and when the folder is not empty or not writable.
    """
    if not 1 <= count <= _MOST:
        msg = f"sample={count} cannot be made; give a number of cases from 1 to {_MOST:,}"
        raise InputError(msg)
    if folder.is_dir() and any(folder.iterdir()):
        msg = f"{visible(str(folder))}: is not empty; name a new folder for the estate"
        raise InputError(msg)
    with new_folder(folder) as draft:
        told = []
        for number in range(1, count + 1):
            made = estate_case(number, seed)
            _write(made, draft / made.name, split=number % 3 == 0)
            told.append(truth(made))
        (draft / TRUTH).write_text(_csv(told), "utf-8")
    return folder


def _write(made: EstateCase, folder: Path, *, split: bool) -> None:
    folder.mkdir()
    if made.damage == "no archive":
        (folder / f"diagnostic_log_{made.name}.tar.gz").write_bytes(_NO_ARCHIVE)
        return
    tried = ("uc-zone", "ssh-tunnel", "mra-client")
    damage = _DAMAGED.get(made.damage, {})
    data = write_archive(made.deployment, Recording(connections=tried, per_peer=split, **damage))
    if not split:
        (folder / f"diagnostic_log_{made.name}.tar.gz").write_bytes(data)
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        for member in packed:
            stream = packed.extractfile(member)
            (folder / Path(member.name).name).write_bytes(stream.read() if stream else b"")


def truth(made: EstateCase) -> Mapping[str, str]:
    """Return the row of the truth for a case."""
    found = made.deployment
    readable = made.damage != "no archive"
    row = {"case": made.name, "story": made.kind.story, "ca": made.ca, "damage": made.damage,
           "readable": "yes" if readable else "no"}  # fmt: skip
    if not readable:
        return row
    dark = [one for one in deployment_dates(found, _run) if one.dark and one.gone.decided]
    day = min((one.gone.decided or date.max for one in dark), default=None)
    due = [one for one in dark if one.gone.decided == day]
    act = min(filter(None, (act_by(one, LeadTimes()) for one in due)), default=None)
    return {
        **row,
        "release": found.core[0].release.value,
        "failed": ids(o.connection for o in _run(found) if o.state is State.FAILED),
        "dark_day": day.isoformat() if day else "",
        "goes_down": ids(name for one in due for name in one.down or ()),
        "act_by": act.isoformat() if act else "",
    }


def _run(deployment: Deployment) -> tuple[Outcome, ...]:
    return tuple(found for found in predict(deployment) if found.connection in JUDGED)


def _csv(rows: Iterable[Mapping[str, str]]) -> str:
    stream = io.StringIO()
    made = csv.DictWriter(stream, TRUTH_COLUMNS, restval="", lineterminator="\n")
    made.writeheader()
    made.writerows(rows)
    return stream.getvalue()
