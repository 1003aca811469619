"""The scenes of the workshop: the published layouts, C2 by Edge's mode, with title and states."""

import pandas as pd

from ekukit.connections.services import essential
from ekukit.expressway import Choices, Mode, build, condition
from ekukit.expressway.conditions import CONDITION_TITLES
from ekukit.lab import run

SCENES: dict[str, Choices] = {
    "C1": condition("C1"),
    "C2 case 1": condition("C2"),
    "C2 case 2": condition("C2", edge_checking=Mode.OFF),
    "C2.1": condition("C2.1"),
    "C3": condition("C3"),
    "C4": condition("C4"),
}


def scene_title(name: str | None) -> str:
    """Return the headline of a scene, of a deployment that is none for None."""
    if name is None:
        return "A deployment of your own"
    mode = f", Edge's mode {SCENES[name].edge_checking.value}" if " case " in name else ""
    return f"{name}: {CONDITION_TITLES[name.split()[0]].split(' (')[0]}{mode}"


def scenes_table() -> pd.DataFrame:
    """Return one row per scene with its states; columns "Condition", then one per connection."""
    rows = []
    for name, choices in SCENES.items():
        states = {o.title: o.state for o in essential(run(build(choices)))}
        title = CONDITION_TITLES[name.split()[0]]
        rows.append(
            {"Condition": (name, title, f"Edge mode {choices.edge_checking.value}"), **states}
        )
    return pd.DataFrame(rows, dtype=object)
