"""Claims, sources and conditions: what the ids in every verdict stand for, as tables."""

import pandas as pd

from ekukit.errors import InputError
from ekukit.expressway import Role, Store
from ekukit.expressway.conditions import CONDITION_TITLES, CONDITIONS
from ekukit.facts import fact, ledger, sources
from ekukit.frames import frame_of
from ekukit.views.html import fold, page, table
from ekukit.views.picture import Picture
from ekukit.views.tables.change import slot_words

FACT_COLUMNS = ("Id", "Claim", "How sure", "Source")
_STORES = tuple((role, kind) for role in Role for kind in Store)


def fact_table(names: tuple[str, ...]) -> pd.DataFrame:
    """Return the facts named, or all of them; columns FACT_COLUMNS, dtype object.

    Raises InputError for an id that the ledger does not have.
    """
    unknown = [name for name in names if name not in ledger()]
    if unknown:
        msg = f"no fact has the id {unknown[0]!r}; ids look like {', '.join(list(ledger())[:3])}"
        raise InputError(msg)
    found = [fact(name) for name in names or ledger()]
    rows = [(row.id, row.claim, row.status.value, row.source) for row in found]
    return frame_of(rows, FACT_COLUMNS)


def facts(*names: str) -> Picture:
    """Show what fact ids say, how sure they are, and who says it; without ids, all of them."""
    return Picture(page(table(fact_table(names), "Facts of the ledger")))


def source_list() -> Picture:
    """Show what the short names of sources stand for, behind a line."""
    rows = list(sources().items())
    frame = frame_of(rows, ("Short", "Source"))
    return Picture(page(fold("Sources: what their short names stand for", table(frame, "Sources"))))


def conditions() -> Picture:
    """Show the published conditions: what each of the four stores holds."""
    titles = [f"{role.value} {kind.value} store" for role, kind in _STORES]
    rows = [
        (name, CONDITION_TITLES[name], *(slot_words(c.slot(role, kind)) for role, kind in _STORES))
        for name, c in CONDITIONS.items()
    ]
    frame = frame_of(rows, ("Name", "Condition", *titles))
    return Picture(page(table(frame, "The conditions of the tech note")))
