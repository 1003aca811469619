"""Files that other processes read give what they give when they are read here."""

from concurrent import futures
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from ekukit.archive import Archive, apart, open_archive
from ekukit.diagnosis.evidence.log_sieve import telling
from ekukit.log.snapshot import Snapshot

UTC = 'UTCTime="2026-03-29 06:58:01,203"'
LINE = (
    "2026-03-29T06:58:01.231+00:00 {} tvcs: "
    f'Event="Inbound TLS Negotiation Error" Src-ip="192.0.2.1" Detail="unknown CA" {UTC}\n'
)
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----END PRIVATE KEY-----\n"
LOGS = {"edge": "\n", "core": "\r\n", "a": KEY, "b": "\0\n", "c": "no record\n"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with logs of all sorts and something else, each of them worth a process."""
    monkeypatch.setattr(apart, "_WORTH", 1)
    monkeypatch.setattr(apart, "_START", -1 << 40)  # all of them go to others
    for host, end in LOGS.items():
        text = LINE.format(host) * 3 + end
        name = f"loggingsnapshot_{host}_2026-03-29_06_58_01.txt"
        (tmp_path / name).write_bytes(text.encode() if host != "c" else end.encode())
    broken = tmp_path / "eth0_diagnostic_logging_tcpdump00_edge_2026-03-29_06_58_01.pcap"
    broken.write_bytes(b"no capture")
    (tmp_path / "x.txt").write_text("x")
    return tmp_path


def assert_same(first: Archive, second: Archive) -> None:
    """Compare all that was read of two archives."""
    assert (first.unread, first.keys, first.account) == (second.unread, second.keys, second.account)
    for name in ("members", "handshakes", "configuration", "status", "certificates", "log"):
        assert_frame_equal(getattr(first, name), getattr(second, name))
    told = [[(log.file, log.host, *found) for log, found in one.logs.chosen(telling)]
            for one in (first, second)]  # fmt: skip
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("megabytes", "jobs", "expected"),
    [
        ([100, 100], 2, [[100], [100]]),
        ([60, 20], 2, [[60, 20], []]),
        ([100, 60, 50], 1, [[100, 60, 50]]),
        ([100, 90, 80, 70], 3, [[100, 70], [90], [80]]),
        ([], 2, [[], []]),
    ],
    ids=["two-large", "too-small-for-another", "one", "three", "none"],
)
def test_another_process_starts_only_where_it_is_done_earlier(
    megabytes: list[int], jobs: int, expected: list[list[int]]
) -> None:
    """The first process is this one; starting another takes as long as 64 MB of a log."""
    files = {(Path(), f"{n}", size << 20): float(size << 20) for n, size in enumerate(megabytes)}
    found = [[size >> 20 for _, _, size in share] for share in apart.shared_out(files, jobs)]
    assert found == expected


def test_two_processes_read_what_one_reads(folder: Path) -> None:
    """The order of the processes changes nothing, and what is asked of logs is the same."""
    assert_same(open_archive(folder), open_archive(folder, jobs=2, choice=telling))


def test_what_was_asked_there_is_not_asked_again(folder: Path) -> None:
    """Another process asks the choice of a log, and its answer is taken."""
    found = open_archive(folder, jobs=2, choice=telling)
    (one,) = [log for log in found.logs.files if log.host == "edge"]
    again = Snapshot.made(one.snapshot.data, one.snapshot._ready)  # type: ignore[arg-type]
    assert again.chosen(telling) is one.snapshot.chosen(telling)
    assert [record.line for record in again.chosen(telling)] == [1, 2, 3]


def test_files_of_a_process_that_was_ended_are_read_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost where a process that reads is killed."""
    ended: Future[None] = Future()
    ended.set_exception(BrokenProcessPool())

    class Pool:
        def __init__(self, *_: object) -> None: ...

        def submit(self, *_: object) -> Future[None]:
            return ended

        def shutdown(self, **_: object) -> None: ...

    expected = open_archive(folder)
    monkeypatch.setattr(futures, "ProcessPoolExecutor", Pool)
    assert_same(expected, open_archive(folder, jobs=2))
