"""A style for widgets that takes no room on the page."""

import ipywidgets as w

_NO_ROOM = "<style>.eku-style { display: none !important; }</style>"


def style_sheet(*styles: str) -> w.HTML:
    """Return a widget that brings `<style>` elements and is not seen."""
    made = w.HTML("".join((*styles, _NO_ROOM)))
    made.add_class("eku-style")
    return made
