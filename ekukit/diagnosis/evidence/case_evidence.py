"""What is read of an archive before anything is judged: nodes, roles, certificates, addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509

from ekukit.archive.dump import setting_in
from ekukit.believed import is_believed
from ekukit.capture.packet_times import packet_moment
from ekukit.certificates import read_x509
from ekukit.certificates.binary_blocks import whole
from ekukit.connections import connection
from ekukit.diagnosis.evidence.captured import addresses_from, leaf_serial
from ekukit.diagnosis.evidence.cucm import with_zones
from ekukit.diagnosis.evidence.inventory import Inventory, held_from_chain, take_inventory
from ekukit.diagnosis.evidence.settings import NodeSettings, node_settings
from ekukit.diagnosis.evidence.tries import Map
from ekukit.expressway import Role, Store
from ekukit.frames import Row, Rows

if TYPE_CHECKING:
    from ekukit.archive import Archive

_DEFAULT_PORT = connection("uc-zone").port
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseReading:
    """The nodes with their roles, who holds what, the captured rows, and the archive's own time.

    `absent` names nodes of the side that has no archive, known from captures alone.
    """

    nodes: list[NodeSettings]
    roles: dict[str, Role | None]
    inventory: Inventory
    captured: Rows
    known: Map
    at: datetime
    absent: Mapping[str, Role] = field(default_factory=dict)

    @property
    def one_store(self) -> frozenset[str]:
        """Return the hosts that have one certificate store, which they show in both roles (S1)."""
        return frozenset(
            one.host for one in self.nodes if one.release and not one.release.has_client_store
        )


def read(archive: "Archive", roles: Mapping[str, Role], at: datetime | None) -> CaseReading:
    """Return what the archive's tables hold; `at` counts where it tells no time."""
    dumps = [_with_hosts(archive, name) for name in ("configuration", "status")]
    hosts = _hosts(archive, dumps)
    configuration, status = (_newest(archive, found) for found in dumps)
    nodes = [
        node_settings(host, configuration.get(host, ()), status.get(host, ())) for host in hosts
    ]
    newest = _newest(archive, archive.rows["certificates"].rows)
    certificates = [row for host in hosts for row in newest.get(host, ())]
    damaged = {part.file for part in archive.account.doubts if not part.members}
    inventory = take_inventory(certificates, hosts, damaged)
    captured = archive.rows["handshakes"]
    rows = captured.rows
    given = {host.lower(): role for host, role in roles.items()}
    sides = {node.host: given.get(node.host.lower()) or node.role for node in nodes}
    addresses = addresses_from(rows, inventory)
    addresses |= {node.address: node.host for node in nodes if node.address}
    ports = frozenset(zone.port or _DEFAULT_PORT for node in nodes for zone in node.uc_zones)
    sides |= _shown_roles(sides, rows, ports, inventory)
    peers = frozenset(name for node in nodes for zone in node.zones for name in zone.peers)
    sip = frozenset(port for node in nodes for port in node.sip_ports) - ports
    others = frozenset(port for node in nodes for port in node.traversal_ports) - ports
    told = Map(addresses, sides, ports, peers, sip_ports=sip, traversal_ports=others)
    known = with_zones(told, nodes)
    moment = _moment(archive, inventory, at)
    return _with_shown(CaseReading(nodes, sides, inventory, captured, known, moment))


def _shown_roles(
    sides: Mapping[str, Role | None],
    rows: Sequence[Row],
    ports: frozenset[int],
    inventory: Inventory,
) -> dict[str, Role]:
    """Return the sides of nodes that no zone tells, by who starts and who answers on its port."""
    found: dict[str, set[Role]] = {}
    for row in rows:
        for role, end, _ in _ENDS if row["server_port"] in ports else ():
            held = inventory.of_serial(leaf_serial(row, end) or "")
            if held is not None and sides.get(held.host, role) is None:
                found.setdefault(held.host, set()).add(role)
    return {host: shown.pop() for host, shown in found.items() if len(shown) == 1}


def _with_hosts(archive: "Archive", table: str) -> list[Row]:
    """Return rows of dumps; where a file's name tells no host, the dump tells it itself."""
    rows = archive.rows[table].rows
    nameless: dict[object, list[Row]] = {}
    for row in rows:
        if row["host"] is None:
            nameless.setdefault(row["file"], []).append(row)
    others = archive.rows["members"].each("host")
    only = others[0] if len(others) == 1 else "unnamed"
    told = {
        file: setting_in(own, "SystemUnit Name") or setting_in(own, "DNS Hostname") or only
        for file, own in nameless.items()
    }
    return [{**row, "host": told[row["file"]]} if row["host"] is None else row for row in rows]


