"""The calendar of the sunset as tables: dates with their sources, last days, renewals."""

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd

from ekukit.facts import (
    STOPS,
    Status,
    calendar,
    deciding,
    issuers,
    last_day,
    latest_renewal,
    longest,
    validity_limits,
)
from ekukit.facts.calendar import FORUM, CalendarDate, default_end
from ekukit.frames import frame_of

COLUMNS = ("Date", "Who", "What", "Source", "As of", "Counts")
RENEWAL_COLUMNS = (
    "CA",
    "clientAuth only on request from",
    "Last day for clientAuth",
    "Longest validity on that day",
    "So clientAuth is gone after",
    "Other sources say",
)
VALIDITY_COLUMNS = (
    "Issued on", "Longest validity", "Renew at the latest on", "Certificates a year",
)  # fmt: skip
LIMIT_COLUMNS = ("CA", "Issued from", "Longest validity", "Certificates a year", "Source")
NOT_SAID = "no source says"


def calendar_table(dates: Sequence[CalendarDate] | None = None) -> pd.DataFrame:
    """Return all dates, earliest first; columns COLUMNS, dtype object.

    "Counts" says "yes", or "no: another source decides" where sources conflict; what is assumed
    says so.
    """
    rows = [
        (
            row.words,
            row.subject,
            row.event,
            row.source,
            row.as_of.isoformat(),
            _counts(row),
        )
        for row in (calendar() if dates is None else dates)
    ]
    return frame_of(rows, COLUMNS)


def _counts(row: CalendarDate) -> str:
    if not row.decides:
        return "no: another source decides"
    return "yes" if row.status is Status.DOCUMENTED else f"yes, {row.status.value}"


def renewal_table() -> pd.DataFrame:
    """Return for each CA until when a certificate of it can have clientAuth; RENEWAL_COLUMNS.

    The last day is the one before the CA stops (D1). The last column but one adds the longest
    validity to it: the latest end that a certificate with both EKUs can have. Where a CA is known
    to give less than the CA/B Forum allows, that counts (D2, D3).
    """
    rows = [_renewal(name) for name in issuers()]
    return frame_of(rows, RENEWAL_COLUMNS)


def _renewal(name: str) -> tuple[object, ...]:
    stop, last, default = deciding(name, STOPS), last_day(name), default_end(name)
    others = [r for r in calendar() if (r.subject, r.event) == (name, STOPS) and not r.decides]
    told = tuple(f"stops {row.words}: {row.source}" for row in others) or "nothing else"
    asked = default.words if default else NOT_SAID
    if stop is None or last is None:
        return (name, asked, NOT_SAID, "", NOT_SAID, told)
    said = last.isoformat() if stop.precision == "day" else f"before {stop.words}"
    end = latest_renewal(last, name).isoformat()
    return (name, asked, said, longest(last, name).words, end, told)


def validity_table(issued: Iterable[dt.date], subject: str = FORUM) -> pd.DataFrame:
    """Return the longest validity and the last day of certificates by their issue date.

    Columns VALIDITY_COLUMNS, dtype object. By the ballot alone, or by what the CA of that name
    gives. The last column is how many certificates a year takes at least.
    """
    rows = [
        (day.isoformat(), limit.words, latest_renewal(day, subject).isoformat(), limit.per_year)
        for day in issued
        for limit in (longest(day, subject),)
    ]
    return frame_of(rows, VALIDITY_COLUMNS)


def limit_table(subject: str) -> pd.DataFrame:
    """Return the steps by which a CA, or the CA/B Forum, shortens validity; LIMIT_COLUMNS."""
    rows = [
        (
            row.subject,
            "always" if row.start == dt.date.min else row.start.isoformat(),
            row.words,
            row.per_year,
            row.source,
        )
        for row in validity_limits(subject)
    ]
    return frame_of(rows, LIMIT_COLUMNS)
