"""A case as it may be passed on, and the last look at what is passed on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from ekukit.certificates import Certificate
from ekukit.diagnosis.case import Case
from ekukit.privacy.case_texts import Said, rewritten_case
from ekukit.privacy.hidden_dates import hidden_dates
from ekukit.privacy.hidden_deployment import (
    disguised,
    disguised_certificate,
    disguised_names,
    without_disguise,
)
from ekukit.privacy.identities import redaction_of
from ekukit.privacy.leaks import Secrets, secrets_of
from ekukit.privacy.names import Names
from ekukit.privacy.pseudonyms import Pseudonyms
from ekukit.privacy.redaction import Redaction
from ekukit.renewals.case_dates import DatedCase

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, eq=False)
class Redacted:
    """A case without what names its customer, by what it is rewritten, what it may not say.

    Findings, their codes, order and places are those of the case. What is made of it is to be
    given to `secrets.refuse` before it leaves, or to `refuse` where the disguised deployment is in
    it.
    """

    case: Case
    redaction: Redaction
    secrets: Secrets

    @property
    def pseudonyms(self) -> Pseudonyms:
        """Return what the pseudonyms stand for."""
        return self.names.pseudonyms

    @property
    def names(self) -> Names:
        """Return the names by which the case was hidden."""
        return self.redaction.names

    def dated(self, found: DatedCase) -> DatedCase:
        """Return the calendar of the real case by the same pseudonyms."""
        return replace(found, rows=hidden_dates(found.rows, self.names))

    def certificate(self, found: Certificate, at: datetime) -> Certificate:
        """Return a certificate from outside the case as one of the disguised deployment."""
        names = self.names
        names.learn_names("ca", (name for ca in found.chain for name in (ca.subject, ca.issuer)))
        names.learn_names("name", [found.subject])
        names.learn("host", (name.removeprefix("*.") for name in found.names))
        names.learn_serials([found.serial_hex])
        return disguised_certificate(found, names, at)

    def hosts(self, given: Iterable[str]) -> tuple[str, ...]:
        """Return host names as those of the disguised deployment."""
        return disguised_names(given, self.names)

    def refuse(self, shown: str, name: str) -> None:
        """Raise InputError when a text holds a name or value of the case, see `Secrets.refuse`."""
        self.secrets.refuse(without_disguise(shown), name)


def redacted(case: Case, like: Redacted | None = None) -> Redacted:
    """Return the case rebuilt from what is known to be harmless, its deployment disguised.

    What was named in the redacted case `like` has the same pseudonym here. Raises InputError when
    the case so made holds a name or value of the customer all the same.
    """
    redaction = redaction_of(case, None if like is None else like.redaction)
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
    return Redacted(made, redaction, secrets)
