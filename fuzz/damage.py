"""Random damage of the sample archives, judged from end to end. Usage: damage.py [N] [processes].

Each run flips, cuts, swaps or grows bytes of a sample: of its .tar.gz, or of the tar, a zip or one
member in it. A run fails when anything but InputError is raised, when it takes more than 5 seconds
of the processor, when the reading account does not add up, when a library's complaint reaches the
log, when flips that gzip stands give fewer files than `gzip -dc | tar`, and when a member that is
told to be unreadable as a whole takes findings with it that do not rest on it.
"""

import io
import logging
import random
import shutil
import subprocess
import sys
import tarfile
import time
import warnings
import zipfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

from ekukit.archive import InMemory, open_archive
from ekukit.archive.container import Container
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.investigation import investigate
from ekukit.errors import InputError

CASES = Path(__file__).resolve().parents[1] / "data" / "cases"
MOST_SECONDS = 5.0
LAYERS = ("tar.gz", "tar", "zip", "member")
# What these say is the damage itself.
_OF_DAMAGE = ("archive.unread", "certificate.unreadable", "certificate.not-in-archive")
Files = dict[str, bytes]


def damaged(chance: random.Random, data: bytes) -> tuple[str, bytes]:
    """Return the kind of damage, and the bytes with it."""
    kind = chance.choice(("flip", "flip", "cut", "swap", "growth"))
    found = bytearray(data)
    place, size = chance.randrange(len(data)), chance.choice((1, 16, 512, 5000))
    if kind == "flip":
        for _ in range(chance.choice((1, 1, 2, 8, 64))):
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        end = chance.choice((len(found), place + size))
        del found[place:end]
    elif kind == "swap":
        other = chance.randrange(len(data))
        one, two = data[place : place + size], data[other : other + size]
        found[place : place + size], found[other : other + size] = two, one
    else:
        more = chance.choice((chance.randbytes(size), bytes(size), data[:size]))
        at = chance.choice((0, place, len(found)))
        found[at:at] = more
    return kind, bytes(found)


@cache
def members(path: Path) -> Files:
    """Return the files of a sample by name."""
    with tarfile.open(path) as archive:
        return {entry.name: archive.extractfile(entry).read()  # type: ignore[union-attr]
                for entry in archive if entry.isfile()}  # fmt: skip


def packed(files: Files, layer: str) -> bytes:
    """Return files as a tar or a zip."""
    out = io.BytesIO()
    if layer == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def judged(data: bytes) -> Case:
    """Return the case of an archive's bytes."""
    return investigate(open_archive(InMemory("a", data)))


def codes(case: Case) -> frozenset[str]:
    """Return the codes of a case's findings, those that tell of damage left out."""
    return frozenset(one.code for one in case.findings if one.code not in _OF_DAMAGE)


@cache
def without(path: Path, name: str) -> frozenset[str]:
    """Return the codes of a sample that never had a file."""
    rest = {other: data for other, data in members(path).items() if other != name}
    return codes(judged(packed(rest, "tar")))


class _Complaints(logging.Handler):
    """Keeps what libraries complain of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def run(seed: int, only: str = "") -> tuple[str, str, str, float]:
    """Do one damage; return layer, kind, what is wrong ("" for nothing), and seconds."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    path = chance.choice(sorted(CASES.glob("*.tar.gz")))
    layer = only or chance.choice(LAYERS)
    name = chance.choice(sorted(members(path)))
    if layer == "member":
        kind, changed = damaged(chance, members(path)[name])
        data = packed({**members(path), name: changed}, "tar")
    else:
        source = path.read_bytes() if layer == "tar.gz" else packed(members(path), layer)
        kind, data = damaged(chance, source)
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    start = time.process_time()
    try:
        case: Case | None = judged(data)
    except InputError:
        case = None
    except Exception as error:  # noqa: BLE001 - to be reported with its seed
        return layer, kind, f"raised {type(error).__name__}: {error}", 0.0
    finally:
        logging.getLogger().removeHandler(complaints)
    seconds = time.process_time() - start
    wrong = f"a library complains: {complaints.told[0]}" if complaints.told else ""
    if seconds > MOST_SECONDS:
        wrong = f"took {seconds:.1f} s"
    elif case is not None:
        wrong = wrong or _wrong(case, path, layer, name)
    if not wrong and layer == "tar.gz" and kind == "flip":
        wrong = _fewer_than_gzip(data)
    return layer, kind, wrong, seconds


def _wrong(case: Case, path: Path, layer: str, name: str) -> str:
    account = case.archive.account
    if not account.adds_up:
        return "the account does not add up"
    lost = [part for part in account.parts if part.members and part.matters]
    if layer == "member" and [part.file for part in lost] == [f"a: {name}"]:
        missing = without(path, name) - codes(case)
        if missing:
            return f"{name} is unreadable, and these findings went with it: {sorted(missing)}"
    return ""


def _fewer_than_gzip(data: bytes) -> str:
    """Compare with the tools of the trade; where gzip gives nothing, nothing is asked."""
    if not (shutil.which("gzip") and shutil.which("tar")):
        return ""
    out = subprocess.run(["gzip", "-dc"], input=data, capture_output=True, check=False)
    listed = subprocess.run(["tar", "-tf", "-"], input=out.stdout, capture_output=True, check=False)
    given = len(listed.stdout.splitlines())
    container = Container([InMemory("a", data)])
    for _ in container:
        pass
    found = container.ledger.given_members
    return f"gzip and tar give {given} files, the kit {found}" if found < given else ""


def _most_memory() -> str:
    """Return the most that a process of the pool held at once, of all that it did."""
    try:
        import resource
    except ImportError:  # on Windows
        return "memory unknown"
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return f"{held / (1 << 20 if sys.platform == 'darwin' else 1 << 10):.0f} MB"


def main(count: int, processes: int) -> int:
    """Do so many damages and print figures; return 1 when a run failed."""
    warnings.simplefilter("ignore")  # as the command line does
    start, seed = time.monotonic(), 20_261_128
    totals: Counter[str] = Counter()
    failed: list[str] = []
    longest = 0.0
    with ProcessPoolExecutor(processes) as pool:
        found = pool.map(partial(run), range(seed, seed + count), chunksize=20)
        for number, (layer, kind, wrong, seconds) in enumerate(found, seed):
            totals[f"{layer} {kind}"] += 1
            longest = max(longest, seconds)
            if sum(totals.values()) % 250 == 0:
                print(f"{sum(totals.values())} done, {len(failed)} failed", flush=True)
            if wrong:
                failed.append(f"seed {number} ({layer}, {kind}): {wrong}")
                print(failed[-1], flush=True)
    for name, number in sorted(totals.items()):
        print(f"{number:6} {name}")
    print(f"{count} damages in {time.monotonic() - start:.0f} s, {len(failed)} failed; "
          f"the longest took {longest:.1f} s, {_most_memory()} at most in a process")  # fmt: skip
    return bool(failed)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(given[0] if given else 1000, given[1] if len(given) > 1 else 2))
