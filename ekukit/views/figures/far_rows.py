"""A connection to a far end, as a row under its node: the store it uses, direction, far end."""

from ekukit.connections import Outcome
from ekukit.connections.catalog import ROWS, place_title
from ekukit.connections.reasons import not_reached
from ekukit.expressway import Role, Store
from ekukit.views.figures.looks import Look
from ekukit.views.figures.refusals import refusal
from ekukit.views.figures.store_slots import REFUSED, cut
from ekukit.views.html import safe

PITCH, _WIDE, _STORE = 31, 334, 56
_X = {Role.CORE: 3, Role.EDGE: 343}


def far_row(
    role: Role, outcome: Outcome, y: int, told: tuple[Look, str, str]
) -> tuple[str, tuple[int, int]]:
    """Return the row as SVG, and its left end and width; `told` are look, state words and check.

    Left stands the node's own store that the connection reads, then the arrow that says who
    calls, then the far end.
    """
    look, words, check = told
    row, x = ROWS[outcome.connection], _X[role]
    calls = row.initiator is role
    far = place_title(row.responder if calls else row.initiator)
    own = outcome.presented_by_client if calls else outcome.presented_by_server
    side, why = refusal(outcome) if check else ("", "")
    ours = side == ("client" if calls else "server")
    kind = own.store if own and own.store != "own" else _kind(calls=calls)
    told_why = why and f"{'refused' if ours else 'its certificate'}: {why}"
    below = _below(outcome, far, check, told_why)
    if "→" in words:
        words, below = look.words, f"{words} · {below}"
    ink, thick = (REFUSED, 2.4) if ours else ("currentColor", 1)
    high, box = PITCH - 4, x + _STORE + 26
    return (
        f'<rect x="{x}" y="{y + 1}" width="{_STORE}" height="{high}" rx="4" fill="none" '
        f'stroke="{ink}" stroke-width="{thick}"/>'
        f'<text x="{x + _STORE / 2}" y="{y + 18}" text-anchor="middle" font-size="11.5">'
        f"{'✗ ' if ours else ''}{kind}</text>"
        f"{_short_arrow(look, x + _STORE + 2, box - 2, y + 14, calls=calls)}"
        f'<rect x="{box}" y="{y + 1}" width="{_WIDE - _STORE - 26}" height="{high}" rx="4" '
        'fill="none" stroke="currentColor" stroke-width="1"/>'
        f'<text x="{box + 5}" y="{y + 12}" font-size="11">{safe(outcome.title)}</text>'
        f'<text x="{x + _WIDE - 5}" y="{y + 12}" font-size="11" font-weight="700" '
        f'text-anchor="end">{words}</text>'
        f'<text x="{box + 5}" y="{y + 24}" font-size="10">{safe(cut(below, 48))}</text>'
    ), (x, _WIDE)


def _below(outcome: Outcome, far: str, check: str, why: str) -> str:
    """Return the far end, its port, and why a certificate is refused, or who checks what."""
    row = ROWS[outcome.connection]
    place = f"{far.partition(' (')[0]}:{row.port}"
    if not check:
        return place
    if gone := not_reached(outcome):
        return f"{gone} · {place}"
    if why:
        return f"{place} · {why}"
    judge = place_title(row.responder)
    return f"{place} · {check}" if far == judge else f"{judge} {check} · {place}"


def _kind(*, calls: bool) -> str:
    return (Store.CLIENT if calls else Store.SERVER).value


def _short_arrow(look: Look, left: int, right: int, y: int, *, calls: bool) -> str:
    start, end = (left, right) if calls else (right, left)
    tip = 7 if end > start else -7
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return (
        f'<path d="M{start} {y}H{end - tip}" stroke="{look.ink}" stroke-width="2.4"{dash}/>'
        f'<path d="M{end - tip} {y - 5}L{end} {y}L{end - tip} {y + 5}z" fill="{look.ink}"/>'
    )
