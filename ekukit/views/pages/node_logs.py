"""What both nodes' logs would show of a connection, from handshakes made now."""

from collections.abc import Sequence

from ekukit.connections import connection
from ekukit.connections.catalog import ROWS
from ekukit.expressway import Deployment, Role
from ekukit.samples.written_log import excerpt
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
GRAMMAR = (
    "Documented grammar: records of tvcs and traffic_server, SIP messages. Ours: records of the "
    "process ekukit, OpenSSL's words for a refusal. Times and the client's port are the lab's."
)
_NONE = "Of this connection no published line is known, so none is made up."


def logs_html(deployment: Deployment, name: str) -> str:
    """Return an excerpt of the log of each node that is an end of the connection."""
    row = connection(name)
    ends = [role for role in Role if role in {row.initiator, row.responder}]
    return "".join(node_log_html(deployment, name, role) for role in ends)


def node_log_html(deployment: Deployment, name: str, role: Role) -> str:
    """Return what one node's log shows of a connection, and how far its lines are documented."""
    lines = excerpt(deployment, name, role)
    title = f"Log of {role.value}: {ROWS[name].title}"
    notes = [GRAMMAR, *([_NONE] if len(lines) == 1 else [])]
    return log_html(lines, title, *notes)


def log_html(lines: Sequence[str], title: str, *notes: str) -> str:
    """Return log lines as a numbered, captioned list; the caption says where they come from."""
    said = "".join(f"<p>{safe(note)}</p>" for note in (MADE_HERE, *notes))
    items = "".join(f'<li style="{_LINE}">{safe(line)}</li>' for line in lines)
    body = f'<ol style="{_LIST}">{items}</ol>' if lines else "<p>no lines to show</p>"
    return (
        f'<figure class="eku-log" style="margin:0.3em 0 0.9em"><figcaption>'
        f'<p class="eku-strong">{safe(title)}</p>{said}</figcaption>{body}</figure>'
    )
