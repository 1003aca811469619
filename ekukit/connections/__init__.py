"""Connections: the catalog, the rules, and the outcomes in words; knows nothing of sockets."""

from ekukit.connections.attempts import attempts, handshakes
from ekukit.connections.catalog import CATALOG, Connection, connection
from ekukit.connections.handshake import (
    Cause,
    EkuCheck,
    End,
    Engine,
    Handshake,
    Protocol,
    Side,
    Talk,
    Verdict,
)
from ekukit.connections.outcome import (
    HONESTY,
    SYMBOLS,
    Outcome,
    Presented,
    State,
    undecided,
)
from ekukit.connections.predict import connection_outcomes, outcomes, predict
from ekukit.connections.rules import judge
from ekukit.connections.services import SERVICES, Service

__all__ = [
    "CATALOG",
    "HONESTY",
    "SERVICES",
    "SYMBOLS",
    "Cause",
    "Connection",
    "EkuCheck",
    "End",
    "Engine",
    "Handshake",
    "Outcome",
    "Presented",
    "Protocol",
    "Service",
    "Side",
    "State",
    "Talk",
    "Verdict",
    "attempts",
    "connection",
    "connection_outcomes",
    "handshakes",
    "judge",
    "outcomes",
    "predict",
    "undecided",
]
