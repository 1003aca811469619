"""What is read of an archive before anything is judged: nodes, roles, certificates, addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
from cryptography import x509

from ekukit.diagnosis.captured import Row, addresses_from, records
from ekukit.diagnosis.inventory import Held, Inventory, held_from_chain, take_inventory
from ekukit.diagnosis.settings import NodeSettings, node_settings
from ekukit.diagnosis.tries import Map
from ekukit.expressway import Role

if TYPE_CHECKING:
    from ekukit.archive import Archive

_DEFAULT_PORT = 7001
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Reading:
    """The nodes with their roles, who holds what, the captured rows, and the archive's own time."""

    nodes: list[NodeSettings]
    roles: dict[str, Role | None]
    inventory: Inventory
    rows: list[Row]
    known: Map
    at: datetime


def read(archive: "Archive", roles: Mapping[str, Role], at: datetime | None) -> Reading:
    """Return what the archive's tables hold; `at` counts where it tells no time."""
    hosts = _hosts(archive)
    nodes = [
        node_settings(
            host, _newest(archive, "configuration", host), _newest(archive, "status", host)
        )
        for host in hosts
    ]
    certificates = pd.concat(
        [_newest(archive, "certificates", host) for host in hosts] or [archive.certificates[:0]]
    )
    inventory = take_inventory(certificates, hosts)
    rows = records(archive.handshakes)
    given = {host.lower(): role for host, role in roles.items()}
    sides = {node.host: given.get(node.host.lower()) or node.role for node in nodes}
    addresses = addresses_from(rows, inventory)
    addresses |= {node.address: node.host for node in nodes if node.address}
    ports = [zone.port or _DEFAULT_PORT for node in nodes for zone in node.uc_zones]
    known = Map(addresses, sides, frozenset(ports))
    return Reading(nodes, sides, inventory, rows, known, _moment(archive, inventory, at))


def _hosts(archive: "Archive") -> list[str]:
    """Return the hosts that have a configuration, a status or a store of their own, by name."""
    found: set[str] = set()
    for name in ("configuration", "status"):
        found |= set(getattr(archive, name)["host"].dropna())
    leaves = archive.certificates[archive.certificates["store"] != ""]
    found |= set(leaves["host"].dropna())
    members = archive.members
    found |= set(members.loc[members["host"] != "", "host"])
    return sorted(map(str, found))


def _newest(archive: "Archive", table: str, host: str) -> pd.DataFrame:
    """Return a host's rows of the newest archive that has them, when it sent several."""
    frame = getattr(archive, table)
    own: pd.DataFrame = frame[frame["host"] == host]
    times = dict(zip(archive.members["file"], archive.members["time"], strict=True))
    moments = own["file"].map(times)
    if moments.isna().all():
        return own
    newest: pd.DataFrame = own[moments.isna() | (moments == moments.max())]
    return newest


def _moment(archive: "Archive", inventory: Inventory, at: datetime | None) -> datetime:
    """Return the archive's own time: of its file names, else of its records, else `at`."""
    times = [*archive.members["time"].dropna()]
    times = times or [*archive.log["time"].dropna()] or [*archive.handshakes["time"].dropna()]
    if times:
        return pd.Timestamp(max(times)).to_pydatetime(warn=False)
    leaves = [held.certificate.not_before for held in inventory.held.values()]
    return at or max(leaves, default=_EPOCH)


def shown_edges(found_in: Reading) -> dict[str, Held]:
    """Return server certificates by the name that Core's zone gives its Edge peers.

    They count where no archive of an Edge is there and a capture shows who answered on the UC
    zone's port.
    """
    wanted = [name for node in found_in.nodes for zone in node.uc_zones for name in zone.peers]
    found: dict[str, Held] = {}
    if Role.EDGE in found_in.roles.values():
        return found
    for row in found_in.rows:
        chain = row["server_chain"]
        if row["server_port"] not in found_in.known.uc_ports or not chain:
            continue
        parsed = _parsed(chain)
        if not parsed:
            continue
        place = (str(row["file"]), int(row["server_certificates_packet"] or 0))  # type: ignore[call-overload]
        held = held_from_chain("", parsed, place, found_in.inventory)
        names = {name.lower() for name in held.certificate.names}
        for name in wanted:
            if name.lower() in names or name == row["sni"] or len(set(wanted)) == 1:
                found[name] = held
    return found


def _parsed(chain: object) -> tuple[x509.Certificate, ...]:
    found = []
    for der in chain if isinstance(chain, tuple) else ():
        try:
            certificate = x509.load_der_x509_certificate(der)
            certificate.public_key()
        except Exception:  # noqa: BLE001 - a stranger's bytes fail in many ways; the rest is kept
            break
        found.append(certificate)
    return tuple(found)
