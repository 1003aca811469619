"""What a verb is given to stand on: a condition, or the archives of a case, as a deployment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ekukit.connections import Outcome
from ekukit.errors import InputError
from ekukit.expressway import Choices, Deployment, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.verbs.inspect import refuse_unknown, roles_of
from ekukit.verbs.option import Option, a_path

if TYPE_CHECKING:
    from ekukit.archive import Archive
    from ekukit.diagnosis.case import Case
    from ekukit.privacy.passed_on import Redacted

_NOT_HIDDEN = "Names are real here: --redact hides them in what you pass on."
CaseGiven = str | PathLike[str] | Choices
Roles = Iterable[str | Mapping[str, str]]


def a_case(given: CaseGiven) -> Choices | Path:
    """Return choices, those of a condition's name, or a path, which counts where it is there."""
    if isinstance(given, Choices):
        return given
    name = str(given)
    if name.upper() in CONDITIONS and not Path(name).exists():
        return condition(name)
    return a_path(given)


CaseOption = Annotated[
    CaseGiven | Iterable[CaseGiven],
    Option("a condition (C2), or archives of a case; repeatable", shown="CASE", many=True,
           read=a_case, alone=(str, PathLike, Choices)),
]  # fmt: skip
RedactOption = Annotated[
    bool, Option("hide names of a case behind the pseudonyms of inspect --redact", flag=True)
]


@dataclass(frozen=True, slots=True, eq=False)
class KnownCase:
    """A deployment to stand on; `case` is the customer's, None for a condition of the lab.

    `hidden` is what the case became under pseudonyms, None where names are real.
    """

    deployment: Deployment
    notes: tuple[str, ...] = ()
    case: "Case | None" = None
    hidden: "Redacted | None" = None

    @property
    def is_lab(self) -> bool:
        """Return whether it is a condition, whose names and certificates are the kit's own."""
        return self.case is None

    def under_pseudonyms(self, like: "KnownCase | None" = None) -> "KnownCase":
        """Return it redacted, its deployment disguised; a condition of the lab as it is.

        What is named in `like` has the same pseudonym here.
        """
        if self.case is None:
            return self
        from ekukit.privacy.passed_on import redacted
        from ekukit.views.pages.report import HIDDEN

        told = replace(self.case, deployment=self.deployment)
        made = redacted(told, None if like is None else like.hidden)
        deployment = made.case.deployment
        assert deployment is not None  # noqa: S101 - as there was one before
        notes = (HIDDEN, *made.case.unknown, *made.case.unread)
        return KnownCase(deployment, notes, made.case, made)

    def refuse(self, shown: str, name: str) -> None:
        """Raise InputError where what is passed on holds a name that is hidden."""
        if self.hidden is not None:
            self.hidden.refuse(shown, name)

    def run(self, deployment: Deployment) -> tuple[Outcome, ...]:
        """Return the outcomes of this deployment, changed or not, by real handshakes.

        Of a case those that both nodes decide, Unknown where a store is not known.
        """
        if self.is_lab:
            from ekukit import lab

            return lab.run(deployment)
        from ekukit.diagnosis.rebuild.given_deployment import judge_held

        return judge_held(deployment)


def known_case(
    given: Iterable[Choices | Path], roles: Roles = (), at: datetime | None = None
) -> KnownCase:
    """Return the deployment of a condition or of archives, judged at a moment if one is given.

    Raises InputError for a condition beside something else, for archives of which no node's side
    is known, and for what cannot be read.
    """
    found = tuple(given)
    chosen = [one for one in found if isinstance(one, Choices)]
    if chosen and len(found) > 1:
        msg = "a condition stands alone; name it, or the archives of one case"
        raise InputError(msg)
    if chosen:
        return KnownCase(build(replace(chosen[0], at=at or chosen[0].at)))
    from ekukit.archive import open_archive

    paths = [one for one in found if not isinstance(one, Choices)]
    known = case_of(open_archive(*paths), roles, at)
    if known is None:
        told = ", ".join(map(str, paths))
        msg = f"{told}: no node's side is known; give it by --role HOST=core or HOST=edge"
        raise InputError(msg)
    return known


def case_of(archive: "Archive", roles: Roles, at: datetime | None) -> KnownCase | None:
    """Return the deployment of an opened archive, None where no node's side is known.

    Raises InputError when a role is given to no node of the case.
    """
    case = opened_case(archive, roles, at)
    if case.deployment is None:
        return None
    deployment = replace(case.deployment, at=at) if at else case.deployment
    return KnownCase(deployment, (_NOT_HIDDEN, *case.unknown, *case.unread), case)


def opened_case(archive: "Archive", roles: Roles, at: datetime | None) -> "Case":
    """Return the case of an opened archive; raises InputError for a role of no node of it."""
    from ekukit.diagnosis.investigation import investigate

    sides = roles_of(roles)
    case = investigate(archive, roles=sides, at=at)
    refuse_unknown(sides, case)
    return case
