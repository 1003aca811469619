"""The codes of connections that fail: by row of the catalog, and cause and side or trouble."""

from ekukit.connections import CATALOG, Cause, Connection, Protocol, Side
from ekukit.connections.handshake import Talk
from ekukit.connections.reasons import CAUSES, REASONS
from ekukit.diagnosis.findings.finding import Code, Severity
from ekukit.expressway.farkinds import FAR_ROWS
from ekukit.log.troubles import (
    OF_SIP,
    OF_TUNNELS,
    TROUBLES,
    UNREACHED,
    Trouble,
    trouble_code,
)

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


# What is seen to be wrong, or not to fit together, and not why.
_UNEXPLAINED = (
    Code(
        "zone.unexplained", "The UC zone failed, and nothing in the archive explains it",
        Severity.BROKEN,
        "A cause that can be seen.",
        "Take logs of both nodes while it fails; check the zone's user name and password, its port "
        "and whether SIP is on.", ("N1", "L1"),
    ),
    Code(
        "log.not-understood", "Lines that look like trouble and are not understood", Severity.WEAK,
        "Lines whose words the kit knows.",
        "Read these lines; nothing is concluded from them.", ("LAB-OTHER",),
    ),
    Code(
        "archive.two-systems", "Files of systems that have nothing in common", Severity.WEAK,
        "The files of one system.", "Look at each system alone: inspect its files by themselves.",
        ("N1",),
    ),
)  # fmt: skip
# Anybody's host on the Internet may be down; that breaks nothing here.
_FAR_AWAY = frozenset(row.id for row in CATALOG if row.far_end and FAR_ROWS[row.far_end].outside)


def _of_trouble(row: Connection | None, trouble: Trouble, side: Side | None) -> Code:
    """Return the code of a trouble on a connection, or on one that is not told (None)."""
    told = TROUBLES[trouble]
    name = row.id if row is not None else ""
    title = row.title if row is not None else "A connection"
    whose = f", {side.value} certificate" if side else ""
    weak = row is None or (trouble in UNREACHED and row.id in _FAR_AWAY)
    return Code(
        code=trouble_code(name, trouble, side.value if side else ""),
        title=f"{title}{whose}: {told.title}",
        severity=Severity.WEAK if weak else Severity.BROKEN,
        required=told.required,
        todo=told.todo,
        facts=tuple(dict.fromkeys((*(row.facts if row is not None else ()), *told.facts))),
    )


def trouble_codes() -> dict[str, Code]:
    """Return what is unexplained, and a code for every trouble that a connection can have."""
    found = {code.code: code for code in _UNEXPLAINED}
    for row in (None, *CATALOG):
        over_ssh = row is not None and row.protocol is Protocol.SSH
        for trouble in Trouble:
            if over_ssh:
                fits = trouble in (*OF_TUNNELS, *UNREACHED, Trouble.CLOSED, Trouble.REFUSED)
            else:
                fits = trouble not in OF_TUNNELS
                fits &= trouble not in OF_SIP or row is None or row.talk is Talk.SIP
            sides = tuple(Side) if trouble is Trouble.REFUSED and row is not None else (None,)
            for side in sides if fits else ():
                code = _of_trouble(row, trouble, side)
                found.setdefault(code.code, code)
    return found
