"""The picture of a deployment: nodes with labeled stores, arrows that carry their state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ekukit.connections import Connection, Outcome, State
from ekukit.connections.catalog import ROWS, place_title
from ekukit.connections.reasons import not_reached
from ekukit.connections.services import SERVICES
from ekukit.expressway import Deployment, Expressway, Role, Store
from ekukit.views.figures.far_rows import PITCH, far_row
from ekukit.views.figures.looks import HIDDEN, LOOKS, Look, arrow, look_of
from ekukit.views.figures.refusals import check_words, refused_slots
from ekukit.views.figures.store_slots import (
    HIGH,
    SLOT,
    WIDE,
    held,
    node_svg,
    slot_key,
    slot_top,
    store_words,
)
from ekukit.views.html import safe

WIDTH = 680
_EDGE_X = WIDTH - WIDE - 3
NODE_X = {Role.CORE: 3, Role.EDGE: _EDGE_X}
_FAR_TOP = HIGH + 12
_SERVICE = 34
_IDS = frozenset(service.id for service in SERVICES)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the picture that stands for something: its key, what it is, and its rectangle."""

    key: str
    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG, its height at a width of WIDTH, and the places in it."""

    svg: str
    height: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is drawn: the first outcome of each connection and service, by its id."""

    deployment: Deployment
    found: dict[str, Outcome]
    hidden: bool
    before: Mapping[str, State]

    def look(self, outcome: Outcome) -> Look:
        return HIDDEN if self.hidden else look_of(outcome)

    def words(self, outcome: Outcome) -> str:
        """Return the state, after a change the one before it, too."""
        then, now = self.before.get(outcome.connection), self.look(outcome).words
        if self.hidden or then is None or then is outcome.state:
            return now
        return f"{LOOKS[then].words} → {now}"

    def spoken(self, outcome: Outcome) -> str:
        """Return connection and state, and why nothing crossed where that is so."""
        why = "" if self.hidden else not_reached(outcome)
        return f"{outcome.title}: {self.words(outcome)}" + (f", {why}" if why else "")

    def hanging(self, role: Role) -> list[Outcome]:
        return [o for name, o in self.found.items() if name in ROWS and _hangs(ROWS[name], role)]


def topology_svg(
    deployment: Deployment, outcomes: Iterable[Outcome], *, hidden: bool = False
) -> str:
    """Return nodes, stores, far ends and connections as an SVG string with a full label.

    See `drawing`.
    """
    return drawing(deployment, outcomes, hidden=hidden).svg


def drawing(
    deployment: Deployment,
    outcomes: Iterable[Outcome],
    *,
    hidden: bool = False,
    before: Mapping[str, State] | None = None,
) -> Drawing:
    """Return the picture of a deployment with the places in it.

    Draws the first peer of each cluster and says how many there are; of several outcomes of one
    connection it draws the first. Only far ends with an outcome appear. An arrow starts at the
    store that is presented and ends at the store that answers. `before` are states by connection
    before the last change; where one differs both are told. With `hidden` no state, no refusal and
    no check is in it, for people who predict first.
    """
    told = tuple(outcomes)
    found: dict[str, Outcome] = {}
    for outcome in told:
        if outcome.connection in ROWS or outcome.connection in _IDS:
            found.setdefault(outcome.connection, outcome)
    scene = _Scene(deployment, found, hidden, before or {})
    refused = {} if hidden else refused_slots(told)
    nodes = {Role.CORE: deployment.core, Role.EDGE: deployment.edge}
    drawn = [node_svg(peers[0], NODE_X[role], len(peers), refused)
             for role, peers in nodes.items()]  # fmt: skip
    spots = [_slot_spot(peers[0], kind) for peers in nodes.values() for kind in Store]
    far, height = _far_ends(scene)
    for part in (_between(scene), far, _services(scene, height)):
        drawn += [svg for svg, _spot in part]
        spots += [spot for _svg, spot in part]
    height += _SERVICE if any(name in _IDS for name in found) else 0
    return Drawing(_framed(scene, "".join(drawn), height), height, tuple(spots))


def _framed(scene: _Scene, drawn: str, height: int) -> str:
    spoken = [_told(scene, outcome) for outcome in scene.found.values()]
    for node in (scene.deployment.core[0], scene.deployment.edge[0]):
        stores = [f"{kind.value} store: {store_words(held(node, kind))}" for kind in Store]
        spoken.append(f"{node.role.value} {'; '.join(stores)}")
    return (
        f'<svg class="eku-topology" role="img" viewBox="0 0 {WIDTH} {height}" width="100%" '
        f'style="max-width:960px" aria-label="{safe(". ".join(spoken))}" fill="currentColor" '
        f'font-family="system-ui, sans-serif" font-size="12" stroke="none">{drawn}</svg>'
    )


