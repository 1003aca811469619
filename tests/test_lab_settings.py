"""Settings of JupyterLab that the kit brings: keys in a control are the control's."""

import json
import sys
from pathlib import Path

from conftest import ROOT

SETTINGS = ROOT / "ekukit" / "jupyter" / "default_setting_overrides.json"
SCHEMA = "share/jupyter/lab/schemas/@jupyterlab/notebook-extension/tracker.json"
ANYWHERE = ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
OUTSIDE = f"{ANYWHERE}:not(.jupyter-widgets):not(.jupyter-widgets *)"
# What goes with Ctrl or Alt is typed in no control.
_MODIFIED = ("Accel", "Alt")


def test_every_key_of_the_notebook_is_left_to_controls() -> None:
    """Each one of the installed JupyterLab counts outside of widgets alone."""
    schema = json.loads((Path(sys.prefix) / SCHEMA).read_text("utf-8"))
    keys = [
        (row["command"], *row["keys"])
        for row in schema["jupyter.lab.shortcuts"]
        if row["selector"] == ANYWHERE and row["keys"]
        if row["keys"][0] and not row["keys"][0].startswith(_MODIFIED)
    ]
    told = json.loads(SETTINGS.read_text("utf-8"))["@jupyterlab/shortcuts-extension:shortcuts"]
    off = [(r["command"], *r["keys"]) for r in told["shortcuts"] if r.get("disabled")]
    on = [(r["command"], *r["keys"]) for r in told["shortcuts"] if r["selector"] == OUTSIDE]
    assert len(keys) > 20
    assert sorted(keys) == sorted(off) == sorted(on)
