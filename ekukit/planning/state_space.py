"""The states that steps lead to, judged by the rules, each row of the catalog once.

A state is the set of steps that are done, and beside it only which server stores an upgrade found
filled anew, since it copies them (S4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ekukit.connections.attempts import attempts
from ekukit.connections.catalog import CATALOG, ROWS, Connection, EkuRule
from ekukit.connections.handshake import Handshake, Side, Verdict
from ekukit.connections.likeness import alike
from ekukit.connections.outcome import State
from ekukit.connections.rules import judge
from ekukit.connections.services import SERVICES
from ekukit.expressway import Deployment
from ekukit.planning.plan_step import Aspect, PlanStep

_JUDGING = (Aspect.TRUST, Aspect.CHECK, Aspect.NAME, Aspect.RELEASE)


@dataclass(frozen=True, slots=True)
class Done:
    """Which steps are done, and those that fill a server store before an upgrade copied it."""

    steps: frozenset[str] = frozenset()
    copied: frozenset[str] = frozenset()


START = Done()


@dataclass(frozen=True, slots=True)
class PairState:
    """One pair of systems of a connection: its state, the strictest handshake, its verdict."""

    state: State
    shake: Handshake
    verdict: Verdict


@dataclass(slots=True)
class StateSpace:
    """A deployment, the steps that are offered, and what rules say of every state.

    `rows` are the connections that count; of those and of services of which all needs are among
    them states are told. Everything is computed once. Raises KeyError for an id without a step.
    """

    start: Deployment
    steps: Mapping[str, PlanStep]
    rows: tuple[Connection, ...] = CATALOG
    _made: dict[Done, Deployment] = field(default_factory=dict)
    _judged: dict[tuple[str, Done], tuple[PairState, ...]] = field(default_factory=dict)
    _told: dict[Done, dict[str, State]] = field(default_factory=dict)
    _near: dict[str, frozenset[str]] = field(default_factory=dict)
    _lost: dict[Done, tuple[str, ...]] = field(default_factory=dict)
    _lacking: dict[tuple[str, Done], bool] = field(default_factory=dict)
    _verdicts: dict[Handshake, Verdict] = field(default_factory=dict)
    _refused: dict[tuple[str, Done], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note which steps each row may notice, and leave out rows that no pair of systems has."""
        self._made[START] = self.start
        self.rows = tuple(row for row in self.rows if attempts(self.start, row))
        for row in self.rows:
            shakes = [shake for attempt in attempts(self.start, row) for shake in attempt]
            ends = {end.address for s in shakes for end in (s.client, s.server)}
            self._near[row.id] = frozenset(
                name for name, step in self.steps.items()
                if {*step.addresses} & ends or ("", Aspect.NETWORK) in step.touches
            )  # fmt: skip
        for step in self.steps.values():
            self._near[step.id] = frozenset(
                name for name, other in self.steps.items()
                if {*step.addresses} & {*other.addresses}
            )  # fmt: skip

    def after(self, done: Done, step: PlanStep) -> Done:
        """Return the state in which one more step is done."""
        copied = done.copied
        if step.row.id == "upgrade":
            copied |= {
                name for name in done.steps
                if self.steps[name].side is step.side
                and any(aspect is Aspect.SERVER for _, aspect in self.steps[name].touches)
            }  # fmt: skip
        new = Done(done.steps | {step.id}, copied)
        if new not in self._made:
            self._made[new] = step.change(self.deployment(done))
        return new

    def deployment(self, done: Done) -> Deployment:
        """Return the deployment in a state that was reached by `after`."""
        return self._made[done]

    def refusal(self, done: Done, step: PlanStep) -> str:
        """Return why a step cannot be done in a state, "" when it can."""
        key = self._key(step.id, done)
        if key not in self._refused:
            self._refused[key] = step.refusal(self.deployment(done))
        return self._refused[key]

    def pairs(self, done: Done, name: str) -> tuple[PairState, ...]:
        """Return every pair of systems of a connection, as rules see it."""
        key = self._key(name, done)
        if key not in self._judged:
            found = attempts(self.deployment(done), ROWS[name])
            self._judged[key] = tuple(map(self._pair, found))
        return self._judged[key]

    def _pair(self, attempt: tuple[Handshake, ...]) -> PairState:
        verdicts = list(map(self._judge, attempt))
        accepted = [verdict.accepted for verdict in verdicts]
        state = State.UNKNOWN
        if all(accepted) or not any(accepted):
            state = State.ACTIVE if accepted[0] else State.FAILED
        # The strictest comes first, and is refused where any is.
        return PairState(state, attempt[0], verdicts[0])

    def _judge(self, shake: Handshake) -> Verdict:
        # Rules tell no names, so that peers of a cluster have one verdict.
        like, _called = alike(shake)
        if like not in self._verdicts:
            self._verdicts[like] = judge(like)
        return self._verdicts[like]

    def states(self, done: Done) -> dict[str, State]:
        """Return connections and services: a connection is Active when every pair is."""
        if done not in self._told:
            told = {row.id: _worst(pair.state for pair in self.pairs(done, row.id))
                    for row in self.rows}  # fmt: skip
            for service in SERVICES:
                if all(name in told for name in service.needs):
                    best = [_best(p.state for p in self.pairs(done, n)) for n in service.needs]
                    told[service.id] = _worst(best)
            self._told[done] = told
        return self._told[done]

    def lost(self, done: Done) -> tuple[str, ...]:
        """Return connections and services of which something worked at the start and is down."""
        if done not in self._lost:
            gone = [row.id for row in self.rows if self._lacks(done, row.id)]
            told, then = self.states(done), self.states(START)
            gone += [service.id for service in SERVICES
                     if then.get(service.id) is State.ACTIVE is not told[service.id]]  # fmt: skip
            self._lost[done] = tuple(sorted(gone))
        return self._lost[done]

    def _lacks(self, done: Done, name: str) -> bool:
        """Return whether a pair of systems of a connection is Active at the start and not now."""
        key = self._key(name, done)
        if key not in self._lacking:
            both = zip(self.pairs(START, name), self.pairs(done, name), strict=True)
            self._lacking[key] = any(
                then.state is State.ACTIVE is not now.state for then, now in both
            )
        return self._lacking[key]

    def _key(self, name: str, done: Done) -> tuple[str, Done]:
        """Return what of a state a connection, or what refuses a step, may notice."""
        near = self._near[name]
        return name, Done(done.steps & near, done.copied & near)

    def fixes(self, done: Done, name: str) -> frozenset[str]:
        """Return the steps of which one must be done before a connection's verdict changes.

        Where the verdict is on a certificate these are what changes it, what its judge demands
        and looks for, and what its judge trusts of the CAs above it. An upgrade changes none of it,
        but for the cluster database: it copies what is presented, and begins with mode On (S4, E1).
        """
        found: set[str] = set()
        for pair in self.pairs(done, name):
            if pair.state is not State.ACTIVE:
                found |= self._fixes(done, name, pair)
        return frozenset(found)

    def _fixes(self, done: Done, name: str, pair: PairState) -> set[str]:
        if pair.verdict.judged is None:
            wanted = {("", Aspect.NETWORK)}
            return {s for s in self._near[name] if self.steps[s].touches & wanted}
        shows, judges = pair.shake.client, pair.shake.server
        kinds = {Aspect.CLIENT, Aspect.SERVER} if _has_one_store(shows.store) else {Aspect.CLIENT}
        if pair.verdict.judged is Side.SERVER:
            shows, judges, kinds = judges, shows, {Aspect.SERVER}
        touched = {(shows.address, aspect) for aspect in (*kinds, Aspect.TRUST)}
        touched |= {(judges.address, aspect) for aspect in _JUDGING}
        chain = shows.certificate.chain if shows.certificate else ()
        shown = {ca.identity for ca in chain}
        return {
            step.id
            for step in map(self.steps.__getitem__, self._near[name] - done.steps)
            if step.touches & touched
            and (step.row.id != "upgrade" or ROWS[name].eku_rule is EkuRule.CLUSTER)
            and (not step.trusts or shown & {ca.identity for ca in step.trusts})
        }


def _has_one_store(store: object) -> bool:
    """Return whether it may be that a server's certificate is presented by a client.

    So it is before X15.5, and at far ends.
    """
    return store is None or getattr(store, "value", "") == "server"


_RANKS = {State.ACTIVE: 0, State.UNKNOWN: 1, State.FAILED: 2}


def _worst(states: Iterable[State]) -> State:
    return max(states, key=_RANKS.__getitem__)


def _best(states: Iterable[State]) -> State:
    return min(states, key=_RANKS.__getitem__)
