"""By what the page's own server is told from another one that has taken its port meanwhile."""

import hashlib

SEAL = "X-Room-Seal"
# Names the process whose end is the end of the server, too.
PARENT = "EKUKIT_PARENT"
PORT_TAKEN = 98  # the exit status of a server that cannot listen on its port


def seal_of(token: str) -> str:
    """Return what a server that knows the token shows, and from which nobody gets the token."""
    return hashlib.sha256(f"room {token}".encode()).hexdigest()
