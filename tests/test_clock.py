"""A machine's clock that stands at 1999 or 2040: told where it counts, no verdict elsewhere."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT

from ekukit import doctor
from ekukit.cli.main import main
from ekukit.facts import clock

CASE = str(ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz")
ISSUE = ("issue", "core.example.com=both", "--folder", "lab")
CHECK = ("check", "--core-client", "lab/core.example.com.pem", "--ca", "lab/trusted-cas.pem")
PAIR = ("pair", "--client", "lab/core.example.com.pem", "--server", "lab/core.example.com.pem")
# What judges by today unless a day is given.
ASKING = {
    "check": CHECK,
    "pair": PAIR,
    "check of a slot": ("check", CHECK[2], "--slot", "core-client", "--case", CASE),
    "inspect": ("inspect", CASE),
    "calendar": ("calendar", CASE),
    "estate": ("calendar", str(ROOT / "data" / "estate.csv")),
    "facts": ("facts",),
    "fleet": ("fleet", CASE),
}
HANDSHAKES = ("simulate", "C4", "--json")


def shows(monkeypatch: pytest.MonkeyPatch, year: int) -> None:
    """Set the kit's clock to a day of a year."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime(year, 3, 3, 12, tzinfo=tz)

    stands = SimpleNamespace(datetime=Clock, timedelta=dt.timedelta, time=dt.time, UTC=dt.UTC)
    monkeypatch.setattr(clock, "dt", stands)
    monkeypatch.setattr(doctor, "datetime", Clock)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, the current one, with certificates of today."""
    monkeypatch.chdir(tmp_path)
    assert main(list(ISSUE)) == 0
    return tmp_path


@pytest.mark.parametrize("name", ASKING)
def test_a_clock_before_the_kit_is_told_in_a_line(
    name: str, lab: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Instead of a verdict for 1999; nothing is written."""
    capsys.readouterr()
    shows(monkeypatch, 1999)
    assert main(list(ASKING[name])) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert "the clock of this machine stands at 03 Mar 1999 and is wrong: the sources" in told
    assert "set it, or say for which day this is asked (--at; --issued of issue)" in told
    assert [path.name for path in lab.iterdir()] == ["lab"]


@pytest.mark.parametrize("name", [name for name in ASKING if name != "fleet"])
def test_a_day_that_is_given_counts_whatever_the_clock_shows(
    name: str, lab: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same words on 1 Dec 2026 as in 1999 and 2040."""
    said = []
    for year in (None, 1999, 2040):
        if year:
            shows(monkeypatch, year)
        capsys.readouterr()
        assert main([*ASKING[name], "--at", "2026-12-01"]) == 0
        said.append(capsys.readouterr())
    assert said[0].out
    assert said == said[:1] * 3
    assert lab


def test_keys_are_not_issued_for_a_day_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Certificates of 1999 would be older than their CA; a day that is given is taken."""
    monkeypatch.chdir(tmp_path)
    shows(monkeypatch, 1999)
    assert main(list(ISSUE)) == 2
    assert "03 Mar 1999" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main([*ISSUE, "--issued", "2026-12-01"]) == 0
    assert "01 Dec 2026 - 30 Nov 2028" in capsys.readouterr().out


def test_doctor_doubts_a_clock_that_is_slow_or_far_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kit that is five years old and a clock that is five years fast look alike."""
    found = {}
    for year in (1999, 2027, 2040):
        shows(monkeypatch, year)
        found[year] = next(one for one in doctor.examine() if one.name == "Clock")
    assert found[2027].health is doctor.Health.GOOD
    assert found[1999].health is found[2040].health is doctor.Health.BAD
    assert found[1999].found.startswith("the clock of this machine stands at 03 Mar 1999 and is w")
    assert found[2040].found.endswith("so that it is fast or the kit is old")


def test_a_clock_that_is_a_little_behind_counts_as_the_newest_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That day has been; a later one counts as it is."""
    newest = clock.newest_reading()
    shows(monkeypatch, newest.year)
    assert clock.now().date() == max(newest, dt.date(newest.year, 3, 3))
    shows(monkeypatch, newest.year + 1)
    assert clock.now().date() == max(newest, dt.date(newest.year + 1, 3, 3))


def test_a_calendar_says_what_hides_a_dark_day(capsys: pytest.CaptureFixture[str]) -> None:
    """On a day on which the case's CAs have ended nothing can be told of clientAuth."""
    hidden = "Down already for another reason than clientAuth"
    assert main(["calendar", CASE, "--at", "2026-12-01"]) == 0
    assert hidden not in capsys.readouterr().out
    assert main(["calendar", CASE, "--at", "2046-01-01"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"{hidden}, even with the nodes' certificates renewed: UC traversal zone, SSH" in told


@pytest.mark.parametrize("day", ["1999-03-03 12:00:00", "2040-03-03 12:00:00"])
def test_handshakes_are_made_at_their_own_moment_whatever_the_clock_shows(day: str) -> None:
    """OpenSSL and AsyncSSH ask the C library, so it is the one that is deceived."""
    if shutil.which("faketime") is None:
        pytest.skip("faketime (libfaketime) is not installed")
    assert json.loads(_handshakes("faketime", day)) == json.loads(_handshakes())


@cache
def _handshakes(*before: str) -> str:
    command = [*before, sys.executable, "-m", "ekukit", *HANDSHAKES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout
