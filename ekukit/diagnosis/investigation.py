"""From an opened archive to a case: what was seen, what it comes to, and what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ekukit.archive.contents import with_certificates
from ekukit.archive.log_files import LogFile, LogFiles
from ekukit.archive.pasted_texts import PastedText
from ekukit.diagnosis.case import Case, CaseNode
from ekukit.diagnosis.evidence import case_tables
from ekukit.diagnosis.evidence.callers import without_strangers
from ekukit.diagnosis.evidence.captured import tries_in_captures
from ekukit.diagnosis.evidence.case_evidence import CaseReading
from ekukit.diagnosis.evidence.case_evidence import read as read_case
from ekukit.diagnosis.evidence.cucm import with_tries
from ekukit.diagnosis.evidence.evidence import EvidenceKind
from ekukit.diagnosis.evidence.inventory import inventory_rows
from ekukit.diagnosis.evidence.log_choice import records_to_judge
from ekukit.diagnosis.evidence.logged import alarms_in_page, what_log_tells
from ekukit.diagnosis.evidence.one_try import joined, not_joined
from ekukit.diagnosis.evidence.seen import Seen
from ekukit.diagnosis.evidence.settings import NodeSettings
from ekukit.diagnosis.evidence.status_alarms import alarms_in_status
from ekukit.diagnosis.evidence.tries import with_sides
from ekukit.diagnosis.evidence.tunnels import PASTED, pasted_rows
from ekukit.diagnosis.evidence.zones import zones_of
from ekukit.diagnosis.findings.case_causes import causes_of_case
from ekukit.diagnosis.findings.contradictions import failing, observed_states, working
from ekukit.diagnosis.findings.finding import Finding
from ekukit.diagnosis.findings.headline import failures_seen, headline
from ekukit.diagnosis.findings.judgment import Judged, findings_of
from ekukit.diagnosis.findings.unknown_lines import unknown_lines
from ekukit.diagnosis.rebuild.archive_deployment import reconstruct
from ekukit.diagnosis.rebuild.case_nodes import Reconstruction
from ekukit.diagnosis.rebuild.given_deployment import with_seen
from ekukit.expressway import Role
from ekukit.frames import Rows
from ekukit.log.snapshot import Snapshot
from ekukit.log.tool_output import tool_output

if TYPE_CHECKING:
    from ekukit.archive import Archive


_NO_NODE = "No node of a known role is in the archive."


def investigate(
    archive: "Archive",
    *,
    roles: Mapping[str, Role] | None = None,
    pasted: str = "",
    at: datetime | None = None,
) -> Case:
    """Return what is wrong in an opened archive, with evidence.

    `roles` names Core and Edge by host where the configuration does not tell. `pasted` is text of
    the tunnel page, the zone list, log lines or certificates. The archive is judged at its own
    time; what has expired by `at` is listed apart. Nothing that an archive contains raises. Not
    checked: revocation, DNS, time sources, and all else but certificates and what was logged.
    """
    archive = with_certificates(archive, pasted, PASTED)
    read, seen = _evidence(read_case(archive, roles or {}, at), archive, pasted)
    case, observed, today = _rebuilt(read), observed_states(seen), _today(read, at)
    predicted = with_seen(case.predict(), failing(observed)) if case else ()
    judged = Judged(archive, read, case, predicted, seen, observed, at)
    findings = findings_of(judged)
    apart, lost = not_joined(seen.tries, read.known.uc_ports), _unread_paste(pasted, archive, seen)
    return Case(
        archive=archive,
        nodes=tuple(_node(node, read.roles[node.host], roles or {}) for node in read.nodes),
        headline=_headline(judged, findings, lost),
        findings=findings,
        deployment=case.deployment if case else None,
        unknown=(*(case.unknown if case else (_NO_NODE,)), *filter(None, (apart,))),
        predicted=predicted,
        observed=observed,
        rows=_tables(read, seen, today),
        unread=(*archive.unread, *lost),
        keys=archive.keys,
        at=read.at,
        today=today,
        reading=archive.account.sentences,
        causes=causes_of_case(findings, case.deployment if case else None, predicted),
        not_understood=len(unknown_lines(seen)),
    )


def _headline(judged: Judged, findings: Iterable[Finding], lost: Iterable[str]) -> str:
    doubts = [*(part.words for part in judged.archive.account.doubts), *lost]
    worked = bool(working(judged.observed))
    return headline(findings, judged.predicted, doubts, failures_seen(judged.seen), worked=worked)


def _today(read: CaseReading, at: datetime | None) -> datetime:
    """Return the moment from which days are counted: a node's clock may be ahead of this one."""
    return max(at or read.at, read.at)


def _tables(read: CaseReading, seen: Seen, today: datetime) -> dict[str, Rows]:
    return {
        "certificates": inventory_rows(read.inventory, today),
        "timeline": case_tables.timeline(seen.tries, read.known),
        "configuration": case_tables.configuration(read.nodes),
        "handshakes": case_tables.handshakes(read.captured, read.inventory),
    }


def _rebuilt(read: CaseReading) -> Reconstruction | None:
    return reconstruct(
        [(node, role) for node in read.nodes if (role := read.roles[node.host]) is not None],
        read.inventory,
        read.at,
        addresses={host: address for address, host in read.known.hosts.items()},
        absent=read.absent,
    )


def _evidence(read: CaseReading, archive: "Archive", pasted: str) -> tuple[CaseReading, Seen]:
    """Return what was tried, by log, captures and pasted text, and what that adds to the map."""
    logged = what_log_tells(archive.logs.chosen(records_to_judge), read.known)
    text = _pasted_log(pasted)
    lines = what_log_tells(text.chosen(records_to_judge), read.known, EvidenceKind.PASTED)
    pages = (*archive.pages, *([PastedText(PASTED, pasted)] if pasted.strip() else []))
    captured = tries_in_captures(read.captured.rows, read.known, read.inventory)
    sided = with_sides((*logged.tries, *captured, *lines.tries), read.known)
    tries = joined(without_strangers(sided, read.known))
    read = replace(read, known=with_tries(read.known, tries))
    seen = Seen(
        tuple(tries), tuple(row for page in pages for row in pasted_rows(page.text, page.file)),
        read.inventory, read.known,
        zones=zones_of(read.nodes), unknown=(*logged.unknown, *lines.unknown),
        alarms=(*logged.alarms, *lines.alarms,
                *(alarm for page in pages for alarm in alarms_in_page(page.text, page.file)),
                *alarms_in_status(archive.rows["status"])),
        tests=(*archive.tools, tool_output(pasted, PASTED)),
    )  # fmt: skip
    return read, seen


def _pasted_log(pasted: str) -> LogFiles:
    if not pasted.strip():
        return LogFiles()
    return LogFiles([LogFile(PASTED, None, Snapshot(pasted.encode("utf-8", "replace")))])


def _unread_paste(pasted: str, archive: "Archive", seen: Seen) -> tuple[str, ...]:
    """Return that nothing of a pasted text could be read, nothing where something was."""
    tested = any(one.results for one in seen.tests if one.file == PASTED)
    shown = any(row.evidence.file == PASTED for row in seen.rows)
    held = PASTED in archive.rows["certificates"].each("file")
    if not pasted.strip() or shown or tested or held or alarms_in_page(pasted, PASTED):
        return ()
    if any(one.snapshot.counts["records"] for one in _pasted_log(pasted).files):
        return ()
    words = "a line of a log, a row of a page, an alarm, a certificate, or what a test tool says"
    return (f"{PASTED}: no line of it is {words}",)


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
