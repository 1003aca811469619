"""The calendar's rows as people read them: what each cell says of a certificate's days."""

import datetime as dt
from dataclasses import replace

import pytest
from test_renewal_days import DAY, LATER, NEVER, ON, dates, days, stop

from ekukit.causes.system_words import listed, title_of
from ekukit.facts.calendar import limits, validity_limits
from ekukit.planning.lead_times import LeadKind, LeadTimes
from ekukit.renewals.certificate_dates import CertificateDates, Lapse, ShownNames
from ekukit.renewals.dark_rows import (
    DARK_COLUMNS,
    SOURCE_COLUMNS,
    act_words,
    dark_rows,
    down_words,
    gone_words,
    last_issue_words,
    lead_note,
    source_rows,
    validity_words,
)
from ekukit.renewals.mending_plan import MendingPlan
from ekukit.renewals.stops import Span

PLAN = MendingPlan(("give Core another certificate",), frozenset({LeadKind.ORDER}))


def cells(row: CertificateDates, on: dt.date = ON) -> dict[str, object]:
    """Return the cells of a row by column."""
    (found,) = dark_rows([row], on, days(0))
    return dict(zip(DARK_COLUMNS, found, strict=True))


def test_a_row_tells_of_its_certificate_in_seven_cells() -> None:
    """In the order of its columns, one row for each certificate."""
    assert DARK_COLUMNS == (
        "Certificate", "Expires", "Last day with clientAuth", "What becomes of it",
        "Goes down then", "Last good day to act", "Dates rest on",
    )  # fmt: skip
    told = cells(dates())
    assert told["Certificate"] == ("Core client core1", "serial 7", "Issuing CA (a)")
    assert told["Expires"] == ("05 Jul 2026", "20 days left")
    assert told["Last day with clientAuth"] == ("not told",)
    assert told["What becomes of it"] == ("gone on 15 Jul 2026",)
    assert told["Goes down then"] == "UC traversal zone"
    assert told["Last good day to act"] == ("14 Jul 2026", "0 days for ordering a certificate")
    assert told["Dates rest on"] == "inferred: E9"
    assert len(list(dark_rows([dates(), dates()], ON, days(0)))) == 2
    assert cells(dates(facts=("E9", "S9")))["Dates rest on"] == "inferred: E9, S9"


@pytest.mark.parametrize(("left", "words"), [(1, "1 days left"), (0, "0 days left"),
                                             (-1, "expired")])  # fmt: skip
def test_a_certificate_is_expired_from_the_day_after_its_last(left: int, words: str) -> None:
    """On that day itself it still holds."""
    told = cells(dates(expires=ON + left * DAY))["Expires"]
    assert told == (f"{ON + left * DAY:%d %b %Y}", words)


def test_a_ca_is_named_beside_the_issuer_where_they_differ() -> None:
    """And a serial number where there is one that may be shown."""
    for ca, issuer in (("", "Issuing CA"), ("Issuing CA", "Issuing CA"), ("a", "Issuing CA (a)")):
        assert cells(dates(ca=ca))["Certificate"] == ("Core client core1", "serial 7", issuer)
    bare = dates(ca="", alias=ShownNames("name", "issuer", ""))
    assert cells(bare)["Certificate"] == ("Core client core1", "issuer")


def test_the_day_to_act_is_told_with_what_it_waits_for() -> None:
    """As passed from the day after it on, with the steps of the plan where there is one."""
    words = "0 days for ordering a certificate"
    assert act_words(dates(), ON + 29 * DAY, days(0)) == ("14 Jul 2026", words)
    assert act_words(dates(), ON + 30 * DAY, days(0)) == ("14 Jul 2026, passed", words)
    planned = dates(mending=PLAN)
    assert act_words(planned, ON, days(0)) == ("14 Jul 2026", words, f"plan: {PLAN.words}")


def test_what_is_down_already_is_to_be_acted_on_at_once() -> None:
    """What lacks clientAuth and harms nothing needs no day."""
    for lapse in (Lapse.NONE, Lapse.LIMITED):
        down = dates(lapse=lapse, gone=NEVER)
        assert act_words(down, ON, days(5))[0] == "at once"
        assert act_words(replace(down, down=(), perhaps=()), ON, days(5)) == ()
    kept = dates(lapse=Lapse.KEPT, gone=NEVER)
    assert act_words(kept, ON, days(5)) == ()


def test_when_clientauth_is_gone_is_told_with_the_renewals_before() -> None:
    """And when it is if nobody asks the CA for it; what keeps it says why."""
    assert gone_words(dates(gone=LATER)) == ("gone on 16 Jul 2026",)
    renewed = dates(gone=LATER, renewals=(ON, ON + DAY))
    assert gone_words(renewed) == (
        "gone on 16 Jul 2026", "renewed with it on 15 Jun 2026 and 16 Jun 2026")  # fmt: skip
    asked = dates(gone=LATER, on_request=True)
    assert gone_words(asked) == ("gone on 16 Jul 2026", "unless asked for: 05 Jul 2026")
    for lapse in Lapse:
        if lapse is not Lapse.LOST:
            assert gone_words(dates(lapse=lapse, renewals=(ON,))) == (lapse.value,)


