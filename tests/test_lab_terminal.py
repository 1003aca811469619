"""What `ekukit lab` writes on the terminal: its address, and nothing that sounds like trouble."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import websocket
from browsers import free_port
from conftest import ROOT

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*token=\w+")


def ask(address: str, path: str, data: bytes | None = None) -> dict[str, str]:
    """Return the server's answer; a request with data is a POST."""
    base, _, token = address.partition("/lab/")[0], *address.partition("token=")[1:]
    request = urllib.request.Request(f"{base}{path}?token={token}", data)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return dict(json.load(answer))


def until_idle(address: str, kernel: str) -> None:
    """Connect as a notebook does, and wait until the kernel has said what it says on starting."""
    server, _, token = address.replace("http", "ws", 1).partition("token=")
    place = f"{server.partition('/lab/')[0]}/api/kernels/{kernel}/channels"
    line = websocket.create_connection(f"{place}?session_id=test&token={token}")
    try:
        for _attempt in range(600):
            if ask(address, f"/api/kernels/{kernel}")["execution_state"] == "idle":
                return
            time.sleep(0.1)
    finally:
        line.close()
    raise TimeoutError(kernel)


def test_lab_writes_its_address_and_no_warning(tmp_path: Path) -> None:
    """A kernel is started, too, as a notebook does it."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME")
    surroundings = os.environ | {name: str(tmp_path / name.lower()) for name in names}
    surroundings.pop("JUPYTER_TOKEN", None)
    written = tmp_path / "written.txt"
    command = [sys.executable, "-m", "ekukit", "lab", "--no-browser", "--port", str(free_port())]
    with written.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdout=out, stderr=out, start_new_session=True
        )
    try:
        for _attempt in range(600):
            if found := ADDRESS.search(written.read_text("utf-8")):
                break
            time.sleep(0.1)
        assert found, written.read_text("utf-8")
        kernel = ask(found[0], "/api/kernels", b'{"name": "python3"}')["id"]
        until_idle(found[0], kernel)
        lines = [line.strip() for line in written.read_text("utf-8").splitlines() if line.strip()]
    finally:
        stop(server)
    known = ("To access the server", "file://", "Or copy and paste", "http://127.0.0.1:")
    assert len(lines) == 5, lines
    assert [line for line in lines[1:] if not line.startswith(known)] == []
    assert re.fullmatch(r"\[C \S+ \S+ ServerApp\]", lines[0])


def stop(server: "subprocess.Popen[bytes]") -> None:
    """End the command and the server that it started."""
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(20)
