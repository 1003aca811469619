"""The verb `fleet`: thousands of archives as one table, on as many workers as there are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, Unpack

from ekukit.errors import InputError
from ekukit.facts.clock import now
from ekukit.planning.lead_times import lead_times
from ekukit.verbs.calendar import LeadOption, RenewedByOption
from ekukit.verbs.fleet_result import Fleet
from ekukit.verbs.moment import moment
from ekukit.verbs.option import Option, a_path, signed, taken, whole

if TYPE_CHECKING:
    from ekukit.fleets.fleet_run import Told

_File = str | PathLike[str]
_TABLE = ".parquet"
_MOST_WORKERS, _LEAST_MB = 1024, 200


def _some(least: int, most: int) -> Callable[[object], int]:
    def read(given: object) -> int:
        count = whole(given)
        if not least <= count <= most:
            msg = f"{count} is out of range; give {least} to {most:,}"
            raise InputError(msg)
        return count

    return read


class FleetOptions(TypedDict, total=False):
    """What `fleet` takes beside its sources."""

    out: Annotated[
        _File,
        Option("the table; causes, runs and what is done lie beside it", shown="FILE.parquet",
               default="fleet.parquet", read=a_path),
    ]  # fmt: skip
    together: Annotated[
        _File,
        Option("which files are one case: file (each alone), folder, a pattern such as "
               "{case}_*.tar.gz, or a CSV with file and case", shown="RULE", default="file",
               read=str),
    ]  # fmt: skip
    since: Annotated[
        str | date, Option("leave out files changed before", shown="DATE", read=moment)
    ]
    scheduler: Annotated[
        str,
        Option("a Dask scheduler with workers of its own; without it some are started here",
               shown="ADDRESS", default="", read=str),
    ]  # fmt: skip
    workers: Annotated[
        int,
        Option("workers on this machine (default: one for each processor)", shown="N",
               read=_some(1, _MOST_WORKERS)),
    ]  # fmt: skip
    worker_memory: Annotated[
        int,
        Option("the most memory for each of them; what needs more costs its case a retry, then "
               "its row", shown="MB", read=_some(_LEAST_MB, 1 << 24)),
    ]  # fmt: skip
    at: Annotated[
        str | date,
        Option("judge from this day on (default: each archive at its own time)", shown="DATE",
               read=moment),
    ]  # fmt: skip
    renewed_by: RenewedByOption
    lead: LeadOption
    redact: Annotated[
        bool, Option("show, and write CSV and iCalendar, under pseudonyms alone", flag=True)
    ]
    csv: Annotated[_File, Option("write the rows as CSV", shown="FILE", read=a_path)]
    ics: Annotated[_File, Option("write the dark days as iCalendar", shown="FILE", read=a_path)]


@signed(FleetOptions)
def fleet(*sources: _File, **options: Unpack[FleetOptions]) -> Fleet:
    """Return which of many cases have something down, which go dark, when, and why.

    `sources` are folders, archives, patterns ("cases/*.tar.gz") and addresses that fsspec knows
    ("s3://bucket/cases"), from which is read because they are named: the one exception to nothing
    leaving this machine. One source that ends in .parquet is a table of before, which is opened.
    Every case is what `inspect` and `calendar` say of it alone; what is done already, by content
    and version of the kit, is skipped. Workers are processes: in a script call it under
    `if __name__ == "__main__":`. Raises InputError for sources, rules and workers that cannot be
    used, and where the extra `fleet` is not installed. A broken archive is a row with its error.
    """
    from ekukit.fleets.fleet_extra import refuse_without_extra

    chosen = taken("fleet", FleetOptions, dict(options))
    refuse_without_extra()
    return run_fleet(sources, chosen)


def run_fleet(
    sources: tuple[_File, ...], chosen: Mapping[str, Any], told: "Told | None" = None
) -> Fleet:
    """Return the fleet of sources by options that are read already; `told` hears how far it is.

    Raises InputError as `fleet`.
    """
    if not sources:
        msg = "no source; name folders, archives, patterns such as 'cases/*.tar.gz', or addresses"
        raise InputError(msg)
    on = (
        chosen["at"] or now()
    ).date()  # a clock that cannot be right is told before thousands are read
    older = opened_table(sources)
    found = _opened(older, on) if older else _read(sources, chosen, on, told)
    found = found.hidden() if chosen["redact"] else found
    for name, made in (("csv", found.csv), ("ics", found.ics)):
        if chosen[name]:
            from ekukit.whole_files import write_file

            write_file(chosen[name], made())
    return found


def opened_table(sources: Sequence[_File]) -> Path | None:
    """Return the table of before that is the one source, None for sources that are to be read."""
    names = [str(source) for source in sources]
    return Path(names[0]) if len(names) == 1 and names[0].lower().endswith(_TABLE) else None


def _opened(path: Path, on: date, notes: tuple[str, ...] = ()) -> Fleet:
    from ekukit.fleets.fleet_files import read_tables

    return Fleet(read_tables(path), path, on, notes)


def _read(
    sources: tuple[_File, ...], chosen: Mapping[str, Any], on: date, told: "Told | None"
) -> Fleet:
    from ekukit.fleets.archive_sources import listed_files
    from ekukit.fleets.case_reading import ReadingOptions
    from ekukit.fleets.dask_workers import CrewOptions
    from ekukit.fleets.fleet_files import FleetFiles
    from ekukit.fleets.fleet_run import FleetRun
    from ekukit.fleets.together import grouped

    out = chosen["out"]
    if out.suffix.lower() != _TABLE:
        msg = f"out={str(out)!r} is no table's name; end it in {_TABLE}"
        raise InputError(msg)
    listed = listed_files(sources, chosen["since"])
    cases = grouped(listed.files, chosen["together"])
    leads = lead_times(chosen["lead"])
    reading = ReadingOptions(chosen["at"], chosen["renewed_by"] or "", leads)
    run = FleetRun(cases.cases, FleetFiles(out), reading, told)
    memory = chosen["worker_memory"]
    run.go(CrewOptions(chosen["workers"], memory and memory << 20, chosen["scheduler"]))
    return _opened(out, on, (*listed.notes, *cases.notes, *run.notes))
