"""How reading a busy node's log and archive grows with its size, beside ripgrep and tar.

Usage: python benchmarks/scale.py [megabytes ...]; 1 10 100 without arguments. `--archive` measures
`ekukit inspect` of an archive with a 200 MB log and four captures instead, beside `tar xzf`.
Every figure comes from a process of its own, imports taken off; all engines take turns, warm
files, the best of three rounds. Memory is the most private memory beyond the imports.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from busy import archive, log

from ekukit.diagnosis.evidence.log_kinds import WORDS

SIZES = ("1", "10", "100")
ROUNDS = 3
STAMPS = ["rg", "-a", "-c", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T"]
NEEDLES = ["rg", "-a", "-i", "-c", "-F", *(f"-e{word.decode()}" for word in WORDS)]
_PREPARED = """
import sys, time, pandas, numpy, ekukit.diagnosis.investigation
from pathlib import Path
from ekukit.log.spans import spans_of
from ekukit.log.snapshot import Snapshot, read_log
from ekukit.diagnosis.evidence.log_sieve import telling

def private():
    lines = Path("/proc/self/status").read_text().splitlines()
    told = {line.split(":")[0]: line.split()[1] for line in lines if line.split()[1:]}
    return int(told["VmHWM"]) / 1000

before, start = private(), time.perf_counter()
{work}
print(time.perf_counter() - start, private() - before)
"""
WORKS = {
    "index": "kept = spans_of(Path(sys.argv[1]).read_bytes())",
    "evidence": "kept = telling(Snapshot(Path(sys.argv[1]).read_bytes()))",
    "table": "kept = read_log(sys.argv[1])",
}


def timed(command: list[str]) -> float:
    """Return how long a command takes."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def worked(name: str, path: Path) -> tuple[float, float]:
    """Return seconds and MB of a piece of work in a process of its own."""
    code = _PREPARED.replace("{work}", WORKS[name])
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def logs(sizes: list[str], folder: Path) -> None:
    """Print a row for each size and kind of log."""
    print("| log | rg -c | index | x | rg, same words | evidence | x | table | x rg -c "
          "| MB evidence | MB table |")  # fmt: skip
    print("|---" * 11 + "|")
    for size in sizes:
        for dense in (False, True):
            path = folder / "log.txt"
            path.write_bytes(log(float(size), dense=dense))
            rounds = [
                (timed([*STAMPS, str(path)]), timed([*NEEDLES, str(path)]),
                 *(worked(name, path) for name in WORKS))
                for _ in range(ROUNDS)
            ]  # fmt: skip
            stamps, needles = (min(one[at] for one in rounds) for at in (0, 1))
            index, evidence, table = (min(one[at] for one in rounds) for at in (2, 3, 4))
            print(
                f"| {size} MB{', dense' if dense else ''} | {stamps:.3f} s | {index[0]:.3f} s "
                f"| {index[0] / stamps:.1f} | {needles:.3f} s | {evidence[0]:.3f} s "
                f"| {evidence[0] / needles:.1f} | {table[0]:.2f} s | {table[0] / stamps:.1f} "
                f"| {evidence[1]:.0f} | {table[1]:.0f} |"
            )


def archives(folder: Path) -> None:
    """Print `inspect` beside tar."""
    for dense in (False, True):
        path = folder / "busy.tar.gz"
        archive(path, 200, dense=dense)
        inspect = [sys.executable, "-m", "ekukit", "inspect", str(path)]
        tar = ["tar", "xzf", str(path), "-C", str(folder)]
        pairs = [(timed(tar), timed(inspect)) for _ in range(ROUNDS)]
        plain, ours = (min(pair[at] for pair in pairs) for at in (0, 1))
        print(f"| inspect{', dense' if dense else ''} | tar {plain:.2f} s | {ours:.2f} s "
              f"| {ours / plain:.1f} |")  # fmt: skip


def main() -> None:
    """Measure what is asked for."""
    asked = [text for text in sys.argv[1:] if not text.startswith("-")]
    with tempfile.TemporaryDirectory() as folder:
        if "--archive" in sys.argv:
            archives(Path(folder))
        else:
            logs(asked or list(SIZES), Path(folder))


if __name__ == "__main__":
    main()
