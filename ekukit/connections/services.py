"""Services: what users notice, which follows from connections by a table."""

from collections.abc import Iterable
from dataclasses import dataclass

from ekukit.connections.outcome import Outcome, State
from ekukit.facts import Status, basis


@dataclass(frozen=True, slots=True)
class Service:
    """A service works when every connection that it needs is Active."""

    id: str
    title: str
    needs: tuple[str, ...]
    facts: tuple[str, ...]


SERVICES: tuple[Service, ...] = (
    Service("mra-login", "MRA login", ("uc-zone", "ssh-tunnel", "cucm-tftp"), ("V1", "V2")),
    Service("webrtc-proxy", "WebRTC proxy", ("uc-zone", "ssh-tunnel"), ("V1",)),
)
_BEST_FIRST = (State.ACTIVE, State.UNKNOWN, State.FAILED)
# What joins the two nodes.
BETWEEN_NODES = ("uc-zone", "ssh-tunnel")


def service_outcomes(connections: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return every service's outcome: Active when all needs are, Failed when one is, else Unknown.

    A cluster's service needs one Active pair of peers for every connection. Licenses, accounts,
    DNS and everything else that a login needs are not checked.
    """
    found = tuple(connections)
    return tuple(_service(service, found) for service in SERVICES)


def _service(service: Service, connections: tuple[Outcome, ...]) -> Outcome:
    needed = {name: _best(name, connections) for name in service.needs}
    states = {outcome.state for outcome in needed.values()}
    state = next((s for s in (State.FAILED, State.UNKNOWN) if s in states), State.ACTIVE)
    wanting = [outcome for outcome in needed.values() if outcome.state is state]
    # One failed need is enough, so a failure is as sure as its best-known cause.
    resting = [min(wanting, key=_sureness)] if state is State.FAILED else wanting
    facts = tuple(dict.fromkeys((*service.facts, *(id_ for o in resting for id_ in o.facts))))
    said = " and ".join(f"the {o.title} is {o.state}" for o in wanting)
    all_needs = " and ".join(f"the {outcome.title}" for outcome in needed.values())
    if state is State.ACTIVE:
        said = "all are"
    suffix = "active" if state is State.ACTIVE else f"needs-{wanting[0].connection}"
    return Outcome(
        connection=service.id,
        title=service.title,
        state=state,
        code=f"{service.id}.{suffix}",
        reason=f"It needs {all_needs} Active; {said}.",
        check="services follow from connections",
        todo="Nothing." if state is State.ACTIVE else wanting[0].todo,
        engine=wanting[0].engine,
        basis=basis(facts),
        facts=facts,
    )


def _sureness(outcome: Outcome) -> int:
    return list(Status).index(outcome.basis)


def _best(name: str, connections: tuple[Outcome, ...]) -> Outcome:
    rows = [outcome for outcome in connections if outcome.connection == name]
    return min(rows, key=lambda outcome: _BEST_FIRST.index(outcome.state))


def essential(outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """Return zone, tunnels and services, which the conditions of the source speak of."""
    return tuple(o for o in outcomes if o.connection in BETWEEN_NODES or not o.initiator)
