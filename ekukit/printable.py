"""Text from outside made harmless to look at: nothing in it steers a screen or hides letters.

The one door to a terminal: whatever a command prints, errors and prompts included, passes
`visible` or, as JSON, `escaped`.
"""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Letters and marks by category that show nothing or cover others.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")


def is_hidden(char: str) -> bool:
    """Return whether a character steers a screen, cannot be seen, or hides others."""
    return (
        unicodedata.category(char) in _HIDDEN
        or char in _BLANK
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def visible(text: str, keep: str = "") -> str:
    """Return text in which characters that steer a screen or cannot be seen are spelled out.

    Characters in `keep` stay, such as tabs and line breaks. Markup is not escaped.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"[U+{ord(char):04X}]" if char not in keep and is_hidden(char) else char for char in text
    )


def escaped(json_text: str) -> str:
    """Return JSON text in which characters that `visible` spells out are escaped as JSON does.

    Letters of other scripts stay. The text is as valid as before: such characters stand in strings
    alone, since line breaks and blanks between values are kept.
    """
    if json_text.isascii():
        return json_text.replace("\x7f", "\\u007f")
    return "".join(
        _json_escape(char) if char != "\n" and is_hidden(char) else char for char in json_text
    )


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
