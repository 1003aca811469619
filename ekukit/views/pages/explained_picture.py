"""The picture with its causes beside it; what is clicked in it is explained in their place.

Works without a kernel: each place of the picture is a `<details>` of one group, so that opening
one closes the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ekukit.causes import CauseCard, numbers_of
from ekukit.connections import Outcome, State
from ekukit.connections.reasons import not_reached
from ekukit.expressway import Deployment, Role, Store
from ekukit.views.figures.deployment_picture import WIDTH, Spot, drawing
from ekukit.views.figures.refusals import refusal
from ekukit.views.figures.store_slots import held, slot_key
from ekukit.views.html import card, paragraphs, safe
from ekukit.views.pages.cause_cards import cards_html
from ekukit.views.tables.outcome_tables import EVIDENCE_ROWS, certificate_words, evidence_rows

EXPLAIN = "Click an arrow, a store or a service to see who presented what; again for the causes."


# --u is one unit of the picture; heights follow from it, so that nothing moves after a toggle.
SCENE_STYLE = f"""<style>
.eku .eku-box {{ container-type: inline-size; }}
.eku .eku-scene {{ --u: min(58cqw / {WIDTH}, 1.5px); position: relative; font-size: 14px;
  height: max(calc(var(--h) * var(--u) + 26px), 400px); overflow: hidden; }}
.eku .eku-scene > svg {{ display: block; width: calc({WIDTH} * var(--u)) !important;
  height: calc(var(--h) * var(--u)); max-width: none !important; }}
.eku .eku-scene > .eku-hint {{ width: calc({WIDTH} * var(--u)); margin: 2px 0 0; font-size: 13px; }}
.eku .eku-causes, .eku .eku-told {{ position: absolute; left: calc({WIDTH} * var(--u) + 10px);
  right: 0; top: 0; bottom: 0; overflow: auto; box-sizing: border-box; }}
