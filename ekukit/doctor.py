"""What is installed, what is missing, and how to mend it, in time for a workshop."""

import importlib.metadata
import shutil
import socket
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from ekukit.errors import InputError


class Health(StrEnum):
    """How a check ended; OPTIONAL is missing without harm."""

    GOOD = "good"
    BAD = "mend"
    OPTIONAL = "optional, missing"


SIGNS = {Health.GOOD: "✓", Health.BAD: "✗", Health.OPTIONAL: "–"}
OLDEST = (3, 11)
PACKAGES = ("jupyterlab", "ipywidgets", "pandas", "matplotlib", "cryptography", "pyOpenSSL",
            "asyncssh", "voila")  # fmt: skip
TOOLS = {
    "tshark": "opens captures on the command line; comes with Wireshark",
    "wireshark": "opens captures in a window",
    "openssl": "a second judge for certificates; the kit works without it",
}


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, what was found, and what to do when it is not good."""

    name: str
    health: Health
    found: str
    todo: str = ""


def examine() -> tuple[Check, ...]:
    """Return every check, those that must be good first; nothing outside 127.0.0.1 is asked."""
    return tuple(_checks())


def is_ready(checks: tuple[Check, ...]) -> bool:
    """Return whether nothing needs mending."""
    return all(check.health is not Health.BAD for check in checks)


def _checks() -> Iterator[Check]:
    yield _python()
    for name in PACKAGES:
        yield _package(name)
    yield _tried("TLS handshake", _tls)
    yield _tried("SSH tunnel", _ssh)
    yield _tried("127.0.0.1", _loopback)
    yield _clock()
    yield _quiet()
    yield _notebooks()
    for name, use in TOOLS.items():
        path = shutil.which(name)
        health = Health.GOOD if path else Health.OPTIONAL
        yield Check(name, health, path or f"not found; {use}")


def _python() -> Check:
    found = sys.version.split()[0]
    if sys.version_info[:2] >= OLDEST:
        return Check("Python", Health.GOOD, found)
    return Check("Python", Health.BAD, found, "Install Python 3.11 or newer.")


def _package(name: str) -> Check:
    try:
        return Check(name, Health.GOOD, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, Health.BAD, "not installed", "Run: python kit.py lab")


def _tried(name: str, work: Callable[[], str]) -> Check:
    try:
        return Check(name, Health.GOOD, work())
    except Exception as error:  # noqa: BLE001 - whatever goes wrong here is what is to be told
        todo = "Run: python kit.py test, and read the first failure."
        return Check(name, Health.BAD, f"{type(error).__name__}: {error}", todo)


def _state(connection: str) -> str:
    from ekukit.expressway import build, condition
    from ekukit.lab import run

    found = run(build(condition("C3", key="EC-secp256r1")))
    state = next(outcome.state for outcome in found if outcome.connection == connection)
    if state.value != "Active":
        msg = f"the {connection} of a sound deployment is {state.value}"
        raise InputError(msg)
    return "made one, and it is Active"


def _tls() -> str:
    return _state("uc-zone")


def _ssh() -> str:
    return _state("ssh-tunnel")


def _loopback() -> str:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"a server can listen, for instance on port {sock.getsockname()[1]}"


def _clock() -> Check:
    from ekukit.facts.clock import clock_doubt

    at = datetime.now(UTC)
    doubt = clock_doubt(at)
    if not doubt:
        return Check("Clock", Health.GOOD, f"{at:%d %b %Y %H:%M} UTC")
    return Check("Clock", Health.BAD, doubt, "Set the clock, or fetch the kit anew.")


def _quiet() -> Check:
    path = Path(sysconfig.get_path("data")) / "etc" / "jupyter" / "labconfig" / "page_config.json"
    if path.is_file():
        return Check("Quiet Jupyter settings", Health.GOOD, "no news, no update check")
    todo = "Install the kit itself: python kit.py lab"
    return Check("Quiet Jupyter settings", Health.BAD, f"{path} is missing", todo)


def _notebooks() -> Check:
    from ekukit.course.lessons import missing

    folder = Path(__file__).resolve().parents[1] / "notebooks"
    count = len(list(folder.glob("*.ipynb")))
    lost = [f"{file}.ipynb" for _number, file in missing(folder)] if count else []
    if lost:
        found = f"missing: {', '.join(lost)}"
        return Check("Notebooks", Health.BAD, found, "Bring them back: git checkout notebooks")
    if count:
        return Check("Notebooks", Health.GOOD, f"{count} in {folder.name}/")
    todo = "Run the kit from the folder that git cloned."
    return Check("Notebooks", Health.BAD, f"none in {folder}", todo)