def _hosts(archive: "Archive", dumps: Iterable[Sequence[Row]]) -> list[str]:
    """Return the hosts that have a configuration, a status or a store of their own, by name."""
    leaves = [row for row in archive.rows["certificates"].rows if row["store"]]
    found = {row["host"] for rows in (*dumps, leaves) for row in rows}
    return sorted({*archive.rows["members"].each("host"), *map(str, found - {None})})


def _newest(archive: "Archive", rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each host of the newest archive that has them, when it sent several."""
    times = {row["file"]: row["time"] for row in archive.rows["members"].rows}
    owned: dict[str, list[Row]] = {}
    for row in rows:
        if row["host"] is not None:
            owned.setdefault(str(row["host"]), []).append(row)
    for host, own in owned.items():
        told = [time for row in own if isinstance(time := times.get(row["file"]), datetime)]
        if told:
            newest = (None, max(told))
            owned[host] = [row for row in own if times.get(row["file"]) in newest]
    return owned


def _moment(archive: "Archive", inventory: Inventory, at: datetime | None) -> datetime:
    """Return the archive's own time: of its file names, else of its records, else `at`."""
    named = [row["time"] for row in archive.rows["members"].rows]
    told = [time for time in named if isinstance(time, datetime)]
    told = told or [*archive.logs.times()]
    captured = (packet_moment(row["time"]) for row in archive.rows["handshakes"].rows)
    told = told or [time for time in captured if time is not None]
    leaves = [held.certificate.not_before for held in inventory.held.values()]
    believed = [time for time in told if is_believed(time)]
    if believed:
        return max(believed)
    return at or max(filter(is_believed, leaves), default=_EPOCH)


def _with_shown(found: CaseReading) -> CaseReading:
    """Return the reading with what captures show of nodes that have no archive, or lack a store.

    Who starts and who answers on the UC zone's port is told by its role there: Core's client
    certificate (before X15.5 the only one, S1) and Edge's server certificate. Edge is called as
    Core's zone calls it, Core by its address.
    """
    sides = set(found.roles.values())
    held, hosts = dict(found.inventory.held), dict(found.known.hosts)
    absent: dict[str, Role] = {}
    for row in found.captured.rows:
        if row["server_port"] not in found.known.uc_ports:
            continue
        for role, end, kind in _ENDS:
            own = hosts.get(str(row[end]))
            store = Store.SERVER if own in found.one_store else kind
            gap = found.roles.get(own or "") is role and (own, store) not in held
            parsed = _parsed(row[f"{end}_chain"]) if gap or role not in sides else ()
            if not parsed:
                continue
            packet = row[f"{end}_certificates_packet"]
            place = str(row["file"]), packet if isinstance(packet, int) else 0
            address = str(row[end])
            name = address if role is Role.CORE else _called(found, parsed[0], row)
            name = own if gap and own is not None else name
            shown = held_from_chain((name, store), parsed, place, found.inventory)
            held[name, store] = shown
            if not gap:
                absent[name] = role
                hosts.setdefault(address, name)
    return replace(
        found,
        absent=absent,
        inventory=replace(found.inventory, held=held),
        known=replace(found.known, hosts=hosts, roles={**found.known.roles, **absent}),
    )


_ENDS = ((Role.CORE, "client", Store.CLIENT), (Role.EDGE, "server", Store.SERVER))


def _called(found: CaseReading, leaf: x509.Certificate, row: Row) -> str:
    """Return how Core's zone calls the peer that presented this leaf, else its name or address."""
    wanted = [name for node in found.nodes for zone in node.uc_zones for name in zone.peers]
    names = {name.lower() for name in read_x509(leaf).answers_to}
    fitting = [name for name in wanted if name.lower() in names or name == row["sni"]]
    return next(iter((*fitting, *(wanted if len(set(wanted)) == 1 else ()))), str(row["server"]))


@lru_cache(maxsize=256)
def _parsed(chain: object) -> tuple[x509.Certificate, ...]:
    found = []
    for der in chain if isinstance(chain, tuple) else ():
        try:
            certificate = whole(der)
            certificate.public_key()
        except Exception:  # noqa: BLE001 - a stranger's bytes fail in many ways; the rest is kept
            break
        found.append(certificate)
    return tuple(found)
