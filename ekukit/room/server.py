"""Voilà on 127.0.0.1 behind a token, ready and refusing strangers before anyone hears of it."""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import BinaryIO

from ekukit.diagnosis.handed import VARIABLE, HandedCase
from ekukit.errors import InputError
from ekukit.fleets.handed_fleet import FLEET_VARIABLE, HandedFleet
from ekukit.printable import visible
from ekukit.room.seal import PARENT, PORT_TAKEN, SEAL, seal_of

HOST = "127.0.0.1"
PORT = 8866
WORKSHOP = "90_workshop.ipynb"
START_SECONDS, STOP_SECONDS, PAGE_SECONDS = 60, 10, 60
_SEAL_SECONDS = 5  # what answers later is asked again
_REFUSED = (302, 401, 403)
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")
_OPEN = (
    "the page opens without its token, so it was stopped again; look for settings of Voila or "
    "IdentityProvider in your own Jupyter configuration and remove them"
)
_NO_PORT = f"port {{port}} on {HOST} cannot be used; choose another one with --port"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is, and the token without which it refuses every page."""

    process: "subprocess.Popen[bytes]"
    port: int
    token: str

    @property
    def address(self) -> str:
        """Return the full address for a browser, with the token."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    def get(self, path: str, *, token: bool = False) -> tuple[int, str]:
        """Return status and text of a page; without `token` as a stranger would ask."""
        status, text, _seal = self._asked(path, token=token)
        return status, text

    def is_itself(self) -> bool:
        """Return whether what listens on the port is this server, without telling the token."""
        return self._asked("/login", token=False, most=_SEAL_SECONDS)[2] == seal_of(self.token)

    def _asked(self, path: str, *, token: bool, most: float = PAGE_SECONDS) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=most)
        try:
            headers = {"Authorization": f"token {self.token}"} if token else {}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return answer.status, text, answer.getheader(SEAL, "")
        finally:
            connection.close()


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def is_free(port: int) -> bool:
    """Return whether a server can listen on the port."""
    with socket.socket() as sock:
        if os.name != "nt":  # as servers do, so that a port just left counts as free
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


@contextmanager
def serve(
    notebook: Path,
    port: int,
    *,
    dark: bool = False,
    case: HandedCase | None = None,
    fleet: HandedFleet | None = None,
) -> Iterator[Server]:
    """Serve one notebook as a page until the block ends; then stop it and its kernels.

    The kernels find case and fleet in their environment; no address and no command line names
    them.

    Yields when the server answers and has refused a page without the token. Raises InputError
    when the port is taken, the server does not start, or it would let strangers in.
    """
    if not is_free(port):
        raise InputError(_NO_PORT.format(port=port))
    # What the server writes for a while goes with it, also where it is stopped as a kernel starts.
    with TemporaryDirectory(prefix="ekukit-page-", ignore_cleanup_errors=True) as scratch:
        notebook, token = notebook.resolve(), secrets.token_hex(24)
        process = subprocess.Popen(
            _command(notebook, port, dark=dark, given=case is not None),
            cwd=notebook.parent,
            env=_surroundings(token, case, fleet) | dict.fromkeys(_TEMPORARY, scratch),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        server, said = Server(process, port, token), _Said(process)
        try:
            _wait(server)
            if server.get("/")[0] not in _REFUSED:
                raise InputError(_OPEN)
            yield server
        finally:
            said.over()
            _stop(process)
            said.ended()


class _Said:
    """Passes on what a server and its kernels write, until they are ended: then it is no news."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._is_over = False
        self._thread = Thread(target=self._pass_on, args=(process.stderr,), daemon=True)
        self._thread.start()
        self._process = process

    def _pass_on(self, lines: BinaryIO) -> None:
        with lines:
            for line in lines:
                if not self._is_over:
                    with suppress(OSError, ValueError):  # full, or closed
                        sys.stderr.write(visible(line.decode("utf-8", "replace"), keep="\n"))
                        sys.stderr.flush()

    def over(self) -> None:
        """Pass nothing on any more, but what a server wrote that ended by itself."""
        if self._process.poll() is not None:
            self._thread.join(STOP_SECONDS)
        self._is_over = True

    def ended(self) -> None:
        """Wait until all who could write have ended."""
        self._thread.join(STOP_SECONDS)


def _surroundings(token: str, case: HandedCase | None, fleet: HandedFleet | None) -> dict[str, str]:
    """Return the environment: every user of a machine can read other people's command lines."""
    found = os.environ | {"JUPYTER_TOKEN": token, PARENT: str(os.getpid())}
    found.pop("JUPYTER_TOKEN_FILE", None)
    found[VARIABLE] = case.text if case else ""
    found[FLEET_VARIABLE] = fleet.text if fleet else ""
    return found


def _command(notebook: Path, port: int, *, dark: bool, given: bool) -> list[str]:
    return [
        sys.executable,
        "-m",
        "ekukit.room.voila_guard",
        str(notebook),
        f"--Voila.ip={HOST}",
        f"--port={port}",
        "--Voila.port_retries=0",
        "--Voila.auto_token=True",
        "--Voila.identity_provider_class=ekukit.room.identity.RoomIdentity",
        "--Voila.log_level=ERROR",
        "--no-browser",
        "--template=ekukit",
        f"--theme={'dark' if dark else 'light'}",
        # The page says what is being prepared.
        f"--VoilaConfiguration.resources=given_case={'yes' if given else ''}",
    ]


def _wait(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.process.poll() == PORT_TAKEN:
            raise InputError(_NO_PORT.format(port=server.port))
        if server.process.poll() is not None:
            msg = "the page's server ended at once; what it wrote stands above; try: ekukit doctor"
            raise InputError(msg)
        with suppress(OSError, http.client.HTTPException):
            # Not the page, whose every request runs the notebook.
            if server.is_itself():
                return
        time.sleep(0.1)
    msg = f"the page's server did not answer within {START_SECONDS} seconds; try: ekukit doctor"
    raise InputError(msg)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
