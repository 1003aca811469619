"""The lab: real TLS and SSH handshakes, in memory, with certificates made on the spot."""

from ekukit.lab.bench import perform, run
from ekukit.lab.record import Conversation, capture, conversations, record, record_tls13
from ekukit.lab.tape import Transcript

__all__ = [
    "Conversation",
    "Transcript",
    "capture",
    "conversations",
    "perform",
    "record",
    "record_tls13",
    "run",
]
