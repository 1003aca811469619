"""A root cause: what somebody can change, with everything that is down because of it."""

from dataclasses import dataclass

from ekukit.causes.part import Part
from ekukit.connections.handshake import End, Handshake, Side, Verdict
from ekukit.connections.outcome import Outcome
from ekukit.facts import Status, basis

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A refusal that is the fault of a part, with the handshake that shows it."""

    connection: str
    shake: Handshake
    verdict: Verdict

    @property
    def shows(self) -> End:
        """Return the end whose certificate is refused, the one that calls where none is."""
        return self.shake.server if self.verdict.judged is Side.SERVER else self.shake.client

    @property
    def judge(self) -> End:
        """Return the other end."""
        return self.shake.client if self.verdict.judged is Side.SERVER else self.shake.server


@dataclass(frozen=True, slots=True, eq=False)
class RootCause:
    """One thing that somebody can change, and everything that is down because of it.

    `parts` are several where peers of a cluster have the same fault, or far ends lack the same CA.
    `faults` are what the rules find there, the first of each connection ahead. `effects` are the
    ids of connections that it brings down now, then of services; `doubtful` those that it may bring
    down, because what the far end does is not known. `restores` are those that come back when it
    alone is put right; `behind` are the ids of the causes that show only then. `pairs` are the
    connections with the addresses of both ends, `outcomes` those whose first refusal this is.
    `tried` is false where putting it right cannot be tried by rules.
    """

    id: str
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...]
    effects: tuple[str, ...]
    doubtful: tuple[str, ...]
    restores: tuple[str, ...]
    behind: tuple[str, ...]
    pairs: frozenset[tuple[str, Pair]]
    outcomes: tuple[Outcome, ...]
    tried: bool = True

    @property
    def code(self) -> str:
        """Return what is wrong, as the codes of outcomes end."""
        return code_of(self.faults[0].verdict)

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the ids that it rests on: those of the outcomes that show it."""
        return tuple(dict.fromkeys(name for found in self.outcomes for name in found.facts))

    @property
    def basis(self) -> Status:
        """Return the weakest status among the facts."""
        return basis(self.facts)


def code_of(verdict: Verdict) -> str:
    """Return side and cause of a verdict, as the codes of outcomes end."""
    side = f"{verdict.judged.value}-" if verdict.judged else ""
    return f"{side}{verdict.cause.value}"
