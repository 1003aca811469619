"""Sets the kit up and starts it: `python kit.py lab` opens it, `python kit.py test` tests it.

With uv, or else with pip from requirements.txt; from a folder `wheelhouse` without network.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
WHEELS = os.path.join(HERE, "wheelhouse")
STAMP = os.path.join(VENV, "ekukit-installed.txt")


def locked():
    """Return what decides on setting up anew: lists of versions (*.t*), settings that install."""
    names = sorted(p for k in ("*.t*", "ekukit/jupyter/**/*.*") for p in Path(HERE).glob(k))
    return "".join(open(str(name), encoding="utf-8").read() for name in names)


def install():
    """Make the environment and install the locked versions, unless that is done already."""
    if os.path.exists(STAMP) and open(STAMP, encoding="utf-8").read() == locked():
        return
    try:
        import venv, ensurepip  # noqa: E401, F401, I001
    except ImportError:
        sys.exit("Python's venv module is missing: install python3-venv (Debian, Ubuntu) or uv.")
    sys.stderr.write("Setting up " + VENV + " once; this takes about a minute ...\n")
    venv.create(VENV, with_pip=True, clear=True)
    source = ["--no-index", "--find-links", WHEELS] if os.path.isdir(WHEELS) else []
    pip = [os.path.join(BIN, "python"), "-m", "pip", "install", "-q"] + source
    subprocess.check_call(pip + ["-r", "requirements.txt"], cwd=HERE)
    subprocess.check_call(pip + ["--no-deps", "-e", "."], cwd=HERE)
    open(STAMP, "w", encoding="utf-8").write(locked())


def main(words):
    """Set up, then run `ekukit WORDS`, or the tests for `test`; return the exit status."""
    if sys.version_info < (3, 11):
        sys.exit("ekukit needs Python 3.11 or newer; this is %s." % sys.version.split()[0])
    command = ["pytest"] + words[1:] if words[:1] == ["test"] else ["ekukit"] + (words or ["lab"])
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the lab, which asks back
    uv = None if os.path.isdir(WHEELS) else shutil.which("uv")
    if uv:
        return subprocess.call([uv, "run"] + command, cwd=HERE)
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit("Setting up failed (%s); check the network or wheelhouse/for.txt." % error)
    return subprocess.call([os.path.join(BIN, command[0])] + command[1:], cwd=HERE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
