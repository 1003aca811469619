"""A cause as a card: everything that a screen, a page or JSON says of it, in one value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ekukit.causes.card_words import CauseWords, cause_words
from ekukit.causes.causation import root_causes
from ekukit.causes.mending import system_at
from ekukit.causes.part import CausePlace, certificate_at
from ekukit.causes.root_cause import RootCause
from ekukit.causes.system_words import listed, title, title_of
from ekukit.connections.outcome import Outcome
from ekukit.expressway import Deployment
from ekukit.facts import Status

# How sure a cause is, in words.
SURE = {
    Status.DOCUMENTED: "a source says it",
    Status.INFERRED: "it follows from what is documented or measured",
    Status.ASSUMED: "no source says it",
}


class CauseEvidence(Protocol):
    """What shows a cause: where it was read, and the words that stand there."""

    @property
    def where(self) -> str:
        """Return the place in words."""

    @property
    def short(self) -> str:
        """Return the place as short as it can be told."""

    @property
    def text(self) -> str:
        """Return the words."""


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome as evidence: the connection, and what became of it."""

    where: str
    text: str

    @property
    def short(self) -> str:
        """Return the connection."""
        return self.where


@dataclass(frozen=True, slots=True)
class Ends:
    """A connection between two systems by address."""

    connection: str
    initiator: str
    responder: str


@dataclass(frozen=True, slots=True)
class CauseCard:
    """One cause to be shown.

    `id` stays while nothing else is wrong in the same place; `number` is its place on the screen,
    from 1. `system` (a role or a far end) and `peers` (host names) say where it is, `serials` of
    which certificates. `what` is one sentence without ids of facts, `where` the menu path, `step`
    what puts it right, `lists` where the CA of a new certificate belongs. `effects` and `doubtful`
    are ids of connections and services, the latter possibly down; `behind` ids of causes that this
    one hides; `ends` the connections with the addresses of both ends. `evidence` are lines that
    show it. `seen` is true where logs, captures or pages of a case show it, false where it follows
    from what is known; `sure` says in words how sure it is, `basis` the weakest status among
    `facts`. `codes` are those of the findings behind it.
    """

    id: str
    number: int
    code: str
    system: str
    peers: tuple[str, ...]
    place: CausePlace
    serials: tuple[str, ...]
    what: str
    where: str
    step: str
    lists: tuple[str, ...]
    instead: tuple[str, ...]
    effects: tuple[str, ...]
    doubtful: tuple[str, ...]
    restores: tuple[str, ...]
    behind: tuple[str, ...]
    basis: Status
    facts: tuple[str, ...]
    evidence: tuple[CauseEvidence, ...]
    ends: tuple[Ends, ...] = ()
    seen: bool = False
    sure: str = ""
    codes: tuple[str, ...] = ()

    @property
    def todo(self) -> str:
        """Return what to do, with the lists into which the new CA belongs."""
        if not self.lists:
            return self.step
        return f"{self.step} Put that CA's root and issuing CA into {listed(self.lists)}."

    @property
    def brings_down(self) -> tuple[str, ...]:
        """Return what is down because of it, by title."""
        return tuple(map(title_of, self.effects))

    @property
    def may_bring_down(self) -> tuple[str, ...]:
        """Return what may be down because of it, by title."""
        return tuple(map(title_of, self.doubtful))

    def explains(self, outcome: Outcome) -> bool:
        """Return whether it brings this outcome down."""
        if outcome.initiator:
            return Ends(outcome.connection, outcome.initiator, outcome.responder) in self.ends
        return outcome.connection in self.effects


def cause_cards(deployment: Deployment, outcomes: Iterable[Outcome]) -> tuple[CauseCard, ...]:
    """Return the causes of what failed in a deployment, the one that brings back most first."""
    found = root_causes(deployment, outcomes)
    return tuple(
        _card(deployment, cause, cause_words(deployment, cause), number)
        for number, cause in enumerate(found, 1)
    )


def line_of(shown: CauseEvidence) -> str:
    """Return evidence in one line."""
    return f"{shown.short}: {' '.join(shown.text.split())}"


def numbers_of(cards: Iterable[CauseCard], outcome: Outcome) -> tuple[int, ...]:
    """Return the numbers of the causes that bring an outcome down."""
    return tuple(card.number for card in cards if card.explains(outcome))


def _card(deployment: Deployment, cause: RootCause, words: CauseWords, number: int) -> CauseCard:
    part = cause.parts[0]
    between = part.place is CausePlace.NETWORK
    systems = [system_at(deployment, part.address) for part in cause.parts]
    held = [certificate_at(system, part.store)
            for system, part in zip(systems, cause.parts, strict=True) if part.store]  # fmt: skip
    return CauseCard(
        id=cause.id,
        number=number,
        code=cause.code,
        system="" if between else ", ".join(dict.fromkeys(map(title, systems))),
        peers=tuple(dict.fromkeys(system.fqdn for system in systems if not between)),
        place=part.place,
        serials=tuple(dict.fromkeys(found.serial_hex for found in held if found)),
        what=words.what,
        where=words.where,
        step=words.step,
        lists=words.lists,
        instead=words.instead,
        effects=cause.effects,
        doubtful=cause.doubtful,
        restores=cause.restores,
        behind=cause.behind,
        basis=cause.basis,
        facts=cause.facts,
        evidence=tuple(dict.fromkeys(map(_line, cause.outcomes))),
        ends=tuple(Ends(name, *pair) for name, pair in sorted(cause.pairs)),
        sure=_sure(cause.outcomes),
    )


def _sure(outcomes: Sequence[Outcome]) -> str:
    """Return how sure what it brings down is: where that differs, the surest first, by number."""
    found = {status: [o.title for o in outcomes if o.basis is status] for status in Status}
    told = {status: list(dict.fromkeys(titles)) for status, titles in found.items() if titles}
    if len(told) == 1:
        status = next(iter(told))
        return f"{status.value}, {SURE[status]}"
    return ", ".join(
        f"{status.value} for {titles[0] if len(titles) == 1 else len(titles)}"
        for status, titles in told.items()
    )


def _line(outcome: Outcome) -> OutcomeLine:
    signs = []
    if outcome.error is not None:
        signs.append(f"OpenSSL error {outcome.error} at depth {outcome.depth}")
    if outcome.alert is not None:
        signs.append(f"TLS alert {outcome.alert}")
    told = f" ({', '.join(signs)})" if signs else ""
    return OutcomeLine(outcome.title, f"{outcome.reason}{told}")
