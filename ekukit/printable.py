"""Text from outside made harmless to look at: nothing in it steers a screen or hides letters."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co"}


def visible(text: str, keep: str = "") -> str:
    """Return text in which control, format, surrogate and private characters are spelled out.

    Characters in `keep` stay, such as tabs and line breaks. Markup is not escaped.
    """
    return "".join(
        f"[U+{ord(char):04X}]"
        if char not in keep and unicodedata.category(char) in _HIDDEN
        else char
        for char in text
    )
