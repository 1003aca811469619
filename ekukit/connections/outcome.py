"""Outcomes: the state of a connection or service, its stable code, reason, evidence and sources."""

from dataclasses import dataclass
from enum import StrEnum

from ekukit.certificates import Ekus
from ekukit.facts import Status


class State(StrEnum):
    """The states of a connection, in the product's words."""

    ACTIVE = "Active"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


# Color is never the only cue: every state has a sign, too.
SYMBOLS = {State.ACTIVE: "✓", State.FAILED: "✗", State.UNKNOWN: "?"}


class Engine(StrEnum):
    """Where a state comes from: a handshake made now, or the rules."""

    LAB = "lab"
    RULES = "rules"


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

    `code` is stable and dotted. `basis` is the weakest status among `facts`. `peer` and `target`
    name the nodes by address and host name; both are empty for services. `hidden` lists what
    else is wrong behind the first error, in words.
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
