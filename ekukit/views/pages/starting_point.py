"""What a diagnosis starts from: date, states, certificates, trusted CA lists, names looked for."""

import pandas as pd

from ekukit.connections import CATALOG, Connection
from ekukit.connections.attempts import attempts
from ekukit.connections.services import BETWEEN_NODES, SERVICES, essential
from ekukit.expressway import Deployment, FarEndKind
from ekukit.frames import frame_of
from ekukit.lab import run
from ekukit.views.html import paragraphs, table
from ekukit.views.pages.deployment_states import summary_html
from ekukit.views.tables.outcome_tables import certificate_words, store_table
from ekukit.views.tables.trust import trust_table

NAME_COLUMNS = ("Connection", "Who looks", "At the certificate of", "For the name")


def case_html(deployment: Deployment, needs: tuple[str, ...] = ()) -> str:
    """Return date, states, stores, trust and names; `needs` are the connections in question.

    A service stands for the connections that it needs.
    """
    found = run(deployment)
    names = {name for need in needs for name in _connections(need)}
    rows = [row for row in CATALOG if row.id in names or row.id in BETWEEN_NODES]
    far = {end for row in rows for end in (row.initiator, row.responder)
           if isinstance(end, FarEndKind)}  # fmt: skip
    asked = tuple(o for o in found if o.connection in names or o in essential(found))
    return (
        paragraphs([f"It is {deployment.at:%d %b %Y}."])
        + summary_html(asked)
        + table(_certificates(deployment, far), "The certificates")
        + table(trust_table(deployment, far), "What is checked and trusted")
        + table(name_table(deployment, rows), "Which names are looked for")
    )


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
    return pd.concat([stores, frame_of(rows, stores.columns)])


def name_table(deployment: Deployment, rows: list[Connection]) -> pd.DataFrame:
    """Return for each connection who looks at whose certificate for which name; NAME_COLUMNS."""
    lines = []
    for row in rows:
        for shake, *_others in attempts(deployment, row):
            pairs = ((shake.client, shake.server), (shake.server, shake.client))
            lines += [
                (row.title, f"{judge.node} {judge.address}", f"{shown.node} {shown.address}", name)
                for judge, shown in pairs
                if (name := judge.expects_name)
            ]
    return frame_of(dict.fromkeys(lines), NAME_COLUMNS)
