"""Places: where something is put right (node, page, list), and how a question asks for it."""

from collections.abc import Sequence
from functools import cache

from ekukit.causes import CauseCard, cause_cards
from ekukit.causes.card_words import BY_ITS_OWNER
from ekukit.connections.reasons import PAGES, TRUST_PAGE, ZONE_NAME_PAGE
from ekukit.course.forms import Given, deployed
from ekukit.course.question import Form, Task
from ekukit.expressway import FarEndKind, Role, Store
from ekukit.expressway.farkinds import FAR_ROWS
from ekukit.lab import run


def _at(role: Role, page: str) -> str:
    return f"{role.value}: {page}"


CORE_CLIENT, EDGE_CLIENT = (_at(role, PAGES[Store.CLIENT]) for role in Role)
CORE_SERVER, EDGE_SERVER = (_at(role, PAGES[Store.SERVER]) for role in Role)
CORE_LIST, EDGE_LIST = (_at(role, TRUST_PAGE) for role in Role)
STORES = (CORE_SERVER, CORE_CLIENT, EDGE_SERVER, EDGE_CLIENT)
BETWEEN = "between Core and Edge"
ZONE_NAME = _at(Role.EDGE, ZONE_NAME_PAGE)


def far(kind: FarEndKind) -> str:
    """Return the place of what a far end has to put right."""
    return f"{FAR_ROWS[kind].title}: {BY_ITS_OWNER}"


def place(given: Given, connection: str, places: Sequence[str], *, shown: bool = True) -> Task:
    """Return the task to say where that connection of a deployment is put right.

    Right is the place that the rules find by mending: that of the first cause which brings the
    connection down. `places` are the options; the deployment is shown unless `shown` is false.
    """

    def right() -> str:
        found = deployed(given)
        return _where(cause_cards(found, run(found)), connection)

    return Task(
        Form.ONE, right, tuple(places), (lambda: deployed(given)) if shown else None,
        needs=(connection,), diagnosis=True,
    )  # fmt: skip


def place_in_case(sample: str, connection: str, places: Sequence[str]) -> Task:
    """Return the task to say where a sample case is put right; the investigation answers it."""
    return Task(
        Form.ONE, lambda: _where(_causes(sample), connection), tuple(places), diagnosis=True
    )


def _where(cards: Sequence[CauseCard], connection: str) -> str:
    return next(card.where for card in cards if connection in card.effects)


@cache
def _causes(sample: str) -> tuple[CauseCard, ...]:
    """Return the causes that are found in a sample case, whose archive is made now."""
    # Late, because most lessons need no archive.
    from ekukit.archive import InMemory, open_archive
    from ekukit.diagnosis.investigation import investigate
    from ekukit.samples.sample_cases import SAMPLES

    found = next(row for row in SAMPLES if row.name == sample)
    return investigate(open_archive(InMemory(f"{sample}.tar.gz", found.archive()))).causes
