"""The moment at which something is judged, from a text or a date."""

from datetime import UTC, date, datetime, time

from ekukit.believed import EARLIEST, LATEST, is_believed
from ekukit.errors import InputError


def moment(given: str | date) -> datetime:
    """Return the moment in UTC that an ISO date, or date and time, names; without a zone UTC's.

    A date counts from its first second. Raises InputError for another text, and outside the years
    that `is_believed` takes.
    """
    text = str(given)
    try:
        found = _moment(given)
    except ValueError:
        msg = f"date {text!r} cannot be read; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS"
        raise InputError(msg) from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not is_believed(found):
        msg = (
            f"date {text!r} cannot be judged at; write one from {EARLIEST:%Y-%m-%d} to before "
            f"{LATEST:%Y-%m-%d}"
        )
        raise InputError(msg)
    # Days are counted in UTC, as certificates do: of another zone the day may be another one.
    return found.astimezone(UTC)


def _moment(given: str | date) -> datetime:
    if isinstance(given, datetime):
        return given
    if isinstance(given, date):
        return datetime.combine(given, time())
    return datetime.fromisoformat(given)
