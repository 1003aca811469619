"""Connections: the catalog, the rules, and the outcomes in words; knows nothing of sockets."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL

# isort: split
from ekukit.connections.attempts import (
    handshakes,
)
from ekukit.connections.catalog import (
    CATALOG,
    Connection,
    connection,
)
from ekukit.connections.handshake import (
    Cause,
    EkuCheck,
    Engine,
    Handshake,
    Protocol,
    Side,
    Verdict,
)
from ekukit.connections.outcome import (
    HONESTY,
    Outcome,
    State,
)
from ekukit.connections.predict import (
    predict,
)

__all__ = [
    "CATALOG",
    "HONESTY",
    "Cause",
    "Connection",
    "EkuCheck",
    "Engine",
    "Handshake",
    "Outcome",
    "Protocol",
    "Side",
    "State",
    "Verdict",
    "connection",
    "handshakes",
    "predict",
]
