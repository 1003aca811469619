"""Facts: the claim ledger and the calendar as data, with sources and status."""

from ekukit.facts.calendar import CalendarDate, calendar
from ekukit.facts.glossary import Term, glossary
from ekukit.facts.ledger import Fact, Status, basis, fact, ledger, sources

__all__ = [
    "CalendarDate",
    "Fact",
    "Status",
    "Term",
    "basis",
    "calendar",
    "fact",
    "glossary",
    "ledger",
    "sources",
]
