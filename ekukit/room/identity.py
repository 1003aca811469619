"""Who may see the page: whoever has the token, which Jupyter checks; and the cookie for leaving."""

from jupyter_server.auth.identity import PasswordIdentityProvider, User
from tornado.web import RequestHandler
from traitlets import Dict


class RoomIdentity(PasswordIdentityProvider):
    """Jupyter's own check of token and cookie, and with the cookie the one against forged posts.

    A page that is left posts that its kernel may go. Without that second cookie the post is
    refused, and every reload leaves a kernel behind.
    """

    # Another page in the same browser sends no cookie with what it asks of this server.
    cookie_options = Dict({"samesite": "Lax"}, config=True)

    def set_login_cookie(self, handler: RequestHandler, user: User) -> None:
        """Set both cookies; reading the property is what makes tornado set the second."""
        super().set_login_cookie(handler, user)
        handler.current_user = user  # tornado asks for it here, before Jupyter has set it
        _token = handler.xsrf_token
