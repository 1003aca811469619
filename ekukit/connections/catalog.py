"""The catalog of connections: who starts, who answers, which check counts.

A further connection is a further row here, its facts, its tests, and in `diagnosis.tries` the port
by which an archive shows it.
"""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.connections.handshake import Cause, EkuCheck, Protocol, Talk
from ekukit.expressway import FarEndKind, Release, Role
from ekukit.expressway.farend import FAR_END_TITLES

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
_BEFORE_MODE = Decision(EkuCheck.CLIENT_AUTH, ("E1", "L1"))
_MODE_BY_RELEASE = {
    Release.X14_3: _BEFORE_MODE,
    Release.X15_4: _BEFORE_MODE,
    Release.X15_5: _MODE,
}
DECISIONS: dict[EkuRule, dict[Release, Decision]] = {
    EkuRule.MODE: _MODE_BY_RELEASE,
    EkuRule.NEIGHBOR: _MODE_BY_RELEASE,
    EkuRule.UC_ZONE: {**_MODE_BY_RELEASE, Release.X15_4: Decision(EkuCheck.NOT_ASKED, ("K3",))},
    EkuRule.ALWAYS: dict.fromkeys(Release, Decision(EkuCheck.CLIENT_AUTH, ("E7",))),
    EkuRule.CLUSTER: {
        Release.X14_3: Decision(EkuCheck.CLIENT_AUTH, ("N9",)),
        Release.X15_4: Decision(EkuCheck.IGNORED, ("N9",)),
        Release.X15_5: Decision(EkuCheck.IGNORED, ("N9",)),
    },
    EkuRule.NOBODY: dict.fromkeys(Release, Decision(EkuCheck.NOT_ASKED, ("N12",))),
}


class NameRule(StrEnum):
    """Which name the responder expects in the initiator's certificate."""

    SUBJECT_NAME = "TLS verify subject name"
    PEER = "the initiator's host name"
    NOTHING = "no name"


@dataclass(frozen=True, slots=True)
class Connection:
    """A row of the catalog.

    A far end that asks for certificates asks for none here where the rule is NOBODY (F6). `facts`
    say that the connection exists and which stores it reads. `refusals` name facts for
    what a far end refuses. `prompts` says that the initiator's user is asked about an untrusted
    certificate instead of being refused.
    """

    id: str
    title: str
    initiator: Place
    responder: Place
    port: int
    eku_rule: EkuRule
    facts: tuple[str, ...]
    protocol: Protocol = Protocol.TLS
    talk: Talk = Talk.SIP
    name_rule: NameRule = NameRule.NOTHING
    prompts: bool = False
    refusals: tuple[tuple[Cause, str], ...] = ()


_EDGE_OUT = ((Cause.EKU, "C4-far"), (Cause.UNTRUSTED, "C3-far"))
_CUCM = ((Cause.UNTRUSTED, "T8"),)

CATALOG: tuple[Connection, ...] = (
    Connection(
        "uc-zone", "UC traversal zone", Role.CORE, Role.EDGE, 7001, EkuRule.UC_ZONE,
        ("N1", "S2"), name_rule=NameRule.SUBJECT_NAME,
    ),
    Connection(
        "ssh-tunnel", "SSH tunnel", Role.CORE, Role.EDGE, 2222, EkuRule.ALWAYS, ("N2",),
        protocol=Protocol.SSH, talk=Talk.TUNNEL, name_rule=NameRule.SUBJECT_NAME,
    ),
    Connection(
        "traversal-mtls", "Traversal zone with mTLS", Role.CORE, Role.EDGE, 7002, EkuRule.MODE,
        ("N3", "N3-mode", "S2"), name_rule=NameRule.SUBJECT_NAME,
    ),
    Connection(
        "cucm-tftp", "MRA provisioning", Role.CORE, FarEndKind.CUCM, 6972, EkuRule.FAR_END,
        ("N6", "X3", "S2"), talk=Talk.HTTP, refusals=_CUCM,
    ),
    Connection(
        "cucm-config", "MRA configuration", Role.CORE, FarEndKind.CUCM, 6971, EkuRule.FAR_END,
        ("N13", "F6", "S2"), talk=Talk.HTTP, refusals=_CUCM,
    ),
    Connection(
        "cucm-uds", "MRA user data", Role.CORE, FarEndKind.CUCM, 8443, EkuRule.NOBODY,
        ("N6", "F6"), talk=Talk.HTTP,
    ),
    Connection(
        "cucm-line-in", "MRA line side, from CUCM", FarEndKind.CUCM, Role.CORE, 5061,
        EkuRule.MODE, ("N13", "N13-mode", "S2"),
    ),
    Connection(
        "cucm-line-out", "MRA line side, to CUCM", Role.CORE, FarEndKind.CUCM, 5061,
        EkuRule.FAR_END, ("N13", "S2"),
    ),
    Connection(
        "cucm-oauth", "MRA line side with OAuth", Role.CORE, FarEndKind.CUCM, 5091,
        EkuRule.FAR_END, ("N13", "S2"),
    ),
    Connection(
        "neighbor-in", "Neighbor zone, inbound", FarEndKind.NEIGHBOR, Role.CORE, 5061,
        EkuRule.NEIGHBOR, ("N4", "X2", "S2"), name_rule=NameRule.PEER,
    ),
    Connection(
        "neighbor-out", "Neighbor zone, outbound", Role.CORE, FarEndKind.NEIGHBOR, 5061,
        EkuRule.FAR_END, ("N4", "S2"),
    ),
    Connection(
        "webex", "Webex call over mTLS", Role.EDGE, FarEndKind.WEBEX, 5061, EkuRule.FAR_END,
        ("N5", "X1", "S2"), refusals=_EDGE_OUT,
    ),
    Connection(
        "b2b-out", "B2B call, outbound", Role.EDGE, FarEndKind.PARTNER, 5061, EkuRule.FAR_END,
        ("N5", "S2"), refusals=_EDGE_OUT,
    ),
    Connection(
        "b2b-in", "B2B call, inbound", FarEndKind.PARTNER, Role.EDGE, 5061, EkuRule.MODE,
        ("N5", "S2"),
    ),
    Connection(
        "xmpp-federation", "XMPP federation", Role.EDGE, FarEndKind.PARTNER, 5269,
        EkuRule.FAR_END, ("N8", "S2"), talk=Talk.XMPP, refusals=_EDGE_OUT,
    ),
    Connection(
        "cloud-onboarding", "Cloud onboarding", Role.EDGE, FarEndKind.CLOUD, 443,
        EkuRule.FAR_END, ("N7", "S2"), talk=Talk.HTTP, refusals=_EDGE_OUT,
    ),
    Connection(
        "cluster", "Cluster database", Role.EDGE, Role.EDGE, 4372, EkuRule.CLUSTER,
        ("N9", "S2"), talk=Talk.DATABASE, name_rule=NameRule.PEER,
    ),
    Connection(
        "mra-client", "MRA client", FarEndKind.MRA_CLIENT, Role.EDGE, 8443, EkuRule.NOBODY,
        ("N12", "S2"), talk=Talk.HTTP, prompts=True,
    ),
)  # fmt: skip
ROWS = {row.id: row for row in CATALOG}


def connection(name: str) -> Connection:
    """Return the catalog's row of that id; raises KeyError for an id that it does not have."""
    return ROWS[name]
