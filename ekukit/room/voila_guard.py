"""The page's server: Voilà, with a gate before every path that lets nobody in without the token."""

import logging
import os
import re
import time
from collections import deque
from typing import Any
from urllib.parse import unquote_to_bytes

from jupyter_server.base.handlers import JupyterHandler
from tornado.httputil import HTTPServerRequest
from tornado.ioloop import PeriodicCallback
from tornado.web import Application, RequestHandler
from voila.app import Voila

from ekukit.room.seal import PARENT, PORT_TAKEN, SEAL, seal_of

_LOGIN = "login"
_LONGEST_PATH = 2000
# The page posts nothing but its own leaving and the login form; uploads take the websocket.
_LARGEST_BODY, _LARGEST_HEADERS, _IDLE_SECONDS = 1 << 16, 1 << 15, 120
# Refusals that are answered in the usual way, and the seconds that they are counted for.
_REFUSALS, _SECONDS = 100, 10.0
_REFUSED = frozenset({302, 401, 403, 404, 405})
_ERROR, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 500, 403, 404, 429
_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_refused: deque[float] = deque(maxlen=_REFUSALS)


def is_malformed(uri: str) -> bool:
    """Return whether a path is none that the page has: not UTF-8, with controls or `..` in it."""
    path = uri.partition("?")[0]
    try:
        text = unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        return True
    odd = re.search(r"[\x00-\x1f\x7f\\]|(?:^|/)\.\.?(?:/|$)|//|%", text)
    return odd is not None or len(uri) > _LONGEST_PATH or not path.startswith("/")


class Gate(RequestHandler):
    """Comes before each handler of Voilà: path, number of refusals, and the token are looked at.

    What goes wrong behind it on any path but the page's own is a path that is not there: 404.
    Errors are told in a word, since Jupyter's page for them cannot be made here.
    """

    async def prepare(self) -> None:
        """Refuse what has no token, whatever the path, before the handler itself is asked."""
        if is_malformed(self.request.uri or ""):
            self.send_error(_NOT_FOUND)
            return
        if _is_foreign(self.request):
            self.send_error(_FORBIDDEN)
            return
        base = self.settings["base_url"]
        user = None
        if self.request.path.removeprefix(base) == _LOGIN:
            self.set_header(SEAL, seal_of(self.settings["identity_provider"].token))
        else:
            user = await self.settings["identity_provider"].get_user(self)
            if self._finished:
                return
            if user is None and _is_flood():
                self.send_error(_TOO_MANY)
                return
            if user is None and self.request.path != base:
                self.send_error(_FORBIDDEN)
                return
        found = super().prepare()
        if found is not None:
            await found

    def send_error(self, status_code: int = _ERROR, **told: Any) -> None:  # noqa: ANN401 - tornado's
        """Send an error; one that no path of the page can raise is a path that is not there."""
        is_page = self.request.path in (self.settings["base_url"], "")
        status = _NOT_FOUND if status_code == _ERROR and not is_page else status_code
        super().send_error(status, **told)

    def write_error(self, status_code: int, **_told: object) -> None:
        """Write the status in words, and nothing of what was asked."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: {self._reason}\n")

    def log_exception(self, *told: Any) -> None:  # noqa: ANN401 - tornado's signature
        """Log what goes wrong on the page itself, not what strangers ask for."""
        if self.request.path == self.settings["base_url"]:
            super().log_exception(*told)

    def on_finish(self) -> None:
        """Count a refusal."""
        if self.get_status() in _REFUSED and self.request.path != self.settings["base_url"]:
            _refused.append(time.monotonic())
        super().on_finish()


def _is_foreign(request: HTTPServerRequest) -> bool:
    """Return whether another name was asked for, or another page opens a websocket."""
    if request.host_name not in _NAMES:
        return True
    origin = request.headers.get("Origin")
    upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    return bool(upgrade and origin and origin.partition("://")[2] != request.host)


def _is_flood() -> bool:
    return len(_refused) == _REFUSALS and time.monotonic() - _refused[0] < _SECONDS


class GuardedVoila(Voila):  # type: ignore[misc]
    """Voilà with the gate, with limits on sizes, which ends when whoever started it is gone."""

    def init_handlers(self) -> list[Any]:
        """Return Voilà's handlers, each behind the gate; that of the token's logout is left out."""
        found = [row for row in super().init_handlers() if not str(row[0]).endswith("/logout")]
        return [(row[0], _gated(row[1]), *row[2:]) for row in found]

    def listen(self) -> None:
        """Listen with limits, and watch the parent."""
        app = self.app
        limits: Any = {
            "max_body_size": _LARGEST_BODY,
            "max_header_size": _LARGEST_HEADERS,
            "idle_connection_timeout": _IDLE_SECONDS,
            "body_timeout": _IDLE_SECONDS,
        }

        def listen(port: int, address: str) -> None:
            try:
                Application.listen(app, port, address, **limits)
            except OSError:  # whoever started this says so
                self.exit(PORT_TAKEN)

        app.listen = listen
        # Whoever started this may be gone already.
        parent = int(os.environ.get(PARENT) or os.getppid())
        if os.name != "nt":
            PeriodicCallback(lambda: self._end_without(parent), 1000).start()
        logging.getLogger("tornado.general").setLevel(logging.CRITICAL)
        super().listen()

    def _end_without(self, parent: int) -> None:
        if os.getppid() != parent:
            self.ioloop.stop()


def _gated(handler: type[RequestHandler]) -> type[RequestHandler]:
    """Return the handler behind the gate; one of plain files learns to know users, too."""
    knows = () if issubclass(handler, JupyterHandler) else (JupyterHandler,)
    return type(f"Gated{handler.__name__}", (Gate, handler, *knows), {})


if __name__ == "__main__":
    GuardedVoila.launch_instance()
