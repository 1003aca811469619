"""Which dates are believed: those that a clock of this product can show."""

from datetime import UTC, datetime

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def is_believed(moment: datetime) -> bool:
    """Return whether a moment lies within the years in which a node can have written something.

    A certificate may end later (RFC 5280 4.1.2.5 writes 9999 for "never"); it is judged as it is.
    """
    return EARLIEST <= moment < LATEST
