"""Where what was seen is not what the certificates foresee, and what that leaves of a finding."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ekukit.connections import Outcome, State, connection
from ekukit.diagnosis.gathered import Gathered
from ekukit.diagnosis.observations import UNREACHED, Seen, pair_of
from ekukit.diagnosis.observed import Observed
from ekukit.diagnosis.refusals import Fate
from ekukit.diagnosis.retold import end_words
from ekukit.diagnosis.tries import connection_of

if TYPE_CHECKING:
    from datetime import datetime

_STATES = {
    Fate.WORKED: State.ACTIVE,
    Fate.REFUSED: State.FAILED,
    Fate.UNREACHED: State.FAILED,
    Fate.DENIED: State.FAILED,
}


def observed_states(seen: Seen) -> tuple[Observed, ...]:
    """Return the last state of each connection between two ends, by kind of evidence."""
    found: dict[tuple[object, ...], Observed] = {}
    last: dict[tuple[object, ...], datetime] = {}
    for one in seen.tries:
        name, state = connection_of(one, seen.known), _STATES.get(one.fate)
        if not name or state is None:
            continue
        key = (name, *pair_of(one), one.evidence[0].kind)
        if one.time is not None and one.time < last.get(key, one.time):
            continue
        if one.time is not None:
            last[key] = one.time
        detail = f"{end_words(one.client)} to {end_words(one.server, one.name)}: {one.words}"
        found[key] = Observed(name, state, one.evidence[0], detail)
    for row in seen.rows:
        found[row.connection, row.evidence.line] = Observed(
            row.connection, row.state, row.evidence, row.reason
        )
    return tuple(found.values())


def add_differences(
    gathered: Gathered, observed: Iterable[Observed], predicted: Iterable[Outcome]
) -> None:
    """Add where what was observed is not what the certificates foresee, on known ground."""
    states: dict[str, set[State]] = {}
    for outcome in predicted:
        states.setdefault(outcome.connection, set()).add(outcome.state)
    for one in observed:
        foreseen = states.get(one.connection, set())
        if State.UNKNOWN in foreseen or not foreseen or one.state in foreseen:
            continue
        if one.state is State.FAILED and gathered.has(UNREACHED.get(one.connection, "")):
            continue
        words = f"{connection(one.connection).title}: observed {one.state.value}, foreseen "
        words += f"{' and '.join(sorted(state.value for state in foreseen))}."
        gathered.add("prediction.differs", words, [one.by])
