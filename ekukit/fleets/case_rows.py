"""A case as rows: one for each node, one for each cause, of what `inspect` and `calendar` say."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ekukit.believed import EARLIEST
from ekukit.causes import CauseCard, line_of
from ekukit.causes.system_words import listed, title_of
from ekukit.connections import State
from ekukit.diagnosis.case import Case, CaseNode
from ekukit.diagnosis.findings.contradictions import failing
from ekukit.expressway import Expressway, Store
from ekukit.planning.lead_times import LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.worst_first import act_by, lead_of

if TYPE_CHECKING:
    from ekukit.connections import Outcome

Row = dict[str, Any]
_MOST_EVIDENCE = 3


class DatesTold(NamedTuple):
    """A case's calendar, and the lead times by which the last good day to act is counted."""

    rows: tuple[CertificateDates, ...]
    leads: LeadTimes


def node_rows(case: Case, dates: DatesTold, common: Mapping[str, Any]) -> list[Row]:
    """Return a row for each node of a case, one without a host where no node is known.

    Columns are those of ROW_COLUMNS; days and moments are values of datetime. `common` is what is
    told of the case's files. `dates` are its calendar.
    """
    shared = {
        **common,
        "seen_failing": ids(sorted(failing(case.observed))),
        "down": ids(name for card in case.causes for name in card.effects),
        "not_understood": case.not_understood,
        "unread": len(case.archive.account.doubts),
        "headline": case.headline,
        "at": case.at if case.at > EARLIEST else None,
    }
    if not case.nodes:
        return [{**shared, **_calendar(dates), "causes": ids(card.code for card in case.causes)}]
    return [{**shared, **_node(case, node, dates)} for node in case.nodes]


def ids(names: Iterable[str]) -> str:
    """Return names with commas, each once."""
    return ", ".join(dict.fromkeys(names))


def _node(case: Case, node: CaseNode, dates: DatesTold) -> Row:
    held = [row for row in case.rows["certificates"].rows if row["host"] == node.host]
    serials = {str(row["serial"]) for row in held}
    own = tuple(row for row in dates.rows if row.certificate.serial_hex in serials)
    built = _built(case, node, serials)
    peers = {node.host.lower(), *([built.fqdn.lower()] if built else [])}
    here = [card for card in case.causes if peers & {peer.lower() for peer in card.peers}]
    return {
        "host": node.host,
        "role": node.role and node.role.value,
        "release": node.release and node.release.value,
        "eku_checking": node.mode and node.mode.value,
        **{name: value for row in held for name, value in _store(row).items()},
        "causes": ids(card.code for card in here),
        **_states(case.predicted, built),
        **_calendar(DatesTold(own, dates.leads)),
    }


def _store(row: Mapping[Any, Any]) -> Row:
    values = {
        "issuer": row["issuer"],
        "public": row["public"],
        "eku": row["eku"],
        "serial": row["serial"],
        "expires": row["not_after"].date(),
    }
    return {f"{row['store']}_{name}": value for name, value in values.items()}


def _built(case: Case, node: CaseNode, serials: set[str]) -> Expressway | None:
    """Return the node of the rebuilt deployment: by its certificates, or by its name."""
    found = case.deployment
    nodes = (*found.core, *found.edge) if found else ()
    same = [one for one in nodes if one.role is node.role]
    for one in same:
        if one.fqdn.lower().partition(".")[0] == node.host.lower().partition(".")[0]:
            return one
    for one in same:
        views = (one.store(kind).certificate for kind in Store)
        if serials & {view.serial_hex for view in views if view is not None}:
            return one
    return same[0] if len(same) == 1 else None


def _states(predicted: Iterable["Outcome"], built: Expressway | None) -> Row:
    own = [
        found
        for found in predicted
        if not found.initiator or (built and built.address in (found.initiator, found.responder))
    ]
    return {
        state.value.lower(): ids(found.connection for found in own if found.state is state)
        for state in State
    }


def _calendar(dates: DatesTold) -> Row:
    own, leads = dates
    losing = [row for row in own if row.gone.decided is not None]
    first = min(losing, key=_day, default=None)
    dark = [row for row in losing if row.dark]
    day = min(map(_day, dark), default=None)
    due = [row for row in dark if row.gone.decided == day]
    return {
        "ca": ids(row.ca for row in own if row.ca),
        "client_auth_gone": first and first.gone.decided,
        "client_auth_gone_earliest": first and first.gone.earliest,
        "client_auth_gone_latest": first and first.gone.latest,
        "dark_day": day,
        "goes_down": ids(name for row in due for name in row.down or ()),
        "act_by": min(filter(None, (act_by(row, leads) for row in due)), default=None),
    }


def _day(row: CertificateDates) -> dt.date:
    return row.gone.decided or dt.date.max


def cause_rows(case: Case, dates: DatesTold, name: str) -> list[Row]:
    """Return a row for each cause of now, and for each certificate that is to lose clientAuth.

    Columns are those of CAUSE_COLUMNS, `name` is the case's. The causes are those of `inspect`, in
    its order; the renewals those rows of the calendar that tell a day.
    """
    now = [_now(card) for card in case.causes]
    return [{"case": name, **row} for row in (*now, *_renewals(dates))]


def _now(card: CauseCard) -> Row:
    return {
        "kind": "now", "id": card.id, "code": card.code, "where": card.where,
        "hosts": ids(card.peers), "serials": ids(card.serials), "what": card.what,
        "todo": card.todo, "effects": ids(card.effects), "doubtful": ids(card.doubtful),
        "basis": card.basis.value, "facts": ids(card.facts), "seen": card.seen,
        "evidence": "\n".join(map(line_of, card.evidence[:_MOST_EVIDENCE])),
    }  # fmt: skip


def _renewals(dates: DatesTold) -> Iterator[Row]:
    for row in dates.rows:
        if row.lapse is not Lapse.LOST or row.gone.decided is None:
            continue
        where = listed(row.where)
        down = listed(map(title_of, row.down or ()))
        yield {
            "kind": "renewal", "id": f"renewal.{row.shown.serial}", "code": "client-auth-gone",
            "day": row.gone.decided, "act_by": act_by(row, dates.leads), "where": where,
            "hosts": ids(holder.host for holder in row.holders), "serials": row.shown.serial,
            "issuer": row.certificate.issuer_name, "ca": row.ca or None,
            "what": f"clientAuth is gone from {where}: {row.gone.words}. "
            f"Goes down: {down or 'nothing that the kit knows of'}.",
            "todo": _plan(row, dates.leads),
            "effects": ids(row.down or ()), "doubtful": ids(row.perhaps or ()),
            "basis": row.basis.value, "facts": ids(row.facts), "seen": False, "evidence": "",
        }  # fmt: skip


def _plan(row: CertificateDates, leads: LeadTimes) -> str:
    plan = f"{row.mending.words}. " if row.mending else ""
    counted = leads.words(lead_of(row, leads))
    last = f"Last day with clientAuth of {row.ca or 'its CA'}: {row.last_issue.words}."
    return f"{plan}Counted: {counted}. {last}"
