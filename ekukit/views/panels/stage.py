"""What is shown on a projector: large type, visible focus, one screen, outcomes hidden on wish."""

from collections.abc import Callable

import ipywidgets as w

from ekukit.views.panels.choice import CHOICE_STYLE
from ekukit.views.panels.style_sheet import style_sheet
from ekukit.views.static_copy import OnPaper

# --eku-size is set larger by the page of `ekukit present` than it is inside JupyterLab.
STAGE = """<style>
.eku-workshop { --jp-widgets-font-size: var(--eku-size, 16px); --jp-widgets-inline-height: 1.75em;
  font-size: var(--eku-size, 16px); color: var(--jp-ui-font-color1, #111); overflow: visible; }
.eku-workshop .eku { font-size: var(--eku-size, 16px); }
.eku-workshop .eku table.eku-t, .eku-workshop .eku table.eku-t th,
.eku-workshop .eku table.eku-t td { font-size: var(--eku-size, 16px); }
.eku-workshop .eku .eku-wide table.eku-t :is(th, td) { padding: 0.25em 0.3em;
  font-size: calc(0.8 * var(--eku-size, 16px)); }
.eku-workshop .eku table.eku-t caption, .eku-workshop .eku h4 { font-size: 1.05em; }
.eku-workshop .eku p.eku-summary { font-size: 1em; margin: 0; padding: 0.15em 0.3em; }
.eku-workshop .eku p.eku-summary .eku-item { margin: 0.1em 0.55em 0.1em 0; }
.eku-workshop .eku p.eku-summary .eku-state { padding: 0 0.2em; }
.eku-workshop .eku p.eku-headline { font-size: 1.2em; font-weight: 700; margin: 0;
  line-height: 1.25; }
.eku-workshop > .widget-html .eku p.eku-headline { font-size: 1.3em; }
.eku-workshop .eku .eku-cause { padding: 0.1em 0.5em; line-height: 1.25; margin: 0; }
.eku-workshop .eku .eku-cause p.eku-what { margin: 0; }
.eku-workshop .eku-controls .eku-choice { flex-wrap: wrap; }
.eku-workshop .eku-controls .eku-choice .widget-label { margin: 0; }
.eku-workshop > .widget-hbox > .widget-vbox > .widget-html { margin: 0 2px; }
.eku-workshop .eku p.eku-strong { margin: 0.15em 0 0; }
.eku-workshop .eku .eku-hidden { color: #30363f; background: #e6e9ee; border-color: #30363f;
  border-style: dotted; }
.eku-workshop .eku-note { display: none; }
.eku-workshop .widget-dropdown { max-width: none !important; min-width: 0; }
.eku-workshop .eku-controls .widget-hbox > .widget-vbox { max-width: none !important;
  flex: 1 1 14em !important; min-width: 0; }
body[data-jp-theme-light="false"] .eku-workshop { color-scheme: dark; }
.eku-workshop .widget-label, .eku-workshop label, .eku-workshop select, .eku-workshop button,
.eku-workshop .widget-label-basic { font-size: var(--eku-size, 16px); line-height: 1.5;
  color: var(--jp-ui-font-color1, #111); }
.eku-workshop select, .eku-workshop button { min-height: 1.75em; height: auto;
  border: 1px solid #6b7380; background-color: var(--jp-layout-color1, #fff); }
.eku-workshop button { padding: 0 0.8em; font-weight: 600; overflow: visible; }
.eku-workshop button.mod-primary { background: #22384f; color: #fff; }
.eku-workshop .eku-bar .widget-label { font-weight: 700; }
.eku-workshop input[type=checkbox] { width: 1em;
  height: 1em; font-size: inherit; flex: none; order: -1; margin: 0 0.3em 0 0; }
.eku-workshop .widget-checkbox { height: auto; margin-right: 0.8em; overflow: visible; }
.eku-workshop .widget-vbox, .eku-workshop .widget-hbox { overflow: visible; }
.eku-workshop.eku-workshop :focus-visible:focus-visible { outline-offset: 2px !important;
  outline: 3px solid var(--eku-ring, #b3540a) !important; }
.eku-workshop svg.eku-topology { max-width: none !important; }
.eku-workshop .eku p.eku-said { font-weight: 700; margin: 0.1em 0; }
.eku-workshop .eku p.eku-count { margin: 0 0.6em; }
.eku-workshop .eku table.eku-card tbody th { width: 6.5em; }
.eku-workshop .eku table.eku-card th, .eku-workshop .eku table.eku-card td {
  padding: 0.12em 0.5em; }
.eku-beside .eku-controls > .widget-html { order: 9; }
.eku-beside .eku-controls .widget-dropdown, .eku-beside .eku-controls .widget-text {
  width: 100%; height: auto; flex-wrap: wrap; }
.eku-beside .eku-controls .widget-label { width: auto; white-space: normal; height: auto; }
.eku-beside .eku-controls select, .eku-beside .eku-controls input { flex: 1 1 7.5em; min-width: 0; }
.eku-workshop .eku-body .eku > svg { width: 100%; }
.eku-workshop svg.eku-ladder { max-width: none !important; }
</style>"""


def button(label: str, pressed: Callable[[], None], style: str = "") -> w.Button:
    """Return a button as wide as its label that calls `pressed`."""
    made = w.Button(description=label, button_style=style, layout=w.Layout(width="auto"))
    made.on_click(lambda _button: pressed())
    return made


def bar(*controls: w.Widget) -> w.HBox:
    """Return controls in a line that wraps where the screen ends."""
    made = w.HBox(list(controls), layout=w.Layout(flex_flow="row wrap", align_items="center"))
    made.add_class("eku-bar")
    return made


class Stage(OnPaper, w.VBox):  # type: ignore[misc]
    """A screen for an audience; while `hidden` its outcomes are not sent to the browser.

    With `predict` ticked they are hidden until `reveal` is pressed. `parts` are its texts by name,
    each with the class "eku-NAME". A stage of a kind fills them in `_draw`.
    """

    def __init__(self, *parts: str) -> None:
        """Hide nothing and show nothing yet: `_frame` does."""
        self.hidden = False
        self.predict = w.Checkbox(
            description="Predict first", indent=False, layout=w.Layout(width="auto")
        )
        self.reveal = button("Hide", self._turn, style="primary")
        self.parts = {name: w.HTML() for name in parts}
        for name, part in self.parts.items():
            part.add_class(f"eku-{name}")
        self.predict.observe(lambda change: self._hide(hidden=change["new"]), names="value")
        super().__init__([])
        self.add_class("eku-workshop")

    def _frame(self, *children: w.Widget) -> None:
        self._draw()
        self.children = (style_sheet(STAGE, CHOICE_STYLE), *children)

    def _turn(self) -> None:
        self._hide(hidden=not self.hidden)

    def _hide(self, *, hidden: bool) -> None:
        self.hidden = hidden
        self._draw()

    def _draw(self) -> None:
        """Say on the button what it does now; a stage of a kind draws the rest after that."""
        self.reveal.description = "Reveal" if self.hidden else "Hide"
