"""A case as it may be passed on, and the last look at what is passed on."""

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from ekukit.diagnosis.case import Case
from ekukit.privacy.case_texts import Said, rewritten_case
from ekukit.privacy.hidden_dates import hidden_dates
from ekukit.privacy.hidden_deployment import disguised
from ekukit.privacy.identities import redaction_of
from ekukit.privacy.leaks import Secrets, secrets_of
from ekukit.privacy.names import Names
from ekukit.privacy.pseudonyms import Pseudonyms
from ekukit.renewals.case_dates import DatedCase

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, eq=False)
class Redacted:
    """A case without what names its customer, the names by which it was hidden, what may not leave.

    Findings, their codes, order and places are those of the case. What is made of it is to be
    given to `secrets.refuse` before it leaves.
    """

    case: Case
    names: Names
    secrets: Secrets

    @property
    def pseudonyms(self) -> Pseudonyms:
        """Return what the pseudonyms stand for."""
        return self.names.pseudonyms

    def dated(self, found: DatedCase) -> DatedCase:
        """Return the calendar of the real case by the same pseudonyms."""
        return replace(found, rows=hidden_dates(found.rows, self.names))


def redacted(case: Case) -> Redacted:
    """Return the case rebuilt from what is known to be harmless, its deployment disguised.

    Raises InputError when the case so made holds a name or value of the customer all the same.
    """
    redaction = redaction_of(case)
    names = redaction.names
    writers: dict[Said, Callable[[str], str]] = {
        Said.SENTENCE: redaction,
        Said.QUOTED: redaction.quoted,
        Said.PLACE: names.place,
        Said.FILE: names.file,
        Said.SERIAL: names.serial,
        Said.NAME: names.distinguished,
    }
    # A text that stands in thousands of rows is read once.
    made = rewritten_case(case, cache(lambda text, said: writers.get(said, redaction)(text)))
    if case.deployment is not None:
        made = replace(made, deployment=disguised(case.deployment, names))
    secrets = secrets_of(case, names.keep)
    told: list[str] = []

    def note(text: str, _said: Said) -> str:
        told.append(text)
        return text

    rewritten_case(made, note)
    secrets.refuse("\n".join(told), "the redacted case")
    return Redacted(made, names, secrets)
