"""The iCalendar file, read by another library than the one that writes it."""

import datetime as dt
from itertools import pairwise

import vobject
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import ekukit
from ekukit.certificates import EkuProfile, utc
from ekukit.expressway import Role, Store
from ekukit.planning.lead_times import LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates, Holder, dates_of
from ekukit.renewals.diary import diary
from ekukit.renewals.estate import EstateRow, certificate_of, estate_dates
from ekukit.renewals.worst_first import act_by

ON = dt.date(2026, 11, 28)
ISSUERS = (
    "GoDaddy G2",
    "DigiCert TLS RSA",
    "Let's Encrypt R12",
    "Sectigo OV R36",
    "Entrust",
    "Own",
)
# Whatever a stranger may have written, with what iCalendar escapes and folds.
NAMES = st.text(min_size=1, max_size=120) | st.sampled_from(
    ["a;b,c\\n", "BEGIN:VEVENT", "é" * 90, "x\r\nEND:VCALENDAR\r\n", '"quoted": yes', "\N{BELL}"]
)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2290, 1, 1))


@st.composite
def rows(draw: st.DrawFn) -> tuple[CertificateDates, ...]:
    """Return the dates of a few certificates of any name, CA and end."""
    told = []
    for host, issuer, ends in draw(
        st.lists(st.tuples(NAMES, st.sampled_from(ISSUERS), DAYS), min_size=1, max_size=6)
    ):
        made = certificate_of(host, issuer, EkuProfile.BOTH, utc(ends.isoformat()))
        role = draw(st.sampled_from(Role))
        held = tuple(Holder(host, role.value, store.value) for store in Store)
        told.append(EstateRow(made, held))
    return estate_dates(told, ON)


def read(text: bytes) -> list[vobject.base.Component]:
    """Return the events of a file, as the other library reads and checks it."""
    found = vobject.readOne(text.decode("utf-8"), validate=True)
    assert found.name == "VCALENDAR"
    return found.contents.get("vevent", [])


@settings(max_examples=150, deadline=None)
@given(rows())
def test_every_event_of_any_calendar_is_a_whole_day_with_uid_and_stamp(
    found: tuple[CertificateDates, ...],
) -> None:
    """Names that hold line breaks, signs of the format, or letters of other scripts, too."""
    events = read(diary(found, ON, LeadTimes()))
    for event in events:
        begin, end = event.dtstart.value, event.dtend.value
        assert (type(begin), end - begin) == (dt.date, dt.timedelta(days=1))
        assert event.dtstart.params["VALUE"] == ["DATE"]
        assert event.dtstamp.value == dt.datetime.combine(ON, dt.time(tzinfo=dt.UTC))
        assert event.summary.value.startswith("Expressway: ")
        assert event.description.value
    ids = [event.uid.value for event in events]
    assert len(set(ids)) == len(ids)
    days = {event.dtstart.value for event in events}
    assert days >= {row.gone.decided for row in found if row.gone.decided}
    assert days >= {act for row in found if (act := act_by(row, LeadTimes()))}


def test_the_sample_estate_is_read_with_its_words() -> None:
    """One event for each day and kind, what goes down and the plan in its description."""
    found = ekukit.calendar(ROOT / "data" / "estate.csv", at=ON.isoformat())
    events = {(e.dtstart.value, e.summary.value): e.description.value for e in read(found.ics())}
    act = (dt.date(2026, 11, 20), "Expressway: last good day to act before clientAuth is gone")
    assert "core1.wien.example.com: 05 Dec 2026. Goes down: MRA login, WebRTC proxy" in events[act]
    assert events[act].endswith(
        "Counted: assumed: 14 days for ordering a certificate. Plan: Core client store: private CA."
    )
    assert (dt.date(2026, 12, 5), "Expressway: clientAuth is gone") in events
    days = [day for day, _summary in events]
    assert all(first <= second for first, second in pairwise(days))


def test_a_calendar_without_any_day_is_a_file_all_the_same() -> None:
    """Nothing but certificates that never end."""
    made = certificate_of("core", "Own", EkuProfile.BOTH, utc("9999-12-31"))
    assert read(diary((dates_of(made, (), ON),), ON, LeadTimes())) == []
