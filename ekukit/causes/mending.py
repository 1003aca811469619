"""A deployment in which one part is put right, by values alone: what rules say of it counts."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ekukit.causes.part import NEW, Kind, Part, borne, certificate_at, held_names, top_of
from ekukit.certificates import CaCertificate, Certificate, EkuProfile
from ekukit.certificates.constraints import ISSUER, LEAF
from ekukit.certificates.hostname import is_host_name
from ekukit.connections.attempts import System
from ekukit.expressway import CertificateStore, Deployment, Expressway, FarEnd, Slot, Store
from ekukit.expressway.build import CA1, certificate_for

_DAY = timedelta(days=1)
# A CA that nobody has yet, for where nothing tells which CA an old certificate was of.
_NOBODY_S = tuple(replace(ca, key="nobody's") for ca in CA1.ca_certificates)
# Where there was none, the new one takes nothing over.
_NEW = certificate_for("", Slot("internal", EkuProfile.BOTH), key="RSA-2048")
NOTHING_OLD = replace(_NEW, names=())


def mended(deployment: Deployment, parts: Iterable[Part]) -> Deployment:
    """Return the deployment with these parts put right; what cannot be is left as it is.

    A certificate is issued anew for both purposes, with the names that it needs, by a sound CA
    that is trusted wherever the old one was: whatever else is wrong there stays so.
    """
    # Names first, since a certificate that is issued anew holds those that are looked for.
    for part in sorted(parts, key=lambda part: part.kind is not Kind.NAME):
        deployment = _MENDINGS[part.kind](deployment, part)
    return deployment


def everyone(deployment: Deployment) -> tuple[System, ...]:
    """Return the nodes and far ends of a deployment."""
    return (*deployment.core, *deployment.edge, *deployment.far_ends)


def system_at(deployment: Deployment, address: str) -> System:
    """Return the system of an address."""
    return next(found for found in everyone(deployment) if found.address == address)


def changed(deployment: Deployment, change: Callable[[Any], Any]) -> Deployment:
    """Return the deployment with every system changed to one of the same kind."""
    return replace(
        deployment,
        core=tuple(map(change, deployment.core)),
        edge=tuple(map(change, deployment.edge)),
        far_ends=tuple(map(change, deployment.far_ends)),
    )


def _certificate(deployment: Deployment, part: Part) -> Deployment:
    system = system_at(deployment, part.address)
    old = certificate_at(system, part.store) or certificate_at(system, Store.SERVER)
    known = old is not None and bool(old.chain)
    above = old.chain if old and known else _NOBODY_S
    chain = tuple(_sound(deployment, ca) for ca in above)
    pairs = tuple(zip((ca.identity for ca in above), chain, strict=True))
    new = issued(deployment, system, old or NOTHING_OLD, chain)
    deployment = changed(
        deployment,
        lambda found: trusting(
            found, (to for was, to in pairs if not known or _trusts(found, was))
        ),
    )
    return changed(
        deployment,
        lambda found: holding(found, part, new) if found.address == part.address else found,
    )


def _sound(deployment: Deployment, ca: CaCertificate) -> CaCertificate:
    return replace(
        ca,
        ekus=None,
        not_before=deployment.at - 365 * _DAY,
        not_after=deployment.at + 365 * _DAY,
        key=ca.key + NEW,
        issuer_key=ca.issuer_key + NEW,
        limits=ISSUER,
        kind="RSA-2048",
        der=b"",
    )


def issued(
    deployment: Deployment, system: System, old: Certificate, chain: tuple[CaCertificate, ...]
) -> Certificate:
    """Return a certificate for both purposes under a chain, with every name that is needed."""
    return old.moved(
        names=needed_names(deployment, system, old),
        ekus=EkuProfile.BOTH.ekus,
        not_before=deployment.at - _DAY,
        not_after=deployment.at + 90 * _DAY,
        chain=chain,
        key="RSA-2048",
        limits=LEAF,
    )


def needed_names(deployment: Deployment, system: System, old: Certificate) -> tuple[str, ...]:
    """Return the names that it had, its own, and those of its cluster."""
    wanted = [system.fqdn, *old.answers_to]
    if isinstance(system, Expressway):
        nodes = (*deployment.core, *deployment.edge)
        known = borne(deployment, system.role)
        # A wildcard alone says nothing of what was meant.
        named = any(map(is_host_name, held_names(deployment, system.role)))
        wanted += [n.verify_subject_name for n in nodes
                   if n.verify_subject_name.lower() in known or not named]  # fmt: skip
        peers = [n for n in nodes if n.role is system.role]
        own = {n.fqdn for n in peers}
        held = [found for n in peers if (found := certificate_at(n, Store.CLIENT))]
        wanted += [name for found in held for name in found.answers_to if name not in own]
    return tuple(dict.fromkeys(filter(None, wanted)))


def _trust(deployment: Deployment, part: Part) -> Deployment:
    missing = {
        ca
        for found in everyone(deployment)
        for store in Store
        if (shown := certificate_at(found, store))
        if top_of(shown.chain) == part.ca
        for ca in shown.chain
    }
    return changed(
        deployment,
        lambda found: trusting(found, missing) if found.address == part.address else found,
    )


def _name(deployment: Deployment, part: Part) -> Deployment:
    """Have a zone look for the name that the far side's client certificates bear."""
    judge = system_at(deployment, part.address)
    peers = [n for n in (*deployment.core, *deployment.edge)
             if isinstance(judge, Expressway) and n.role is not judge.role]  # fmt: skip
    held = [found.answers_to for n in peers if (found := certificate_at(n, Store.CLIENT))]
    counted = Counter(name for names in held for name in {*names} if is_host_name(name))
    own = [n.fqdn for n in peers]
    one = len(own) == 1
    name = max(counted or own, key=lambda name: (counted[name], (name in own) is one, name))
    return changed(
        deployment,
        lambda found: (
            replace(found, verify_subject_name=name)
            if isinstance(found, Expressway) and found.address == part.address
            else found
        ),
    )


def _trusts(system: System, identity: tuple[str, str]) -> bool:
    trusted = system.trusts if isinstance(system, FarEnd) else system.trusted
    return any(ca.identity == identity for ca in trusted)


def trusting(system: System, more: Iterable[CaCertificate]) -> System:
    """Return the system with further CAs in its list."""
    if isinstance(system, FarEnd):
        return replace(system, trusts=system.trusts | set(more))
    return replace(system, trusted=system.trusted | set(more))


def holding(system: System, part: Part, certificate: Certificate) -> System:
    """Return the system with a certificate in the part's store."""
    if isinstance(system, FarEnd):
        if part.store is Store.CLIENT:
            return replace(system, client_certificate=certificate)
        return replace(system, certificate=certificate)
    store = CertificateStore(part.store or Store.SERVER, certificate)
    if store.kind is Store.SERVER:
        return replace(system, server=store)
    return replace(system, client=store)


_MENDINGS: dict[Kind, Callable[[Deployment, Part], Deployment]] = {
    Kind.CERTIFICATE: _certificate,
    Kind.TRUST: _trust,
    Kind.NAME: _name,
    Kind.PORT: lambda deployment, part: replace(
        deployment,
        network=replace(deployment.network, dropped=deployment.network.dropped - {part.port}),
    ),
    Kind.NAMES: lambda deployment, _part: replace(
        deployment, network=replace(deployment.network, resolves=True)
    ),
    Kind.NOT_KNOWN: lambda deployment, _part: deployment,
}
