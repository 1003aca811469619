"""A choice of few: all options in one line, one click or an arrow key away.

A list box, because the radio buttons of ipywidgets do not move with the arrow keys.
"""

from collections.abc import Iterable

import ipywidgets as w

# Brought along by whoever shows a choice.
CHOICE_STYLE = """<style>
.eku-choice { height: auto !important; }
.eku-choice select { height: 1.75em !important; width: auto !important; flex: none !important;
  padding: 0 !important; overflow: hidden; white-space: nowrap; box-sizing: border-box;
  border: 1px solid #6b7380 !important; border-radius: 3px; min-height: 0 !important;
  color: var(--jp-ui-font-color1, #111); background: var(--jp-layout-color1, #fff); }
.eku-choice select:focus-visible { outline: 3px solid #b3540a !important; outline-offset: 2px; }
.eku-choice option { display: inline-block; padding: 0.15em 0.7em 0.25em;
  border-right: 1px solid #6b7380; }
.eku-choice option:last-child { border-right: 0; }
.eku-choice option:checked { color: #fff; font-weight: 700;
  background: #22384f linear-gradient(#22384f, #22384f); }
@media (max-width: 900px) {
  .eku-choice { flex-wrap: wrap !important; max-width: 100%; }
  .eku-choice select { height: auto !important; max-width: calc(100vw - 40px) !important;
    white-space: normal; flex: 0 1 auto !important; }
}
</style>"""


def choice(label: str, options: Iterable[object], value: object) -> w.Select:
    """Return a labeled choice; each option is a text, or a text with its value."""
    listed = list(options)
    made = w.Select(
        description=label, options=listed, value=value, tooltip=label, rows=max(len(listed), 2),
        style={"description_width": "initial"},
        layout=w.Layout(width="auto", margin="2px 16px 2px 2px"),
    )  # fmt: skip
    made.add_class("eku-choice")
    return made
