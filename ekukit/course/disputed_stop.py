"""A CA's last day of which sources disagree: when clientAuth is gone, and until when to order."""

import datetime as dt
from dataclasses import dataclass

from ekukit.facts import STOPS, calendar, deciding
from ekukit.facts.calendar import renewals
from ekukit.planning.lead_times import LEAD_ROWS, LeadKind

_ONE_DAY = dt.timedelta(days=1)


def day_words(day: dt.date) -> str:
    """Return a day as questions write it."""
    return f"{day.day} {day:%b %Y}"


def span_words(first: dt.date, last: dt.date) -> str:
    """Return the first and the last of several days."""
    return f"{day_words(first)} to {day_words(last)}"


@dataclass(frozen=True, slots=True)
class DisputedStop:
    """A certificate of a CA that ends on a day and is renewed on its last one, time after time."""

    subject: str
    ends: dt.date

    @property
    def told(self) -> tuple[dt.date, ...]:
        """Return the days on which the CA stops, as its sources say, in their order."""
        rows = (row for row in calendar() if (row.subject, row.event) == (self.subject, STOPS))
        return tuple(sorted(row.date for row in rows))

    @property
    def decided(self) -> dt.date:
        """Return the day that counts; raises LookupError for a CA without one."""
        row = deciding(self.subject, STOPS)
        if row is None:
            raise LookupError(self.subject)
        return row.date

    def gone(self, stop: dt.date) -> dt.date:
        """Return the renewal that is the first without clientAuth when the CA stops on a day."""
        return renewals(self.ends, self.subject, stop)[-1]

    def range(self) -> str:
        """Return between which days that renewal falls, by the first and by the last source."""
        return span_words(self.gone(self.told[0]), self.gone(self.told[-1]))

    def act_by(self, stop: dt.date, kind: LeadKind) -> dt.date:
        """Return the last good day to act when the CA stops on a day: all works the day before."""
        return self.gone(stop) - _ONE_DAY - dt.timedelta(days=LEAD_ROWS[kind].days)
