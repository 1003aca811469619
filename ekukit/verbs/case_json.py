"""A case as plain values for JSON, in the shape that is documented for the command line."""

from collections.abc import Mapping

from ekukit.account import Account, PartFate
from ekukit.diagnosis.case import Case, CaseNode, Observed
from ekukit.diagnosis.evidence.evidence import Evidence
from ekukit.diagnosis.evidence.presented import handshake_values
from ekukit.diagnosis.findings.finding import Finding
from ekukit.frames import Rows
from ekukit.verbs.outcomes_json import cause_data, outcome_data

# What is shown of a flood without --all; every one was judged.
MOST = 500


def case_data(case: Case, most: int | None = MOST) -> dict[str, object]:
    """Return the case; keys are those of the command line's documentation, and some more.

    Times are ISO 8601 in UTC. What is not told is null, never left out. Of `handshakes` and
    `observed` at most `most` are shown, None for all; `left_out` counts the others.
    """
    shown, left_out = handshake_values(case.rows["handshakes"].rows, most)
    observed = case.observed[:most]
    return {
        "headline": case.headline,
        "judged_at": case.at.isoformat(),
        "nodes": [_node(node) for node in case.nodes],
        "certificates": _records(case.rows["certificates"]),
        "findings": [_finding(finding) for finding in case.findings],
        "causes": [cause_data(card) for card in case.causes],
        "predicted": [outcome_data(outcome, case.causes) for outcome in case.predicted],
        "observed": [_observed(found) for found in observed],
        "handshakes": shown,
        "left_out": {"handshakes": left_out, "observed": len(case.observed) - len(observed)},
        "unknown": list(case.unknown),
        "unread": list(case.unread),
        "private_keys": list(case.keys),
        "account": account_data(case.archive.account),
    }


def account_data(account: Account) -> dict[str, object]:
    """Return the reading account; of what was not read the first thousand or two, and how many."""
    return {
        "members": _fates(account.given_members, account.members),
        "bytes": _fates(account.given_bytes, account.bytes),
        "log": dict(account.log),
        "captures": dict(account.captures),
        "not_read": [
            {
                "file": part.file,
                "offset": part.offset,
                "bytes": part.size,
                "fate": part.fate.value,
                "reason": part.reason,
                "matters": part.matters,
            }
            for part in account.parts
        ],
        "not_read_in_all": account.all_parts,
    }


def _fates(given: int, fates: Mapping[PartFate, int]) -> dict[str, int]:
    return {"given": given, **{fate.value: fates.get(fate, 0) for fate in PartFate}}


def _node(node: CaseNode) -> dict[str, object]:
    return {
        "host": node.host,
        "role": node.role.value if node.role else None,
        "release": node.release.value if node.release else None,
        "eku_checking": node.mode.value if node.mode else None,
        "how_known": list(node.how_known),
    }


def _finding(found: Finding) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        "confidence": found.confidence.value,
        "found": found.found,
        "required": found.required,
        "todo": found.todo,
        "decide": found.decide or None,
        "evidence": [_evidence(evidence) for evidence in found.evidence],
        "facts": list(found.facts),
        "basis": found.basis.value,
        "engine": found.engine.value,
    }


def _evidence(found: Evidence) -> dict[str, object]:
    return {
        "kind": found.kind.value,
        "file": found.file or None,
        "line": found.line,
        "packet": found.packet,
        "serial": found.serial or None,
        "store": found.store or None,
        "text": found.text,
        "where": found.where,
    }


def _observed(found: Observed) -> dict[str, object]:
    return {
        "connection": found.connection,
        "state": found.state.value,
        "detail": found.detail,
        "evidence": _evidence(found.by),
    }


def _records(found: Rows) -> list[dict[str, object]]:
    return [{name: _plain(row.get(name)) for name in found.kinds} for row in found.rows]


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else value
