"""A calendar that shows itself: as table and figure, as JSON, CSV, iCalendar, or in one line."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ekukit.certificates import eku_words
from ekukit.facts import validity_limits
from ekukit.facts.calendar import Limit
from ekukit.frames import csv_of
from ekukit.planning.lead_times import WAITING, LeadTimes
from ekukit.printable import escaped, visible
from ekukit.renewals.certificate_dates import CertificateDates, Lapse
from ekukit.renewals.dark_words import headline
from ekukit.renewals.stops import Span, Stop
from ekukit.renewals.worst_first import (
    act_by,
    dark_already,
    first_dark_day,
    lead_of,
    stops_among,
)

if TYPE_CHECKING:
    import pandas as pd

_DAY, _TEXT = "datetime64[s]", "string"
CALENDAR_COLUMNS = {
    "holders": _TEXT, "name": _TEXT, "serial": _TEXT, "issuer": _TEXT, "ca": _TEXT, "eku": _TEXT,
    "client_auth": _TEXT, "expires": _DAY, "days_left": "Int64", "last_issue": _DAY,
    "last_issue_earliest": _DAY, "last_issue_latest": _DAY, "gone": _DAY, "gone_earliest": _DAY,
    "gone_latest": _DAY, "renewals": _TEXT, "keeps_until": _DAY, "unless_asked": _DAY,
    "act_by": _DAY, "lead": _TEXT, "lead_days": "Int64", "lead_basis": _TEXT, "plan": _TEXT,
    "down": _TEXT, "perhaps": _TEXT, "sources": _TEXT, "basis": _TEXT, "facts": _TEXT,
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RenewalCalendar:
    """When certificates expire and lose clientAuth, and what goes down then, worst first.

    A notebook shows it as figure and table; `frame` is the same as data, `json()` what the shell
    prints, `ics()` an iCalendar file. `on` is the day from which on is judged, `leads` the days
    that remedies take. With `redacted` names are pseudonyms.
    """

    rows: tuple[CertificateDates, ...]
    on: dt.date
    leads: LeadTimes
    notes: tuple[str, ...] = ()
    redacted: bool = False

    @property
    def first_dark_day(self) -> dt.date | None:
        """Return the first day to come on which something goes down, None when there is none."""
        return first_dark_day(self.rows)

    @property
    def headline(self) -> str:
        """Return in a sentence what is down already and the first dark day to come."""
        return headline(self.rows, self.on, self.leads)

    @property
    def sources(self) -> tuple[Stop, ...]:
        """Return the days on which the CAs stop, one for each source, those that decide first."""
        return stops_among(self.rows)

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for each certificate, worst first; columns and dtypes CALENDAR_COLUMNS.

        `client_auth` says what becomes of it; `down` and `perhaps` are ids with commas, missing
        where it is not told which node holds the certificate; days without a time zone are UTC.
        """
        from ekukit.frames import typed_frame

        return typed_frame(
            (_values(row, self.on, self.leads) for row in self.rows), CALENDAR_COLUMNS
        )

    def csv(self) -> bytes:
        """Return the frame as CSV in UTF-8; no cell is taken for a formula."""
        return csv_of(self.frame, CALENDAR_COLUMNS)

    def ics(self) -> bytes:
        """Return an iCalendar file, which Outlook and Thunderbird take."""
        from ekukit.renewals.diary import diary

        return diary(self.rows, self.on, self.leads)

    def svg(self) -> bytes:
        """Return the figure as SVG."""
        from ekukit.views.figures.dark_figure import dark_svg
        from ekukit.views.figures.drawn import standalone

        return standalone(dark_svg(self.rows, self.on)).encode()

    def json(self) -> str:
        """Return what `ekukit calendar --json` prints."""
        return escaped(json.dumps(_data(self), indent=2, ensure_ascii=False))

    def __repr__(self) -> str:
        """Return the headline and how many certificates there are, in one line."""
        return f"<RenewalCalendar: {visible(self.headline)} Certificates: {len(self.rows)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.pages.calendar_page import calendar_html

        return calendar_html(self.rows, self.on, self.leads, self.notes)


