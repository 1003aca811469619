"""Text made to take for ever: what took minutes or gigabytes ends while somebody waits."""

import subprocess
import sys
import tracemalloc

import pytest

from ekukit.archive import read_configuration

# Not a benchmark: each takes a second or so, and took many minutes before it was mended.
PATIENCE = 90
READ = (
    "from ekukit.archive import read_configuration as f; f(b'xConfiguration' + b' ' * (15 << 20))"
)
REDACT = "from ekukit.diagnosis.redaction import Redaction as R; R()('{}' * 100_000 + ' ')"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(READ, id="a setting of blanks"),
        pytest.param(REDACT.format("a-"), id="a word of hyphens"),
        pytest.param(REDACT.format("calling-"), id="a key that begins again and again"),
    ],
)
def test_hostile_text_ends(code: str) -> None:
    """A text that a pattern could read in many ways is read in one."""
    ended = subprocess.run([sys.executable, "-c", code], timeout=PATIENCE, check=False)
    assert ended.returncode == 0


def test_a_long_quoted_value_takes_no_hundred_times_its_memory() -> None:
    """A value of 4 MiB is checked for its quotes without noting down every character."""
    data = b'xConfiguration A: "' + b"a" * (4 << 20) + b'"'
    tracemalloc.start()
    try:
        read_configuration(data)
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()
