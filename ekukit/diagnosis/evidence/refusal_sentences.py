"""A refusal in words: who refused whose certificate, as far as a try tells."""

import re
from collections.abc import Mapping

from ekukit.certificates import eku_words
from ekukit.connections import Cause, Side
from ekukit.connections.catalog import ROWS
from ekukit.connections.reasons import CAUSES, LISTS, PAGES, REASONS
from ekukit.diagnosis.evidence.inventory import Held, Inventory
from ekukit.diagnosis.evidence.tries import Peer, Try
from ekukit.expressway import Role, Store
from ekukit.expressway.farkinds import FAR_ROWS
from ekukit.log.troubles import TROUBLES

NO_PORT = "that is not told"
# As the traffic server writes it; the certificate itself is at depth 0.
_ABOVE = re.compile(r"\bdepth=0*[1-9]")
_OF_CA = ": a CA above it is meant"


def node_words(role: Role | None, host: str) -> str:
    """Return a node's side and host in words: "Core core1", "Core" for a host of that name."""
    side = role.value if role else ""
    if host.lower() == side.lower() or not host:
        return side or "the node"
    return f"{side} {host}".strip()


def refused_certificate(found: Try, inventory: Inventory) -> Held | None:
    """Return the refused certificate where the archive has it."""
    if found.side is None or found.cause is Cause.NO_CERTIFICATE:
        return None
    client = found.side is Side.CLIENT
    serial = found.client_serial if client else found.server_serial
    if serial:
        return inventory.of_serial(serial)
    end, store = (found.client, Store.CLIENT) if client else (found.server, Store.SERVER)
    if end.host is None:
        return None
    return inventory.held.get((end.host, store)) or inventory.held.get((end.host, Store.SERVER))


def replacement(found: Try, inventory: Inventory) -> Held | None:
    """Return what the store holds now where a capture shows that another certificate was refused.

    None as well where the certificate in the store is not known, or is known from captures alone.
    """
    client = found.side is Side.CLIENT
    serial = found.client_serial if client else found.server_serial
    end, store = (found.client, Store.CLIENT) if client else (found.server, Store.SERVER)
    if found.side is None or not serial or end.host is None:
        return None
    held = inventory.held.get((end.host, store))
    known = held is not None and not held.shown and held.certificate.serial_hex != serial
    return held if known else None


def words_of(found: Try, held: Held | None, name: str = "") -> dict[str, str]:
    """Return the words that the table's sentences want, of who showed what to whom.

    `name` is the connection's id where it is known.
    """
    client = found.side is not Side.SERVER
    shows, judges = (found.client, found.server) if client else (found.server, found.client)
    own = shows.host is not None or shows.role is not None
    store = (Store.CLIENT if client else Store.SERVER) if own else None
    # The name is the one that was asked for, so it is the server's.
    ends, port = (end_words(found.client), end_words(found.server, found.name)), found.server.port
    who, judge = ends if client else ends[::-1]
    ours = judges.host is not None or judges.role is not None
    return {
        "who": who,
        "judge": judge,
        "store": store.value if store else "own",
        "page": PAGES[store].format(who=who),
        "list": _list(judge, name, ours=ours),
        "issuer": held.certificate.issuer_name if held else "the certificate",
        "purpose": "clientAuth" if client else "serverAuth",
        "client": ends[0],
        "server": ends[1],
        "near": ends[1 if found.inbound else 0],
        "far": ends[0 if found.inbound else 1],
        "port": NO_PORT if port is None or found.server.guess else str(port),
    }


def filled(template: str, words: Mapping[str, str]) -> str:
    """Return a sentence with its words; a port that nothing tells is left out of it."""
    said = template.format(**words)
    return said.replace(f", port {NO_PORT}", "").replace(f"port {NO_PORT}", "a port of its own")


def _list(judge: str, name: str, *, ours: bool) -> str:
    """Return where the judging end has the CAs that it trusts."""
    far = ROWS[name].far_end if name in ROWS else None
    stores = FAR_ROWS[far].trust_list if far is not None and not ours else ""
    return LISTS[ours].format(judge=judge) + (f" ({stores})" if stores else "")


def told_of(found: Try, cause: Cause, held: Held | None, expected: str = "") -> str:
    """Return what happened in a sentence without its full stop; `expected` is the name looked for.

    Without it the sentence says that a name was looked for.
    """
    words = words_of(found, held)
    store = "" if words["store"] == "own" else f"{words['store']} "
    which = f"{words['who']}'s {store}certificate"
    if held is not None:
        which += f" (serial {held.certificate.serial_hex})"
    ekus = f"; it has {eku_words(held.certificate.ekus)}" if held is not None else ""
    more = {"which": which, "ekus": ekus, "name": expected or "that it expects"}
    above = _OF_CA if _is_of_ca(found, cause) else ""
    return f"{filled(_template(found, cause), words | more)}{above}"


def todo_of(found: Try, held: Held | None) -> str:
    """Return what the words tell is to be done, "" where the finding's code says it.

    The words' own row says it, or a CA above the certificate is at fault.
    """
    todo = found.row.todo if found.row is not None else ""
    if not todo and _is_of_ca(found, found.cause):
        todo = REASONS[found.cause, found.side].todo_of_ca
    return filled(todo, words_of(found, held)) if todo else ""


def cause_todo(cause: Cause, side: Side | None, words: Mapping[str, str]) -> str:
    """Return what is to be done about a cause, "" where it has no row for that side."""
    reason = REASONS.get((cause, side)) if side is not None else None
    return reason.todo.format(**words, alternative="") if reason is not None else ""


def _is_of_ca(found: Try, cause: Cause) -> bool:
    """Return whether the words name a depth above the certificate, and it matters for the cure."""
    reason = REASONS.get((cause, found.side))
    of_ca = found.cause is cause and reason is not None and reason.todo_of_ca != ""
    return of_ca and _ABOVE.search(found.words) is not None


def _template(found: Try, cause: Cause) -> str:
    """Return the sentence: of the words' own row, of the cause, of the trouble."""
    if found.row is not None and found.row.said and found.row.cause is cause:
        return found.row.said
    if cause is Cause.OTHER and found.trouble is not None:
        return TROUBLES[found.trouble].said
    return CAUSES[cause].said


def end_words(end: Peer, name: str = "") -> str:
    """Return an end's side and host, or its name or address when it is no node of the case."""
    if end.host is not None:
        return node_words(end.role, end.host)
    known = name or end.address
    if end.role is not None:
        return node_words(end.role, known)
    return known or "the far end"
