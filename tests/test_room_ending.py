"""A check of the room that a signal ends leaves no server, no kernel and no file behind."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import ROOT
from test_machine import EKUKIT, _wait_for_none

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are told by /proc"
)


def _children(place: Path) -> int:
    """Return how many processes know of a place: the command, its server, and its kernel."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += str(place).encode() in path.read_bytes()
        except OSError:
            continue
    return found


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("processes", [2, 3])
def test_a_signal_while_the_page_is_tried_leaves_nothing(
    processes: int, number: signal.Signals, status: int, tmp_path: Path
) -> None:
    """Sent when its server is there, and when a kernel of it is."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [*EKUKIT, "doctor", "--room"], cwd=tmp_path, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    while _children(tmp_path) < processes and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (status, "")
    assert said == ("ekukit doctor: stopped; no file is left half-written\n" * (status == 130))
    _wait_for_none(tmp_path)
    assert list(scratch.iterdir()) == []
