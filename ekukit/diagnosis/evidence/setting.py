"""One setting of a node and one zone, with the line each stands on, and why a setting matters."""

import re
from dataclasses import dataclass, field

from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.expressway import Role

_INDEX = re.compile(r"(?:^| )\d+(?= |$)")
_NUMBERED = re.compile(r"(?:Peer|Domain) (\d+)", re.IGNORECASE)
# The kinds of traversal zones and the side on which each stands.
ZONE_ROLES = {"traversalserver": Role.EDGE, "traversalclient": Role.CORE}
# Why a setting is shown among those that matter, by how its path ends.
MATTERS: tuple[tuple[str, str], ...] = (
    ("extendedkeyusagecheckingmode", "the EKU checking mode (E1, E2)"),
    ("tlsverifysubjectname", "the name that the far node's certificate must hold (E8)"),
    ("tlsverifymode", "whether the far node's certificate is checked"),
    ("collaborationedge", "marks the UC traversal zone"),
    ("enableserverekuupload", "lets a serverAuth-only certificate be uploaded (S8)"),
    ("peeraddress", "whom the zone calls"),
    ("sipmtlsport", "the port on which every caller must show a certificate"),
    ("certificaterevocationcheckingmode", "whether revocation is checked"),
    ("sipdomainsdomainname", "one tunnel for each domain"),
)
_MADE_FOR_CUCM = ("cetls-", "cetcp-", "ceoauth")
_ZONE_KEYS = ("type", "name", "sipport", "tlsverifymode")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its path as written, its value, and where it stands.

    `key` is the path without indexes and blanks, in lower case.
    """

    path: str
    value: str
    file: str
    line: int | None
    # Kept, since a stranger's dump has hundreds of thousands and each is asked for many times.
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the key."""
        key = "".join(_INDEX.sub(" ", self.path).split()).lower()
        object.__setattr__(self, "key", key)

    @property
    def evidence(self) -> Evidence:
        """Return the setting as evidence."""
        text = f'{self.path}: "{self.value}"'
        return Evidence(EvidenceKind.CONFIGURATION, self.file, text, line=self.line)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of one node: its number, kind (as "traversalserver"), and settings of that kind."""

    number: int
    kind: str
    settings: tuple[Setting, ...]

    def setting(self, suffix: str) -> Setting | None:
        """Return the setting whose key ends so, None when there is none."""
        return next((found for found in self.settings if found.key.endswith(suffix)), None)

    def value(self, suffix: str) -> str:
        """Return the setting's value, "" when there is none."""
        found = self.setting(suffix)
        return found.value.strip() if found else ""

    @property
    def name(self) -> str:
        """Return its name, "" when there is none."""
        return self.value("zoneszonename")

    @property
    def is_collaboration_edge(self) -> bool:
        """Return whether it is the UC traversal zone (inferred from the setting's name)."""
        return self.kind in ZONE_ROLES and self.value("collaborationedge").lower() == "on"

    @property
    def is_neighbor(self) -> bool:
        """Return whether it is a neighbor zone that somebody made."""
        return self.kind == "neighbor" and not self.is_made_for_cucm

    @property
    def is_made_for_cucm(self) -> bool:
        """Return whether MRA made it by itself for a CUCM node, by its name (N13-zones)."""
        name = self.value("zoneszonename").lower()
        return self.kind == "neighbor" and name.startswith(_MADE_FOR_CUCM)

    @property
    def port(self) -> int | None:
        """Return its SIP port, None when that is not told."""
        return port_of(self.value("sipport"))

    @property
    def peers(self) -> tuple[str, ...]:
        """Return the addresses of its peers in order, empty ones left out."""
        found = [s for s in self.settings if s.key.endswith("peeraddress") and s.value.strip()]
        return tuple(s.value.strip() for s in sorted(found, key=number_of))


def port_of(text: str) -> int | None:
    """Return the port that a value names, None when it names none."""
    told = text.strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else None  # noqa: PLR2004


def number_of(setting: Setting) -> int:
    """Return the number of a peer or domain in a setting's path, 0 for none."""
    found = _NUMBERED.findall(setting.path)
    return int(found[-1][:9]) if found else 0


def matters(setting: Setting) -> str:
    """Return why a setting matters to certificates, "" when it does not."""
    why = next((why for suffix, why in MATTERS if setting.key.endswith(suffix)), "")
    if not why and setting.key.startswith("zoneszone") and setting.key.endswith(_ZONE_KEYS):
        why = "what kind of zone it is, and its port"
    return why
