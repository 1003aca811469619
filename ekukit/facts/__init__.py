"""Facts: the claim ledger and the calendar as data, with sources and status."""

from ekukit.facts.calendar import (
    LAST_DAY,
    CalendarDate,
    Issuance,
    calendar,
    deciding,
    default_end,
    issuance,
    issuers,
    latest_renewal,
    longest_validity,
    validity_limits,
)
from ekukit.facts.glossary import Term, glossary
from ekukit.facts.ledger import Fact, Status, basis, fact, ledger, sources

__all__ = [
    "LAST_DAY",
    "CalendarDate",
    "Fact",
    "Issuance",
    "Status",
    "Term",
    "basis",
    "calendar",
    "deciding",
    "default_end",
    "fact",
    "glossary",
    "issuance",
    "issuers",
    "latest_renewal",
    "ledger",
    "longest_validity",
    "sources",
    "validity_limits",
]
