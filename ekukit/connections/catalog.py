"""The catalog of connections: who starts, who answers, which stores and which check count.

A further connection is a further row here, its facts, and its tests.
"""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.connections.handshake import EkuCheck, End, Handshake, Protocol
from ekukit.expressway import Deployment, Expressway, Mode, Role, Store


class EkuRule(StrEnum):
    """Who decides whether the initiator's certificate needs clientAuth."""

    RESPONDER_MODE = "the responder's EKU checking mode"
    ALWAYS = "always, whatever the mode"


@dataclass(frozen=True, slots=True)
class Connection:
    """A row of the catalog.

    `facts` say that the connection exists and which stores it reads; `rule_facts` say what
    governs its EKU check, by mode (None: the mode does not matter).
    """

    id: str
    title: str
    initiator: Role
    responder: Role
    port: int
    protocol: Protocol
    eku_rule: EkuRule
    per_domain: bool
    facts: tuple[str, ...]
    rule_facts: tuple[str, ...]


CATALOG: tuple[Connection, ...] = (
    Connection(
        id="uc-zone",
        title="UC traversal zone",
        initiator=Role.CORE,
        responder=Role.EDGE,
        port=7001,
        protocol=Protocol.TLS,
        eku_rule=EkuRule.RESPONDER_MODE,
        per_domain=False,
        facts=("N1", "S2"),
        rule_facts=("E1", "E2"),
    ),
    Connection(
        id="ssh-tunnel",
        title="SSH tunnel",
        initiator=Role.CORE,
        responder=Role.EDGE,
        port=2222,
        protocol=Protocol.SSH,
        eku_rule=EkuRule.ALWAYS,
        per_domain=True,
        facts=("N2",),
        rule_facts=("E7",),
    ),
)


def connection(name: str) -> Connection:
    """Return the catalog's row of that id; raises KeyError for an id that it does not have."""
    return {row.id: row for row in CATALOG}[name]


def handshakes(deployment: Deployment, row: Connection) -> tuple[Handshake, ...]:
    """Return the handshakes of a connection, one for every pair of peers."""
    initiators = _peers(deployment, row.initiator)
    responders = _peers(deployment, row.responder)
    return tuple(
        Handshake(
            protocol=row.protocol,
            client=_end(row, start, Store.CLIENT, expects=answer.fqdn),
            server=_end(row, answer, Store.SERVER, expects=answer.verify_subject_name),
            port=row.port,
            eku_check=_eku_check(row, answer),
            at=deployment.at,
        )
        for start in initiators
        for answer in responders
    )


def _peers(deployment: Deployment, role: Role) -> tuple[Expressway, ...]:
    return deployment.core if role is Role.CORE else deployment.edge


def _end(row: Connection, node: Expressway, kind: Store, *, expects: str) -> End:
    store = node.store(kind)
    return End(
        node=node.role.value,
        address=node.address,
        store=store.kind,
        certificate=store.certificate,
        sends_chain=store.chain_uploaded and row.protocol is Protocol.TLS,
        trusted=node.trusted,
        expects_name=expects,
    )


def _eku_check(row: Connection, responder: Expressway) -> EkuCheck:
    if row.eku_rule is EkuRule.RESPONDER_MODE and responder.eku_checking is Mode.OFF:
        return EkuCheck.BYPASSED
    return EkuCheck.CLIENT_AUTH
