"""AsyncSSH, loaded without a search for liboqs, a library that no tunnel of the kit needs.

It would look for it on every start, by running ldconfig, a C compiler and a linker: no other
program is started for a handshake in memory, and a tenth of a short command is spared.
"""

from ctypes import util

_SPARED = ("oqs", "liboqs")
_search = util.find_library


def _spared(name: str) -> str | None:
    return None if name in _SPARED else _search(name)


util.find_library = _spared
try:
    import asyncssh
    from asyncssh.auth_keys import SSHAuthorizedKeys
finally:
    util.find_library = _search

__all__ = ["SSHAuthorizedKeys", "asyncssh"]
