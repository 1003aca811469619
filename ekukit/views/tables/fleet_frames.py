"""A fleet as tables for people: cases worst first, and counts by issuer or release."""

import datetime as dt
from typing import Any

import pandas as pd

from ekukit.causes.system_words import listed
from ekukit.certificates.certificate import common_name
from ekukit.connections import State
from ekukit.connections.outcome import SYMBOLS
from ekukit.fleets.fleet_tables import DARK, DOWN, FINE, UNJUDGED, UNREAD, split
from ekukit.frames import frame_of
from ekukit.renewals.worst_first import titles

CASE_TITLES = ("Case", "State", "Down now", "Dark day", "Goes down then", "Act by", "Nodes")
NODE_TITLES = ("Node", "Server store", "Client store", "States at the archive's time")
CAUSE_TITLES = ("What", "Where", "Brings down", "What to do", "Sure")
# Color is never the only cue: each state has a sign, too.
STATE_SIGNS = {DOWN: "✗", DARK: "!", UNREAD: "?", UNJUDGED: "?", FINE: "·"}
_FEW = 3


def count_titles(what: str) -> tuple[str, ...]:
    """Return the titles of a table of counts."""
    return what.capitalize(), "Cases", "Down now", "Go dark", "First dark day"


def case_frame(cases: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return one row for each case in the order given; columns CASE_TITLES, dtype object.

    Several lines in a cell are a tuple; days are counted from `on`.
    """
    return frame_of((_case(row, on) for row in cases.to_dict("records")), CASE_TITLES)


def _case(row: dict[Any, Any], on: dt.date) -> tuple[object, ...]:
    many = "1 node" if row["nodes"] == 1 else f"{row['nodes']} nodes"
    nodes = ", ".join(filter(None, (many, _text(row["releases"]))))
    return (
        row["case"],
        tuple(filter(None, (f"{STATE_SIGNS[row['state']]} {row['state']}", _unread(row)))),
        _text(row["error"]) or _down(row["down"]),
        _day(row["dark_day"], on),
        _down(row["goes_down"]),
        _day(row["act_by"], on),
        tuple(filter(None, (nodes, _text(row["cas"])))),
    )


def _unread(row: dict[Any, Any]) -> str:
    count = 0 if row["state"] == UNREAD else int(row["unread"])
    return f"{count:,} {'part' if count == 1 else 'parts'} not read" if count else ""


def count_frame(counts: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return a fleet's counts; columns those of count_titles, dtype object."""
    rows = (
        (row["of"], row["cases"], row["down"], row["dark"],
         f"{row['first']:%d %b %Y}" if _is_there(row["first"]) else "")
        for row in counts.to_dict("records")
    )  # fmt: skip
    return frame_of(rows, count_titles(what))


def cause_frame(causes: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each cause in the order given; columns CAUSE_TITLES, dtype object."""
    return frame_of(map(_cause, causes.to_dict("records")), CAUSE_TITLES)


def _cause(row: dict[Any, Any]) -> tuple[object, ...]:
    day = f"{row['day']:%d %b %Y}: " if _is_there(row["day"]) else ""
    facts = f"{row['basis']}: {_text(row['facts'])}"
    where = tuple(filter(None, (_text(row["where"]), _text(row["hosts"]))))
    return f"{day}{_text(row['what'])}", where, _down(row["effects"]), _text(row["todo"]), facts


def _down(value: object) -> str:
    return listed(titles(split(value)), most=_FEW)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(value: object, on: dt.date) -> str:
    if not isinstance(value, dt.datetime) or not _is_there(value):
        return ""
    return f"{value:%d %b %Y}{', passed' if value.date() < on else ''}"


def node_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each node of a case; columns NODE_TITLES, dtype object."""
    return frame_of(map(_node, rows.to_dict("records")), NODE_TITLES)


def _node(row: dict[Any, Any]) -> tuple[object, ...]:
    side = " ".join(filter(None, (_text(row["role"]), _text(row["release"]))))
    mode = _text(row["eku_checking"])
    stores = (_store(row, "server"), _store(row, "client"))
    states = tuple(
        f"{SYMBOLS[state]} {listed(titles(names), most=_FEW)}"
        for state in State
        if (names := split(row[state.value.lower()]))
    )
    who = (_text(row["host"]) or "no node is known", side, f"EKU checking {mode}" if mode else "")
    return tuple(filter(None, who)), *stores, states


def _store(row: dict[Any, Any], kind: str) -> tuple[str, ...]:
    issuer, eku = _text(row[f"{kind}_issuer"]), _text(row[f"{kind}_eku"])
    ends = row[f"{kind}_expires"]
    until = f"until {ends:%d %b %Y}" if _is_there(ends) else ""
    return tuple(filter(None, (common_name(issuer) or issuer, eku, until)))


def _is_there(value: object) -> bool:
    return value is not pd.NaT and value is not None
