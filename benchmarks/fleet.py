"""What `ekukit fleet` costs: two workers beside one, overhead for each case, memory over time.

Usage: python benchmarks/fleet.py ESTATE [cases]; an estate is what `ekukit fleet --sample N --out
ESTATE` wrote. With a number of cases two workers and one take turns, the best of three rounds each,
and two go over what is done; without one two workers read the whole estate. Or: python
benchmarks/fleet.py --handing COUNT, for what handing out and taking back costs: so many files that
are no archives, less what a sixth of them takes, so that starting and ending do not count. Seconds
on the wall depend on what else the machine does, seconds of processor much less; both are printed.
"""

import sys
import tempfile
import time
from pathlib import Path

import psutil

from ekukit.fleets.archive_sources import listed_files
from ekukit.fleets.dask_workers import CrewOptions
from ekukit.fleets.fleet_files import FleetFiles, read_tables
from ekukit.fleets.fleet_run import FleetRun
from ekukit.fleets.together import CaseFiles, grouped

# Looking costs more than handing out a case.
_LOOK = 20
ROUNDS = 3


class Clock:
    """Seconds of processor of this process and of its workers, and their most memory."""

    def __init__(self) -> None:
        """Begin."""
        self.own, self.start = _processor(psutil.Process()), time.perf_counter()
        self.first, self.workers, self.most = 0.0, {}, 0

    def told(self, count: int, of: int) -> None:
        """Look at the workers, which are gone when the run ends."""
        self.first = self.first or time.perf_counter() - self.start
        if count % _LOOK and count < of:
            return
        for one in psutil.Process().children(recursive=True):
            if "spawn_main" in " ".join(one.cmdline()):
                self.workers[one.pid] = _processor(one)
        self.most = max(self.most, psutil.Process().memory_info().rss)


def _processor(process: psutil.Process) -> float:
    told = process.cpu_times()
    return float(told.user + told.system)


def run(cases: tuple[CaseFiles, ...], folder: Path, workers: int) -> tuple[float, float]:
    """Read the cases, print what it took, and return seconds on the wall and of this process."""
    files = FleetFiles(folder / "fleet.parquet")
    clock = Clock()
    read = FleetRun(cases, files, told=clock.told)
    read.go(CrewOptions(workers=workers))
    wall = time.perf_counter() - clock.start
    own = _processor(psutil.Process()) - clock.own
    each = 1000 / len(cases)
    print(f"{workers} workers, {len(cases)} cases, {read.same} done before: {wall:.1f} s "
          f"({clock.first:.1f} s until the first)")  # fmt: skip
    print(f"  processor for each case: workers {sum(clock.workers.values()) * each:.0f} ms, "
          f"scheduler and client {own * each:.1f} ms")  # fmt: skip
    print(f"  memory of scheduler and client: {clock.most / 1e6:.0f} MB")
    if not read.same:
        memory(files)
    return wall, own


def memory(files: FleetFiles) -> None:
    """Print the memory of each worker at the tenths of its way, in MB."""
    runs = read_tables(files.rows).runs
    for worker, own in runs.groupby("worker"):
        told = [own["memory"].iloc[len(own) * place // 10 - 1] / 1e6 for place in range(1, 11)]
        print(f"  {worker}: {' '.join(f'{one:.0f}' for one in told)} MB")
    print(f"  seconds a case: median {runs['seconds'].median():.2f}, "
          f"95 % {runs['seconds'].quantile(0.95):.2f}")  # fmt: skip


def handing(count: int) -> None:
    """Print what scheduler and client take for each case of which nothing can be read."""
    with tempfile.TemporaryDirectory() as kept:
        for number in range(count):
            Path(kept, f"{number}.tar.gz").write_text(f"no archive {number}\n")
        cases = grouped(listed_files([kept], None).files, "file").cases
        few = cases[: count // 6]
        _wall, less = run(few, Path(kept, "few"), 2)
        _wall, own = run(cases, Path(kept, "all"), 2)
        each = (own - less) * 1000 / (len(cases) - len(few))
        print(f"scheduler and client for one more case: {each:.2f} ms")


def main() -> None:
    """Measure."""
    estate, *rest = sys.argv[1:]
    if estate == "--handing":
        handing(int(rest[0]))
        return
    cases = grouped(listed_files([estate], None).files, "folder").cases
    cases = cases[: int(rest[0])] if rest else cases
    size = sum(case.size for case in cases)
    print(f"{len(cases)} cases, {sum(len(c.files) for c in cases)} archives, {size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as kept:
        if not rest:
            run(cases, Path(kept), 2)
            return
        best = {2: float("inf"), 1: float("inf")}
        for number in range(ROUNDS):
            for workers, before in best.items():
                wall, _own = run(cases, Path(kept, f"{number}-{workers}"), workers)
                best[workers] = min(before, wall)
        print(f"two workers against one, best of {ROUNDS}: {best[1] / best[2]:.2f} times")
        run(cases, Path(kept, "0-2"), 2)


if __name__ == "__main__":
    main()
