"""The states of a deployment as HTML: in one line, as the product's tables, as ladders."""

from dataclasses import replace
from functools import lru_cache

import pandas as pd

from ekukit.connections import Connection, Handshake, Outcome, State, connection
from ekukit.connections.attempts import attempts
from ekukit.connections.cause_table import NETWORK_CAUSES
from ekukit.connections.handshake import Cause
from ekukit.connections.services import essential
from ekukit.expressway import Choices, Deployment, Mode, Role, build, condition
from ekukit.frames import frame_of
from ekukit.lab import record, run
from ekukit.lab.messages import Message, messages
from ekukit.views.figures.ladder import Rails, ladder_svg
from ekukit.views.html import page, paragraphs, safe, state_html, table
from ekukit.views.tables.outcome_tables import (
    connection_table,
    service_table,
    tunnel_table,
    zone_table,
)

_TUNNELS = "SSH tunnels, as the page of each node shows them (Peer: its own address)"


def summary_html(outcomes: tuple[Outcome, ...], before: tuple[Outcome, ...] = ()) -> str:
    """Return the states in one line, to be read from the back of a room, announced on change.

    Where a state `before` the last change was another one, it stands there, too, with an arrow.
    """
    then, states = _by_title(before), _by_title(outcomes)
    said = "".join(
        f'<span class="eku-item">{safe(title)} {_was_html(then.get(title, now), now)}'
        f"{_states_html(now)}</span>"
        for title, now in states.items()
    )
    return page(f'<p class="eku-summary" role="status" aria-live="polite">{said}</p>')


def first_states(outcomes: tuple[Outcome, ...]) -> dict[str, State]:
    """Return the state of each connection and service by id, of a cluster its first pair's."""
    states: dict[str, State] = {}
    for found in outcomes:
        states.setdefault(found.connection, found.state)
    return states


def _by_title(outcomes: tuple[Outcome, ...]) -> dict[str, list[State]]:
    states: dict[str, list[State]] = {}
    for found in outcomes:
        states.setdefault(found.title, []).append(found.state)
    return states


def _was_html(then: list[State], now: list[State]) -> str:
    """Return the states before and an arrow, nothing where they are the same."""
    return "" if set(then) == set(now) else f"{_states_html(then)} → "


def _states_html(states: list[State]) -> str:
    """Return one state, or in a cluster whose pairs differ each with how many pairs have it."""
    found = list(dict.fromkeys(states))
    if len(found) == 1:
        return state_html(found[0])
    return " ".join(
        f"{state_html(state)} {states.count(state)} of {len(states)}" for state in found
    )


def tables_html(
    deployment: Deployment, outcomes: tuple[Outcome, ...], *, everything: bool = False
) -> str:
    """Return zone, tunnel and service tables as on the product's pages; with all, every row."""
    return product_html(deployment, outcomes) + services_html(outcomes, everything=everything)


def product_html(deployment: Deployment, outcomes: tuple[Outcome, ...]) -> str:
    """Return zones and tunnels as the product shows them."""
    zones = table(zone_table(outcomes), "Zones (Configuration > Zones > Zones)")
    return page(zones, tunnels_html(deployment, outcomes))


def tunnels_html(deployment: Deployment, outcomes: tuple[Outcome, ...]) -> str:
    """Return the tunnel pages of Core and Edge as one table, which fits where two do not."""
    pages = [tunnel_table(outcomes, deployment, role) for role in Role]
    for role, found in zip(Role, pages, strict=True):
        found.insert(0, "Page of", role.value)
    return table(pd.concat(pages), _TUNNELS)


def services_html(outcomes: tuple[Outcome, ...], *, everything: bool = False) -> str:
    """Return the services, with `everything` every connection below them."""
    parts = [table(service_table(outcomes), "Services")]
    if everything:
        parts.append(table(connection_table(outcomes), "Every connection of the catalog"))
    return page(*parts)


def ladder_html(deployment: Deployment, name: str) -> str:
    """Return the ladders of a connection's first pair of systems, made by real handshakes."""
    row = connection(name)
    found = attempts(deployment, row)
    drawn = []
    for handshake in found[0] if found else ():
        if handshake.unreached is not None:
            drawn.append(_nothing_crossed(row, handshake, handshake.unreached))
            continue
        here, there = handshake.client, handshake.server
        rails = Rails(f"{here.node} {here.address}", f"{there.node} {there.address}")
        doubt = f", if EKU check is {handshake.eku_check.value}" if len(found[0]) > 1 else ""
        title = f"{row.title}, port {row.port}: what really crossed{doubt}"
        drawn.append(ladder_svg(_recorded(handshake), rails, title))
    return "".join(drawn)


def _nothing_crossed(row: Connection, handshake: Handshake, cause: Cause) -> str:
    """Return that there is no ladder, and why."""
    here, there = handshake.client, handshake.server
    found = NETWORK_CAUSES[cause].found.format(who=here.node, judge=there.node, port=handshake.port)
    return paragraphs([f"{row.title}, port {row.port}: nothing crossed. {found}."], strong=True)


@lru_cache(maxsize=512)
def _recorded(handshake: Handshake) -> tuple[Message, ...]:
    return messages(record(handshake), handshake.protocol)


def states_table(start: Choices | str, *, everything: bool = False) -> pd.DataFrame:
    """Return the explorer's states without widgets: one row per mode of Edge and connection.

    Columns "Edge's EKU checking mode", "Connection", "State", "Why", "Source"; dtype object.
    """
    choices = start if isinstance(start, Choices) else condition(start)
    rows = []
    for mode in Mode:
        outcomes = run(build(replace(choices, edge_checking=mode)))
        shown = outcomes if everything else essential(outcomes)
        rows += [
            (mode.value, o.title, o.state, o.reason, f"{o.basis.value}: {', '.join(o.facts)}")
            for o in shown
        ]
    columns = ["Edge's EKU checking mode", "Connection", "State", "Why", "Source"]
    return frame_of(rows, columns)