def _values(row: CertificateDates, on: dt.date, leads: LeadTimes) -> dict[str, object]:
    found = row.shown
    return {
        "holders": "; ".join(row.where),
        "name": found.name, "serial": found.serial or None, "issuer": found.issuer,
        "ca": row.ca or None, "eku": eku_words(row.certificate.ekus),
        "client_auth": row.lapse.value,
        "expires": row.expires, "days_left": (row.expires - on).days,
        **_span("last_issue", row.last_issue), **_span("gone", row.gone),
        "renewals": ", ".join(map(str, row.renewals)), "keeps_until": row.keeps_until,
        "unless_asked": row.unless_asked,
        "act_by": act_by(row, leads), **_lead_values(row, leads),
        "down": None if row.down is None else ", ".join(row.down),
        "perhaps": None if row.perhaps is None else ", ".join(row.perhaps),
        "sources": "; ".join(f"{stop.words}: {stop.source}" for stop in row.stops),
        "basis": row.basis.value, "facts": ", ".join(row.facts),
    }  # fmt: skip


def _lead_values(row: CertificateDates, leads: LeadTimes) -> dict[str, object]:
    """Return what is waited for, how long, who says so, and the plan; missing where none is."""
    needed = row.missed or row.down is None
    kind = lead_of(row, leads) if needed else None
    return {
        "lead": kind and kind.value,
        "lead_days": None if kind is None else leads.days(kind),
        "lead_basis": None if kind is None else "given" if kind in leads.given else "assumed",
        "plan": ", ".join(row.mending.steps) if row.mending else None,
    }


def _span(name: str, span: Span) -> dict[str, object]:
    return {name: span.decided, f"{name}_earliest": span.earliest, f"{name}_latest": span.latest}


def _data(found: RenewalCalendar) -> dict[str, object]:
    day = found.first_dark_day
    return {
        "redacted": found.redacted,
        "headline": found.headline,
        "from": found.on.isoformat(),
        "lead_days": {kind.value: found.leads.days(kind) for kind in WAITING},
        "lead_given": sorted(found.leads.given),
        "first_dark_day": day and day.isoformat(),
        "down_already": [list(row.where) for row in dark_already(found.rows)],
        "certificates": [_row_data(row, found.on, found.leads) for row in found.rows],
        "sources": [
            {
                "first_day_without": stop.date and stop.date.isoformat(),
                "words": stop.words,
                "source": stop.source,
                "as_of": stop.as_of and stop.as_of.isoformat(),
                "decides": stop.decides,
                "status": stop.status.value,
            }
            for stop in found.sources
        ],
        "longest_validity": [_limit_data(limit) for limit in validity_limits()],
        "longest_by_ca": [
            _limit_data(limit)
            for ca in sorted({row.ca for row in found.rows if row.ca})
            for limit in validity_limits(ca)
        ],
        "notes": list(found.notes),
    }


def _limit_data(limit: Limit) -> dict[str, object]:
    return {
        "subject": limit.subject,
        "issued_from": None if limit.start == dt.date.min else limit.start.isoformat(),
        "days": limit.days,
        "a_year": limit.per_year,
        "source": limit.source,
        "as_of": limit.as_of.isoformat(),
        "status": limit.status.value,
    }


def _row_data(row: CertificateDates, on: dt.date, leads: LeadTimes) -> dict[str, object]:
    plain = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in _values(row, on, leads).items()
    }
    return {
        **plain,
        "holders": [
            {"host": one.host, "role": one.role or None, "store": one.store or None}
            for one in row.holders
        ],
        "renewals": [day.isoformat() for day in row.renewals],
        "loses": row.lapse is Lapse.LOST,
        "only_on_request": row.on_request,
        "down": None if row.down is None else list(row.down),
        "perhaps": None if row.perhaps is None else list(row.perhaps),
        "plan": None if row.mending is None else list(row.mending.steps),
        "not_mended": None if row.mending is None else list(row.mending.unmet),
        "sources": [stop.source for stop in row.stops],
        "facts": list(row.facts),
    }
