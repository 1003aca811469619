"""Steps that put a CA into a list of trusted CAs, on a node or at a far end."""

from collections.abc import Iterable, Mapping

from ekukit.causes.mending import changed, everyone, trusting
from ekukit.causes.part import CausePlace, certificate_at
from ekukit.causes.system_words import list_words, title
from ekukit.certificates import CaCertificate
from ekukit.certificates.authority import not_listed
from ekukit.connections.attempts import System
from ekukit.connections.reasons import TRUST_PAGE
from ekukit.expressway import Deployment, FarEnd, FarEndKind, Store
from ekukit.expressway.farkinds import FAR_DEFAULTS
from ekukit.planning.plan_step import Aspect, PlanStep
from ekukit.planning.remedy_table import REMEDY_ROWS, Party

_PARTIES: dict[FarEndKind, Party] = {
    FarEndKind.CUCM: Party.CUCM,
    FarEndKind.WEBEX: Party.WEBEX,
    FarEndKind.PARTNER: Party.PARTNER,
    FarEndKind.NEIGHBOR: Party.NEIGHBOR,
    FarEndKind.CLOUD: Party.CLOUD,
}
# Who runs each far end; users' devices, which present nothing, are nobody's to change.
FAR_PARTIES: dict[FarEndKind, Party] = {
    kind: _PARTIES.get(kind, Party.FAR_END)
    for kind, choice in FAR_DEFAULTS.items()
    if choice.presents is not None
}
_Chains = dict[tuple[CaCertificate, ...], tuple[str, str]]


def trust_offers(deployment: Deployment, certificates: Iterable[PlanStep]) -> tuple[PlanStep, ...]:
    """Return the steps that make a chain trusted: those shown now, and those of new certificates.

    A step puts in root and issuing CAs together, since over SSH the leaf comes alone (E11).
    """
    chains: _Chains = {
        step.shows: (step.row.id, step.words["ca"]) for step in certificates if step.shows
    }
    for system in everyone(deployment):
        for store in (Store.CLIENT, Store.SERVER):
            held = certificate_at(system, store)
            if held is not None and held.chain:
                name = f"of-{_slug(system)}-{store.value}"
                chains.setdefault(held.chain, (name, held.chain[-1].name))
    return tuple(_steps(deployment, chains))


def _slug(system: System) -> str:
    return system.kind.value if isinstance(system, FarEnd) else system.role.value.lower()


def _steps(deployment: Deployment, chains: _Chains) -> Iterable[PlanStep]:
    sides: list[tuple[System, ...]] = [deployment.core, deployment.edge]
    sides += [(far,) for far in deployment.far_ends if far.kind in FAR_PARTIES]
    for systems in sides:
        for chain, (name, ca) in chains.items():
            lacking = [system for system in systems if not_listed(chain, _trusted(system))]
            if lacking:
                yield _step(lacking, chain, name, ca)


def _trusted(system: System) -> frozenset[CaCertificate]:
    return system.trusts if isinstance(system, FarEnd) else system.trusted


def _step(systems: list[System], chain: tuple[CaCertificate, ...], name: str, ca: str) -> PlanStep:
    first = systems[0]
    addresses = tuple(system.address for system in systems)
    far = isinstance(first, FarEnd)
    cas = " and ".join(dict.fromkeys(link.name for link in reversed(chain)))
    words: Mapping[str, str] = {
        "whom": title(first),
        "cas": f"root and issuing CA of {ca}" if ca.startswith(("a ", "another ")) else cas,
        "list": list_words(first),
        "ca": ca,
    }
    return PlanStep(
        id=f"{_slug(first)}.trusted-ca.{name}",
        row=REMEDY_ROWS["far-trust" if far else "trust"],
        place=CausePlace.FAR_END if far else CausePlace.TRUSTED_CA,
        side=None if isinstance(first, FarEnd) else first.role,
        peers=tuple(system.fqdn for system in systems),
        addresses=addresses,
        touches=frozenset((address, Aspect.TRUST) for address in addresses),
        change=lambda found: changed(
            found, lambda one: trusting(one, chain) if one.address in addresses else one
        ),
        refusal=lambda _found: "",
        words=dict(words),
        where=_where(first),
        parties=(FAR_PARTIES[first.kind] if isinstance(first, FarEnd) else Party.EXPRESSWAY,),
        trusts=chain,
        facts=_facts(first),
    )


def _facts(system: System) -> tuple[str, ...]:
    """Return what says that this list must have the CA."""
    if not isinstance(system, FarEnd):
        return ()
    return ("T8",) if system.kind is FarEndKind.CUCM else ("C3-far",)


def _where(system: System) -> str:
    if isinstance(system, FarEnd):
        return f"{system.title}: {list_words(system)}"
    return f"{system.role.value}: {TRUST_PAGE}"
