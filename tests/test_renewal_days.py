"""Days of the calendar: the first without clientAuth, the last to act, and which row is worst."""

import datetime as dt
import sys
from dataclasses import replace

import pytest
from paths import Shape, make

from ekukit.causes.system_words import title_of
from ekukit.certificates import CLIENT_AUTH, SERVER_AUTH, Certificate
from ekukit.certificates.pemfile import view_of
from ekukit.facts import Status
from ekukit.facts.calendar import (
    STOPS,
    CalendarDate,
    Issuance,
    Limit,
    calendar,
    deciding,
    default_end,
    issuance,
    issuers,
    last_day,
    latest_renewal,
    limits,
    longest_validity,
    validity_limits,
)
from ekukit.planning.lead_times import LeadKind, LeadTimes
from ekukit.renewals import stops
from ekukit.renewals.certificate_dates import (
    CertificateDates,
    Holder,
    Lapse,
    ShownNames,
    dates_of,
)
from ekukit.renewals.dark_words import beside_figure, headline
from ekukit.renewals.mending_plan import MendingPlan
from ekukit.renewals.stops import Span, Stop, last_days, losing, stops_of
from ekukit.renewals.worst_first import (
    act_by,
    dark_already,
    first_dark_day,
    first_untold_day,
    lead_of,
    stops_among,
    titles,
    untold_already,
    worst_first,
)

# The room offers the function under the module's name.
calendar_module = sys.modules["ekukit.facts.calendar"]
DAY = dt.timedelta(days=1)
ON = dt.date(2026, 6, 15)
VIEW = view_of(make(Shape())[0], make(Shape())[1:])
STOPPED = [row for row in calendar() if row.event == STOPS and row.decides]


@pytest.mark.parametrize("row", STOPPED, ids=lambda row: row.subject)
def test_the_day_on_which_a_ca_stops_is_the_first_without_clientauth(row: CalendarDate) -> None:
    """The day before it is the last (D1)."""
    assert issuance(row.subject, row.date) is Issuance.NO
    assert issuance(row.subject, row.date - DAY) in (Issuance.BY_DEFAULT, Issuance.ON_REQUEST)
    assert last_day(row.subject) == row.date - DAY
    found = last_days(stops_of(row.subject))
    assert found.decided == row.date - DAY


def test_a_ca_that_no_source_knows_may_have_stopped_already() -> None:
    """Behind that stand the days by which all public CAs stop (K4, D5)."""
    unknown, *others = stops_of("No such CA")
    assert (unknown.date, unknown.decides, unknown.status) == (None, True, Status.ASSUMED)
    assert others
    assert not any(stop.decides for stop in others)
    assert {stop.source.partition(":")[0] for stop in others} == {"Public CAs", "Chrome"}
    found = last_days((unknown, *others))
    assert (found.decided, found.earliest) == (None, None)
    assert found.latest == max(stop.last_day for stop in others if stop.last_day)
    assert issuance("No such CA", ON) is Issuance.NOT_SAID
    assert last_day("No such CA") is None


STEPS = validity_limits()


@pytest.mark.parametrize("place", range(1, len(STEPS)))
def test_a_step_of_validity_binds_from_its_day_on(place: int) -> None:
    """The day before it the former one does."""
    before, after = STEPS[place - 1 : place + 1]
    assert longest_validity(after.start) == after.days
    assert longest_validity(after.start - DAY) == before.days
    assert latest_renewal(after.start) == after.start + dt.timedelta(days=after.days)


def test_limits_are_in_order_and_a_ca_binds_itself_to_less_only() -> None:
    """Of the forum's and the CA's own the smaller counts."""
    assert [row.start for row in STEPS] == sorted(row.start for row in STEPS)
    own = {row.subject for row in limits()} - {row.subject for row in STEPS}
    for subject in own:
        for row in validity_limits(subject):
            day = max(row.start, dt.date(2026, 1, 1))
            assert longest_validity(day, subject) <= longest_validity(day)
    assert latest_renewal(dt.date.max) == dt.date.max


