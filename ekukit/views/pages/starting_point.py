"""What a diagnosis starts from: date, states, certificates, trusted CA lists, names looked for."""

import pandas as pd

from ekukit.connections import CATALOG, Connection, State
from ekukit.connections.attempts import attempts
from ekukit.connections.services import BETWEEN_NODES, SERVICES, essential
from ekukit.expressway import Deployment, FarEndKind
from ekukit.frames import frame_of
from ekukit.lab import run
from ekukit.views.html import paragraphs, table
from ekukit.views.pages.deployment_states import ladder_html, summary_html
from ekukit.views.pages.node_logs import logs_html
from ekukit.views.tables.outcome_tables import certificate_words, store_table
from ekukit.views.tables.trust import trust_table

EVIDENCE = "Logs, and the messages that crossed"
NAME_COLUMNS = ("Connection", "Who looks", "At the certificate of", "For the name")


def case_html(deployment: Deployment, needs: tuple[str, ...] = ()) -> str:
    """Return date, states, stores, trust and names; `needs` are the connections in question.

    A service stands for the connections that it needs. Logs and messages of those that are not
    Active are folded.
    """
    found = run(deployment)
    names = {name for need in needs for name in _connections(need)}
    rows = [row for row in CATALOG if row.id in names or row.id in BETWEEN_NODES]
    far = {end for row in rows for end in (row.initiator, row.responder)
           if isinstance(end, FarEndKind)}  # fmt: skip
    asked = tuple(o for o in found if o.connection in names or o in essential(found))
    trust = table(trust_table(deployment, far), "What is checked and trusted")
    names_looked_for = table(name_table(deployment, rows), "Which names are looked for")
    read = [o.connection for o in found if o.connection in names and o.state is not State.ACTIVE]
    return (
        paragraphs([f"It is {deployment.at:%d %b %Y}."])
        + summary_html(asked)
        + table(_certificates(deployment, far), "The certificates")
        + f'<div class="eku-pair"><div>{trust}</div><div>{names_looked_for}</div></div>'
        + _evidence(deployment, tuple(dict.fromkeys(read)))
    )


def _evidence(deployment: Deployment, names: tuple[str, ...]) -> str:
    """Return logs and messages of connections, folded; "" for none."""
    told = (logs_html(deployment, name) + ladder_html(deployment, name) for name in names)
    found = "".join(told)
    return f"<details><summary>{EVIDENCE}</summary>{found}</details>" if found else ""


def _connections(need: str) -> tuple[str, ...]:
    service = next((service for service in SERVICES if service.id == need), None)
    return service.needs if service else (need,)


def _certificates(deployment: Deployment, kinds: set[FarEndKind]) -> pd.DataFrame:
    stores = store_table(deployment, names=True)
    rows = [
        (far.title, "own", *certificate_words(far.certificate, names=True), "not ours")
        for far in deployment.far_ends
        if far.kind in kinds
    ]
    # A copy shows by its serial; the column of words would cost every row a line.
    return pd.concat([stores, frame_of(rows, stores.columns)]).iloc[:, :-1]


def name_table(deployment: Deployment, rows: list[Connection]) -> pd.DataFrame:
    """Return who looks at whose certificate for which name, on which connections; NAME_COLUMNS."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        for shake, *_others in attempts(deployment, row):
            pairs = ((shake.client, shake.server), (shake.server, shake.client))
            for judge, shown in pairs:
                if name := judge.expects_name:
                    who = (f"{judge.node} {judge.address}", f"{shown.node} {shown.address}", name)
                    lines.setdefault(who, []).append(row.title)
    found = [(", ".join(dict.fromkeys(titles)), *who) for who, titles in lines.items()]
    return frame_of(found, NAME_COLUMNS)
