"""Files that hold one thing over and over cost no more time than others of their size."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

# What patterns look for a run of, or begin with.
RUNS = (
    " ", "\t", "\n", "\u00a0", "-", ">", '"', "'", "<", "=", "|", ".", ":", "1", "a", "*", "\\",
    "(", "<br ", "\x1b[", "&quot;", "MI", "tvcs ", "ssh: ", "Event=", "ldap", "https://",
    "Name:", "-----BEGIN ", "2026-06-15T09:41:20 ", "Active  ", "error 1",
    ",", ";", "/", "\r", "=\n",
)  # fmt: skip
BYTES = 1 << 18
START = "2026-06-15T09:41:20.231+00:00 core tvcs: "
STAMP = "core{number}_2026-06-15_09_41_07"
# Of the processor. All of them together take two or three, and one that costs the square of its
# length takes half a minute or more.
MOST_SECONDS = 20
FORMS = {
    "a text": ("{number}.txt", "{long}"),
    "a detail": ("{number}.txt", START + 'Event="x" Detail="{long}"\n'),
    "a mail": ("{number}.txt", "Zones Active Failed\nschannel TLS ] [SSL: x509: \n{long}\n"
               + START + 'Module="x"\n-----BEGIN CERTIFICATE-----\nMII\n'),
    "lines": ("{number}.txt", "tvcs: Event=a {short} x\n" * 30),
    "a log": (f"loggingsnapshot_{STAMP}.txt", START + 'Event="x" Detail="a{long}x"\n'),
    "settings": (f"xconf_dump_{STAMP}.txt", '*c xConfiguration SystemUnit Name: "a{long}x"\n'),
    "CAs": (f"ca_{STAMP}.pem", "-----BEGIN CERTIFICATE-----\na{long}x\n"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_run_of_anything_is_read_in_time_that_grows_with_its_length(
    tmp_path: Path, form: tuple[str, str]
) -> None:
    """The command ends by itself, with a case or a sentence, before its processor time does."""
    for number, run in enumerate(RUNS):
        long, short = run * (BYTES // len(run)), run * (8000 // len(run))
        name, text = (part.format(number=number, long=long, short=short) for part in form)
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ekukit", "inspect", str(tmp_path), "--json"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS)),
        capture_output=True,
        check=False,
    )
    assert (done.returncode in (0, 2), b"Traceback" in done.stderr) == (True, False), done.stderr
