"""A workshop's scene in the words of an address: condition, what differs from it, what is shown.

"C2,edge=off,show=why,about=ssh-tunnel,predict,hidden" is condition 2 with Edge's mode Off. The
words are `edge` and `core` (a checking mode, "on" or "off"), `core-server`, `core-client`,
`edge-server` and `edge-client` (issuer and EKUs, "internal/both"), `blocked` ("2222", "7001" or
"dns"), `show` and `about` (a view, a connection), `predict` and `hidden`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ekukit.certificates import EkuProfile
from ekukit.errors import InputError
from ekukit.expressway import Choices, Mode, Slot, condition
from ekukit.expressway.conditions import CONDITIONS
from ekukit.expressway.network import Network
from ekukit.views.tables.change import ISSUER_WORDS, NETWORKS, STORES

Shown = Mapping[str, str]


def _network_word(network: Network) -> str:
    ports = map(str, sorted(network.dropped))
    return "/".join((*ports, *(() if network.resolves else ("dns",)))) or "nothing"


def _slot_word(slot: Slot) -> str:
    return f"{slot.issuer}/{slot.eku.value}"


_MODE = {mode.value.lower(): mode for mode in Mode}
_SLOT = {_slot_word(slot): slot for slot in (Slot(i, e) for i in ISSUER_WORDS for e in EkuProfile)}
_NETWORK = {_network_word(network): network for network in NETWORKS}
# By word: the field of `Choices`, how its value is told, and what each told value is.
_FIELDS: dict[str, tuple[str, Callable[..., str], Mapping[str, object]]] = {
    "edge": ("edge_checking", lambda mode: str(mode.value.lower()), _MODE),
    "core": ("core_checking", lambda mode: str(mode.value.lower()), _MODE),
    **{store.replace("_", "-"): (store, _slot_word, _SLOT) for store in STORES},
    "blocked": ("network", _network_word, _NETWORK),
}
_FLAGS = ("predict", "hidden")


@dataclass(frozen=True, slots=True)
class SceneLink:
    """What an address says: the choices, and by word what is shown ("" for a flag that is set)."""

    choices: Choices
    shown: Shown


def link_text(choices: Choices, shown: Shown) -> str:
    """Return the words of a scene; it is told from the condition from which it differs least.

    Told are the modes and stores of both nodes and the network, not far ends and peers.
    """
    told = min((_told(name, choices) for name in CONDITIONS), key=lambda found: found[0])[1]
    words = [f"{word}={value}" if value else word for word, value in shown.items()]
    return ",".join((*told, *words))


def scene_link(text: str, known: Mapping[str, frozenset[str]]) -> SceneLink:
    """Return the scene that words name; `known` has the values of "show" and "about".

    Raises InputError for a word that is not known; the message does not repeat it.
    """
    name, *words = text.split(",")
    if name not in CONDITIONS:
        msg = f"a scene begins with one of {', '.join(CONDITIONS)}"
        raise InputError(msg)
    changes: dict[str, object] = {}
    shown: dict[str, str] = {}
    for word, _equals, value in (one.partition("=") for one in words):
        if word in _FIELDS and value in _FIELDS[word][2]:
            changes[_FIELDS[word][0]] = _FIELDS[word][2][value]
        elif (word in _FLAGS and not value) or value in known.get(word, ()):
            shown[word] = value
        else:
            msg = f"words of a scene are {', '.join((*_FIELDS, *known, *_FLAGS))}"
            raise InputError(msg)
    return SceneLink(replace(condition(name), **changes), shown)  # type: ignore[arg-type]


def _told(name: str, choices: Choices) -> tuple[tuple[bool, int], list[str]]:
    """Return a condition with what differs from it; first whether that leaves something out."""
    base, told = condition(name), [name]
    for word, (field, words, _values) in _FIELDS.items():
        value = getattr(choices, field)
        if value != getattr(base, field):
            told.append(f"{word}={words(value)}")
            base = replace(base, **{field: value})
    return (base != choices, len(told)), told
