"""Fleets for the tests: a case that eats memory, and what a run did while it went."""

import io
import os
import signal
import tarfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil


def hungry(path: Path, size: int) -> None:
    """Write an archive whose log is so many bytes when it is unpacked."""
    lines = b"".join(
        b"2026-06-15T09:41:%02d.%03d+00:00 core tvcs: %s\n"
        % (n % 60, n % 1000, os.urandom(4).hex().encode())
        for n in range(2000)
    )
    with tarfile.open(path, "w:gz", compresslevel=1) as made:
        entry = tarfile.TarInfo("loggingsnapshot_core_2026-06-15_09_41_07.txt")
        entry.size = len(lines) * (size // len(lines))
        made.addfile(entry, _Repeated(lines, entry.size))


class _Repeated(io.RawIOBase):
    """A block again and again, never whole in memory."""

    def __init__(self, block: bytes, size: int) -> None:
        self._block, self._left, self._rest = block, size, b""

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._left)
        while len(self._rest) < size:
            self._rest += self._block
        given, self._rest = self._rest[:size], self._rest[size:]
        self._left -= size
        return given


def workers() -> list[psutil.Process]:
    """Return the worker processes of this process."""
    return [one for one in psutil.Process().children(recursive=True)
            if "spawn_main" in command_of(one)]  # fmt: skip


def command_of(process: psutil.Process) -> str:
    """Return what a process was started with; "" where it has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def killer(after: int) -> Callable[[int, int], None]:
    """Return what kills one worker by its id, once, when so many cases are done."""
    killed: list[int] = []

    def told(count: int, _of: int) -> None:
        if count >= after and not killed:
            killed.append(workers()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    return told


def listening() -> set[str]:
    """Return the addresses on which this process and its workers listen."""
    found = set()
    for process in (psutil.Process(), *workers()):
        with suppress(psutil.Error):  # it has ended meanwhile
            found |= {one.laddr.ip for one in process.net_connections("inet")
                      if one.status == psutil.CONN_LISTEN}  # fmt: skip
    return found
