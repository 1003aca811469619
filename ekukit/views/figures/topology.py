"""The picture of a deployment: nodes with labeled stores, arrows that carry their state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ekukit.certificates import Certificate, eku_words
from ekukit.certificates.eku import CLIENT_AUTH, SERVER_AUTH
from ekukit.connections import Connection, Outcome, State
from ekukit.connections.catalog import ROWS, EkuRule
from ekukit.connections.outcome import SYMBOLS
from ekukit.expressway import (
    Deployment,
    Expressway,
    FarEnd,
    FarEndKind,
    Role,
)
from ekukit.views.html import safe

_WIDTH, _NODE, _HIGH, _TOP, _ROW = 960, 320, 338, 348, 62
_EDGE_X = _WIDTH - _NODE - 5
_RAIL = {Role.CORE: 24, Role.EDGE: 936}
_BOX, _REACH = 200, 245


@dataclass(frozen=True, slots=True)
class Look:
    """How an arrow shows its state: words first, then dashes and ink."""

    words: str
    dash: str
    ink: str


# Dark enough on white, light enough on JupyterLab's dark theme; the words say the state anyway.
LOOKS = {
    State.ACTIVE: Look(f"{SYMBOLS[State.ACTIVE]} Active", "", "#17803a"),
    State.FAILED: Look(f"{SYMBOLS[State.FAILED]} Failed", "9 7", "#d0342a"),
    State.UNKNOWN: Look(f"{SYMBOLS[State.UNKNOWN]} Unknown", "2 6", "#96700a"),
}
HIDDEN = Look("… predict", "2 6", "#757c87")


def topology_svg(
    deployment: Deployment, outcomes: Iterable[Outcome], *, hidden: bool = False
) -> str:
    """Return nodes, stores, far ends and connections as an SVG string with a full label.

    Draws the first peer of each cluster and says how many there are; of several outcomes of one
    connection it draws the first. Only far ends with an outcome appear. With `hidden` no state is
    in the string, for people who predict first.
    """
    core, edge = deployment.core[0], deployment.edge[0]
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.connection in ROWS:
            found.setdefault(outcome.connection, outcome)
    looks = {name: HIDDEN if hidden else LOOKS[o.state] for name, o in found.items()}
    between = [o for name, o in found.items() if _ends(ROWS[name]) == {Role.CORE, Role.EDGE}]
    hanging = {
        role: [o for name, o in found.items() if _hangs_on(ROWS[name], role)] for role in Role
    }
    height = _TOP + max(len(rows) for rows in hanging.values()) * _ROW
    spoken = [f"{o.title}: {'hidden' if hidden else o.state.value}" for o in found.values()]
    spoken += [f"{node.role.value} {_spoken(node)}" for node in (core, edge)]
    drawn = [_node(core, 5, len(deployment.core)), _node(edge, _EDGE_X, len(deployment.edge))]
    step = 260 // max(len(between), 1)
    drawn += [
        _arrow(o, looks[o.connection], 85 + step // 3 + place * step)
        for place, o in enumerate(between)
    ]
    for role, rows in hanging.items():
        drawn.append(_rail(role, rows))
        drawn += [
            _hung(deployment, role, o, looks[o.connection], place) for place, o in enumerate(rows)
        ]
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
    return f"{_issuer(certificate)} · {eku_words(certificate.ekus)}"


def _issuer(certificate: Certificate) -> str:
    return {True: "public", False: "internal", None: "unknown CA"}[certificate.public]


def _cut(text: str, most: int = 34) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _node(node: Expressway, x: int, peers: int) -> str:
    many = f" · {peers} peers" if peers > 1 else f" · {node.address}"
    mode = node.eku_checking.value if node.release.has_client_store else "no such mode"
    return (
        f'<rect x="{x}" y="5" width="{_NODE}" height="{_HIGH - 5}" rx="8" fill="none" '
        'stroke="currentColor" stroke-width="2"/>'
        f'<text x="{x + 12}" y="34" font-weight="700" font-size="20.5">'
        f"Expressway {safe(node.role.value)} · {safe(node.release.value)}</text>"
        f'<text x="{x + 12}" y="58" font-size="16">{safe(_cut(node.fqdn + many))}</text>'
        f'<text x="{x + 12}" y="86" font-size="19">EKU checking: '
        f'<tspan font-weight="700">{safe(mode)}</tspan></text>'
        + _slot(x + 12, 100, "Server store", node.server.certificate)
        + _slot(x + 12, 218, "Client store", node.client.certificate)
    )


def _slot(x: int, y: int, title: str, certificate: Certificate | None) -> str:
    """Return a store: its name, its issuer on the right, its EKUs as badges, its serial."""
    wide = _NODE - 24
    issuer = "empty" if certificate is None else _issuer(certificate)
    badges, at = [], x + 9
    for text, there in _ekus(certificate):
        drawn, width = _pill(at, y + 40, text, dashed=not there)
        badges.append(drawn)
        at += width + 8
    serial = f"serial {certificate.serial_hex}" if certificate else ""
    _drawn, width = _pill(0, 0, issuer, dashed=False)
    return (
        f'<rect x="{x}" y="{y}" width="{wide}" height="108" rx="6" fill="none" '
        'stroke="currentColor" stroke-width="1.4"/>'
        f'<text x="{x + 9}" y="{y + 26}" font-weight="700" font-size="18">{title}</text>'
        + _pill(x + wide - width - 9, y + 7, issuer, dashed=certificate is None)[0]
        + "".join(badges)
        + f'<text x="{x + 9}" y="{y + 96}" font-size="15">{safe(_cut(serial))}</text>'
    )


def _ekus(certificate: Certificate | None) -> list[tuple[str, bool]]:
    """Return the badges of a certificate and whether each names something that is there."""
    if certificate is None:
        return []
    ekus = certificate.ekus
    if ekus is None or set(ekus) - {SERVER_AUTH, CLIENT_AUTH}:
        return [(eku_words(ekus), True)]
    pairs = (("serverAuth", SERVER_AUTH), ("clientAuth", CLIENT_AUTH))
    return [(name if oid in ekus else f"no {name}", oid in ekus) for name, oid in pairs]


def _pill(x: int, y: int, text: str, *, dashed: bool) -> tuple[str, int]:
    """Return a badge and its width; a dashed one names what is missing."""
    shown = _cut(text, 30)
    width = int(len(shown) * (8.6 if dashed else 9.8)) + 20
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    weight = "400" if dashed else "700"
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="28" rx="14" fill="none" '
        f'stroke="currentColor" stroke-width="1.6"{dash}/>'
        f'<text x="{x + width // 2}" y="{y + 20}" text-anchor="middle" font-size="16" '
        f'font-weight="{weight}">{safe(shown)}</text>'
    ), width


def _line(look: Look, start: int, end: int, y: int) -> str:
    """Return an arrow from `start` to `end` on one height; the dashes say the state, too."""
    tip = 14 if end > start else -14
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return (
        f'<path d="M{start} {y}H{end - tip}" stroke="{look.ink}" stroke-width="4"{dash}/>'
        f'<path d="M{end - tip} {y - 8}L{end} {y}L{end - tip} {y + 8}z" fill="{look.ink}"/>'
    )


def _arrow(outcome: Outcome, look: Look, y: int) -> str:
    middle = _WIDTH // 2
    return (
        _line(look, _NODE + 12, _EDGE_X - 6, y)
        + f'<text x="{middle}" y="{y - 38}" text-anchor="middle" font-size="19">'
        f"{safe(outcome.title)}</text>"
        f'<text x="{middle}" y="{y - 13}" text-anchor="middle" font-weight="700" font-size="23">'
        f"{look.words}</text>"
    )


def _rail(role: Role, rows: Sequence[Outcome]) -> str:
    if not rows:
        return ""
    bottom = _TOP + len(rows) * _ROW - 18
    return f'<path d="M{_RAIL[role]} {_HIGH}V{bottom}" stroke="currentColor" stroke-width="2"/>'


def _hung(deployment: Deployment, role: Role, outcome: Outcome, look: Look, place: int) -> str:
    """Return a far end's box and the arrow between it and the rail under its node."""
    row, rail = ROWS[outcome.connection], _RAIL[role]
    y = _TOP + (place + 1) * _ROW - 18
    # The far ends of Core stand right of its rail, those of Edge left of it.
    box = rail + _REACH if role is Role.CORE else rail - _REACH - _BOX
    near, far = (rail + 2, box - 4) if role is Role.CORE else (rail - 2, box + _BOX + 4)
    words = min(near, far) + 8
    start, end = (near, far) if row.initiator is role else (far, near)
    title, below = _far_words(deployment, row)
    return (
        _line(look, start, end, y)
        + f'<text x="{words}" y="{y - 26}">{safe(outcome.title)}, {row.port}</text>'
        f'<text x="{words}" y="{y - 9}" font-weight="700" font-size="16">'
        f"{look.words}</text>"
        f'<rect x="{box}" y="{y - 36}" width="{_BOX}" height="50" rx="6" fill="none" '
        'stroke="currentColor" stroke-width="1.5"/>'
        f'<text x="{box + 8}" y="{y - 15}" font-weight="700">{safe(_cut(title, 24))}</text>'
        f'<text x="{box + 8}" y="{y + 5}" font-size="12.5">{safe(below)}</text>'
    )


def _far_words(deployment: Deployment, row: Connection) -> tuple[str, str]:
    kind = next((end for end in (row.initiator, row.responder) if isinstance(end, FarEndKind)), "")
    far_end = next((found for found in deployment.far_ends if found.kind == kind), None)
    if far_end is None:
        return "another peer", "of the same cluster"
    if row.responder == kind and row.eku_rule is EkuRule.NOBODY:
        return far_end.title, "asks for no certificate here"
    return far_end.title, _far_badge(far_end, answers=row.responder == kind)


def _far_badge(far_end: FarEnd, *, answers: bool) -> str:
    if answers:
        return f"checks clientAuth: {far_end.checks_client_eku.value}"
    presented = far_end.presents(as_client=True)
    return "no certificate" if presented is None else eku_words(presented.ekus)