def test_the_last_day_of_the_ca_is_told_of_what_is_lost() -> None:
    """What must be asked for, and how long one of that day lasts."""
    last = Span(ON, ON, ON)
    assert last_issue_words(dates(last_issue=last)) == ("15 Jun 2026",)
    assert last_issue_words(dates(last_issue=last, on_request=True)) == (
        "15 Jun 2026", "only when asked for")  # fmt: skip
    assert last_issue_words(dates(last_issue=last, keeps_until=ON + DAY)) == (
        "15 Jun 2026", "issued then, it lasts until 16 Jun 2026")  # fmt: skip
    kept = dates(last_issue=last, on_request=True, lapse=Lapse.KEPT)
    assert last_issue_words(kept) == ("",)


def test_what_goes_down_is_told_by_title_and_what_may() -> None:
    """The first four of many; as down already where clientAuth is missing now."""
    names = ("uc-zone", "ssh-tunnel", "cucm-tftp", "webex", "b2b-out", "neighbor-out")
    titles = [listed([title_of(name)]) for name in names]
    five = f"{', '.join(titles[:4])} and {titles[4]}"
    assert down_words(dates(down=names[:5])) == five
    assert down_words(dates(down=names)) == f"{', '.join(titles[:4])} and 2 more"
    assert down_words(dates(down=())) == "nothing known"
    perhaps = dates(perhaps=("b2b-out",))
    assert down_words(perhaps) == f"UC traversal zone; perhaps {titles[4]}"
    assert down_words(dates(lapse=Lapse.NONE)) == "down already: UC traversal zone"
    assert down_words(dates(lapse=Lapse.NONE, down=())) == "nothing known"
    assert down_words(dates(perhaps=None)) == "UC traversal zone"


def test_nothing_goes_down_where_clientauth_stays() -> None:
    """Where no node is told, that is asked for what it is lost or missing."""
    for lapse in (Lapse.KEPT, Lapse.NOT_AFFECTED):
        assert down_words(dates(lapse=lapse)) == "nothing"
        assert down_words(dates(lapse=lapse, down=None)) == ""
    for lapse in (Lapse.LOST, Lapse.NONE, Lapse.LIMITED):
        asked = "not told: which node and store hold it?"
        assert down_words(dates(lapse=lapse, down=None)) == asked


def test_a_source_that_does_not_decide_stays_visible() -> None:
    """With the day as of which it says so, where it has one."""
    assert SOURCE_COLUMNS == ("First day without clientAuth", "Who says so", "As of", "Counts")
    sure, older = stop(ON), replace(stop(ON - DAY, decides=False), as_of=None)
    assert list(source_rows([sure, older])) == [
        (sure.words, "source", "2026-06-15", "yes"),
        (older.words, "source", "", "no, stays visible"),
    ]


STEPS = validity_limits()


def test_a_public_certificate_is_valid_for_what_binds_on_that_day_and_later() -> None:
    """The step of that very day is the one that binds; past ones are not told."""
    middle = STEPS[-2]
    before, on = (validity_words([], middle.start - less * DAY)[0] for less in (1, 0))
    told = "A public certificate is valid for at most "
    assert on.startswith(f"{told}{middle.words} ({middle.per_year} a year) and {STEPS[-1].words}")
    assert f"{STEPS[-1].words} from {STEPS[-1].start:%d %b %Y} on ({STEPS[-1].per_year}" in on
    assert before.startswith(f"{told}{STEPS[-3].words} ({STEPS[-3].per_year} a year)")
    assert f"{middle.words} from {middle.start:%d %b %Y} on ({middle.per_year} a year)" in before
    assert (STEPS[-3].words in on, f"{middle.words} from" in on) == (False, False)
    last = validity_words([], STEPS[-1].start)[0]
    source = f"{STEPS[-1].source}, as of {STEPS[-1].as_of}"
    assert last == f"{told}{STEPS[-1].words} ({STEPS[-1].per_year} a year) ({source})."
    assert on.count(source) == 1


def test_cas_that_give_less_themselves_are_told_once_by_name() -> None:
    """Those of the rows alone that have such a limit."""
    own = sorted({row.subject for row in limits()} - {row.subject for row in STEPS})
    rows = [dates(ca=ca) for ca in (*reversed(own), own[0], "No such CA", "")]
    told = validity_words(rows, ON)
    assert [words.partition(" itself gives at most ")[0] for words in told[1:]] == own
    assert validity_words([dates(ca="No such CA"), dates(ca="")], ON) == told[:1]


def test_the_days_that_are_counted_are_told_as_assumed_or_given() -> None:
    """Of what rows wait for that go down or are not told of; nothing else is counted."""
    note = lead_note([dates()], LeadTimes())
    assert "Counted before a dark day: assumed: 14 days for ordering a certificate." in note
    assert note.endswith("given as lead (order=DAYS).")
    plan = MendingPlan(("ask",), frozenset({LeadKind.PARTNER}))
    both = lead_note([dates(mending=plan), dates(down=None, perhaps=None)], LeadTimes())
    assert "ordering a certificate; assumed: 30 days for asking a partner." in both
    assert both.endswith("given as lead (order=DAYS, partner=DAYS).")
    nothing = "No source tells how long a remedy takes; nothing here needs one that waits."
    assert lead_note([], LeadTimes()) == nothing
    assert lead_note([dates(down=(), perhaps=())], LeadTimes()) == nothing
    assert lead_note([dates(mending=MendingPlan())], LeadTimes()) == nothing
