"""OpenSSL without this machine's policy: a verdict must be the same on every machine.

A configuration such as a company's may forbid SHA-1, small keys or TLS versions, or allow FIPS
providers alone; OpenSSL reads it once, when it is loaded, and refuses from then on what Expressway
takes. So the rooms that use OpenSSL import this module first: OpenSSL is loaded without one. Where
somebody else loaded it before, what they loaded stays.
"""

import os
import sys
from importlib import import_module

_VARIABLE, _LIBRARY = "OPENSSL_CONF", "cryptography.hazmat.bindings._rust"
NO_POLICY = {_VARIABLE: os.devnull}


def _load() -> None:
    given = os.environ.get(_VARIABLE)
    os.environ.update(NO_POLICY)
    try:
        import_module(_LIBRARY)
    finally:
        # What this process starts finds what the user has set.
        if given is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = given


LOADED_BEFORE = _LIBRARY in sys.modules
if not LOADED_BEFORE:
    _load()
