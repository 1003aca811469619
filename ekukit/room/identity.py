"""Who may see the page: whoever has the token, which Jupyter checks; and the cookie for leaving."""

import logging
import re
from urllib.parse import parse_qsl, urlencode

from jupyter_server.auth.identity import PasswordIdentityProvider, User
from tornado.web import RequestHandler
from traitlets import Dict

# Tornado's own loggers, which Voila's level does not reach; each line of them has an address.
_LOGGERS = ("tornado.access", "tornado.general", "tornado.application")


class RoomIdentity(PasswordIdentityProvider):
    """Jupyter's own check of token and cookie, and with the cookie the one against forged posts.

    A page that is left posts that its kernel may go. Without that second cookie the post is
    refused, and every reload leaves a kernel behind.

    Once the cookie is given, the page is asked for again without the token: it stays neither in
    the address bar, which a room reads, nor in what the kernel is told of the request.
    """

    def __init__(self, **given: object) -> None:
        """Keep the token out of what the server writes, from now on."""
        super().__init__(**given)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(error_without_token)

    # Another page in the same browser sends no cookie with what it asks of this server.
    cookie_options = Dict({"samesite": "Lax"}, config=True)

    async def get_user(self, handler: RequestHandler) -> User | None:
        """Return whoever Jupyter finds; a page with the right token in its address is sent on."""
        user: User | None = await super()._get_user(handler)
        asked = handler.request
        words = parse_qsl(asked.query, keep_blank_values=True)
        rest = [(name, value) for name, value in words if name != "token"]
        page = asked.method == "GET" and asked.path == handler.settings["base_url"]
        handler.current_user = user
        if user and page and len(rest) < len(words) and self.is_token_authenticated(handler):
            # Set even when an older cookie names the same user, who may have lost the second one.
            self.set_login_cookie(handler, user)
            handler.set_header("Cache-Control", "no-store")
            handler.redirect(asked.path + (f"?{urlencode(rest)}" if rest else ""))
        return user

    def set_login_cookie(self, handler: RequestHandler, user: User) -> None:
        """Set both cookies; reading the property is what makes tornado set the second."""
        super().set_login_cookie(handler, user)
        handler.current_user = user  # tornado asks for it here, before Jupyter has set it
        _token = handler.xsrf_token


def error_without_token(record: logging.LogRecord) -> bool:
    """Return whether a record is an error; the token in it is replaced."""
    record.msg, record.args = re.sub(r"token=[^&\s'\"]+", "token=…", record.getMessage()), ()
    return record.levelno >= logging.ERROR
