"""The settings of a node that decide about its connections, with the line each stands on."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.diagnosis.evidence.setting import ZONE_ROLES, Setting, Zone, number_of, port_of
from ekukit.expressway import Mode, Release, Role
from ekukit.frames import Row

_ZONE = re.compile(r"Zones(?: 1)? Zone (\d+)(?: (.+))?$", re.IGNORECASE)
_RELEASE = re.compile(r"X(\d{1,3})\.(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What the dumps say of one node; None or empty where they say nothing."""

    host: str
    settings: tuple[Setting, ...] = ()
    zones: tuple[Zone, ...] = ()
    release: Release | None = None
    release_told: Evidence | None = None

    def setting(self, suffix: str) -> Setting | None:
        """Return the first setting whose key ends so, None when there is none."""
        return next((found for found in self.settings if found.key.endswith(suffix)), None)

    @property
    def mode_setting(self) -> Setting | None:
        """Return the EKU checking mode's setting in any spelling (K5)."""
        return self.setting("extendedkeyusagecheckingmode")

    @property
    def mode(self) -> Mode | None:
        """Return the EKU checking mode, None when it is not told or not readable."""
        found = self.mode_setting
        told = found.value.strip().capitalize() if found else ""
        return Mode(told) if told in set(Mode) else None

    @property
    def uc_zones(self) -> tuple[Zone, ...]:
        """Return the UC traversal zones."""
        return tuple(zone for zone in self.zones if zone.is_collaboration_edge)

    @property
    def role(self) -> Role | None:
        """Return the side that the UC traversal zone shows, None without one or with both."""
        roles = {ZONE_ROLES[zone.kind] for zone in self.uc_zones}
        return roles.pop() if len(roles) == 1 else None

    def verify_subject_name(self, ports: frozenset[int] = frozenset()) -> Setting | None:
        """Return the TLS verify subject name of the UC zone on one of these ports.

        Without such a zone every UC zone counts. None where none is set or where they differ,
        since it is not told which of them a node meets.
        """
        called = [zone for zone in self.uc_zones if zone.port in ports] or self.uc_zones
        found = [zone.setting("tlsverifysubjectname") for zone in called]
        names = [name for name in found if name is not None and name.value.strip()]
        alike = len(names) == len(called) and len({n.value.strip().lower() for n in names}) == 1
        return names[0] if alike else None

    @property
    def neighbor_verify(self) -> Mode:
        """Return Off when every neighbor zone has TLS verify Off, else On."""
        modes = [z.value("tlsverifymode").lower() for z in self.zones if z.is_neighbor]
        return Mode.OFF if modes and set(modes) == {"off"} else Mode.ON

    @property
    def sip_ports(self) -> frozenset[int]:
        """Return the ports of SIP over TLS: its own, the mTLS port, and those of its neighbors."""
        own = [self.setting(name) for name in ("siptlsport", "sipmtlsport")]
        told = [port_of(found.value) for found in own if found is not None]
        told += [zone.port for zone in self.zones if zone.kind == "neighbor"]
        return frozenset(port for port in told if port is not None)

    @property
    def traversal_ports(self) -> frozenset[int]:
        """Return the SIP ports of traversal zones that are no UC zones."""
        found = {zone.port for zone in self.zones if zone.kind in ZONE_ROLES}
        return frozenset(port for port in found - {z.port for z in self.uc_zones} if port)

    @property
    def domains(self) -> tuple[str, ...]:
        """Return the SIP domains in order."""
        found = [s for s in self.settings if s.key.endswith("sipdomainsdomainname")]
        named = [s.value.strip() for s in sorted(found, key=number_of) if s.value.strip()]
        return tuple(dict.fromkeys(named))

    @property
    def address(self) -> str:
        """Return the first IPv4 address of its network cards, "" when none is told."""
        found = self.setting("ipv4address")
        return found.value.strip() if found else ""

    @property
    def fqdn(self) -> str:
        """Return host name and domain as the DNS settings have them, "" when not told."""
        name, domain = self.setting("dnshostname"), self.setting("dnsdomainname")
        if name is None or domain is None or not (name.value.strip() and domain.value.strip()):
            return ""
        return f"{name.value.strip()}.{domain.value.strip()}"


def node_settings(host: str, configuration: Iterable[Row], status: Iterable[Row]) -> NodeSettings:
    """Return what the rows of one host in the archive's tables say."""
    # A line number is evidence, so the text dump counts before the XML one.
    found = sorted(_settings(configuration), key=lambda s: s.line is None)
    release, told = _release(_settings(status))
    return NodeSettings(host, tuple(found), tuple(_zones(found)), release, told)


def _settings(rows: Iterable[Row]) -> list[Setting]:
    return [
        Setting(str(row["path"]), str(row["value"]), str(row["file"]), _line(row["line"]))
        for row in rows
    ]


def _line(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _zones(settings: Iterable[Setting]) -> Iterator[Zone]:
    rows: dict[int, list[Setting]] = {}
    for found in settings:
        matched = _ZONE.match(found.path)
        if matched:
            rows.setdefault(int(matched[1][:9]), []).append(found)
    for number, own in sorted(rows.items()):
        kinds = [s.value.strip().lower() for s in own if s.key == "zoneszonetype"]
        kind = kinds[0] if kinds else ""
        # A dump may list the settings of every kind of zone; those of its own kind count.
        beginning = f"zoneszone{kind}"
        yield Zone(number, kind, tuple(
            s for s in own
            if s.key.startswith(beginning) or s.key in {"zoneszonetype", "zoneszonename"}
        ))  # fmt: skip


def _release(status: Iterable[Setting]) -> tuple[Release | None, Evidence | None]:
    for found in status:
        matched = _RELEASE.match(found.value.strip())
        if not found.key.endswith("softwareversion") or not matched:
            continue
        version = int(matched[1]), int(matched[2])
        text = f'{found.path}: "{found.value}"'
        told = Evidence(EvidenceKind.STATUS, found.file, text, line=found.line)
        earliest, *_later = Release
        reached = [release for release in Release if release.version <= version]
        return (reached or [earliest])[-1], told
    return None, None
