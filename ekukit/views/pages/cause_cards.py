"""Cause cards as HTML: what is wrong, where, what it brings down, what to do, how sure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ekukit.causes import CauseCard, cause_cards, line_of
from ekukit.connections import Outcome, State
from ekukit.connections.outcome import SYMBOLS
from ekukit.expressway import Deployment
from ekukit.facts import ledger
from ekukit.views.html import safe, short_names

# Names that a card shows at once, and how many more are worth a fold.
_FEW = 6
NO_CAUSE = "Everything shown here is up."


@lru_cache(maxsize=128)
def known_cards(deployment: Deployment, outcomes: tuple[Outcome, ...]) -> tuple[CauseCard, ...]:
    """Return `cause_cards`; a toggle to and fro computes them once."""
    return cause_cards(deployment, outcomes)


def cards_html(cards: Sequence[CauseCard], *, most: int | None = None) -> str:
    """Return the cards in their order, what is beyond `most` folded behind "N other causes".

    A fragment for `views.html.page`, which brings its style; works without a kernel. Without a
    card a sentence says that nothing is down.
    """
    if not cards:
        return f'<p class="eku-strong">{SYMBOLS[State.ACTIVE]} {safe(NO_CAUSE)}</p>'
    shown = "".join(card_html(card, among=cards) for card in cards[:most])
    rest = cards[len(cards[:most]) :]
    if not rest:
        return shown
    causes = "other cause" if len(rest) == 1 else "other causes"
    folded = "".join(card_html(card, among=cards) for card in rest)
    return f"{shown}{_fold(f'{len(rest)} {causes}', folded)}"


def card_html(card: CauseCard, *, among: Iterable[CauseCard] = ()) -> str:
    """Return one cause; `among` are the causes beside it, to number those that it hides.

    Its sentences are visible, evidence, other remedies and facts folded behind them.
    """
    rows = cause_rows(card, among)
    said = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in rows if words)
    return (
        f'<div class="eku-cause" role="group" aria-label="Cause {card.number}">'
        f'<p class="eku-what"><span class="eku-number">{card.number}</span> {safe(card.what)}</p>'
        f"<dl>{said}</dl>{_fold('Evidence, other remedies, facts', folded_evidence(card))}</div>"
    )


def cause_rows(card: CauseCard, among: Iterable[CauseCard]) -> list[tuple[str, str]]:
    """Return what a card says, by name, as HTML; "" where there is nothing to say."""
    numbers = {other.id: other.number for other in among}
    return [
        ("Where", safe(card.where)),
        ("Brings down", names_down(card)),
        ("Hides", safe(_behind(card, numbers)) if card.behind else ""),
        ("To do", safe(card.todo)),
        ("How sure", safe(card.sure)),
    ]


def names_down(card: CauseCard) -> str:
    """Return what is down, and what may be, each with the symbol of its state."""
    # What people notice comes last in a card's effects, and is read first.
    named = [(SYMBOLS[State.FAILED], name) for name in _services_first(card)]
    named += [(SYMBOLS[State.UNKNOWN], f"{name} (perhaps)") for name in card.may_bring_down]
    told = [f'<span class="eku-effect">{sign} {safe(name)}</span>' for sign, name in named]
    if len(told) <= _FEW + 1:
        return " ".join(told)
    return " ".join(told[:_FEW]) + _fold(f"{len(told) - _FEW} more", " ".join(told[_FEW:]))


def _services_first(card: CauseCard) -> list[str]:
    at_once = {ends.connection for ends in card.ends}
    pairs = zip(card.effects, card.brings_down, strict=True)
    return [title for _name, title in sorted(pairs, key=lambda pair: pair[0] in at_once)]


def _behind(card: CauseCard, numbers: dict[str, int]) -> str:
    known = [f"cause {numbers[name]}" for name in card.behind if name in numbers]
    hidden = " and ".join(known) or f"{len(card.behind)} more"
    return f"{hidden}: shows when this one is put right."


def folded_evidence(card: CauseCard) -> str:
    """Return evidence, other remedies, place and facts of a cause."""
    peers, serials = ", ".join(card.peers), ", ".join(card.serials)
    systems = f"{card.system} ({peers})" if peers else card.system
    serial = f", serial {serials}" if serials else ""
    parts = [
        _listed("Evidence", map(line_of, card.evidence)),
        _listed("Other remedies", card.instead),
        _listed("At", [f"{systems}{serial}; code {card.code}"]),
        _listed("Facts", map(_claim, card.facts)),
    ]
    return "".join(parts)


def _claim(name: str) -> str:
    found = ledger().get(name)
    return f"{name}: {found.claim} ({found.source}, {found.status.value})" if found else name


def _listed(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{short_names(safe(line))}</li>" for line in lines)
    return f'<p class="eku-strong">{title}</p><ul>{items}</ul>' if items else ""


def _fold(title: str, content: str) -> str:
    return f"<details><summary>{safe(title)}</summary>{content}</details>"
