"""A node in the picture: its mode, and its two certificate stores with what they hold."""

from collections.abc import Mapping

from ekukit.certificates import Certificate, eku_words
from ekukit.certificates.eku import CLIENT_AUTH, SERVER_AUTH
from ekukit.expressway import Expressway, Role, Store
from ekukit.views.html import safe

WIDE, HEAD, SLOT, GAP = 232, 64, 68, 6
HIGH = HEAD + 2 * (SLOT + GAP) + 4
# What joins the nodes leads from Core's client store to Edge's server store: these face each other.
ORDER = {Role.CORE: (Store.CLIENT, Store.SERVER), Role.EDGE: (Store.SERVER, Store.CLIENT)}
# So many letters fit into a slot, however wide the font.
_ROOMY = 29
REFUSED = "#d0342a"


def slot_key(role: Role, kind: Store) -> str:
    """Return the name of a slot in the picture."""
    return f"{role.value.lower()}.{kind.value}"


def slot_top(role: Role, kind: Store) -> int:
    """Return where a slot begins, from the top of its node."""
    return HEAD + ORDER[role].index(kind) * (SLOT + GAP)


def node_svg(node: Expressway, x: int, peers: int, refused: Mapping[str, str]) -> str:
    """Return a node at `x`; `refused` says by slot why its certificate is refused."""
    many = f" · {peers} peers" if peers > 1 else f" · {node.address}"
    mode = node.eku_checking.value if node.release.has_client_store else "no such mode"
    slots = "".join(
        slot_svg(x, node, kind, refused.get(slot_key(node.role, kind), "")) for kind in Store
    )
    return (
        f'<rect x="{x}" y="4" width="{WIDE}" height="{HIGH - 4}" rx="7" fill="none" '
        'stroke="currentColor" stroke-width="1.6"/>'
        f'<text x="{x + 9}" y="22" font-weight="700" font-size="14.5">'
        f"Expressway {safe(node.role.value)} · {safe(node.release.value)}</text>"
        f'<text x="{x + 9}" y="39" font-size="11.5">{safe(cut(node.fqdn + many, 36))}</text>'
        f'<text x="{x + 9}" y="57" font-size="13.5">EKU checking: '
        f'<tspan font-weight="700">{safe(mode)}</tspan></text>{slots}'
    )


def slot_svg(left: int, node: Expressway, kind: Store, refused: str = "") -> str:
    """Return a store: its name, its issuer on the right, its EKUs as badges, what is refused.

    `left` is where its node begins.
    """
    x, y, wide, certificate = left + 8, slot_top(node.role, kind), WIDE - 16, held(node, kind)
    issuer = "empty" if certificate is None else _issuer(certificate)
    badges, at = [], x + 7
    for text, there in _ekus(certificate):
        drawn, width = _pill(at, y + 24, text, dashed=not there)
        badges.append(drawn)
        at += width + 5
    _drawn, width = _pill(0, 0, issuer, dashed=False)
    ink, thick = (REFUSED, 3) if refused else ("currentColor", 1.2)
    below = f"serial {certificate.serial_hex}" if certificate else _absent(node, kind)
    weight = ' font-weight="700"' if refused else ""
    below = f"✗ {refused}" if refused else below
    return (
        f'<rect x="{x}" y="{y}" width="{wide}" height="{SLOT}" rx="5" fill="none" '
        f'stroke="{ink}" stroke-width="{thick}"/>'
        f'<text x="{x + 7}" y="{y + 17}" font-weight="700" font-size="13">'
        f"{kind.value.capitalize()} store</text>"
        + _pill(x + wide - width - 6, y + 3, issuer, dashed=certificate is None)[0]
        + "".join(badges)
        + f'<text x="{x + 7}" y="{y + 60}" font-size="11"{weight}{_squeezed(below, wide - 14)}>'
        f"{safe(cut(below, 46))}</text>"
    )


def _squeezed(text: str, wide: int) -> str:
    """Return what makes a long text as narrow as its slot."""
    return f' textLength="{wide}" lengthAdjust="spacingAndGlyphs"' if len(text) > _ROOMY else ""


def held(node: Expressway, kind: Store) -> Certificate | None:
    """Return the certificate in a store of its own; releases before X15.5 have no client store."""
    if kind is Store.SERVER:
        return node.server.certificate
    return node.client.certificate if node.release.has_client_store else None


def _absent(node: Expressway, kind: Store) -> str:
    missing = kind is Store.CLIENT and not node.release.has_client_store
    return f"{node.release.value} has one store for both" if missing else "no certificate"


def store_words(certificate: Certificate | None) -> str:
    """Return issuer and EKUs of what a store holds, in a few words."""
    if certificate is None:
        return "empty"
    return f"{_issuer(certificate)} · {eku_words(certificate.ekus)}"


def _issuer(certificate: Certificate) -> str:
    return {True: "public", False: "internal", None: "unknown CA"}[certificate.public]


def cut(text: str, most: int) -> str:
    """Return text of at most so many letters."""
    return text if len(text) <= most else text[: most - 1] + "…"


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
    shown = cut(text, 30)
    width = int(len(shown) * (6.0 if dashed else 6.7)) + 15
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    weight = "400" if dashed else "700"
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="20" rx="10" fill="none" '
        f'stroke="currentColor" stroke-width="1.2"{dash}/>'
        f'<text x="{x + width // 2}" y="{y + 14}" text-anchor="middle" font-size="11.5" '
        f'font-weight="{weight}">{safe(shown)}</text>'
    ), width
