"""Finding codes of failures for which no certificate is named: each trouble of each connection."""

from ekukit.connections import CATALOG, Connection, Protocol, Side, Talk
from ekukit.diagnosis.finding import Severity
from ekukit.diagnosis.finding_code import Code
from ekukit.diagnosis.troubles import (
    OF_SIP,
    OF_TUNNELS,
    TROUBLES,
    UNREACHED,
    Trouble,
    trouble_code,
)

# Anybody's host on the Internet may be down; that breaks nothing here.
_FAR_AWAY = ("b2b-out", "webex", "xmpp-federation", "cloud-onboarding", "b2b-in", "mra-client")


def _of_trouble(row: Connection | None, trouble: Trouble, side: Side | None) -> Code:
    """Return the code of a trouble on a connection, or on one that is not told (None)."""
    told = TROUBLES[trouble]
    name = row.id if row is not None else ""
    title = row.title if row is not None else "A connection"
    whose = f", {side.value} certificate" if side else ""
    weak = row is None or (trouble in UNREACHED and row.id in _FAR_AWAY)
    if row is None and trouble in UNREACHED:
        severity = Severity.NOTE
    else:
        severity = Severity.WEAK if weak else Severity.BROKEN
    return Code(
        code=trouble_code(name, trouble, side.value if side else ""),
        title=f"{title}{whose}: {told.title}",
        severity=severity,
        required=told.required,
        todo=told.todo,
        facts=tuple(dict.fromkeys((*(row.facts if row is not None else ()), *told.facts))),
    )


def trouble_codes() -> dict[str, Code]:
    """Return a code for every trouble that a connection can have; the first of a code counts."""
    found: dict[str, Code] = {}
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
