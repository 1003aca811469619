"""The clock of this machine: it cannot stand before the day on which the facts were read."""

import datetime as dt

from ekukit.errors import InputError
from ekukit.facts.reading import readings

# A day for time zones; the years after which a clock is doubted are the kit's own choice.
_DAY, _LONG = dt.timedelta(days=1), dt.timedelta(days=5 * 365)


def now() -> dt.datetime:
    """Return the moment that this machine's clock shows, UTC.

    Raises InputError when it stands before the newest reading of a source: what is judged by it
    would be wrong. A clock that is fast cannot be told from a kit that is old: see `clock_doubt`.
    """
    found = dt.datetime.now(dt.UTC)
    told = _slow(found)
    if told:
        msg = f"{told}; set it, or say for which day this is asked (--at; --issued of issue)"
        raise InputError(msg)
    return found


def clock_doubt(at: dt.datetime) -> str:
    """Return in words why a clock that stands at a moment is wrong, or may be; "" for neither."""
    if at.date() - newest_reading() > _LONG:
        return (
            f"the clock of this machine stands at {at:%d %b %Y}; the sources of this kit were last "
            f"read on {newest_reading():%d %b %Y}, so that it is fast or the kit is old"
        )
    return _slow(at)


def newest_reading() -> dt.date:
    """Return the last day on which a source was read for this version of the kit."""
    return max(row.read for row in readings())


def _slow(at: dt.datetime) -> str:
    if at.date() >= newest_reading() - _DAY:
        return ""
    return (
        f"the clock of this machine stands at {at:%d %b %Y} and is wrong: the sources of this kit "
        f"were read on {newest_reading():%d %b %Y}"
    )
