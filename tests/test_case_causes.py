"""Causes of a case: every broken thing in one, each with its words, its evidence, its remedy."""

import re

import pytest
from conftest import ROOT

from ekukit import archive
from ekukit.causes import CauseCard
from ekukit.diagnosis.case import Case
from ekukit.diagnosis.findings.finding import Severity
from ekukit.diagnosis.investigation import investigate

CASES = ROOT / "data" / "cases"
NAMES = sorted(path.name.removesuffix(".tar.gz") for path in CASES.glob("*.tar.gz"))
# The id of each cause in order; a sample that is not named has none.
CAUSES = {
    "core-client-expired": ["core.client-store"],
    "core-sends-no-certificate": ["core.client-store"],
    "cucm-does-not-trust-core": ["cucm.far-end.core-client"],
    "damaged": ["core.client-store"],
    "far-end-refuses-edge": ["edge.client-store"],
    "issuing-ca-limited": ["core.client-store"],
    "neighbor-refused-by-core": ["neighbor.far-end"],
    "odd-certificates": ["core.client-store"],
    "only-edge": ["core.client-store"],
    "public-everywhere-checking-off": ["core.client-store"],
    "public-everywhere-checking-on": ["core.client-store"],
    "tunnels-issuing-ca-not-trusted": ["edge.trusted-ca.trust"],
    "tunnels-timed-out": ["core-and-edge.network.unreached"],
    "tunnels-unknown-oid": ["core.client-store"],
    "two-faults-eku-and-name": ["core.client-store", "edge.setting.name"],
    "two-faults-off-and-expiry": ["core.client-store"],
    "verify-name-mismatch": ["core.client-store"],
    "zone-not-reached": ["core-and-edge.network.unreached"],
}
FACT = re.compile(r"\b(?:[NSETCXFRVKL]\d+|TC\d)\b")


def case_of(name: str) -> Case:
    """Return the case of a sample."""
    return investigate(archive.open(CASES / f"{name}.tar.gz"))


def cards_of(name: str) -> tuple[CauseCard, ...]:
    """Return the causes of a sample."""
    return case_of(name).causes


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_these_causes_and_each_broken_finding_is_in_one(name: str) -> None:
    """One thing to change is one cause, however many connections it brings down."""
    case = case_of(name)
    cards = case.causes
    assert [card.id for card in cards] == CAUSES.get(name, [])
    codes = [code for card in cards for code in card.codes]
    broken = [found.code for found in case.findings if found.severity is Severity.BROKEN]
    assert sorted(codes) == sorted(broken)
    assert [card.number for card in cards] == list(range(1, len(cards) + 1))


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_is_told_in_25_words_without_ids(name: str) -> None:
    """What is wrong, where, what to do, how sure, and lines that show it."""
    for card in cards_of(name):
        assert len(card.what.split()) <= 25
        assert FACT.findall(f"{card.what} {card.todo} {card.where}".replace("X8.11.4", "")) == []
        assert all((card.where, card.todo, card.sure, card.evidence, card.facts))


def test_the_lists_of_far_ends_that_refuse_are_named() -> None:
    """CUCM keeps trust in two stores, and both are told (T8)."""
    (card,) = cards_of("public-everywhere-checking-on")
    assert "tomcat-trust and CallManager-trust of CUCM" in card.todo
    assert "Edge's trusted CA list" in card.todo


def test_a_cause_that_stands_behind_another_is_told_as_next() -> None:
    """The zone is refused for its usage first, and would be for its name then."""
    first, second = cards_of("two-faults-eku-and-name")
    assert first.behind == (second.id,)
    assert "cluster-core.example.com" in second.what


def test_a_store_that_nobody_saw_is_not_said_to_be_empty() -> None:
    """Core presented no certificate; what its store holds the archive does not tell."""
    (card,) = cards_of("core-sends-no-certificate")
    assert card.what == "Core presented no certificate to Edge."


def test_two_ports_that_are_not_reached_are_one_cause() -> None:
    """The path between the nodes is one thing, and no certificate is blamed."""
    (card,) = cards_of("zone-not-reached")
    assert card.what == "Core does not reach Edge: UC traversal zone and SSH tunnel."
    assert card.place.value == "network"


def test_a_service_that_needs_what_was_seen_to_fail_is_failed() -> None:
    """CUCM is not in the files, but its refusal is: MRA login is down, not unknown."""
    case = case_of("cucm-does-not-trust-core")
    states = {outcome.connection: outcome.state.value for outcome in case.predicted}
    assert (states["mra-login"], states["webrtc-proxy"]) == ("Failed", "Active")


def test_a_name_that_nobody_in_the_files_looks_for_is_no_fault() -> None:
    """With Edge's files alone nothing tells how Core calls it, so no name check can fail."""
    case = case_of("only-edge")
    assert [found.code for found in case.findings if "server-name" in found.code] == []
    assert any("peer address of Core's zone" in sentence for sentence in case.unknown)


def test_what_hides_another_cause_comes_before_it() -> None:
    """Causes are numbered as they must be put right."""
    for name in CAUSES:
        cards = cards_of(name)
        numbers = {card.id: card.number for card in cards}
        late = [other for card in cards for other in card.behind if numbers[other] < card.number]
        assert late == []
