"""The calendar of the sunset as tables: dates with their sources, last days, renewals."""

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd

from ekukit.facts import (
    LAST_DAY,
    CalendarDate,
    calendar,
    deciding,
    default_end,
    issuers,
    latest_renewal,
    longest_validity,
)

COLUMNS = ("Date", "Who", "What", "Source", "As of", "Counts")
RENEWAL_COLUMNS = (
    "CA",
    "clientAuth only on request from",
    "Last day for clientAuth",
    "Longest validity on that day",
    "So clientAuth is gone after",
    "Other sources say",
)
VALIDITY_COLUMNS = ("Issued on", "Longest validity", "Renew at the latest on")
NOT_SAID = "no source says"


def calendar_table(dates: Sequence[CalendarDate] | None = None) -> pd.DataFrame:
    """Return all dates, earliest first; columns COLUMNS, dtype object.

    "Counts" says "yes", or "no: another source decides" where sources conflict.
    """
    rows = [
        (
            row.words,
            row.subject,
            row.event,
            row.source,
            row.as_of.isoformat(),
            "yes" if row.decides else "no: another source decides",
        )
        for row in (calendar() if dates is None else dates)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def renewal_table() -> pd.DataFrame:
    """Return for each CA until when a certificate of it can have clientAuth; RENEWAL_COLUMNS.

    The last column but one adds the longest validity to the last day: the latest end that a
    certificate with both EKUs can have. Where a CA is known to give less, that counts.
    """
    rows = [_renewal(name) for name in issuers()]
    return pd.DataFrame(rows, columns=list(RENEWAL_COLUMNS), dtype=object)


def _renewal(name: str) -> tuple[object, ...]:
    last, default = deciding(name, LAST_DAY), default_end(name)
    others = [r for r in calendar() if (r.subject, r.event) == (name, LAST_DAY) and not r.decides]
    told = tuple(f"{row.words}: {row.source}" for row in others) or "nothing else"
    asked = default.words if default else NOT_SAID
    if last is None:
        return (name, asked, NOT_SAID, "", NOT_SAID, told)
    end = (
        f"{latest_renewal(last.date, name):{'%b %Y' if last.precision == 'month' else '%Y-%m-%d'}}"
    )
    return (name, asked, last.words, f"{longest_validity(last.date, name)} days", end, told)


def validity_table(issued: Iterable[dt.date]) -> pd.DataFrame:
    """Return the longest validity and the last day of certificates by their issue date.

    Columns VALIDITY_COLUMNS, dtype object. By the ballot alone, no CA's own limit counts.
    """
    rows = [
        (day.isoformat(), f"{longest_validity(day)} days", latest_renewal(day).isoformat())
        for day in issued
    ]
    return pd.DataFrame(rows, columns=list(VALIDITY_COLUMNS), dtype=object)
