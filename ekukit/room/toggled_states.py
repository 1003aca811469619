"""Every state that modes, issuers and EKUs of a pair can be toggled to, by real handshakes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from ekukit.certificates import EkuProfile
from ekukit.connections import CATALOG, Engine, Outcome
from ekukit.connections.predict import connection_outcomes
from ekukit.connections.services import SERVICES, essential, service_outcomes
from ekukit.expressway import (
    Choices,
    Deployment,
    Expressway,
    Mode,
    Role,
    Slot,
    Store,
    build,
    condition,
)
from ekukit.lab import perform
from ekukit.views.figures.deployment_picture import NODE_X
from ekukit.views.figures.store_slots import held, slot_key, slot_svg, store_words
from ekukit.views.html import STYLE, safe
from ekukit.views.pages.cause_cards import known_cards
from ekukit.views.pages.deployment_states import summary_html
from ekukit.views.pages.explained_picture import SCENE_STYLE, Scene, explained_picture, explanation
from ekukit.views.tables.change import ISSUER_WORDS

SLOTS = tuple(Slot(issuer, eku) for issuer in ISSUER_WORDS for eku in EkuProfile)
# Which store of which node a field of `Choices` fills.
_PLACES = {f"{role.value}_{kind.value}".lower(): (role, kind) for role in Role for kind in Store}
# Nothing shown hangs on these two, so that their pieces are put in where the page is looked at.
_ASIDE = ("core_server", "edge_client")
# The label of the picture tells the stores of Core, then those of Edge, and ends.
_SPOKEN = {
    Store.SERVER: "{role} server store: {words};",
    Store.CLIENT: '; client store: {words}" fill=',
}
_NEEDED = {name for service in SERVICES for name in service.needs}
_ROWS = tuple(row for row in CATALOG if row.id in _NEEDED)
_PLAIN = Slot("public", EkuProfile.BOTH)
_BASE = replace(condition("C2"), copied=False, core_server=_PLAIN, edge_client=_PLAIN)


@dataclass(frozen=True, slots=True)
class ToggledStates:
    """Pieces of a page by what decides, and how many handshakes they rest on.

    `states` holds states in one line and the picture, by `state_key`; in the picture "{{STORE.N}}"
    stands for piece N of a store that decides nothing here. `pieces` are those by store and slot.
    """

    states: Mapping[str, tuple[str, str]]
    pieces: Mapping[str, Mapping[str, tuple[str, ...]]]
    handshakes: int


def slot_word(slot: Slot) -> str:
    """Return a slot as the page's controls say it."""
    return f"{slot.issuer}/{slot.eku.value}"


def state_key(choices: Choices) -> str:
    """Return what the states of a deployment and their reasons hang on, in one word.

    A serverAuth-only client certificate counts as a copy of an equal server certificate (S7).
    """
    client, server = choices.core_client, choices.edge_server
    modes = (choices.edge_checking, choices.core_checking)
    copy = client.eku is EkuProfile.SERVER and client == choices.core_server
    words = (slot_word(client), slot_word(server), *(mode.value for mode in modes))
    return "|".join((*words, "copy" if copy else ""))


def toggled_states(told: Callable[[int, int], None] = lambda _done, _all: None) -> ToggledStates:
    """Return the states of all slots and modes; `told` hears how many of how many are there.

    Zone, tunnels and what services need besides are shaken by OpenSSL and AsyncSSH once for each
    client certificate of Core, server certificate of Edge and mode of Edge. Not in it: far ends,
    releases, clusters and the network.
    """
    states: dict[str, tuple[str, str]] = {}
    made = 0
    deciding = list(product(SLOTS, SLOTS, Mode))
    for place, (client, server, mode) in enumerate(deciding, 1):
        asked = replace(_BASE, core_client=client, edge_server=server, edge_checking=mode)
        copies = [client] if client.eku is EkuProfile.SERVER else []
        for own in (_PLAIN, *copies):
            choices = replace(asked, core_server=own)
            outcomes = _shaken(build(choices))
            made += sum(bool(outcome.initiator) for outcome in outcomes)
            for core in Mode:
                shown = replace(choices, core_checking=core)
                states[state_key(shown)] = _drawn(build(shown), essential(outcomes))
        told(place, len(deciding))
    pieces = {name: dict(_pieces(name)) for name in _ASIDE}
    return ToggledStates(states, pieces, made)


def _shaken(deployment: Deployment) -> tuple[Outcome, ...]:
    found = connection_outcomes(deployment, perform, Engine.LAB, _ROWS)
    return (*found, *service_outcomes(found))


def _drawn(deployment: Deployment, outcomes: tuple[Outcome, ...]) -> tuple[str, str]:
    scene = _scene(deployment, outcomes)
    picture = explained_picture(scene).replace(SCENE_STYLE, "")
    for name in _ASIDE:
        for number, piece in enumerate(_of_store(scene, name)):
            if picture.count(piece) != 1:
                msg = f"{name}: piece {number} stands {picture.count(piece)} times in the picture"
                raise RuntimeError(msg)
            picture = picture.replace(piece, f"{{{{{name}.{number}}}}}")
    return summary_html(outcomes).replace(STYLE, ""), picture


def _scene(deployment: Deployment, outcomes: tuple[Outcome, ...]) -> Scene:
    return Scene(deployment, outcomes, known_cards(deployment, outcomes), {})


def _of_store(scene: Scene, name: str) -> tuple[str, str, str]:
    """Return what of a picture shows a store: its box, its words for screen readers, its table."""
    role, kind = _PLACES[name]
    node = _node(scene.deployment, role)
    spoken = _SPOKEN[kind].format(role=role.value, words=safe(store_words(held(node, kind))))
    return slot_svg(NODE_X[role], node, kind), spoken, explanation(scene, slot_key(role, kind))


def _node(deployment: Deployment, role: Role) -> Expressway:
    return (deployment.core if role is Role.CORE else deployment.edge)[0]


def _pieces(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for slot in SLOTS:
        deployment = build(replace(_BASE, **{name: slot}))  # type: ignore[arg-type]
        yield slot_word(slot), _of_store(_scene(deployment, ()), name)
