"""From an opened archive to a case: read, rebuild, predict, observe, and say what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ekukit.connections import Outcome
from ekukit.diagnosis import case_tables
from ekukit.diagnosis.archive_deployment import reconstruct
from ekukit.diagnosis.captured import tries_in_captures
from ekukit.diagnosis.case import Case, CaseNode
from ekukit.diagnosis.case_evidence import Reading
from ekukit.diagnosis.case_evidence import read as read_case
from ekukit.diagnosis.case_nodes import Reconstruction
from ekukit.diagnosis.certificate_rules import (
    Looked,
    add_certificate_findings,
    add_trust_findings,
)
from ekukit.diagnosis.completeness import add_archive_findings, add_systems
from ekukit.diagnosis.contradictions import add_contested, add_differences, observed_states
from ekukit.diagnosis.cucm import with_tries
from ekukit.diagnosis.finding import EvidenceKind
from ekukit.diagnosis.finding_set import Gathered
from ekukit.diagnosis.foreseen_refusals import refusals_foreseen
from ekukit.diagnosis.headline import headline
from ekukit.diagnosis.inventory import inventory_frame
from ekukit.diagnosis.logged import Logged, what_log_tells
from ekukit.diagnosis.observations import add_observations
from ekukit.diagnosis.one_try import joined, not_joined
from ekukit.diagnosis.predictions import add_predictions, add_standin_findings
from ekukit.diagnosis.refusal_sentences import node_words
from ekukit.diagnosis.seen import Seen
from ekukit.diagnosis.settings import NodeSettings
from ekukit.diagnosis.store_rules import (
    add_mode_findings,
    add_name_findings,
    add_store_findings,
)
from ekukit.diagnosis.systems import add_two_systems
from ekukit.diagnosis.tries import Map, Try, with_sides
from ekukit.diagnosis.tunnels import PASTED, pasted_rows
from ekukit.diagnosis.zones import zones_of
from ekukit.expressway import Role, Store

if TYPE_CHECKING:
    from ekukit.archive import Archive


_NO_NODE = "No node of a known role is in the archive."


def investigation(
    archive: "Archive",
    *,
    roles: Mapping[str, Role] | None = None,
    pasted: str = "",
    at: datetime | None = None,
) -> Case:
    """Return the case; as `ekukit.diagnosis.case.investigate`, which says more."""
    read = read_case(archive, roles or {}, at)
    logged = what_log_tells(archive.log, read.known)
    lines = _pasted_lines(pasted, read.known)
    tries: Sequence[Try] = [
        *logged.tries,
        *tries_in_captures(read.rows, read.known, read.inventory),
        *lines.tries,
    ]
    tries = joined(with_sides(tries, read.known))
    read = replace(read, known=with_tries(read.known, tries))
    case = reconstruct(
        [(node, role) for node in read.nodes if (role := read.roles[node.host]) is not None],
        read.inventory,
        read.at,
        addresses={host: address for address, host in read.known.hosts.items()},
        absent=read.absent,
    )
    predicted = case.predict() if case else ()
    gathered = Gathered()
    looked = _looked(read, at)
    _judge(gathered, case, predicted, looked)
    add_trust_findings(gathered, read.inventory, read.at)
    ahead: dict[str, set[str]] = {}
    refusals = tuple(refusals_foreseen(case, predicted)) if case else ()
    for refusal in refusals:
        ahead.setdefault(refusal.connection, set()).add(refusal.code)
    codes = {name: frozenset(found) for name, found in ahead.items()}
    seen = Seen(
        tuple(tries), tuple(pasted_rows(pasted)), read.inventory, read.known, codes,
        zones_of(read.nodes), (*logged.unknown, *lines.unknown),
    )  # fmt: skip
    add_observations(gathered, seen)
    observed = observed_states(seen)
    add_differences(gathered, observed, predicted)
    add_contested(gathered, refusals, seen)
    add_archive_findings(gathered, archive, read.nodes, read.roles, read.inventory)
    add_two_systems(gathered, read.nodes, read.inventory)
    findings = gathered.all()
    apart = not_joined(tries, read.known.uc_ports)
    return Case(
        archive=archive,
        nodes=tuple(_node(node, read.roles[node.host], roles or {}) for node in read.nodes),
        headline=headline(findings, predicted, [part.words for part in archive.account.doubts]),
        findings=findings,
        deployment=case.deployment if case else None,
        unknown=(*(case.unknown if case else (_NO_NODE,)), *filter(None, (apart,))),
        predicted=predicted,
        observed=observed,
        certificates=inventory_frame(read.inventory, max(at or read.at, read.at)),
        timeline=case_tables.timeline(tries, read.known),
        configuration=case_tables.configuration(read.nodes),
        handshakes=case_tables.handshakes(archive, read.rows, read.inventory),
        unread=archive.unread,
        keys=archive.keys,
        at=read.at,
        reading=archive.account.sentences,
    )


def _pasted_lines(pasted: str, known: Map) -> Logged:
    if not pasted.strip():
        return Logged((), ())
    from ekukit.archive import read_log

    frame = read_log(pasted.encode("utf-8", "replace"))
    frame["file"] = PASTED
    return what_log_tells(frame, known, EvidenceKind.PASTED)


def _looked(read: Reading, today: datetime | None) -> dict[tuple[str, Store], Looked]:
    found = {}
    for key, held in read.inventory.held.items():
        role = read.known.roles.get(held.host)
        found[key] = Looked(held, node_words(role, held.host), role, read.at, today)
    return found


def _judge(
    gathered: Gathered,
    case: Reconstruction | None,
    predicted: tuple[Outcome, ...],
    looked: Mapping[tuple[str, Store], Looked],
) -> None:
    if case is not None:
        add_predictions(gathered, case, predicted)
        add_standin_findings(gathered, predicted)
        add_mode_findings(gathered, case)
        add_name_findings(gathered, case)
        add_systems(gathered, case)
    add_certificate_findings(gathered, looked.values())
    add_store_findings(gathered, looked)


def _node(node: NodeSettings, role: Role | None, given: Mapping[str, Role]) -> CaseNode:
    how = []
    if role is not None:
        told = node.host.lower() in {host.lower() for host in given}
        zone = (
            "its UC traversal zone"
            if node.role is role
            else ("a capture, where its certificate is shown on the zone's port")
        )
        how.append("role as given" if told else f"role from {zone}")
    if node.release_told is not None:
        how.append(f"release from {node.release_told.where}")
    if node.mode_setting is not None:
        how.append(f"mode from {node.mode_setting.evidence.where}")
    return CaseNode(node.host, role, node.release, node.mode, tuple(how))