def test_certificates_a_year_are_rounded_up() -> None:
    """A limit of a year takes one, a day less takes two."""
    day = dt.date(2026, 1, 1)
    assert [Limit("a", days, "s", day, day).per_year for days in (366, 365, 364, 47)] == [
        1,
        1,
        2,
        8,
    ]


def stop(date: dt.date | None, *, decides: bool = True) -> Stop:
    """Return a stop of a source."""
    return Stop(date, "source", ON, decides, "")


def test_the_renewal_that_loses_is_the_first_on_or_after_the_stop() -> None:
    """Each renewal is on the last day; one on the very day of the stop is without it."""
    first = dt.date(2026, 9, 1)
    again = latest_renewal(first)
    assert losing(first, "", [stop(first)]).decided == first
    assert losing(first, "", [stop(first - DAY)]).decided == first
    assert losing(first, "", [stop(first + DAY)]).decided == again
    assert losing(first, "", [stop(again)]).decided == again
    assert losing(first, "", [stop(again + DAY)]).decided == latest_renewal(again)
    assert losing(first, "", [stop(None)]).decided == first


def test_a_span_has_the_day_that_decides_between_those_of_all_sources() -> None:
    """No earliest day where one source may mean that it is over already."""
    early, late = dt.date(2026, 5, 2), dt.date(2027, 3, 1)
    found = last_days([stop(late), stop(early, decides=False)])
    assert found == Span(late - DAY, early - DAY, late - DAY)
    assert found.words == "28 Feb 2027 (sources: 01 May 2026 to 28 Feb 2027)"
    found = last_days([stop(early), stop(None, decides=False)])
    assert found == Span(early - DAY, None, early - DAY)
    assert found.words == "01 May 2026 (sources: earlier to 01 May 2026)"
    assert last_days([stop(early)]).words == "01 May 2026"
    assert last_days([stop(None)]).words == "not told"
    told = last_days([stop(None), stop(early, decides=False)]).words
    assert told == "not told; 01 May 2026 at the latest"
    assert Span(early, None, None).words == "02 May 2026"


def dates(**changes: object) -> CertificateDates:
    """Return the dates of a certificate that loses clientAuth and takes a zone down."""
    gone = Span(ON + 30 * DAY, ON + 30 * DAY, ON + 30 * DAY)
    held = (Holder("core1", "Core", "client"),)
    made = CertificateDates(VIEW, held, "a", Lapse.LOST, ON + 20 * DAY, ("E9",), gone=gone)
    made = replace(made, down=("uc-zone",), perhaps=())
    return replace(made, **changes)


LATER, NEVER = Span(ON + 31 * DAY, None, None), Span(None, None, None)
WORST = [
    dates(lapse=Lapse.NONE, expires=ON, gone=NEVER),
    dates(lapse=Lapse.LIMITED, expires=ON + 400 * DAY, gone=NEVER),
    dates(expires=ON + 90 * DAY),
    dates(gone=LATER),
    dates(down=(), perhaps=("b2b-out",), gone=Span(ON, None, None)),
    dates(down=None, perhaps=None, gone=LATER),
    dates(down=(), perhaps=(), gone=Span(ON, None, None)),
    dates(down=(), perhaps=(), lapse=Lapse.KEPT, gone=NEVER, expires=ON),
    dates(down=(), lapse=Lapse.NONE, perhaps=("x",), gone=NEVER),
]


def days(lead: int) -> LeadTimes:
    """Return lead times by which a certificate is ordered in so many days."""
    return LeadTimes({LeadKind.ORDER: lead})


def test_rows_stand_worst_first() -> None:
    """Down already, going down by day, perhaps or not told, lost without effect, the rest."""
    assert list(worst_first(reversed(WORST))) == WORST
    assert [row.dark for row in WORST] == [True] * 4 + [False] * 5
    assert dark_already(WORST) == tuple(WORST[:2])


