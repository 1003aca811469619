"""Lines of a log as a captioned block with line numbers, every character escaped."""

from collections.abc import Sequence

from ekukit.views.html import safe

MADE_HERE = (
    "Made by this kit from the handshake just run, in the grammar of Expressway's logs; "
    "no line was written by an Expressway."
)
_LIST = (
    "margin:0;padding:0.4em 0.6em 0.4em 3.2em;border:1px solid #8a8f98;"
    "font-family:ui-monospace,'DejaVu Sans Mono',Consolas,monospace;font-size:13.5px"
)
_LINE = "white-space:pre-wrap;overflow-wrap:anywhere;padding-left:0.3em"


def log_html(lines: Sequence[str], title: str, *notes: str) -> str:
    """Return log lines as a numbered, captioned list; the caption says where they come from."""
    said = "".join(f"<p>{safe(note)}</p>" for note in (MADE_HERE, *notes))
    items = "".join(f'<li style="{_LINE}">{safe(line)}</li>' for line in lines)
    body = f'<ol style="{_LIST}">{items}</ol>' if lines else "<p>no lines to show</p>"
    return (
        f'<figure class="eku-log" style="margin:0.3em 0 0.9em"><figcaption>'
        f'<p class="eku-strong">{safe(title)}</p>{said}</figcaption>{body}</figure>'
    )
