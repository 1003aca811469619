"""The times of packets, which captures tell in nanoseconds."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def packet_moment(nanoseconds: object) -> datetime | None:
    """Return the moment of nanoseconds since 1970, to the microsecond; None for anything else."""
    if not isinstance(nanoseconds, int):
        return None
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def packet_time(nanoseconds: object) -> str | None:
    """Return the same in ISO 8601, with nine digits where a microsecond does not hold it."""
    moment = packet_moment(nanoseconds)
    if moment is None or not isinstance(nanoseconds, int):
        return None
    rest = nanoseconds % 1000
    if not rest:
        return moment.isoformat()
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}{rest:03}+00:00"
