"""Faults of the machine: a sentence and a status, nothing half-written, nothing left running."""

import ctypes
import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FrameType

import pytest
from conftest import ROOT
from OpenSSL import SSL

from ekukit.certificates import make_credential, utc
from ekukit.certificates.authority import internal_authority
from ekukit.cli.ending import ended_well
from ekukit.cli.main import main
from ekukit.errors import InputError
from ekukit.whole_files import sole_writer, write_file, write_new

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")
EKUKIT = [sys.executable, "-m", "ekukit"]
CASE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"
SIMULATE = ("simulate", "C2", "--engine", "rules")
JSON = (*SIMULATE, "--json")
# Every way to write: what is run, and the files that it would leave.
WRITERS = {
    "capture": (("simulate", "C1", "--capture", "out.pcapng"), {"out.pcapng"}),
    "report": (("inspect", str(CASE), "--report", "r.html", "--map", "m.json"),
               {"r.html", "m.json"}),
    "calendar": (("calendar", "C1", "--csv", "dark.csv"), {"dark.csv"}),
    "request": (("request", "core-client", "--case", "C2", "--folder", "order"), {"order"}),
    "issue": (("issue", "core.example.com=both", "--folder", "new/lab"), {"new"}),
    "partner": (("handout", "partner", "--case", "C4", "--folder", "new/out"), {"new"}),
    "bundle": (("bundle", "stick", "--platform", "linux", "--python", "3.11"), {"stick"}),
}  # fmt: skip


def run(
    *words: str,
    cwd: Path,
    before: Callable[[], object] | None = None,
    **settings: str | None,
) -> subprocess.CompletedProcess[str]:
    """Run the command line with settings of the environment, None for those that are taken away."""
    found = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | settings
    surroundings = {name: value for name, value in found.items() if value is not None}
    return subprocess.run(
        [*EKUKIT, *words], cwd=cwd, env=surroundings, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, preexec_fn=before, errors="replace",
    )  # fmt: skip


def limited(what: int, most: int) -> Callable[[], object]:
    """Return what sets a limit in a process that starts."""
    return lambda: resource.setrlimit(what, (most, most))


