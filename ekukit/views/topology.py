"""The picture of a deployment: nodes with labeled stores, arrows that carry their state."""

from collections.abc import Iterable, Sequence

from ekukit.certificates import Certificate, eku_words
from ekukit.connections import CATALOG, SYMBOLS, Connection, Outcome, State
from ekukit.expressway import (
    FAR_END_TITLES,
    Deployment,
    Expressway,
    FarEnd,
    FarEndKind,
    Role,
)
from ekukit.views.html import safe

_WIDTH, _NODE, _TOP, _ROW = 960, 290, 245, 62
_EDGE_X = _WIDTH - _NODE - 5
_RAIL = {Role.CORE: 24, Role.EDGE: 936}
_BOX, _REACH = 200, 245
_LINE = {State.ACTIVE: "", State.FAILED: "7 6", State.UNKNOWN: "2 5"}
# Dark enough on white, light enough on JupyterLab's dark theme; the words say the state anyway.
_INK = {State.ACTIVE: "#17803a", State.FAILED: "#d0342a", State.UNKNOWN: "#96700a"}
_ROWS = {row.id: row for row in CATALOG}


def topology_svg(deployment: Deployment, outcomes: Iterable[Outcome]) -> str:
    """Return nodes, stores, far ends and connections as an SVG string with a full label.

    Draws the first peer of each cluster and says how many there are; of several outcomes of one
    connection it draws the first. Only far ends with an outcome appear.
    """
    core, edge = deployment.core[0], deployment.edge[0]
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.connection in _ROWS:
            found.setdefault(outcome.connection, outcome)
    between = [o for name, o in found.items() if _ends(_ROWS[name]) == {Role.CORE, Role.EDGE}]
    hanging = {
        role: [o for name, o in found.items() if _hangs_on(_ROWS[name], role)] for role in Role
    }
    longest = max(len(rows) for rows in hanging.values())
    height = _TOP + longest * _ROW
    spoken = [f"{o.title}: {o.state.value}" for o in found.values()]
    spoken += [f"{node.role.value} {_spoken(node)}" for node in (core, edge)]
    drawn = [_node(core, 5, len(deployment.core)), _node(edge, _EDGE_X, len(deployment.edge))]
    step = 180 // max(len(between), 1)
    drawn += [_arrow(o, 70 + step // 3 + place * step) for place, o in enumerate(between)]
    for role, rows in hanging.items():
        drawn.append(_rail(role, rows))
        drawn += [_hung(deployment, role, o, place) for place, o in enumerate(rows)]
    return (
        f'<svg class="eku-topology" role="img" viewBox="0 0 {_WIDTH} {height}" width="100%" '
        f'style="max-width:{_WIDTH}px" aria-label="{safe(". ".join(spoken))}" fill="currentColor" '
        'font-family="system-ui, sans-serif" font-size="14" stroke="none">'
        + "".join(drawn)
        + "</svg>"
    )


def _ends(row: Connection) -> set[object]:
    return {row.initiator, row.responder}


def _hangs_on(row: Connection, role: Role) -> bool:
    """Return whether a connection leads from this node to something below it in the picture."""
    return _ends(row) == {role} or (role in _ends(row) and _ends(row) != set(Role))


def _spoken(node: Expressway) -> str:
    stores = (("server", node.server.certificate), ("client", node.client.certificate))
    return "; ".join(f"{name} store: {_badge(certificate)}" for name, certificate in stores)


def _badge(certificate: Certificate | None) -> str:
    if certificate is None:
        return "empty"
    kind = {True: "public", False: "internal", None: "unknown CA"}[certificate.public]
    return f"{kind} · {eku_words(certificate.ekus)}"


def _node(node: Expressway, x: int, peers: int) -> str:
    many = f" ({peers} peers)" if peers > 1 else ""
    mode = node.eku_checking.value if node.release.has_client_store else "no such mode"
    return (
        f'<rect x="{x}" y="5" width="{_NODE}" height="235" rx="8" fill="none" '
        'stroke="currentColor" stroke-width="2"/>'
        f'<text x="{x + 12}" y="30" font-weight="700" font-size="19">'
        f"Expressway {safe(node.role.value)}{many} · {safe(node.release.value)}</text>"
        f'<text x="{x + 12}" y="51">{safe(node.fqdn)} · {safe(node.address)}</text>'
        f'<text x="{x + 12}" y="72">EKU checking: '
        f'<tspan font-weight="700">{safe(mode)}</tspan></text>'
        + _slot(x + 12, 84, "Server store", node.server.certificate)
        + _slot(x + 12, 162, "Client store", node.client.certificate)
    )


def _slot(x: int, y: int, title: str, certificate: Certificate | None) -> str:
    serial = f"serial {certificate.serial_hex}" if certificate else ""
    return (
        f'<rect x="{x}" y="{y}" width="{_NODE - 24}" height="70" rx="5" fill="none" '
        'stroke="currentColor" stroke-width="1.2"/>'
        f'<text x="{x + 9}" y="{y + 19}" font-weight="700">{title}</text>'
        f'<text x="{x + 9}" y="{y + 39}">{safe(_badge(certificate))}</text>'
        f'<text x="{x + 9}" y="{y + 58}" font-size="12.5">{safe(serial)}</text>'
    )


def _line(state: State, start: int, end: int, y: int) -> str:
    """Return an arrow from `start` to `end` on one height; the dashes say the state, too."""
    ink, tip = _INK[state], 14 if end > start else -14
    dash = f' stroke-dasharray="{_LINE[state]}"' if _LINE[state] else ""
    return (
        f'<path d="M{start} {y}H{end - tip}" stroke="{ink}" stroke-width="4"{dash}/>'
        f'<path d="M{end - tip} {y - 8}L{end} {y}L{end - tip} {y + 8}z" fill="{ink}"/>'
    )


def _arrow(outcome: Outcome, y: int) -> str:
    middle = _WIDTH // 2
    return (
        _line(outcome.state, _NODE + 12, _EDGE_X - 6, y)
        + f'<text x="{middle}" y="{y - 28}" text-anchor="middle" font-size="15">'
        f"{safe(outcome.title)}</text>"
        f'<text x="{middle}" y="{y - 9}" text-anchor="middle" font-weight="700" font-size="18">'
        f"{SYMBOLS[outcome.state]} {outcome.state.value}</text>"
    )


def _rail(role: Role, rows: Sequence[Outcome]) -> str:
    if not rows:
        return ""
    bottom = _TOP + len(rows) * _ROW - 18
    return f'<path d="M{_RAIL[role]} 240V{bottom}" stroke="currentColor" stroke-width="2"/>'


def _hung(deployment: Deployment, role: Role, outcome: Outcome, place: int) -> str:
    """Return a far end's box and the arrow between it and the rail under its node."""
    row, rail = _ROWS[outcome.connection], _RAIL[role]
    y = _TOP + (place + 1) * _ROW - 18
    # The far ends of Core stand right of its rail, those of Edge left of it.
    box = rail + _REACH if role is Role.CORE else rail - _REACH - _BOX
    near, far = (rail + 2, box - 4) if role is Role.CORE else (rail - 2, box + _BOX + 4)
    words = min(near, far) + 8
    start, end = (near, far) if row.initiator is role else (far, near)
    title, below = _far_words(deployment, row)
    return (
        _line(outcome.state, start, end, y)
        + f'<text x="{words}" y="{y - 26}">{safe(outcome.title)}, {row.port}</text>'
        f'<text x="{words}" y="{y - 9}" font-weight="700" font-size="16">'
        f"{SYMBOLS[outcome.state]} {outcome.state.value}</text>"
        f'<rect x="{box}" y="{y - 36}" width="{_BOX}" height="50" rx="6" fill="none" '
        'stroke="currentColor" stroke-width="1.5"/>'
        f'<text x="{box + 8}" y="{y - 15}" font-weight="700">{safe(title)}</text>'
        f'<text x="{box + 8}" y="{y + 5}" font-size="12.5">{safe(below)}</text>'
    )


def _far_words(deployment: Deployment, row: Connection) -> tuple[str, str]:
    kind = next((end for end in (row.initiator, row.responder) if isinstance(end, FarEndKind)), "")
    far_end = next((found for found in deployment.far_ends if found.kind == kind), None)
    if far_end is None:
        return "another peer", "of the same cluster"
    return FAR_END_TITLES[far_end.kind], _far_badge(far_end, answers=row.responder == kind)


def _far_badge(far_end: FarEnd, *, answers: bool) -> str:
    if answers:
        return f"checks clientAuth: {far_end.checks_client_eku.value}"
    if far_end.certificate is None:
        return "no certificate"
    return eku_words(far_end.certificate.ekus)
