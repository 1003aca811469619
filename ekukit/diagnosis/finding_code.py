"""A row of the table of finding codes."""

from dataclasses import dataclass

from ekukit.diagnosis.finding import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A row of the table: what a code means by default; a finding may say more, never another.

    `required` and `todo` are sentences; words in braces are filled in from the case.
    """

    code: str
    title: str
    severity: Severity
    required: str
    todo: str
    facts: tuple[str, ...]
