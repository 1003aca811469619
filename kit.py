"""Sets the kit up, by uv or else pip, and starts it: kit.py lab opens it, kit.py test tests it."""

import glob
import os
import re
import shutil
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
UV = os.path.join(VENV, "uv")  # outside the packages, so that these are the same with pip
WHEELS = os.path.join(HERE, "wheelhouse")
STAMP = os.path.join(VENV, "ekukit-installed.txt")
BASE = getattr(sys, "_base_executable", sys.executable)  # .venv's own Python is made anew
PIP = [os.path.join(BIN, "python"), "-m", "pip", "--disable-pip-version-check"]
OF_PIP = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}


def locked():
    """Return what decides on setting up anew: lists of versions (*.t*), settings that install."""
    own, lab = (glob.glob(HERE + k, recursive=True) for k in ("/*.t*", "/ekukit/jupyter/**/*.*"))
    return "".join(open(name, encoding="utf-8").read() for name in sorted(own + lab))


def run(step, command, **settings):
    """Say what is done, and do it; what the user's environment says overrides the settings."""
    sys.stderr.write("  " + step + " ...\n")
    subprocess.check_call(command, cwd=HERE, env=dict(settings, **os.environ))


def set_up(tool):
    """Make the environment anew and fill it, with uv (this machine's or a fetched one) or pip."""
    sys.stderr.write("Setting up " + VENV + " with " + tool + ", once:\n")
    fill, settings = PIP + ["install", "-q"], {"UV_SYSTEM_CERTS": "1"}
    fill += ["--no-index", "--find-links", WHEELS] if os.path.isdir(WHEELS) else []
    uv = shutil.which("uv") if tool == "uv" else None
    make = [uv, "venv", "-q", "--python", BASE] if uv else [BASE, "-m", "venv"]
    run("a Python environment", make + ["--clear", VENV])
    if tool == "uv" and not uv:
        get = ["--target", UV, "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        run("uv, checked by its hash", fill + get + ["--retries", "1", "-r", "uv.txt"])
        uv = os.path.join(UV, "bin", "uv")  # --target has `bin` on Windows, too
        said = subprocess.check_output(PIP + ["config", "list"], universal_newlines=True)
        found = re.findall(r"(?m)^(?:global|:env:)\.(index-url|cert|proxy)='(.+)'", said)
        settings.update((OF_PIP[key], value) for key, value in reversed(found))
    fill = [uv, "pip", "install", "-q", "--python", PIP[0]] if uv else fill
    hashed = ["--require-hashes", "-r", "requirements.txt"]
    run("the locked packages" + ("" if uv else " (about a minute)"), fill + hashed, **settings)
    run("ekukit itself", fill + ["--no-deps", "-e", "."], **settings)
    open(STAMP, "w", encoding="utf-8").write(locked())


def main(words):
    """Set up if need be, then run `ekukit WORDS`, or tests for `test`; return the exit status."""
    if sys.version_info < (3, 11):
        sys.exit("ekukit needs Python 3.11 or newer; this is %s." % sys.version.split()[0])
    rest = words[1:] or ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
    command = ["pytest"] + rest if words[:1] == ["test"] else ["ekukit"] + (words or ["lab"])
    tools = ["pip"] if os.path.isdir(WHEELS) else ["uv", "pip"]
    while not (os.path.exists(STAMP) and open(STAMP, encoding="utf-8").read() == locked()):
        if not tools:
            sys.exit("Setting up failed; check network, python3-venv, or wheelhouse/for.txt.")
        try:
            set_up(tools.pop(0))
        except (OSError, subprocess.CalledProcessError) as error:
            sys.stderr.write("  This failed: %s\n" % error)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the lab, which asks back
    command[0] = os.path.join(BIN, command[0])
    os.chdir(HERE)  # where the system can, this becomes what is started: what ends it ends that
    return subprocess.call(command) if os.name == "nt" else os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
