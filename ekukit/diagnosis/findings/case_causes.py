"""The causes of a case: those of its rebuilt deployment, as cards."""

from ekukit.causes.card import CauseCard, cause_cards
from ekukit.diagnosis.case import Case


def case_cards(case: Case) -> tuple[CauseCard, ...]:
    """Return the causes of what fails in a case, the one that brings back most first."""
    return cause_cards(case.deployment, case.predicted) if case.deployment else ()
