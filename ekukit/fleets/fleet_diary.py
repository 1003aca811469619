"""The renewals of a fleet as an iCalendar file."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ekukit.causes.system_words import listed
from ekukit.fleets.fleet_tables import split
from ekukit.printable import visible
from ekukit.renewals.diary import Due, events
from ekukit.renewals.worst_first import titles

if TYPE_CHECKING:
    import pandas as pd


def fleet_diary(causes: "pd.DataFrame", on: dt.date) -> bytes:
    """Return whole days, one event for each day and kind, of a fleet's table of causes.

    Only renewals by which something goes down count: the day on which clientAuth is gone, and the
    last good day to act. `on` is the stamp, so that the same rows give the same bytes.
    """
    return events(_dues(causes), on)


def _dues(causes: "pd.DataFrame") -> Iterator[Due]:
    for row in causes[causes["kind"] == "renewal"].to_dict("records"):
        down = listed(titles(split(row["effects"])))
        if not down:
            continue
        where = row["where"] if isinstance(row["where"], str) else row["hosts"]
        told = visible(f"{row['case']}: {where if isinstance(where, str) else 'a node'}. ")
        line = f"{told}Goes down: {down}."
        yield Due(row["day"].date(), "clientAuth is gone", line)
        if row["act_by"] == row["act_by"]:
            day = row["act_by"].date()
            yield Due(day, "last good day to act before clientAuth is gone", line)
