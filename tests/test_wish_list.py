"""Wishes, limits and preferences as they are typed: what each means, what means nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
from test_plan_order import step

from ekukit.errors import InputError
from ekukit.expressway import build, condition
from ekukit.expressway.build import CA1, CA2
from ekukit.planning.plan_limits import (
    LIMIT_WORDS,
    ONLY_CA,
    CostPart,
    PlanLimit,
    limit_words,
    order_of,
)
from ekukit.planning.wish_list import known_ca, limited, wished

TOLD = ("uc-zone", "ssh-tunnel", "cucm-tftp", "cucm-oauth", "webex", "mra-login")
WISHES: list[tuple[list[str], tuple[str, ...]]] = [
    ([], TOLD), ([" , "], TOLD), (["mra-login"], ("mra-login",)),
    (["webex, uc-zone"], ("webex", "uc-zone")), (["UC-Zone"], ("uc-zone",)),
    (["cucm"], ("cucm-tftp", "cucm-oauth")), (["cucm-oauth", "cucm"], ("cucm-oauth", "cucm-tftp")),
    (["uc-zone", "uc-zone"], ("uc-zone",)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "meant"), WISHES)
def test_a_wish_is_a_connection_a_service_or_a_far_end(
    given: list[str], meant: tuple[str, ...]
) -> None:
    """A far end means all connections with it; without a wish all are meant."""
    assert wished(given, TOLD) == meant


UNMEANT = [
    ("neighbor", "is not in this deployment, or nothing was seen of it"),
    ("neighbor-out", "is not in this deployment, or nothing was seen of it"),
    ("xyz", "is unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "why"), UNMEANT)
def test_a_wish_that_means_nothing_here_is_refused(word: str, why: str) -> None:
    """With what could be wished for."""
    with pytest.raises(InputError) as told:
        wished([word], TOLD)
    assert f"the wish '{word}' {why}; wish for: uc-zone, ssh-tunnel" in str(told.value)
    known = str(told.value).partition("wish for: ")[2].partition(";")[0].split(", ")
    assert [*known[:7], known.count("webex")] == [*TOLD, "cucm", 1]


def test_a_misspelled_wish_is_answered_with_the_nearest() -> None:
    """A far end among them."""
    with pytest.raises(InputError, match="did you mean uc-zone"):
        wished(["uc-zon"], TOLD)
    with pytest.raises(InputError, match="did you mean cucm"):
        wished(["cucn"], TOLD)


def test_limits_are_words_of_the_list_or_ids_of_steps() -> None:
    """And `only_ca` stands among them."""
    assert limited(["mode-off, private-ca", "s1"], ["s1"]) == {"mode-off", "private-ca", "s1"}
    assert limited([], ["s1"]) == limited([" , "], ["s1"]) == frozenset()
    assert limited(["mode-off"], [], only_ca=True) == {"mode-off", ONLY_CA}
    with pytest.raises(
        InputError, match=r"^the limit 's2' is unknown; .* id of a step as --json shows it"
    ):
        limited(["s2"], ["s1"])
    with pytest.raises(InputError, match="did you mean mode-off"):
        limited(["mode-of"], [])


def test_every_limit_has_words_and_a_step_stands_for_itself() -> None:
    """That of office hours excludes nothing."""
    assert set(PlanLimit) - set(LIMIT_WORDS) == {PlanLimit.OFFICE_HOURS}
    assert [limit_words(name) for name in ("mode-off", ONLY_CA, "s1")] == [
        "EKU checking mode Off", "every CA but one", "the step s1"]  # fmt: skip


def test_losses_come_first_unless_they_are_named_too() -> None:
    """Then what is preferred, then the rest."""
    losses, parties, restarts, price, steps = CostPart
    assert order_of(()) == (losses, parties, restarts, price, steps)
    assert order_of((price,)) == (losses, price, parties, restarts, steps)
    assert order_of((price, losses)) == (price, losses, parties, restarts, steps)


def test_a_ca_is_known_where_it_is_trusted_or_a_step_brings_it() -> None:
    """A part of its name will do, in any case."""
    found = build(condition("C3", core_peers=1))
    names = [ca.name for ca in CA1.ca_certificates]
    for word in (names[0], names[0].upper(), names[0][:4]):
        known_ca(word, found, [])
    bare: Any = SimpleNamespace(core=(), edge=())
    known_ca(names[0], bare, [step("a", shows=frozenset(CA1.ca_certificates))])
    with pytest.raises(InputError) as told:
        known_ca("No such CA", bare, [step("a", shows=frozenset(CA2.ca_certificates))])
    listed = ", ".join(sorted(ca.name for ca in CA2.ca_certificates))
    assert str(told.value).startswith(
        f"the CA 'No such CA' is not known here; known are: {listed}")  # fmt: skip
    for only in ("core", "edge"):
        one: Any = SimpleNamespace(**{"core": (), "edge": (), only: getattr(found, only)})
        known_ca(names[0], one, [])
