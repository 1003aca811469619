"""Which handshakes a deployment makes for a row of the catalog."""

from dataclasses import replace
from itertools import product

from ekukit.certificates import Certificate
from ekukit.connections.catalog import (
    DECISIONS,
    Connection,
    Decision,
    EkuRule,
    NameRule,
    Place,
)
from ekukit.connections.farstack import demanded
from ekukit.connections.handshake import Cause, EkuCheck, End, Handshake, Protocol
from ekukit.expressway import Deployment, Expressway, FarEnd, Knowledge, Mode, Role, Store
from ekukit.expressway.network import Network
from ekukit.stacks import KnownStack

System = Expressway | FarEnd

# What a far end's settings come to: (asks for a certificate, checks its EKU).
_FAR_CHECKS: dict[tuple[Knowledge, Knowledge], EkuCheck] = {
    (Knowledge.YES, Knowledge.YES): EkuCheck.CLIENT_AUTH,
    (Knowledge.YES, Knowledge.NO): EkuCheck.IGNORED,
    (Knowledge.NO, Knowledge.YES): EkuCheck.NOT_ASKED,
    (Knowledge.NO, Knowledge.NO): EkuCheck.NOT_ASKED,
}
_STRICT = EkuCheck.CLIENT_AUTH
_POSSIBLE = {
    Knowledge.YES: (Knowledge.YES,),
    Knowledge.NO: (Knowledge.NO,),
    Knowledge.UNKNOWN: (Knowledge.YES, Knowledge.NO),
}


def attempts(deployment: Deployment, row: Connection) -> tuple[tuple[Handshake, ...], ...]:
    """Return the handshakes of a connection: one tuple for every pair of systems.

    A tuple has one handshake, or one for each thing that the far end may do where that is not
    known, the strictest first. A cluster has a pair for every two peers, so none for one peer.
    """
    pairs = product(systems(deployment, row.initiator), systems(deployment, row.responder))
    return tuple(
        _attempt(deployment, row, start, answer) for start, answer in pairs if start is not answer
    )


def attempt_of(
    deployment: Deployment, row: Connection, pair: tuple[str, str]
) -> tuple[Handshake, ...]:
    """Return the handshakes of one pair of systems, by address; raises KeyError for no pair."""
    starts, answers = systems(deployment, row.initiator), systems(deployment, row.responder)
    for start, answer in product(starts, answers):
        if start is not answer and (start.address, answer.address) == pair:
            return _attempt(deployment, row, start, answer)
    msg = f"{row.id} has no pair {pair}"
    raise KeyError(msg)


def handshakes(deployment: Deployment, row: Connection) -> tuple[Handshake, ...]:
    """Return all handshakes of a connection, those of every attempt."""
    return tuple(found for attempt in attempts(deployment, row) for found in attempt)


def systems(deployment: Deployment, place: Place) -> tuple[System, ...]:
    """Return what stands at a place: the peers of a cluster, or the far end if there is one."""
    if isinstance(place, Role):
        return deployment.core if place is Role.CORE else deployment.edge
    return tuple(found for found in deployment.far_ends if found.kind is place)


def system_of(deployment: Deployment, row: Connection, end: End) -> System:
    """Return the system that an end of a connection's handshake stands for."""
    places = (*systems(deployment, row.initiator), *systems(deployment, row.responder))
    return next(found for found in places if found.address == end.address)


def decision(row: Connection, answer: System) -> Decision:
    """Return what decides on the EKU at this responder, and the facts that say so."""
    if isinstance(answer, FarEnd):
        return Decision(None, ())
    if row.eku_rule is EkuRule.NEIGHBOR and answer.neighbor_verify is Mode.OFF:
        return Decision(EkuCheck.NOT_ASKED, ("E10",))
    return DECISIONS[answer.release][row.eku_rule]


def _attempt(
    deployment: Deployment, row: Connection, start: System, answer: System
) -> tuple[Handshake, ...]:
    first = Handshake(
        protocol=row.protocol,
        client=_end(row, start, Store.CLIENT, expects=answer.fqdn),
        server=_end(row, answer, Store.SERVER, expects=_expected_name(row, start, answer)),
        port=row.port,
        eku_check=EkuCheck.CLIENT_AUTH,
        at=deployment.at,
        talk=row.talk,
        unreached=_unreached(deployment.network, row.port),
    )
    shown, stack = first.server.certificate, _stack(start)
    if shown and stack:
        first = replace(first, server_check=demanded(stack, shown, of_client=False))
    checks = _checks(row, answer, first.client.certificate)
    return tuple(replace(first, eku_check=check) for check in checks)


def _stack(system: System) -> KnownStack | None:
    return system.stack if isinstance(system, FarEnd) else None


def _unreached(network: Network, port: int) -> Cause | None:
    """Return why nothing is reached on a port; that a name does not resolve comes first."""
    if not network.resolves:
        return Cause.UNRESOLVED
    return Cause.UNREACHED if port in network.dropped else None


def _checks(row: Connection, answer: System, shown: Certificate | None) -> tuple[EkuCheck, ...]:
    if isinstance(answer, FarEnd):
        if row.eku_rule is EkuRule.NOBODY:
            return (EkuCheck.NOT_ASKED,)
        asks, checks = _POSSIBLE[answer.requests_certificate], _POSSIBLE[answer.checks_client_eku]
        if answer.stack:
            demands = demanded(answer.stack, shown, of_client=True) if shown else _STRICT
            found = {Knowledge.YES: demands, Knowledge.NO: EkuCheck.NOT_ASKED}
            return tuple(found[asked] for asked in asks)
        return tuple(dict.fromkeys(_FAR_CHECKS[pair] for pair in product(asks, checks)))
    decided = decision(row, answer).check
    if decided is not None:
        return (decided,)
    return (EkuCheck.BYPASSED if answer.eku_checking is Mode.OFF else EkuCheck.CLIENT_AUTH,)


def _expected_name(row: Connection, start: System, answer: System) -> str:
    if row.name_rule is NameRule.PEER:
        return start.fqdn
    if row.name_rule is NameRule.SUBJECT_NAME and isinstance(answer, Expressway):
        return answer.verify_subject_name
    return ""


def _end(row: Connection, system: System, kind: Store, *, expects: str) -> End:
    sends = row.protocol is Protocol.TLS
    if isinstance(system, FarEnd):
        shown = system.presents(as_client=kind is Store.CLIENT)
        if shown and kind is Store.CLIENT and system.keeps_back(shown):
            shown = None
        return End(
            system.title, system.address, None, shown, sends, system.trusts, expects,
            prompts=row.prompts,
        )  # fmt: skip
    store = system.store(kind)
    return End(
        node=system.role.value,
        address=system.address,
        store=store.kind,
        certificate=store.certificate,
        sends_chain=store.chain_uploaded and sends,
        sends_root=store.root_uploaded and store.chain_uploaded and sends,
        trusted=system.trusted,
        expects_name=expects,
    )
