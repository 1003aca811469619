"""The catalog of connections: who starts, who answers, which check counts.

A further connection is a further row here and its facts. How an archive tells it from the others
is part of the row; finding codes, pictures, samples and the readers of logs and captures follow.
"""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.connections.handshake import Cause, EkuCheck, Protocol, Talk
from ekukit.expressway import FarEndKind, Release, Role
from ekukit.expressway.farkinds import FAR_END_TITLES, FAR_ROWS

Place = Role | FarEndKind


def place_title(place: Place) -> str:
    """Return the name for people of a node's role or of a far end."""
    return place.value if isinstance(place, Role) else FAR_END_TITLES[place]


class EkuRule(StrEnum):
    """Who decides whether the initiator's certificate needs clientAuth."""

    MODE = "the responder's EKU checking mode"
    UC_ZONE = "the responder's EKU checking mode; on X15.4 one-way validation"
    NEIGHBOR = "the responder's EKU checking mode, when its zone has TLS verify On"
    ALWAYS = "always, whatever the mode"
    FAR_END = "the far end"
    CLUSTER = "the release"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule comes to on a release: a check (None: the mode decides) and its facts."""

    check: EkuCheck | None
    facts: tuple[str, ...]


_MODE = Decision(None, ("E1", "E2"))
_CLIENT_AUTH = Decision(EkuCheck.CLIENT_AUTH, ("E1", "L1"))
_X14_3: dict[EkuRule, Decision] = {
    EkuRule.MODE: _CLIENT_AUTH,
    EkuRule.NEIGHBOR: _CLIENT_AUTH,
    EkuRule.UC_ZONE: _CLIENT_AUTH,
    EkuRule.ALWAYS: Decision(EkuCheck.CLIENT_AUTH, ("E7",)),
    EkuRule.CLUSTER: Decision(EkuCheck.CLIENT_AUTH, ("N9",)),
    EkuRule.NOBODY: Decision(EkuCheck.NOT_ASKED, ("N12",)),
}
_X15_4 = {
    **_X14_3,
    EkuRule.UC_ZONE: Decision(EkuCheck.NOT_ASKED, ("K3",)),
    EkuRule.CLUSTER: Decision(EkuCheck.IGNORED, ("N9",)),
}
_X15_5 = {**_X15_4, EkuRule.MODE: _MODE, EkuRule.NEIGHBOR: _MODE, EkuRule.UC_ZONE: _MODE}
# What every rule comes to: a row for each release, made of the one before it. What the far end
# decides stands in no row.
DECISIONS: dict[Release, dict[EkuRule, Decision]] = {
    Release.X14_3: _X14_3,
    Release.X15_4: _X15_4,
    Release.X15_5: _X15_5,
}


class NameRule(StrEnum):
    """Which name the responder expects in the initiator's certificate."""

    SUBJECT_NAME = "TLS verify subject name"
    PEER = "the initiator's host name"
    NOTHING = "no name"


class ToldBy(StrEnum):
    """What tells a connection from others in a log or a capture, beside its ports.

    PORT: nothing, since no other uses them. ANSWERER: which node answers, whoever calls. ENDS:
    which end the node is; of several rows that fit the catalog's first counts. NAME and PEER hold
    before these: the far end's kind in the name that is called, and CUCM that is known as such.
    ZONE is the configured port of a traversal zone.
    """

    PORT = "its port alone"
    ANSWERER = "the node that answers"
    ENDS = "the node's end of it"
    NAME = "the name that is called"
    PEER = "who is known to be CUCM"
    ZONE = "the configuration of zones"


@dataclass(frozen=True, slots=True)
class Connection:
    """A row of the catalog.

    A far end that asks for certificates asks for none here where the rule is NOBODY (F6). `facts`
    say that the connection exists and which stores it reads. `refusals` name facts for
    what a far end refuses. `prompts` says that the initiator's user is asked about an untrusted
    certificate instead of being refused. `talk` is what is said once it stands. An archive may show
    it on `more_ports`, too, and knows it by `told_by`.
    """

    id: str
    title: str
    initiator: Place
    responder: Place
    port: int
    eku_rule: EkuRule
    facts: tuple[str, ...]
    talk: Talk
    protocol: Protocol = Protocol.TLS
    name_rule: NameRule = NameRule.NOTHING
    prompts: bool = False
    refusals: tuple[tuple[Cause, str], ...] = ()
    told_by: ToldBy = ToldBy.ENDS
    more_ports: tuple[int, ...] = ()

    @property
    def ports(self) -> tuple[int, ...]:
        """Return every port on which an archive may show it, its own first."""
        return (self.port, *self.more_ports)

    @property
    def far_end(self) -> FarEndKind | None:
        """Return which far end it has, None between nodes."""
        ends = (self.initiator, self.responder)
        return next((end for end in ends if isinstance(end, FarEndKind)), None)

    @property
    def is_open(self) -> bool:
        """Return whether anybody on the Internet can start it."""
        return isinstance(self.initiator, FarEndKind) and FAR_ROWS[self.initiator].outside


_EDGE_OUT = ((Cause.EKU, "C4-far"), (Cause.UNTRUSTED, "C3-far"))
_CUCM = ((Cause.UNTRUSTED, "T8"),)
# SIP over mutual TLS has a second port (N5), a traversal zone one of its own each (N1).
_MTLS = (5062,)
_ZONES = tuple(range(7002, 7011))

