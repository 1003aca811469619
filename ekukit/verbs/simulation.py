"""Results that show themselves: outcomes as a table, a frame, JSON, or one line."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypedDict

from ekukit.connections import HONESTY, Outcome, State
from ekukit.expressway import Deployment
from ekukit.verbs.option import Option
from ekukit.verbs.outcomes_json import as_json

if TYPE_CHECKING:
    import pandas as pd

# Each is the outcome's attribute of that name.
OUTCOME_COLUMNS = (
    "connection", "title", "initiator", "responder", "state", "code", "reason", "check", "todo",
    "basis", "facts", "engine",
)  # fmt: skip


class ShownOutcomes(TypedDict, total=False):
    """How the shell prints outcomes; in Python a result has everything."""

    details: Annotated[
        bool,
        Option("who presented what, checks, sources, stores", flag=True),
    ]


def outcome_frame(outcomes: tuple[Outcome, ...]) -> "pd.DataFrame":
    """Return one row for each outcome; columns OUTCOME_COLUMNS, dtype string, facts with commas."""
    import pandas as pd

    rows = [
        [", ".join(found.facts) if name == "facts" else str(getattr(found, name))
         for name in OUTCOME_COLUMNS]
        for found in outcomes
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(OUTCOME_COLUMNS), dtype="string")


def outcome_html(outcomes: tuple[Outcome, ...]) -> str:
    """Return the states in words and the tables of connections and services, without a frame."""
    from ekukit.connections.services import essential
    from ekukit.views.html import table
    from ekukit.views.pages.deployment_states import summary_html
    from ekukit.views.tables.outcome_tables import connection_table, service_table

    return (
        summary_html(essential(outcomes))
        + table(connection_table(outcomes), "Every connection of the catalog")
        + table(service_table(outcomes), "Services")
    )


def counted(outcomes: tuple[Outcome, ...]) -> str:
    """Return how many outcomes have each state, such as "9 Active, 4 Failed"."""
    found = Counter(outcome.state for outcome in outcomes)
    return ", ".join(f"{found[state]} {state.value}" for state in State if found[state])


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Simulation:
    """What became of a deployment's connections and services.

    A notebook shows it as a table; `frame` is the same as data, `json()` what the shell prints.
    It is a sequence of its `outcomes`, too.
    """

    deployment: Deployment
    outcomes: tuple[Outcome, ...]

    @property
    def frame(self) -> "pd.DataFrame":
        """Return one row for each connection and pair of systems, services last; dtype string.

        Columns: connection, title, initiator, responder (addresses, "" for services), state, code,
        reason, check, todo, basis, facts (with commas), engine.
        """
        return outcome_frame(self.outcomes)

    def json(self) -> str:
        """Return what `ekukit simulate --json` prints."""
        return as_json(self.deployment, self.outcomes)

    def __iter__(self) -> Iterator[Outcome]:
        """Go through the outcomes."""
        return iter(self.outcomes)

    def __len__(self) -> int:
        """Return how many outcomes there are."""
        return len(self.outcomes)

    def __getitem__(self, place: int) -> Outcome:
        """Return the outcome at a place."""
        return self.outcomes[place]

    def __repr__(self) -> str:
        """Return in one line how many outcomes have each state."""
        return f"<Simulation: {counted(self.outcomes)}>"

    def _repr_html_(self) -> str:
        from ekukit.views.html import page, paragraphs

        return page(outcome_html(self.outcomes), paragraphs([HONESTY]))
