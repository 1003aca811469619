"""Facts: the claim ledger and the calendar as data, with sources and status."""

from ekukit.facts.calendar import (
    STOPS,
    calendar,
    deciding,
    issuance,
    issuers,
    last_day,
    latest_renewal,
    longest,
    validity_limits,
)
from ekukit.facts.ledger import (
    Fact,
    Status,
    basis,
    fact,
    ledger,
    sources,
)

__all__ = [
    "STOPS",
    "Fact",
    "Status",
    "basis",
    "calendar",
    "deciding",
    "fact",
    "issuance",
    "issuers",
    "last_day",
    "latest_renewal",
    "ledger",
    "longest",
    "sources",
    "validity_limits",
]
