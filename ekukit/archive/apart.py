"""Large files at paths, read in processes of their own while the others are read here."""

import signal
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent import futures
from concurrent.futures import BrokenExecutor, Future
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ekukit.archive.compression import HEADS
from ekukit.archive.member import Member, MemberKind, member
from ekukit.archive.member_readers import READERS
from ekukit.archive.paths import InMemory
from ekukit.archive.unpacking import is_tar, is_zip
from ekukit.errors import InputError
from ekukit.frames import Rows
from ekukit.log.records import Record
from ekukit.log.snapshot import Ready, Snapshot
from ekukit.mapped import mapped
from ekukit.private_keys import struck_out

Large = tuple[Path, str, int]
Choice = Callable[[Snapshot], Iterable[Record]]
_WORTH = 8 << 20
# What reading a byte takes beside that of a log; starting a process takes as long as so many.
_EFFORT = {MemberKind.LOG: 1.0, MemberKind.CAPTURE: 0.3}
_START = 64 << 20


class Apart(AbstractContextManager["Apart"]):
    """Logs and captures that other processes read, told by name and size.

    This process reads, too: with it there are `jobs`, fewer where another one would not be done
    earlier. `choice` is what will be asked of logs, and is asked there. Each file's result is what
    reading it here gives.
    """

    def __init__(
        self, files: Iterable[tuple[Path | InMemory, str, int]], jobs: int, choice: Choice | None
    ) -> None:
        """Begin to read the files that are shared out."""
        given = list(files)
        names = Counter(name for _, name, _ in given)
        large = {
            (path, name, size): size * _EFFORT[kind]
            for path, name, size in given
            if isinstance(path, Path) and size >= _WORTH and names[name] == 1
            and (kind := member(name, b"").kind) in _EFFORT
        }  # fmt: skip
        self._pool: futures.ProcessPoolExecutor | None = None
        self._reading: dict[tuple[str, int], Future[Ready | Rows | None]] = {}
        shares = [share for share in shared_out(large, jobs)[1:] if share]
        if not shares:
            return
        import multiprocessing

        # A copy of this process could hold the locks of its threads.
        self._pool = futures.ProcessPoolExecutor(
            len(shares), multiprocessing.get_context("spawn"), _interruptible
        )
        for path, name, size in sorted(chain(*shares), key=lambda file: -large[file]):
            self._reading[name, size] = self._pool.submit(_read, path, name, choice)

    def of(self, given: Member) -> Snapshot | Rows | None:
        """Return what another process made of a file, None where it is to be read here."""
        future = self._reading.get((given.file, len(given.data)))
        if future is None:
            return None
        try:
            found = future.result()
        except BrokenExecutor:  # somebody ended a process
            return None
        return Snapshot.made(given.data, found) if isinstance(found, Ready) else found

    def __exit__(self, *_: object) -> None:
        """Read no further; a process that is at work ends with its file."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def shared_out(efforts: Mapping[Large, float], jobs: int) -> list[list[Large]]:
    """Return which file is read by which of so many processes, the first of which runs already.

    The largest first, each by whoever is done with it first.
    """
    shares: list[list[Large]] = [[] for _ in range(jobs)]
    busy = [0.0, *[float(_START)] * (jobs - 1)]
    for file, effort in sorted(efforts.items(), key=lambda one: -one[1]):
        first = busy.index(min(busy))
        shares[first].append(file)
        busy[first] += effort
    return shares


def _interruptible() -> None:
    """Let Ctrl-C end a process without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read(path: Path, name: str, choice: Choice | None) -> Ready | Rows | None:
    """Return what a file holds; None for one that is packed, hides a key or is hard to read."""
    try:
        with path.open("rb") as file:
            data = mapped(file) or file.read()
    except OSError:
        return None
    packed = any(data.startswith(head) for head, _ in HEADS)
    if packed or is_tar(data[:512]) or is_zip(data[:512]) or struck_out(data)[1]:
        return None
    given = member(name, b"")
    try:
        found = READERS[given.kind][1](replace(given, data=data))
    except InputError:
        return None
    return found.ready(choice) if isinstance(found, Snapshot) else found
