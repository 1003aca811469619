"""The certificates of a case: which node holds which in which store, and what each is."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from cryptography import x509

from ekukit.believed import days_left
from ekukit.certificates import CaCertificate, Certificate, describe, eku_words
from ekukit.certificates.binary_blocks import SETS
from ekukit.certificates.certificate import read_ca
from ekukit.certificates.constraints import limits_words
from ekukit.certificates.pemfile import ca_key, ca_views, chain_of, view_of, why_public
from ekukit.diagnosis.evidence.evidence import Evidence, EvidenceKind
from ekukit.expressway import Store
from ekukit.frames import Row, Rows

_Any = TypeVar("_Any")
INVENTORY_COLUMNS = {
    "host": "string", "store": "string", "serial": "string", "subject": "string",
    "issuer": "string", "public": "string", "why_public": "string", "eku": "string",
    "chain": "object", "names": "object", "key": "string", "decides": "string",
    "not_before": "datetime64[us, UTC]", "not_after": "datetime64[us, UTC]",
    "days_left": "Int64", "counted_from": "datetime64[us, UTC]", "file": "string", "line": "Int64",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The leaf of one store of one node: the view, the parsed object, where it was read.

    `sends_chain` says whether issuing CAs stand in its file or were seen sent with it,
    `sends_root` whether the root does. `shown`
    is true when it comes from a capture and not from a file of its node. `behind` is the CA that
    stands before it in its file, `is_ca` whether it is a CA itself, since there is no other.
    """

    host: str
    store: Store
    certificate: Certificate
    parsed: x509.Certificate
    above: tuple[x509.Certificate, ...]
    why_public: str
    file: str
    line: int | None
    sends_chain: bool
    packet: int | None = None
    behind: x509.Certificate | None = None
    is_ca: bool = False
    sends_root: bool = False

    @property
    def shown(self) -> bool:
        """Return whether it was read from a capture."""
        return self.packet is not None

    @property
    def evidence(self) -> Evidence:
        """Return the certificate as evidence."""
        return Evidence(
            EvidenceKind.CERTIFICATE, self.file, describe(self.certificate), line=self.line,
            packet=self.packet, serial=self.certificate.serial_hex, store=self.store.value,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Inventory:
    """Every leaf by host and store, every trusted CA list by host, and all CAs seen."""

    held: Mapping[tuple[str, Store], Held]
    trusted: Mapping[str, frozenset[CaCertificate]]
    listed: Mapping[str, tuple[tuple[x509.Certificate, Evidence], ...]]
    pool: tuple[x509.Certificate, ...]

    def of_serial(self, serial: str) -> Held | None:
        """Return who holds a certificate of that serial, a client store before a server store."""
        found = [held for held in self.held.values() if held.certificate.serial_hex == serial]
        return min(found, key=lambda held: held.store is Store.SERVER, default=None)


def take_inventory(
    rows: Sequence[Row], hosts: Iterable[str], damaged: Collection[str] = ()
) -> Inventory:
    """Return what rows of the archive's certificates hold for the hosts, the first file of a kind.

    The first certificate of a store's file that is no CA is its leaf; a CA stands for it only
    where the file holds nothing else and all of it could be read (`damaged` names files of which
    a part could not). Signatures are checked for chains only.
    """
    pool = tuple(dict.fromkeys(map(_parsed, rows)))
    owned: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        owned.setdefault((str(row["host"]), str(row["store"])), []).append(row)
    lists = {host: owned.get((host, "ca"), []) for host in hosts}
    views = ca_views(pool)
    held = {}
    for host in lists:
        for store in Store:
            own = owned.get((host, store.value), [])
            own = [r for r in own if r["file"] == own[0]["file"]]
            if own and not (own[0]["file"] in damaged and all(r["is_ca"] for r in own)):
                ordered = leaf_first(own, lambda row: bool(row["is_ca"]))
                found = _held(host, store, ordered, pool, views)
                apart = ordered[0] is not own[0] and own[0].get("form") not in SETS
                behind = _parsed(own[0]) if apart else None
                alone = bool(ordered[0]["is_ca"])
                held[host, store] = replace(found, behind=behind, is_ca=alone)
    trusted = {h: frozenset(views[_parsed(row)] for row in own) for h, own in lists.items() if own}
    listed = {h: tuple((_parsed(r), _ca_evidence(r)) for r in own) for h, own in lists.items()}
    return Inventory(held, trusted, listed, pool)


def leaf_first(found: Sequence[_Any], is_ca: Callable[[_Any], bool]) -> list[_Any]:
    """Return certificates with the first that is no CA in front, the others in their order."""
    leaf = next((place for place, one in enumerate(found) if not is_ca(one)), 0)
    return [found[leaf], *found[:leaf], *found[leaf + 1 :]]


def held_from_chain(
    owner: tuple[str, Store],
    chain: tuple[x509.Certificate, ...],
    place: tuple[str, int],
    inventory: Inventory,
) -> Held:
    """Return a store of a node as a capture shows it; `place` is file and packet."""
    pool = (*chain[1:], *inventory.pool)
    views = ca_views(pool)
    row: Row = {"pem": chain[0], "file": place[0], "line": None}
    found = _held(*owner, [row], pool, views)
    root = any(ca.subject == ca.issuer for ca in chain[1:])
    return replace(found, packet=place[1], sends_chain=len(chain) > 1, sends_root=root)


def _held(
    host: str,
    store: Store,
    rows: list[Row],
    pool: tuple[x509.Certificate, ...],
    views: Mapping[x509.Certificate, CaCertificate],
) -> Held:
    leaf, file, line = _parsed(rows[0]), rows[0]["file"], rows[0]["line"]
    above = chain_of(leaf, pool)
    found = view_of(leaf, pool)
    if above:
        chain = _up_to_root(views.get(ca) or read_ca(ca) for ca in above)
        found = replace(found, chain=chain)
    with_it = {(ca.subject, ca_key(ca)) for ca in map(_parsed, rows[1:])}
    return Held(
        host=host, store=store, certificate=found, parsed=leaf, above=above,
        why_public=why_public(leaf, above), file=str(file),
        line=line if isinstance(line, int) else None,
        sends_chain=any(
            (ca.subject, ca_key(ca)) in with_it
            for ca in above
            if ca.subject != ca.issuer or len(above) == 1
        ),
        sends_root=any(
            (ca.subject, ca_key(ca)) in with_it for ca in above if ca.subject == ca.issuer
        ),
    )  # fmt: skip


def _parsed(row: Row) -> x509.Certificate:
    found = row["pem"]
    assert isinstance(found, x509.Certificate)  # noqa: S101 - the column holds nothing else
    return found


def _up_to_root(chain: Iterable[CaCertificate]) -> tuple[CaCertificate, ...]:
    found: list[CaCertificate] = []
    for ca in chain:
        found.append(ca)
        if ca.is_root:
            break
    return tuple(found)


def _ca_evidence(row: Row) -> Evidence:
    line = row["line"]
    return Evidence(
        EvidenceKind.CERTIFICATE, str(row["file"]), str(row["subject"]),
        line=line if isinstance(line, int) else None, serial=str(row["serial"]), store="ca",
    )  # fmt: skip


def inventory_rows(inventory: Inventory, at: datetime) -> Rows:
    """Return one row for each leaf; columns INVENTORY_COLUMNS, days are counted from `at`."""
    rows: list[Row] = []
    for held in inventory.held.values():
        found = held.certificate
        rows.append({
            "host": held.host, "store": held.store.value, "serial": found.serial_hex,
            "subject": found.subject, "issuer": found.issuer,
            "public": "public" if held.why_public else "not known to be public",
            "why_public": held.why_public, "eku": eku_words(found.ekus),
            "chain": tuple(ca.name for ca in found.chain), "names": found.names,
            "key": found.key, "decides": limits_words(found.limits),
            "not_before": found.not_before, "not_after": found.not_after,
            "days_left": days_left(found.not_after, at), "counted_from": at,
            "file": held.file, "line": held.line,
        })  # fmt: skip
    return Rows(INVENTORY_COLUMNS, rows)
