"""Which certificate store each connection reads, taken from the handshakes themselves."""

import pandas as pd

from ekukit.connections import CATALOG, Connection, EkuCheck, handshakes
from ekukit.connections.catalog import EkuRule, place_title
from ekukit.connections.handshake import End
from ekukit.expressway import build, condition
from ekukit.frames import frame_of

STORE_USE_COLUMNS = (
    "Connection",
    "Opens it",
    "The opener presents",
    "Answers on",
    "The answerer presents",
    "Who decides about clientAuth",
    "Source",
)


def store_use_table(*names: str) -> pd.DataFrame:
    """Return a row for each connection of the catalog, or those named; STORE_USE_COLUMNS.

    What is presented comes from the handshakes of condition 3 with two Edge peers, so that the
    cluster's connection is there as well.
    """
    rows = [_row(row) for row in CATALOG if not names or row.id in names]
    return frame_of(rows, STORE_USE_COLUMNS)


def _row(row: Connection) -> tuple[object, ...]:
    shake = handshakes(build(condition("C3", edge_peers=2)), row)[0]
    asked = shake.eku_check is not EkuCheck.NOT_ASKED
    opener, answerer = place_title(row.initiator), place_title(row.responder)
    decides = row.eku_rule.value if row.eku_rule is not EkuRule.FAR_END else f"{answerer}, its own"
    return (
        row.title,
        opener,
        _presented(shake.client) if asked else "nothing: it is not asked",
        f"{answerer}:{row.port}",
        _presented(shake.server),
        decides,
        ", ".join(row.facts),
    )


def _presented(end: End) -> str:
    return f"{end.store.value} store" if end.store else "a certificate of its own"
