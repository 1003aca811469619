"""A model deployment in which one certificate loses clientAuth, for nodes of a table."""

from dataclasses import replace
from functools import cache
from typing import NamedTuple

from ekukit.diagnosis.planned_case import PlanStart
from ekukit.expressway import Deployment, Mode, Role, Slot, Store, build, condition
from ekukit.expressway.slot import PUBLIC_BOTH, PUBLIC_SERVER
from ekukit.renewals.dark_days import fallen
from ekukit.renewals.mending_plan import Mender, MendingPlan


class ModelEffect(NamedTuple):
    """What goes down in the model, what may, and the plan that mends it."""

    down: tuple[str, ...]
    perhaps: tuple[str, ...]
    mending: MendingPlan | None


@cache
def model_effect(role: Role, stores: frozenset[Store], core: Mode, edge: Mode) -> ModelEffect:
    """Return what goes down, and what may, when the certificate in these stores loses clientAuth.

    By real handshakes between a Core and an Edge on X15.5 that are sound in everything else, with
    these modes and the far ends' defaults. Both nodes trust the CA. The plan is made by rules.
    """
    from ekukit.lab import run

    after = _model(role, stores, (core, edge), PUBLIC_SERVER)
    down, perhaps = fallen(run(_model(role, stores, (core, edge), PUBLIC_BOTH)), run(after))
    missed = down or perhaps
    return ModelEffect(down, perhaps, Mender(PlanStart(after)).plan(missed) if missed else None)


def _model(
    role: Role, stores: frozenset[Store], modes: tuple[Mode, Mode], slot: Slot
) -> Deployment:
    slots = {f"{role.value.lower()}_{store.value}": slot for store in stores}
    core, edge = modes
    sound = condition("C3", core_checking=core, edge_checking=edge)
    return build(replace(sound, **slots))  # type: ignore[arg-type]
