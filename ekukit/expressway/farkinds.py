"""The table of far ends: what each is called, where it stands, what it does unless told otherwise.

A further kind is a further member of `FarEndKind` and its row here. Controls, options of the
command line, pictures and deployments follow from the row.
"""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.expressway.slot import INTERNAL_BOTH, PUBLIC_BOTH, PUBLIC_SERVER, Slot


class FarEndKind(StrEnum):
    """The far ends of the catalog; the values are those of the command line."""

    WEBEX = "webex"
    CUCM = "cucm"
    NEIGHBOR = "neighbor"
    PARTNER = "partner"
    CLOUD = "cloud"
    MRA_CLIENT = "mra-client"


class Knowledge(StrEnum):
    """Whether a far end does something, as far as anyone has said."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Trust(StrEnum):
    """Which authorities a far end trusts."""

    INTERNAL = "internal"
    PUBLIC = "public"
    BOTH = "both"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FarChoice:
    """The settings of a far end: what it trusts, asks for, checks, and presents itself.

    With a `release` (of FAR_RELEASES) whether it checks follows from that, with a `stack` (of
    KNOWN) from what that did, and `checks` does not count. `presents_client` is for releases with a
    client store; None is `presents` there, too.
    """

    trusts: Trust
    requests: Knowledge
    checks: Knowledge
    presents: Slot | None
    release: str = ""
    stack: str = ""
    presents_client: Slot | None = None


@dataclass(frozen=True, slots=True)
class FarEndRow:
    """A row of the table: title, host name and address in what the kit builds, and settings.

    `outside` says that it stands on the Internet: others run it, and its being down breaks nothing
    here. `trust_list` is where it keeps the CAs that it trusts, "" where no source says.
    """

    kind: FarEndKind
    title: str
    fqdn: str
    address: str
    default: FarChoice
    outside: bool
    trust_list: str = ""


_YES, _NO, _UNKNOWN = Knowledge.YES, Knowledge.NO, Knowledge.UNKNOWN
FAR_ENDS: tuple[FarEndRow, ...] = (
    FarEndRow(
        FarEndKind.WEBEX, "Webex", "webex.example.net", "163.129.37.33",
        FarChoice(Trust.PUBLIC, _YES, _UNKNOWN, PUBLIC_SERVER), outside=True,
    ),
    FarEndRow(
        FarEndKind.CUCM, "CUCM", "cucm.example.com", "10.106.80.38",
        FarChoice(Trust.BOTH, _YES, _YES, INTERNAL_BOTH), outside=False,
        trust_list="tomcat-trust and CallManager-trust of CUCM",  # T8
    ),
    FarEndRow(
        FarEndKind.NEIGHBOR, "Neighbor", "neighbor.example.com", "10.106.80.15",
        FarChoice(Trust.BOTH, _YES, _YES, INTERNAL_BOTH), outside=False,
    ),
    FarEndRow(
        FarEndKind.PARTNER, "B2B partner", "partner.example.org", "198.51.100.20",
        FarChoice(Trust.PUBLIC, _YES, _YES, PUBLIC_BOTH), outside=True,
    ),
    FarEndRow(
        FarEndKind.CLOUD, "Cisco cloud", "cloud.example.net", "198.51.100.40",
        FarChoice(Trust.PUBLIC, _YES, _YES, PUBLIC_SERVER), outside=True,
    ),
    FarEndRow(
        FarEndKind.MRA_CLIENT, "MRA client", "laptop.example.com", "203.0.113.50",
        FarChoice(Trust.PUBLIC, _NO, _NO, None), outside=True,
    ),
)  # fmt: skip
FAR_ROWS: dict[FarEndKind, FarEndRow] = {row.kind: row for row in FAR_ENDS}
FAR_END_TITLES: dict[FarEndKind, str] = {row.kind: row.title for row in FAR_ENDS}
FAR_DEFAULTS: dict[FarEndKind, FarChoice] = {row.kind: row.default for row in FAR_ENDS}
