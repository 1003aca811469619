"""The page for a room: one line with its address, a token that counts, nothing else offered."""

import http.client
import logging
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from uuid import uuid4

import pytest
from conftest import ROOT

from ekukit.cli import main
from ekukit.diagnosis.handed import HandedCase
from ekukit.doctor import Health
from ekukit.errors import InputError
from ekukit.expressway import Role
from ekukit.room import readiness, server
from ekukit.room.identity import error_without_token
from ekukit.room.readiness import examine_room
from ekukit.room.server import Server, free_port, is_free, serve

NOBODY = "5f2f4c1e-7d42-4c0f-9a41-3d0d2f6a9b10"  # a kernel that there is not
NOTEBOOK = ROOT / "notebooks" / "90_workshop.ipynb"
ARCHIVE = ROOT / "data" / "cases" / "public-everywhere-checking-on.tar.gz"


class Stranger(BaseHTTPRequestHandler):
    """Another server, which sends everybody to its login and keeps what it was asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer as a page behind a token does."""
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/login")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_port_that_is_taken_meanwhile_gets_no_token_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the look at the port and the server's start another one listens there."""
    taken: list[HTTPServer] = []

    def taking(port: int) -> bool:
        taken.append(HTTPServer(("127.0.0.1", port), Stranger))
        Thread(target=taken[0].serve_forever, daemon=True).start()
        return True

    monkeypatch.setattr(server, "is_free", taking)
    port = free_port()
    with (
        pytest.raises(InputError, match=f"port {port} on 127.0.0.1 cannot be used"),
        serve(NOTEBOOK, port),
    ):
        pass
    taken[0].shutdown()
    taken[0].server_close()
    assert Stranger.asked
    assert set(Stranger.asked) == {"/login"}