def _told(scene: _Scene, outcome: Outcome) -> str:
    if scene.hidden:
        return f"{outcome.title}: hidden"
    why = not_reached(outcome)
    return f"{outcome.title}: {outcome.state.value}" + (f", {why}" if why else "")


def _ends(row: Connection) -> set[object]:
    return {row.initiator, row.responder}


def _hangs(row: Connection, role: Role) -> bool:
    """Return whether a connection leads from this node to something below it in the picture."""
    return _ends(row) == {role} or (role in _ends(row) and _ends(row) != set(Role))


def _slot_spot(node: Expressway, kind: Store) -> Spot:
    name = f"{node.role.value} {kind.value} store"
    x, y = NODE_X[node.role] + 8, slot_top(node.role, kind)
    return Spot(slot_key(node.role, kind), name, x, y, WIDE - 16, SLOT)


def _between(scene: _Scene) -> list[tuple[str, Spot]]:
    rows = [o for n, o in scene.found.items() if n in ROWS and _ends(ROWS[n]) == set(Role)]
    step = (HIGH - 8) / max(len(rows), 1)
    return [_joining(scene, o, int(4 + place * step + (step - 56) / 2))
            for place, o in enumerate(rows)]  # fmt: skip


def _joining(scene: _Scene, outcome: Outcome, top: int) -> tuple[str, Spot]:
    """Return an arrow from one node's store to the other's, with its words around it."""
    row, left, right = ROWS[outcome.connection], NODE_X[Role.CORE] + WIDE, _EDGE_X
    shown, lane = outcome.presented_by_client, top + 38
    kind = Store.SERVER if shown and shown.store == Store.SERVER.value else Store.CLIENT
    start = slot_top(Role.CORE, kind) + SLOT // 2
    end = slot_top(Role.EDGE, Store.SERVER) + SLOT // 2
    middle, look = WIDTH // 2, scene.look(outcome)
    checked = f"{place_title(row.responder)} {check_words(scene.deployment, outcome)}"
    check = "" if scene.hidden else not_reached(outcome) or checked
    said = f"{outcome.title}, {row.port}"
    svg = (
        arrow(look, [(left - 8, start), (left + 8, lane), (right - 8, lane), (right + 8, end)])
        + f'<text x="{middle}" y="{top + 12}" text-anchor="middle">{safe(said)}</text>'
        f'<text x="{middle}" y="{top + 29}" text-anchor="middle" font-weight="700" '
        f'font-size="13.5">{scene.words(outcome)}</text>'
        f'<text x="{middle}" y="{top + 53}" text-anchor="middle" font-size="11">'
        f"{safe(check)}</text>"
    )
    return svg, Spot(
        outcome.connection, scene.spoken(outcome), left + 9, top, right - left - 18, 57
    )


def _far_ends(scene: _Scene) -> tuple[list[tuple[str, Spot]], int]:
    """Return the rows of far ends below both nodes, and how far down they reach."""
    drawn, most = [], 0
    for role in Role:
        rows: Sequence[Outcome] = scene.hanging(role)
        most = max(most, len(rows))
        for place, outcome in enumerate(rows):
            y = _FAR_TOP + place * PITCH
            words = scene.words(outcome)
            check = "" if scene.hidden else check_words(scene.deployment, outcome)
            svg, (x, wide) = far_row(role, outcome, y, (scene.look(outcome), words, check))
            drawn.append(
                (svg, Spot(outcome.connection, scene.spoken(outcome), x, y, wide, PITCH - 2))
            )
    return drawn, _FAR_TOP + most * PITCH if most else HIGH + 6


def _services(scene: _Scene, top: int) -> list[tuple[str, Spot]]:
    rows: Sequence[Outcome] = [o for name, o in scene.found.items() if name in _IDS]
    wide, drawn = WIDTH // max(len(rows), 1), []
    for place, outcome in enumerate(rows):
        x, look, words = 3 + place * wide, scene.look(outcome), scene.words(outcome)
        svg = (
            f'<rect x="{x}" y="{top + 2}" width="{wide - 8}" height="28" rx="14" fill="none" '
            f'stroke="{look.ink}" stroke-width="1.6"/>'
            f'<text x="{x + wide // 2 - 4}" y="{top + 21}" text-anchor="middle" font-size="13">'
            f"{safe(outcome.title)} "
            f'<tspan font-weight="700">{words}</tspan></text>'
        )
        spot = Spot(outcome.connection, f"{outcome.title}: {words}", x, top + 2, wide - 8, 28)
        drawn.append((svg, spot))
    return drawn
