"""A fleet in memory: its tables, a row for each case, and how many go dark in which month."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ekukit.connections.services import SERVICES
from ekukit.fleets.case_rows import ids
from ekukit.frames import typed_frame

if TYPE_CHECKING:
    import pandas as pd

_TEXT, _DAY = "string", "datetime64[s]"
CASE_COLUMNS = {
    "case": _TEXT, "state": _TEXT, "down": _TEXT, "dark_day": _DAY, "goes_down": _TEXT,
    "act_by": _DAY, "nodes": "Int64", "unread": "Int64", "releases": _TEXT, "cas": _TEXT,
    "causes": _TEXT, "headline": _TEXT, "error": _TEXT,
}  # fmt: skip
MONTH_COLUMNS = {"month": _TEXT, "service": _TEXT, "cases": "Int64"}
COUNT_COLUMNS = {"of": _TEXT, "cases": "Int64", "down": "Int64", "dark": "Int64", "first": _DAY}
# What is the matter with a case, the worst first.
STATES = ("down now", "goes dark", "not read", "not judged", "nothing found")
DOWN, DARK, UNREAD, UNJUDGED, FINE = STATES
NOW = "now"


@dataclass(frozen=True, slots=True, eq=False)
class FleetTables:
    """Rows of nodes, causes and what the run took, as they were written."""

    rows: "pd.DataFrame"
    causes: "pd.DataFrame"
    runs: "pd.DataFrame"

    def of(self, cases: Iterable[str]) -> "FleetTables":
        """Return the tables of these cases alone."""
        wanted = set(cases)
        return FleetTables(*(
            frame[frame["case"].isin(wanted)] for frame in (self.rows, self.causes, self.runs)
        ))  # fmt: skip

    def cases(self) -> "pd.DataFrame":
        """Return one row for each case, worst first; columns and dtypes CASE_COLUMNS.

        `state` is one of STATES: something is down now, or goes down at a renewal that is told,
        or nothing could be read, or what was read tells no connection's state, or all is well as
        far as it tells. `unread` counts parts that were not read and could matter. What is down
        now comes first, most services first, then what goes dark by day.
        """
        made = [_case(case, of) for case, of in _by_case(self.rows).items()]
        return typed_frame(sorted(made, key=_badness), CASE_COLUMNS)

    def months(self) -> "pd.DataFrame":
        """Return how many cases lose which service when; columns and dtypes MONTH_COLUMNS.

        `month` is `now` for what is down in the archive, else YYYY-MM of the first renewal that
        takes the service down; `service` an id. Each case counts once for a service.
        """
        first: dict[tuple[str, str], str] = {}
        for row in self.causes.to_dict("records"):
            when = NOW if row["kind"] == "now" else f"{row['day']:%Y-%m}"
            for service in SERVICES:
                if service.id in split(row["effects"]):
                    key = str(row["case"]), service.id
                    first[key] = min(first.get(key, when), when, key=_month)
        counts: dict[tuple[str, str], int] = {}
        for (_case_name, service_id), when in first.items():
            counts[when, service_id] = counts.get((when, service_id), 0) + 1
        told = sorted(counts.items(), key=lambda one: (_month(one[0][0]), one[0][1]))
        return typed_frame(
            ({"month": month, "service": name, "cases": count} for (month, name), count in told),
            MONTH_COLUMNS,
        )

    def counts(self, column: str) -> "pd.DataFrame":
        """Return how many cases there are, down and going dark, by `cas` or `releases`.

        Columns and dtypes COUNT_COLUMNS; a case of two CAs counts with both. The first dark day is
        that of its cases. Most that are down or go dark first.
        """
        found: dict[str, list[Mapping[Any, Any]]] = {}
        for row in self.cases().to_dict("records"):
            for one in split(row[column]) or ["not known"]:
                found.setdefault(one, []).append(row)
        made: list[dict[str, Any]] = [
            {
                "of": one, "cases": len(rows),
                "down": sum(row["state"] == DOWN for row in rows),
                "dark": sum(_is_day(row["dark_day"]) for row in rows),
                "first": min((r["dark_day"] for r in rows if _is_day(r["dark_day"])), default=None),
            }
            for one, rows in found.items()
        ]  # fmt: skip
        made.sort(key=lambda row: (-row["down"] - row["dark"], row["of"]))
        return typed_frame(made, COUNT_COLUMNS)


def split(value: object) -> list[str]:
    """Return the ids of a cell, none where it is missing."""
    return [one for one in str(value).split(", ") if one] if isinstance(value, str) else []


def _by_case(rows: "pd.DataFrame") -> dict[str, list[Mapping[Any, Any]]]:
    found: dict[str, list[Mapping[Any, Any]]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(str(row["case"]), []).append(row)
    return found


def _case(name: str, rows: list[Mapping[Any, Any]]) -> dict[str, Any]:
    dark = [row for row in rows if _is_day(row["dark_day"])]
    day = min((row["dark_day"] for row in dark), default=None)
    due = [row for row in dark if row["dark_day"] == day]
    # A missing cell of pandas is no value that can be looked at by "or".
    first = {key: value if isinstance(value, str) else None for key, value in rows[0].items()}
    down = first["down"]
    return {
        "case": name,
        "state": UNREAD if first["error"] else DOWN if down else DARK if due
        else FINE if _is_judged(rows) else UNJUDGED,
        "down": down, "dark_day": day,
        "goes_down": _all(due, "goes_down"),
        "act_by": min((r["act_by"] for r in due if _is_day(r["act_by"])), default=None),
        "nodes": sum(isinstance(row["host"], str) for row in rows),
        "unread": max((row["unread"] for row in rows if isinstance(row["unread"], int)), default=0),
        "releases": _all(rows, "release"), "cas": _all(rows, "ca"), "causes": _all(rows, "causes"),
        "headline": first["headline"], "error": first["error"],
    }  # fmt: skip


def _is_judged(rows: Iterable[Mapping[Any, Any]]) -> bool:
    """Return whether the state of any connection is known."""
    return any(split(row["active"]) or split(row["failed"]) for row in rows)


def _all(rows: Iterable[Mapping[Any, Any]], column: str) -> str | None:
    return ids(one for row in rows for one in split(row[column])) or None


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and value == value  # noqa: PLR0124 - NaT equals nothing


def _badness(row: Mapping[Any, Any]) -> tuple[int, int, dt.date | dt.datetime, str]:
    day = row["dark_day"] or dt.datetime(9999, 12, 31)  # noqa: DTZ001 - as days are kept
    return STATES.index(row["state"]), -len(split(row["down"])), day, row["case"]


def _month(text: str) -> str:
    return "" if text == NOW else text