def test_of_rows_of_one_day_the_name_decides() -> None:
    """So that the order is the same each time."""
    one, two = dates(), dates(holders=(Holder("core2", "Core", "client"),))
    assert worst_first([two, one]) == (one, two)


def test_the_first_dark_day_is_the_earliest_of_what_goes_down() -> None:
    """Not of what may, nor of what is down already."""
    assert first_dark_day(WORST) == ON + 30 * DAY
    assert first_dark_day(WORST[4:]) is None
    sooner = dates(gone=Span(ON + DAY, None, None))
    assert first_dark_day([*WORST, sooner]) == ON + DAY


def test_the_last_good_day_to_act_is_the_one_before_less_the_lead() -> None:
    """With no lead it is the day before; where clientAuth stays there is none."""
    assert act_by(dates(), days(0)) == ON + 29 * DAY
    assert act_by(dates(), days(14)) == ON + 15 * DAY
    assert act_by(dates(gone=NEVER), days(0)) is None


def test_what_harms_nothing_needs_no_day_to_act() -> None:
    """What may harm does, and what is not told of."""
    span = Span(ON + 30 * DAY, None, None)
    acts = [
        (dates(down=(), perhaps=(), gone=span), None),
        (dates(down=(), perhaps=("b2b-out",), gone=span), ON + 29 * DAY),
        (dates(down=None, perhaps=None, gone=span), ON + 29 * DAY),
    ]
    assert [act_by(row, days(0)) for row, _day in acts] == [day for _row, day in acts]


def test_who_acts_waits_for_what_takes_longest_of_the_plan() -> None:
    """Without a plan for another certificate."""
    leads = LeadTimes({LeadKind.ORDER: 3, LeadKind.PARTNER: 9, LeadKind.WINDOW: 20})
    plan = MendingPlan(("a",), frozenset({LeadKind.PARTNER, LeadKind.ORDER}))
    assert lead_of(dates(), leads) is LeadKind.ORDER
    assert lead_of(dates(mending=plan), leads) is LeadKind.PARTNER
    assert act_by(dates(mending=plan), leads) == ON + 20 * DAY
    assert lead_of(dates(mending=MendingPlan()), leads) is LeadKind.NONE


def test_the_first_day_of_which_nothing_tells_what_goes_down() -> None:
    """Of certificates that lose clientAuth and take nothing down for sure, the earliest."""
    span = Span(ON + 40 * DAY, None, None)
    perhaps = dates(down=(), perhaps=("b2b-out",), gone=span)
    nobody = dates(down=None, perhaps=None, gone=Span(ON + 35 * DAY, None, None))
    assert first_untold_day([perhaps, nobody, perhaps]) == ON + 35 * DAY
    assert first_untold_day([replace(perhaps, gone=NEVER), perhaps]) == ON + 40 * DAY
    silent = [
        dates(perhaps=("b2b-out",)),
        dates(down=(), perhaps=(), gone=span),
        replace(perhaps, gone=NEVER),
        replace(perhaps, lapse=Lapse.NONE),
        replace(perhaps, lapse=Lapse.LIMITED),
        replace(nobody, lapse=Lapse.KEPT),
    ]
    assert [first_untold_day([row]) for row in silent] == [None] * len(silent)
    assert first_untold_day([]) is None


def test_what_lacks_clientauth_already_in_a_place_that_is_not_told() -> None:
    """Where it is told, it is known what is down."""
    untold = dates(lapse=Lapse.NONE, gone=NEVER, down=None, perhaps=None)
    told = [replace(untold, down=()), replace(untold, down=("uc-zone",))]
    assert untold_already([dates(down=None, perhaps=None), untold, *told]) == (untold,)


def test_stops_of_all_rows_are_told_once_what_decides_first() -> None:
    """However many certificates a CA has."""
    sure, older = stop(ON), stop(ON - DAY, decides=False)
    rows = [dates(stops=(older,)), dates(stops=(sure, older))]
    assert stops_among(rows) == (sure, older)