.eku .eku-told {{ background: var(--jp-layout-color1, #fff); border: 2px solid #2b6cb0;
  border-radius: 4px; padding: 0 8px; z-index: 1; }}
.eku details.eku-pick {{ margin: 0; }}
.eku .eku-pick > summary {{ position: absolute; list-style: none; border-radius: 5px;
  box-sizing: border-box; }}
.eku .eku-pick > summary::-webkit-details-marker {{ display: none; }}
.eku .eku-pick > summary:hover {{ background: rgba(43, 108, 176, 0.14); }}
.eku .eku-pick[open] > summary {{ outline: 2px solid #2b6cb0; }}
.eku .eku-pick > summary:focus-visible {{ outline: 3px solid #b3540a; }}
.eku .eku-unseen {{ position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
  overflow: hidden; white-space: nowrap; }}
.eku .eku-told table.eku-t {{ font-size: 13.5px; }}
.eku .eku-told table.eku-card tbody th {{ width: 7em; white-space: normal; }}
.eku-workshop .eku .eku-scene {{ --u: calc(100cqw / {WIDTH}); height: auto; overflow: visible;
  font-size: inherit; }}
.eku-workshop .eku .eku-causes {{ position: static; margin-top: 0.2em; }}
.eku-workshop .eku .eku-causes dl {{ display: block; }}
.eku-workshop .eku .eku-causes dl :is(dt, dd) {{ display: inline; }}
.eku-workshop .eku .eku-causes dl dd {{ margin: 0 0.9em 0 0.35em; }}
.eku-workshop .eku .eku-told {{ left: 0; top: calc(var(--h) * var(--u)); bottom: auto;
  min-height: 100%; }}
.eku-workshop .eku .eku-scene > .eku-hint {{ display: none; }}
@container (max-width: 720px) {{
  .eku .eku-scene {{ --u: calc(100cqw / {WIDTH}); height: auto; }}
  .eku .eku-causes {{ position: static; margin-top: 6px; }}
  .eku .eku-told {{ left: 0; top: calc(var(--h) * var(--u) + 30px); }}
}}
@media print {{ .eku .eku-pick {{ display: none; }}
  .eku .eku-scene {{ --u: calc(100cqw / {WIDTH}); height: auto; }}
  .eku .eku-causes {{ position: static; }} }}
</style>"""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown: a deployment, its outcomes, their causes, and the states before the change.

    `chosen` is the key of what is explained at first, "" for the causes; `group` a name that no
    other picture of the page has. `aside` is a sentence instead of the causes.
    """

    deployment: Deployment
    outcomes: tuple[Outcome, ...]
    cards: Sequence[CauseCard]
    before: Mapping[str, State]
    chosen: str = ""
    group: str = "eku-pick"
    aside: str = ""


def explained_picture(scene: Scene) -> str:
    """Return picture and causes side by side as a fragment for `views.html.page`."""
    drawn = drawing(scene.deployment, scene.outcomes, before=scene.before)
    picks = "".join(_pick(scene, spot) for spot in drawn.spots)
    causes = paragraphs([scene.aside]) if scene.aside else cards_html(scene.cards, most=1)
    return (
        f'{SCENE_STYLE}<div class="eku-box"><div class="eku-scene" style="--h:{drawn.height}">'
        f'{drawn.svg}<p class="eku-hint">{safe(EXPLAIN)}</p>'
        f'<div class="eku-causes" tabindex="0" role="region" aria-label="Causes">{causes}</div>'
        f"{picks}</div></div>"
    )


def keys(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """Return name and key of everything that can be explained, connections first, then stores."""
    titles = {found.connection: found.title for found in outcomes}
    stores = [
        (f"{role.value} {kind.value} store", slot_key(role, kind))
        for role in Role
        for kind in Store
    ]
    return [(title, name) for name, title in titles.items()] + stores


def _pick(scene: Scene, spot: Spot) -> str:
    """Return a place of the picture that opens its explanation."""
    sizes = {"left": spot.x, "top": spot.y, "width": spot.width, "height": spot.height}
    where = ";".join(f"{name}:calc({size:g}*var(--u))" for name, size in sizes.items())
    shown = " open" if spot.key == scene.chosen else ""
    return (
        f'<details class="eku-pick" name="{safe(scene.group)}"{shown}>'
        f'<summary style="{where}" title="{safe(spot.name)}">'
        f'<span class="eku-unseen">{safe(spot.name)}</span></summary>'
        f'<div class="eku-told" tabindex="0" role="region" aria-label="{safe(spot.name)}">'
        f"{explanation(scene, spot.key)}</div></details>"
    )


def explanation(scene: Scene, key: str) -> str:
    """Return who presented what, what a store is used for, or what a service needs."""
    found = [outcome for outcome in scene.outcomes if outcome.connection == key]
    if not found:
        return _store(scene, key)
    # Pairs of a cluster that came to the same are told once.
    told = {(o.state, o.code): o for o in found}
    cards = []
    for outcome in told.values():
        numbers = numbers_of(scene.cards, outcome)
        by = ", ".join(f"cause {number}" for number in numbers)
        rows = list(zip(EVIDENCE_ROWS, evidence_rows(outcome), strict=True))
        rows = [(name, value) for name, value in rows if value not in {"", ("nothing",)}]
        if not outcome.initiator:
            rows = [row for row in rows if row[0] in {"State", "Why", "Source"}]
        many = sum((o.state, o.code) == (outcome.state, outcome.code) for o in found)
        title = outcome.title + (f", {many} of {len(found)} pairs" if len(found) > 1 else "")
        cards.append(card([*rows, *([("Cause", by)] if by else [])], title))
    return "".join(cards)


def _store(scene: Scene, key: str) -> str:
    role, kind = next((r, k) for r in Role for k in Store if slot_key(r, k) == key)
    peers = scene.deployment.core if role is Role.CORE else scene.deployment.edge
    words = certificate_words(held(peers[0], kind), names=True)
    rows: list[tuple[str, object]] = list(
        zip(("EKUs", "Issuer", "Valid", "Serial and names"), words, strict=True)
    )
    used = [_use(outcome, role, kind) for outcome in scene.outcomes]
    rows.append(("Presented or answers", tuple(line for line in used if line) or "to nobody here"))
    title = f"{role.value} {kind.value} store"
    many = f"The first of {len(peers)} peers is shown." if len(peers) > 1 else ""
    return card(rows, title) + paragraphs([many] if many else [])


def _use(outcome: Outcome, role: Role, kind: Store) -> str:
    for side, shown in (("client", outcome.presented_by_client),
                        ("server", outcome.presented_by_server)):  # fmt: skip
        if shown and shown.node == role.value and shown.store == kind.value:
            refused, why = refusal(outcome)
            ended = not_reached(outcome) or outcome.state.value
            ended = f"refused: {why}" if refused == side else ended
            return f"{outcome.title}, {outcome.responder}: {ended}"
    return ""
