"""Steps that give a store of a node another certificate, as the node's own page takes it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ekukit.causes.mending import NOTHING_OLD, issued
from ekukit.causes.part import CausePlace, Kind, Part, certificate_at
from ekukit.causes.root_cause import RootCause
from ekukit.causes.system_words import listed, node_words
from ekukit.certificates import Certificate, eku_words
from ekukit.connections.handshake import Cause
from ekukit.connections.reasons import PAGES
from ekukit.expressway import Deployment, Expressway, Role, Store
from ekukit.expressway.upload import upload
from ekukit.planning.ca_choices import OTHER_PUBLIC, CaChoice, private_ca, same_ca
from ekukit.planning.plan_step import Aspect, PlanStep
from ekukit.planning.remedy_table import REMEDY_ROWS, Party

_PLACES = {Store.SERVER: CausePlace.SERVER_STORE, Store.CLIENT: CausePlace.CLIENT_STORE}
_ASPECTS = {Store.SERVER: Aspect.SERVER, Store.CLIENT: Aspect.CLIENT}
# A renewal by the same CA that gives what it gave keeps these.
_KEPT = frozenset({Cause.EKU, Cause.CA_EKU, Cause.KEY_USAGE, Cause.NETSCAPE_TYPE})
_EVERY_PEER = ".every-peer"
_PROMPT = " MRA clients whose device does not trust the CA ask their users (C3)."


@dataclass(frozen=True, slots=True)
class Group:
    """Peers of a side whose store is filled together, and what is wrong there now."""

    role: Role
    store: Store
    peers: tuple[Expressway, ...]
    causes: frozenset[Cause]
    ending: str = ""


def certificate_offers(
    deployment: Deployment, causes: Iterable[RootCause], only_ca: str = ""
) -> tuple[PlanStep, ...]:
    """Return the steps that fill a store: each peer with a fault there, else every peer."""
    told = tuple(causes)
    private = private_ca(deployment)
    return tuple(
        _step(deployment, group, choice, only_ca)
        for role in Role
        for store in Store
        for group in _groups(deployment, role, store, told)
        for choice in _choices(deployment, group, private)
    )


def _groups(
    deployment: Deployment, role: Role, store: Store, causes: Iterable[RootCause]
) -> Iterable[Group]:
    peers = deployment.core if role is Role.CORE else deployment.edge
    wrong: dict[str, set[Cause]] = {}
    for cause in causes:
        for part in cause.parts:
            if part.kind is Kind.CERTIFICATE and part.store is store:
                wrong.setdefault(part.address, set()).update(f.verdict.cause for f in cause.faults)
    at_fault = tuple(peer for peer in peers if peer.address in wrong)
    whys = frozenset(why for peer in at_fault for why in wrong[peer.address])
    if at_fault:
        yield Group(role, store, at_fault, whys)
    if at_fault != peers:
        yield Group(role, store, peers, whys, _EVERY_PEER if at_fault else "")


def _choices(deployment: Deployment, group: Group, private: CaChoice) -> Iterable[CaChoice]:
    """Yield the CAs that would change something; R4 is for what a node presents as client."""
    peer = group.peers[0]
    old = certificate_at(peer, group.store)
    as_client = group.store is Store.CLIENT or not all(p.release.has_client_store
                                                        for p in group.peers)  # fmt: skip
    offered = [private, *([OTHER_PUBLIC] if as_client else [])]
    for choice in offered:
        same = old is not None and old.chain == choice.chain and old.ekus == choice.ekus
        if not same or group.causes:
            yield choice
    again = same_ca(old, deployment.at)
    if again is None or again.chain == private.chain:
        return
    gains = old is not None and set(again.ekus or ()) > set(old.ekus or again.ekus or ())
    sends = all(peer.store(group.store).chain_uploaded for peer in group.peers)
    if gains or group.causes - _KEPT or not sends:
        yield again


def _step(deployment: Deployment, group: Group, choice: CaChoice, only_ca: str) -> PlanStep:
    leaves = {peer.address: _leaf(deployment, peer, group.store, choice) for peer in group.peers}
    parts = [Part(_PLACES[group.store], Kind.CERTIFICATE, peer.address, group.store)
             for peer in group.peers]  # fmt: skip
    whom = node_words(deployment, parts)
    side, store = group.role.value.lower(), group.store.value
    return PlanStep(
        id=f"{side}.{store}-store.{choice.kind.value}{group.ending}",
        row=REMEDY_ROWS[choice.kind.value],
        place=_PLACES[group.store],
        side=group.role,
        peers=tuple(peer.fqdn for peer in group.peers),
        addresses=tuple(leaves),
        touches=frozenset((address, _ASPECTS[group.store]) for address in leaves),
        change=lambda found: _filled(found, group.store, leaves),
        refusal=lambda found: _refused(found, group.store, leaves),
        words={
            "whom": whom,
            "whose": f"each {whom} peer's" if len(leaves) > 1 else f"{whom}'s",
            "store": store,
            "ekus": eku_words(choice.ekus),
            "ca": choice.name,
            "names": listed(_name_words(leaves.values()), most=6),
            "prompt": _PROMPT if _prompts(group, choice) else "",
        },
        where=f"{whom}: {PAGES[group.store]}",
        parties=(Party.EXPRESSWAY, Party.PKI),
        shows=choice.chain,
        facts=("R6", "C3") if _prompts(group, choice) else (),
        is_foreign=bool(only_ca) and not _is_called(choice, only_ca),
    )


def _prompts(group: Group, choice: CaChoice) -> bool:
    return group.role is Role.EDGE and group.store is Store.SERVER and not choice.public


def _name_words(leaves: Iterable[Certificate]) -> Iterable[str]:
    """Return the names of a certificate; of several peers' the own one, and those in common."""
    told = [leaf.names for leaf in leaves]
    if len(told) == 1:
        return told[0]
    common = [name for name in told[0] if all(name in names for names in told)]
    return ("its own host name", *common)


def _is_called(choice: CaChoice, name: str) -> bool:
    return any(name.lower() in known.lower() for known in choice.names)


def _leaf(deployment: Deployment, node: Expressway, store: Store, choice: CaChoice) -> Certificate:
    old = certificate_at(node, store) or node.server.certificate
    if old is None:
        old = replace(NOTHING_OLD, subject=f"CN={node.fqdn}")
    made = issued(deployment, node, old, choice.chain)
    return made.moved(ekus=choice.ekus, public=choice.public)


def _filled(deployment: Deployment, store: Store, leaves: dict[str, Certificate]) -> Deployment:
    def change(node: Expressway) -> Expressway:
        leaf = leaves.get(node.address)
        return node if leaf is None else upload(node, store, leaf).node

    return replace(
        deployment,
        core=tuple(map(change, deployment.core)),
        edge=tuple(map(change, deployment.edge)),
    )


def _refused(deployment: Deployment, store: Store, leaves: dict[str, Certificate]) -> str:
    """Return why a node's page would refuse it now, "" where it takes all of them."""
    for node in (*deployment.core, *deployment.edge):
        leaf = leaves.get(node.address)
        if leaf is not None:
            answer = upload(node, store, leaf)
            if not answer.accepted:
                return answer.reason
    return ""