def test_the_headline_says_when_how_soon_and_until_when() -> None:
    """A day to act that has passed is said to have passed; that very day has not."""
    told = headline([dates()], ON, days(29))
    assert "First dark day: 15 Jul 2026, in 30 days: UC traversal zone." in told
    assert told.endswith("Last good day to act: 15 Jun 2026 (29 days for ordering a certificate).")
    late = headline([dates()], ON, days(30))
    assert late.endswith("certificate). That day has passed.")
    assert headline([], ON, days(0)).startswith("No dark day is known")
    down = headline([WORST[0]], ON, days(0))
    assert "Down already for want of clientAuth" in down
    beside = beside_figure([dates()], ON, days(0))
    assert beside.startswith("In 30 days. Last good day to act: 14 Jul 2026 (0 days")
    assert "First dark day" not in beside
    assert beside_figure([], ON, days(0)) == headline([], ON, days(0))


def test_of_a_later_dark_day_nothing_is_said() -> None:
    """The first one alone counts for what goes down and for when to act."""
    later = dates(gone=LATER, down=("ssh-tunnel",))
    assert headline([later, dates()], ON, days(0)) == headline([dates()], ON, days(0))
    beside = [dates(down=(), perhaps=("b2b-out",)), dates(down=None, perhaps=None)]
    assert headline([*beside, dates()], ON, days(0)) == headline([dates()], ON, days(0))


def test_what_goes_down_is_told_once_and_what_users_notice_first() -> None:
    """Services before connections; of many names four are told."""
    assert titles(["uc-zone", "mra-login", "uc-zone"]) == ["MRA login", "UC traversal zone"]
    assert titles(["ssh-tunnel"]) == [title_of("ssh-tunnel")]
    names = ("uc-zone", "ssh-tunnel", "cucm-tftp", "webex", "b2b-out", "neighbor-out")
    told = [title_of(name) for name in names]
    six = headline([dates(down=names)], ON, days(0))
    assert told[3].partition(",")[0] in six
    assert "and 2 more." in six
    five = headline([dates(down=names[:5])], ON, days(0))
    assert "more" not in five


def test_a_source_is_documented_unless_it_says_otherwise() -> None:
    """As every row of the calendar."""
    assert stop(ON).status is Status.DOCUMENTED
    assert Span(ON, ON, None).words == "15 Jun 2026"


@pytest.mark.parametrize("subject", issuers())
def test_the_source_that_decides_stands_first(subject: str) -> None:
    """Older ones behind it; without one that is known, what decides is that nothing is."""
    found = stops_of(subject)
    assert [row.decides for row in found] == sorted((r.decides for r in found), reverse=True)
    assert found[0].decides


def test_what_binds_all_public_cas_is_what_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older date of the same event is not told for a CA that the calendar does not have."""
    rows = [row for row in calendar() if row.subject == "Chrome" and row.decides]
    older = [replace(row, decides=False, date=ON) for row in rows]
    expected = stops_of("")
    monkeypatch.setattr(stops, "calendar", lambda: (*older, *calendar()))
    assert stops_of("") == expected


def test_a_decided_day_is_that_of_the_source_that_decides() -> None:
    """Wherever it stands among the others."""
    assert last_days([stop(ON + DAY, decides=False), stop(ON)]).decided == ON - DAY


def test_a_ca_that_gives_less_is_renewed_more_often() -> None:
    """Its own limit counts beside the forum's."""
    own = next(row for row in limits() if row.subject != STEPS[0].subject)
    first = max(own.start, ON)
    stops_later = first + dt.timedelta(days=own.days)
    assert latest_renewal(first, own.subject) < latest_renewal(first)
    assert losing(first, own.subject, [stop(stops_later)]).decided == stops_later
    assert losing(first, "", [stop(stops_later)]).decided == latest_renewal(first)


