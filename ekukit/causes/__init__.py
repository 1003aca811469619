"""Causes: what somebody can change, what is down because of it, and what to do."""

from ekukit.causes.card import CauseCard, cause_cards, line_of, numbers_of
from ekukit.causes.causation import root_causes
from ekukit.causes.part import CausePlace, Part
from ekukit.causes.root_cause import RootCause

__all__ = [
    "CauseCard",
    "CausePlace",
    "Part",
    "RootCause",
    "cause_cards",
    "line_of",
    "numbers_of",
    "root_causes",
]