def told(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of a command that could not go on."""
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("ending", "status", "words"),
    [
        (">&-", 2, "standard output is closed"),
        (">&- 2>&- <&-", 2, ""),
        ("<&-", 0, ""),
        ("2>&-", 0, ""),
        (">/dev/full", 2, "No space left on device; make room"),
        ("2>/dev/full", 0, ""),
        ("| true", 141, ""),
    ],
)
def test_closed_full_and_left_streams_are_answered(
    ending: str, status: int, words: str, tmp_path: Path
) -> None:
    """One line where there is a place for it, never a traceback; a reader that left is no error."""
    command = " ".join(map(shlex.quote, [*EKUKIT, "inspect", str(CASE)]))
    shell = ["bash", "-c", f"set -o pipefail; {command} {ending}"]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        shell, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (status, bool(words))
    assert words in done.stderr


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "bundle"])
def test_a_full_disk_leaves_nothing_half_written(name: str, tmp_path: Path) -> None:
    """The limit on file sizes stands for the disk: it ends a file after 400 bytes."""
    words, files = WRITERS[name]
    done = run(*words, cwd=tmp_path, before=limited(resource.RLIMIT_FSIZE, 400))
    assert re.search(r"cannot be written \(.+\); raise the limit", told(done))
    assert sorted(path.name for path in tmp_path.iterdir()) == []
    assert files


def test_a_disk_that_is_really_full_is_told_and_keeps_the_old_file(tmp_path: Path) -> None:
    """A disk in memory of 64 kB, which only root can mount."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:  # noqa: PLW1510
        pytest.skip("no disk in memory can be mounted here: root alone can")
    try:
        (place / "out.pcapng").write_bytes(b"old")
        (place / "rest").write_bytes(bytes(50_000))
        done = run("simulate", "C1", "--capture", "out.pcapng", cwd=place)
        assert "No space left on device); make room on that disk" in told(done)
        assert (place / "out.pcapng").read_bytes() == b"old"
        assert sorted(path.name for path in place.iterdir()) == ["out.pcapng", "rest"]
    finally:
        subprocess.run(["umount", str(place)], check=True)


def without_rights() -> None:
    """Take from root what lets it write everywhere."""
    if os.geteuid() == 0:
        for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; 24 is PR_CAPBSET_DROP
            assert ctypes.CDLL(None).prctl(24, right, 0, 0, 0) == 0


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "prctl"), reason="no prctl here")
@pytest.mark.parametrize("name", WRITERS)
def test_a_read_only_home_and_folder_are_told(name: str, tmp_path: Path) -> None:
    """The line names the file and what would do."""
    words, _files = WRITERS[name]
    tmp_path.chmod(0o555)
    home = str(tmp_path)
    done = run(*words, cwd=tmp_path, before=without_rights, HOME=home, MPLCONFIGDIR=None)
    tmp_path.chmod(0o755)
    line = told(done)
    assert "(Permission denied); choose another folder, one that you may write to" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "settings",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kolkata"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "cp1252", "TZ": "Pacific/Kiritimati"},
        {"HOME": None, "TZ": "No/Where"},
        {"HOME": "/nowhere", "TERM": None, "PATH": "/nowhere"},
    ],
    ids=str,
)
def test_locale_time_zone_and_home_change_nothing(
    settings: dict[str, str | None], tmp_path: Path
) -> None:
    """The same JSON; in words, signs that the output does not have are written otherwise."""
    done = run(*JSON, cwd=tmp_path, **settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(_usual(*JSON))
    words = run(*SIMULATE, cwd=tmp_path, COLUMNS="0", **settings)
    assert (words.returncode, words.stderr) == (0, "")
    assert re.search(r"[✗x] +Failed|[✗x] Failed", words.stdout)


@pytest.mark.parametrize(
    "settings",
    [
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns", "PYTHONHASHSEED": "7"},
    ],
    ids=lambda settings: settings["TZ"],
)
def test_days_of_a_case_are_the_same_in_every_zone_and_locale(settings: dict[str, str]) -> None:
    """Half a day ahead and behind, where i has no dot and a number has a comma."""
    words = ("calendar", str(CASE), "--at", "2026-12-01")
    done = run(*words, cwd=ROOT, **settings)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", _usual(*words))


_HEAD = "openssl_conf = c\n[c]\n"
POLICIES = {
    "no small keys, no old versions": f"{_HEAD}ssl_conf = s\n[s]\nsystem_default = d\n[d]\n"
    "CipherString = DEFAULT:@SECLEVEL=3\nMinProtocol = TLSv1.3\n",
    "FIPS providers alone": f"{_HEAD}providers = p\nalg_section = a\n[a]\n"
    "default_properties = fips=yes\n[p]\nbase = b\n[b]\nactivate = 1\n",
    "a FIPS module that is not there": f"{_HEAD}config_diagnostics = 1\nproviders = p\n"
    "alg_section = a\n[a]\ndefault_properties = fips=yes\n[p]\nfips = f\nbase = b\n[f]\n"
    "module = /nowhere/fips.so\nactivate = 1\n[b]\nactivate = 1\n",
    "no SHA-1": f"{_HEAD}ssl_conf = s\nalg_section = a\n[a]\nrh-allow-sha1-signatures = no\n"
    "[s]\nsystem_default = d\n[d]\nMinProtocol = TLSv1.2\nSignatureAlgorithms = ECDSA+SHA512\n",
    "a file that is broken": f"{_HEAD}ssl_conf = nowhere\n",
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_for_openssl_changes_no_verdict(policy: str, tmp_path: Path) -> None:
    """Real certificates are judged, and handshakes made with stand-ins, as without it."""
    (tmp_path / "policy.cnf").write_text(POLICIES[policy], "utf-8")
    given = str(tmp_path / "policy.cnf")
    done = run("inspect", str(CASE), cwd=tmp_path, OPENSSL_CONF=given)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", _usual("inspect", str(CASE)))


def test_a_policy_that_forbids_the_workers_tls_is_told(tmp_path: Path) -> None:
    """Python's own ssl module keeps to it, since a fleet may lie on other machines."""
    pytest.importorskip("distributed", reason="the extra fleet is not installed")
    (tmp_path / "policy.cnf").write_text(POLICIES["FIPS providers alone"], "utf-8")
    given = str(tmp_path / "policy.cnf")
    done = run("fleet", str(CASE), "--workers", "1", cwd=tmp_path, OPENSSL_CONF=given)
    line = told(done)
    assert line.startswith("ekukit fleet: the workers do not start (Cluster failed to start: [SSL")
    assert line.endswith(f"policy for OpenSSL, {given}: OPENSSL_CONF=/dev/null ekukit fleet …")
    assert {path.name for path in tmp_path.iterdir()} == {"policy.cnf", "fleet.done.jsonl"}


@cache
def _usual(*words: str) -> str:
    return run(*words, cwd=ROOT).stdout


def test_every_room_that_uses_openssl_loads_it_without_a_policy() -> None:
    """A module's room is loaded before the module."""
    users = {
        path.relative_to(ROOT / "ekukit").parts[0]
        for path in (ROOT / "ekukit").rglob("*.py")
        if re.search(r"^\s*(?:from|import) (?:cryptography|OpenSSL|asyncssh)\b",
                     path.read_text("utf-8"), re.MULTILINE)
    }  # fmt: skip
    users -= {"openssl_policy.py"}
    first = "from ekukit.openssl_policy import"
    texts = {room: (ROOT / "ekukit" / room / "__init__.py").read_text("utf-8") for room in users}
    assert len(users) > 8
    assert [room for room, text in texts.items() if first not in text.split("\n\n", 2)[1]] == []


@pytest.mark.parametrize(
    "name",
    ["with blanks in it", "Prüfung für 東京 ✓", "x" * 240, '\'; echo "$HOME" #'],
    ids=["blanks", "non-ascii", "long", "quotes"],
)
def test_any_path_is_read_and_written(name: str, tmp_path: Path) -> None:
    """An archive in it, and a report beside it."""
    place = tmp_path / name
    place.mkdir()
    shutil.copy(CASE, place / f"{name}.tar.gz")
    done = run("inspect", f"{name}.tar.gz", "--report", f"{name}.md", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    assert (place / f"{name}.md").stat().st_size > 1000


def test_a_name_that_no_disk_takes_is_told(tmp_path: Path) -> None:
    """Of 300 characters."""
    line = told(run(*SIMULATE[:2], "--capture", "y" * 300, cwd=tmp_path))
    assert "choose a shorter name" in line


def test_two_shells_that_write_one_file_leave_a_whole_one(tmp_path: Path) -> None:
    """One of the two has the last word; nothing else is left."""
    command = [*EKUKIT, "simulate", "C1", "--capture", "out.pcapng"]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen(command, cwd=tmp_path, env=surroundings, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait() for process in both] == [0, 0]
    (only,) = tmp_path.iterdir()
    data = only.read_bytes()
    assert (only.name, data[:4]) == ("out.pcapng", b"\x0a\x0d\x0d\x0a")
    place = 0  # every block of a pcapng says its own length at both ends
    while place < len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        assert data[place + size - 4 : place + size] == data[place + 4 : place + 8]
        place += size


def test_two_fleets_that_write_one_table_are_not_mixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is refused while the first runs; what the first has done stays."""
    pytest.importorskip("distributed", reason="the extra fleet is not installed")
    monkeypatch.chdir(tmp_path)
    done = tmp_path / "fleet.done.jsonl"
    done.write_text('{"key": "half', "utf-8")
    with sole_writer(done):
        assert main(["fleet", str(CASE)]) == 2
    told = capsys.readouterr().err
    assert "fleet.done.jsonl: another run writes it just now; let it end, or choose anothe" in told
    assert done.read_text("utf-8") == '{"key": "half'
    assert [path.name for path in tmp_path.iterdir()] == ["fleet.done.jsonl"]


def test_two_kernels_at_once_lose_no_progress(tmp_path: Path) -> None:
    """Each counts questions of its own, 40 at once."""
    code = (
        "import sys; from ekukit.course.progress import Progress; p = Progress(); p.keep()\n"
        "for n in range(40): p.record(f'{sys.argv[1]}.{n}', solved=True)"
    )
    kept = tmp_path / "progress.json"
    surroundings = os.environ | {"PYTHONPATH": str(ROOT), "EKUKIT_PROGRESS": str(kept)}
    both = [subprocess.Popen([sys.executable, "-c", code, name], env=surroundings) for name in "ab"]
    assert [process.wait() for process in both] == [0, 0]
    rows = json.loads(kept.read_text("utf-8"))["questions"]
    assert sorted(rows) == sorted(f"{name}.{n}" for name in "ab" for n in range(40))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["progress.json"]


@pytest.mark.parametrize("words", [("simulate", "C1"), ("inspect", str(CASE))], ids=lambda w: w[0])
def test_512_megabytes_are_enough(words: tuple[str, ...], tmp_path: Path) -> None:
    """Address space, of which libraries reserve more than they use."""
    done = run(*words, cwd=tmp_path, before=limited(resource.RLIMIT_AS, 512 << 20))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "error",
    [MemoryError(), ImportError("libz.so: failed to map segment from shared object")],
    ids=lambda error: type(error).__name__,
)
def test_too_little_memory_is_told(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether Python lacks it or a library that cannot be loaded."""
    statuses: list[int] = []
    with ended_well("diff", statuses):
        raise ImportError from error
    assert statuses == [2]
    assert "not enough memory; end other programs" in capsys.readouterr().err


@pytest.mark.parametrize("error", [ImportError("no module"), FileNotFoundError(2, "none", "a")])
def test_an_error_of_the_kit_is_not_hidden(error: Exception) -> None:
    """It passes, with its traceback."""
    with pytest.raises(type(error)), ended_well("diff", []):
        raise error


ENDED = {
    "issue": ("issue", "core.example.com=both", "edge.example.com", "--folder", "new/lab"),
    "partner": ("handout", "partner", "--case", "C4", "--folder", "new/out"),
    "diff": ("diff", "C1", "C2", "--json"),
    "check": ("check", "lab/core.pem", "--slot", "core-client", "--case", "C2"),
    "facts": ("facts", "--older-than", "-1", "--json"),
    "doctor": ("doctor",),
}


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, in which we are, beside one with a certificate."""
    main(["issue", "core.example.com=both", "--folder", str(tmp_path / "made")])
    place = tmp_path / "place"
    (place / "lab").mkdir(parents=True)
    shutil.copy(tmp_path / "made" / "core.example.com.pem", place / "lab" / "core.pem")
    monkeypatch.chdir(place)
    return place


READY = "make_ready"


class Moment:
    """Sends a signal to this process at so many hundredths of a command's way, told by its calls.

    The way begins when the streams are ready, or where files are written, and ends with the last
    word; the first time no signal is sent and the calls are counted.
    """

    def __init__(self, begins: str) -> None:
        """Count first, from a function on."""
        self._begins = begins
        self.calls = self.count = 0
        self._at, self._number, self._under_way = 0, signal.SIGTERM, False
        self.is_sent = False

    def run(self, words: tuple[str, ...], hundredths: int = 0, number: int = 0) -> object:
        """Run a command and return its status."""
        self._at, self.count = self.calls * hundredths // 100, 0
        self._number, self._under_way = signal.Signals(number or signal.SIGTERM), False
        self.is_sent = False
        sys.setprofile(self._look)
        try:
            return main(words)
        except SystemExit as ended:
            return ended.code
        finally:
            sys.setprofile(None)
            self.calls = self.calls or self.count

    def _look(self, frame: FrameType, event: str, _given: object) -> None:
        name = frame.f_code.co_qualname
        if name == self._begins and event == ("return" if name == READY else "call"):
            self._under_way = True
        elif name == "_Signals.__exit__":
            self._under_way = False
        elif event == "call" and self._under_way:
            self.count += 1
            if self.count == self._at:
                sys.setprofile(None)
                self.is_sent = True
                signal.raise_signal(self._number)


@pytest.mark.parametrize(
    ("name", "begins"),
    [*((name, READY) for name in ENDED), ("issue", "write_new"), ("partner", "write_together")],
)
def test_a_signal_at_any_moment_leaves_all_files_or_none(
    name: str, begins: str, lab: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Early, in the middle, while it writes: the shell's status, a sentence for Ctrl-C, no more."""

    def left() -> set[str]:
        return {path.relative_to(lab).as_posix() for path in lab.rglob("*")}

    before, moment = left(), Moment(begins)
    for _ in range(2):  # what is loaded and kept the first time is not again
        moment.calls = 0
        assert moment.run(ENDED[name]) == 0
        whole = left()
        shutil.rmtree(lab / "new", ignore_errors=True)
    capsys.readouterr()
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        for hundredths in (1, 10, 30, 50, 70, 80, 90, 95, 98, 99, 100):
            found = moment.run(ENDED[name], hundredths, number)
            said = capsys.readouterr().err
            # A run may make a few calls fewer than the one that was counted.
            assert moment.is_sent or hundredths > 95, (number, hundredths)
            assert found == (status if moment.is_sent else 0), (number, hundredths)
            assert said in (
                "", f"ekukit {ENDED[name][0]}: stopped; no file is left half-written\n",
                f"ekukit {ENDED[name][0]}: stopped; take no verdict from what stands above\n",
            )  # fmt: skip
            assert left() in (before, whole), (number, hundredths)
            shutil.rmtree(lab / "new", ignore_errors=True)


@pytest.mark.parametrize("name", ENDED)
def test_a_full_and_a_left_output_of_other_commands_are_answered(name: str, lab: Path) -> None:
    """One line for a full disk, none for a reader that left; input may be closed."""
    command = " ".join(map(shlex.quote, [*EKUKIT, *ENDED[name]]))
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    for ending, status, words in (
        ("<&- >/dev/full", 2, "No space left on device; make room"),
        ("<&- 2>&- | true", 141, ""),
    ):
        shutil.rmtree(lab / "new", ignore_errors=True)
        shell = ["bash", "-c", f"set -o pipefail; {command} {ending}"]
        done = subprocess.run(shell, env=surroundings, capture_output=True, text=True, check=False)
        assert (done.returncode, len(done.stderr.splitlines())) == (status, bool(words))
        assert words in done.stderr


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_command_and_leaves_nothing(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    """Sent when the first file of its work is there, which goes, too."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    surroundings = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)}
    process = subprocess.Popen(
        [*EKUKIT, "prove"], cwd=tmp_path, env=surroundings, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    # A folder may go while it is walked through, which os.walk takes for an empty one.
    while not any(files for _at, _folders, files in os.walk(scratch)) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (status, "")
    assert said == ("ekukit prove: stopped; no file is left half-written\n" * (status == 130))
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (signal.SIGTERM, 143, ""),
        (signal.SIGINT, 130, "ekukit fleet: stopped; no case is done; the same command goes on"),
    ],
)
def test_a_signal_while_workers_start_leaves_none_and_no_folder(
    number: signal.Signals, status: int, words: str, tmp_path: Path
) -> None:
    """Sent as a terminal does, to the workers as well; what is done is kept."""
    pytest.importorskip("distributed", reason="the extra fleet is not installed")
    process = subprocess.Popen(
        [*EKUKIT, "fleet", str(CASE), "--workers", "2"], cwd=tmp_path, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "RUN_OF": str(tmp_path)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    while not list(tmp_path.glob(".fleet-workers-*/*")) and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, number)
    out, said = process.communicate(timeout=120)
    assert (process.returncode, out, len(said.splitlines())) == (status, "", bool(words))
    assert said.startswith(words)
    assert [path.name for path in tmp_path.iterdir()] == ["fleet.done.jsonl"]
    _wait_for_none(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_jupyterlab_ends_with_the_command(number: signal.Signals, tmp_path: Path) -> None:
    """The command has become JupyterLab, so that no signal can leave one behind."""
    surroundings = os.environ | {"PYTHONPATH": str(ROOT), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    process = subprocess.Popen(
        [*EKUKIT, "lab", "--no-browser", "--port", "0"], env=surroundings,
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    said = next(line for line in process.stderr if "http://127.0.0.1" in line)
    try:
        _answers(int(re.findall(r"127\.0\.0\.1:(\d+)", said)[0]))
        process.send_signal(number)
        process.communicate(timeout=60)
    finally:
        process.kill()
    _wait_for_none(tmp_path)


def _wait_for_none(place: Path) -> None:
    """Wait until no process knows of a place any more; fail where some stay."""
    assert any(_left(place) == [] or time.sleep(0.5) for _ in range(40)), _left(place)


def _left(place: Path) -> list[bytes]:
    """Return the environments of processes that know of a place; one that ends is gone soon."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            found += [text for text in [path.read_bytes()] if str(place).encode() in text]
    return found


def _answers(port: int) -> None:
    """Wait until the server is up: JupyterLab itself stumbles over a signal before."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as wire:
            wire.sendall(b"GET /api HTTP/1.0\r\n\r\n")
            if wire.recv(9):
                return
        time.sleep(0.1)


def test_a_signal_that_a_callback_swallows_comes_again() -> None:
    """Else a handshake that it broke would count as refused, and the command would go on."""
    statuses: list[int] = []
    with ended_well("plan", statuses):
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        time.sleep(5)
    assert statuses == [130]


def test_an_exception_that_a_callback_or_a_destructor_loses_is_not_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A traceback of it is no news: it comes again."""

    class Ended:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    def judged(*_: object) -> bool:
        signal.raise_signal(signal.SIGTERM)
        return True

    def lose_and_wait(lose: Callable[[], object]) -> None:
        with ended_well("plan", []):
            lose()
            time.sleep(5)

    for lose in ([Ended()].clear, lambda: _shaken(judged)):
        with pytest.raises(SystemExit) as ended:
            lose_and_wait(lose)
        assert ended.value.code == 143
    assert capfd.readouterr().err == ""


def _shaken(judged: Callable[..., bool]) -> None:
    """Make a handshake in which a callback judges the certificate."""
    issued = internal_authority().issue("a.example.com", eku="both", issued=utc("2026-06-15"))
    credential = make_credential(issued)
    ends = []
    for role in ("client", "server"):
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER, judged)
        if role == "server":
            context.use_certificate(credential.leaf)
            context.use_privatekey(credential.key)
        ends.append(SSL.Connection(context))
        (ends[-1].set_connect_state if role == "client" else ends[-1].set_accept_state)()
    for _ in range(4):
        for one, other in (ends, ends[::-1]):
            with suppress(SSL.Error):
                one.do_handshake()
            with suppress(SSL.Error):
                other.bio_write(one.bio_read(1 << 16))


def test_a_file_is_replaced_whole_with_its_mode_and_a_link_with_it(tmp_path: Path) -> None:
    """What the link led to stays as it was."""
    old, link = tmp_path / "old", tmp_path / "link"
    old.write_bytes(b"old")
    old.chmod(0o640)
    link.symlink_to(old)
    write_file(link, b"new")
    assert (link.is_symlink(), link.read_bytes(), old.read_bytes()) == (False, b"new", b"old")
    write_file(old, b"newer")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    write_file(old, b"newest", private=True)
    assert stat.S_IMODE(old.stat().st_mode) == 0o600


def test_new_files_come_all_or_none(tmp_path: Path) -> None:
    """One that is there already stays, and nothing comes beside it."""
    (tmp_path / "b").write_bytes(b"old")
    with pytest.raises(InputError, match="b exists already and stays as it is"):
        write_new(tmp_path, {"a": b"1", "b": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    with pytest.raises(InputError, match="no/c: cannot be written"):
        write_new(tmp_path / "new", {"a": b"1", "no/c": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
