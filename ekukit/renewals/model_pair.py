"""A model deployment in which one certificate loses clientAuth, for nodes of a table."""

from dataclasses import replace
from functools import cache

from ekukit.expressway import Deployment, Mode, Role, Slot, Store, build, condition
from ekukit.expressway.slot import PUBLIC_BOTH, PUBLIC_SERVER
from ekukit.renewals.dark_days import fallen


@cache
def model_effect(
    role: Role, stores: frozenset[Store], core: Mode, edge: Mode
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what goes down, and what may, when the certificate in these stores loses clientAuth.

    By real handshakes between a Core and an Edge on X15.5 that are sound in everything else, with
    these modes and the far ends' defaults. Both nodes trust the CA.
    """
    from ekukit.lab import run

    return fallen(
        run(_model(role, stores, (core, edge), PUBLIC_BOTH)),
        run(_model(role, stores, (core, edge), PUBLIC_SERVER)),
    )


def _model(
    role: Role, stores: frozenset[Store], modes: tuple[Mode, Mode], slot: Slot
) -> Deployment:
    slots = {f"{role.value.lower()}_{store.value}": slot for store in stores}
    core, edge = modes
    sound = condition("C3", core_checking=core, edge_checking=edge)
    return build(replace(sound, **slots))  # type: ignore[arg-type]