def leaf(ekus: tuple[str, ...] | None, *, public: bool | None) -> Certificate:
    """Return a certificate with these EKUs."""
    return replace(VIEW, ekus=ekus, public=public)


BOTH = (SERVER_AUTH, CLIENT_AUTH)


@pytest.mark.parametrize(
    ("ekus", "public", "lapse"),
    [
        ((SERVER_AUTH,), True, Lapse.NONE), ((), True, Lapse.NONE),
        (BOTH, True, Lapse.LOST), (None, True, Lapse.LOST), (BOTH, False, Lapse.NOT_AFFECTED),
        (BOTH, None, Lapse.NOT_AFFECTED), ((CLIENT_AUTH,), True, Lapse.LOST),
    ],
)  # fmt: skip
def test_what_becomes_of_clientauth(
    ekus: tuple[str, ...] | None, lapse: Lapse, *, public: bool | None
) -> None:
    """Only what is listed or not forbidden can be lost, and only by a public CA's."""
    found = dates_of(leaf(ekus, public=public), (), ON)
    assert found.lapse is lapse
    assert found.on_request is False
    assert found.lacks_it is (lapse is Lapse.NONE)
    assert bool(found.stops) is (lapse is Lapse.LOST)


def test_a_limited_issuer_makes_clientauth_of_no_use() -> None:
    """An issuing CA's limit binds what is below it (E6), and to OpenSSL the root's does, too."""
    limited = [replace(ca, ekus=(SERVER_AUTH,)) for ca in VIEW.chain]
    issuing = replace(VIEW, chain=(limited[0], *VIEW.chain[1:]), public=True)
    root = replace(VIEW, chain=(*VIEW.chain[:-1], limited[-1]), public=True)
    assert dates_of(issuing, (), ON).lapse is Lapse.LIMITED
    assert dates_of(issuing, (), ON).lacks_it
    assert dates_of(root, (), ON).lapse is Lapse.LIMITED
    middle = replace(VIEW.chain[0], subject="CN=Upper CA")
    one = replace(issuing, chain=(limited[0], middle, VIEW.chain[1]))
    assert dates_of(one, (), ON).lapse is Lapse.LIMITED


def issued_by(name: str, *, public: bool | None) -> Certificate:
    """Return a certificate whose issuing CA has this common name."""
    issuing = replace(VIEW.chain[0], subject=f"CN={name}")
    return replace(VIEW, chain=(issuing, VIEW.chain[1]), public=public)


def test_whether_a_ca_is_public_is_told_by_its_name_where_nothing_else_tells_it() -> None:
    """What is known of a certificate counts before a name, and a name before who renews it."""
    unknown = dates_of(issued_by("Sectigo RSA", public=None), (), ON, "DigiCert")
    assert (unknown.ca, unknown.lapse) == ("Sectigo", Lapse.LOST)
    known = dates_of(issued_by("Sectigo RSA", public=False), (), ON)
    assert (known.lapse, known.facts) == (Lapse.NOT_AFFECTED, ("S9",))
    nameless = dates_of(issued_by("Corp", public=None), (), ON, "DigiCert")
    assert (nameless.ca, nameless.lapse, nameless.facts) == ("", Lapse.NOT_AFFECTED, ("S9", "T9"))
    assert dates_of(issued_by("Corp", public=True), (), ON, "DigiCert").ca == "DigiCert"


def test_a_ca_that_goes_on_giving_clientauth_takes_nothing_away() -> None:
    """Told by the issuing CA's own common name (R4)."""
    kept = dates_of(issued_by("DigiCert Assured ID CA G2", public=True), (), ON)
    assert (kept.lapse, kept.facts) == (Lapse.KEPT, ("R4",))
    assert dates_of(issued_by("DigiCert Global CA G2", public=True), (), ON).lapse is Lapse.LOST


