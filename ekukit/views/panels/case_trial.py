"""A remedy tried on a rebuilt deployment: what was changed, and the states before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ekukit.causes import CauseCard
from ekukit.causes.causation import root_causes
from ekukit.causes.mending import mended
from ekukit.causes.part import Part
from ekukit.connections import Outcome, State, predict
from ekukit.diagnosis.rebuild.given_deployment import JUDGED
from ekukit.expressway import Deployment
from ekukit.views.html import paragraphs, safe, table
from ekukit.views.tables.change import before_and_after

TRIED = "TRIED, not the customer's"
UNTRIED = "as in the archive"
_ABOUT = (
    "Nothing of this is in the files: it is the customer's deployment with these changes, by real "
    "handshakes with stand-ins."
)
# Parts by the id of the cause whose mending they are.
Mendings = dict[str, tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What somebody can put right: the cause's id, it in words, and the parts to mend."""

    id: str
    words: str
    parts: tuple[Part, ...]


def mendings(deployment: Deployment) -> Mendings:
    """Return by the id of each cause what is to be put right; a cause that cannot be is left out.

    The causes are those that rules find in what both nodes decide, as they are for the case's
    cards: a card of the same id is of the same cause.
    """
    between = (found for found in predict(deployment) if found.connection in JUDGED)
    found = root_causes(deployment, between)
    return {cause.id: cause.parts for cause in found if cause.tried}


def remedies_for(cards: Iterable[CauseCard], known: Mendings) -> tuple[Remedy, ...]:
    """Return what the cards say is to be done, as far as it can be tried."""
    return tuple(
        Remedy(card.id, f"{card.what} {card.todo}", known[card.id])
        for card in cards
        if card.id in known
    )


def with_remedies(deployment: Deployment, remedies: Iterable[Remedy]) -> Deployment:
    """Return the deployment with everything put right that the remedies name."""
    for remedy in remedies:
        deployment = mended(deployment, remedy.parts)
    return deployment


def trial_html(
    changes: Sequence[tuple[str, str, str]],
    before: Sequence[Outcome],
    after: Sequence[Outcome],
) -> str:
    """Return the frame's words: that this is tried, what was changed, states before and after.

    `changes` are name, value before and after, "" where there is none. Of what stays down the
    reason is told.
    """
    items = "".join(f"<li>{safe(_words(*change))}</li>" for change in changes)
    return (
        f'<p class="eku-strong" role="status">⚠ {safe(TRIED)}</p>'
        f"{paragraphs([_ABOUT])}<ul>{items}</ul>"
        f"{paragraphs(_still_down(after), strong=True)}"
        f"{table(before_and_after(before, after), 'States before and after')}"
    )


def _still_down(after: Iterable[Outcome]) -> Iterable[str]:
    return {
        f"{found.title} is {found.state.value}: {found.reason}": None
        for found in after
        if found.initiator and found.state is not State.ACTIVE
    }


def _words(name: str, old: str, new: str) -> str:
    return f"{name}: {old or UNTRIED} → {new}" if new else name
