"""The page for whoever runs a far end: of a condition, or of a case, redacted if that is asked."""

from collections.abc import Iterable
from typing import Annotated, TypedDict, Unpack

from ekukit.errors import InputError
from ekukit.expressway import Deployment, FarEndKind
from ekukit.stacks import KNOWN
from ekukit.verbs.inspect import RoleOption
from ekukit.verbs.known_case import CaseGiven, CaseOption, known_case
from ekukit.verbs.option import Option, signed, taken
from ekukit.views.pages.paper import Paper
from ekukit.views.pages.partner_page import partner_page

_KINDS = tuple(kind.value for kind in FarEndKind if kind is not FarEndKind.MRA_CLIENT)


class PartnerOptions(TypedDict, total=False):
    """What the page takes: the case, which far end, and its TLS stack if that is known."""

    case: CaseOption
    far: Annotated[
        str, Option("whose page it is", values=_KINDS, default="partner", read=FarEndKind)
    ]
    stack: Annotated[
        str, Option(f"what it runs: one of {', '.join(KNOWN)}", values=tuple(KNOWN), shown="STACK")
    ]
    role: RoleOption
    redact: Annotated[bool, Option("hide the names of a case", flag=True)]


@signed(PartnerOptions)
def partner(**options: Unpack[PartnerOptions]) -> Paper:
    """Return the page for a far end: what we present, what it must accept, how to test it.

    Names of a case are real, since a partner needs them, unless `redact` hides them. Raises
    InputError without a case, for one that cannot be read, and for a value that is not known.
    """
    chosen = taken("partner", PartnerOptions, dict(options))
    if not chosen["case"]:
        msg = "case is missing; name a condition (C4) or the archives of one case"
        raise InputError(msg)
    found = _deployment(chosen["case"], chosen["role"], redact=bool(chosen["redact"]))
    return partner_page(found, chosen["far"], KNOWN.get(chosen["stack"]))


def _deployment(given: Iterable[CaseGiven], roles: Iterable[str], *, redact: bool) -> Deployment:
    known = known_case([one for one in given if one is not None], roles)  # type: ignore[misc]
    if known.case is None or not redact:
        return known.deployment
    from ekukit.privacy.passed_on import redacted

    hidden = redacted(known.case).case.deployment
    assert hidden is not None  # noqa: S101 - what is known under names is known without
    return hidden
