"""Call chains: who reaches whom over which port, who is TLS client, which store is presented."""

from dataclasses import dataclass

import pandas as pd

from ekukit.connections import connection
from ekukit.facts import Status
from ekukit.frames import frame_of
from ekukit.views.html import safe

COLUMNS = (
    "Hop",
    "Opened by",
    "Port",
    "The opener presents",
    "The other end presents",
    "Source",
)
_WIDTH, _BOX, _TALL, _STEP, _X = 960, 250, 46, 128, 8
_RAIL, _WORDS = _X + _BOX // 2, _X + _BOX + 24


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of a chain, from `near` on to `far`.

    `opens` names the end that opens the connection and so is TLS (or SSH) client; "" where no
    source says it. `status` tells how sure the row is.
    """

    near: str
    far: str
    opens: str
    port: str
    client_presents: str
    server_presents: str
    status: Status
    facts: tuple[str, ...]
    in_question: bool = False
    protocol: str = "TLS"


@dataclass(frozen=True, slots=True)
class Chain:
    """A call's hops in order, the far end of each being the near end of the next."""

    title: str
    hops: tuple[Hop, ...]


_UNKNOWN = "no source says"


def _port(name: str) -> str:
    return str(connection(name).port)


CHAINS: dict[str, Chain] = {
    "X1": Chain(
        "A video call from Jabber to a Webex meeting",
        (
            Hop("Jabber", "CUCM", "", "not named", _UNKNOWN, _UNKNOWN, Status.DOCUMENTED, ("X1",)),
            Hop(
                "CUCM",
                "Expressway Core",
                "CUCM",
                f"{_port('neighbor-in')} if the zone is secure",
                "CUCM's own certificate, if Core asks",
                "Core's server store",
                Status.INFERRED,
                ("N4", "S2"),
            ),
            Hop(
                "Expressway Core",
                "Expressway Edge",
                "Expressway Core",
                "one per traversal zone",
                "Core's client store, if Edge asks",
                "Edge's server store",
                Status.INFERRED,
                ("N3", "N3-mode", "S2"),
            ),
            Hop(
                "Expressway Edge",
                "Webex",
                "Expressway Edge",
                _port("webex"),
                "Edge's client store",
                "Webex's own certificate",
                Status.DOCUMENTED,
                ("X1", "S2"),
                in_question=True,
            ),
        ),
    ),
    "X3": Chain(
        "An MRA client asks for its configuration",
        (
            Hop(
                "MRA client",
                "Expressway Edge",
                "MRA client",
                _port("mra-client"),
                "nothing, nobody asks",
                "Edge's server store",
                Status.INFERRED,
                ("N12", "S2"),
            ),
            Hop(
                "Expressway Edge",
                "Expressway Core",
                "Expressway Core",
                _port("ssh-tunnel"),
                "Core's client store",
                "Edge's server store",
                Status.INFERRED,
                ("N2", "K1"),
                protocol="SSH",
            ),
            Hop(
                "Expressway Core",
                "CUCM",
                "Expressway Core",
                _port("cucm-tftp"),
                "Core's client store",
                "CUCM's own certificate",
                Status.DOCUMENTED,
                ("X3", "N6", "S2"),
                in_question=True,
            ),
        ),
    ),
}


def chain_table(chain: Chain) -> pd.DataFrame:
    """Return the hops in order; columns COLUMNS, dtype object."""
    rows = [
        (
            f"{place}. {hop.near} to {hop.far}" + (" (this lesson)" if hop.in_question else ""),
            f"{hop.opens} ({hop.protocol} client)" if hop.opens else "no source says",
            hop.port,
            hop.client_presents,
            hop.server_presents,
            f"{hop.status.value}: {', '.join(hop.facts)}",
        )
        for place, hop in enumerate(chain.hops, 1)
    ]
    return frame_of(rows, COLUMNS)


def chain_svg(chain: Chain) -> str:
    """Return the chain as an SVG string, downward, each arrow pointing away from its opener.

    The hop in question is marked by weight and in words. The label reads all hops aloud.
    """
    height = _STEP * len(chain.hops) + _TALL + 40
    ends = [chain.hops[0].near, *(hop.far for hop in chain.hops)]
    stressed = {name for hop in chain.hops if hop.in_question for name in (hop.near, hop.far)}
    drawn = [_box(place, name, strong=name in stressed) for place, name in enumerate(ends)]
    drawn += [_arrow(place, hop) for place, hop in enumerate(chain.hops)]
    spoken = "; ".join(_spoken(place, hop) for place, hop in enumerate(chain.hops, 1))
    return (
        f'<svg class="eku-chain" role="img" viewBox="0 0 {_WIDTH} {height}" width="100%" '
        f'style="max-width:{_WIDTH}px" aria-label="{safe(chain.title)}. {safe(spoken)}" '
        'font-family="system-ui, sans-serif" font-size="15" fill="currentColor" stroke="none">'
        f'<text x="{_X}" y="20" font-weight="700" font-size="17">{safe(chain.title)}</text>'
        f"{''.join(drawn)}</svg>"
    )


def _spoken(place: int, hop: Hop) -> str:
    opens = f"opened by {hop.opens} as {hop.protocol} client" if hop.opens else "opener not said"
    mark = ", the hop of this lesson" if hop.in_question else ""
    return (
        f"hop {place}, {hop.near} to {hop.far}{mark}: {opens}, port {hop.port}, "
        f"the opener presents {hop.client_presents}, the other end {hop.server_presents}"
    )


def _box(place: int, name: str, *, strong: bool) -> str:
    y = 36 + place * _STEP
    return (
        f'<rect x="{_X}" y="{y}" width="{_BOX}" height="{_TALL}" rx="7" fill="none" '
        f'stroke="currentColor" stroke-width="{4 if strong else 1.5}"/>'
        f'<text x="{_RAIL}" y="{y + 30}" text-anchor="middle" '
        f'font-weight="{700 if strong else 400}" font-size="18">{safe(name)}</text>'
    )


def _arrow(place: int, hop: Hop) -> str:
    top = 36 + place * _STEP + _TALL
    bottom = 36 + (place + 1) * _STEP
    thick, weight = (5, 700) if hop.in_question else (2, 400)
    upward = hop.opens == hop.far
    start, end = (bottom, top) if upward else (top, bottom)
    tip = 12 if end < start else -12
    head = (
        f'<path d="M{_RAIL - 9} {end + tip}L{_RAIL} {end}L{_RAIL + 9} {end + tip}z"/>'
        if hop.opens
        else ""
    )
    mark = " ◀ the hop of this lesson" if hop.in_question else ""
    first = f"{place + 1}. {hop.near} to {hop.far}, port: {hop.port}{mark}"
    middle = [
        f"Opened by {hop.opens}, the {hop.protocol} client",
        f"It presents: {hop.client_presents}. The other end: {hop.server_presents}",
    ]
    if not hop.opens:
        middle = ["No source says more of it, and no store of Expressway is read"]
    lines = (first, *middle, f"{hop.status.value}: {', '.join(hop.facts)}")
    words = "".join(
        f'<text x="{_WORDS}" y="{top + 13 + number * 21}" '
        f'font-weight="{weight if number < 3 else 400}">{safe(line)}</text>'  # noqa: PLR2004
        for number, line in enumerate(lines)
    )
    return (
        f'<path d="M{_RAIL} {start}V{end + tip if hop.opens else end}" stroke="currentColor" '
        f'stroke-width="{thick}"/>{head}{words}'
    )
