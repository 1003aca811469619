"""The picture of a deployment: nodes with labeled stores, arrows that carry their state."""

from collections.abc import Iterable

from ekukit.certificates import Certificate, eku_words
from ekukit.connections import Outcome, State
from ekukit.expressway import Deployment, Expressway
from ekukit.views.html import SYMBOLS, safe

_WIDTH, _HEIGHT = 900, 250
_LINE = {State.ACTIVE: "", State.FAILED: "7 6", State.UNKNOWN: "2 5"}
_INK = {State.ACTIVE: "#17803a", State.FAILED: "#c0281f", State.UNKNOWN: "#8a6a00"}


def topology_svg(deployment: Deployment, outcomes: Iterable[Outcome]) -> str:
    """Return Core, Edge, their four stores, zone and tunnel as an SVG string with a full label.

    Draws the first peer of each cluster and says how many there are.
    """
    core, edge = deployment.core[0], deployment.edge[0]
    found = {outcome.connection: outcome for outcome in outcomes}
    arrows = [
        (found[name], y) for name, y in (("uc-zone", 105), ("ssh-tunnel", 185)) if name in found
    ]
    spoken = ". ".join(
        [f"{outcome.title} from Core to Edge: {outcome.state.value}" for outcome, _y in arrows]
        + [f"{node.role.value} {_spoken(node)}" for node in (core, edge)]
    )
    return (
        f'<svg class="eku-topology" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="100%" '
        f'style="max-width:{_WIDTH}px" aria-label="{safe(spoken)}" fill="currentColor" '
        'font-family="system-ui, sans-serif" font-size="14" stroke="none">'
        + _node(core, 5, len(deployment.core))
        + _node(edge, 625, len(deployment.edge))
        + "".join(_arrow(outcome, y) for outcome, y in arrows)
        + "</svg>"
    )


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
    return (
        f'<rect x="{x}" y="5" width="270" height="235" rx="8" fill="none" '
        'stroke="currentColor" stroke-width="2"/>'
        f'<text x="{x + 12}" y="30" font-weight="700" font-size="19">'
        f"Expressway {safe(node.role.value)}{many}</text>"
        f'<text x="{x + 12}" y="51">{safe(node.fqdn)} · {safe(node.address)}</text>'
        f'<text x="{x + 12}" y="72">EKU checking: '
        f'<tspan font-weight="700">{safe(node.eku_checking.value)}</tspan></text>'
        + _slot(x + 12, 84, "Server store", node.server.certificate)
        + _slot(x + 12, 162, "Client store", node.client.certificate)
    )


def _slot(x: int, y: int, title: str, certificate: Certificate | None) -> str:
    serial = f"serial {certificate.serial_hex}" if certificate else ""
    return (
        f'<rect x="{x}" y="{y}" width="246" height="70" rx="5" fill="none" '
        'stroke="currentColor" stroke-width="1.2"/>'
        f'<text x="{x + 9}" y="{y + 19}" font-weight="700">{title}</text>'
        f'<text x="{x + 9}" y="{y + 39}">{safe(_badge(certificate))}</text>'
        f'<text x="{x + 9}" y="{y + 58}" font-size="12.5">{safe(serial)}</text>'
    )


def _arrow(outcome: Outcome, y: int) -> str:
    ink = _INK[outcome.state]
    dash = f' stroke-dasharray="{_LINE[outcome.state]}"' if _LINE[outcome.state] else ""
    return (
        f'<path d="M280 {y}H612" stroke="{ink}" stroke-width="4"{dash}/>'
        f'<path d="M606 {y - 8}L620 {y}L606 {y + 8}z" fill="{ink}"/>'
        f'<text x="448" y="{y - 30}" text-anchor="middle" font-size="15">'
        f"{safe(outcome.title)}</text>"
        f'<text x="448" y="{y - 10}" text-anchor="middle" font-weight="700" font-size="18">'
        f"{SYMBOLS[outcome.state]} {outcome.state.value}</text>"
    )
