"""The clock of this machine: it cannot stand before the day on which the facts were read."""

import datetime as dt

from ekukit.errors import InputError
from ekukit.facts.reading import readings

# A day for time zones; from which year on a clock is refused, or doubted, is the kit's own choice.
_DAY, _YEAR = dt.timedelta(days=1), dt.timedelta(days=365)
_LONG = 5 * _YEAR


def now() -> dt.datetime:
    """Return the moment that this machine's clock shows, UTC, or the newest reading of a source.

    That day has been, so that a clock that is a little behind does not count. Raises InputError for
    one that is more than a year behind: what is judged by it would be wrong. A clock that is fast
    cannot be told from a kit that is old: see `clock_doubt`.
    """
    found, newest = dt.datetime.now(dt.UTC), newest_reading()
    if newest - found.date() > _YEAR:
        msg = (
            f"{_slow(found)}; set it, or say for which day this is asked (--at; --issued of issue)"
        )
        raise InputError(msg)
    return max(found, dt.datetime.combine(newest, dt.time(), dt.UTC))


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