def test_clientauth_on_request_is_told_from_its_first_day_to_its_last() -> None:
    """From the day on which a CA gives it only when asked, until the one before it stops."""
    begins, ends = default_end("DigiCert"), deciding("DigiCert", STOPS)
    assert begins is not None
    assert ends is not None
    asked = issued_by("DigiCert", public=True)
    days = (begins.date - DAY, begins.date, ends.date - DAY, ends.date)
    expected = [False, True, True, False]
    assert [dates_of(asked, (), day).on_request for day in days] == expected
    assert [issuance("DigiCert", day) is Issuance.ON_REQUEST for day in days] == expected
    assert issuance("DigiCert", days[0]) is Issuance.BY_DEFAULT


def test_dates_are_as_sure_as_the_weakest_of_what_decides() -> None:
    """A source that does not decide weakens nothing."""
    sure, unsure = stop(ON), replace(stop(ON, decides=False), status=Status.ASSUMED)
    assert dates(stops=(sure, unsure), facts=("S9",)).basis is Status.DOCUMENTED
    deciding_one = replace(unsure, decides=True)
    assert dates(stops=(sure, deciding_one), facts=("S9",)).basis is Status.ASSUMED


def test_what_has_ended_counts_as_renewed_on_the_day() -> None:
    """And what is issued on the CA's last day keeps clientAuth for as long as that CA gives."""
    name = STOPPED[-1].subject
    ends = deciding(name, STOPS)
    assert ends is not None
    asked = replace(VIEW, public=True)
    day = ends.date + 10 * DAY
    assert dates_of(asked, (), day, name).keeps_until is None
    ended = replace(asked, not_after=VIEW.not_before + DAY)
    assert dates_of(ended, (), day, name).gone.decided == day
    last = dates_of(asked, (), ends.date - DAY, name)
    assert last.keeps_until == latest_renewal(ends.date - DAY, name)
    assert dates_of(asked, (), ends.date, name).keeps_until is None


def test_who_must_ask_for_clientauth_loses_it_earlier_without() -> None:
    """At the next renewal, where that is before the CA stops."""
    found = dates(on_request=True)
    assert found.unless_asked == found.expires
    assert dates(on_request=False).unless_asked is None
    assert dates(on_request=True, expires=ON + 30 * DAY).unless_asked is None
    assert dates(on_request=True, gone=NEVER).unless_asked is None


def test_where_a_certificate_is_held_is_told_by_node() -> None:
    """Two stores of a node together, or the certificate's name."""
    two = (Holder("core1", "Core", "server"), Holder("core1", "Core", "client"), Holder("edge1"))
    assert dates(holders=two).where == ("Core server + client core1", "edge1")
    assert dates(holders=()).where == ("core.example.com",)
    assert dates().shown.serial == "7"
    assert dates(certificate=replace(VIEW, serial=0)).shown.serial == ""


def test_hidden_names_are_shown_in_place_of_a_certificates_own() -> None:
    """Its serial among them."""
    hidden = ShownNames("certificate-1", "ca-1", "")
    assert dates().shown == ShownNames("core.example.com", VIEW.issuer_name, "7")
    assert dates(alias=hidden).shown == hidden


def test_what_fails_is_what_goes_down_or_else_what_may() -> None:
    """Nothing where nothing is told of it."""
    assert dates(down=("uc-zone",), perhaps=("webex",)).missed == ("uc-zone",)
    assert dates(down=(), perhaps=("webex",)).missed == ("webex",)
    assert dates(down=(), perhaps=()).missed == ()
    assert dates(down=None, perhaps=None).missed == ()


def test_renewals_are_those_before_the_one_that_loses() -> None:
    """None where the first one loses; none are counted of a CA that never gave it (D5)."""
    name = STOPPED[-1].subject
    ends = deciding(name, STOPS)
    assert ends is not None
    first = ends.date - 2 * DAY
    asked = replace(issued_by(name, public=True), not_after=VIEW.not_after)
    soon = replace(asked, not_after=VIEW.not_after.replace(
        year=first.year, month=first.month, day=first.day
    ))  # fmt: skip
    assert dates_of(soon, (), ON).renewals == (first,)
    assert dates_of(soon, (), ON).gone.decided == latest_renewal(first, name)
    late = replace(soon, not_after=soon.not_after + 2 * DAY)
    assert (dates_of(late, (), ON).renewals, dates_of(late, (), ON).gone.decided) == ((), ends.date)
    unknown = dates_of(replace(soon, chain=VIEW.chain), (), ON)
    assert (unknown.ca, unknown.renewals) == ("", ())


