"""The handshake ladder: the messages that crossed, as accessible SVG text."""

from collections.abc import Sequence
from dataclasses import dataclass

from ekukit.connections import Side
from ekukit.lab.messages import Message
from ekukit.views.html import safe

_WIDTH, _LEFT, _RIGHT, _TOP, _STEP = 900, 150, 750, 74, 40
_MOST = 40
_LONGEST = 74


@dataclass(frozen=True, slots=True)
class Rails:
    """The two ends of a ladder, by name and address."""

    client: str
    server: str


def ladder_svg(messages: Sequence[Message], rails: Rails, title: str) -> str:
    """Return the ladder as an SVG string; its label reads the whole exchange aloud."""
    shown = messages[:_MOST]
    height = _TOP + _STEP * (len(shown) + 1)
    spoken = "; ".join(
        f"{'client' if m.side is Side.CLIENT else 'server'}: {m.name} {m.detail}".strip()
        for m in shown
    )
    steps = "".join(_step(place, message) for place, message in enumerate(shown))
    left_out = len(messages) - len(shown)
    more = f'<text x="450" y="{height - 8}">and {left_out} more</text>' if left_out > 0 else ""
    return (
        f'<svg class="eku-ladder" role="img" viewBox="0 0 {_WIDTH} {height}" width="100%" '
        f'style="max-width:{_WIDTH}px" aria-label="{safe(title)}. {safe(spoken)}" '
        'font-family="system-ui, sans-serif" font-size="15" text-anchor="middle" '
        'fill="currentColor" stroke="none">'
        f'<text x="450" y="20" font-weight="700" font-size="17">{safe(title)}</text>'
        f'<text x="{_LEFT}" y="50" font-weight="700">{safe(rails.client)}</text>'
        f'<text x="{_RIGHT}" y="50" font-weight="700">{safe(rails.server)}</text>'
        f'<path d="M{_LEFT} 58V{height}M{_RIGHT} 58V{height}" stroke="currentColor" '
        'stroke-width="2"/>'
        f"{steps}{more}</svg>"
    )


def _step(place: int, message: Message) -> str:
    y = _TOP + _STEP * (place + 1) - 12
    start, end = (_LEFT, _RIGHT) if message.side is Side.CLIENT else (_RIGHT, _LEFT)
    tip = 10 if end < start else -10
    alert = message.name == "Alert" and "close" not in message.detail
    weight = "700" if alert else "400"
    mark = "✗ " if alert else ""
    text = f"{place + 1}. {mark}{message.name}"
    if message.detail:
        text += f": {message.detail}"
    lines = [text] if len(text) <= _LONGEST else _broken(text)
    words = "".join(
        f'<text x="450" y="{y - 6 - 17 * above}" font-weight="{weight}">{safe(line)}</text>'
        for above, line in enumerate(reversed(lines))
    )
    return (
        f'<path d="M{start} {y}H{end}m{tip} -5l{-tip} 5l{tip} 5" fill="none" '
        f'stroke="currentColor" stroke-width="{3 if alert else 1.5}"/>'
        f"{words}"
    )


def _broken(text: str) -> list[str]:
    """Return a long text in two lines, so that a serial stays whole; the rest is cut."""
    head, _, tail = text.rpartition("; ")
    parts = [head, tail] if head else [text]
    return [part if len(part) <= _LONGEST else part[: _LONGEST - 1] + "…" for part in parts]
