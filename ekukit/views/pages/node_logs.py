"""What both nodes' logs would show of a connection, from handshakes made now."""

from ekukit.connections import connection
from ekukit.connections.catalog import ROWS
from ekukit.expressway import Deployment, Role
from ekukit.samples.written_log import excerpt
from ekukit.views.tables.log_excerpt import log_html

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
