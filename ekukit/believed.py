"""Dates: which are believed, as a clock of this product can show them, and days between two."""

from datetime import UTC, datetime

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def is_believed(moment: datetime) -> bool:
    """Return whether a moment lies within the years in which a node can have written something.

    A certificate may end later (RFC 5280 4.1.2.5 writes 9999 for "never"); it is judged as it is.
    """
    return EARLIEST <= moment < LATEST


def days_left(until: datetime, at: datetime) -> int:
    """Return the calendar days in UTC from one moment to another, below zero once it has passed.

    As somebody counts them who reads both dates; a calendar of renewals counts days, too.
    """
    days = (until.astimezone(UTC).date() - at.astimezone(UTC).date()).days
    return days if at <= until else min(days, -1)
