"""The table of remedies: what each costs, who acts, how it is seen to work and taken back.

A further remedy is a row here and the offers that it makes (`offers`). What no source says stands
as "not documented"; what is this kit's own advice is called general practice.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from ekukit.planning.lead_times import LeadKind
from ekukit.planning.plan_limits import PlanLimit

NOT_DOCUMENTED = "not documented in the sources that were read"


class Party(StrEnum):
    """Who must act; a far end's own party is its title."""

    EXPRESSWAY = "Expressway"
    PKI = "PKI team"
    NETWORK = "Network"
    CUCM = "CUCM"
    WEBEX = "Webex"
    PARTNER = "Partner"
    NEIGHBOR = "Neighbor"
    CLOUD = "Cisco cloud"
    FAR_END = "Far end"


class SecurityPrice(IntEnum):
    """What a remedy costs in security, as far as one is above another."""

    NONE = 0
    LOW = 1
    MIDDLE = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """A row: `do`, `verify`, `undo` and `price_words` may hold the words that a step fills in.

    `limits` are those that forbid it anywhere, `on_edge` those that forbid it on Edge. `restarts`
    is true where the step restarts or no source says that it does not; `restart` says which.
    `facts` are the ids that it rests on. `rank` is where it comes among steps that can be done
    in any order.
    """

    id: str
    do: str
    facts: tuple[str, ...]
    price: SecurityPrice
    price_words: str
    verify: str
    undo: str
    effort: str
    lead: LeadKind
    restart: str
    restarts: bool
    limits: tuple[PlanLimit, ...] = ()
    on_edge: tuple[PlanLimit, ...] = ()
    orders: bool = False
    rank: int = 0


_KEEP = "Keep the old certificate and its key until the states after this step are seen."
_STATES = "Zone, tunnels and the connections of the table after this step have these states."
_MINUTES = "minutes"
_AT_ONCE = LeadKind.NONE
_ORDER = LeadKind.ORDER
_PARTNER = LeadKind.PARTNER
_UNKNOWN_RESTART = f"Restart: {NOT_DOCUMENTED}; plan for one."
_NO_RESTART = f"Restart: {NOT_DOCUMENTED}; none is counted here (assumed)."
_NOT_OURS = "At the far end; whether it restarts is its owner's matter."
_CA_IN_LIST = "Look for root and issuing CA in the list, by name and by fingerprint."

