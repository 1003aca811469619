"""Feeds every reader with input that is led by coverage, and counts runs and findings.

Usage: python fuzz/coverage.py [READER…] --minutes 10 | --seconds 60 [--page docs/proof.md]. The
time is shared by the readers, each in a process of its own. Needs atheris, which there is for Linux
alone and which no user of the kit needs (`uv sync --group fuzz`). Inputs begin with the
samples of each target and are thrown away afterwards; what raised is kept as fuzz/crash-READER-…,
and belongs into a test. Ends with 1 when something raised.
"""

import argparse
import importlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzzing import MOST, tried

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE.parent / "tools"), str(_HERE.parent)]
from proof_section import Section  # noqa: E402

READERS = {
    "log": "lines and records of a log",
    "dump": "dumps of settings and status, the pasted tunnel page",
    "certificates": "PEM and DER",
    "capture": "pcap and pcapng, tunnels, TLS",
    "container": "tar, zip and gzip, one in another",
    "tool_output": "what openssl, curl, nmap and keytool print",
}
SECTION = Section(
    "Fuzzing",
    "Added up by `python fuzz/coverage.py --minutes 10 --page docs/proof.md`: inputs led by "
    "coverage. A finding is an input for which a reader raises anything but its own error, or "
    "breaks what its target in `fuzz/` asserts.",
    ("reader", "what it reads", "minutes", "inputs", "findings"),
)
_MISSING = 3


def fuzzed(reader: str, seconds: int) -> tuple[int, int]:
    """Return how many inputs a reader got in so many seconds, and how many raised."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, reader, "--inside", folder, "--seconds", str(seconds)],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, check=False,
            errors="replace",
        )  # fmt: skip
    if done.returncode == _MISSING:
        sys.exit("atheris is missing, which is for Linux alone: python -m pip install atheris")
    counted = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    shown = re.findall(r"^#(\d+)", done.stderr, re.MULTILINE)
    if done.returncode:
        sys.stderr.write(done.stderr[-4000:])
    return int(counted[1] if counted else shown[-1] if shown else 0), int(done.returncode != 0)


def inside(reader: str, folder: Path, seconds: int) -> None:
    """Fuzz one reader in this process, with the kit's modules watched; does not come back."""
    try:
        import atheris
    except ImportError:
        sys.exit(_MISSING)
    with atheris.instrument_imports(include=["ekukit"]):
        target = importlib.import_module(reader)
    for number, sample in enumerate(target.SAMPLES):
        (folder / f"sample{number}").write_bytes(sample)
    command = [
        sys.argv[0], str(folder), f"-max_total_time={seconds}", f"-max_len={MOST}", "-timeout=20",
        "-rss_limit_mb=2000", "-print_final_stats=1", f"-artifact_prefix={_HERE}/crash-{reader}-",
    ]  # fmt: skip
    atheris.Setup(command, lambda data: tried(target.target, data))
    atheris.Fuzz()


def main() -> int:
    """Fuzz readers one after the other; return 1 when something raised."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("reader", nargs="*", default=list(READERS), help="all without")
    parser.add_argument("--minutes", type=float, default=0.0, help="for all of them together")
    parser.add_argument("--seconds", type=float, default=60.0, help="the same in seconds")
    parser.add_argument("--page", type=Path, help="where figures are added up")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    seconds = options.minutes * 60 or options.seconds
    if options.inside:
        inside(options.reader[0], options.inside, int(seconds))
    each = max(1, int(seconds / len(options.reader)))
    raised = 0
    for reader in options.reader:
        inputs, found = fuzzed(reader, each)
        raised += found
        print(f"{reader}: {inputs:,} inputs in {each} s, {found} raised", flush=True)
        if options.page:
            old = SECTION.rows(options.page).get(reader, ("", "0", "0", "0"))
            added = (float(old[1]) + each / 60, int(old[2].replace(",", "")) + inputs,
                     int(old[3]) + found)  # fmt: skip
            row = (READERS[reader], f"{added[0]:.1f}", f"{added[1]:,}", str(added[2]))
            SECTION.put(options.page, {reader: row}, list(READERS))
    return 1 if raised else 0


if __name__ == "__main__":
    sys.exit(main())
