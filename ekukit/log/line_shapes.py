"""What lines say that are alike but for what stands between their quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ekukit.log.grammar import free_text, is_quoted_well, parted, port_of

# A value's place on the line from 0, what all lines of the shape say, or nothing.
Said = int | str | None
TEXTS = ("module", "level", "event", "detail", "reason", "src_ip", "src_port", "dst_ip", "dst_port")
# Where one of these is empty, the grammar looks elsewhere.
NEVER_EMPTY = frozenset(("detail", "reason", "src_ip", "dst_ip"))
_MARK = "\0"
_OPENSSL = ("localAddress", "remoteAddress")


@dataclass(frozen=True, slots=True)
class LineShape:
    """What lines of one shape say: process and its number are the same for all."""

    process: str | None
    pid: int | None
    said: Mapping[str, Said]


def shape_of(outside: Sequence[str]) -> LineShape | None:
    """Return what lines say in which these texts stand outside of quotes.

    None where what stands between the quotes has its part in how the line is read.
    """
    first = outside[0].lstrip(" \t")
    texts = [first, *outside[1:]]
    if any(_MARK in text for text in texts) or not is_quoted_well(texts):
        return None
    line = first + "".join(f'"{_MARK}{at}"{text}' for at, text in enumerate(texts[1:]))
    process, pid, pairs, free = parted(line, named=True)
    ends = _ends(pairs)
    if ends is None:
        return None
    reasons = ("Reason", "ssl_error_reason", "ErrString")
    found = {
        "module": pairs.get("Module"),
        "level": pairs.get("Level"),
        "event": pairs.get("Event"),
        "detail": pairs.get("Detail") or free_text(free) or None,
        "reason": next((pairs[name] for name in reasons if name in pairs), None),
        **ends,
    }
    return LineShape(process, pid, {name: _said(text) for name, text in found.items()})


def _ends(pairs: Mapping[str, str]) -> dict[str, str | None] | None:
    """Return the ends by column; None where values must be looked into."""
    names = [side for side in ("Src", "Dst") if f"{side}-ip" in pairs]
    if not names:
        return None if any(name in pairs for name in _OPENSSL) else {}
    found = {}
    for side in ("Src", "Dst"):
        of = side if side in names else "Local"
        found[f"{side.lower()}_ip"] = pairs.get(f"{of}-ip")
        found[f"{side.lower()}_port"] = pairs.get(f"{of}-port")
    return found


def _said(text: str | None) -> Said:
    return int(text[1:]) if text is not None and text.startswith(_MARK) else text


def value_of(column: str, text: str) -> str | int | None:
    """Return what a column has for a text between quotes."""
    if column.endswith("_port"):
        return port_of(text)
    if column == "level":
        return text.strip() if text else None
    return text
