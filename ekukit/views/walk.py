"""The walk through one connection: its packets, steps, log, capture file and call chain."""

from ekukit.connections import CATALOG, handshakes
from ekukit.connections import connection as catalog_row
from ekukit.errors import InputError
from ekukit.expressway import Deployment, Role
from ekukit.expressway.scenarios import SCENARIOS, scenario_row
from ekukit.frames import frame_of
from ekukit.lab import capture
from ekukit.nearest import member, nearest
from ekukit.views.download import download_link
from ekukit.views.figures.call_chain import CHAINS, chain_svg, chain_table
from ekukit.views.html import fold, page, paragraphs, table
from ekukit.views.pages.deployment_states import ladder_html
from ekukit.views.pages.node_logs import node_log_html
from ekukit.views.picture import Picture, Shown, deployment_of
from ekukit.views.tables.steps import first_row, packet_table, steps_table


def subject(shown: Shown, connection: str = "") -> tuple[Deployment, str]:
    """Return the deployment, and the connection's id or, of a scenario, its own connection.

    Raises InputError for an id that the catalog does not have, or for none where one is needed.
    """
    deployment = deployment_of(shown)
    if not connection and isinstance(shown, str) and shown.upper() in SCENARIOS:
        connection = scenario_row(shown).connection
    known = [row.id for row in CATALOG]
    if connection in known:
        return deployment, connection
    found = f"connection {connection!r} is unknown" if connection else "no connection is named"
    msg = f"{found}; name one of {', '.join(known)}"
    raise InputError(msg + nearest(connection, known))


def ladder(shown: Shown, connection: str = "") -> Picture:
    """Show the messages of a handshake made now; a scenario knows its connection."""
    return Picture(page(ladder_html(*subject(shown, connection))))


def given(name: str) -> Picture:
    """Show what the source shows of a scenario, and what this kit sets."""
    row = scenario_row(name)
    rows = [(g.what, g.here, g.status.value, ", ".join(g.facts)) for g in row.given]
    columns = ["What", "Here", "How sure", "Source"]
    frame = frame_of(rows, columns)
    return Picture(page(table(frame, row.title)))


def steps(name: str, shown: Shown | None = None) -> Picture:
    """Show the source's packets beside those of a capture made now, and whether they match.

    `name` is a scenario, or the id of its connection; `shown` another deployment to walk through.
    """
    row = scenario_row(name) if name.upper() in SCENARIOS else None
    deployment = deployment_of(shown) if shown is not None else None
    frame = steps_table(deployment, row.connection if row else name)
    return Picture(page(table(frame, "The steps of the published capture, and of ours")))


def packets(shown: Shown, connection: str = "") -> Picture:
    """Show the handshake of a capture made now, as the kit's own reader finds it."""
    found = first_row(*subject(shown, connection))
    end = "complete" if found["complete"] else "ended without success"
    caption = f"Read from the capture: {found['version']}, {end}"
    notes = [f"Note of the reader: {found['note']}."] if found["note"] else []
    return Picture(page(table(packet_table(found), caption), paragraphs(notes)))


def capture_link(shown: Shown, connection: str = "") -> Picture:
    """Offer the handshake as a capture file that Wireshark opens, made now."""
    deployment, name = subject(shown, connection)
    count = len(handshakes(deployment, catalog_row(name)))
    held = "one handshake" if count == 1 else f"{count} handshakes"
    said = (
        f"{held} of {catalog_row(name).title}, made now, TLS secrets embedded. "
        "Open it in Wireshark and use the display filter tls.handshake."
    )
    link = download_link(capture(deployment, (name,)), f"ekukit-{name}.pcapng", said)
    return Picture(page(link))


def log(shown: Shown, role: Role | str | None = None, connection: str = "") -> Picture:
    """Show what a node's log says of one connection, made now; a scenario knows node and row."""
    deployment, name = subject(shown, connection)
    if role is None:
        known = isinstance(shown, str) and shown.upper() in SCENARIOS
        role = scenario_row(str(shown)).role if known else Role.CORE
    role = member(Role, role, "role")
    return Picture(page(node_log_html(deployment, name, role)))


def call_chain(name: str) -> Picture:
    """Show the hops of a call in a scenario: port, TLS client and certificates of each.

    Raises InputError for a scenario of which no chain is known.
    """
    if name.upper() not in CHAINS:
        msg = f"no call chain of {name!r} is known; use one of {', '.join(CHAINS)}"
        raise InputError(msg + nearest(name, CHAINS))
    chain = CHAINS[name.upper()]
    hops = table(chain_table(chain), f"{chain.title}: every hop")
    return Picture(page(chain_svg(chain), fold("The same as a table", hops)))
