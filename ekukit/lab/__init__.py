"""The lab: real TLS and SSH handshakes, in memory, with certificates made on the spot."""

from ekukit.openssl_policy import LOADED_BEFORE  # noqa: F401 - before any OpenSSL

# isort: split
from ekukit.lab.bench import decide, perform, run
from ekukit.lab.record import (
    RecordedConversation,
    capture,
    capture_tls13,
    conversations,
    record,
    record_tls13,
)
from ekukit.lab.tape import Transcript
from ekukit.lab.verification import refusals, verify

__all__ = [
    "RecordedConversation",
    "Transcript",
    "capture",
    "capture_tls13",
    "conversations",
    "decide",
    "perform",
    "record",
    "record_tls13",
    "refusals",
    "run",
    "verify",
]
