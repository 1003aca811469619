"""How long remedies take: what is assumed, what somebody gave, and which of several counts."""

import pytest

from ekukit.errors import InputError
from ekukit.planning.lead_times import (
    LEAD_ROWS,
    WAITING,
    LeadKind,
    LeadTimes,
    lead_days,
    lead_times,
)

NONE, ORDER, NETWORK, WINDOW, PARTNER = LeadKind


def test_days_are_assumed_until_somebody_gives_others() -> None:
    """Two weeks, a month for a partner; nothing to wait for takes no day."""
    assert {kind: row.days for kind, row in LEAD_ROWS.items()} == {
        NONE: 0, ORDER: 14, NETWORK: 14, WINDOW: 14, PARTNER: 30}  # fmt: skip
    assert [row.kind for row in LEAD_ROWS.values()] == list(LEAD_ROWS)
    assert WAITING == (ORDER, NETWORK, WINDOW, PARTNER)
    given = LeadTimes({ORDER: 3})
    assert [given.days(kind) for kind in LeadKind] == [0, 3, 14, 14, 30]
    assert given.words(ORDER) == "3 days for ordering a certificate"
    assert given.words(PARTNER) == "assumed: 30 days for asking a partner"
    assert given.words(NONE) == "0 days for nothing to wait for"
    assert LeadTimes({ORDER: 1}).words(ORDER) == "1 day for ordering a certificate"
    assert LeadTimes({ORDER: 0}).words(ORDER) == "0 days for ordering a certificate"


def test_what_waits_for_several_things_waits_for_the_longest() -> None:
    """By the days that count; for nothing where there is nothing."""
    assert LeadTimes().longest([ORDER, PARTNER, NONE]) is PARTNER
    assert LeadTimes({ORDER: 40}).longest([PARTNER, ORDER]) is ORDER
    assert LeadTimes().longest([]) is NONE


ALL = dict.fromkeys(WAITING, 30)
GIVEN: list[tuple[object, dict[LeadKind, int]]] = [
    (30, ALL), ("30", ALL), (" 30 ", ALL), (0, dict.fromkeys(WAITING, 0)),
    ("order=14", {ORDER: 14}), (" Order = 14 ", {ORDER: 14}),
    ("3650", dict.fromkeys(WAITING, 3650)),
    ("9999", dict.fromkeys(WAITING, 3650)), ("3651", dict.fromkeys(WAITING, 3650)),
    ({"order": 1, "partner": "2"}, {ORDER: 1, PARTNER: 2}), ({}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "days"), GIVEN)
def test_days_are_given_for_one_kind_or_for_all(given: object, days: dict[LeadKind, int]) -> None:
    """As a number, a text or a mapping; ten years at most."""
    assert lead_days(given) == days


REFUSED = [
    ("ordr=3", "lead=ordr=3 is unknown; use one of: order, network, window, partner", "order?"),
    ("none=3", "lead=none=3 is unknown", ""),
    ("=3", "lead==3 is unknown", ""),
    ("order=", "lead=order= cannot be used; give a number of days, 0 or more, such as order=", ""),
    ("order=-1", "lead=order=-1 cannot be used", ""), ("-1", "lead=-1 cannot be used", ""),
    ("order=1.5", "lead=order=1.5 cannot be used", ""), ("order=99999", "cannot be used", ""),
    ("soon", "lead=soon cannot be used", ""), ("٣", "cannot be used", ""), ("", "cannot be", ""),
]  # fmt: skip


@pytest.mark.parametrize(("given", "found", "near"), REFUSED)
def test_what_is_no_number_of_days_is_refused(given: str, found: str, near: str) -> None:
    """With what was found and what would do."""
    with pytest.raises(InputError) as told:
        lead_days(given)
    assert found in str(told.value)
    assert near in str(told.value)


def test_days_for_one_kind_count_before_a_number() -> None:
    """In whatever order they are given; of two for one kind the later."""
    one, all_ = {ORDER: 3}, dict.fromkeys(WAITING, 9)
    for told in ([one, all_], [all_, one]):
        found = lead_times(told)
        assert [found.days(kind) for kind in (ORDER, PARTNER)] == [3, 9]
    assert lead_times([{ORDER: 3}, {ORDER: 4}]).days(ORDER) == 4
    assert lead_times([]).days(ORDER) == 14
