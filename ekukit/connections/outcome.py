"""Outcomes: the state of a connection or service, its stable code, reason, evidence and sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ekukit.certificates import Ekus
from ekukit.connections.handshake import Engine
from ekukit.facts import Status, basis


class State(StrEnum):
    """The states of a connection, in the product's words."""

    ACTIVE = "Active"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


# Stands wherever results of the lab are shown.
HONESTY = (
    "OpenSSL and AsyncSSH did this on this machine; Expressway's documented behavior is cited "
    "beside it. Documented: a source says it. Inferred: it follows from what is documented or "
    "measured. Assumed: ours."
)
# Color is never the only cue: every state has a sign, too.
SYMBOLS = {State.ACTIVE: "✓", State.FAILED: "✗", State.UNKNOWN: "?"}


@dataclass(frozen=True, slots=True)
class Presented:
    """Who presented which certificate, read from which store."""

    node: str
    store: str
    serial: str
    issuer: str
    ekus: Ekus
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a connection or a service.

    `code` is stable and dotted. `basis` is the weakest status among `facts`. `initiator` and
    `responder` are addresses, both empty for services. `alert` is the TLS alert that was sent,
    `error` and `depth` OpenSSL's verify error and where in the path it arose, `text` the library's
    own words. `hidden` lists what else is wrong behind the first error, in words. `standin` tells
    what a handshake with stand-ins came to where the real path, which counts, says otherwise.
    """

    connection: str
    title: str
    state: State
    code: str
    reason: str
    check: str
    todo: str
    engine: Engine
    basis: Status
    facts: tuple[str, ...]
    initiator: str = ""
    responder: str = ""
    presented_by_client: Presented | None = None
    presented_by_server: Presented | None = None
    alert: int | None = None
    error: int | None = None
    depth: int | None = None
    text: str = ""
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    standin: str = ""


def undecided(found: Sequence[Outcome], *, why: str, check: str, todo: str) -> Outcome:
    """Return one connection's outcome as Unknown, each possibility told after the reason.

    `found` holds what comes of each thing that may be so; which of them is, decides and is not
    known. Rests on all their facts, and on F1.
    """
    first = found[0]
    facts = tuple(dict.fromkeys((*(name for one in found for name in one.facts), "F1")))
    told = " ".join(f"{one.check}: {one.state.value}, {one.reason}" for one in found)
    return replace(
        first,
        state=State.UNKNOWN,
        code=f"{first.connection}.unknown",
        reason=f"{why} {told}",
        check=check,
        todo=todo,
        facts=facts,
        basis=basis(facts),
        alert=None,
        error=None,
        depth=None,
        text="",
    )


def worst_states(outcomes: Iterable[Outcome]) -> dict[str, State]:
    """Return one state for each title: Active when every pair is, Failed when one pair fails."""
    found: dict[str, list[State]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.title, []).append(outcome.state)
    worst = (State.FAILED, State.UNKNOWN, State.ACTIVE)
    return {title: min(states, key=worst.index) for title, states in found.items()}
