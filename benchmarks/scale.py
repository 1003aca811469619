"""How reading a busy node's log and archive grows with its size, beside ripgrep and tar.

Usage: python benchmarks/scale.py [megabytes ...]; 1 10 100 without arguments. Instead of logs
`--archive` measures `ekukit inspect` of an archive with a 200 MB log and four captures beside `tar
xzf`, `--folder` a folder of two such logs with one process and with two, `--seed` a small archive
beside importing pandas. `--json FILE` adds the rows to a file, of which chart.py draws a chart.
Every figure comes from a process of its own, imports taken off; all take turns, warm files, the
best of three rounds. Time is what the processor worked, so that other work on the machine counts
less; of two processes and of whole commands the clock's stands beside it. Memory is the most
private memory beyond the imports, of a run of its own.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from busy import archive, log

from ekukit.diagnosis.evidence.log_kinds import WORDS

SIZES = ("1", "10", "100")
LARGEST = 100  # a larger log is that of 100 MB over and over
ROUNDS = 3
STAMPS = ["rg", "-a", "-c", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T"]
NEEDLES = ["rg", "-a", "-i", "-c", "-F", *(f"-e{word.decode()}" for word in WORDS)]
_PREPARED = """
import sys, threading, time, pandas, numpy, ekukit.diagnosis.investigation
import ekukit.log.log_table
from pathlib import Path
from ekukit.log.snapshot import Snapshot, _bytes
from ekukit.diagnosis.evidence import log_sieve
from ekukit.diagnosis.evidence.log_choice import records_to_judge

pandas.Series(["a"], dtype="string").array.take([0])  # what pandas itself loads late

def private():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1000

most = before = private()

def watch():
    global most
    while True:
        most = max(most, private())
        time.sleep(0.002)

if "--memory" in sys.argv:
    threading.Thread(target=watch, daemon=True).start()
start = time.process_time()
{work}
print(time.process_time() - start, max(most, private()) - before)
"""
WORKS = {
    "index": "kept = Snapshot(_bytes(sys.argv[1])).spans",
    "evidence": "kept = list(records_to_judge(Snapshot(_bytes(sys.argv[1]))))",
    "table": "kept = Snapshot(_bytes(sys.argv[1])).table(bodies=False)",
}


class Spent(NamedTuple):
    """What a command took: seconds of the processor and of the clock."""

    processor: float
    clock: float


def spent(command: list[str]) -> Spent:
    """Return what a command and the processes that it starts take."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(used.ru_utime + used.ru_stime, time.perf_counter() - start)


def worked(name: str, path: Path, *, memory: bool = False) -> float:
    """Return seconds, or MB, of a piece of work in a process of its own."""
    command = [sys.executable, "-c", _PREPARED.replace("{work}", WORKS[name]), str(path)]
    done = subprocess.run(
        [*command, *["--memory"] * memory], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[memory])


def write(path: Path, megabytes: float, *, dense: bool) -> None:
    """Write a log of that size."""
    data = log(min(megabytes, LARGEST), dense=dense)
    with path.open("wb") as file:
        for _ in range(max(1, round(megabytes / LARGEST))):
            file.write(data)


def logs(sizes: list[str], folder: Path, kept: Path | None) -> None:
    """Print a row for each size and kind of log, and keep it."""
    print("| log | rg -c | index | x | rg, same words | evidence | x | table | x rg -c "
          "| MB evidence | MB table |")  # fmt: skip
    print("|---" * 11 + "|")
    for size in sizes:
        for dense in (False, True):
            path = folder / "log.txt"
            write(path, float(size), dense=dense)
            rounds = [
                {"stamps": spent([*STAMPS, str(path)]).processor,
                 "needles": spent([*NEEDLES, str(path)]).processor,
                 **{name: worked(name, path) for name in WORKS}}
                for _ in range(ROUNDS)
            ]  # fmt: skip
            best = {name: min(one[name] for one in rounds) for name in rounds[0]}
            used = [worked(name, path, memory=True) for name in ("evidence", "table")]
            keep(kept, {"megabytes": float(size), "dense": dense, **best,
                        "evidence_mb": used[0], "table_mb": used[1]})  # fmt: skip
            print(
                f"| {size} MB{', dense' if dense else ''} | {best['stamps']:.3f} s "
                f"| {best['index']:.3f} s | {best['index'] / best['stamps']:.1f} "
                f"| {best['needles']:.3f} s | {best['evidence']:.3f} s "
                f"| {best['evidence'] / best['needles']:.1f} | {best['table']:.3f} s "
                f"| {best['table'] / best['stamps']:.1f} | {used[0]:.0f} | {used[1]:.0f} |",
                flush=True,
            )


def keep(kept: Path | None, row: dict[str, object]) -> None:
    """Add a row to a file."""
    if kept is not None:
        before = json.loads(kept.read_text("utf-8")) if kept.exists() else []
        kept.write_text(json.dumps([*before, row], indent=1) + "\n", "utf-8")


def inspect(*words: object) -> list[str]:
    """Return the command that inspects."""
    return [sys.executable, "-m", "ekukit", "inspect", *map(str, words)]


def against(name: str, first: list[str], second: list[str]) -> None:
    """Print two commands side by side, by the processor and by the clock."""
    rounds = [(spent(first), spent(second)) for _ in range(ROUNDS)]
    for kind in ("processor", "clock"):
        plain, ours = (min(getattr(pair[at], kind) for pair in rounds) for at in (0, 1))
        print(f"| {name}, {kind} | {plain:.2f} s | {ours:.2f} s | {ours / plain:.2f} |", flush=True)


def archives(folder: Path) -> None:
    """Print `inspect` beside tar."""
    for dense in (False, True):
        path = folder / "busy.tar.gz"
        archive(path, 200, dense=dense)
        name = f"`tar xzf`, `inspect`{', dense' if dense else ''}"
        against(name, ["tar", "xzf", str(path), "-C", str(folder)], inspect(path))


def two_cores(folder: Path) -> None:
    """Print a folder of two large logs and captures with two processes beside one."""
    archive(folder / "a.tar.gz", 200)
    node = folder / "nodes"
    node.mkdir()
    subprocess.run(["tar", "xzf", str(folder / "a.tar.gz"), "-C", str(node)], check=True)
    (large,) = node.glob("loggingsnapshot_edge_*")
    shutil.copy(large, large.with_name(large.name.replace("edge", "edge2")))
    against("one process, two", inspect(node), inspect(node, "--jobs", 2))


def small(_folder: Path) -> None:
    """Print a small archive's whole process beside importing pandas alone."""
    sample = Path(__file__).parent.parent / "data/cases/public-everywhere-checking-on.tar.gz"
    against("`import pandas`, `inspect`", [sys.executable, "-c", "import pandas"], inspect(sample))


def main() -> None:
    """Measure what is asked for."""
    words = sys.argv[1:]
    kept = Path(words.pop(words.index("--json") + 1)) if "--json" in words else None
    asked = [text for text in words if not text.startswith("-")]
    others = {"--archive": archives, "--folder": two_cores, "--seed": small}
    with tempfile.TemporaryDirectory() as folder:
        chosen = [work for name, work in others.items() if name in words]
        for work in chosen:
            work(Path(folder))
        if not chosen:
            logs(asked or list(SIZES), Path(folder), kept)


if __name__ == "__main__":
    main()