def test_cas_stand_by_their_last_day() -> None:
    """The one that stops first at the head, those of which nobody says it last."""
    days = [last_day(name) or dt.date.max for name in issuers()]
    assert days == sorted(days)
    assert len(set(issuers())) == len(issuers()) >= 5


def row(event: str, date: dt.date) -> CalendarDate:
    """Return a row of a calendar."""
    return CalendarDate("Some CA", event, date, "s", ON, ON)


DEFAULT = "serverAuth-only by default"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((row(DEFAULT, ON),), (Issuance.BY_DEFAULT, Issuance.NOT_SAID)),
        ((row(STOPS, ON),), (Issuance.BY_DEFAULT, Issuance.NO)),
        ((row(DEFAULT, ON), row(STOPS, ON + DAY)), (Issuance.BY_DEFAULT, Issuance.ON_REQUEST)),
        ((replace(row(STOPS, ON), decides=False),), (Issuance.NOT_SAID, Issuance.NOT_SAID)),
        ((), (Issuance.NOT_SAID, Issuance.NOT_SAID)),
    ],
)
def test_what_a_ca_issues_the_day_before_and_on_a_date(
    rows: tuple[CalendarDate, ...],
    expected: tuple[Issuance, Issuance],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A default that ended without a stop leaves open what is given when asked for."""
    monkeypatch.setattr(calendar_module, "calendar", lambda: rows)
    assert (issuance("Some CA", ON - DAY), issuance("Some CA", ON)) == expected


def test_let_s_encrypt_s_classic_profile_ends_its_default() -> None:
    """The event has a name of its own there."""
    found = default_end("Let's Encrypt")
    assert found is not None
    assert found.date == dt.date(2026, 2, 11)
    assert default_end("No such CA") is None


def test_what_is_no_issuer_is_not_among_them() -> None:
    """Browsers, the forum and releases have dates, too."""
    assert {"DigiCert", "Sectigo", "SSL.com", "Let's Encrypt"} <= set(issuers())
    assert {"CA/B Forum", "Chrome"}.isdisjoint(issuers())
    assert {"CA/B Forum", "Chrome"} <= {row.subject for row in calendar()}


def test_steps_of_validity_stand_in_the_calendar() -> None:
    """All but those that were there before it begins; who binds is the forum unless a CA is."""
    steps = [row for row in calendar() if row.event.startswith("maximum validity ")]
    begun = [row for row in limits() if row.start > dt.date.min]
    assert sorted((r.subject, r.date) for r in steps) == sorted((r.subject, r.start) for r in begun)
    assert len(begun) < len(limits())
    assert {row.subject for row in STEPS} == {"CA/B Forum"}


def test_what_a_row_does_not_say_is_documented() -> None:
    """An assumed limit says so in words."""
    assert row(STOPS, ON).status is Status.DOCUMENTED
    made = Limit("a", 47, "s", ON, ON)
    assert (made.status, made.words) == (Status.DOCUMENTED, "47 days")
    assert replace(made, status=Status.ASSUMED).words == "47 days (assumed)"
    assert replace(made, status=Status.INFERRED).words == "47 days (assumed)"
    assert Status.DOCUMENTED in {limit.status for limit in STEPS}
    assert STEPS[-1].words == "47 days"


def test_the_calendar_is_in_order() -> None:
    """The whole calendar, steps of validity included, earliest first."""
    rows = [row.date for row in calendar()]
    assert rows == sorted(rows)
