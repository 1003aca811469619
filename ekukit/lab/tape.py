"""What crossed between two ends: flights of bytes, and the secrets that decrypt them."""

from dataclasses import dataclass, field

from ekukit.connections import Side, Verdict


@dataclass(slots=True)
class Transcript:
    """Flights in the order in which they crossed, TLS key log lines, and the verdict."""

    flights: list[tuple[Side, bytes]] = field(default_factory=list)
    secrets: list[bytes] = field(default_factory=list)
    verdict: Verdict | None = None