REMEDIES: tuple[RemedyRow, ...] = (
    RemedyRow(
        "trust", "Put {cas} into {list}.", ("S3", "E11", "T6"), SecurityPrice.LOW,
        "Whatever that CA issues is trusted there from now on.", _CA_IN_LIST,
        "Take them out of the list again.", _MINUTES, _AT_ONCE, _NO_RESTART, restarts=False, rank=1,
    ),
    RemedyRow(
        "far-trust", "Have {cas} put into {list}.", (), SecurityPrice.LOW,
        "Whatever that CA issues is trusted there from now on.",
        "Ask whoever runs it to confirm both, by fingerprint.",
        "Have them taken out again.", "a request", _PARTNER, _NOT_OURS, restarts=False,
        limits=(PlanLimit.FAR_END_TRUST, PlanLimit.FAR_END_CHANGE), rank=0,
    ),
    RemedyRow(
        "private-ca", "Replace {whose} {store} certificate by one with {ekus} from {ca}, "
        "with the names {names}.", ("R1", "S6", "E8", "T6"), SecurityPrice.NONE,
        "None that a source names.{prompt}",
        _STATES, _KEEP, "a request, an upload", _ORDER, _UNKNOWN_RESTART, restarts=True,
        limits=(PlanLimit.PRIVATE_CA,), on_edge=(PlanLimit.PRIVATE_CA_ON_EDGE,), orders=True,
        rank=3,
    ),
    RemedyRow(
        "same-ca", "Renew {whose} {store} certificate with {ekus} at {ca}, "
        "with the names {names}.", ("R5", "E9", "T6"), SecurityPrice.NONE,
        "None. From a public CA it lasts until its expiry, and the next may lack clientAuth.",
        _STATES, _KEEP, "a request, an upload", _ORDER, _UNKNOWN_RESTART, restarts=True,
        orders=True, rank=3,
    ),
    RemedyRow(
        "other-public-ca", "Replace {whose} {store} certificate by one with {ekus} from {ca}, "
        "with the names {names}.", ("R4", "S6", "E8", "T6"), SecurityPrice.LOW,
        "Such roots are in no browser's list: each end is to trust one more public CA.",
        _STATES, _KEEP, "a contract, a request, an upload", _ORDER, _UNKNOWN_RESTART,
        restarts=True, limits=(PlanLimit.NEW_PUBLIC_ISSUER,), orders=True, rank=3,
    ),
    RemedyRow(
        "mode-off", "Set the EKU checking mode of {whom} to Off.", ("R2", "E1", "E2", "E4"),
        SecurityPrice.MIDDLE,
        "Every caller by SIP TLS passes with serverAuth alone: who holds any server certificate "
        "of a trusted CA can open it.", "The command without a value prints Off.",
        "The same command with On.", _MINUTES, _AT_ONCE, _UNKNOWN_RESTART, restarts=True,
        limits=(PlanLimit.MODE_OFF,), rank=2,
    ),
    RemedyRow(
        "far-check-off", "Have {whom} stop checking clientAuth.", ("R3",), SecurityPrice.MIDDLE,
        "The far end takes any server certificate of a CA that it trusts for a client.",
        "Ask whoever runs it to confirm the setting.", "Have the check switched on again.",
        "a request", _PARTNER, _NOT_OURS, restarts=False, limits=(PlanLimit.FAR_END_CHANGE,),
    ),
    RemedyRow(
        "far-certificate", "Have {whom} replace its own certificate by one with both EKUs and the "
        "name {names}.", ("RFC-EKU",), SecurityPrice.NONE, "None.",
        "Ask whoever runs it for the new certificate.", "Have the old one put back.", "a request",
        _PARTNER, _NOT_OURS, restarts=False, limits=(PlanLimit.FAR_END_CHANGE,),
    ),
    RemedyRow(
        "verify-off", "Set TLS verify of the neighbor zones of {whom} to Off.", ("R8", "E10"),
        SecurityPrice.HIGH, "Weaker: the caller is no longer asked for any certificate.",
        "The zone shows TLS verify Off.", "Set it to On again.", _MINUTES, _AT_ONCE,
        _NO_RESTART, restarts=False, limits=(PlanLimit.TLS_VERIFY_OFF,), rank=2,
    ),
    RemedyRow(
        "upgrade", "Upgrade {whom} to {release}.", ("R7", "S1", "S4", "E1"), SecurityPrice.NONE,
        "None.", "The release is shown, and both certificate pages show the same serial.",
        "Back to the release before, from the backup that was made.", "a maintenance window",
        LeadKind.WINDOW,
        "A release comes with a restart (general practice).", restarts=True,
        limits=(PlanLimit.UPGRADE,), rank=2,
    ),
    RemedyRow(
        "verify-name", "Set the TLS verify subject name of the zone on {whom} to {names}.",
        ("E8",), SecurityPrice.NONE, "None: a name that the far node bears is looked for.",
        "The zone shows the name.", "Type the old name again.", _MINUTES, _AT_ONCE, _NO_RESTART,
        restarts=False, rank=2,
    ),
    RemedyRow(
        "port", "Let TCP port {port} through between Core, Edge and far ends.", ("T7",),
        SecurityPrice.LOW, "One more port is open in the firewalls between them.",
        "The connection is made, or refused for another reason.", "Close it again.", _MINUTES,
        LeadKind.NETWORK, "None.", restarts=False, rank=2,
    ),
    RemedyRow(
        "dns", "Mend DNS, so that every host name resolves both ways.", ("T7",),
        SecurityPrice.NONE, "None.", "The DNS lookup of each node answers.",
        "Not meant to be undone.", _MINUTES, _AT_ONCE, _NO_RESTART, restarts=False, rank=2,
    ),
)  # fmt: skip
REMEDY_ROWS: dict[str, RemedyRow] = {row.id: row for row in REMEDIES}