CATALOG: tuple[Connection, ...] = (
    Connection(
        "uc-zone", "UC traversal zone", Role.CORE, Role.EDGE, 7001, EkuRule.UC_ZONE,
        ("N1", "S2"), Talk.SIP, name_rule=NameRule.SUBJECT_NAME, told_by=ToldBy.ZONE,
        more_ports=_ZONES,
    ),
    Connection(
        "ssh-tunnel", "SSH tunnel", Role.CORE, Role.EDGE, 2222, EkuRule.ALWAYS, ("N2",),
        Talk.TUNNEL, protocol=Protocol.SSH, name_rule=NameRule.SUBJECT_NAME, told_by=ToldBy.PORT,
    ),
    Connection(
        "traversal-mtls", "Traversal zone with mTLS", Role.CORE, Role.EDGE, 7002, EkuRule.MODE,
        ("N3", "N3-mode", "S2"), Talk.SIP, name_rule=NameRule.SUBJECT_NAME, told_by=ToldBy.ZONE,
    ),
    Connection(
        "cucm-tftp", "MRA provisioning", Role.CORE, FarEndKind.CUCM, 6972, EkuRule.FAR_END,
        ("N6", "X3", "S2"), Talk.HTTP, refusals=_CUCM, told_by=ToldBy.PORT,
    ),
    Connection(
        "cucm-config", "MRA configuration", Role.CORE, FarEndKind.CUCM, 6971, EkuRule.FAR_END,
        ("N13", "F6", "S2"), Talk.HTTP, refusals=_CUCM, told_by=ToldBy.PORT,
    ),
    Connection(
        "cucm-uds", "MRA user data", Role.CORE, FarEndKind.CUCM, 8443, EkuRule.NOBODY,
        ("N6", "F6"), Talk.HTTP,
    ),
    Connection(
        "cucm-line-in", "MRA line side, from CUCM", FarEndKind.CUCM, Role.CORE, 5061,
        EkuRule.MODE, ("N13", "N13-mode", "S2"), Talk.SIP, told_by=ToldBy.PEER, more_ports=_MTLS,
    ),
    Connection(
        "cucm-line-out", "MRA line side, to CUCM", Role.CORE, FarEndKind.CUCM, 5061,
        EkuRule.FAR_END, ("N13", "S2"), Talk.SIP, told_by=ToldBy.PEER, more_ports=_MTLS,
    ),
    Connection(
        "cucm-oauth", "MRA line side with OAuth", Role.CORE, FarEndKind.CUCM, 5091,
        EkuRule.FAR_END, ("N13", "S2"), Talk.SIP, told_by=ToldBy.PORT,
    ),
    Connection(
        "neighbor-in", "Neighbor zone, inbound", FarEndKind.NEIGHBOR, Role.CORE, 5061,
        EkuRule.NEIGHBOR, ("N4", "X2", "S2"), Talk.SIP, name_rule=NameRule.PEER, more_ports=_MTLS,
    ),
    Connection(
        "neighbor-out", "Neighbor zone, outbound", Role.CORE, FarEndKind.NEIGHBOR, 5061,
        EkuRule.FAR_END, ("N4", "S2"), Talk.SIP, more_ports=_MTLS,
    ),
    Connection(
        "webex", "Webex call over mTLS", Role.EDGE, FarEndKind.WEBEX, 5061, EkuRule.FAR_END,
        ("N5", "X1", "S2"), Talk.SIP, refusals=_EDGE_OUT, told_by=ToldBy.NAME, more_ports=_MTLS,
    ),
    Connection(
        "b2b-out", "B2B call, outbound", Role.EDGE, FarEndKind.PARTNER, 5061, EkuRule.FAR_END,
        ("N5", "S2"), Talk.SIP, refusals=_EDGE_OUT, more_ports=_MTLS,
    ),
    Connection(
        "b2b-in", "B2B call, inbound", FarEndKind.PARTNER, Role.EDGE, 5061, EkuRule.MODE,
        ("N5", "S2"), Talk.SIP, more_ports=_MTLS,
    ),
    Connection(
        "xmpp-federation", "XMPP federation", Role.EDGE, FarEndKind.PARTNER, 5269,
        EkuRule.FAR_END, ("N8", "S2"), Talk.XMPP, refusals=_EDGE_OUT,
    ),
    Connection(
        "cloud-onboarding", "Cloud onboarding", Role.EDGE, FarEndKind.CLOUD, 443,
        EkuRule.FAR_END, ("N7", "S2"), Talk.HTTP, refusals=_EDGE_OUT,
    ),
    Connection(
        "cluster", "Cluster database", Role.EDGE, Role.EDGE, 4372, EkuRule.CLUSTER,
        ("N9", "S2"), Talk.DATABASE, name_rule=NameRule.PEER, told_by=ToldBy.PORT,
        more_ports=(4371,),
    ),
    Connection(
        "mra-client", "MRA client", FarEndKind.MRA_CLIENT, Role.EDGE, 8443, EkuRule.NOBODY,
        ("N12", "S2"), Talk.HTTP, prompts=True, told_by=ToldBy.ANSWERER,
    ),
)  # fmt: skip
ROWS = {row.id: row for row in CATALOG}


def connection(name: str) -> Connection:
    """Return the catalog's row of that id; raises KeyError for an id that it does not have."""
    return ROWS[name]
