"""A remedy tried on a rebuilt deployment: what was changed, and the states before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ekukit.causes.causation import root_causes
from ekukit.causes.mending import mended
from ekukit.causes.part import Part
from ekukit.connections import Outcome, State, predict
from ekukit.expressway import Deployment
from ekukit.views.html import paragraphs, safe, table
from ekukit.views.tables.change import COLUMNS, change_word

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
    """What somebody can put right: the cause's id, what is to do, and the parts to mend."""

    id: str
    todo: str
    parts: tuple[Part, ...]


def mendings(deployment: Deployment) -> Mendings:
    """Return by the id of each cause what is to be put right; a cause that cannot be is left out.

    The causes are those that rules find; a card of the same id is of the same cause.
    """
    found = root_causes(deployment, predict(deployment))
    return {cause.id: cause.parts for cause in found if cause.tried}


def with_remedies(deployment: Deployment, remedies: Iterable[Remedy]) -> Deployment:
    """Return the deployment with everything put right that the remedies name."""
    for remedy in remedies:
        deployment = mended(deployment, remedy.parts)
    return deployment


def trial_html(
    changes: Sequence[tuple[str, str, str]],
    before: Iterable[Outcome],
    after: Iterable[Outcome],
) -> str:
    """Return the frame's words: that this is tried, what was changed, states before and after.

    `changes` are name, value before and after, "" where there is none.
    """
    items = "".join(f"<li>{safe(_words(*change))}</li>" for change in changes)
    return (
        f'<p class="eku-strong" role="status">⚠ {safe(TRIED)}</p>'
        f"{paragraphs([_ABOUT])}<ul>{items}</ul>"
        f"{table(before_and_after(before, after), 'States before and after')}"
    )


def _words(name: str, old: str, new: str) -> str:
    return f"{name}: {old or UNTRIED} → {new}" if new else name


def before_and_after(before: Iterable[Outcome], after: Iterable[Outcome]) -> pd.DataFrame:
    """Return states by connection before and after, what differs marked; columns COLUMNS."""
    then, now = _states(before), _states(after)
    rows = [
        (title, then.get(title, State.UNKNOWN), state,
         change_word(then.get(title, State.UNKNOWN), state))
        for title, state in now.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _states(outcomes: Iterable[Outcome]) -> dict[str, State]:
    """Return one state for each title: Active when every pair is, Failed when one pair fails."""
    found: dict[str, list[State]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.title, []).append(outcome.state)
    worst = (State.FAILED, State.UNKNOWN, State.ACTIVE)
    return {title: min(states, key=worst.index) for title, states in found.items()}
