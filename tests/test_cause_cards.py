"""Cause cards on a screen: what is said at once, what is folded, and that nothing runs."""

import html
import re
from dataclasses import replace

import pytest

from ekukit.causes import CauseCard, cause_cards
from ekukit.causes.card import OutcomeLine
from ekukit.connections import predict
from ekukit.expressway import FarEndKind, Trust, build, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.facts import ledger
from ekukit.views.pages.cause_cards import NO_CAUSE, card_html, cards_html

EVIL = '<img src=x onerror="alert(1)">\x00\u202e'


def cards(name: str = "C2") -> tuple[CauseCard, ...]:
    """Return the causes of a condition by the rules."""
    deployment = build(condition(name))
    return cause_cards(deployment, predict(deployment))


def seen(page: str) -> str:
    """Return the text that stands there while everything is folded."""
    without = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", " ", without))


def test_a_card_says_what_where_what_follows_and_what_to_do() -> None:
    """All of it without opening anything."""
    first = cards()[0]
    told = seen(card_html(first))
    for words in (first.what, first.where, "✗ MRA login", "✗ UC traversal zone", "documented"):
        assert words in told
    assert "Replace it by one with clientAuth" in told


@pytest.mark.parametrize("name", CONDITIONS)
def test_no_id_of_a_fact_stands_in_the_sentences_that_are_seen(name: str) -> None:
    """Ids are folded behind, each with its claim."""
    for card in cards(name):
        words = set(re.findall(r"[\w.-]+", seen(card_html(card))))
        assert words & set(ledger()) == set()
        assert [f for f in card.facts if f"<li>{f}: " not in card_html(card)] == []


def trusted_by_nobody(name: str) -> tuple[CauseCard, ...]:
    """Return the causes of a condition whose far ends trust no CA at all."""
    choices = condition(name)
    for kind in FarEndKind:
        choices = choices.with_far_end(kind, trusts=Trust.NONE)
    deployment = build(choices)
    return cause_cards(deployment, predict(deployment))


@pytest.mark.parametrize("bad", [0, 1])
def test_in_a_cluster_mode_off_brings_back_what_its_own_pairs_get_back(bad: int) -> None:
    """The zone alone, as without a cluster: that the other peer's tunnel is up tells nothing.

    It had been told that mode Off brings back the SSH tunnel, which it never does (E7).
    """
    good = build(condition("C1", key="EC-secp256r1", core_peers=2))
    poor = build(condition("C2", key="EC-secp256r1", core_peers=2))
    core = list(good.core)
    core[bad] = poor.core[bad]
    mixed = replace(good, core=tuple(core), edge=tuple(
        replace(one, trusted=one.trusted | two.trusted)
        for one, two in zip(good.edge, poor.edge, strict=True)))  # fmt: skip
    told = [text for card in cause_cards(mixed, predict(mixed)) for text in card.instead]
    (off,) = {text for text in told if text.startswith("Mode Off on Edge")}
    back, _, stays = off.partition(";")
    assert "UC traversal zone" in back
    assert "SSH tunnel" not in back
    assert "SSH tunnel" in stays


def test_a_ca_that_far_ends_lack_is_said_of_every_certificate_that_they_refuse() -> None:
    """Webex, partner and cloud judge Edge's client certificate, the partner its server one too."""
    assert cards("C3")[0].what == (
        "Webex, B2B partner and Cisco cloud do not trust CA 1 Internal Root, the CA of Edge's "
        "client and server certificates."
    )
    told = [card.what for card in trusted_by_nobody("C3") if "CA 1 Internal Root" in card.what]
    assert "Core's" in told[0]
    assert "Edge's" in told[0]


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_is_wrong_is_a_sentence_of_at_most_25_words(name: str) -> None:
    """However many far ends and certificates are concerned."""
    found = [card.what for card in (*cards(name), *trusted_by_nobody(name))]
    assert found
    assert [said for said in found if len(said.split()) > 25] == []


def test_causes_beyond_the_most_are_counted_and_folded() -> None:
    """One is shown, the other is behind a line that counts it."""
    found = cards()
    shown = cards_html(found, most=1)
    assert found[0].what in seen(shown)
    assert found[1].what not in seen(shown)
    assert f"{len(found) - 1} other cause" in shown


def test_without_a_cause_a_sentence_says_so() -> None:
    """An empty place would look like a fault of the page."""
    assert NO_CAUSE in cards_html(())


def test_a_hidden_cause_is_named_by_its_number() -> None:
    """Which one shows next is said where it is put right."""
    first, second = cards()[:2]
    told = card_html(replace(first, behind=(second.id,)), among=(first, second))
    assert "cause 2: shows when this one is put right" in seen(told)


def test_text_of_a_card_is_escaped() -> None:
    """A name from a customer's certificate runs nowhere."""
    hostile = replace(
        cards()[0], what=EVIL, where=EVIL, step=EVIL, lists=(EVIL,), system=EVIL, peers=(EVIL,),
        serials=(EVIL,), code=EVIL, evidence=(OutcomeLine(EVIL, EVIL),), instead=(EVIL,),
        facts=(EVIL,),
    )  # fmt: skip
    shown = cards_html((hostile,), most=0)
    assert "<img" not in shown
    assert "\x00" not in shown
    assert "\u202e" not in shown
