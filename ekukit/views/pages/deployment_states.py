"""The states of a deployment as HTML: in one line, as the product's tables, as ladders."""

from dataclasses import replace
from functools import lru_cache

import pandas as pd

from ekukit.connections import Handshake, Outcome, State, connection
from ekukit.connections.attempts import attempts
from ekukit.connections.services import essential
from ekukit.expressway import Choices, Deployment, Mode, Role, build, condition
from ekukit.frames import frame_of
from ekukit.lab import record, run
from ekukit.lab.messages import Message, messages
from ekukit.views.figures.ladder import Rails, ladder_svg
from ekukit.views.html import page, safe, state_html, table
from ekukit.views.tables.outcome_tables import (
    connection_table,
    service_table,
    tunnel_table,
    zone_table,
)


def summary_html(outcomes: tuple[Outcome, ...]) -> str:
    """Return the states in one line, to be read from the back of a room, announced on change."""
    states: dict[str, list[State]] = {}
    for found in outcomes:
        states.setdefault(found.title, []).append(found.state)
    said = "".join(
        f'<span class="eku-item">{safe(title)} {_states_html(all_of_it)}</span>'
        for title, all_of_it in states.items()
    )
    return page(f'<p class="eku-summary" role="status" aria-live="polite">{said}</p>')


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
    parts = [
        table(zone_table(outcomes), "Zones (Configuration > Zones > Zones)"),
        *(
            table(
                tunnel_table(outcomes, deployment, role),
                f"SSH tunnels as {role.value} shows them (Peer: {role.value}'s own address)",
            )
            for role in Role
        ),
        table(service_table(outcomes), "Services"),
    ]
    if everything:
        parts.append(table(connection_table(outcomes), "Every connection of the catalog"))
    return page(*parts)


def ladder_html(deployment: Deployment, name: str) -> str:
    """Return the ladders of a connection's first pair of systems, made by real handshakes."""
    row = connection(name)
    found = attempts(deployment, row)
    drawn = []
    for handshake in found[0] if found else ():
        here, there = handshake.client, handshake.server
        rails = Rails(f"{here.node} {here.address}", f"{there.node} {there.address}")
        doubt = f", if EKU check is {handshake.eku_check.value}" if len(found[0]) > 1 else ""
        title = f"{row.title}, port {row.port}: what really crossed{doubt}"
        drawn.append(ladder_svg(_recorded(handshake), rails, title))
    return "".join(drawn)


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
