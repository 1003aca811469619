"""The times of records as moments, without a table."""

from datetime import UTC, datetime


def moment_of(time: str | None) -> datetime | None:
    """Return the moment in UTC that a record's time tells, to the microsecond.

    `time` is that of `ekukit.log.grammar.Head`. None where none is told and for one that no clock
    shows, such as a leap second: those that `read_log` leaves out.
    """
    try:
        return datetime.fromisoformat(time).astimezone(UTC) if time else None
    except ValueError:
        return None
