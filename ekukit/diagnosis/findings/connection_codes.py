"""The codes of connections that fail: one for each row of the catalog, cause and side."""

from ekukit.connections import CATALOG, Cause, Connection, Side
from ekukit.connections.reasons import CAUSES, REASONS
from ekukit.diagnosis.findings.finding import Code, Severity

_PURPOSES = {Side.CLIENT: "clientAuth", Side.SERVER: "serverAuth", None: ""}


def connection_code(connection: str, cause: Cause, side: Side | None) -> str:
    """Return the code of a connection that ended so, as its outcome has it."""
    return f"{connection}.{side.value + '-' if side else ''}{cause.value}"


def _of_connection(row: Connection, cause: Cause, side: Side | None) -> Code:
    purpose = _PURPOSES[side]
    whose = f", {side.value} certificate" if side else ""
    facts = (*row.facts, *REASONS[cause, side].facts, *dict(row.refusals).get(cause, "").split())
    return Code(
        code=connection_code(row.id, cause, side),
        title=f"{row.title}{whose}: {CAUSES[cause].title.format(purpose=purpose)}",
        severity=Severity.BROKEN,
        required=CAUSES[cause].required.replace("{purpose}", purpose),
        todo=REASONS[cause, side].todo,
        facts=tuple(dict.fromkeys(facts)),
    )


CONNECTION_CODES = tuple(
    _of_connection(row, cause, side)
    for row in CATALOG
    for cause, side in REASONS
    if cause is not Cause.ACCEPTED
)