def test_what_a_server_writes_is_passed_on_until_it_is_ended(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """What its kernels say when they are ended in the middle is no news."""
    code = (
        "import sys; print('first', file=sys.stderr, flush=True); sys.stdin.readline(); "
        "print('last', file=sys.stderr)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said, heard = server._Said(process), ""
    while "first" not in heard:
        heard += capfd.readouterr().err
    said.over()
    assert process.stdin is not None
    process.stdin.close()
    said.ended()
    assert (process.wait(), capfd.readouterr().err) == (0, "")


@dataclass
class Shown:
    """A running `ekukit present` and the one line that it printed."""

    process: "subprocess.Popen[str]"
    line: str

    @property
    def port(self) -> int:
        """Return the port in the line."""
        return int(self.line.split(":")[2].partition("/")[0])

    def status(self, path: str, method: str = "GET", host: str = "127.0.0.1") -> int:
        """Return the status of a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, headers={"Host": f"{host}:{self.port}"})
        found = connection.getresponse().status
        connection.close()
        return found

    @property
    def token(self) -> str:
        """Return the token in the line."""
        return self.line.partition("token=")[2]


@pytest.fixture(scope="module")
def shown() -> Iterator[Shown]:
    """Start the command as a trainer does, without a browser."""
    command = [
        sys.executable,
        "-m",
        "ekukit",
        "present",
        "--no-browser",
        "--port",
        str(free_port()),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    yield Shown(process, process.stdout.readline().rstrip("\n"))
    process.kill()
    process.communicate()


def test_the_address_with_its_token_is_alone_on_the_line(shown: Shown) -> None:
    """The page answers when the line is there."""
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[0-9a-f]{48}", shown.line)
    assert shown.status("/login") == 200


@pytest.mark.parametrize("path", ["/", "/?token=wrong"])
def test_without_the_token_the_page_leads_to_the_login(shown: Shown, path: str) -> None:
    """A stranger gets no kernel."""
    assert shown.status(path) == 302


# One path of every handler that the server has, and some that others have.
PATHS = (
    "/90_workshop.ipynb", "/api/kernels", f"/api/kernels/{NOBODY}", "/voila/tree", "/lab",
    f"/api/kernels/{NOBODY}/channels", "/voila/static/voila.js", "/voila/files/x.ipynb",
    "/voila/templates/ekukit/static/room.css", "/voila/labextensions/x.js", "/voila/api/themes/x",
    f"/voila/api/shutdown/{NOBODY}",
)  # fmt: skip


def asked(shown: Shown, request: str, *lines: str, body: bytes = b"") -> bytes:
    """Return what the server answers to a request that is written by hand, until it closes."""
    head = "\r\n".join((f"{request} HTTP/1.1", *lines, "Connection: close", "", ""))
    with socket.create_connection(("127.0.0.1", shown.port), timeout=30) as sock:
        try:
            sock.sendall(head.encode("latin-1") + body)
            return b"".join(iter(lambda: sock.recv(1 << 16), b""))
        except ConnectionError:
            return b""


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_gets_nothing_by_any_path_and_method(shown: Shown, path: str) -> None:
    """Not even a style sheet; what is not refused for the token is refused for the method."""
    host = f"Host: 127.0.0.1:{shown.port}"
    found = {
        method: asked(shown, f"{method} {path}", host).split()[1]
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE")
    }
    assert found.pop("GET") in {b"403", b"404"}
    assert set(found.values()) <= {b"403", b"404", b"405"}


@pytest.mark.parametrize("origin", ["", "Origin: http://evil.example"])
@pytest.mark.parametrize("token", [False, True])
def test_a_websocket_is_refused_to_strangers_and_to_other_origins(
    shown: Shown, origin: str, *, token: bool
) -> None:
    """With the token a kernel that is not there is not there."""
    lines = [f"Host: 127.0.0.1:{shown.port}", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Key: eHh4eHh4eHh4eHh4eHh4eA==", *filter(None, [origin])]  # fmt: skip
    lines += [f"Authorization: token {shown.token}"] if token else []
    status = asked(shown, f"GET /api/kernels/{uuid4()}/channels", *lines).split()[1]
    assert status == (b"403" if origin or not token else b"404")


MALFORMED = (
    "/%00", "/%ff", "/%", "/%zz", "//evil.example/", "/..%2f..%2fetc/passwd", "/a/../b", "/\\a",
    "/voila/static/%00", "/voila/templates/", "/voila/templates/x", "/voila/files/%00",
    "/voila/templates/../static/x", "/nbextensions/%0d%0aX", "/api/kernels/%00/channels",
    f"/{'a' * 5000}",
)  # fmt: skip


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path[:30])
def test_a_malformed_path_is_not_there(shown: Shown, path: str) -> None:
    """404, or 400 for what is no text; never 500, and no more than a line of text."""
    host = f"Host: 127.0.0.1:{shown.port}"
    known = asked(shown, f"GET {path}", host, f"Authorization: token {shown.token}")
    assert known.split()[1] in {b"400", b"404"}
    assert known.partition(b"\r\n\r\n")[2] in {b"404: Not Found\n", b"400: Bad Request\n"}
    assert asked(shown, f"GET {path}", host).split()[1] in {b"400", b"403", b"404"}


def test_what_the_page_loads_comes_with_the_cookie_and_without_it_not(shown: Shown) -> None:
    """Scripts and style sheets of Voilà and of the kit."""
    for path in ("/voila/static/voila.js", "/voila/templates/ekukit/static/index.css"):
        assert shown.status(f"{path}?token={shown.token}") == 200
        assert shown.status(path) == 403


def test_what_is_too_large_is_refused_before_it_is_read(shown: Shown) -> None:
    """A body of over 64 kB, headers of over 32 kB: the page sends neither."""
    host = f"Host: 127.0.0.1:{shown.port}"
    large = asked(shown, "POST /login", host, "Content-Length: 90000000")
    assert large.split()[1:2] in ([b"400"], [])
    assert asked(shown, "GET /login", host, f"X: {'x' * 40_000}") == b""
    assert shown.status("/login") == 200


def test_a_flood_of_refusals_is_answered_shortly_and_the_token_still_opens(
    shown: Shown,
) -> None:
    """After 100 refusals in ten seconds: 429, until they are over."""
    found = {shown.status(f"/api/kernels?token=guess{n}") for n in range(150)}
    assert found == {403, 429}
    assert shown.status(f"/api/kernels/{uuid4()}?token={shown.token}") == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/voila/files/90_workshop.ipynb"),
        ("GET", "/voila/files/00_start_here.ipynb"),
        ("POST", "/api/kernels"),
        ("POST", "/api/terminals"),
        ("PUT", "/api/contents/x.ipynb"),
    ],
)
def test_with_the_token_neither_files_nor_new_kernels_are_offered(
    shown: Shown, method: str, path: str
) -> None:
    """No file listing, no source, no kernel to run code in, no terminal."""
    assert shown.status(f"{path}?token={shown.token}", method) in {403, 404, 405}


def test_another_page_cannot_use_the_cookie(shown: Shown) -> None:
    """The cookie that opens the page goes along with requests of this page alone."""
    connection = http.client.HTTPConnection("127.0.0.1", shown.port, timeout=60)
    connection.request("GET", f"/api/kernels?token={shown.token}")
    cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
    connection.close()
    (login,) = [text for text in cookies if text.startswith("username-")]
    assert "samesite=lax" in login.lower()
    assert "httponly" in login.lower()


def test_the_token_is_not_in_what_the_server_writes(capfd: pytest.CaptureFixture[str]) -> None:
    """Refused and failing requests have it in their address; only errors are written."""
    with serve(NOTEBOOK, free_port()) as server:
        found = [
            Shown(server.process, server.address).status(path, host=host)  # type: ignore[arg-type]
            for path, host in (
                (f"/?token={server.token}", "evil.example"),
                (f"/api/kernels/{uuid4()}?token={server.token}", "127.0.0.1"),
                (f"/voila/files/x?token={server.token}", "127.0.0.1"),
            )
        ]
    assert found == [403, 404, 403]
    written = capfd.readouterr()
    assert written.out + written.err == ""


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_an_error_is_written_without_the_token(level: int) -> None:
    """A warning is not written at all; an error says everything else."""
    args = ("GET", "/?token=0123&theme=dark", "uri='/?token=0123', x")
    record = logging.LogRecord("tornado.access", level, "", 0, "%s %s %s", args, None)
    assert error_without_token(record) is (level == logging.ERROR)
    assert record.getMessage() == "GET /?token=…&theme=dark uri='/?token=…', x"


def _answered(connection: http.client.HTTPConnection, path: str) -> http.client.HTTPResponse:
    """Return the answer, once the refusals of other tests no longer count against strangers."""
    for _second in range(15):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 429:
            break
        time.sleep(1)
    return answer


def test_the_address_with_the_token_leads_to_one_without(shown: Shown) -> None:
    """What else was asked for is kept; a wrong token leads to the login page."""
    connection = http.client.HTTPConnection("127.0.0.1", shown.port, timeout=60)
    places = []
    for token in (shown.token, "wrong"):
        answer = _answered(connection, f"/?theme=dark&token={token}")
        places.append(answer.headers["Location"])
    connection.close()
    assert places[0] == "/?theme=dark"
    assert places[1].startswith("/login?")


def test_another_host_name_is_refused(shown: Shown) -> None:
    """A name that somebody points at 127.0.0.1 does not open the page."""
    assert shown.status(f"/?token={shown.token}", host="evil.example") == 403


def test_the_token_is_not_in_the_command_line_of_the_server(shown: Shown) -> None:
    """Other users of the machine can read command lines."""
    if not Path("/proc").is_dir():
        pytest.skip("no /proc here")
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert any(b"voila" in line for line in lines)
    assert [line for line in lines if shown.token.encode() in line] == []


def test_the_page_has_a_policy_and_loads_from_itself_alone() -> None:
    """With the token it is whole; addresses of others are not in it."""
    with serve(NOTEBOOK, free_port()) as server:
        status, text = server.get("/", token=True)
    assert status == 200
    assert "application/vnd.jupyter.widget-view+json" in text
    loads = re.findall(r"(?:src|href)=\"(?:https?:)?//[^\"]+", text)
    assert loads == []


def test_ctrl_c_ends_it_with_status_0(shown: Shown) -> None:
    """The server is gone, too."""
    port = shown.port
    shown.process.send_signal(signal.SIGINT)
    assert shown.process.wait(30) == 0
    until = time.monotonic() + 10
    refused = False
    while not refused and time.monotonic() < until:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
        except ConnectionRefusedError:
            refused = True
    assert refused


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc here")
def test_the_server_ends_when_the_command_is_killed() -> None:
    """By a signal that leaves the command no time to end it."""
    port = free_port()
    command = [sys.executable, "-m", "ekukit", "present", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
    until = time.monotonic() + 30
    while not is_free(port) and time.monotonic() < until:
        time.sleep(0.1)
    assert is_free(port)


def test_a_port_in_use_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and what to do next."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["present", "--no-browser", "--port", str(port)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"port {port} on 127.0.0.1 cannot be used" in shown.err


def test_the_room_is_examined_and_each_lack_has_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken port, no browser, a lost lesson, a dead page, wheels for another system."""
    import webbrowser

    def no_browser() -> None:
        raise webbrowser.Error

    def no_page(*_given: object) -> None:
        msg = "it did not start"
        raise InputError(msg)

    monkeypatch.setattr(webbrowser, "get", no_browser)
    monkeypatch.setattr(readiness, "serve", no_page)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_start_here.ipynb").write_text("[x](11_lost.ipynb)", "utf-8")
    (tmp_path / "wheelhouse").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        checks = examine_room(tmp_path, taken.getsockname()[1])
    assert [check.health for check in checks] == [Health.BAD] * 5
    assert [check.name for check in checks if not check.todo] == []
    assert "11_lost.ipynb" in next(c.found for c in checks if c.name == "Every notebook")


def test_a_sound_room_is_good() -> None:
    """The page really answers; a browser may be missing where nobody sits."""
    checks = {check.name: check.health for check in examine_room(ROOT, free_port())}
    del checks["Browser"], checks["Install without network"]
    assert set(checks.values()) == {Health.GOOD}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.tar.gz"], "does not exist"),
        (["note.txt"], "nothing could be read"),
        (["cut.tar.gz"], "cut.tar.gz: nothing could be read"),
        ([str(ARCHIVE), "--role", "west"], "--role 'west' cannot be read"),
        ([str(ARCHIVE), "--role", "west=core"], "no node is called west"),
        (["--role", "core=core"], "name its archive"),
    ],
)
def test_a_case_that_cannot_be_shown_is_told_before_the_server_starts(
    words: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Status 2, one sentence, no address."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "cut.tar.gz").write_bytes(ARCHIVE.read_bytes()[:40])
    monkeypatch.setattr("ekukit.cli.present.serve", lambda *_a, **_k: pytest.fail("it started"))
    assert main(["present", "--no-browser", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err


def test_the_case_reaches_the_page_by_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A relative path is found; neither the address nor a command line names the archive."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ARCHIVE, tmp_path / "acme.tar.gz")
    given: list[HandedCase] = []

    @contextmanager
    def told(
        notebook: Path, port: int, *, dark: bool, case: HandedCase, fleet: object
    ) -> Iterator[Server]:
        assert fleet is None
        given.append(case)
        with serve(notebook, port, dark=dark, case=case) as server:
            lines = [p.read_bytes() for p in Path("/proc").glob("[0-9]*/cmdline") if p.exists()]
            assert [line for line in lines if b"voila" in line and b"acme" in line] == []
            yield server
            raise KeyboardInterrupt

    monkeypatch.setattr("ekukit.cli.present.serve", told)
    monkeypatch.setattr("webbrowser.open", lambda _address: signal.raise_signal(signal.SIGINT))
    port = str(free_port())
    assert main(["present", "acme.tar.gz", "--role", "core=core", "--port", port]) == 0
    assert "acme" not in capsys.readouterr().out
    assert given == [HandedCase((str(tmp_path / "acme.tar.gz"),), (("core", Role.CORE),))]
