"""What one change does: two deployments side by side, what differs marked by sign and word."""

from collections.abc import Iterable

import pandas as pd

from ekukit.certificates import eku_words
from ekukit.connections import Outcome, State
from ekukit.connections.catalog import ROWS
from ekukit.connections.outcome import worst_states
from ekukit.expressway import Choices, Slot
from ekukit.expressway.network import OPEN, Network
from ekukit.frames import frame_of

ISSUER_WORDS = {"internal": "CA 1 (internal)", "public": "CA 2 (public)"}
STORES = {
    "core_server": "Core server certificate",
    "core_client": "Core client certificate",
    "edge_server": "Edge server certificate",
    "edge_client": "Edge client certificate",
}
# What can be set to lie between the systems; ports are those of the zone and the tunnel.
NETWORKS = (
    OPEN,
    Network(frozenset({ROWS["ssh-tunnel"].port})),
    Network(frozenset({ROWS["uc-zone"].port})),
    Network(resolves=False),
)
COLUMNS = ("What", "Before", "After", "Changed")
SAME, OTHER, MENDED, BROKEN = "= same", "► changed", "▲ now works", "▼ works no more"
PREDICT = "… predict"
_MODES = {"edge_checking": "Edge: EKU checking mode", "core_checking": "Core: EKU checking mode"}


def change_table(
    before: tuple[Choices, tuple[Outcome, ...]],
    after: tuple[Choices, tuple[Outcome, ...]],
    *,
    hidden: bool = False,
) -> pd.DataFrame:
    """Return the settings that differ and all states, before and after; columns COLUMNS.

    Every row says in a sign and a word whether it changed; dtype object. With `hidden` the states
    after the change are left out, and those before it where nothing was changed. Settings beyond
    modes, stores and network are not compared.
    """
    rows: list[tuple[object, ...]] = [
        (title, old, new, OTHER) for title, old, new in _settings(before[0], after[0]) if old != new
    ]
    if not rows:
        rows.append(("Settings", "as after", "as before", SAME))
    then = _states(before[1])
    for title, state in _states(after[1]).items():
        old = then.get(title, State.UNKNOWN)
        if hidden:
            shown = PREDICT if before[0] == after[0] else old
            rows.append((title, shown, PREDICT, "…"))
        else:
            rows.append((title, old, state, change_word(old, state)))
    return frame_of(rows, COLUMNS)


def _settings(before: Choices, after: Choices) -> list[tuple[str, object, object]]:
    found: list[tuple[str, object, object]] = [
        (title, getattr(before, name).value, getattr(after, name).value)
        for name, title in _MODES.items()
    ]
    found.append(("Network", network_words(before.network), network_words(after.network)))
    return found + [
        (title, slot_words(getattr(before, name)), slot_words(getattr(after, name)))
        for name, title in STORES.items()
    ]


def network_words(network: Network) -> str:
    """Return what keeps connections from coming about, in words."""
    ports = [str(port) for port in sorted(network.dropped)]
    said = f"port{'s' * (len(ports) > 1)} {' and '.join(ports)} blocked" if ports else ""
    names = "" if network.resolves else "host names do not resolve"
    return ", ".join(filter(None, (said, names))) or "nothing is blocked"


def slot_words(slot: Slot) -> tuple[str, str]:
    """Return who issues what fills a slot, and its EKUs, in words."""
    return (ISSUER_WORDS[slot.issuer], eku_words(slot.eku.ekus))


def _states(outcomes: tuple[Outcome, ...]) -> dict[str, State]:
    found: dict[str, State] = {}
    for outcome in outcomes:
        found.setdefault(outcome.title, outcome.state)
    return found


def change_word(old: State, new: State) -> str:
    """Return in a sign and a word what became of a state."""
    if old is new:
        return SAME
    if new is State.ACTIVE:
        return MENDED
    return BROKEN if old is State.ACTIVE else OTHER


def before_and_after(before: Iterable[Outcome], after: Iterable[Outcome]) -> pd.DataFrame:
    """Return states by connection before and after, what differs marked; columns COLUMNS."""
    then, now = worst_states(before), worst_states(after)
    rows = [
        (title, then.get(title, State.UNKNOWN), state,
         change_word(then.get(title, State.UNKNOWN), state))
        for title, state in now.items()
    ]  # fmt: skip
    return frame_of(rows, COLUMNS)
