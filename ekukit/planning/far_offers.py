"""Steps that whoever runs a far end must do: switch a check off, present another certificate."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from ekukit.causes.mending import changed, mended
from ekukit.causes.part import CausePlace, Kind
from ekukit.causes.root_cause import RootCause
from ekukit.expressway import Deployment, FarEnd, FarEndKind, Knowledge
from ekukit.expressway.farrelease import far_release
from ekukit.planning.plan_step import Aspect, PlanStep
from ekukit.planning.remedy_table import REMEDY_ROWS
from ekukit.planning.trust_offers import FAR_PARTIES

# Where a far end can only stop checking with another release, that release (F4).
_RELEASES = {FarEndKind.CUCM: "15su5-ignoring"}


def far_offers(deployment: Deployment, causes: Iterable[RootCause]) -> tuple[PlanStep, ...]:
    """Return what far ends can change beside the CAs that they trust."""
    at_fault = {
        part: part.address
        for cause in causes
        for part in cause.parts
        if part.place is CausePlace.FAR_END and part.kind is Kind.CERTIFICATE
    }
    found = []
    for far in deployment.far_ends:
        if far.kind not in FAR_PARTIES:
            continue
        if far.requests_certificate is not Knowledge.NO and (
            far.checks_client_eku is not Knowledge.NO
        ):
            found.append(_check_off(far))
        parts = [part for part, address in at_fault.items() if address == far.address]
        if parts:
            found.append(
                _step(far, "far-certificate", {Aspect.SERVER, Aspect.CLIENT},
                      partial(mended, parts=parts), {"names": far.fqdn})
            )  # fmt: skip
    return tuple(found)


def _check_off(far: FarEnd) -> PlanStep:
    name = _RELEASES.get(far.kind, "")
    release = far_release(far.kind, name) or far.release
    words = {}
    facts: tuple[str, ...] = ()
    if name and release:
        words = {"whom": f"{far.title} (by {release.title})"}
        facts = release.facts

    def off(found: FarEnd) -> FarEnd:
        return replace(found, checks_client_eku=Knowledge.NO, release=release)

    made = _step(
        far, "far-check-off", {Aspect.CHECK},
        lambda now: changed(now, lambda one: off(one) if one.address == far.address else one),
        words,
    )  # fmt: skip
    return replace(made, facts=facts)


def _step(
    far: FarEnd,
    remedy: str,
    aspects: set[Aspect],
    change: Callable[[Deployment], Deployment],
    words: dict[str, str],
) -> PlanStep:
    return PlanStep(
        id=f"{far.kind.value}.{remedy.removeprefix('far-')}",
        row=REMEDY_ROWS[remedy],
        place=CausePlace.FAR_END,
        side=None,
        peers=(far.fqdn,),
        addresses=(far.address,),
        touches=frozenset((far.address, aspect) for aspect in aspects),
        change=change,
        refusal=lambda _found: "",
        words={"whom": far.title, **words},
        where=f"{far.title}: by whoever runs it",
        parties=(FAR_PARTIES[far.kind],),
    )
